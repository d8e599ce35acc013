"""How the reading is divided: stretches of files into tasks, and patients into parts. Only the input decides."""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ivigil.populations.landing.sources import Source

_STRETCH = 32 * 1024 * 1024
# Of what a part's share of the input holds, its worker holds what is kept, as read and as tables.
_PART = 128 * 1024 * 1024
_PACKED_TO = 10  # how many times larger FHIR usually is than compressed


@dataclass(frozen=True)
class Piece:
    """The stretch of a file from ``start`` to before ``end``; whole where the file cannot be divided."""

    number: int
    source: Source
    start: int
    end: int

    @property
    def size(self) -> int:
        """Bytes on disk."""
        return self.end - self.start


@dataclass(frozen=True)
class Task:
    """Pieces that one worker reads into one spill file."""

    number: int
    pieces: tuple[Piece, ...]

    @property
    def size(self) -> int:
        """Bytes on disk."""
        return sum(one.size for one in self.pieces)

    @property
    def stamp(self) -> list[list[int]]:
        """Of which state of its files it is."""
        return [[one.source.size, one.source.changed] for one in self.pieces]


def tasks_of(sources: Sequence[Source], stretch: int = _STRETCH) -> tuple[Task, ...]:
    """Every file once, in tasks of about ``stretch`` bytes."""
    found: list[Task] = []
    waiting: list[Piece] = []
    for piece in _pieces(sources, stretch):
        waiting.append(piece)
        if sum(one.size for one in waiting) >= stretch:
            found.append(Task(len(found), tuple(waiting)))
            waiting = []
    return (*found, Task(len(found), tuple(waiting))) if waiting else tuple(found)


def _pieces(sources: Sequence[Source], stretch: int) -> Iterator[Piece]:
    number = 0
    for source in sources:
        whole = source.packed or source.form != "lines"
        for start in range(0, 1 if whole else max(1, source.size), stretch):
            yield Piece(number, source, start, source.size if whole else min(source.size, start + stretch))
            number += 1


def parts_for(sources: Sequence[Source], size: int = _PART) -> int:
    """Into how many parts the patients are divided: by the bytes of the input, and nothing else."""
    total = sum(one.size * (_PACKED_TO if one.packed else 1) for one in sources)
    return max(1, -(-total // size))


def part_of(patient: str, parts: int) -> int:
    """The part of a patient."""
    return zlib.crc32(patient.encode("utf-8", "replace")) % parts
