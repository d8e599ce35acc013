"""JSON into typed values, or the reason why not; that it is nested too deep for the stack is one of the reasons."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import msgspec

Kind = TypeVar("Kind")
Unexpected = msgspec.ValidationError  # JSON, but a field is not what was looked for; a kind of the next one
NotJson = msgspec.DecodeError


class TooDeepError(Unexpected):
    """Values in values, more than the stack holds: who looks for fields finds none."""

    def __init__(self) -> None:
        """Say it in the words of a reason."""
        super().__init__("it is nested too deep")


def reader_of(kind: type[Kind]) -> Callable[[bytes], Kind]:
    """What reads JSON as ``kind``. It raises :class:`NotJson` or one of its kinds, and nothing else."""
    decode = msgspec.json.Decoder(kind).decode

    def read(content: bytes) -> Kind:
        try:
            return decode(content)
        except RecursionError:
            raise TooDeepError from None

    return read


def read_anything(content: bytes) -> Any:  # noqa: ANN401 - whatever stands there
    """JSON as it comes, with the same errors."""
    try:
        return msgspec.json.decode(content)
    except RecursionError:
        raise TooDeepError from None
