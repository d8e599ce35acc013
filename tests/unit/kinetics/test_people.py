"""Covariates: what nobody can be, and what holds on a day."""

from __future__ import annotations

import math

import pytest

from ivigil.documents import BadInput
from ivigil.kinetics.people import CovariateCourse, Covariates, steady

LIGHT, HEAVY = Covariates(20.0), Covariates(30.0)


def test_what_nobody_can_be_is_told_at_once() -> None:
    with pytest.raises(BadInput) as caught:
        Covariates(-70, lean_body_mass_kg=0, igm_g_per_l=math.nan, age_years=-1)
    assert [fault.where for fault in caught.value.faults] == [
        "age_years",
        "igm_g_per_l",
        "lean_body_mass_kg",
        "weight_kg",
    ]


def test_a_newborn_and_an_unknown_weight_are_possible() -> None:
    assert Covariates(None, age_years=0).weight_kg is None


def test_covariates_hold_from_their_day_and_the_first_before_it_too() -> None:
    course = CovariateCourse(((100.0, HEAVY), (10.0, LIGHT)))
    assert [course.at(day) for day in (-5, 10, 99.9, 100, 500)] == [LIGHT, LIGHT, LIGHT, HEAVY, HEAVY]
    assert steady(LIGHT).at(1e6) == LIGHT


@pytest.mark.parametrize("changes", [(), ((0.0, LIGHT), (0.0, HEAVY)), ((math.nan, LIGHT),)])
def test_a_course_of_covariates_needs_days_that_differ(changes: tuple[tuple[float, Covariates], ...]) -> None:
    with pytest.raises(BadInput):
        CovariateCourse(changes)
