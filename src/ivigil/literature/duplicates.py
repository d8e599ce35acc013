"""The same record found twice: by its ids, or by title, year and first author. What is only alike is not merged.

The answer depends on the records alone, never on their order. Two publications of one registered trial are two
records; the number of the trial merges only entries of registries.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, fields, replace
from itertools import pairwise
from typing import Any

from ivigil.literature.record import Record

# A shorter title ("Authors' reply", "Letter to the editor") is shared by different texts.
_FEWEST_WORDS = 4
# Online and in print are often of two years.
YEARS_APART = 1
_INITIALS = re.compile(r"[A-Z][A-Z.-]{0,4}")
_TRUSTED = ("PubMed XML", "MEDLINE", "ClinicalTrials.gov", "RIS")


@dataclass(frozen=True)
class Merged:
    """One publication or registered study: the best of each field, every id, and the records that it came from.

    ``remarks`` says where those do not agree on an id that a publication has once.
    """

    record: Record
    members: tuple[Record, ...]
    remarks: tuple[str, ...] = ()


def without_duplicates(records: Iterable[Record]) -> tuple[Merged, ...]:
    """``records`` with duplicates merged, the newest first.

    Records are one where they share a DOI or a PMID, or, both without either, an NCT number; and without any id where
    they were read at one place under one title. Then those are one whose titles are equal but for case, accents and
    punctuation, with the same first author and years at most one apart, unless their ids tell them apart.
    """
    by_ids = [_merged(group) for group in _linked(sorted(set(records), key=_order))]
    return tuple(sorted(_by_title(by_ids), key=lambda one: _newest_first(one.record)))


def title_key(record: Record) -> str:
    """The title without case, accents, punctuation and signs."""
    return " ".join(_words(record.title))


def author_key(record: Record) -> str:
    """The family name of the first author without case and accents; empty where none is named."""
    name, *given = (record.authors[0] if record.authors else "").split(",")
    parts = name.split()
    while not given and len(parts) > 1 and _INITIALS.fullmatch(parts[-1]):
        parts.pop()
    return "".join(_words(name if given else "".join(parts[-1:])))


def told_apart(records: Sequence[Record]) -> bool:
    """Whether ids show that ``records`` are not all one: two with DOIs, two with PMIDs, or different NCT numbers."""
    # Those that share a DOI or PMID have been merged before.
    several = any(sum(bool(getattr(one, kind)) for one in records) > 1 for kind in ("dois", "pmids"))
    registered = [set(one.ncts) for one in records if one.ncts]
    return several or any(first.isdisjoint(second) for first, second in pairwise(registered))


def _words(text: str) -> list[str]:
    bare = "".join(one for one in unicodedata.normalize("NFKD", text) if not unicodedata.combining(one))
    return re.findall(r"[^\W_]+", bare.casefold())


def _linked(records: Sequence[Record]) -> list[list[Record]]:
    """Groups of ``records`` that their ids connect, directly or through others."""
    leader = list(range(len(records)))

    def lead(one: int) -> int:
        while leader[one] != one:
            leader[one] = leader[leader[one]]
            one = leader[one]
        return one

    first: dict[Hashable, int] = {}
    for number, record in enumerate(records):
        for key in _ids(record):
            leader[lead(number)] = lead(first.setdefault(key, number))
    groups: dict[int, list[Record]] = defaultdict(list)
    for number, record in enumerate(records):
        groups[lead(number)].append(record)
    return list(groups.values())


def _ids(record: Record) -> Iterator[Hashable]:
    yield from (("doi", one) for one in record.dois)
    yield from (("pmid", one) for one in record.pmids)
    if not record.dois and not record.pmids:
        yield from (("nct", one) for one in record.ncts)
    if not record.dois and not record.pmids and not record.ncts:
        # The same file read again: without ids, nothing else would show it for a short title.
        yield from (("place", place, title_key(record)) for place in record.place.split("; "))


def _by_title(found: Sequence[Merged]) -> Iterator[Merged]:
    alike: dict[Hashable, list[Merged]] = defaultdict(list)
    for one in found:
        key = _title_author(one.record)
        if key is None:
            yield one
        else:
            alike[key].append(one)
    for group in alike.values():
        for span in _spans(sorted(group, key=lambda one: (one.record.year or 0, _order(one.record)))):
            yield from span if told_apart([one.record for one in span]) else [_joined(span)]


def _title_author(record: Record) -> tuple[str, str] | None:
    title, author = title_key(record), author_key(record)
    says_enough = len(title.split()) >= _FEWEST_WORDS and author and record.year is not None
    return (title, author) if says_enough else None


def _spans(found: Sequence[Merged]) -> Iterator[list[Merged]]:
    """``found``, ordered by year, in stretches without a gap."""
    span: list[Merged] = []
    for one in found:
        if span and (one.record.year or 0) - (span[-1].record.year or 0) > YEARS_APART:
            yield span
            span = []
        span.append(one)
    yield span


def _joined(found: Sequence[Merged]) -> Merged:
    return found[0] if len(found) == 1 else _merged([each for one in found for each in one.members])


def _merged(records: Sequence[Record]) -> Merged:
    """One record of ``records``: of each field the first that is not empty, the most trusted format first."""
    ordered = sorted(records, key=_order)
    chosen: dict[str, Any] = {
        name: next((value for one in ordered if (value := getattr(one, name))), getattr(ordered[0], name))
        for name in ("title", "authors", "year", "journal", "language", "url")
    }
    record = replace(
        ordered[0],
        **chosen,
        dois=_union(ordered, "dois"),
        pmids=_union(ordered, "pmids"),
        ncts=_union(ordered, "ncts"),
        publication_types=_union(ordered, "publication_types"),
        source=_listed(one.source for one in ordered),
        place=_listed(one.place for one in ordered),
        abstract=max((one.abstract or "" for one in ordered), key=lambda text: (len(text), text)) or None,
    )
    said = [
        f"{len(ids)} {name}: {', '.join(ids)}"
        for ids, name in ((record.dois, "DOIs"), (record.pmids, "PMIDs"))
        if len(ids) > 1
    ]
    return Merged(record, tuple(ordered), tuple(said))


def _union(records: Sequence[Record], name: str) -> tuple[str, ...]:
    values = {value for one in records for value in getattr(one, name)}
    return tuple(sorted(values))


def _listed(texts: Iterable[str]) -> str:
    return "; ".join(sorted({part for text in texts for part in text.split("; ")}))


def _order(record: Record) -> tuple[object, ...]:
    """A total order, so that what comes first does not depend on the order of reading."""
    trust = min((_TRUSTED.index(one) for one in record.source.split("; ") if one in _TRUSTED), default=len(_TRUSTED))
    return trust, *(repr(getattr(record, field.name)) for field in fields(record))


def _newest_first(record: Record) -> tuple[object, ...]:
    return -(record.year or 0), title_key(record), _order(record)
