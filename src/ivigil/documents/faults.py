"""Faults: what was wrong with something given to ivigil, said so that it can be put right."""

from __future__ import annotations

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
        self.faults: tuple[Fault, ...] = tuple(sorted(set(faults)))
        super().__init__("\n".join(str(fault) for fault in self.faults))
