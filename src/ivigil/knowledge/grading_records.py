"""How sure evidence makes: levels of a scheme, the certainty that a body gave, and rules of thumb behind hints."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import ClassVar, Literal

from ivigil.knowledge.records import Passage
from ivigil.knowledge.study_records import Design

GradeDomain = Literal[
    "risk of bias",
    "inconsistency",
    "indirectness",
    "imprecision",
    "publication bias",
    "large effect",
    "dose response",
    "opposing confounding",
]
_STRICT = {"extra": "forbid"}


@dataclass(frozen=True)
class EvidenceLevel:
    """One level of a scheme: what it needs, the designs that give it, and the grade of recommendation it leads to."""

    id: str
    text: str
    designs: tuple[Design, ...] = ()
    grade: str | None = None

    __pydantic_config__: ClassVar[dict[str, str]] = _STRICT


@dataclass(frozen=True)
class GradingScheme:
    """A scheme of levels, the highest first. Levels of two schemes are never converted into each other."""

    id: str
    title: str
    passage: Passage
    levels: tuple[EvidenceLevel, ...]
    note: str | None = None

    __pydantic_config__: ClassVar[dict[str, str]] = _STRICT


@dataclass(frozen=True)
class DomainJudgement:
    """What a named body judged of one GRADE domain, how many steps it moved the certainty, and why."""

    domain: GradeDomain
    steps: Literal[-2, -1, 0, 1, 2]
    reason: str

    __pydantic_config__: ClassVar[dict[str, str]] = _STRICT


@dataclass(frozen=True)
class CertaintyRating:
    """The GRADE certainty that a body gave one outcome; ``domains`` where the source states them.

    ``certainty`` is the body's word. It is never computed: ivigil only sets hints beside it.
    """

    id: str
    indication: str
    outcome: str
    body: str
    certainty: Literal["high", "moderate", "low", "very low"]
    passage: Passage
    starts_at: Literal["high", "low"] | None = None
    domains: tuple[DomainJudgement, ...] = ()
    study: str | None = None
    analysis: str | None = None
    judged_on: date | None = None
    note: str | None = None

    __pydantic_config__: ClassVar[dict[str, str]] = _STRICT


@dataclass(frozen=True)
class HintRule:
    """A published rule of thumb behind a computed GRADE hint: a number, its unit, and what it suggests."""

    id: str
    domain: GradeDomain
    text: str
    passage: Passage
    threshold: Decimal | None = None
    unit: str | None = None

    __pydantic_config__: ClassVar[dict[str, str]] = _STRICT
