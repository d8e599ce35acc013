"""What the single-case evaluators say of one row: the answers that :func:`ivigil.populations.planned` has to give."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from ivigil.criteria import Truth
from ivigil.criteria.frames import Cell
from ivigil.dosing import Weighed, weigh
from ivigil.dosing import plan as in_grams
from ivigil.facts import Exactly, Settled
from ivigil.facts.settle import number
from ivigil.knowledge import Appraisal, Library, Regimen
from ivigil.knowledge.product_records import Route
from ivigil.populations.compiled import INDICATION, RuleSetDiagram
from ivigil.populations.hazard_columns import ABSENT, ELSEWHERE, PRESENT, UNKNOWN
from ivigil.populations.measured import AGE, DAYS
from ivigil.populations.planned_columns import planned_kinds
from ivigil.populations.planning import (
    AT_RISK,
    CONTRADICTION,
    DOSE_CHECK,
    EXACT_NEEDED,
    GRAMS,
    HAZARD,
    HIGH_G,
    LOW_G,
    NOT_STATED,
    UNPREPARED,
    WEIGHT_KG,
    WEIGHT_STATE,
    recommended,
)
from ivigil.populations.rows import known_of
from ivigil.review.dose_check import check_dose
from ivigil.review.dose_plan import known_amount
from ivigil.review.listed import DOSED
from ivigil.safety import HazardFound, at_risk, hazards_of
from ivigil.safety.preparation import shown_beforehand, unprepared

Known = Mapping[str, Settled]
_TRUTHS = {Truth.MET: True, Truth.UNKNOWN: None}
_TOTAL = "request_total_dose"


def left_over_in(row: Mapping[str, Cell], plan: RuleSetDiagram, standing: str) -> dict[str, Cell]:
    """Those of the columns that can be left to the row evaluator: all but the hazards, which are always decided."""
    appraisal = plan.rules.appraisals.get(str(row.get(INDICATION)))
    return _left_over(known_of(row, plan), plan, appraisal, standing)


def planned_in(row: Mapping[str, Cell], plan: RuleSetDiagram, standing: str) -> dict[str, Cell]:
    """The columns of :func:`planned_kinds` for a row of a table of requests that judging gave this standing."""
    appraisal = plan.rules.appraisals.get(str(row.get(INDICATION)))
    return planned_of(known_of(row, plan), plan, appraisal, standing)


def planned_of(known: Known, plan: RuleSetDiagram, appraisal: Appraisal | None, standing: str) -> dict[str, Cell]:
    """The same for what is known of a case, on an indication that the rule set appraises or on none."""
    hazards = _hazards(known, plan.library, recommended(appraisal))
    found = {**_left_over(known, plan, appraisal, standing), **hazards}
    return {name: found[name] for name in planned_kinds(plan.library)}


def _left_over(known: Known, plan: RuleSetDiagram, appraisal: Appraisal | None, standing: str) -> dict[str, Cell]:
    library, dosed = plan.library, standing in DOSED
    regimens = recommended(appraisal) if dosed else ()
    found = {GRAMS: _float(_number(known, _TOTAL)), **_dose(known, plan, appraisal, dosed=dosed)}
    for rule in library.weight_rules.values():
        found |= _weight(weigh(rule, known, library), known, regimens)
    return {**found, EXACT_NEEDED: False}


def _dose(known: Known, plan: RuleSetDiagram, appraisal: Appraisal | None, *, dosed: bool) -> dict[str, Cell]:
    """The dose check; contradictions of an order do not depend on what is recommended."""
    nothing = replace(next(iter(plan.appraisals)), regimens=())
    check = check_dose(appraisal or nothing, known, plan.library, plan.rules.rounding)
    return {DOSE_CHECK: check.result if dosed else NOT_STATED, CONTRADICTION: bool(check.warnings)}


def _weight(weighed: Weighed, known: Known, regimens: Sequence[Regimen]) -> dict[str, Cell]:
    certain, rule = weighed.state == "certain", weighed.rule.id
    totals = list(_totals(weighed, known, regimens)) if certain else []
    return {
        WEIGHT_STATE + rule: weighed.state,
        WEIGHT_KG + rule: float(weighed.outcomes[0].weight_kg) if certain else None,
        LOW_G + rule: _float(min(totals, default=None)),
        HIGH_G + rule: _float(max(totals, default=None)),
    }


def _totals(weighed: Weighed, known: Known, regimens: Sequence[Regimen]) -> Iterator[Decimal]:
    age, days = known[AGE].extent if AGE in known else None, known_amount(known, DAYS)
    whole = int(days) if days is not None and days == days.to_integral_value() else None
    for regimen in regimens:
        courses = in_grams(regimen, weighed, age=age, days=whole).courses
        yield from (one.total_g for one in courses if one.total_g is not None)


def _hazards(known: Known, library: Library, regimens: Sequence[Regimen]) -> dict[str, Cell]:
    found = {one.hazard.id: one for one in hazards_of(library, known, route_of(known, regimens))}
    told: dict[str, Cell] = {AT_RISK: _TRUTHS.get(at_risk(found.values()).truth, False)}
    for name, hazard in library.hazards.items():
        told[HAZARD + name] = _state(found.get(name))
        if shown_beforehand(hazard):
            truth = unprepared(found[name], known, library) if name in found else Truth.NOT_MET
            told[UNPREPARED + name] = _TRUTHS.get(truth, False)
    return told


def route_of(known: Known, regimens: Sequence[Regimen]) -> Route | None:
    """The route that is asked for, else the one route of ``regimens``."""
    extent = known["request_route"].extent if "request_route" in known else None
    asked = {extent.value} if isinstance(extent, Exactly) else set()
    routes: set[Route] = {one for one in ("intravenous", "subcutaneous") if one in asked}
    routes = routes or {one.route for one in regimens}
    return next(iter(routes)) if len(routes) == 1 else None


def _state(found: HazardFound | None) -> str:
    if found is None:
        return ELSEWHERE
    if found.factors_that_are("present"):
        return PRESENT
    return UNKNOWN if found.factors_that_are("unknown") else ABSENT


def _number(known: Known, fact: str) -> Decimal | None:
    return number(known[fact].extent) if fact in known else None


def _float(value: Decimal | None) -> float | None:
    return None if value is None else float(value)
