"""A line read as JSON, strictly, and fast where it is written as a machine would write it again.

What :func:`~ivigil.documents.parse_json` refuses, or reads in a way of its own, no writer of JSON puts out: a key
twice, a number without its digits, a letter as an escape. So a line that comes out byte for byte when its value is
written again holds none of it, and the value may be had from a faster reader. Any other line is read by the strict one,
which then says what is wrong with it.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

import msgspec

from ivigil.documents import parse_json

# What the strict reader refuses by size: it has to see lines with a number of thousands of digits, and deep ones.
_LONG_NUMBER = re.compile(rb"[0-9.]{3900}")
_SHORT, _MOST_OPENED = 3900, 500
_SPACE = b" \t\r\n"
_read = msgspec.json.Decoder(float_hook=Decimal).decode
_written = msgspec.json.Encoder(decimal_format="number").encode


def parse_line(line: bytes, where: str) -> tuple[Any, bool]:  # Any: JSON holds anything
    """What :func:`~ivigil.documents.parse_json` gives, and whether every key stands in ``line`` letter for letter.

    Raises :class:`~ivigil.documents.BadInput` as it does.
    """
    if _is_of_usual_size(line):
        try:
            value = _read(line)
            if _written(value) == line.strip(_SPACE):
                return value, True
        except (msgspec.DecodeError, ArithmeticError, OverflowError, RecursionError):
            # The strict reader says what is wrong, if anything is.
            pass
    return parse_json(line, where), False


def _is_of_usual_size(line: bytes) -> bool:
    is_flat = line.count(b"{") + line.count(b"[") <= _MOST_OPENED
    return is_flat and (len(line) < _SHORT or _LONG_NUMBER.search(line) is None)
