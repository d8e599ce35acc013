"""The cells of an extraction sheet: numbers and words read strictly, each fault with what to write instead."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches

from ivigil.documents import Fault
from ivigil.literature.table import Line, unsafe

_NUMBER = re.compile(r"[+-]?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]{1,3})?")
_COMMA = re.compile(r"[+-]?[0-9]+,[0-9]+")
# What follows the number is a unit, but not the exponent of a number too large to hold.
_WITH_UNIT = re.compile(r"([+-]?[0-9]+(?:\.[0-9]+)?)\s*(%|(?![eE][+-]?[0-9])[^\W\d_].*)")
_YEAR = re.compile(r"(?:1[89]|20)[0-9]{2}")
# Table programs write a minus sign that is not the one on the keyboard.
_MINUS = "−"


@dataclass
class Cells:
    """One row as it is read: every fault that is met is kept, and what cannot be read is ``None``."""

    line: Line
    place: str
    faults: list[Fault] = field(default_factory=list)

    def text(self, column: str) -> str | None:
        """The words of a cell; ``None`` where it is empty."""
        return unsafe(self.line[column]) or None

    def number(self, column: str) -> float | None:
        """The number in a cell that must hold one; a column that is missing is told of once, for the whole sheet."""
        if column not in self.line.cells:
            return None
        text = unsafe(self.line[column]).replace(_MINUS, "-")
        value = float(text) if _NUMBER.fullmatch(text) else None
        if value is None or not math.isfinite(value):
            self.wrong(column, repr(self.line[column]) if text else "nothing", "a number", _hint(text))
            return None
        return value

    def whole(self, column: str) -> float | None:
        """The whole number in a cell that must hold one: people and events are counted."""
        value = self.number(column)
        if value is not None and not value.is_integer():
            self.wrong(column, self.line[column], "a whole number", "Count people; do not round percentages back.")
            return None
        return value

    def year(self) -> int | None:
        """The year of the study; ``None`` where none is given."""
        text = self.line["year"]
        if _YEAR.fullmatch(text):
            return int(text)
        if text:
            self.wrong("year", repr(text), "a year of four digits")
        return None

    def word(self, column: str, words: Sequence[str]) -> str | None:
        """One of ``words``; ``None`` where the cell is empty."""
        text = self.line[column]
        if not text or text in words:
            return text or None
        near = get_close_matches(text.lower(), words, n=1)
        self.wrong(column, repr(text), f"one of {', '.join(words)}", f"Did you mean {near[0]!r}?" if near else "")
        return None

    def moderator(self, column: str) -> float | str | None:
        """A number where it is one, otherwise the words; ``None`` where the cell is empty."""
        text = unsafe(self.line[column]).replace(_MINUS, "-")
        if _COMMA.fullmatch(text):
            self.wrong(column, repr(text), "a number or words", _hint(text))
            return None
        value = float(text) if _NUMBER.fullmatch(text) else None
        return value if value is not None and math.isfinite(value) else self.text(column)

    def wrong(self, column: str, found: str, expected: str, hint: str = "") -> None:
        """Keep a fault of a cell, or of the whole row where ``column`` is empty."""
        self.faults.append(Fault(f"{self.place}, {column}" if column else self.place, found, expected, hint))


def _hint(text: str) -> str:
    if _COMMA.fullmatch(text):
        return f"Decimals have a point: {text.replace(',', '.')}."
    match = _WITH_UNIT.fullmatch(text)
    if match and match[2] == "%":
        return "Write the count, not a percentage."
    return f"Write {match[1]} here, and {match[2]} in the column unit." if match else ""
