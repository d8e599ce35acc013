"""What is known of a product: each figure with its own source, and whether that source was read or only remembered.

Doubt is asymmetric. What permits (a rate, a licence, a factor, the absence of a substance) counts only when verified;
what restricts (a contraindication, a content, a cap) counts even when it is only remembered, and says so. What is not
given is unknown.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import ClassVar, Literal

Status = Literal["verified", "remembered"]
Region = Literal["US", "CA", "EU", "UK", "CH", "AU", "NZ"]
Route = Literal["intravenous", "subcutaneous", "facilitated-subcutaneous"]
RateUnit = Literal["mg/kg/min", "mL/kg/h", "mL/kg/min", "mL/h"]
Substance = Literal[
    "albumin",
    "fructose",
    "glucose",
    "glycine",
    "hyaluronidase",
    "maltose",
    "polysorbate-80",
    "proline",
    "sorbitol",
    "sucrose",
]
_STRICT = {"extra": "forbid"}


@dataclass(frozen=True)
class Words:
    """Something a label says, in our own words."""

    text: str
    status: Status
    source: str

    __pydantic_config__: ClassVar[dict[str, str]] = _STRICT


@dataclass(frozen=True)
class Content:
    """Whether a product holds a substance, or has a property; ``amount`` as the label gives it."""

    present: bool
    status: Status
    source: str
    amount: str | None = None

    __pydantic_config__: ClassVar[dict[str, str]] = _STRICT


@dataclass(frozen=True)
class IgaContent:
    """IgA in micrograms per mL, and what kind of figure it is: figures of different kinds do not compare."""

    ug_per_ml: Decimal
    kind: Literal["max", "average", "typical"]
    status: Status
    source: str
    note: str | None = None

    __pydantic_config__: ClassVar[dict[str, str]] = _STRICT


@dataclass(frozen=True)
class Measured:
    """A property from ``low`` to ``high``; a limit alone leaves the other end out."""

    unit: str
    status: Status
    source: str
    low: Decimal | None = None
    high: Decimal | None = None
    note: str | None = None

    __pydantic_config__: ClassVar[dict[str, str]] = _STRICT


@dataclass(frozen=True)
class Vials:
    """The sizes in which a product comes, in grams of immunoglobulin."""

    sizes_g: tuple[Decimal, ...]
    status: Status
    source: str
    note: str | None = None

    __pydantic_config__: ClassVar[dict[str, str]] = _STRICT


@dataclass(frozen=True)
class Licence:
    """A licensed use: the indication by id where we have it, the label's name, and the ages it holds for."""

    text: str
    status: Status
    source: str
    indication: str | None = None
    from_years: Decimal | None = None
    to_years: Decimal | None = None

    __pydantic_config__: ClassVar[dict[str, str]] = _STRICT


@dataclass(frozen=True)
class RateSchedule:
    """How fast a product is infused, in the label's own unit.

    ``steps`` are the rates in order where the label prints each of them, each held for ``step_minutes`` (the first
    for ``hold_minutes`` where given). Where the label prints only a start and a maximum, ``steps`` is empty and no
    step is ever made up. ``increment`` is for labels that print a fixed rise every ``step_minutes``.
    ``indications`` limits the schedule to some uses; empty means every licensed use. ``later`` marks a schedule
    for patients who have tolerated the product before.
    """

    id: str
    text: str
    unit: RateUnit
    start: Decimal
    maximum: Decimal
    status: Status
    source: str
    hold_minutes: Decimal | None = None
    step_minutes: Decimal | None = None
    steps: tuple[Decimal, ...] = ()
    increment: Decimal | None = None
    indications: tuple[str, ...] = ()
    later: bool = False
    when: str | None = None

    __pydantic_config__: ClassVar[dict[str, str]] = _STRICT


@dataclass(frozen=True)
class CapFigure:
    """One limit on a rate; ``below`` means that the limit itself is too fast."""

    limit: Decimal
    unit: RateUnit
    below: bool = False

    __pydantic_config__: ClassVar[dict[str, str]] = _STRICT


@dataclass(frozen=True)
class RateCap:
    """A limit on the rate: for patients at risk, for a first infusion, or while ``when`` holds.

    ``figures`` holds each unit in which the label states the cap; where they disagree the lower one counts. No
    figure means that the label asks for the slowest practicable rate and gives no number.
    """

    id: str
    text: str
    applies_to: Literal["at-risk", "first-infusion", "always", "when"]
    status: Status
    source: str
    figures: tuple[CapFigure, ...] = ()
    indications: tuple[str, ...] = ()
    when: str | None = None

    __pydantic_config__: ClassVar[dict[str, str]] = _STRICT


@dataclass(frozen=True)
class SiteRule:
    """Subcutaneous limits per site while ``when`` holds; ``infusions`` says for which infusions of the course."""

    id: str
    text: str
    status: Status
    source: str
    when: str | None = None
    infusions: Literal["first", "later", "all"] = "all"
    volume_ml_per_site: Decimal | None = None
    rate_ml_per_h_per_site: Decimal | None = None
    rate_ml_per_h_all_sites: Decimal | None = None
    volume_ml_per_day: Decimal | None = None
    sites_at_most: int | None = None
    steps_ml_per_h_per_site: tuple[Decimal, ...] = ()
    step_minutes: Decimal | None = None

    __pydantic_config__: ClassVar[dict[str, str]] = _STRICT


@dataclass(frozen=True)
class Factor:
    """By what a label multiplies the intravenous dose to get the subcutaneous one.

    ``indications`` are those that the label gives it for, where it says so of some only.
    """

    value: Decimal
    text: str
    status: Status
    source: str
    label_date: date | None = None
    indications: tuple[str, ...] = ()

    __pydantic_config__: ClassVar[dict[str, str]] = _STRICT


@dataclass(frozen=True)
class RampStep:
    """One step of the way up to the full subcutaneous dose: in which week, and how many weeks' worth is given."""

    week: int
    weeks_of_dose: Decimal

    __pydantic_config__: ClassVar[dict[str, str]] = _STRICT


@dataclass(frozen=True)
class RampUp:
    """The label's way up to the full dose."""

    steps: tuple[RampStep, ...]
    text: str
    status: Status
    source: str

    __pydantic_config__: ClassVar[dict[str, str]] = _STRICT


@dataclass(frozen=True)
class Contraindication:
    """Who must not have the product, in the scope that the label itself gives; ``rule`` speaks of the patient."""

    id: str
    text: str
    rule: str
    status: Status
    source: str
    kind: Literal["contraindicated", "caution"] = "contraindicated"

    __pydantic_config__: ClassVar[dict[str, str]] = _STRICT


@dataclass(frozen=True)
class DoseLimit:
    """The most a label allows of a product, per infusion day or per course."""

    text: str
    status: Status
    source: str
    g_per_kg_per_day: Decimal | None = None
    g_per_kg_per_course: Decimal | None = None
    indications: tuple[str, ...] = ()

    __pydantic_config__: ClassVar[dict[str, str]] = _STRICT


@dataclass(frozen=True)
class Marketing:
    """Whether a product can be had."""

    state: Literal["marketed", "announced", "ending", "ended"]
    text: str
    status: Status
    source: str

    __pydantic_config__: ClassVar[dict[str, str]] = _STRICT


@dataclass(frozen=True)
class Product:
    """One product under the label of one region. What a label does not say, or was not read, is left out."""

    id: str
    brand: str
    maker: str
    region: Region
    route: Route
    g_per_100_ml: Decimal
    concentration: Words
    label_date: date | None = None
    label_note: str | None = None
    also_regions: tuple[Region, ...] = ()
    marketing: Marketing | None = None
    stabiliser: Words | None = None
    contents: dict[Substance, Content] | None = None
    iga: IgaContent | None = None
    sodium: Measured | None = None
    osmolality: Measured | None = None
    ph: Measured | None = None
    vials: Vials | None = None
    licences: tuple[Licence, ...] = ()
    rates: tuple[RateSchedule, ...] = ()
    caps: tuple[RateCap, ...] = ()
    dose_limits: tuple[DoseLimit, ...] = ()
    sites: tuple[SiteRule, ...] = ()
    ramp_up: RampUp | None = None
    iv_to_sc: Factor | None = None
    contraindications: tuple[Contraindication, ...] = ()
    boxed_warnings: tuple[Words, ...] = ()
    isoagglutinin_reduction: Content | None = None
    notes: tuple[Words, ...] = ()

    __pydantic_config__: ClassVar[dict[str, str]] = _STRICT
