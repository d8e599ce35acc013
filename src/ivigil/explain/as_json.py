"""A decision as one JSON object; docs/reference/json.md describes its keys."""

from __future__ import annotations

from typing import Any

from ivigil.criteria import Trace, Truth, written
from ivigil.documents import canonical_json, encode
from ivigil.explain.plan_json import dose_json, plan_json
from ivigil.explain.words import reason, value_words
from ivigil.facts import Exactly
from ivigil.knowledge import Alternative, Claim, Regimen
from ivigil.review import (
    Change,
    CriterionResult,
    Decision,
    DoseCheck,
    DoseLine,
    ExceptionResult,
    FactShown,
    Missing,
    Outcome,
    RegimenCheck,
)
from ivigil.review.plan import Plan

FORMAT = "1"
_START: dict[Truth, bool | str] = {
    Truth.MET: True,
    Truth.NOT_MET: False,
    Truth.NOT_APPLICABLE: False,
    Truth.UNKNOWN: "unknown",
}

Json = dict[str, Any]


def decision_text(decision: Decision, plan: Plan | None = None) -> str:
    """The decision, with its plan where there is one, as one line of JSON; equal decisions give equal bytes."""
    return canonical_json(as_json(decision, plan))


def as_json(decision: Decision, plan: Plan | None = None) -> Json:
    """The decision and its plan as plain values, their keys in a fixed order."""
    return {
        "format": FORMAT,
        "case": decision.case,
        "today": decision.today.isoformat(),
        "verdict": decision.verdict,
        "reason": reason(decision),
        "indication": decision.indication.id if decision.indication else None,
        "request": _request(decision),
        "match": _match(decision),
        "standing": decision.standing if decision.asked else None,
        "level_of_evidence": encode(decision.level) if decision.level else None,
        "reachable": list(decision.reachable),
        "row": decision.row.id if decision.row else None,
        "criteria": [_criterion(one) for one in decision.criteria],
        "criteria_note": decision.appraisal.no_criteria if decision.appraisal else None,
        "standing_exceptions": [_exception(one) for one in decision.exceptions],
        "missing": [_missing(one) for one in decision.missing],
        "would_change": [_change(one) for one in decision.changes],
        "may_start": _START[decision.may_start.truth],
        "may_start_reason": decision.may_start.text,
        "may_start_needs": [_question(one) for one in decision.may_start.needs],
        "dose_check": decision.dose.result,
        "dose": {**_dose(decision.dose), **dose_json(plan.dose if plan else None)},
        **plan_json(plan),
        "regimens": [_regimen(one) for one in (decision.appraisal.regimens if decision.appraisal else ())],
        "alternatives": [_alternative(one, truth) for one, truth in decision.alternatives],
        "combination": [encode(one) for one in (decision.appraisal.combination if decision.appraisal else ())],
        "outcomes": [encode(one) for one in (decision.appraisal.outcomes if decision.appraisal else ())],
        "remarks": [encode(one) for one in (decision.appraisal.remarks if decision.appraisal else ())],
        "stated_as": decision.appraisal.stated_as if decision.appraisal else None,
        "diagnosed_by": encode(decision.appraisal.diagnosed_by) if decision.appraisal else None,
        "reviews": [encode(one) for one in (decision.appraisal.reviews if decision.appraisal else ())],
        "stop_rules": [encode(one) for one in (decision.appraisal.stop_rules if decision.appraisal else ())],
        "differences": [encode(one) for one in decision.differences],
        "claims": [_claim(one) for one in decision.claims],
        "sources": [encode(one) for one in decision.sources],
        "warnings": list(decision.warnings),
        "ignored": [encode(one) for one in decision.ignored],
        "ruleset": _rules(decision),
    }


def _rules(decision: Decision) -> Json:
    head = decision.rules.head
    return {
        "id": head.id,
        "version": head.version,
        "scope": head.scope,
        "valid_from": head.valid_from.isoformat(),
        "hash": decision.rules.hash,
        "knowledge_hash": decision.knowledge_hash,
        "checked_by": decision.appraisal.checked_by if decision.appraisal else None,
        "next_review": decision.appraisal.next_review.isoformat() if decision.appraisal else None,
    }


def _request(decision: Decision) -> Json | None:
    if decision.request is None:
        return None
    return {
        "origin": decision.request.origin,
        "authored": str(decision.request.authored) if decision.request.authored else None,
        "medication": decision.request.medication,
        "asked_for": str(decision.asked) if decision.asked else None,
    }


def _match(decision: Decision) -> Json | None:
    match = decision.match
    if match is None:
        return None
    truth = {Exactly(True): "established", Exactly(False): "contradicted"}.get(match.established.extent, "unknown")  # type: ignore[arg-type] # None is never a key
    return {"state": truth, "how": match.how, "evidence": [_statement(one) for one in match.established.used]}


def _statement(statement: Any) -> Json:  # noqa: ANN401 - ivigil.facts.Statement
    return {
        "text": statement.written,
        "date": str(statement.when) if statement.when else None,
        "origin": statement.origin,
    }


def fact_json(one: FactShown) -> Json:
    """A fact with its value (``null`` while unknown), the statements it rests on and those set aside."""
    value = one.settled.value
    return {
        "id": one.fact.id,
        "label": one.fact.label,
        "value": value.isoformat() if hasattr(value, "isoformat") else value,
        "unit": one.fact.unit,
        "words": value_words(one.fact, one.settled),
        "why_unknown": one.settled.why_unknown,
        "statements": [_statement(statement) for statement in one.settled.used],
        "set_aside": [{**_statement(aside.statement), "why": aside.why} for aside in one.settled.set_aside],
    }


def _criterion(result: CriterionResult) -> Json:
    criterion = result.criterion
    return {
        "id": criterion.id,
        "text": criterion.text,
        "truth": result.truth.value,
        "rule": criterion.rule,
        "applies_when": criterion.applies_when,
        "group": "all of" if criterion.all_of else "any of" if criterion.any_of else None,
        "strength": criterion.strength,
        "passage": encode(criterion.passage),
        "facts": [fact_json(one) for one in result.facts],
        "trace": _trace(result.trace) if result.trace else None,
        "members": [_criterion(one) for one in result.members],
    }


def _exception(result: ExceptionResult) -> Json:
    facts = [fact_json(one) for one in result.facts]
    return {**encode(result.exception), "truth": result.truth.value, "facts": facts}


def _trace(trace: Trace) -> Json:
    return {
        "rule": written(trace.tree),
        "truth": trace.truth.value,
        "operands": [_trace(one) for one in trace.operands],
    }


def _question(one: FactShown) -> Json:
    return {"fact": one.fact.id, "question": one.fact.question, "why": one.settled.why_unknown}


def _missing(missing: Missing) -> Json:
    fact = missing.shown.fact
    return {
        **_question(missing.shown),
        "kind": fact.kind,
        "unit": fact.unit,
        "options": [{"id": one.id, "label": one.label} for one in fact.options],
        "outcomes": [_outcome(one) for one in missing.outcomes],
        "recorded": fact_json(missing.shown)["statements"],
        "beside": [fact_json(one) for one in missing.beside],
        "set_aside": fact_json(missing.shown)["set_aside"],
    }


def _outcome(outcome: Outcome) -> Json:
    return {"value": outcome.value, "verdicts": list(outcome.verdicts)}


def _change(change: Change) -> Json:
    return {
        "fact": change.shown.fact.id,
        "now": value_words(change.shown.fact, change.shown.settled),
        "outcomes": [_outcome(one) for one in change.outcomes],
    }


def _dose(dose: DoseCheck) -> Json:
    return {
        "regimens": [_compared(one) for one in dose.regimens],
        "needs": [{"fact": fact.id, "question": fact.question} for fact in dose.needs],
    }


def _compared(check: RegimenCheck) -> Json:
    lines: Json = {line.name: _dose_line(line) for line in check.lines}
    return {"id": check.regimen.id, "result": check.result, "other_route": check.other_route, **lines}


def _dose_line(line: DoseLine) -> Json:
    limits = {"asked": line.asked, "low": line.low, "high": line.high}
    return {"result": line.result, **limits, "unit": line.unit or None}


def _regimen(regimen: Regimen) -> Json:
    spans = {name: getattr(regimen, name) for name in ("daily_g_per_kg", "days", "total_g_per_kg")}
    numbers = {name: {"low": span.low, "high": span.high} for name, span in spans.items() if span}
    return {"id": regimen.id, "role": regimen.role, "text": regimen.text, **encode(regimen), **numbers}


def _alternative(alternative: Alternative, truth: Truth) -> Json:
    return {**encode(alternative), "applies": truth.value}


def _claim(claim: Claim) -> Json:
    return {"id": claim.id, "text": claim.text, "passage": encode(claim.passage), "check": encode(claim.check)}
