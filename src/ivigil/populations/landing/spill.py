"""Kept resources put aside on disk by the part of their patient, until all files have been read.

A spill file is a row of blocks; each holds resources of one part. It is written beside its name and moved there when it
is whole, and its contents list is written last: where that stands, the reading of these pieces is done.
"""

from __future__ import annotations

import json
import os
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import msgspec
from msgspec import Struct

from ivigil.documents import canonical_json, write_whole

# What belongs to no one patient: drugs that any patient's orders may refer to, and what was set aside.
SHARED_PART, QUARANTINE_PART = -1, -2
_HELD = 32 * 1024 * 1024
_OF_EACH = 256  # bytes that a resource takes beside its own


Stamp = Sequence[Sequence[int]]


class Kept(Struct, array_like=True, frozen=True, gc=False):
    """A resource that may matter: whose, why it is kept, where it stands and its bytes as they were written.

    ``line`` counts from the beginning of the piece; ``url`` is the full URL of a Bundle's entry. Most resources stay
    where they stand, since only those of some patients are read in the end: then ``body`` is empty, and ``left`` holds
    the line, the first byte and the number of bytes of each of several resources of the patient.
    """

    patient: str
    why: str
    piece: int
    line: int
    url: str | None
    body: bytes
    left: tuple[tuple[int, int, int], ...] = ()


class Spoiled(Struct, array_like=True, frozen=True, gc=False):
    """A line set aside while it was read; ``line`` counts from the beginning of the piece, ``None`` is the file."""

    piece: int
    line: int | None
    reason: str
    begins: str


@dataclass(frozen=True)
class Block:
    """Where resources of one part stand in a spill file."""

    task: int
    part: int
    offset: int
    length: int


@dataclass(frozen=True)
class Contents:
    """The blocks of one spill file, and what was counted while it was written.

    ``lines`` are the numbers of lines in each piece, blank ones too; ``counts`` are of lines.
    """

    blocks: tuple[Block, ...]
    lines: Mapping[int, int]
    counts: Mapping[str, int]


@dataclass
class Spill:
    """A spill file being written."""

    folder: Path
    task: int
    held: int = 0
    blocks: list[Block] = field(default_factory=list)
    _waiting: dict[int, list[Kept | Spoiled]] = field(default_factory=lambda: defaultdict(list))

    def __post_init__(self) -> None:
        """Begin the file."""
        self._file = _draft(self.folder, self.task).open("wb")

    def put(self, part: int, record: Kept | Spoiled) -> None:
        """Add one resource, or what was set aside."""
        self._waiting[part].append(record)
        self.held += _OF_EACH + (len(record.body) + _OF_EACH * len(record.left) if isinstance(record, Kept) else 0)
        if self.held >= _HELD:
            self._write()

    def _write(self) -> None:
        for part in sorted(self._waiting):
            content = msgspec.msgpack.encode(self._waiting[part])
            self.blocks.append(Block(self.task, part, self._file.tell(), len(content)))
            self._file.write(content)
        self._waiting.clear()
        self.held = 0

    def finish(self, lines: Mapping[int, int], counts: Mapping[str, int], stamp: Stamp) -> None:
        """Move the file to its name, then write its contents list; ``stamp`` tells the state of what was read."""
        self._write()
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()
        _draft(self.folder, self.task).replace(_data(self.folder, self.task))
        blocks = [[one.part, one.offset, one.length] for one in self.blocks]
        content = {"blocks": blocks, "lines": sorted(lines.items()), "counts": counts, "stamp": stamp}
        write_whole(_list(self.folder, self.task), canonical_json(content))


def is_done(folder: Path, task: int) -> bool:
    """Whether a task's spill file is whole."""
    return _list(folder, task).is_file()


def is_stale(folder: Path, task: int, stamp: Stamp) -> bool:
    """Whether a task's spill file is of files that have been written to since."""
    return is_done(folder, task) and bool(json.loads(_list(folder, task).read_bytes())["stamp"] != stamp)


def contents(folder: Path, task: int) -> Contents:
    """The contents list of a whole spill file."""
    found = json.loads(_list(folder, task).read_bytes())
    blocks = tuple(Block(task, *one) for one in found["blocks"])
    return Contents(blocks, dict(found["lines"]), found["counts"])


def kept_in(folder: Path, blocks: Sequence[Block]) -> Iterator[Kept]:
    """The resources of some blocks, in the order in which they were read."""
    for content in _contents_of(folder, blocks):
        yield from _kept.decode(content)


def spoiled_in(folder: Path, blocks: Sequence[Block]) -> Iterator[Spoiled]:
    """What was set aside, likewise."""
    for content in _contents_of(folder, blocks):
        yield from _spoiled.decode(content)


def _contents_of(folder: Path, blocks: Sequence[Block]) -> Iterator[bytes]:
    for block in sorted(blocks, key=lambda one: (one.task, one.offset)):
        with _data(folder, block.task).open("rb") as file:
            file.seek(block.offset)
            yield file.read(block.length)


_kept = msgspec.msgpack.Decoder(list[Kept])
_spoiled = msgspec.msgpack.Decoder(list[Spoiled])


def _data(folder: Path, task: int) -> Path:
    return folder / f"{task:06d}.spill"


def _list(folder: Path, task: int) -> Path:
    return folder / f"{task:06d}.json"


def _draft(folder: Path, task: int) -> Path:
    return folder / f".{task:06d}.draft"
