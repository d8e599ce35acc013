"""A regimen in grams: spans, days, limits, rounding, and the dose of each day."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from tests.unit.dosing.patients import (
    ADULT,
    CHILD,
    NEAREST_5,
    by_weight,
    limit,
    patient,
    regimen,
    weighed,
)

from ivigil.dosing import Course, DoseError, Planned, aims, divided, limits_of, plan
from ivigil.knowledge import Regimen, load
from ivigil.knowledge.product_records import DoseLimit, Product, Words

FIVE_DAYS = regimen(total="2", daily="0.4", days="5")


def planned(given: Regimen, kg: str = "70", *limits: DoseLimit, days: int | None = None) -> Planned:
    return plan(given, by_weight(kg), age=ADULT, limits=limits, days=days)


def only(given: Regimen, kg: str = "70", *limits: DoseLimit, days: int | None = None) -> Course:
    (course,) = planned(given, kg, *limits, days=days).courses
    return course


def texts(amounts: tuple[Decimal, ...]) -> list[str]:
    return [f"{one:f}" for one in amounts]


class TestRegimens:
    def test_daily_dose_days_and_total(self) -> None:
        course = only(FIVE_DAYS)
        assert (course.total_g, course.days, course.per_day_g, course.end) == (140, 5, 28, "only")
        assert texts(course.daily_g) == ["28"] * 5

    def test_daily_dose_and_days_give_the_total(self) -> None:
        assert only(regimen(daily="0.4", days="5")).total_g == 140

    def test_total_and_daily_dose_give_the_days(self) -> None:
        course = only(regimen(total="2", daily="0.4"))
        assert (course.days, course.total_g) == (5, 140)

    def test_total_alone_leaves_the_days_open(self) -> None:
        course = only(regimen(total="2"))
        assert (course.total_g, course.days, course.per_day_g, course.daily_g) == (140, None, None, ())

    def test_the_days_of_the_order_divide_a_total(self) -> None:
        assert texts(only(regimen(total="2"), days=4).daily_g) == ["35"] * 4

    def test_the_days_of_the_order_count_only_among_those_of_the_regimen(self) -> None:
        given = regimen(total="2", days="2-5")
        assert only(given, days=3).days == 3
        assert [one.days for one in planned(given, days=9).courses] == [2, 5]

    def test_a_daily_dose_without_an_end_has_no_total(self) -> None:
        course = only(regimen(daily="0.4"))
        assert (course.total_g, course.per_day_g, course.unrounded_g, course.daily_g) == (None, 28, 28, ())
        assert planned(regimen(daily="0.4")).on_actual_g is None

    def test_no_dose_per_kg_gives_no_course(self) -> None:
        found = planned(regimen())
        assert (found.courses, found.on_actual_g, found.needs) == ((), None, ())

    def test_each_end_of_a_span(self) -> None:
        found = planned(regimen(total="2-2.5"))
        assert [(one.end, one.total_g) for one in found.courses] == [("low", 140), ("high", 175)]
        assert found.on_actual_g == (140, 175)

    def test_a_total_over_a_span_of_days_keeps_to_the_daily_span(self) -> None:
        found = planned(regimen(total="2", daily="0.4-1", days="1-5"))
        assert [(one.days, one.per_day_g) for one in found.courses] == [(5, 28)]

    def test_figures_that_only_nearly_agree_are_not_thrown_away(self) -> None:
        assert only(regimen(total="2", daily="0.7", days="3")).total_g == 140

    def test_ends_of_daily_dose_and_days(self) -> None:
        found = planned(regimen(daily="0.4-1", days="2-5"))
        assert [(one.days, one.total_g) for one in found.courses] == [(2, 56), (5, 350)]
        assert [(one.days, one.total_g) for one in planned(regimen(daily="0.4", days="3-5")).courses] == [
            (3, 84),
            (5, 140),
        ]

    def test_maintenance_has_an_interval(self) -> None:
        assert planned(FIVE_DAYS).kind == "one-off"
        assert planned(regimen(total="2", interval="monthly")).kind == "maintenance"

    def test_the_seeds_regimens_come_to_grams(self) -> None:
        for rules in load().rule_sets.values():
            for appraisal in rules.appraisals.values():
                for one in appraisal.regimens:
                    assert len(aims(one)) == len(planned(one).courses), (appraisal.indication, one.id)


class TestWeights:
    def test_every_weight_of_an_ambiguous_rule_is_planned_for(self) -> None:
        found = plan(FIVE_DAYS, weighed("ontario", patient("female", "150", "150")), age=ADULT)
        assert [one.total_g for one in found.courses] == [170, 300]
        assert found.on_actual_g == (300, 300)

    def test_without_a_weight_the_needs_are_named(self) -> None:
        found = plan(FIVE_DAYS, weighed("ontario", patient("male", None, None)), age=ADULT)
        assert (found.courses, found.on_actual_g, found.needs) == ((), None, ("weight", "height"))


class TestRounding:
    def ontario(self, **changes: object) -> Course:
        rule = replace(NEAREST_5, **changes)  # type: ignore[arg-type] # fields of the rule
        (course,) = plan(FIVE_DAYS, by_weight("82.3", rule), age=ADULT).courses
        return course

    def test_the_course_is_rounded_and_given_in_whole_steps(self) -> None:
        course = self.ontario()
        assert (course.unrounded_g, course.total_g, course.per_day_g) == (Decimal("164.6"), 165, 33)
        assert texts(course.daily_g) == ["35", "35", "35", "30", "30"]
        assert course.said == ("Rounded to the nearest 5 g: 164.6 g to 165 g.",)

    def test_whole_steps_keep_to_the_cap(self) -> None:
        assert texts(self.ontario(change_at_most_percent=Decimal(5)).daily_g) == ["33"] * 5

    def test_children_are_never_rounded_for(self) -> None:
        (course,) = plan(FIVE_DAYS, by_weight("25.3", NEAREST_5), age=CHILD).courses
        assert course.total_g == course.unrounded_g == Decimal("50.6")
        assert course.said == ("Not rounded: the rule is for patients from 18 years.",)

    def test_an_unknown_age_is_asked_for(self) -> None:
        found = plan(FIVE_DAYS, by_weight("82.3", NEAREST_5), age=None)
        assert found.needs == ("age",)
        assert found.courses[0].total_g == Decimal("164.6")

    def test_rounding_never_exceeds_a_limit(self) -> None:
        given = by_weight("82.3", NEAREST_5)
        (course,) = plan(FIVE_DAYS, given, age=ADULT, limits=[limit(per_course="2")]).courses
        assert course.total_g == Decimal("164.6")
        assert course.said == ("Not rounded to 165 g: at most 2 g/kg in a course.",)
        (by_day,) = plan(FIVE_DAYS, given, age=ADULT, limits=[limit(per_day="0.4")]).courses
        assert by_day.total_g == Decimal("164.6")

    def test_whole_steps_never_exceed_the_limit_of_a_day(self) -> None:
        (course,) = plan(FIVE_DAYS, by_weight("82.3", NEAREST_5), age=ADULT, limits=[limit(per_day="0.42")]).courses
        assert texts(course.daily_g) == ["33"] * 5

    def test_a_daily_dose_without_an_end_is_rounded_itself(self) -> None:
        (course,) = plan(regimen(daily="0.4"), by_weight("70", NEAREST_5), age=ADULT).courses
        assert (course.per_day_g, course.unrounded_g, course.total_g) == (30, 28, None)


class TestLimits:
    def test_a_course_is_lowered_and_says_so(self) -> None:
        course = only(FIVE_DAYS, "70", limit(per_course="1.5"))
        assert (course.total_g, course.per_day_g) == (105, 21)
        assert course.said == ("Lowered from 140 to 105 g in all: at most 1.5 g/kg in a course.",)

    def test_the_lowest_of_several_counts(self) -> None:
        assert only(FIVE_DAYS, "70", limit(per_course="1.5"), limit(per_course="1")).total_g == 70

    def test_days_above_the_limit_are_lowered_where_the_regimen_names_its_days(self) -> None:
        course = only(FIVE_DAYS, "70", limit(per_day="0.2"))
        assert (course.days, course.per_day_g, course.total_g) == (5, 14, 70)
        assert course.said == ("Lowered from 140 to 70 g on 5 days: at most 0.2 g/kg a day.",)

    def test_more_days_are_taken_where_the_regimen_allows_them(self) -> None:
        found = planned(regimen(total="2", days="1-5"), "70", limit(per_day="1"))
        assert [(one.days, one.total_g) for one in found.courses] == [(2, 140), (5, 140)]
        assert found.courses[0].said == ("Given on 2 days instead of 1: at most 1 g/kg a day.",)

    def test_the_days_of_the_order_may_become_more(self) -> None:
        assert only(regimen(total="2"), "70", limit(per_day="1"), days=1).days == 2

    def test_a_total_without_days_says_how_many_it_takes(self) -> None:
        course = only(regimen(total="2"), "70", limit(per_day="1"))
        assert (course.days, course.total_g) == (None, 140)
        assert course.said == ("To be given on at least 2 days: at most 1 g/kg a day.",)
        assert only(regimen(total="1"), "70", limit(per_day="1")).said == ()

    def test_a_daily_dose_without_an_end_is_lowered(self) -> None:
        course = only(regimen(daily="1"), "70", limit(per_day="0.5"))
        assert (course.per_day_g, course.said) == (35, ("Lowered from 70 to 35 g a day: at most 0.5 g/kg a day.",))

    def test_a_limit_that_is_not_reached_says_nothing(self) -> None:
        assert only(FIVE_DAYS, "70", limit(per_day="1"), limit(per_course="2")).said == ()

    def test_what_restricts_counts_though_it_is_only_remembered(self) -> None:
        course = only(FIVE_DAYS, "70", limit(per_course="1", status="remembered"))
        assert course.total_g == 70
        assert "(remembered, not verified)" in course.said[0]

    def test_a_limit_goes_by_the_lower_of_the_two_weights(self) -> None:
        lean = weighed("kent-medway", patient("male", "180", "60"))
        (course,) = plan(FIVE_DAYS, lean, age=ADULT, limits=[limit(per_course="2")]).courses
        assert course.total_g == 120
        heavy = weighed("kent-medway", patient("male", "175", "100"))
        (course,) = plan(FIVE_DAYS, heavy, age=ADULT, limits=[limit(per_course="2")]).courses
        assert course.said == ()

    def test_limits_of_a_product_by_indication(self) -> None:
        mine, others, every = (
            limit(per_day="1", indications=("itp",)),
            limit(per_day="2", indications=("cidp",)),
            limit("3"),
        )
        product = Product(
            "p", "Brand", "Maker", "US", "intravenous", Decimal(10), Words("10%", "verified", "house"),
            dose_limits=(mine, others, every),
        )  # fmt: skip
        assert limits_of(product, "itp") == (mine, every)
        assert limits_of(product, None) == (mine, others, every)


class TestDivided:
    def test_whole_steps_as_evenly_as_they_go(self) -> None:
        assert texts(divided(Decimal(165), 5, Decimal(5))) == ["35", "35", "35", "30", "30"]

    def test_equal_shares_where_the_total_is_not_made_of_steps(self) -> None:
        assert texts(divided(Decimal(164), 4, Decimal(5))) == ["41"] * 4

    def test_no_day_goes_without(self) -> None:
        assert texts(divided(Decimal(10), 5, Decimal(5))) == ["2"] * 5

    def test_the_last_day_takes_what_no_decimal_holds(self) -> None:
        days = divided(Decimal(100), 3)
        assert days[0] == days[1] != days[2]

    @pytest.mark.parametrize(("total", "days"), [("0", 1), ("-1", 1), ("10", 0)])
    def test_what_cannot_be_meant_is_refused(self, total: str, days: int) -> None:
        with pytest.raises(DoseError, match="expected"):
            divided(Decimal(total), days)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (regimen(total="0"), "a total dose in g/kg of 0"),
        (regimen(daily="0", days="5"), "a daily dose in g/kg of 0"),
        (regimen(total="2", days="0"), "a number of days of 0"),
    ],
)
def test_a_regimen_that_cannot_be_meant_is_refused(given: Regimen, words: str) -> None:
    with pytest.raises(DoseError, match=words):
        planned(given)


def test_days_that_cannot_be_meant_are_refused() -> None:
    with pytest.raises(DoseError, match="found 0 days; expected 1 or more"):
        planned(FIVE_DAYS, days=0)
    with pytest.raises(DoseError, match="a dose limit in g/kg of 0"):
        planned(FIVE_DAYS, "70", limit(per_day="0"))
