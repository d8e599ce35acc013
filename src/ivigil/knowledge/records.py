"""What knowledge is made of: sources, indications, appraisals, claims with their checks, and the verdict table."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import ClassVar, Literal

from ivigil.facts.definition import FactCode, Option

StandingName = Literal[
    "first-line", "recommended", "limited-evidence", "not-recommended", "harmful", "outside-rule-set", "unlisted"
]
VerdictName = Literal["supported", "not-supported", "avoid", "panel-review", "out-of-scope", "needs-information"]
RegimenRole = Literal["recommended", "studied", "comparator", "superseded"]
ClaimStatus = Literal["confirmed", "wording differs", "contradicted", "misattributed", "not checkable", "not checked"]
_STRICT = {"extra": "forbid"}


@dataclass(frozen=True)
class Source:
    """A public source, how far it was read, and when."""

    id: str
    title: str
    kind: Literal["article", "guideline", "standard", "web page", "data set", "project"]
    read: Literal["full text", "abstract", "table", "excerpt", "own work"]
    retrieved: date
    authors: tuple[str, ...] = ()
    published_in: str | None = None
    year: int | None = None
    doi: str | None = None
    pmid: str | None = None
    url: str | None = None
    note: str | None = None

    __pydantic_config__: ClassVar[dict[str, str]] = _STRICT


@dataclass(frozen=True)
class Passage:
    """A place in a source."""

    source: str
    place: str

    __pydantic_config__: ClassVar[dict[str, str]] = _STRICT


@dataclass(frozen=True)
class Indication:
    """A disease immunoglobulin may be asked for: its names and the codes that name, include or exclude it.

    ``name`` is written as inside a sentence: a capital only where it is a proper name. ``abbreviations`` are short
    forms that mean other things too: one alone does not establish the indication.
    """

    id: str
    name: str
    specialty: str
    synonyms: tuple[str, ...] = ()
    abbreviations: tuple[str, ...] = ()
    names: tuple[FactCode, ...] = ()
    broader: tuple[FactCode, ...] = ()
    excludes: tuple[FactCode, ...] = ()
    note: str | None = None

    __pydantic_config__: ClassVar[dict[str, str]] = _STRICT


@dataclass(frozen=True)
class Criterion:
    """A rule over facts, or a group of criteria. Exactly one of ``rule``, ``all_of`` and ``any_of`` is given."""

    id: str
    text: str
    passage: Passage | None = None
    rule: str | None = None
    all_of: tuple[Criterion, ...] = ()
    any_of: tuple[Criterion, ...] = ()
    applies_when: str | None = None
    strength: str | None = None
    note: str | None = None

    __pydantic_config__: ClassVar[dict[str, str]] = _STRICT


@dataclass(frozen=True)
class Level:
    """A level of evidence in its scheme: stated by the source, shared by a joint row, or our reading."""

    scheme: str
    level: str
    basis: Literal["stated", "joint", "reading"]
    passage: Passage
    note: str | None = None

    __pydantic_config__: ClassVar[dict[str, str]] = _STRICT


@dataclass(frozen=True)
class Span:
    """A dose or number from ``low`` to ``high`` (equal when the source gives one figure)."""

    low: Decimal
    high: Decimal

    __pydantic_config__: ClassVar[dict[str, str]] = _STRICT


@dataclass(frozen=True)
class Regimen:
    """A dose as the source gives it, with the role it has there. What the source does not state is left out."""

    id: str
    text: str
    role: RegimenRole
    route: Literal["intravenous", "subcutaneous"]
    passage: Passage
    daily_g_per_kg: Span | None = None
    days: Span | None = None
    total_g_per_kg: Span | None = None
    interval: str | None = None
    claims: tuple[str, ...] = ()
    note: str | None = None

    __pydantic_config__: ClassVar[dict[str, str]] = _STRICT


@dataclass(frozen=True)
class Alternative:
    """Another treatment that the source names, when it is meant, and what it says of it."""

    id: str
    text: str
    passage: Passage
    when: str | None = None

    __pydantic_config__: ClassVar[dict[str, str]] = _STRICT


@dataclass(frozen=True)
class Advice:
    """Something else the source says: on combination, outcome or use."""

    text: str
    passage: Passage

    __pydantic_config__: ClassVar[dict[str, str]] = _STRICT


@dataclass(frozen=True)
class ReviewRule:
    """When a body wants the effect of treatment looked at, and what has to be shown; months where it gives them."""

    text: str
    passage: Passage
    first_within_months: int | None = None
    then_every_months: int | None = None

    __pydantic_config__: ClassVar[dict[str, str]] = _STRICT


@dataclass(frozen=True)
class Outcome:
    """What the source expects of treatment, when it is seen, and whether it lasts."""

    text: str
    passage: Passage
    transient: bool | None = None
    claims: tuple[str, ...] = ()

    __pydantic_config__: ClassVar[dict[str, str]] = _STRICT


@dataclass(frozen=True)
class Urgency:
    """Whether care can wait: always an emergency, or one while ``when`` holds."""

    text: str
    passage: Passage
    when: str | None = None

    __pydantic_config__: ClassVar[dict[str, str]] = _STRICT


@dataclass(frozen=True)
class StandingException:
    """A condition under which the standing is another one."""

    id: str
    when: str
    standing: StandingName
    text: str
    passage: Passage

    __pydantic_config__: ClassVar[dict[str, str]] = _STRICT


@dataclass(frozen=True)
class CaseExpectation:
    """What a worked case must answer; only what is given is compared."""

    verdict: VerdictName
    missing: tuple[str, ...] | None = None
    may_start: Literal["true", "false", "unknown"] | None = None
    dose_check: Literal["within", "outside", "unknown", "not-stated"] | None = None

    __pydantic_config__: ClassVar[dict[str, str]] = _STRICT


@dataclass(frozen=True)
class WorkedCase:
    """Facts in, answer out. ``request`` and ``facts`` are written as in the flat form."""

    id: str
    text: str
    request: dict[str, object]
    expect: CaseExpectation
    facts: dict[str, object] | None = None
    diagnoses: tuple[dict[str, object], ...] = ()

    __pydantic_config__: ClassVar[dict[str, str]] = _STRICT


@dataclass(frozen=True)
class Appraisal:
    """What one rule set says of one indication; ``stated_as`` is the body's own label where it differs from ours."""

    indication: str
    standing: StandingName
    passage: Passage
    criteria: Criterion | None
    reason: str
    authored_by: str
    checked_by: str
    next_review: date
    cases: tuple[WorkedCase, ...]
    no_criteria: str | None = None
    level: Level | None = None
    standing_exceptions: tuple[StandingException, ...] = ()
    regimens: tuple[Regimen, ...] = ()
    alternatives: tuple[Alternative, ...] = ()
    combination: tuple[Advice, ...] = ()
    outcomes: tuple[Outcome, ...] = ()
    urgency: Urgency | None = None
    claims: tuple[str, ...] = ()
    belongs_to: str | None = None
    stated_as: str | None = None
    diagnosed_by: Advice | None = None
    reviews: tuple[ReviewRule, ...] = ()
    stop_rules: tuple[Advice, ...] = ()
    remarks: tuple[Advice, ...] = ()

    __pydantic_config__: ClassVar[dict[str, str]] = _STRICT


@dataclass(frozen=True)
class RuleSetHead:
    """A dated, versioned body of appraisals: whose it is, from when it holds and what it covers.

    ``remarks`` are what it says of immunoglobulin in general. An ``excerpt`` holds only a part of what its body says:
    it shows that part and never supports a request.
    """

    id: str
    title: str
    version: str
    valid_from: date
    source: str
    covers: str
    scope: Literal["whole", "excerpt"] = "whole"
    remarks: tuple[Advice, ...] = ()

    __pydantic_config__: ClassVar[dict[str, str]] = _STRICT


@dataclass(frozen=True)
class Check:
    """What reading or re-computing a claim found."""

    status: ClaimStatus
    found: str
    source: str | None = None
    checked_on: date | None = None

    __pydantic_config__: ClassVar[dict[str, str]] = _STRICT


@dataclass(frozen=True)
class Claim:
    """A number or finding that a source states; what a check of it found is kept apart."""

    id: str
    text: str
    passage: Passage
    check: Check
    indication: str | None = None

    __pydantic_config__: ClassVar[dict[str, str]] = _STRICT


@dataclass(frozen=True)
class Position:
    """What one body or study says on a question on which others say otherwise."""

    body: str
    says: str
    passage: Passage
    kind: Literal["current", "superseded", "study"]

    __pydantic_config__: ClassVar[dict[str, str]] = _STRICT


@dataclass(frozen=True)
class Difference:
    """A question on which sources disagree: the positions side by side, none of them chosen."""

    id: str
    question: str
    indications: tuple[str, ...]
    positions: tuple[Position, ...]

    __pydantic_config__: ClassVar[dict[str, str]] = _STRICT


@dataclass(frozen=True)
class VerdictRow:
    """One row of the verdict table: a rule over the columns, and the verdict it leads to."""

    id: str
    when: str
    verdict: VerdictName
    reason: str

    __pydantic_config__: ClassVar[dict[str, str]] = _STRICT


@dataclass(frozen=True)
class VerdictTable:
    """The rows, of which exactly one holds for any combination of column values."""

    id: str
    rows: tuple[VerdictRow, ...]
    source: str

    __pydantic_config__: ClassVar[dict[str, str]] = _STRICT


@dataclass(frozen=True)
class Rounding:
    """How far an ordered dose may lie from a regimen because doses are given in whole vials.

    The rule is for adults where ``from_years`` is given: a younger patient's dose is not rounded by it.
    """

    id: str
    step_g: Decimal
    text: str
    source: str
    from_years: Decimal | None = None

    __pydantic_config__: ClassVar[dict[str, str]] = _STRICT


@dataclass(frozen=True)
class OptionSet:
    """Options that several coded facts share."""

    id: str
    options: tuple[Option, ...]

    __pydantic_config__: ClassVar[dict[str, str]] = _STRICT


@dataclass(frozen=True)
class Doubt:
    """Words and signs that make the name of a disease a suspicion, a denial or somebody else's disease."""

    id: str
    words: tuple[str, ...]
    denials: tuple[str, ...]
    signs: tuple[str, ...]
    relatives: tuple[str, ...]

    __pydantic_config__: ClassVar[dict[str, str]] = _STRICT


@dataclass(frozen=True)
class Answers:
    """Coded answers that mean yes or no for any truth."""

    id: str
    answers: tuple[FactCode, ...]

    __pydantic_config__: ClassVar[dict[str, str]] = _STRICT
