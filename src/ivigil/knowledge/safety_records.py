"""Hazards of immunoglobulin, what to do about them, products a patient cannot have, and how reactions are named."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import ClassVar, Literal

from ivigil.knowledge.product_records import Status, Substance
from ivigil.knowledge.records import Advice, Passage

Phase = Literal["before", "during", "after", "reaction"]
Lever = Literal["product", "rate", "split", "dose", "route", "hydration", "premedication", "anticoagulation", "test"]
_STRICT = {"extra": "forbid"}


@dataclass(frozen=True)
class Frequency:
    """How often a hazard was seen: in whom, counted per what, and by whom; never one number for everybody."""

    text: str
    population: str
    per: Literal["patient", "infusion", "course", "report", "product mass", "person-time", "not stated"]
    passage: Passage
    percent_low: Decimal | None = None
    percent_high: Decimal | None = None
    claim: str | None = None

    __pydantic_config__: ClassVar[dict[str, str]] = _STRICT


@dataclass(frozen=True)
class RiskFactor:
    """Something that makes a hazard likelier; ``rule`` speaks of the patient, the request or the infusion planned.

    ``makes_at_risk`` says that labels name it in their warning: present or unknown, it brings their cap for patients at
    risk. The wider risk factors of reviews and cohorts do not.
    """

    id: str
    text: str
    passage: Passage
    rule: str | None = None
    status: Status = "verified"
    effect: str | None = None
    makes_at_risk: bool = False
    note: str | None = None

    __pydantic_config__: ClassVar[dict[str, str]] = _STRICT


@dataclass(frozen=True)
class Precaution:
    """Something to do before, during or after an infusion, or when a reaction comes.

    Advised while ``when`` is met or unknown (always, where it is left out). One that can itself do harm carries
    ``harmful_if``: it is advised only once that is known not to hold. Days and hours count from the end of the
    infusion in phase *after*, back from its start in phase *before*. ``shown_by`` names facts any one of which, once
    it is known, shows that it was taken, as far as a record can show that.
    """

    id: str
    text: str
    phase: Phase
    passage: Passage
    kind: Literal["prevention", "monitoring", "treatment"] = "prevention"
    levers: tuple[Lever, ...] = ()
    when: str | None = None
    harmful_if: str | None = None
    from_day: int | None = None
    to_day: int | None = None
    from_minutes: int | None = None
    to_minutes: int | None = None
    status: Status = "verified"
    claims: tuple[str, ...] = ()
    note: str | None = None
    shown_by: tuple[str, ...] = ()

    __pydantic_config__: ClassVar[dict[str, str]] = _STRICT


@dataclass(frozen=True)
class Hazard:
    """An adverse event: how often, in whom it is likelier, why, when, how severe, and what to do.

    ``makes_at_risk`` says that labels cap the rate for patients at risk of it.
    """

    id: str
    name: str
    severity: str
    onset: str
    passage: Passage
    frequencies: tuple[Frequency, ...]
    risk_factors: tuple[RiskFactor, ...]
    precautions: tuple[Precaution, ...]
    mechanism: tuple[Advice, ...] = ()
    onset_from_hours: Decimal | None = None
    onset_to_hours: Decimal | None = None
    makes_at_risk: bool = False
    route: Literal["any", "intravenous", "subcutaneous"] = "any"
    claims: tuple[str, ...] = ()
    notes: tuple[Advice, ...] = ()

    __pydantic_config__: ClassVar[dict[str, str]] = _STRICT


@dataclass(frozen=True)
class ProductRule:
    """Which products a patient cannot have: while ``when`` holds, none that contains one of ``contains``.

    ``iga`` asks instead for the lowest IgA: such a rule never clears a product, it ranks them for a specialist.
    ``kind`` *caution* warns and leaves the product in.
    """

    id: str
    text: str
    when: str
    passage: Passage
    contains: tuple[Substance, ...] = ()
    iga: bool = False
    kind: Literal["out", "caution"] = "out"
    status: Status = "verified"

    __pydantic_config__: ClassVar[dict[str, str]] = _STRICT


@dataclass(frozen=True)
class Sign:
    """A finding that a case definition counts."""

    id: str
    text: str
    group: str | None = None

    __pydantic_config__: ClassVar[dict[str, str]] = _STRICT


@dataclass(frozen=True)
class Needed:
    """At least so many of these signs."""

    at_least: int
    of: tuple[str, ...]

    __pydantic_config__: ClassVar[dict[str, str]] = _STRICT


@dataclass(frozen=True)
class CaseLevel:
    """What a level of certainty asks for: all of ``needs``, and onset within so many hours where given."""

    name: Literal["definitive", "probable", "possible"]
    needs: tuple[Needed, ...]
    onset_within_hours: Decimal | None = None

    __pydantic_config__: ClassVar[dict[str, str]] = _STRICT


@dataclass(frozen=True)
class Grade:
    """A grade of severity or of imputability."""

    id: str
    text: str

    __pydantic_config__: ClassVar[dict[str, str]] = _STRICT


@dataclass(frozen=True)
class ReactionDefinition:
    """A body's definition of a reaction, of one version: signs, levels of certainty, severity and imputability."""

    id: str
    name: str
    body: str
    version: str
    passage: Passage
    signs: tuple[Sign, ...]
    levels: tuple[CaseLevel, ...]
    status: Status
    valid_from: date | None = None
    hazard: str | None = None
    severity: tuple[Grade, ...] = ()
    imputability: tuple[Grade, ...] = ()
    notes: tuple[str, ...] = ()

    __pydantic_config__: ClassVar[dict[str, str]] = _STRICT


@dataclass(frozen=True)
class ReactionChange:
    """What a recorded reaction changes next time: while it was of ``hazard`` (of any, where that is left out).

    Where the source speaks of a severity, ``severity_from`` is the least grade that counts, in the scheme of the
    reaction definition ``severity_scheme``. A grade of another scheme does not compare, and leaves the change unknown.
    """

    id: str
    hazard: str | None
    text: str
    levers: tuple[Lever, ...]
    passage: Passage
    status: Status = "verified"
    severity_from: str | None = None
    severity_scheme: str | None = None

    __pydantic_config__: ClassVar[dict[str, str]] = _STRICT
