"""Orders for immunoglobulin, with everything that is wrong with orders."""

from __future__ import annotations

from dataclasses import dataclass

from ivigil.synthetic.course_figures import Site
from ivigil.synthetic.diseases import Disease, Dose
from ivigil.synthetic.draws import Draws
from ivigil.synthetic.fragments import compact, unit_tail
from ivigil.synthetic.observations import dated
from ivigil.synthetic.plan import Plan
from ivigil.synthetic.records import Record

_ROUTES = {
    route: f'"route":{{"coding":[{{"code":"{route}"}}],"text":"{route}"}},' for route in ("intravenous", "subcutaneous")
}
_GRAMS, _PER_KG = unit_tail("g"), unit_tail("g/kg")


@dataclass(frozen=True)
class Ask:
    """One order: of which day, for which disease, under which code, of which dose, to whom, and after which one."""

    day: int
    disease: Disease
    code: str
    dose: Dose
    site: Site
    kilograms: float
    status: str
    condition: str | None
    earlier: str | None


def order(record: Record, plan: Plan, ask: Ask) -> str:
    """Write one order and all that happens to it; its reference."""
    draws = record.draws
    dirt = plan.dirt["order"].draw(draws)
    if dirt is not None:
        record.spoils(dirt)
    status = "entered-in-error" if dirt == "order-in-error" else ask.status
    priority = "urgent" if draws.chance(plan.shares["urgent"]) else "routine"
    head = f'"status":"{status}","intent":"order","priority":"{priority}",{_drug(draws, plan, ask.dose.route)}'
    never = '"doNotPerform":true,' if dirt == "not-to-be-given" else ""
    prior = f'"priorPrescription":{{"reference":"{ask.earlier}"}},' if ask.earlier else ""
    after = f"{record.subject}{dated('authoredOn', ask.day, dirt)}{_reason(record, plan, ask, dirt)}{prior}"
    dosing = _dosing(draws, plan, ask, dirt)
    reference = record.add(
        "MedicationRequest", head + never + after + dosing, times=2 if dirt == "ordered-twice" else 1
    )
    if dirt == "two-on-one-day":
        record.add("MedicationRequest", head + after + _dosing(draws, plan, ask, dirt))
    return reference


def _drug(draws: Draws, plan: Plan, route: str) -> str:
    named = plan.drugs[route].one(draws)
    if draws.chance(plan.shares["by_reference"]):
        return f'"medicationReference":{{"reference":"Medication/{named.drug.id}"}},'
    return f'"medicationCodeableConcept":{named.concept},'


def _reason(record: Record, plan: Plan, ask: Ask, dirt: str | None) -> str:
    draws = record.draws
    if dirt == "no-reason":
        return ""
    if dirt is None and ask.condition is not None and draws.chance(plan.shares["by_condition"]):
        return f'"reasonReference":[{{"reference":"{ask.condition}"}}],'
    return f'"reasonCode":[{_coded_reason(draws, plan, ask, dirt)}],'


def _coded_reason(draws: Draws, plan: Plan, ask: Ask, dirt: str | None) -> str:
    disease = ask.disease
    match dirt:
        case "reason-in-words":
            return f'{{"text":{draws.pick(disease.words)}}}'
        case "unlisted-reason":
            return draws.pick(plan.unlisted)
        case "broader-reason":
            return draws.pick(disease.broader) if disease.broader else ask.code
        case "two-reasons":
            return f"{ask.code},{draws.pick(plan.disease(draws).names)}"
    return ask.code


def _dosing(draws: Draws, plan: Plan, ask: Ask, dirt: str | None) -> str:
    performer = f'"performer":{{"reference":"Organization/{ask.site.id}","display":{compact(ask.site.name)}}}'
    if dirt == "no-dose":
        return f'"dispenseRequest":{{{performer}}},'
    total_per_kg, days = _per_kg(draws, plan, ask.dose), draws.pick(ask.dose.days)
    grams = _rounded(plan, total_per_kg * ask.kilograms / days, ask.kilograms)
    quantity = f',"quantity":{{"value":{grams * days:g}{_GRAMS}}}' if draws.chance(plan.shares["with_quantity"]) else ""
    supply = f'"dispenseRequest":{{{performer}{quantity}}},'
    if dirt == "dose-in-words":
        text = f"{grams:g} g a day on {days} days" if days > 1 else f"{grams:g} g once"
        return f'"dosageInstruction":[{{"text":"{text}"}}],"dispenseRequest":{{{performer}}},'
    per_kg = draws.chance(plan.shares["per_kg_orders"])
    amount = f"{total_per_kg / days:.2f}{_PER_KG}" if per_kg else f"{grams:g}{_GRAMS}"
    rate = f'"doseAndRate":[{{"doseQuantity":{{"value":{amount}}}}}]'
    return f'"dosageInstruction":[{{{_timing(days)}{_ROUTES[ask.dose.route]}{rate}}}],{supply}'


def _per_kg(draws: Draws, plan: Plan, dose: Dose) -> float:
    low, high = float(dose.low), float(dose.high)
    total = low + (high - low) * draws.below(5) / 4
    return total * draws.pick(plan.dose_factors) if draws.chance(plan.shares["dose_outside"]) else total


def _rounded(plan: Plan, grams: float, kilograms: float) -> float:
    """The grams of one infusion in whole vials; a small child's in smaller steps, and never none."""
    courses = plan.figures.courses
    is_small = kilograms < float(courses.rounded_below_kg)
    step = float(courses.rounded_for_small_g if is_small else courses.rounded_to_g)
    return max(step, round(grams / step) * step)


def _timing(days: int) -> str:
    if days == 1:
        return '"timing":{"repeat":{"count":1}},'
    bounds = f'"boundsDuration":{{"value":{days},"unit":"d","system":"http://unitsofmeasure.org","code":"d"}}'
    return f'"timing":{{"repeat":{{{bounds},"frequency":1,"period":1,"periodUnit":"d"}}}},'
