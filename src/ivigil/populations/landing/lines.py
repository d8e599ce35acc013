"""The lines of a file or of a stretch of it, in bounded memory: a line that is too long is never held."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from ivigil.populations.landing.gunzip import DamagedError, unpacked
from ivigil.populations.landing.quarantine import beginning

# A resource of a record has kilobytes; one with an attached picture has megabytes.
LONGEST_LINE = 16 * 1024 * 1024
_BLOCK = 256 * 1024  # stays in a processor's own memory while it is cut and looked at
_BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True)
class Batch:
    """Lines one after the other; ``first`` is the number of the first, counted from 1 where reading began."""

    first: int
    lines: list[bytes]


@dataclass(frozen=True)
class Spoilt:
    """A line that cannot be given: its number, why, and how it begins; ``is_line`` is false where none had begun."""

    number: int
    reason: str
    begins: str
    is_line: bool = True


def lines_of(path: Path, start: int, end: int, *, packed: bool) -> Iterator[Batch | Spoilt]:
    """The lines that begin between two places of a file; of a compressed file all lines."""
    with path.open("rb") as file:
        chunks = unpacked(file) if packed else _stretch(file, start, end)
        yield from batches(chunks, at_start=packed or start == 0)


def _stretch(file: BinaryIO, start: int, end: int) -> Iterator[bytes]:
    """The bytes from the first line that begins in a stretch to the end of the last."""
    file.seek(max(0, start - 1))
    at, seeking = file.tell(), start > 0
    while at < end:
        block = file.read(min(_BLOCK, end - at))
        if not block:
            return
        at += len(block)
        if seeking:
            newline = block.find(b"\n")
            block = block[newline + 1 :] if newline >= 0 else b""
            seeking = newline < 0
        # A line that begins at the end is the next stretch's.
        if block:
            yield block
    if not seeking and at > start:
        yield from _to_the_newline(file, at)


def _to_the_newline(file: BinaryIO, at: int) -> Iterator[bytes]:
    """What is left of a line that began before ``at``."""
    file.seek(at - 1)
    if file.read(1) == b"\n":
        return
    while block := file.read(_BLOCK):
        newline = block.find(b"\n")
        yield block if newline < 0 else block[: newline + 1]
        if newline >= 0:
            return


def batches(chunks: Iterator[bytes], *, at_start: bool = True, longest: int = LONGEST_LINE) -> Iterator[Batch | Spoilt]:
    """``chunks`` cut into lines. Damage ends them: what stands of the line it falls in is spoilt."""
    cutting = _Cutting(longest, at_start=at_start)
    try:
        for chunk in chunks:
            yield from cutting.cut(chunk)
    except DamagedError as error:
        yield Spoilt(cutting.number, str(error), beginning(cutting.rest), is_line=cutting.has_begun)
        return
    yield from cutting.last()


class _Cutting:
    """Lines being cut: ``number`` is that of the line which stands unfinished in ``rest``."""

    def __init__(self, longest: int, *, at_start: bool) -> None:
        self.longest, self.at_start = longest, at_start
        self.rest, self.number, self.skipping = b"", 1, False

    @property
    def has_begun(self) -> bool:
        """Whether part of a line stands unfinished."""
        return bool(self.rest.strip()) or self.skipping

    def cut(self, chunk: bytes) -> Iterator[Batch | Spoilt]:
        """The lines that ``chunk`` ends."""
        if self.at_start:
            chunk, self.at_start = chunk.removeprefix(_BOM), False
        lines = chunk.split(b"\n")
        tail = lines.pop()
        if lines and self.skipping:
            del lines[0]
            self.number, self.skipping = self.number + 1, False
        elif lines:
            lines[0], self.rest = self.rest + lines[0], b""
        if lines:
            yield from self._ended(lines)
        if not self.skipping:
            self.rest += tail
            yield from self._too_long()

    def _ended(self, lines: list[bytes]) -> Iterator[Batch | Spoilt]:
        if len(lines[0]) > self.longest:
            yield self._spoilt(lines.pop(0))
            self.number += 1
        yield Batch(self.number, lines)
        self.number += len(lines)

    def _too_long(self) -> Iterator[Spoilt]:
        if len(self.rest) > self.longest:
            yield self._spoilt(self.rest)
            self.rest, self.skipping = b"", True

    def _spoilt(self, line: bytes) -> Spoilt:
        return Spoilt(self.number, f"the line is longer than {self.longest} bytes", beginning(line))

    def last(self) -> Iterator[Batch]:
        """A last line that no newline ends."""
        if self.rest and not self.skipping:
            yield Batch(self.number, [self.rest])
