"""A decision: what was asked, what is judged, on which grounds, and what would change it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Literal

from ivigil.criteria import Trace, Truth
from ivigil.facts import Fact, Reason, Request, Settled, Unused
from ivigil.knowledge import (
    Alternative,
    Appraisal,
    Claim,
    Criterion,
    Difference,
    Indication,
    Level,
    Regimen,
    RuleSet,
    Source,
    StandingException,
    StandingName,
    VerdictName,
    VerdictRow,
)
from ivigil.review.match import Match

DoseResult = Literal["within", "outside", "unknown", "not-stated"]
Dimension = Literal["daily", "total"]


@dataclass(frozen=True)
class FactShown:
    """A fact behind a criterion: what is known of it, and from where."""

    fact: Fact
    settled: Settled


@dataclass(frozen=True)
class CriterionResult:
    """How one criterion came out, exactly, with the trace of its rule and the facts behind it."""

    criterion: Criterion
    truth: Truth
    facts: tuple[FactShown, ...]
    trace: Trace | None
    members: tuple[CriterionResult, ...] = ()


@dataclass(frozen=True)
class Outcome:
    """One value that a fact could have, and the verdicts that could then be reached."""

    value: str
    verdicts: tuple[VerdictName, ...]


@dataclass(frozen=True)
class Missing:
    """A fact that could still change the verdict, why it is unknown, and what each answer would do."""

    shown: FactShown
    outcomes: tuple[Outcome, ...]
    beside: tuple[FactShown, ...] = ()

    @property
    def settles(self) -> float:
        """The share of possible answers after which only one verdict is left."""
        settled = sum(len(one.verdicts) == 1 for one in self.outcomes)
        return settled / len(self.outcomes) if self.outcomes else 1.0

    @property
    def leaves(self) -> float:
        """How many verdicts an answer leaves open on average."""
        return sum(len(one.verdicts) for one in self.outcomes) / len(self.outcomes) if self.outcomes else 1.0


@dataclass(frozen=True)
class Change:
    """A known fact that would lead to another verdict if it were otherwise."""

    shown: FactShown
    outcomes: tuple[Outcome, ...]


@dataclass(frozen=True)
class DoseLine:
    """One dimension of a dose: what is asked, what a regimen gives, in grams or grams per kg, and how they compare."""

    name: Dimension
    result: DoseResult
    asked: Decimal | None = None
    low: Decimal | None = None
    high: Decimal | None = None
    unit: str = ""


@dataclass(frozen=True)
class RegimenCheck:
    """How the dose asked for compares with one recommended regimen; ``other_route`` where another one is asked for."""

    regimen: Regimen
    result: DoseResult
    lines: tuple[DoseLine, ...]
    other_route: str | None = None


@dataclass(frozen=True)
class DoseCheck:
    """How the dose asked for compares with the recommended regimens; what would have to be known to tell."""

    result: DoseResult
    regimens: tuple[RegimenCheck, ...] = ()
    needs: tuple[Fact, ...] = ()
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True)
class MayStart:
    """Whether care may start before a verdict: only for emergencies that cannot wait."""

    truth: Truth
    text: str | None = None
    needs: tuple[FactShown, ...] = ()


@dataclass(frozen=True)
class ExceptionResult:
    """Whether a condition holds under which the standing is another one, and the facts behind it."""

    exception: StandingException
    truth: Truth
    facts: tuple[FactShown, ...]


@dataclass(frozen=True)
class Decision:
    """The answer to one request under one rule set.

    ``known`` is every fact as it was settled for it.
    What an appraisal gives stays empty where the rule set does not speak of what is asked for.
    """

    case: str
    today: date
    rules: RuleSet
    knowledge_hash: str
    request: Request | None
    verdict: VerdictName
    reachable: tuple[VerdictName, ...]
    row: VerdictRow | None
    asked: Reason | None = None
    match: Match | None = None
    indication: Indication | None = None
    appraisal: Appraisal | None = None
    standing: StandingName = "unlisted"
    exceptions: tuple[ExceptionResult, ...] = ()
    criteria: tuple[CriterionResult, ...] = ()
    missing: tuple[Missing, ...] = ()
    changes: tuple[Change, ...] = ()
    may_start: MayStart = MayStart(Truth.NOT_MET)
    dose: DoseCheck = DoseCheck("not-stated")
    alternatives: tuple[tuple[Alternative, Truth], ...] = ()
    claims: tuple[Claim, ...] = ()
    differences: tuple[Difference, ...] = ()
    sources: tuple[Source, ...] = ()
    warnings: tuple[str, ...] = ()
    ignored: tuple[Unused, ...] = ()
    known: Mapping[str, Settled] = field(default_factory=dict)

    @property
    def exception(self) -> StandingException | None:
        """The exception that gives the standing, if one is known to: the first that holds."""
        undecided = [one for one in self.exceptions if one.truth is not Truth.NOT_MET]
        return undecided[0].exception if undecided and undecided[0].truth is Truth.MET else None

    @property
    def level(self) -> Level | None:
        """The level of evidence, which belongs to the standing that the appraisal itself gives."""
        own = self.appraisal is not None and self.exception is None and self.standing == self.appraisal.standing
        return self.appraisal.level if self.appraisal and own else None
