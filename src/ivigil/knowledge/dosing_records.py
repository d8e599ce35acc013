"""Whose rule makes which weight into a dose, and whose table makes a start and a maximum into steps."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import ClassVar, Literal

from ivigil.knowledge.product_records import RateUnit, Region
from ivigil.knowledge.records import Passage

WeightBasis = Literal["actual", "ideal", "adjusted"]
_STRICT = {"extra": "forbid"}


@dataclass(frozen=True)
class IdealWeight:
    """Devine's formula as a programme prints it: a base by sex and an amount for each inch above a height."""

    male_base_kg: Decimal
    female_base_kg: Decimal
    kg_per_inch: Decimal
    above_inches: Decimal
    inches_per_cm: Decimal
    passage: Passage

    __pydantic_config__: ClassVar[dict[str, str]] = _STRICT


@dataclass(frozen=True)
class WeightClause:
    """While ``when`` holds (always, where it is left out) the dose goes by this weight.

    ``when`` may speak of the facts of the catalogue, ``body_mass_index`` and ``weight_to_ideal`` (actual weight over
    ideal weight) among them.
    """

    id: str
    text: str
    use: WeightBasis
    passage: Passage
    when: str | None = None
    strength: Literal["must", "should", "may"] = "must"

    __pydantic_config__: ClassVar[dict[str, str]] = _STRICT


@dataclass(frozen=True)
class DoseRounding:
    """How a programme rounds a dose in grams; never applied to anyone below ``from_years``."""

    step_g: Decimal
    direction: Literal["nearest", "down", "up"]
    passage: Passage
    from_years: Decimal | None = None
    change_at_most_percent: Decimal | None = None

    __pydantic_config__: ClassVar[dict[str, str]] = _STRICT


@dataclass(frozen=True)
class WeightRule:
    """One programme's rule for the weight that a dose goes by, from a date.

    Every clause whose condition holds speaks. Where they name different weights the rule is ambiguous and both doses
    are shown. ``never_above_actual`` is the guard that a lean patient's dose does not rise.
    ``pregnancy_weight`` says which weight takes the place of the actual one in pregnancy. Only a *programme* explains a
    dose that is asked for; a bare formula and other people's calculators are shown beside it.
    """

    id: str
    title: str
    programme: str
    clauses: tuple[WeightClause, ...]
    passage: Passage
    valid_from: date | None = None
    valid_to: date | None = None
    ideal: IdealWeight | None = None
    adjusted_fraction: Decimal | None = None
    never_above_actual: bool = False
    pregnancy_weight: Literal["actual", "pre-pregnancy"] = "actual"
    rounding: DoseRounding | None = None
    notes: tuple[str, ...] = ()
    kind: Literal["programme", "formula", "calculator"] = "programme"

    __pydantic_config__: ClassVar[dict[str, str]] = _STRICT


@dataclass(frozen=True)
class Observation:
    """When vital signs are taken during and after an infusion."""

    text: str
    passage: Passage

    __pydantic_config__: ClassVar[dict[str, str]] = _STRICT


@dataclass(frozen=True)
class RateProtocol:
    """A named programme's steps for products whose labels print only a start and a maximum.

    ``products`` are those that the programme names. ``weights_kg`` is the band for which the table was written,
    ``weight_band_kg`` the width of its bands (between bands the lower one counts).
    """

    id: str
    title: str
    programme: str
    products: tuple[str, ...]
    unit: RateUnit
    steps: tuple[Decimal, ...]
    passage: Passage
    step_minutes: Decimal | None = None
    first_infusion_maximum: Decimal | None = None
    naive_after_weeks: Decimal | None = None
    weight_from_kg: Decimal | None = None
    weight_to_kg: Decimal | None = None
    weight_band_kg: Decimal | None = None
    observations: tuple[Observation, ...] = ()
    notes: tuple[str, ...] = ()

    __pydantic_config__: ClassVar[dict[str, str]] = _STRICT


@dataclass(frozen=True)
class LadderStep:
    """One step of a local protocol for managing a reaction: from which severity, and what to do."""

    severity: str
    text: str

    __pydantic_config__: ClassVar[dict[str, str]] = _STRICT


@dataclass(frozen=True)
class Formulary:
    """What one place has and how it works: its products, weight rule, protocol, pump, prices, and its own ladder.

    Nothing here has a default: a place that states no limit has none. ``reaction_ladder`` is shown only where a place
    writes its own.
    """

    id: str
    title: str
    source: str
    region: Region | None = None
    products: tuple[str, ...] = ()
    weight_rule: str | None = None
    protocol: str | None = None
    pump_ml_per_h: Decimal | None = None
    volume_ml_per_day: Decimal | None = None
    price_per_g: Decimal | None = None
    currency: str | None = None
    reaction_ladder: tuple[LadderStep, ...] = ()

    __pydantic_config__: ClassVar[dict[str, str]] = _STRICT
