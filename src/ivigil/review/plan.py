"""From a use that is supported to a plan: dose, hazards, checklist, products, and the infusion of those that are named.

What one room found is handed to the next as plain values: the dose to the vials, the hazards to the caps, the caps to
the timetable. Nothing here chooses for a person.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from ivigil.dosing import limits_of
from ivigil.dosing.infusion import Timetable
from ivigil.facts import Exactly
from ivigil.facts.readers.vocabulary import plain_words
from ivigil.knowledge import Library, Regimen
from ivigil.knowledge.dosing_records import LadderStep
from ivigil.knowledge.product_records import Product, Route
from ivigil.review.decision import Decision
from ivigil.review.dose_plan import DosePlan, Known, plan_dose
from ivigil.review.expected import ExpectedIgg, expected_igg
from ivigil.review.infusion_plan import Given, Infusing, InfusionPlan, Settings, order_needs, to_give
from ivigil.safety import (
    AtRisk,
    ChecklistItem,
    HazardFound,
    IgaRank,
    ProductFit,
    at_risk,
    checklist,
    fitting,
    hazards_of,
    overrides,
)

_PLANNED = frozenset({"supported", "needs-information", "panel-review"})
_DOSED = frozenset({"first-line", "recommended", "limited-evidence"})
_ROUTE = "request_route"


@dataclass(frozen=True)
class Plan:
    """Everything a nurse, a pharmacist and a physician need to know of one course, with its questions.

    ``ladder`` is the place's own protocol for managing reactions; there is none unless its formulary holds one.
    ``expected`` holds the IgG that the courses add, by each model built on the indication.
    """

    dose: DosePlan
    given: Given | None
    hazards: tuple[HazardFound, ...]
    at_risk: AtRisk
    checklist: tuple[ChecklistItem, ...]
    products: tuple[ProductFit, ...]
    overrides: tuple[IgaRank, ...]
    infusions: tuple[InfusionPlan, ...]
    ladder: tuple[LadderStep, ...] = ()
    expected: tuple[ExpectedIgg, ...] = ()


def plan_decision(decision: Decision, library: Library, settings: Settings) -> Plan | None:
    """The plan for a decision, or ``None`` where immunoglobulin is not to be given or an excerpt cannot say."""
    appraisal, whole = decision.appraisal, decision.rules.head.scope == "whole"
    if decision.verdict not in _PLANNED or decision.standing not in _DOSED or appraisal is None or not whole:
        return None
    regimens = [one for one in appraisal.regimens if one.role == "recommended"]
    medication = decision.request.medication if decision.request else None
    named = settings.products or tuple(one.id for one in named_products(medication, library))
    return plan_course(
        decision.known,
        regimens,
        library,
        decision.today,
        settings=settings,
        named=named,
        indication=appraisal.indication,
    )


def plan_course(
    known: Known,
    regimens: Sequence[Regimen],
    library: Library,
    today: date,
    *,
    settings: Settings,
    named: Iterable[str] = (),
    indication: str | None = None,
) -> Plan:
    """The plan of one course of ``regimens``, or of the dose that is asked for, with the products of ``named``."""
    chosen = [library.products[one] for one in named]
    limits = [limit for one in chosen if len(chosen) == 1 for limit in limits_of(one, indication)]
    dose = plan_dose(known, regimens, library, today, limits)
    given = to_give(dose, known, settings.weight_rule)
    route = _route(known, regimens, chosen)
    found = hazards_of(library, known, route)
    risk = at_risk(found)
    fits = fitting(
        _offered(library, settings, chosen),
        library,
        known,
        route=route,
        indication=indication,
        formulary=_formulary(library),
    )
    infusing = Infusing(known, library, risk, indication, settings)
    needs = order_needs(known, dose)
    of_chosen = [fit for product in chosen for fit in fits if fit.product.id == product.id]
    infusions = tuple(infusing.plan(fit, given, needs) for fit in of_chosen)
    return Plan(
        dose=dose,
        given=given,
        hazards=found,
        at_risk=risk,
        checklist=checklist(found, known, library, _days(settings, given, infusions)),
        products=fits,
        overrides=overrides(fits),
        infusions=infusions,
        ladder=library.formulary.reaction_ladder if library.formulary else (),
        expected=expected_igg(dose, known, library, indication, route) if indication else (),
    )


def named_products(medication: str | None, library: Library) -> tuple[Product, ...]:
    """The products that the words of an order name; all labels of one brand."""
    words = f" {plain_words(medication or '')} "
    found = [one for one in library.products.values() if f" {plain_words(one.brand)} " in words]
    brands = {plain_words(one.brand) for one in found}
    within = {brand for brand in brands for other in brands if brand != other and f" {brand} " in f" {other} "}
    return tuple(one for one in found if plain_words(one.brand) not in within)


def _offered(library: Library, settings: Settings, chosen: Sequence[Product]) -> list[Product]:
    """The products of the region, or all of them while it is not known; those that are named in any case."""
    region = settings.region or (library.formulary.region if library.formulary else None)
    held = [one for _, one in sorted(library.products.items())]
    return [one for one in held if one in chosen or region is None or region in (one.region, *one.also_regions)]


def _formulary(library: Library) -> tuple[str, ...] | None:
    return library.formulary.products or None if library.formulary else None


def _route(known: Known, regimens: Sequence[Regimen], chosen: Sequence[Product]) -> Route | None:
    """The route that is asked for, else that of the products named, else the one route of the regimens."""
    extent = known[_ROUTE].extent if _ROUTE in known else None
    if isinstance(extent, Exactly) and extent.value in {"intravenous", "subcutaneous"}:
        return "intravenous" if extent.value == "intravenous" else "subcutaneous"
    routes: set[Route] = {one.route for one in chosen} or {one.route for one in regimens}
    return next(iter(routes)) if len(routes) == 1 else None


def _days(settings: Settings, given: Given | None, infusions: Sequence[InfusionPlan]) -> tuple[date, ...] | None:
    """The days of the infusions, one after the other, where the first is known; the most that any product takes."""
    if settings.start is None:
        return None
    first, ordered = settings.start.date(), len(given.doses_g) if given else 1
    taken = [len(one.schedule.days) for one in infusions if isinstance(one.schedule, Timetable)]
    return tuple(first + timedelta(days=number) for number in range(max([ordered, *taken])))
