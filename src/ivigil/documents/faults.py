"""Faults: what was wrong with something given to ivigil, said so that it can be put right."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(frozen=True, order=True)
class Fault:
    """One thing that is wrong: where, what was found, what was expected and what to do."""

    where: str
    found: str
    expected: str
    hint: str = ""

    def __str__(self) -> str:
        """The fault in one line."""
        hint = f" {self.hint}" if self.hint else ""
        return f"{self.where}: found {self.found}; expected {self.expected}.{hint}"


class IvigilError(Exception):
    """The family of errors that ivigil raises for reasons a caller can act on."""


class BadInput(IvigilError):  # noqa: N818 - the name is read aloud in messages: "bad input"
    """Something given to ivigil cannot be used; ``faults`` lists every reason at once."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        """Keep the faults in a stable order, each once."""
        self.faults: tuple[Fault, ...] = tuple(sorted(set(faults), key=_reading_order))
        super().__init__("\n".join(str(fault) for fault in self.faults))

    def __reduce__(self) -> tuple[type[BadInput], tuple[tuple[Fault, ...]]]:
        """Pickled by its faults, as another process sends it."""
        return type(self), (self.faults,)


def _reading_order(fault: Fault) -> tuple[list[str | int], Fault]:
    """Line 9 before line 10: text and numbers of a place alternate, and each is compared as what it is."""
    parts = re.split(r"([0-9]{1,9})", fault.where)
    return [int(part) if index % 2 else part for index, part in enumerate(parts)], fault
