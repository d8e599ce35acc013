"""A plan in JSON: the numbers are those of the plan, the keys are always there, and every text can be read back."""

from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from tests.unit.explain.test_plan_sections import KINDS, WITH_STEPS, plan_of
from tests.unit.review import judged
from tests.unit.review.test_plan import GBS, infusion, of_the_place, planned, timetable, well
from tests.unit.review.test_plan import plan_of as planned_for

from ivigil.criteria import Truth
from ivigil.documents import canonical_json
from ivigil.dosing.rates import NotPlanned
from ivigil.dosing.subcutaneous import SitePlan
from ivigil.explain.as_json import decision_text
from ivigil.explain.plan_json import dose_json, frequencies_json, plan_json
from ivigil.knowledge.dosing_records import LadderStep
from ivigil.review.infusion_plan import Settings
from ivigil.review.plan import Plan

Json = dict[str, Any]
# Numbers are written to six digits after the point, so that they are at most half of the last from what they are.
HALF_A_DIGIT = Fraction(1, 2_000_000)
TRUTHS = {truth.value for truth in Truth}


def whole(plan: Plan) -> Json:
    """The plan as it is read back from its text."""
    read: Json = json.loads(canonical_json({"dose": dose_json(plan.dose), **plan_json(plan)}))
    return read


def is_close(written: str | None, value: Fraction | Decimal | None) -> bool:
    if written is None or value is None:
        return written is None and value is None
    return abs(Fraction(written) - Fraction(value)) <= HALF_A_DIGIT


def keys(found: Json | None) -> list[str]:
    return [] if found is None else list(found)


# Shape


@pytest.mark.parametrize("name", sorted(KINDS))
def test_the_keys_are_there_whether_or_not_there_is_a_plan(name: str) -> None:
    plan = plan_of(name)
    assert keys(plan_json(plan)) == keys(plan_json(None))
    assert keys(dose_json(plan.dose)) == keys(dose_json(None))
    assert not [value for value in plan_json(None).values() if value]
    assert not [value for value in dose_json(None).values() if value]


@pytest.mark.parametrize("name", sorted(KINDS))
def test_the_same_text_comes_again_and_is_read_back(name: str) -> None:
    text = canonical_json(plan_json(plan_of(name)))
    assert text == canonical_json(plan_json(KINDS[name]()))
    assert json.loads(text) == plan_json(plan_of(name))


@pytest.mark.parametrize("name", sorted(KINDS))
def test_no_number_is_written_with_an_exponent_or_without_end(name: str) -> None:
    for written in numbers_in(whole(plan_of(name))):
        point = written.partition(".")[2]
        assert set(written) <= set("-0123456789."), written
        assert len(point) <= 6, written


def numbers_in(value: Any) -> list[str]:  # noqa: ANN401 - any JSON value
    """The texts in a JSON value that are numbers; ids and words are not."""
    if isinstance(value, dict):
        return [number for each in value.values() for number in numbers_in(each)]
    if isinstance(value, list):
        return [number for each in value for number in numbers_in(each)]
    if not isinstance(value, str):
        return []
    try:
        Decimal(value)
    except ArithmeticError:
        return []
    return [value]


# The dose


@pytest.mark.parametrize("name", sorted(KINDS))
def test_the_dose_is_that_of_the_plan(name: str) -> None:
    dose, found = plan_of(name).dose, whole(plan_of(name))["dose"]
    assert [each["rule"] for each in found["weight_rules"]] == [line.weighed.rule.id for line in dose.weights]
    for each, line in zip(found["weight_rules"], dose.weights, strict=True):
        assert (each["state"], each["needs"]) == (line.weighed.state, [*line.weighed.needs])
        assert len(each["weights"]) == len(line.weighed.outcomes)
        for weight, outcome in zip(each["weights"], line.weighed.outcomes, strict=True):
            assert is_close(weight["weight_kg"], outcome.weight_kg)
    assert [(each["regimen"], each["rule"]) for each in found["proposals"]] == [
        (planned.regimen.id, planned.weighed.rule.id) for planned in dose.planned
    ]
    for each, proposal in zip(found["proposals"], dose.planned, strict=True):
        for course, wanted in zip(each["courses"], proposal.courses, strict=True):
            assert is_close(course["total_g"], wanted.total_g)
            assert is_close(course["unrounded_g"], wanted.unrounded_g)
            assert len(course["daily_g"]) == len(wanted.daily_g)
            assert all(map(is_close, course["daily_g"], wanted.daily_g))
    assert is_close(found["requested_g"], dose.requested_g)
    assert (found["comparison"] is None) is (dose.compared is None)
    assert len(found["saved"]) == len(dose.saved)


def test_what_is_saved_is_that_of_the_plan() -> None:
    dose = plan_of("well").dose
    found = whole(plan_of("well"))["dose"]["saved"]
    assert found
    for each, (planned_one, saved) in zip(found, dose.saved, strict=True):
        assert (each["regimen"], each["rule"]) == (planned_one.regimen.id, planned_one.weighed.rule.id)
        assert is_close(each["grams"], saved.grams)
        assert is_close(each["percent"], saved.percent)
        assert each["cost"] is None


# The infusion


@pytest.mark.parametrize("name", sorted(KINDS))
def test_each_product_has_one_kind_of_schedule_or_says_why_not(name: str) -> None:
    for found, plan in zip(whole(plan_of(name))["infusion"], plan_of(name).infusions, strict=True):
        assert (found["product"], found["fit"]) == (plan.fit.product.id, plan.fit.state)
        given = [key for key in ("intravenous", "subcutaneous", "not_planned") if found[key]]
        assert len(given) == 1
        assert (given == ["not_planned"]) is isinstance(plan.schedule, NotPlanned)
        assert (given == ["subcutaneous"]) is isinstance(plan.schedule, SitePlan)
        assert found["needs"] == [*plan.schedule.needs]
        assert is_close(found["rate_weight_kg"], plan.rate_weight_kg)


@pytest.mark.parametrize("name", WITH_STEPS)
def test_its_steps_are_those_of_the_timetable(name: str) -> None:
    schedule = timetable(infusion(plan_of(name)))
    (found,) = whole(plan_of(name))["infusion"]
    assert len(found["intravenous"]["days"]) == len(schedule.days)
    for day, wanted in zip(found["intravenous"]["days"], schedule.days, strict=True):
        assert is_close(day["volume_ml"], wanted.volume_ml)
        assert is_close(day["minutes"], wanted.minutes)
        assert day["binding_caps"] == [cap.id for cap in wanted.binding]
        assert len(day["steps"]) == len(wanted.steps) > 0
        for step, real in zip(day["steps"], wanted.steps, strict=True):
            assert is_close(step["from_minute"], real.start_minute)
            assert is_close(step["to_minute"], real.end_minute)
            assert is_close(step["volume_so_far_ml"], real.volume_so_far_ml)
            assert is_close(step["rate"]["ml_per_h"], real.rate.ml_per_h)
            assert is_close(step["rate"]["mg_per_kg_per_min"], real.rate.in_unit("mg/kg/min"))
            assert is_close(step["rate"]["ml_per_kg_per_h"], real.rate.in_unit("mL/kg/h"))
            assert Fraction(step["rate"]["shown_ml_per_h"]) <= real.rate.ml_per_h
            assert step["starts"] == (real.starts.isoformat() if real.starts else None)


@pytest.mark.parametrize("name", WITH_STEPS)
def test_its_doses_and_vials_are_those_of_the_plan(name: str) -> None:
    plan = infusion(plan_of(name))
    (found,) = whole(plan_of(name))["infusion"]
    assert plan.given is not None
    assert all(map(is_close, found["doses_g"], plan.given.doses_g))
    assert len(found["doses_g"]) == len(plan.given.doses_g)
    assert len(found["vials"]) == len(plan.vials) > 0
    for choice, wanted in zip(found["vials"], plan.vials, strict=True):
        held = sum(Decimal(each["size_g"]) * each["count"] for each in choice["picked"])
        assert held == wanted.given_g
        assert is_close(choice["waste_g"], wanted.waste_g)
        assert held >= Decimal(choice["dose_g"])


def test_every_cap_says_whether_it_applies_and_asks_while_nobody_knows() -> None:
    for found, plan in zip(whole(plan_of("unsure"))["infusion"], plan_of("unsure").infusions, strict=True):
        caps = timetable(plan).caps
        assert [cap["id"] for cap in found["intravenous"]["caps"]] == [cap.id for cap in caps]
        assert "unknown" in {cap["applies"] for cap in found["intravenous"]["caps"]}
        for cap in found["intravenous"]["caps"]:
            assert (cap["applies"] == "unknown") is bool(cap["question"]) is bool(cap["needs"])
            assert cap["text"]
            assert cap["reason"]


def test_a_dose_under_the_skin_is_that_of_the_sites() -> None:
    schedule = infusion(plan_of("subcutaneous")).schedule
    assert isinstance(schedule, SitePlan)
    (found,) = whole(plan_of("subcutaneous"))["infusion"]
    sites = found["subcutaneous"]
    assert (sites["sites"], sites["days"]) == (schedule.sites, schedule.days)
    assert is_close(sites["volume_ml"], schedule.volume_ml)
    assert is_close(sites["volume_ml_per_site"], schedule.volume_ml_per_site)


# Hazards, checklist and products


@pytest.mark.parametrize("name", sorted(KINDS))
def test_hazards_and_risks_are_those_of_the_plan(name: str) -> None:
    plan, found = plan_of(name), whole(plan_of(name))
    assert found["at_risk"] == plan.at_risk.truth.value
    assert found["at_risk"] in TRUTHS
    for each, hazard in zip(found["hazards"], plan.hazards, strict=True):
        assert each["id"] == hazard.hazard.id
        assert [(one["id"], one["state"]) for one in each["risk_factors"]] == [
            (one.factor.id, one.state) for one in hazard.factors
        ]
        assert {*each["needs"]} == {need for one in each["risk_factors"] for need in one["needs"]}
    assert {*frequencies_json(plan)} == {each["id"] for each in found["hazards"]}


@pytest.mark.parametrize("name", sorted(KINDS))
def test_the_checklist_is_that_of_the_plan(name: str) -> None:
    plan, found = plan_of(name), whole(plan_of(name))["checklist"]
    assert [(each["text"], each["state"]) for each in found] == [(item.text, item.state) for item in plan.checklist]
    for each, item in zip(found, plan.checklist, strict=True):
        assert {*each["sources"]} == {part.precaution.passage.source for part in item.parts}
        assert (each["state"] == "withheld") is bool(each["why"])
        assert each["called_for"] in {"met", "unknown"}


@pytest.mark.parametrize("name", sorted(KINDS))
def test_products_stand_with_every_reason_that_counts(name: str) -> None:
    plan, found = plan_of(name), whole(plan_of(name))
    assert [(each["id"], each["state"]) for each in found["products"]] == [
        (fit.product.id, fit.state) for fit in plan.products
    ]
    for each in found["products"]:
        effects = {reason["effect"] for reason in each["reasons"]}
        state = "out" if "out" in effects else "unclear" if "unclear" in effects else "fits"
        assert each["state"] == state
    assert [[*rank["products"]] for rank in found["product_overrides"]] == [
        [fit.product.id for fit in rank.fits] for rank in plan.overrides
    ]


def test_the_ladder_of_a_place_is_told_and_no_other() -> None:
    own = planned(well(), knowledge=of_the_place(reaction_ladder=(LadderStep("mild", "Halve the rate."),)))
    assert whole(own)["reaction_ladder"] == [{"severity": "mild", "text": "Halve the rate."}]
    assert whole(plan_of("well"))["reaction_ladder"] == []


# Beside a decision


def test_a_decision_s_line_holds_its_plan() -> None:
    decision = judged.one(GBS)
    plan = planned_for(decision, Settings(products=("octagam-10-ch",)), judged.library())
    assert plan is not None
    with_plan, without_plan = (json.loads(decision_text(decision, each)) for each in (plan, None))
    assert keys(with_plan) == keys(without_plan)
    wanted: Mapping[str, Any] = json.loads(canonical_json(plan_json(plan)))
    for key, value in wanted.items():
        assert with_plan[key] == value
        assert without_plan[key] == plan_json(None)[key]
    for key, value in json.loads(canonical_json(dose_json(plan.dose))).items():
        assert with_plan["dose"][key] == value
