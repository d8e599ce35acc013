"""The dose of a request: every weight rule side by side, every regimen under each, and how the order compares."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from tests.unit.dosing.patients import known, limit, regimen
from tests.unit.review.test_plan import TODAY, library, of_the_place

from ivigil.dosing import savings
from ivigil.facts import Between, OneOf, Settled
from ivigil.knowledge import Library, Regimen
from ivigil.review.dose_plan import AS_ASKED, DosePlan, asked_regimen, known_amount, plan_dose
from ivigil.review.infusion_plan import to_give

Known = Mapping[str, Settled]
MAN = known(weight="100", height="175", sex="male", age="50", pregnant=False)
TWO = replace(regimen("2", "0.4", "5"), id="two")
ONE = replace(regimen("1", None, "1"), id="one")


def dosed(patient: Known, *regimens: Regimen, knowledge: Library | None = None, today: date = TODAY) -> DosePlan:
    return plan_dose(patient, regimens, knowledge or library(), today)


def asking(**facts: object) -> Known:
    return {**MAN, **known(**facts)}


# Weight rules


def test_every_weight_rule_has_a_line_in_order_of_id() -> None:
    assert [line.weighed.rule.id for line in dosed(MAN).weights] == sorted(library().weight_rules)


def test_every_regimen_is_planned_under_every_rule_that_holds_today() -> None:
    found = dosed(MAN, TWO, ONE)
    current = [line.weighed.rule.id for line in found.weights if line.validity.state == "current"]
    assert [(one.regimen.id, one.weighed.rule.id) for one in found.planned] == [
        (name, rule) for name in ("two", "one") for rule in current
    ]
    for one in found.planned:
        for course in one.courses:
            assert sum(map(Fraction, course.daily_g)) == Fraction(course.total_g or 0)


def test_a_rule_that_does_not_hold_yet_is_shown_and_doses_nothing() -> None:
    rule = library().weight_rules["australia-2026"]
    assert rule.valid_from is not None
    before, on_the_day = (dosed(MAN, TWO, today=day) for day in (date(rule.valid_from.year - 1, 1, 1), rule.valid_from))
    for found, holds in ((before, False), (on_the_day, True)):
        (line,) = [one for one in found.weights if one.weighed.rule.id == rule.id]
        assert (line.validity.state == "current") is holds
        assert (rule.id in {one.weighed.rule.id for one in found.planned}) is holds


def test_doses_scale_with_weight_under_the_actual_weight_alone() -> None:
    light, heavy = (dosed({**MAN, **known(weight=kg)}, TWO) for kg in ("100", "150"))
    for one, other in zip(light.planned, heavy.planned, strict=True):
        totals = (one.courses[0].unrounded_g, other.courses[0].unrounded_g)
        if one.weighed.rule.id == "actual":
            assert totals[1] == totals[0] * Decimal("1.5")
        elif "ideal" in one.weighed.rule.id:
            assert totals[1] == totals[0]


def test_while_the_weight_is_not_known_each_rule_that_uses_it_asks() -> None:
    patient = {fact: one for fact, one in MAN.items() if fact != "weight"}
    for one in dosed(patient, TWO).planned:
        by_height = one.weighed.rule.id in {"ideal-devine", "kent-medway"}
        assert (one.weighed.state == "certain") is by_height
        assert ("weight" in one.needs) is not by_height


# What is asked for


@pytest.mark.parametrize(
    ("facts", "total", "daily", "days"),
    [
        ({"request_total_dose_per_kg": "2"}, "2", None, None),
        ({"request_daily_dose_per_kg": "0.4", "request_infusion_days": "5"}, None, "0.4", "5"),
        ({"request_total_dose_per_kg": "1.5", "request_infusion_days": "3"}, "1.5", None, "3"),
    ],
)
def test_a_dose_per_kg_that_is_asked_for_is_planned_like_a_regimen(
    facts: dict[str, str], total: str | None, daily: str | None, days: str | None
) -> None:
    (asked,) = asked_regimen(asking(**facts))
    assert asked.id == AS_ASKED
    for span, value in ((asked.total_g_per_kg, total), (asked.daily_g_per_kg, daily), (asked.days, days)):
        assert (span and (span.low, span.high)) == (value and (Decimal(value), Decimal(value)))
    assert AS_ASKED in {one.regimen.id for one in dosed(asking(**facts), ONE).planned}


@pytest.mark.parametrize(
    "facts",
    [
        {},
        {"request_infusion_days": "5"},
        {"request_total_dose": "160", "request_infusion_days": "5"},
        {"request_total_dose_per_kg": "0"},
        {"request_total_dose_per_kg": Between(Decimal(1), Decimal(2))},
    ],
)
def test_without_one_dose_per_kg_nothing_is_planned_as_asked(facts: dict[str, object]) -> None:
    assert list(asked_regimen(asking(**facts))) == []


@pytest.mark.parametrize(
    ("facts", "same"),
    [
        ({"request_total_dose_per_kg": "2"}, True),
        ({"request_total_dose_per_kg": "2", "request_infusion_days": "5"}, True),
        ({"request_daily_dose_per_kg": "0.4"}, True),
        ({"request_total_dose_per_kg": "2", "request_infusion_days": "2"}, False),
        ({"request_total_dose_per_kg": "1.9"}, False),
        ({"request_daily_dose_per_kg": "0.4", "request_infusion_days": "3"}, False),
    ],
)
def test_a_dose_that_is_a_regimen_s_is_not_planned_twice(facts: dict[str, str], same: bool) -> None:  # noqa: FBT001 - a parameter
    assert (list(asked_regimen(asking(**facts), [TWO])) == []) is same
    assert (AS_ASKED not in {one.regimen.id for one in dosed(asking(**facts), TWO).planned}) is same


def test_the_days_asked_for_are_those_of_the_course() -> None:
    for days in ("1", "2", "4"):
        found = dosed(asking(request_infusion_days=days), regimen("2", None, "1-5"))
        assert {course.days for one in found.planned for course in one.courses} == {int(days)}


# The grams asked for


def test_the_grams_asked_for_are_compared_with_the_regimens_and_not_with_themselves() -> None:
    found = dosed(asking(request_total_dose="165", request_total_dose_per_kg="1.65"), TWO)
    assert AS_ASKED in {one.regimen.id for one in found.planned}
    assert found.requested_g == 165
    assert found.compared is not None
    assert found.compared.state == "explained"
    assert found.compared.explained_by
    assert AS_ASKED not in {one.planned.regimen.id for one in found.compared.explained_by}


@pytest.mark.parametrize(("grams", "state"), [("200", "as-regimen"), ("120", "below"), ("300", "above")])
def test_how_they_compare(grams: str, state: str) -> None:
    found = dosed(asking(request_total_dose=grams), TWO)
    assert found.compared is not None
    assert found.compared.state == state


def test_without_grams_or_without_a_regimen_nothing_is_compared() -> None:
    assert dosed(MAN, TWO).compared is None
    assert dosed(MAN, TWO).saved == ()
    assert dosed(asking(request_total_dose="165")).compared is None


def test_what_is_saved_is_what_is_asked_for_less_what_each_course_takes() -> None:
    found = dosed(asking(request_total_dose="250"), TWO, knowledge=of_the_place(price_per_g=Decimal("37.5")))
    assert [one for one, _ in found.saved] == [one for one in found.planned if one.courses]
    for planned, saved in found.saved:
        (course,) = planned.courses
        assert course.total_g is not None
        assert saved == savings(Decimal(250), course.total_g, Decimal("37.5"))
        assert saved.grams + course.total_g == 250


def test_a_regimen_with_two_ends_saves_no_one_amount() -> None:
    found = dosed(asking(request_total_dose="250"), regimen("1-2", None, "5"))
    assert found.planned
    assert found.saved == ()


@pytest.mark.parametrize("days", [1, 2, 5])
def test_half_a_step_of_the_place_s_own_rounding_for_each_day_is_no_difference(days: int) -> None:
    rule = library().weight_rules["ontario"]
    assert rule.rounding is not None
    edge = 200 + rule.rounding.step_g / 2 * days
    place = of_the_place(weight_rule="ontario")
    for grams, state in ((edge - Decimal("0.1"), "as-regimen"), (edge, "above")):
        patient = asking(request_total_dose=str(grams), request_infusion_days=str(days))
        compared = dosed(patient, regimen("2", None, "1-5"), knowledge=place).compared
        assert compared is not None
        assert compared.state == state


def test_a_child_s_dose_is_not_rounded_and_so_not_alike_either() -> None:
    near = {"request_total_dose": "201", "request_infusion_days": "5"}
    states = []
    for age in ("17", "18"):
        compared = dosed(asking(**near, age=age), TWO).compared
        assert compared is not None
        states.append(compared.state)
    assert states == ["above", "as-regimen"]


# Limits


def test_a_limit_lowers_every_course_to_it_and_says_so() -> None:
    free = dosed(MAN, TWO)
    limited = plan_dose(MAN, [TWO], library(), TODAY, [limit("0.2")])
    for one, other in zip(free.planned, limited.planned, strict=True):
        for was, now in zip(one.courses, other.courses, strict=True):
            assert max(now.daily_g) <= Decimal("0.2") * min(now.outcome.weight_kg, Decimal(100))
            assert now.total_g is not None
            assert was.total_g is not None
            assert now.total_g < was.total_g
            assert any("0.2 g/kg" in text for text in now.said)


# Which amounts are known


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ("82", Decimal(82)),
        ("0", None),
        (None, None),
        (Between(Decimal(1), Decimal(2)), None),
        (OneOf(frozenset({"a", "b"})), None),
    ],
)
def test_only_one_amount_above_0_is_known(value: object, found: Decimal | None) -> None:
    assert known_amount(known(weight=value), "weight") == found


# Which grams are given


def given(rule: str | None = None, **facts: object) -> tuple[Decimal, ...] | None:
    patient = asking(**facts)
    found = to_give(dosed(patient, TWO), patient, rule)
    return None if found is None else found.doses_g


def test_the_grams_ordered_come_first_then_the_dose_per_kg_then_the_regimen() -> None:
    grams = {"request_total_dose": "150", "request_infusion_days": "3"}
    per_kg = {"request_total_dose_per_kg": "1", "request_infusion_days": "3"}
    assert given(**grams) == (Decimal(50),) * 3
    assert given(**grams, request_total_dose_per_kg="1") == (Decimal(50),) * 3
    assert sum(given(**per_kg) or ()) == 100
    assert given() == (Decimal(40),) * 5


def test_a_weight_rule_that_is_chosen_counts_before_grams_as_ordered() -> None:
    found = given("ideal-devine", request_total_dose="150", request_infusion_days="5")
    (by_rule,) = [one for one in dosed(MAN, TWO).planned if one.weighed.rule.id == "ideal-devine"]
    assert found == by_rule.courses[0].daily_g
    assert sum(found) != 150


@pytest.mark.parametrize("days", ["0", "32", "2.5", Between(Decimal(1), Decimal(5))])
def test_grams_ordered_over_no_number_of_days_give_no_doses(days: object) -> None:
    patient = asking(request_total_dose="150", request_infusion_days=days)
    assert to_give(dosed(patient), patient, None) is None


def test_a_rule_whose_weight_is_not_certain_gives_no_grams() -> None:
    small: Known = {**MAN, **known(weight="150", height="150", sex="female")}
    found = dosed(small, TWO)
    (line,) = [one.weighed for one in found.weights if one.weighed.rule.id == "ontario"]
    assert line.state == "ambiguous"
    assert to_give(found, small, "ontario") is None
    assert to_give(found, small, "actual") is not None


def test_one_weight_that_is_only_possible_gives_no_grams() -> None:
    """Without the actual weight the rule may come to the ideal one, and may not."""
    patient = {fact: each for fact, each in MAN.items() if fact != "weight"}
    found = dosed(patient, TWO)
    (open_one,) = [each for each in found.planned if each.weighed.rule.id == "clinpk"]
    assert (open_one.weighed.state, len(open_one.courses)) == ("unknown", 1)
    assert to_give(found, patient, "clinpk") is None
    assert to_give(found, patient, "ideal-devine") is not None


def test_a_regimen_with_two_ends_gives_no_grams() -> None:
    assert to_give(dosed(MAN, regimen("1-2", None, "5")), MAN, "actual") is None
