"""The figures of how immunoglobulin is asked for; and what a figure is."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar, Final

STRICT: Final = {"extra": "forbid"}


@dataclass(frozen=True)
class Figure:
    """One number: published, with its source and place, or made up."""

    value: Decimal
    source: str | None = None
    place: str | None = None
    made_up: bool = False

    __pydantic_config__: ClassVar[dict[str, str]] = STRICT

    def __float__(self) -> float:
        return float(self.value)


@dataclass(frozen=True)
class Pattern:
    """How often a patient is treated: the least and most requests, and the days between them."""

    id: str
    requests: tuple[int, ...]
    every_days: int
    subcutaneous: Figure
    made_up: bool

    __pydantic_config__: ClassVar[dict[str, str]] = STRICT


@dataclass(frozen=True)
class Factors:
    """Numbers of which each is as likely as the others."""

    values: tuple[Decimal, ...]
    made_up: bool

    __pydantic_config__: ClassVar[dict[str, str]] = STRICT


@dataclass(frozen=True)
class PlainRegimen:
    """A dose in grams per kg of the whole course, over days."""

    total_g_per_kg: Decimal
    days: int
    made_up: bool

    __pydantic_config__: ClassVar[dict[str, str]] = STRICT


@dataclass(frozen=True)
class DaysFor:
    """On how many days a course of at least so many grams per kg is given."""

    from_g_per_kg: Decimal
    days: tuple[int, ...]
    made_up: bool

    __pydantic_config__: ClassVar[dict[str, str]] = STRICT


@dataclass(frozen=True)
class Drug:
    """How an order names immunoglobulin."""

    id: str
    route: str
    text: str
    weight: Decimal
    system: str | None = None
    code: str | None = None

    __pydantic_config__: ClassVar[dict[str, str]] = STRICT


@dataclass(frozen=True)
class Site:
    """A place that is made up."""

    id: str
    name: str
    weight: Decimal

    __pydantic_config__: ClassVar[dict[str, str]] = STRICT


@dataclass(frozen=True)
class Courses:
    """How immunoglobulin is asked for."""

    id: str
    ends: str
    days: Figure
    new_patients: Figure
    qualifying: Figure
    adequate_response: Figure
    rounded_to_g: Figure
    rounded_below_kg: Figure
    rounded_for_small_g: Figure
    dose_outside: Figure
    dose_factors: Factors
    still_active_days: Figure
    stopped: Figure
    courses: tuple[Pattern, ...]
    regimens: tuple[PlainRegimen, ...]
    days_for: tuple[DaysFor, ...]
    drugs: tuple[Drug, ...]
    by_reference: Figure
    per_kg_orders: Figure
    with_quantity: Figure
    by_condition: Figure
    urgent: Figure
    structured: Figure
    checklist: Figure
    sites: tuple[Site, ...]

    __pydantic_config__: ClassVar[dict[str, str]] = STRICT
