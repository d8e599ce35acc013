"""What evidence is made of: studies, analyses that pool them, levels and certainty as judged, and the search.

A figure stands here as its source prints it. Nothing is computed in the data but a count that a printed percentage of
a printed number leaves no choice about, and then ``verified`` says so.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
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


@dataclass(frozen=True)
class SearchPart:
    """Terms joined by *or*; ``field`` names where they are looked for, if not anywhere."""

    terms: tuple[str, ...]
    field: Literal["mesh", "title", "title or abstract", "language", "publication type"] | None = None

    __pydantic_config__: ClassVar[dict[str, str]] = _STRICT


@dataclass(frozen=True)
class SearchQuery:
    """A literature search that can be run again: parts joined by *and*, a span of years, databases and languages.

    Where ``per_indication`` is true the names of an indication are one more part.
    """

    id: str
    title: str
    version: str
    passage: Passage
    databases: tuple[str, ...]
    parts: tuple[SearchPart, ...]
    per_indication: bool
    from_year: int | None = None
    until: date | None = None
    languages: tuple[str, ...] = ()
    note: str | None = None

    __pydantic_config__: ClassVar[dict[str, str]] = _STRICT


@dataclass(frozen=True)
class TwoByTwoStated:
    """A two-by-two table that a claim states: events and participants of two groups."""

    events_a: int
    n_a: int
    events_b: int
    n_b: int

    __pydantic_config__: ClassVar[dict[str, str]] = _STRICT


@dataclass(frozen=True)
class Recomputation:
    """One figure of a claim that can be computed again from figures its source, or its check's source, prints.

    ``kind`` names the arithmetic, ``stated`` the figures that should come out, in its order:

    - ``absolute from ratio``: ``risk`` times ``ratio`` (estimate, low, high); ``risk`` between 0 and 1.
    - ``symmetric interval``: the middle of ``interval`` (low, high) on the scale of ``measure``.
    - ``p value``: of ``table`` by ``test``.
    - ``proportion``: events over participants of ``table``'s groups, in per cent.
    - ``p from interval``: two-sided, from ``interval`` around the first of ``ratio`` on the scale of ``measure``.
    - ``difference of means``: ``means`` (mean, sd, n; mean, sd, n) give the difference and its p value by Student's t.
    """

    id: str
    claim: str
    kind: Literal[
        "absolute from ratio",
        "symmetric interval",
        "p value",
        "proportion",
        "p from interval",
        "difference of means",
    ]
    text: str
    stated: tuple[Decimal, ...]
    passage: Passage
    risk: Decimal | None = None
    ratio: tuple[Decimal, ...] = ()
    interval: tuple[Decimal, ...] = ()
    measure: MeasureOfStudy | None = None
    table: TwoByTwoStated | None = None
    test: Literal["chi-squared", "chi-squared with continuity correction", "Fisher"] | None = None
    means: tuple[Decimal, ...] = ()
    finds: Literal["confirmed", "differs"] = "confirmed"
    note: str | None = None

    __pydantic_config__: ClassVar[dict[str, str]] = _STRICT
