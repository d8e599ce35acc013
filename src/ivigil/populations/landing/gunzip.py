"""Gzip read as a stream: what stands before a fault counts, and memory does not grow with the file."""

from __future__ import annotations

import contextlib
import zlib
from collections.abc import Iterator
from typing import BinaryIO

from ivigil.documents import IvigilError

MAGIC = b"\x1f\x8b"
_READ = 256 * 1024
_GIVEN = 1024 * 1024
_WITH_HEADER = 31  # zlib's window bits for a stream with the header and the checksum of gzip


class DamagedError(IvigilError):
    """A compressed file ends early, or is not what it should be, from here on."""


def unpacked(file: BinaryIO) -> Iterator[bytes]:
    """The content of every member of a gzip file, in pieces. Raises :class:`DamagedError` after what could be read."""
    waiting = file.read(_READ)
    while waiting:
        member = zlib.decompressobj(_WITH_HEADER)
        while not member.eof:
            if not waiting:
                raise DamagedError("the compressed file ends in the middle")
            before = member.copy()
            try:
                given = member.decompress(waiting, _GIVEN)
            except zlib.error:
                yield _up_to_the_damage(before, waiting)
                raise DamagedError("the compressed file is damaged from here on") from None
            if given:
                yield given
            waiting = member.unconsumed_tail or file.read(_READ)
        waiting = _next_member(member.unused_data, file)


def _up_to_the_damage(member: zlib._Decompress, waiting: bytes) -> bytes:
    """What stands before the byte at which a step failed: zlib gives nothing of a step that fails."""
    found = bytearray()
    with contextlib.suppress(zlib.error):
        for place in range(len(waiting)):
            found += member.decompress(waiting[place : place + 1])
    return bytes(found)


def _next_member(rest: bytes, file: BinaryIO) -> bytes:
    """Where the next member begins; zeros that pad a file are none."""
    while not rest.lstrip(b"\0"):
        rest = file.read(_READ)
        if not rest:
            return b""
    return rest.lstrip(b"\0")
