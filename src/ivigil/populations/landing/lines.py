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
_BLOCK = 96 * 1024  # stays in a processor's own memory, and is no piece that the system gives and takes each time
_OPENING, _CLOSING = b"{}"
_BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True)
class Batch:
    """Lines one after the other: ``text`` from where the first begins to where the last one ends.

    ``first`` is the number of the first, counted from 1 where reading began; ``at`` is where it begins in the bytes,
    and ``ends`` are where each ends in the text, before its newline. ``braced`` is whether each begins and ends with a
    brace, as an object of JSON does.
    """

    first: int
    at: int
    text: bytes
    ends: list[int]
    braced: bool

    @property
    def lines(self) -> list[bytes]:
        """Each line without its newline."""
        return [self.line(place) for place in range(len(self.ends))]

    def line(self, place: int) -> bytes:
        """One line, by its place among these, without its newline."""
        return self.text[self.ends[place - 1] + 1 if place else 0 : self.ends[place]]


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
        if packed:
            yield from batches(unpacked(file))
            return
        at = _first_line(file, start, end)
        if at < end:
            yield from batches(_stretch(file, at, end), at=at)


def _first_line(file: BinaryIO, start: int, end: int) -> int:
    """Where the first line of a stretch begins, or its end."""
    at = max(0, start - 1)
    file.seek(at)
    while start and at < end:
        block = file.read(min(_BLOCK, end - at))
        newline = block.find(b"\n")
        if newline >= 0:
            return at + newline + 1
        at += len(block) or end
    return min(at, end)


def _stretch(file: BinaryIO, at: int, end: int) -> Iterator[bytes]:
    """The bytes from the beginning of a line to the end of the last one that begins before ``end``."""
    file.seek(at)
    while at < end:
        block = file.read(min(_BLOCK, end - at))
        if not block:
            return
        at += len(block)
        yield block
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


def batches(chunks: Iterator[bytes], *, at: int = 0, longest: int = LONGEST_LINE) -> Iterator[Batch | Spoilt]:
    """``chunks``, which begin at a place of a file, cut into lines; a mark at its start is none of them.

    Damage ends them: what stands of the line it falls in is spoilt.
    """
    cutting = _Cutting(longest, at)
    try:
        for chunk in chunks:
            yield from cutting.cut(chunk)
    except DamagedError as error:
        yield Spoilt(cutting.number, str(error), beginning(cutting.rest), is_line=cutting.has_begun)
        return
    yield from cutting.last()


class _Cutting:
    """Lines being cut: ``number`` is that of the line which stands unfinished in ``rest`` and begins ``at``."""

    def __init__(self, longest: int, at: int) -> None:
        self.longest, self.at, self.rest = longest, at, b""
        self.number, self.skipping, self.at_start = 1, False, at == 0

    @property
    def has_begun(self) -> bool:
        """Whether part of a line stands unfinished."""
        return bool(self.rest.strip()) or self.skipping

    def cut(self, chunk: bytes) -> Iterator[Batch | Spoilt]:
        """The lines that ``chunk`` ends."""
        if self.at_start and chunk.startswith(_BOM):
            chunk, self.at = chunk[len(_BOM) :], len(_BOM)
        self.at_start = False
        ended = chunk.rfind(b"\n") + 1
        if ended:
            text = b"".join((self.rest, memoryview(chunk)[:ended]))
            self.rest = chunk[ended:]
            yield from self._ended(text)
        elif self.skipping:
            self.at += len(chunk)
        else:
            self.rest += chunk
        yield from self._too_long()

    def _ended(self, text: bytes) -> Iterator[Batch | Spoilt]:
        first = text.find(b"\n")
        if self.skipping or first > self.longest:
            if not self.skipping:
                yield self._spoilt(text[:first])
            text, self.skipping = text[first + 1 :], False
            self.number, self.at = self.number + 1, self.at + first + 1
        if text:
            yield self._batch(text)

    def _batch(self, text: bytes) -> Batch:
        found = Batch(self.number, self.at, text, *_ends(text))
        self.number, self.at = self.number + len(found.ends), self.at + len(text)
        return found

    def _too_long(self) -> Iterator[Spoilt]:
        if len(self.rest) > self.longest:
            yield self._spoilt(self.rest)
            self.at, self.rest, self.skipping = self.at + len(self.rest), b"", True

    def _spoilt(self, line: bytes) -> Spoilt:
        return Spoilt(self.number, f"the line is longer than {self.longest} bytes", beginning(line))

    def last(self) -> Iterator[Batch]:
        """A last line that no newline ends."""
        if self.rest and not self.skipping:
            yield self._batch(self.rest)


def _ends(text: bytes) -> tuple[list[int], bool]:
    """Where each line ends, the last one perhaps without its newline; and whether all run from brace to brace."""
    found, find, start, braced = [], text.find, 0, True
    while (end := find(b"\n", start)) >= 0:
        if text[start] != _OPENING or text[end - 1] != _CLOSING:
            braced = False
        found.append(end)
        start = end + 1
    if start < len(text):
        found.append(len(text))
        braced = braced and text[start] == _OPENING and text[-1] == _CLOSING
    return found, braced
