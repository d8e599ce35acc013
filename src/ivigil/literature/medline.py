"""MEDLINE, as PubMed saves it (``.nbib``): tags of up to four letters, ``PMID`` first, lines that go on indented."""

from __future__ import annotations

import re

from ivigil.documents import Fault
from ivigil.literature.record import Found, Read, read_of
from ivigil.literature.tagged import Tagged, numbered, text_of

_LINE = re.compile(r"^([A-Z][A-Z0-9]{1,3}) {0,2}- ?(.*)$")
_OF_KIND = re.compile(r"^(\S+) \[(\w+)\]$")
_REGISTERED = re.compile(r"^ClinicalTrials\.gov/(\S+)$", re.IGNORECASE)


def read_medline(content: bytes, name: str) -> Read:
    """Every record of a MEDLINE file. Raises :class:`BadInput` where it is no text."""
    return read_of(name, "MEDLINE", [_found(one, name) for one in _split(text_of(content, name, "MEDLINE"), name)])


def _split(text: str, name: str) -> list[Tagged]:
    records: list[Tagged] = []
    current: Tagged | None = None
    for number, line in numbered(text):
        match = _LINE.match(line)
        if not line.strip():
            current = None
            continue
        if match and (match[1] == "PMID" or current is None):
            current = Tagged(len(records) + 1, number)
            records.append(current)
            if match[1] != "PMID":
                found = f"the tag {match[1]} before PMID"
                current.faults.append(Fault(_place(name, current), found, "a record from PMID on"))
        if match and current is not None:
            current.add(match[1], match[2])
        elif current is not None and line.startswith(" "):
            current.go_on(line)
        elif current is not None:
            found = f"line {number} without a tag"
            current.faults.append(Fault(_place(name, current), found, "a tag, or a line indented to go on"))
    return records


def _place(name: str, one: Tagged) -> str:
    return f"{name}, record {one.number}, line {one.line}"


def _found(one: Tagged, name: str) -> Found:
    registered = (_REGISTERED.match(text.strip()) for text in one.all("SI"))
    return Found(
        source="MEDLINE",
        place=_place(name, one),
        title=one.first("TI", "BTI", "TT"),
        dois=_dois(one),
        pmids=one.all("PMID"),
        ncts=tuple(match[1] for match in registered if match),
        authors=one.all("FAU") or one.all("AU") or one.all("CN"),
        year=one.first("DP", "DEP"),
        journal=one.first("JT", "TA"),
        abstract=one.first("AB"),
        language=one.first("LA"),
        publication_types=one.all("PT"),
        faults=tuple(one.faults),
    )


def _dois(one: Tagged) -> tuple[str, ...]:
    found = (_OF_KIND.match(text.strip()) for text in one.all("LID", "AID"))
    return tuple(dict.fromkeys(match[1] for match in found if match and match[2] == "doi"))
