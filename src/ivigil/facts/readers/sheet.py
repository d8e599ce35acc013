"""One flat document being read: what stands in it, and every fault with its line."""

from __future__ import annotations

import difflib
from decimal import Decimal
from typing import Any

from ivigil.documents import Fault, Place
from ivigil.facts.when import DateError, When, parse_when

Path = tuple[str | int, ...]
# Suggestions are for slips of a person; a document with more faults was not written by one.
_MOST_HINTS = 20
_LONGEST_WORD = 60


class Sheet:
    """The values of a flat document; each getter returns what it promises or notes a fault."""

    def __init__(self, place: Place) -> None:
        """Begin without faults."""
        self.place = place
        self.faults: list[Fault] = []

    def fault(self, path: Path, found: str, expected: str, hint: str = "") -> None:
        """Note what is wrong at ``path``."""
        self.faults.append(Fault(self.place.of(path), found, expected, hint))

    def mapping(self, value: Any, path: Path) -> dict[str, Any]:  # noqa: ANN401 - any YAML value
        """The keys and values at ``path``; nothing is none."""
        if isinstance(value, dict):
            return value
        if value is not None:
            self.fault(path, shortened(value), "keys with values")
        return {}

    def items(self, value: Any, path: Path) -> list[Any]:  # noqa: ANN401 - any YAML value
        """The list at ``path``; nothing is empty."""
        if isinstance(value, list):
            return value
        if value is not None:
            self.fault(path, shortened(value), "a list")
        return []

    def text(self, value: Any, path: Path) -> str | None:  # noqa: ANN401 - any YAML value
        """The text at ``path``, if any."""
        if value is not None and not isinstance(value, str):
            self.fault(path, shortened(value), "text")
            return None
        return value or None

    def date(self, value: Any, path: Path) -> When | None:  # noqa: ANN401 - any YAML value
        """The date at ``path``, if any; a bare year is a number in YAML."""
        if value is None:
            return None
        try:
            return parse_when(str(value))
        except DateError:
            self.fault(path, shortened(value), "a date such as 2026-11-20")
            return None

    def nearest(self, word: str, known: tuple[str, ...]) -> str:
        """A hint at the known words that ``word`` may have been meant for."""
        if len(self.faults) >= _MOST_HINTS or len(word) > _LONGEST_WORD:
            return ""
        close = difflib.get_close_matches(word, known, n=2)
        return f"Did you mean {' or '.join(close)}?" if close else ""


def shortened(value: Any, longest: int = 40) -> str:  # noqa: ANN401 - any YAML value
    """A value as an error shows it."""
    text = repr(value) if not isinstance(value, Decimal) else str(value)
    return text if len(text) <= longest else f"{text[:longest]}…"
