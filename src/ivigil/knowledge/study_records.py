"""A study as its source prints it: arms, counts and means, effects, and what it found.

Nothing is computed in the data but a count that a printed percentage of a printed number leaves no choice about, and
then ``verified`` says so.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar, Literal

from ivigil.knowledge.records import Passage

Design = Literal[
    "systematic review of randomised trials",
    "systematic review of observational studies",
    "randomised parallel trial",
    "randomised crossover trial",
    "randomised withdrawal trial",
    "controlled trial without randomisation",
    "cohort",
    "case-control",
    "before-after",
    "case series",
    "open extension",
    "dose-finding without control",
]
Better = Literal["higher", "lower"]
FigureRead = Literal["figure read", "count from percentage"]
CompareBy = Literal[
    "parallel arms",
    "first period",
    "crossover, periods as arms",
    "crossover, paired",
    "pooled by the review",
    "adjusted",
    "within one group",
]
MeasureOfStudy = Literal["RR", "OR", "RD", "MD", "SMD", "HR", "rate ratio", "proportion", "difference of means"]
_STRICT = {"extra": "forbid"}


@dataclass(frozen=True)
class StudyArm:
    """One arm as the source names it: its treatment, dose, and how many were in it where that is stated."""

    id: str
    treatment: str
    dose: str | None = None
    n: int | None = None

    __pydantic_config__: ClassVar[dict[str, str]] = _STRICT


@dataclass(frozen=True)
class ArmCount:
    """Events among the ``n`` of one arm, and the percentage where the source prints one."""

    arm: str
    events: int
    n: int
    percent: Decimal | None = None

    __pydantic_config__: ClassVar[dict[str, str]] = _STRICT


@dataclass(frozen=True)
class ArmPercent:
    """A percentage of one arm whose count cannot be told."""

    arm: str
    percent: Decimal

    __pydantic_config__: ClassVar[dict[str, str]] = _STRICT


@dataclass(frozen=True)
class ArmMean:
    """Mean and standard deviation of one arm: of the final value, or of the change from baseline."""

    arm: str
    mean: Decimal
    sd: Decimal
    n: int
    of: Literal["final value", "change"]

    __pydantic_config__: ClassVar[dict[str, str]] = _STRICT


@dataclass(frozen=True)
class ReportedEffect:
    """An effect as the source prints it, of arm ``a`` against arm ``b``, with its interval at ``level`` per cent."""

    measure: MeasureOfStudy
    estimate: Decimal
    a: str
    b: str | None = None
    low: Decimal | None = None
    high: Decimal | None = None
    level: Decimal = Decimal(95)
    adjusted: bool = False

    __pydantic_config__: ClassVar[dict[str, str]] = _STRICT


@dataclass(frozen=True)
class StudyResult:
    """One outcome at one time: what is better, how it was compared, and the figures that were read.

    ``says`` holds the finding in words where no figure was read. ``p`` is as printed, such as ``<0.001``.
    """

    id: str
    outcome: str
    better: Better
    compared: CompareBy
    passage: Passage
    verified: FigureRead
    time: str | None = None
    unit: str | None = None
    counts: tuple[ArmCount, ...] = ()
    percents: tuple[ArmPercent, ...] = ()
    means: tuple[ArmMean, ...] = ()
    effect: ReportedEffect | None = None
    p: str | None = None
    says: str | None = None
    note: str | None = None

    __pydantic_config__: ClassVar[dict[str, str]] = _STRICT


@dataclass(frozen=True)
class Joins:
    """An analysis that a study's result belongs in, named from the study's side: how a new study comes to be pooled."""

    analysis: str
    result: str
    a: str
    b: str | None = None
    subgroup: str | None = None

    __pydantic_config__: ClassVar[dict[str, str]] = _STRICT


@dataclass(frozen=True)
class Study:
    """A study, or a review that pools several: who was in it, what was compared, and what it found.

    ``condition`` says of what disease it is; ``indication`` is the id where it is one of ours. ``participants`` is how
    many were randomised or included, as the source states it. ``changes`` says what it alters for a reader of an older
    review, and ``claims`` are those of an older source that it bears on. ``joins`` names analyses it takes part in
    without being named there, as a study from a local folder does. ``about`` says what is tested: only a study of
    immunoglobulin itself counts for a level of evidence of its use.
    """

    id: str
    name: str
    year: int
    design: Design
    condition: str
    arms: tuple[StudyArm, ...]
    results: tuple[StudyResult, ...]
    passage: Passage
    indication: str | None = None
    about: Literal["immunoglobulin", "an addition to immunoglobulin", "another treatment"] = "immunoglobulin"
    participants: int | None = None
    trials: int | None = None
    population: str | None = None
    masked: bool | None = None
    changes: str | None = None
    claims: tuple[str, ...] = ()
    joins: tuple[Joins, ...] = ()
    note: str | None = None

    __pydantic_config__: ClassVar[dict[str, str]] = _STRICT
