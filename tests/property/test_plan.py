"""Plans for drawn patients and every real product: risk and doubt only slow down, and nothing is forgotten silently.

Patients are drawn over every truth that a risk factor or a restriction speaks of, each true, false or not recorded, and
run the whole way: settled and derived as a record is, then planned.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import event, given
from hypothesis import strategies as st
from tests.property.test_infusion import is_slower_or_equal
from tests.unit.review.test_plan import GOOD, Value, holding, infusion, library, risks, truths, well, without
from tests.unit.review.test_plan import planned as plan_for

from ivigil.criteria import Truth, facts_of
from ivigil.dosing.infusion import Timetable
from ivigil.dosing.rates import NotPlanned
from ivigil.dosing.subcutaneous import SitePlan
from ivigil.explain.plan_json import plan_json
from ivigil.explain.plan_sections import hazard_sections
from ivigil.knowledge.product_records import Product, Substance
from ivigil.review.infusion_plan import Settings
from ivigil.review.plan import Plan
from ivigil.safety import ChecklistItem

Patient = dict[str, Value]
Schedule = Timetable | SitePlan | NotPlanned
Use = tuple[str | None, Settings]
ANY_USE: Use = (None, Settings())
LABELLED: Use = ("immune-thrombocytopenia", Settings())
AGES = (Decimal(10), Decimal(40), Decimal(63), Decimal(70))
OCTAGAM = "octagam-10-us"
GIVES_FLUID = re.compile("enough fluid|hydrat|drink", re.IGNORECASE)
FLUID = ("heart_failure", "fluid_overload")
# Facts that may be forgotten; without the grams or the days of an order there is no infusion to speak of.
KEPT = frozenset({"request_total_dose", "request_infusion_days"})
# What a product may not contain, by what the patient has; antibodies against IgA rule out every product.
RESTRICTING: Mapping[str, tuple[Substance, ...]] = {
    "hyperprolinaemia": ("proline",),
    "hereditary_fructose_intolerance": ("fructose", "sorbitol", "sucrose"),
}


def products() -> tuple[str, ...]:
    return tuple(sorted(library().products))


@st.composite
def patients(draw: st.DrawFn, /, **certain: Value | None) -> Patient:
    """Patients of whom all, or all but a few facts, are as in one who is well; ``None`` leaves a fact out."""
    few = st.lists(st.sampled_from(truths()), max_size=4, unique=True)
    facts = draw(few | st.just(truths()))
    drawn: dict[str, Value | None] = {fact: draw(st.sampled_from([None, False, True])) for fact in facts}
    drawn["age"] = draw(st.sampled_from([None, *AGES]))
    return {fact: value for fact, value in {**well(), **drawn, **certain}.items() if value is not None}


@st.composite
def uses(draw: st.DrawFn, name: str) -> Use:
    """An indication of the label or none, and whether the product was tolerated."""
    rates = library().products[name].rates
    named = sorted({one for schedule in rates for one in schedule.indications})
    indication = draw(st.sampled_from([None, "guillain-barre", *named]))
    protocol = draw(st.sampled_from([None, *sorted(library().rate_protocols)]))
    return indication, Settings(products=(name,), tolerated=draw(st.booleans()), protocol=protocol)


def planned(patient: Patient, name: str, use: Use = ANY_USE) -> Plan:
    """The plan for a patient of whom just this is recorded, with one product."""
    indication, settings = use
    return plan_for(patient, name, indication=indication, knowledge=holding(name), settings=settings)


def described(schedule: Schedule) -> str:
    if isinstance(schedule, Timetable):
        return "steps" if schedule.minutes is not None else "limits"
    return "sites" if isinstance(schedule, SitePlan) else "not planned"


def no_faster(slow: Schedule, fast: Schedule) -> bool:
    """Whether at no minute more is in; under the skin, whether no site takes more or faster."""
    if isinstance(slow, SitePlan) and isinstance(fast, SitePlan):
        names = ("volume_ml_per_site", "rate_ml_per_h_per_site")
        limits = [(getattr(slow.limits, name), getattr(fast.limits, name)) for name in names]
        strict = all(two is None or (one is not None and one <= two) for one, two in limits)
        known = not (slow.steps and fast.steps) or highest(slow) <= highest(fast)
        return slow.days >= fast.days and strict and known
    if isinstance(slow, SitePlan) or isinstance(fast, SitePlan):
        return isinstance(slow, NotPlanned)
    return is_slower_or_equal(slow, fast)


def highest(one: SitePlan) -> Fraction:
    """The highest rate of a site in mL/h."""
    return max(rate for rate, _ in one.steps) / one.sites


# Risk


def test_the_patient_who_is_well_has_no_known_risk() -> None:
    found = planned(well(), OCTAGAM, LABELLED)
    present = {one.factor.id for hazard in found.hazards for one in hazard.factors_that_are("present")}
    assert present <= {"high-dose", "higher-dose", "daily-dose"}
    assert found.at_risk.truth is Truth.NOT_MET
    assert infusion(found).fit.state == "fits"


@given(st.data(), st.sampled_from(products()))
def test_a_new_risk_factor_never_speeds_up(data: st.DataObject, name: str) -> None:
    patient, use = data.draw(patients()), data.draw(uses(name))
    fact = data.draw(st.sampled_from([*risks(), "age"]))
    spared: list[Value] = [Decimal(40), Decimal(63)] if fact == "age" else [fact in GOOD]
    # A patient of unknown age may be a child, for whom labels are stricter still: more than a risk is then learnt.
    unknown: list[Patient] = [] if fact == "age" else [{}]
    known_before = data.draw(st.sampled_from([*unknown, *({fact: one} for one in spared)]))
    spared_one = {**without(patient, fact), **known_before}
    at_risk = {**patient, fact: Decimal(70) if fact == "age" else fact not in GOOD}
    before, after = (infusion(planned(one, name, use)).schedule for one in (spared_one, at_risk))
    event(f"{described(before)}, then {described(after)}")
    assert no_faster(after, before)


@pytest.mark.parametrize("fact", [*risks(), "age"])
def test_each_single_risk_of_the_labels_slows_octagam_down(fact: str) -> None:
    """Octagam has a figure for patients at risk; other risk factors leave its rates alone."""
    ill: Patient = {**well(), fact: Decimal(70) if fact == "age" else fact not in GOOD}
    usual, found = (planned(one, OCTAGAM, LABELLED) for one in (well(), ill))
    at_risk = any(
        fact in facts_of(library().trees[one.rule])
        for hazard in library().hazards.values()
        for one in hazard.risk_factors
        if hazard.makes_at_risk and one.makes_at_risk and one.rule
    )
    assert (found.at_risk.truth is Truth.MET) is at_risk
    slowed, fast = infusion(found).schedule, infusion(usual).schedule
    assert no_faster(slowed, fast)
    if not isinstance(slowed, NotPlanned):
        assert no_faster(fast, slowed) is not at_risk


# Doubt


@given(st.data(), st.sampled_from(products()))
def test_forgetting_a_fact_removes_no_cap_and_never_speeds_up(data: st.DataObject, name: str) -> None:
    patient, use = data.draw(patients()), data.draw(uses(name))
    fact = data.draw(st.sampled_from(sorted({*patient} - KEPT)))
    before, after = (infusion(planned(one, name, use)) for one in (patient, without(patient, fact)))
    event(f"{described(before.schedule)}, then {described(after.schedule)}")
    if isinstance(before.schedule, NotPlanned):
        # What stood against it is now a question: it may be planned, and asks.
        assert isinstance(after.schedule, NotPlanned) or fact in after.fit.needs
        return
    assert no_faster(after.schedule, before.schedule)
    if isinstance(after.schedule, NotPlanned):
        assert fact in after.schedule.needs
    elif isinstance(before.schedule, Timetable) and isinstance(after.schedule, Timetable):
        kept = {cap.id: cap for cap in after.schedule.caps}
        assert {cap.id for cap in before.schedule.caps} <= {*kept}
        for cap in kept.values():
            assert (cap.truth is Truth.UNKNOWN) is bool(cap.question) is bool(cap.needs)
            assert {*cap.needs} <= {*after.schedule.needs}


@given(st.data(), st.sampled_from(products()))
def test_forgetting_a_fact_keeps_every_warning_or_leaves_its_question(data: st.DataObject, name: str) -> None:
    patient = data.draw(patients())
    fact = data.draw(st.sampled_from(sorted({*patient} - KEPT)))
    before, after = planned(patient, name), planned(without(patient, fact), name)
    for was, now in zip(before.hazards, after.hazards, strict=True):
        for old, new in zip(was.factors, now.factors, strict=True):
            assert new.state == old.state or (new.state == "unknown" and fact in new.needs)
    items = {key(one): one for one in after.checklist}
    for one in before.checklist:
        assert key(one) in items
        assert one.state == "advised" or items[key(one)].state == "withheld"
    fits = {one.product.id: one for one in after.products}
    for fit in before.products:
        later = fits[fit.product.id]
        kept = {(one.kind, one.rule) for one in later.reasons}
        assert {(one.kind, one.rule) for one in fit.reasons if one.effect != "note"} <= kept
        assert later.state != "fits" or fit.state == "fits" or fact in later.needs
    assert after.at_risk.truth in {before.at_risk.truth, Truth.UNKNOWN}


def key(one: ChecklistItem) -> tuple[object, ...]:
    each = one.precaution
    return each.phase, each.text, each.from_day, each.to_day, each.from_minutes, each.to_minutes


# Restrictions


def free(product: Product, substances: Iterable[Substance]) -> bool:
    """Whether somebody read of each of the substances that the product does not contain it."""
    given = [(product.contents or {}).get(one) for one in substances]
    return all(one is not None and not one.present and one.status == "verified" for one in given)


@pytest.mark.parametrize("route", ["intravenous", "subcutaneous"])
@pytest.mark.parametrize("fact", sorted(RESTRICTING))
def test_no_product_of_unknown_content_fits_a_patient_who_is_otherwise_well(fact: str, route: str) -> None:
    found = plan_for({**well(), "request_route": route, fact: True}).products
    unsure = [one for one in found if one.product.route.endswith(route) and not free(one.product, RESTRICTING[fact])]
    assert unsure
    assert "fits" not in {one.state for one in unsure}


@given(st.data(), st.sampled_from(sorted(RESTRICTING)), st.sampled_from(products()))
def test_no_product_of_unknown_content_fits_whatever_else_is_known(data: st.DataObject, fact: str, name: str) -> None:
    (fit,) = planned(data.draw(patients(**{fact: True})), name).products
    event(fit.state)
    assert fit.state != "fits" or free(fit.product, RESTRICTING[fact])


@given(st.data(), st.sampled_from(products()))
def test_with_antibodies_against_iga_nothing_fits_and_nothing_is_planned(data: st.DataObject, name: str) -> None:
    found = planned(data.draw(patients(anti_iga_antibodies=True)), name)
    assert {fit.state for fit in found.products} == {"out"}
    assert isinstance(infusion(found).schedule, NotPlanned)
    assert infusion(found).vials == ()


# Fluid


@given(st.data(), st.sampled_from(FLUID), st.sampled_from([True, None]))
def test_no_checklist_advises_fluid_where_it_may_harm(data: st.DataObject, fact: str, value: bool | None) -> None:  # noqa: FBT001 - a fact's value
    found = planned(data.draw(patients(**{fact: value})), OCTAGAM)
    hydrating = [one for one in found.checklist if "hydration" in one.levers]
    assert {one.state for one in hydrating} == {"withheld"}
    assert all(one.why for one in hydrating)
    assert not [one.text for one in found.checklist if one.state == "advised" and GIVES_FLUID.search(one.text)]
    texts = {one.text for one in hydrating}
    rows = [row for section in hazard_sections(found, library().askable) for row in section.rows if row.text in texts]
    assert rows
    assert all(any(one.startswith("Not advised") for one in row.details) for row in rows)
    listed = [one for one in plan_json(found)["checklist"] if "hydration" in one["levers"]]
    assert [one["state"] for one in listed] == ["withheld"] * len(hydrating)


@given(patients(heart_failure=False, fluid_overload=False))
def test_fluid_is_advised_where_it_is_known_to_do_no_harm(patient: Patient) -> None:
    """The test above is not true because fluid is never advised."""
    hydrating = [one for one in planned(patient, OCTAGAM).checklist if "hydration" in one.levers]
    assert {one.state for one in hydrating} == {"advised"}
    assert all(GIVES_FLUID.search(one.text) for one in hydrating)


# What is drawn


def test_the_strategies_reach_every_form_of_plan() -> None:
    seen: set[str] = set()

    @given(st.data(), st.sampled_from(products()))
    def look(data: st.DataObject, name: str) -> None:
        seen.add(described(infusion(planned(data.draw(patients()), name, data.draw(uses(name)))).schedule))

    look()
    assert seen == {"steps", "limits", "sites", "not planned"}
