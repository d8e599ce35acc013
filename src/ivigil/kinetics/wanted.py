"""What is wanted of the last interval of a course, in plain values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Quantity = Literal["trough", "rise", "area above baseline", "mean level"]
UNITS: dict[Quantity, str] = {"trough": "g/L", "rise": "g/L", "area above baseline": "g·d/L", "mean level": "g/L"}


@dataclass(frozen=True)
class Wanted:
    """At least so much: of all IgG just before the next dose, of it above the own level, or of the area above it."""

    quantity: Quantity
    at_least: float

    @property
    def words(self) -> str:
        return f"{self.quantity} of {self.at_least:g} {UNITS[self.quantity]} or more"
