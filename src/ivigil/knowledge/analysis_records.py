"""An analysis: the question, the studies that are pooled for it, and the figure that a source prints."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar, Literal

from ivigil.knowledge.records import Passage
from ivigil.knowledge.study_records import Better, MeasureOfStudy

_STRICT = {"extra": "forbid"}


@dataclass(frozen=True)
class StudyUsed:
    """One study's result in an analysis: which, and the arms that are compared (``a`` against ``b``)."""

    study: str
    result: str
    a: str
    b: str | None = None
    subgroup: str | None = None

    __pydantic_config__: ClassVar[dict[str, str]] = _STRICT


@dataclass(frozen=True)
class StudyMissing:
    """A study that the analysis should hold and whose figures could not be read."""

    name: str
    why: str

    __pydantic_config__: ClassVar[dict[str, str]] = _STRICT


@dataclass(frozen=True)
class PublishedEffect:
    """The pooled effect that a source prints for the same question."""

    measure: MeasureOfStudy
    estimate: Decimal
    low: Decimal
    high: Decimal
    passage: Passage
    trials: int | None = None
    participants: int | None = None

    __pydantic_config__: ClassVar[dict[str, str]] = _STRICT


@dataclass(frozen=True)
class BaselineRisk:
    """The risk without treatment that absolute effects are computed from, between 0 and 1, and whose it is."""

    risk: Decimal
    text: str
    passage: Passage

    __pydantic_config__: ClassVar[dict[str, str]] = _STRICT


@dataclass(frozen=True)
class Conventions:
    """How an analysis is pooled by default; every name is one of ``ivigil.synthesis.options``."""

    model: Literal["common", "random"] = "random"
    method: Literal["inverse-variance", "mantel-haenszel", "peto"] = "inverse-variance"
    tau2: Literal["DL", "PM", "REML", "ML", "HE", "SJ", "EB", "HS"] = "REML"
    interval: Literal["normal", "hartung-knapp", "hartung-knapp-at-least-normal"] = "normal"
    zero_cells: Literal["none", "metafor", "revman"] = "revman"

    __pydantic_config__: ClassVar[dict[str, str]] = _STRICT


@dataclass(frozen=True)
class Analysis:
    """A question, the results that are pooled for it, and the published figure it re-runs, if any.

    An analysis with anything ``missing`` never counts as a reproduction of ``published``.
    """

    id: str
    title: str
    indication: str
    population: str
    intervention: str
    comparator: str
    outcome: str
    better: Better
    measure: Literal["RR", "OR", "RD", "PETO", "MD", "SMD", "HR", "PR", "PLO", "PFT"]
    studies: tuple[StudyUsed, ...]
    why_these: str
    conventions: Conventions = Conventions()
    missing: tuple[StudyMissing, ...] = ()
    published: PublishedEffect | None = None
    baseline: BaselineRisk | None = None
    claims: tuple[str, ...] = ()
    note: str | None = None

    __pydantic_config__: ClassVar[dict[str, str]] = _STRICT
