"""One record of a literature search: what every format gives, its ids checked, and where it was read."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from ivigil.documents import Fault

Format = Literal["RIS", "PubMed XML", "MEDLINE", "ClinicalTrials.gov"]
# A longer text is none that people read, and the queue that held it could not be read again.
_LONGEST = 60_000
_DOI = re.compile(r"10\.[0-9]{4,9}/\S+")
_DOI_BEFORE = re.compile(r"^(?:https?://(?:dx\.)?doi\.org/|doi:\s*)", re.IGNORECASE)
_PMID = re.compile(r"[1-9][0-9]{0,8}")
_NCT = re.compile(r"NCT[0-9]{8}")
_YEAR = re.compile(r"(?<![0-9])(?:1[89]|20)[0-9]{2}(?![0-9])")
_MARKUP = re.compile(
    r"</?(?:jats:)?(?:i|b|u|em|strong|italic|bold|sub|sup|inf|p|br|title|sec)(?: [^<>]{0,80})?/?>", re.IGNORECASE
)


# Control characters and line separators part words; marks that are not seen, such as a soft hyphen, do not.
_INSTEAD = {"Cc": " ", "Zl": " ", "Zp": " ", "Cf": "", "Cs": ""}


@dataclass(frozen=True)
class Record:
    """A publication or a registered trial. A record that several were merged into holds every id of theirs.

    ``source`` names the format, ``place`` the file with the number and line of the record in it. DOIs are in small
    letters.
    """

    source: str
    place: str
    title: str
    dois: tuple[str, ...] = ()
    pmids: tuple[str, ...] = ()
    ncts: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    year: int | None = None
    journal: str | None = None
    abstract: str | None = None
    language: str | None = None
    publication_types: tuple[str, ...] = ()
    url: str | None = None


@dataclass(frozen=True)
class Found:
    """What a reader found of one record, as it stands in the file."""

    source: Format
    place: str
    title: str | None = None
    dois: tuple[str, ...] = ()
    pmids: tuple[str, ...] = ()
    ncts: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    year: str | None = None
    journal: str | None = None
    abstract: str | None = None
    language: str | None = None
    publication_types: tuple[str, ...] = ()
    url: str | None = None
    faults: tuple[Fault, ...] = ()


@dataclass(frozen=True)
class Quarantined:
    """A record that cannot be used, and every reason."""

    place: str
    faults: tuple[Fault, ...]


@dataclass(frozen=True)
class Read:
    """A file of records: those that can be used, those that cannot, and single fields that were left out."""

    name: str
    format: Format
    records: tuple[Record, ...]
    quarantined: tuple[Quarantined, ...] = ()
    remarks: tuple[Fault, ...] = ()


def read_of(name: str, kind: Format, found: list[Found], broken: tuple[Quarantined, ...] = ()) -> Read:
    """The records that ``found`` gives; one whose file broke off, or that has no title, is kept apart."""
    quarantined = list(broken)
    records: list[Record] = []
    remarks: list[Fault] = []
    for one in found:
        unusable = [*one.faults, *_without_title(one)]
        if unusable:
            quarantined.append(Quarantined(one.place, tuple(unusable)))
        else:
            records.append(_record(one))
            remarks.extend(_unreadable(one))
    return Read(name, kind, tuple(records), tuple(quarantined), tuple(remarks))


def cleaned(text: str | None) -> str:
    """``text`` in one line: without mark-up, control characters and signs that turn the direction of writing."""
    kept = _MARKUP.sub("", text or "")
    return " ".join("".join(_INSTEAD.get(unicodedata.category(sign), sign) for sign in kept).split())


def doi_of(text: str) -> str | None:
    """The DOI that ``text`` is, in small letters; ``None`` where it is none."""
    bare = _DOI_BEFORE.sub("", text.strip()).rstrip(".,").lower()
    return bare if _DOI.fullmatch(bare) and cleaned(bare) == bare else None


def pmid_of(text: str) -> str | None:
    """The PubMed id that ``text`` is; ``None`` where it is none."""
    return text.strip() if _PMID.fullmatch(text.strip()) else None


def nct_of(text: str) -> str | None:
    """The ClinicalTrials.gov id that ``text`` is; ``None`` where it is none."""
    bare = text.strip().upper()
    return bare if _NCT.fullmatch(bare) else None


def year_of(text: str | None) -> int | None:
    """The first year in a date as databases write them, from 1800."""
    match = _YEAR.search(text or "")
    return int(match[0]) if match else None


def _record(one: Found) -> Record:
    return Record(
        source=one.source,
        place=one.place,
        title=cleaned(one.title),
        dois=_each(doi_of(text) for text in one.dois),
        pmids=_each(pmid_of(text) for text in one.pmids),
        ncts=_each(nct_of(text) for text in one.ncts),
        authors=_each(cleaned(name) for name in one.authors),
        year=year_of(one.year),
        journal=_held(one.journal),
        abstract=_held(one.abstract),
        language=_held(one.language),
        publication_types=_each(cleaned(name) for name in one.publication_types),
        url=_held(one.url),
    )


def _held(text: str | None) -> str | None:
    found = cleaned(text)
    return found if 0 < len(found) <= _LONGEST else None


def _each(values: Iterator[str | None]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one for one in values if one))


def _without_title(one: Found) -> Iterator[Fault]:
    if not cleaned(one.title):
        yield Fault(f"{one.place}, title", "none", "a title", "Without one nobody can judge the record.")
    if len(cleaned(one.title)) > _LONGEST:
        yield Fault(f"{one.place}, title", "a text too long", f"at most {_LONGEST} characters")


def _unreadable(one: Found) -> Iterator[Fault]:
    for kind, texts, read, expected in (
        ("DOI", one.dois, doi_of, "a DOI such as 10.1000/182"),
        ("PMID", one.pmids, pmid_of, "a number of PubMed"),
        ("NCT number", one.ncts, nct_of, "NCT and eight digits"),
    ):
        for text in texts:
            if read(text) is None:
                yield Fault(f"{one.place}, {kind}", _short(text), expected, "It is left out.")
    if cleaned(one.year) and year_of(one.year) is None:
        yield Fault(f"{one.place}, year", _short(one.year or ""), "a date with its year", "It is left out.")
    for name in ("journal", "abstract", "language", "url"):
        if len(cleaned(getattr(one, name))) > _LONGEST:
            yield Fault(f"{one.place}, {name}", "a text too long", f"at most {_LONGEST} characters", "It is left out.")


def _short(text: str, longest: int = 60) -> str:
    shown = cleaned(text)
    return repr(shown if len(shown) <= longest else f"{shown[:longest]}…")
