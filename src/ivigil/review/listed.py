"""The decision on an indication that the rule set appraises."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from ivigil.criteria import Truth, conjunction
from ivigil.facts import Case, Exactly, Request, Settled
from ivigil.knowledge import Appraisal, Claim, Criterion, Library, RuleSet, Source, StandingName, has
from ivigil.review.compiled import ORDERED, Compiled
from ivigil.review.decision import CriterionResult, Decision, DoseCheck, ExceptionResult, MayStart
from ivigil.review.dose_check import check_dose
from ivigil.review.match import Match
from ivigil.review.reach import Reach
from ivigil.review.remarks import cited_in, ignored, warnings

_NEVER_STARTS = frozenset({"avoid", "not-supported", "out-of-scope", "panel-review"})
# A regimen is recommended for a use that the source supports, and for no other.
DOSED = frozenset({"first-line", "recommended", "limited-evidence"})


@dataclass(frozen=True)
class Question:
    """One indication of one request under one appraisal, and every fact as it is known."""

    case: Case
    request: Request
    match: Match
    appraisal: Appraisal
    rules: RuleSet
    today: date
    known: Mapping[str, Settled]

    @property
    def facts(self) -> dict[str, Settled]:
        """What is known, with what the request itself settles: the drug, and whether the patient has the indication."""
        named = {ORDERED: Settled(ORDERED, Exactly(True), why_unknown=None)} if self.request.medication_named else {}
        return {**self.known, **named, has(self.match.indication.id): self.match.established}


def decide_listed(question: Question, compiled: Compiled, library: Library, remarked: tuple[str, ...]) -> Decision:
    """The decision on ``question``; ``remarked`` are warnings that do not come from facts."""
    known = question.facts
    reach = Reach(compiled, library, known)
    appraisal, match = question.appraisal, question.match
    verdict = reach.verdicts[0] if len(reach.verdicts) == 1 else "needs-information"
    rows = [row for row in library.verdicts.rows if row.id in reach.rows]
    standing = _standing(reach, appraisal)
    dose = check_dose(appraisal, known, library, question.rules.rounding)
    if standing not in DOSED:
        dose = DoseCheck("not-stated", warnings=dose.warnings)
    claims = tuple(library.claims[one] for one in dict.fromkeys(appraisal.claims))
    return Decision(
        case=question.case.name,
        today=question.today,
        rules=question.rules,
        knowledge_hash=library.hash,
        request=question.request,
        verdict=verdict,
        reachable=reach.verdicts,
        row=rows[0] if len(rows) == 1 else None,
        asked=match.reason,
        match=match,
        indication=match.indication,
        appraisal=appraisal,
        standing=standing,
        exceptions=_exceptions(reach, appraisal),
        criteria=_criteria(reach, appraisal.criteria),
        missing=reach.missing(),
        changes=reach.changes(),
        may_start=_may_start(reach, question, verdict),
        dose=dose,
        alternatives=tuple((one, reach.rule(one.when)) for one in appraisal.alternatives),
        claims=claims,
        differences=(differences := library.differences_on(appraisal.indication)),
        sources=_sources(question, (*compiled.sources, *cited_in(differences)), claims, library),
        warnings=warnings(library, question.case, known, (*dose.warnings, *remarked)),
        ignored=ignored(question.case, known),
        known=known,
    )


def _standing(reach: Reach, appraisal: Appraisal) -> StandingName:
    """The standing once it is certain; while an exception or the diagnosis is open, that of the appraisal."""
    found = reach.standings
    if len(found) > 1:
        found -= {"unlisted"}
    return next(iter(found)) if len(found) == 1 else appraisal.standing


def _exceptions(reach: Reach, appraisal: Appraisal) -> tuple[ExceptionResult, ...]:
    return tuple(
        ExceptionResult(one, reach.rule(one.when), tuple(reach.shown(fact) for fact in reach.facts_of(one.when)))
        for one in appraisal.standing_exceptions
    )


def _criteria(reach: Reach, criteria: Criterion | None) -> tuple[CriterionResult, ...]:
    """The criteria to show first: the members of an outermost *all of*, else the one criterion."""
    if criteria is None:
        return ()
    members = criteria.all_of if criteria.applies_when is None else ()
    return tuple(reach.criterion(one) for one in members or (criteria,))


def _may_start(reach: Reach, question: Question, verdict: str) -> MayStart:
    """Whether care may start: in an emergency that the appraisal names, while harm is ruled out."""
    urgency = question.appraisal.urgency
    if urgency is None or verdict in _NEVER_STARTS:
        return MayStart(Truth.NOT_MET)
    asked = (ORDERED, has(question.match.indication.id))
    harm = Truth.UNKNOWN if "avoid" in reach.verdicts else Truth.MET
    truth = conjunction((*(reach.fact(fact) for fact in asked), reach.rule(urgency.when), harm))
    if truth is not Truth.UNKNOWN:
        return MayStart(truth, urgency.text)
    dangers = [one.when for one in question.appraisal.standing_exceptions] if harm is Truth.UNKNOWN else []
    facts = dict.fromkeys((*asked, *reach.facts_of(urgency.when, *dangers)))
    return MayStart(
        truth, urgency.text, tuple(reach.shown(fact) for fact in facts if not reach.shown(fact).settled.known)
    )


def _sources(
    question: Question, cited: tuple[str, ...], claims: tuple[Claim, ...], library: Library
) -> tuple[Source, ...]:
    """Every source that the answer leans on, the rule set's own first."""
    ids = [question.rules.head.source, *cited]
    ids += [source for claim in claims for source in (claim.passage.source, claim.check.source) if source]
    return tuple(library.sources[one] for one in dict.fromkeys(ids))
