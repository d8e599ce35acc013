"""RIS, the format of reference managers: a record from ``TY`` to ``ER``, a tag and a value on each line."""

from __future__ import annotations

import re

from ivigil.documents import Fault
from ivigil.literature.record import Found, Read, nct_of, read_of
from ivigil.literature.tagged import Tagged, numbered, text_of

_LINE = re.compile(r"^([A-Z][A-Z0-9])  ?-(?:\s(.*))?$")
_DOI_URL = re.compile(r"https?://(?:dx\.)?doi\.org/(\S+)", re.IGNORECASE)
_PMID_URL = re.compile(r"(?:pubmed\.ncbi\.nlm\.nih\.gov/|ncbi\.nlm\.nih\.gov/pubmed/)([0-9]+)", re.IGNORECASE)
_NCT_URL = re.compile(r"clinicaltrials\.gov/\S*?(NCT[0-9]{8})", re.IGNORECASE)
_OF_PUBMED = ("pubmed", "medline", "nlm")


def read_ris(content: bytes, name: str) -> Read:
    """Every record of a RIS file. Raises :class:`BadInput` where it is no text."""
    return read_of(name, "RIS", [_found(one, name) for one in _split(text_of(content, name, "RIS"), name)])


def _split(text: str, name: str) -> list[Tagged]:
    records: list[Tagged] = []
    current: Tagged | None = None
    is_open = False
    for number, line in numbered(text):
        match = _LINE.match(line)
        tag, value = (match[1], match[2] or "") if match else (None, line)
        if tag == "TY" or (tag not in {None, "ER"} and current is None):
            # A tag outside a record begins one too: what it belongs to is kept apart, not lost.
            if current is not None and is_open:
                current.faults.append(_unclosed(name, current, number))
            current, is_open = Tagged(len(records) + 1, number), tag == "TY"
            records.append(current)
            if not is_open:
                current.faults.append(Fault(_place(name, current), f"the tag {tag} before TY", "a record from TY on"))
        if tag == "ER":
            current, is_open = None, False
        elif current is not None and tag is not None:
            current.add(tag, value)
        elif current is not None and value.strip():
            current.go_on(value)
    if current is not None and is_open:
        current.faults.append(_unclosed(name, current, None))
    return records


def _unclosed(name: str, one: Tagged, at: int | None) -> Fault:
    found = "the end of the file" if at is None else f"another TY on line {at}"
    return Fault(_place(name, one), f"{found} before ER", "a record that ER closes", "It may have been cut off.")


def _place(name: str, one: Tagged) -> str:
    return f"{name}, record {one.number}, line {one.line}"


def _found(one: Tagged, name: str) -> Found:
    links = " ".join(one.all("UR", "L1", "L2", "LK"))
    return Found(
        source="RIS",
        place=_place(name, one),
        title=one.first("TI", "T1", "CT", "BT"),
        dois=(*one.all("DO"), *_DOI_URL.findall(links)),
        pmids=(*_accession(one), *_PMID_URL.findall(links)),
        ncts=(*(text for text in one.all("AN", "C1", "C2", "ID") if nct_of(text)), *_NCT_URL.findall(links)),
        authors=one.all("AU", "A1"),
        year=one.first("PY", "Y1", "DA"),
        journal=one.first("JF", "T2", "JO", "JA", "J2"),
        abstract=one.first("AB", "N2"),
        language=one.first("LA"),
        publication_types=one.all("M3") or one.all("TY"),
        url=one.first("UR"),
        faults=tuple(one.faults),
    )


def _accession(one: Tagged) -> tuple[str, ...]:
    """The accession number, where the record says that it is one of PubMed's: other databases number theirs too."""
    base = " ".join(one.all("DB", "DP")).lower()
    return tuple(
        text for text in one.all("AN") if text.strip().isdecimal() and any(word in base for word in _OF_PUBMED)
    )
