"""A model of compartments in plain words and formulas, before it is written in any format.

Formulas are those of libSBML's L3 parser, in which a number may carry a unit: ``0.5 dimensionless * Vc``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Unit = Literal["litre", "gram", "day", "per_day", "L_per_day", "g_per_L", "g_per_day", "dimensionless"]


@dataclass(frozen=True)
class Compartment:
    """A place: its volume in litres, or the id of the parameter that holds it."""

    id: str
    name: str
    volume: float | str


@dataclass(frozen=True)
class Species:
    """An amount in grams in a compartment, with what it starts with: grams, or a formula."""

    id: str
    name: str
    compartment: str
    start: float | str = 0.0


@dataclass(frozen=True)
class Parameter:
    """A quantity: a value, or a ``formula`` that always holds; ``changes`` where events set it."""

    id: str
    name: str
    unit: Unit
    value: float | None = None
    formula: str = ""
    changes: bool = False
    sbo: int | None = None


@dataclass(frozen=True)
class Flow:
    """Grams a day, ``rate``, from one species to another, or from or to nowhere."""

    id: str
    name: str
    rate: str
    from_species: str = ""
    to_species: str = ""
    sbo: int | None = None


@dataclass(frozen=True)
class Event:
    """What is set at a time: ids and formulas. It fires once, also where its time is the start."""

    id: str
    name: str
    at_day: float
    sets: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class System:
    """A whole model."""

    compartments: tuple[Compartment, ...]
    species: tuple[Species, ...]
    parameters: tuple[Parameter, ...]
    flows: tuple[Flow, ...]
    events: tuple[Event, ...] = ()


def quantity(value: float, unit: Unit) -> str:
    """A number with its unit, as a formula: every digit of it."""
    return f"({value!r} {unit})" if value >= 0 else f"(-({-value!r} {unit}))"
