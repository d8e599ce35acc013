"""The bytes of resources that were left in their files, fetched for the patients of whom they are read."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Iterable, Iterator

from ivigil.documents import BadInput, Fault
from ivigil.populations.landing.records import Pieces
from ivigil.populations.landing.relevance import STUB
from ivigil.populations.landing.sources import Source
from ivigil.populations.landing.spill import Kept
from ivigil.populations.landing.stubs import stub_of


def recalled(kept: Iterable[Kept], pieces: Pieces) -> list[Kept]:
    """``kept`` in the order of the input, each resource with its bytes.

    Raises :class:`BadInput` where a file has been written to since it was first read.
    """
    there: list[Kept] = []
    left: dict[int, list[tuple[int, int, int, Kept]]] = defaultdict(list)
    for one in kept:
        if one.left:
            left[one.piece] += ((at, size, line, one) for line, at, size in one.left)
        else:
            there.append(one)
    for piece, places in left.items():
        there += _read(pieces.sources[piece], sorted(places, key=lambda one: one[0]))
    return sorted(there, key=lambda one: (one.piece, one.line))


def _read(source: Source, places: Iterable[tuple[int, int, int, Kept]]) -> Iterator[Kept]:
    with source.path.open("rb") as file:
        _demand_unchanged(source, os.fstat(file.fileno()))
        for at, size, line, one in places:
            file.seek(at)
            body = file.read(size)
            yield Kept(one.patient, one.why, one.piece, line, None, stub_of(body) if one.why == STUB else body)


def _demand_unchanged(source: Source, now: os.stat_result) -> None:
    if (now.st_size, now.st_mtime_ns) != (source.size, source.changed):
        hint = "Run again once nothing writes there any more; give another folder for OUT where this one is refused."
        raise BadInput([Fault(source.name, "a file that changed while it was read", "one that stays as it is", hint)])
