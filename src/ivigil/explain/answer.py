"""An answer: a decision laid out in sections of rows, in words, for any page, terminal or paper."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from ivigil.criteria import Truth
from ivigil.explain.citing import NOT_A_DEVICE, cited
from ivigil.explain.layout import Answer, Row, Section
from ivigil.explain.plan_sections import plan_sections
from ivigil.explain.words import (
    STANDINGS,
    VERDICTS,
    capitalised,
    fact_words,
    level_words,
    outcome_words,
    reason,
    statement_words,
    subject,
    value_words,
)
from ivigil.facts import Catalogue
from ivigil.knowledge import Claim, Difference, Passage, Position, Regimen
from ivigil.review import CriterionResult, Decision, DoseLine, Missing, RegimenCheck
from ivigil.review.plan import Plan
from ivigil.units import shown

_APPLIES = {
    Truth.MET: "applies",
    Truth.NOT_MET: "does not apply",
    Truth.UNKNOWN: "may apply",
    Truth.NOT_APPLICABLE: "does not apply",
}


def answer(decision: Decision, plan: Plan | None = None, catalogue: Catalogue | None = None) -> Answer:
    """``decision`` laid out, with its plan where there is one; sections without content are left out.

    ``catalogue`` names the facts that the plan asks for.
    """
    planned = tuple(plan_sections(plan, catalogue)) if plan and catalogue else ()
    sections = [section for section in _sections(decision, plan, planned) if section.rows or section.table]
    return Answer(
        verdict=decision.verdict,
        verdict_words=VERDICTS[decision.verdict],
        subject=capitalised(subject(decision)),
        reason=reason(decision),
        may_start=_may_start(decision),
        sections=tuple(sections),
        footer=_footer(decision),
    )


def _may_start(decision: Decision) -> str | None:
    start = decision.may_start
    if start.truth is Truth.NOT_MET:
        return None
    word = "yes" if start.truth is Truth.MET else "unknown"
    asked = f" To be known: {' '.join(need.fact.question for need in start.needs)}" if start.needs else ""
    return f"May start before a decision: {word}. {start.text or ''}{asked}".strip()


def _sections(decision: Decision, plan: Plan | None, planned: tuple[Section, ...]) -> Iterator[Section]:
    yield Section("Request", tuple(_request(decision)))
    yield Section("Criteria", tuple(_criteria(decision)))
    yield Section("Exceptions", tuple(_exceptions(decision)))
    missing = (_missing(one, rank) for rank, one in enumerate(decision.missing, start=1))
    yield Section("Missing, the most decisive first", tuple(missing))
    yield Section("What would change this answer", tuple(_changes(decision)))
    yield Section("Dose asked for", (*_dose(decision), *_explained(plan)))
    yield Section("Regimens in the source", tuple(_regimens(decision)))
    yield Section("Alternatives", tuple(_alternatives(decision)))
    yield Section("Expected", tuple(_expected(decision)))
    yield Section("Review of the effect", tuple(_reviews(decision)))
    yield Section("Evidence", tuple(_evidence(decision)))
    yield Section("Where sources differ", tuple(_differences(decision)))
    yield Section("Warnings", tuple(Row(text, "warning") for text in (*_of_excerpt(decision), *decision.warnings)))
    yield from planned
    yield Section("Sources", tuple(Row(cited(source), source.id) for source in decision.sources), folded=True)
    yield Section("Not used", tuple(_ignored(decision)), folded=True)


def _request(decision: Decision) -> Iterator[Row]:
    if decision.request is None:
        return
    drug = decision.request.medication or (
        "immunoglobulin" if decision.request.medication_named else "a drug not yet named"
    )
    authored = f"{decision.request.authored}, " if decision.request.authored else ""
    yield Row(drug, "asked for", (f"{authored}{decision.request.origin}",))
    match = decision.match
    if match is None:
        return
    truth = "unknown" if not match.established.known else "established" if match.established.value else "contradicted"
    evidence = tuple(
        " · ".join([one.written, *([str(one.when)] if one.when else []), one.origin]) for one in match.established.used
    )
    yield Row(capitalised(match.indication.name), truth, evidence or (match.how,))


def _criteria(decision: Decision) -> Iterator[Row]:
    if decision.appraisal is None:
        return
    if decision.appraisal.no_criteria:
        yield Row(decision.appraisal.no_criteria, "none stated")
    for result in decision.criteria:
        yield _criterion(result)


def _criterion(result: CriterionResult) -> Row:
    group = " (all of these)" if result.criterion.all_of else " (one of these)" if result.criterion.any_of else ""
    strength = f" ({result.criterion.strength})" if result.criterion.strength else ""
    return Row(
        f"{result.criterion.text}{strength}{group}",
        result.truth.value,
        tuple(fact_words(one) for one in result.facts),
        tuple(_criterion(member) for member in result.members),
    )


def _exceptions(decision: Decision) -> Iterator[Row]:
    for one in decision.exceptions:
        text = f"{one.exception.text.rstrip('.')}: {STANDINGS[one.exception.standing]}"
        yield Row(text, _APPLIES[one.truth], tuple(fact_words(fact) for fact in one.facts))


def _missing(missing: Missing, rank: int) -> Row:
    fact, settled = missing.shown.fact, missing.shown.settled
    why = settled.why_unknown if settled.extent is None else value_words(fact, settled)
    details = [f"{why}; to be answered as {fact.id}", *statement_words(missing.shown)]
    details += [f"{aside.statement.written}: {aside.why}" for aside in settled.set_aside]
    details += [f"recorded beside it: {fact_words(one)}" for one in missing.beside]
    alone = [replace(one, value="any answer, by itself") for one in missing.outcomes]
    details += [outcome_words(one) for one in (missing.outcomes if len(alone) > 1 else alone)]
    return Row(fact.question, str(rank), tuple(details))


def _changes(decision: Decision) -> Iterator[Row]:
    for change in decision.changes:
        now = value_words(change.shown.fact, change.shown.settled)
        words = "; ".join(f"if {outcome_words(one)}" for one in change.outcomes)
        yield Row(f"{change.shown.fact.label}, now {now}; {words}")


def _dose(decision: Decision) -> Iterator[Row]:
    if decision.request is None or decision.appraisal is None:
        return
    if decision.dose.result == "not-stated":
        yield Row("No recommended dose to compare with.", "not stated")
    for check in decision.dose.regimens:
        yield Row(check.regimen.text, check.result.replace("-", " "), tuple(_dose_lines(check)))
    if decision.dose.needs:
        yield Row(f"To compare the dose: {' '.join(fact.question for fact in decision.dose.needs)}", "asks for")


def _explained(plan: Plan | None) -> Iterator[Row]:
    """A dose that a programme's weight rule or rounding explains is told apart from one that is too low."""
    compared = plan.dose.compared if plan else None
    if compared and compared.state == "explained":
        yield Row(compared.said, "explained")


def _dose_lines(check: RegimenCheck) -> Iterator[str]:
    if check.other_route:
        yield f"route outside: asked {check.other_route}, regimen {check.regimen.route}"
    for line in check.lines:
        if line.result != "not-stated":
            yield f"{line.name} dose {line.result}: asked {_asked(line)}, regimen {_limits(line)} {line.unit}"


def _asked(line: DoseLine) -> str:
    return "not known" if line.asked is None or line.result == "unknown" else f"{shown(line.asked)} {line.unit}"


def _limits(line: DoseLine) -> str:
    low, high = (shown(one) if one is not None else "?" for one in (line.low, line.high))
    return low if low == high else f"{low} to {high}"


def _regimens(decision: Decision) -> Iterator[Row]:
    for regimen in decision.appraisal.regimens if decision.appraisal else ():
        yield Row(regimen.text, regimen.role, tuple(_regimen_details(regimen)))


def _regimen_details(regimen: Regimen) -> Iterator[str]:
    yield f"{regimen.route}; {place(regimen.passage)}"
    if regimen.note:
        yield regimen.note


def _alternatives(decision: Decision) -> Iterator[Row]:
    for alternative, truth in decision.alternatives:
        yield Row(alternative.text, _APPLIES[truth] if alternative.when else None)


def _expected(decision: Decision) -> Iterator[Row]:
    if decision.appraisal is None:
        return
    for outcome in decision.appraisal.outcomes:
        lasting = {True: "transient", False: "lasting", None: None}[outcome.transient]
        yield Row(outcome.text, lasting)
    for advice in decision.appraisal.combination:
        yield Row(advice.text, "combination")
    for advice in decision.appraisal.remarks:
        yield Row(advice.text, "also said", (place(advice.passage),))


def _reviews(decision: Decision) -> Iterator[Row]:
    appraisal = decision.appraisal
    if appraisal is None:
        return
    if appraisal.diagnosed_by:
        yield Row(appraisal.diagnosed_by.text, "diagnosis", (place(appraisal.diagnosed_by.passage),))
    for rule in appraisal.reviews:
        yield Row(rule.text, "review", (place(rule.passage),))
    for advice in appraisal.stop_rules:
        yield Row(advice.text, "stop", (place(advice.passage),))


def _differences(decision: Decision) -> Iterator[Row]:
    yield from (positions(one) for one in decision.differences)


def positions(difference: Difference) -> Row:
    """A question on which sources disagree, with what each says."""
    return Row(difference.question, "not settled", members=tuple(_position(one) for one in difference.positions))


def _position(position: Position) -> Row:
    kind = "" if position.kind == "current" else f" ({position.kind})"
    return Row(f"{position.body}{kind}: {position.says}", None, (place(position.passage),))


def _of_excerpt(decision: Decision) -> Iterator[str]:
    head = decision.rules.head
    if head.scope == "excerpt":
        yield f"{head.id} is an excerpt: {head.covers} It shows what its body says and never supports a request."


def _evidence(decision: Decision) -> Iterator[Row]:
    appraisal = decision.appraisal
    if appraisal is None:
        return
    exception = decision.exception
    stated = (exception.text, exception) if exception else (appraisal.reason, appraisal)
    label = () if exception or appraisal.stated_as is None else (f"the body's own words: {appraisal.stated_as}",)
    yield Row(stated[0], STANDINGS[stated[1].standing], (*label, place(stated[1].passage)))
    if decision.level:
        details = (decision.level.note,) if decision.level.note else ()
        yield Row(capitalised(level_words(decision.level)), "level", details)
    for claim in decision.claims:
        yield _claim(claim)
    yield Row(f"The studies, analyses and levels held: ivigil evidence show {appraisal.indication}", "more")


def _claim(claim: Claim) -> Row:
    source = f" ({claim.check.source})" if claim.check.source else ""
    return Row(
        f"The source says: {claim.text}", f"claim {claim.check.status}", (f"Check: {claim.check.found}{source}",)
    )


def place(passage: Passage) -> str:
    """Where a passage stands."""
    return f"{passage.source}, {passage.place}"


def _ignored(decision: Decision) -> Iterator[Row]:
    for unused in decision.ignored:
        times = f" × {unused.count}" if unused.count > 1 else ""
        shown_origins = unused.origins if unused.count <= len(unused.origins) else (*unused.origins, "…")
        yield Row(f"{unused.what}{times}: {unused.why}", None, (", ".join(shown_origins),))


def _checked(by: str) -> str:
    return by if by.startswith("not ") else f"checked by {by}"


def _footer(decision: Decision) -> tuple[str, ...]:
    head = decision.rules.head
    rules = f"Rules {head.id} {head.version}, {decision.rules.hash[:12]}; knowledge {decision.knowledge_hash[:12]}"
    review = ""
    if decision.appraisal:
        due = decision.appraisal.next_review.isoformat()
        review = f"; appraisal {_checked(decision.appraisal.checked_by)}, next review {due}"
    return (f"{rules}{review}; as of {decision.today.isoformat()}; {decision.case}", NOT_A_DEVICE)
