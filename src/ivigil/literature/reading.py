"""A file of a literature search, read by what it holds and not by what it is called."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import cast

from ivigil.documents import BadInput, Fault
from ivigil.literature.clinical_trials import read_clinical_trials
from ivigil.literature.medline import read_medline
from ivigil.literature.pubmed_xml import read_pubmed_xml
from ivigil.literature.record import Format, Read
from ivigil.literature.ris import read_ris

_BOM = b"\xef\xbb\xbf"
_RIS = re.compile(rb"^TY  ?-", re.MULTILINE)
_MEDLINE = re.compile(rb"^PMID ?- ?[0-9]", re.MULTILINE)
# Databases write a few lines about themselves before the first record.
_BEGINNING = 20_000
_READERS: dict[Format, Callable[[bytes, str], Read]] = {
    "RIS": read_ris,
    "PubMed XML": read_pubmed_xml,
    "MEDLINE": read_medline,
    "ClinicalTrials.gov": read_clinical_trials,
}


def format_of(content: bytes) -> Format | None:
    """The format that ``content`` is in; ``None`` where it is none of these."""
    bare = content.removeprefix(_BOM).lstrip()
    if bare.startswith(b"<"):
        return "PubMed XML"
    if bare.startswith((b"{", b"[")):
        return "ClinicalTrials.gov"
    beginning = bare.replace(b"\r", b"\n")[:_BEGINNING]
    places = {"MEDLINE": _MEDLINE.search(beginning), "RIS": _RIS.search(beginning)}
    # An abstract may hold a line that looks like the other format's: what begins first is the format.
    first = sorted((match.start(), kind) for kind, match in places.items() if match)
    return cast("Format", first[0][1]) if first else None


def read_records(content: bytes, name: str) -> Read:
    """The records of ``content``; faults call it ``name``.

    What is wrong with one record is told in ``quarantined`` and ``remarks``, and the others are read. Raises
    :class:`BadInput` where the file is empty, in no known format, or broken before its first record.
    """
    kind = format_of(content)
    if kind is None:
        found = "an empty file" if not content.strip() else "a file in no known format"
        raise BadInput([Fault(name, found, "RIS, PubMed XML, MEDLINE or JSON of ClinicalTrials.gov", _hint(content))])
    read = _READERS[kind](content, name)
    if not read.records and not read.quarantined:
        raise BadInput([Fault(name, f"{kind} without a record", "at least one record")])
    return read


def _hint(content: bytes) -> str:
    if content[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        return "It is UTF-16: export it again in UTF-8."
    return "Choose one of these where the database offers formats."
