"""Records that may be the same, for a person to look at: nothing here is merged."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise

from ivigil.literature.duplicates import YEARS_APART, author_key, title_key, told_apart
from ivigil.literature.record import Record

# Share of the words of two titles that both have: a corrected or shortened title keeps most of them.
_ALIKE = 0.8


@dataclass(frozen=True)
class Near:
    """Two records that were not merged, and why they may belong together."""

    first: Record
    second: Record
    why: str


def near_duplicates(records: Sequence[Record]) -> tuple[Near, ...]:
    """Pairs of ``records`` with one title, with titles alike of one author and time, or of one registered trial."""
    found: dict[tuple[int, int], str] = {}
    for first, second in _neighbours(records, lambda one: [title_key(one)]):
        found.setdefault((first, second), _same_title(records[first], records[second]))
    for first, second in _of_one_author(records):
        found.setdefault((first, second), "titles alike, of one first author and time")
    for first, second in _neighbours(records, lambda one: list(one.ncts)):
        found.setdefault((first, second), "of the same registered trial")
    return tuple(Near(records[first], records[second], why) for (first, second), why in sorted(found.items()))


def _neighbours(records: Sequence[Record], keys: Callable[[Record], Sequence[str]]) -> Iterator[tuple[int, int]]:
    """Each record with the next of the same key: a chain shows a group as well as all its pairs do."""
    groups: dict[Hashable, list[int]] = defaultdict(list)
    for number, record in enumerate(records):
        for key in keys(record):
            if key:
                groups[key].append(number)
    for group in groups.values():
        yield from pairwise(group)


def _of_one_author(records: Sequence[Record]) -> Iterator[tuple[int, int]]:
    groups: dict[str, list[int]] = defaultdict(list)
    for number, record in enumerate(records):
        if author_key(record) and record.year is not None:
            groups[author_key(record)].append(number)
    words = [frozenset(title_key(one).split()) for one in records]
    for group in groups.values():
        for first, second in combinations(group, 2):
            years = abs((records[first].year or 0) - (records[second].year or 0))
            if years <= YEARS_APART and _share(words[first], words[second]) >= _ALIKE:
                yield first, second


def _share(first: frozenset[str], second: frozenset[str]) -> float:
    return len(first & second) / len(first | second) if first | second else 0.0


def _same_title(first: Record, second: Record) -> str:
    if told_apart((first, second)):
        return "the same title, but other ids"
    if first.year is None or second.year is None or not first.authors or not second.authors:
        return "the same title, but no year or author to go by"
    return "the same title, but another year or author"
