"""What could not be read: where it stands, why, and how it begins."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ivigil.documents import canonical_json

# Enough to recognise a line by, and short enough not to copy a record into another file.
_SHOWN = 80


@dataclass(frozen=True, order=True)
class Quarantined:
    """One thing set aside. ``line`` counts from 1, in a Bundle its entries; ``None`` where a whole file is meant."""

    file: str
    line: int | None
    what: str
    reason: str
    begins: str = ""

    @property
    def place(self) -> tuple[str, int, str, str]:
        """A key by which what was set aside is listed."""
        return self.file, self.line or 0, self.what, self.reason


LINE, FILE, PATIENT, REQUEST = "line", "file", "patient", "request"


def beginning(content: bytes) -> str:
    """The first characters of a line, as far as they are text."""
    return content[:_SHOWN].decode("utf-8", "replace")


def as_lines(found: Iterable[Quarantined]) -> str:
    """The quarantine file: one JSON object a line, in the order of the input."""
    return "".join(f"{_line(one)}\n" for one in sorted(found, key=lambda one: one.place))


def _line(one: Quarantined) -> str:
    return canonical_json(
        {"file": one.file, "line": one.line, "what": one.what, "reason": one.reason, "begins": one.begins}
    )
