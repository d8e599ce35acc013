"""Courses of doses: regular ones, and what happens to them in life."""

from __future__ import annotations

import math

import pytest

from ivigil.documents import BadInput
from ivigil.kinetics.doses import Course, Dose, every, infusion_hours, later, missed, overlaps, shifted, switched

FIVE = every(30, 21, 5, hours=4)


def days(course: Course) -> list[float]:
    return [dose.at_day for dose in course.doses]


def test_a_regular_course_has_its_days_and_grams() -> None:
    assert days(FIVE) == [0, 21, 42, 63, 84]
    assert FIVE.grams == 150
    assert {dose.hours for dose in FIVE.doses} == {4}


def test_loading_doses_come_on_their_own_days() -> None:
    loading = [Dose(day, 28) for day in range(5)]
    course = every(70, 21, 2, from_day=21, loading=loading)
    assert days(course) == [0, 1, 2, 3, 4, 21, 42]
    assert course.grams == 280


def test_doses_stand_in_the_order_of_days() -> None:
    assert days(Course((Dose(9, 1), Dose(2, 1), Dose(5, 1)))) == [2, 5, 9]


def test_a_missed_dose_is_left_out_and_the_others_stay() -> None:
    assert days(missed(FIVE, [2, 4])) == [0, 42, 84]


def test_a_shifted_dose_moves_alone() -> None:
    assert days(shifted(FIVE, 3, 7)) == [0, 21, 49, 63, 84]
    assert days(shifted(FIVE, 3, -30)) == [0, 12, 21, 63, 84]


def test_a_switch_keeps_what_was_before_it() -> None:
    under_the_skin = every(10, 7, 3, route="subcutaneous", from_day=63)
    course = switched(FIVE, 63, under_the_skin)
    assert days(course) == [0, 21, 42, 63, 70, 77]
    assert [dose.route for dose in course.doses] == ["intravenous"] * 3 + ["subcutaneous"] * 3


def test_a_switch_onto_doses_before_its_day_is_refused() -> None:
    with pytest.raises(BadInput, match="doses from day 63 on"):
        switched(FIVE, 63, every(10, 7, 3))


def test_a_course_moves_as_a_whole() -> None:
    assert days(later(FIVE, -21)) == [-21, 0, 21, 42, 63]


@pytest.mark.parametrize("number", [0, 6, -1])
def test_a_dose_that_is_not_there_cannot_be_missed_or_shifted(number: int) -> None:
    with pytest.raises(BadInput, match="1 to 5"):
        missed(FIVE, [number])
    with pytest.raises(BadInput, match="1 to 5"):
        shifted(FIVE, number, 1)


def test_every_impossible_dose_is_told_at_once() -> None:
    wrong = (Dose(0, -5), Dose(math.nan, 5), Dose(1, 5, hours=-1), Dose(1, 5, "by mouth"))  # type: ignore[arg-type] # wrong on purpose
    with pytest.raises(BadInput) as caught:
        Course(wrong)
    places = [fault.where for fault in caught.value.faults]
    assert places == ["dose 1, grams", "dose 2, at_day", "dose 3, hours", "dose 4, route"]


@pytest.mark.parametrize(("interval", "count"), [(0, 3), (-7, 3), (math.inf, 3), (7, -1)])
def test_an_impossible_rhythm_is_refused(interval: float, count: int) -> None:
    with pytest.raises(BadInput):
        every(10, interval, count)


def test_infusions_that_run_together_are_found_with_their_time() -> None:
    course = Course((Dose(0, 10, hours=48), Dose(1, 10, hours=48), Dose(2, 10), Dose(1, 10, "subcutaneous", 48)))
    assert [(first, second) for first, second, _ in overlaps(course)] == [(1, 2)]
    assert overlaps(course)[0][2] == 1.0
    assert overlaps(FIVE) == ()


def test_a_concentrated_product_runs_for_half_the_time() -> None:
    assert infusion_hours(40, 100, 200) == 2
    assert infusion_hours(40, 200, 200) == 1
    with pytest.raises(BadInput, match="above 0") as caught:
        infusion_hours(40, 0, -1)
    assert len(caught.value.faults) == 2
