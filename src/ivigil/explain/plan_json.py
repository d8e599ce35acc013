"""A plan as plain JSON values; docs/reference/json.md describes its keys."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

from ivigil.criteria import Truth
from ivigil.documents import encode
from ivigil.dosing import Compared, Course, Planned, Savings, VialChoice
from ivigil.dosing.caps import AppliedCap
from ivigil.dosing.infusion import Day, Step, Timetable
from ivigil.dosing.rates import NotPlanned, Rate
from ivigil.dosing.subcutaneous import SitePlan
from ivigil.explain.expected_json import expected_json
from ivigil.review.dose_plan import DosePlan, WeightLine
from ivigil.review.infusion_plan import InfusionPlan
from ivigil.review.plan import Plan
from ivigil.safety import ChecklistItem, FactorFound, HazardFound, IgaRank, ProductFit, Reason
from ivigil.units.amounts import as_decimal

Json = dict[str, Any]
_DIGITS = 6


def dose_json(dose: DosePlan | None) -> Json:
    """Every weight rule, every regimen in grams under each, and how what is asked for compares."""
    if dose is None:
        return {"weight_rules": [], "proposals": [], "requested_g": None, "comparison": None, "saved": []}
    return {
        "weight_rules": [_weight(one) for one in dose.weights],
        "proposals": [_planned(one) for one in dose.planned],
        "requested_g": encode(dose.requested_g),
        "comparison": _compared(dose.compared) if dose.compared else None,
        "saved": [_saved(planned, one) for planned, one in dose.saved],
    }


def plan_json(plan: Plan | None) -> Json:
    """Infusion, hazards, checklist and products; empty where there is no plan.

    What holds for every patient (frequencies, mechanisms, the words of labels) is left to ``frequencies_json`` and to
    the records that the ids name.
    """
    return {
        "infusion": [_infusion(one) for one in plan.infusions] if plan else [],
        "hazards": [_hazard(one) for one in plan.hazards] if plan else [],
        "at_risk": _truth(plan.at_risk.truth) if plan else None,
        "checklist": [_item(one) for one in plan.checklist] if plan else [],
        "products": [_product(one) for one in plan.products] if plan else [],
        "reaction_ladder": [encode(one) for one in plan.ladder] if plan else [],
        "product_overrides": [_rank(one) for one in plan.overrides] if plan else [],
        "expected_igg": expected_json(plan.expected) if plan else [],
    }


def _truth(truth: Truth) -> str:
    return truth.value


def _number(value: Fraction | Decimal | None) -> Any:  # noqa: ANN401 - a JSON number or null
    """A fraction as a decimal of six digits after the point at most; exact where that is enough."""
    if value is None:
        return None
    exact = as_decimal(Fraction(value))
    return encode(exact if exact == round(exact, _DIGITS) else round(exact, _DIGITS))


def _weight(line: WeightLine) -> Json:
    weighed = line.weighed
    return {
        "rule": weighed.rule.id,
        "title": weighed.rule.title,
        "programme": weighed.rule.programme,
        "validity": line.validity.state,
        "validity_day": line.validity.day.isoformat() if line.validity.day else None,
        "state": weighed.state,
        "weights": [
            {
                "basis": one.basis,
                "weight_kg": _number(one.weight_kg),
                "because": [clause.text for clause in one.clauses],
                "guarded": one.guarded,
            }
            for one in weighed.outcomes
        ],
        "needs": list(weighed.needs),
        "cautions": list(weighed.cautions),
    }


def _planned(planned: Planned) -> Json:
    return {
        "regimen": planned.regimen.id,
        "rule": planned.weighed.rule.id,
        "kind": planned.kind,
        "courses": [_course(one) for one in planned.courses],
        "needs": list(planned.needs),
    }


def _course(course: Course) -> Json:
    return {
        "end": course.end,
        "basis": course.outcome.basis,
        "weight_kg": _number(course.outcome.weight_kg),
        "total_g": _number(course.total_g),
        "days": course.days,
        "per_day_g": _number(course.per_day_g),
        "daily_g": [_number(one) for one in course.daily_g],
        "unrounded_g": _number(course.unrounded_g),
        "said": list(course.said),
    }


def _compared(compared: Compared) -> Json:
    return {
        "state": compared.state,
        "said": compared.said,
        "explained_by": [
            {"rule": one.planned.weighed.rule.id, "by": one.by, "words": one.words} for one in compared.explained_by
        ],
        "needs": list(compared.needs),
    }


def _saved(planned: Planned, saved: Savings) -> Json:
    return {
        "regimen": planned.regimen.id,
        "rule": planned.weighed.rule.id,
        "grams": _number(saved.grams),
        "percent": _number(saved.percent),
        "cost": _number(saved.cost),
    }


def _infusion(plan: InfusionPlan) -> Json:
    return {
        "product": plan.fit.product.id,
        "fit": plan.fit.state,
        "doses_g": [_number(one) for one in plan.given.doses_g] if plan.given else [],
        "dose_from": plan.given.words if plan.given else None,
        "rate_weight_kg": _number(plan.rate_weight_kg),
        "vials": [_vials(one) for one in plan.vials],
        "intravenous": _timetable(plan.schedule) if isinstance(plan.schedule, Timetable) else None,
        "subcutaneous": _sites(plan.schedule) if isinstance(plan.schedule, SitePlan) else None,
        "switch": _switch(plan),
        "not_planned": list(plan.schedule.words) if isinstance(plan.schedule, NotPlanned) else [],
        "needs": list(plan.schedule.needs),
    }


def _switch(plan: InfusionPlan) -> Json | None:
    if plan.switch is None:
        return None
    ramp = [{"week": row.week, "dose_g": _number(row.dose_g)} for row in plan.ramp_up]
    one = plan.switch
    return {
        "dose_g": _number(one.dose_g),
        "every_weeks": _number(one.weeks),
        "to": "intravenous" if one.is_inverse else "subcutaneous",
        "factor": _number(one.factor.value),
        "factor_source": one.factor.source,
        "is_inverse": one.is_inverse,
        "weekly_g": _number(one.weekly_g),
        "weekly_before_g": _number(one.weekly_before_g),
        "ramp_up": ramp,
    }


def _vials(choice: VialChoice) -> Json:
    return {
        "dose_g": _number(choice.dose_g),
        "picked": [{"size_g": _number(one.size_g), "count": one.count} for one in choice.picked],
        "waste_g": _number(choice.waste_g),
        "possible": choice.possible,
    }


def _timetable(schedule: Timetable) -> Json:
    return {
        "days": [_day(one) for one in schedule.days],
        "caps": [_cap(one) for one in schedule.caps],
        "notes": list(schedule.notes),
    }


def _day(day: Day) -> Json:
    return {
        "day": day.number,
        "schedule": day.schedule.id,
        "volume_ml": _number(day.volume_ml),
        "minutes": _number(day.minutes),
        "steps": [_step(one) for one in day.steps],
        "start": _rate(day.limits.start),
        "maximum": _rate(day.limits.maximum),
        "longest_minutes": _number(day.limits.longest_minutes),
        "binding_caps": [one.id for one in day.binding],
    }


def _step(step: Step) -> Json:
    return {
        "step": step.number,
        "from_minute": _number(step.start_minute),
        "to_minute": _number(step.end_minute),
        "starts": step.starts.isoformat() if step.starts else None,
        "ends": step.ends.isoformat() if step.ends else None,
        "rate": _rate(step.rate),
        "volume_so_far_ml": _number(step.volume_so_far_ml),
    }


def _rate(rate: Rate) -> Json:
    return {
        "ml_per_h": _number(rate.ml_per_h),
        "shown_ml_per_h": _number(rate.shown_ml_per_h),
        "ml_per_kg_per_h": _number(rate.in_unit("mL/kg/h")),
        "mg_per_kg_per_min": _number(rate.in_unit("mg/kg/min")),
    }


def _cap(cap: AppliedCap) -> Json:
    return {
        "id": cap.id,
        "kind": cap.kind,
        "text": cap.text,
        "limit": cap.words,
        "applies": _truth(cap.truth),
        "reason": cap.reason,
        "question": cap.question,
        "needs": list(cap.needs),
        "status": cap.status,
        "source": cap.source,
    }


def _sites(plan: SitePlan) -> Json:
    return {
        "days": plan.days,
        "volume_ml": _number(plan.volume_ml),
        "dose_g": _number(plan.dose_g),
        "sites": plan.sites,
        "volume_ml_per_site": _number(plan.volume_ml_per_site),
        "steps": [{"ml_per_h": _number(rate), "minutes": _number(minutes)} for rate, minutes in plan.steps],
        "minutes": _number(plan.minutes),
        "notes": list(plan.notes),
    }


def _hazard(found: HazardFound) -> Json:
    hazard = found.hazard
    return {
        "id": hazard.id,
        "name": hazard.name,
        "onset": hazard.onset,
        "severity": hazard.severity,
        "risk_factors": [_factor(one) for one in found.factors],
        "claims": list(hazard.claims),
        "needs": list(found.needs),
    }


def frequencies_json(plan: Plan) -> Json:
    """How often each hazard was seen, in whom and by whom."""
    return {one.hazard.id: [encode(each) for each in one.hazard.frequencies] for one in plan.hazards}


def _factor(found: FactorFound) -> Json:
    factor = found.factor
    return {
        "id": factor.id,
        "text": factor.text,
        "state": found.state,
        "effect": factor.effect,
        "status": factor.status,
        "facts": list(found.facts),
        "needs": list(found.needs),
        "source": factor.passage.source,
    }


def _item(item: ChecklistItem) -> Json:
    precaution = item.precaution
    return {
        "text": item.text,
        "phase": precaution.phase,
        "kind": precaution.kind,
        "state": item.state,
        "called_for": _truth(item.called_for),
        "why": item.why,
        "question": item.question,
        "needs": list(item.needs),
        "from": item.from_date.isoformat() if item.from_date else None,
        "to": item.to_date.isoformat() if item.to_date else None,
        "from_day": precaution.from_day,
        "to_day": precaution.to_day,
        "from_minutes": precaution.from_minutes,
        "to_minutes": precaution.to_minutes,
        "levers": list(item.levers),
        "hazards": list(item.hazards),
        "status": item.status,
        "sources": list(dict.fromkeys(one.precaution.passage.source for one in item.parts)),
    }


def _product(fit: ProductFit) -> Json:
    return {
        "id": fit.product.id,
        "brand": fit.product.brand,
        "region": fit.product.region,
        "state": fit.state,
        "licensed": fit.licensed,
        "reasons": [_reason(one) for one in fit.reasons if one.effect != "note"],
        "needs": list(fit.needs),
        "verify": list(fit.verify),
    }


def _reason(reason: Reason) -> Json:
    return {
        "kind": reason.kind,
        "effect": reason.effect,
        "rule": reason.rule,
        "why": reason.why,
        "status": reason.status,
        "sources": list(reason.sources),
    }


def _rank(rank: IgaRank) -> Json:
    return {"iga": rank.kind, "products": [one.product.id for one in rank.fits]}
