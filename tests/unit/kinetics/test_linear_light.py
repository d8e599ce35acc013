"""Levels that can be worked out by hand, and what a linear model refuses to answer."""

from __future__ import annotations

import math
import subprocess
import sys

import numpy as np
import pytest
from tests.unit.kinetics.linear_models import INTRAVENOUS_ONLY, ONE_COMPARTMENT, TWO_COMPARTMENTS, on_record

from ivigil.documents import BadInput
from ivigil.kinetics import linear, linear_light
from ivigil.kinetics.doses import Course, Dose, every
from ivigil.kinetics.people import CovariateCourse, Covariates
from ivigil.kinetics.steady import steady_curve, steady_state
from ivigil.kinetics.varying import exogenous_varying, stretches, total_varying

ROUNDING = 1e-13
E = math.exp


def test_a_dose_at_once_halves_each_half_life() -> None:
    days = [-1.0, 0.0, math.log(2), 2 * math.log(2)]
    found = linear_light.exogenous(ONE_COMPARTMENT, Course((Dose(0, 20),)), days)
    assert found == pytest.approx([0, 10, 5, 2.5], rel=ROUNDING)


def test_an_infusion_for_ever_comes_to_the_rate_over_the_clearance() -> None:
    course = Course((Dose(0, 4000, hours=24 * 1000),))  # 4 g a day, 2 L a day
    assert linear_light.exogenous(ONE_COMPARTMENT, course, [500])[0] == pytest.approx(2, rel=ROUNDING)


def test_a_dose_under_the_skin_follows_the_formula_of_bateman() -> None:
    found = linear_light.exogenous(ONE_COMPARTMENT, Course((Dose(0, 20, "subcutaneous"),)), [1.0, 3.0])
    expected = [5 * 0.5 / (1 - 0.5) * (E(-0.5 * day) - E(-day)) for day in (1, 3)]
    assert found == pytest.approx(expected, rel=ROUNDING)


def test_absorption_as_fast_as_elimination_divides_by_nothing() -> None:
    equal = linear.LinearParameters(2.0, 2.0, 0.0, 0.0, 1.0, {"intravenous": 1.0, "subcutaneous": 1.0}, None)
    found = linear_light.exogenous(equal, Course((Dose(0, 2, "subcutaneous"),)), [1.0, 2.0])
    assert found == pytest.approx([E(-1), 2 * E(-2)], rel=ROUNDING)


def test_a_short_infusion_under_the_skin_is_nearly_a_dose_at_once() -> None:
    days = [0.5, 5.0, 50.0]
    short = linear_light.exogenous(TWO_COMPARTMENTS, Course((Dose(0, 20, "subcutaneous", 1e-6),)), days)
    assert short == pytest.approx(
        linear_light.exogenous(TWO_COMPARTMENTS, Course((Dose(0, 20, "subcutaneous"),)), days), rel=1e-6
    )


def test_moments_after_a_start_keep_their_digits() -> None:
    # g·ka·t²/2T of what is infused under the skin has come through after a moment t
    moment, hours = 1e-7, 2.0
    found = linear_light.exogenous(ONE_COMPARTMENT, Course((Dose(0, 20, "subcutaneous", hours),)), [moment])
    assert found[0] == pytest.approx(10 / (hours / 24) * 0.5 * moment**2 / 2 / 2, rel=1e-6)


def test_all_igg_is_what_was_given_and_the_baseline() -> None:
    course = every(30, 21, 3, hours=4)
    given = linear_light.exogenous(TWO_COMPARTMENTS, course, [10.0])[0]
    assert linear_light.total(TWO_COMPARTMENTS, course, [10.0]) == [given + 4]
    assert linear.total(TWO_COMPARTMENTS, course, np.array([10.0])) == pytest.approx([given + 4], rel=ROUNDING)
    assert linear_light.total(TWO_COMPARTMENTS, Course(), [0.0]) == [4]


def test_without_a_baseline_only_exogenous_igg_is_answered() -> None:
    course = Course((Dose(0, 20),))
    assert linear_light.exogenous(INTRAVENOUS_ONLY, course, [1.0])[0] > 0
    with pytest.raises(BadInput, match="level before treatment"):
        linear_light.total(INTRAVENOUS_ONLY, course, [1.0])


def test_a_route_the_model_does_not_cover_is_refused_with_every_dose() -> None:
    course = Course((Dose(0, 20), Dose(7, 20, "subcutaneous"), Dose(9, 20, "facilitated subcutaneous")))
    for ask in (
        lambda: linear_light.exogenous(INTRAVENOUS_ONLY, course, [1.0]),
        lambda: linear_light.auc(INTRAVENOUS_ONLY, course, 0, 1),
        lambda: linear_light.amounts(INTRAVENOUS_ONLY, course, 1),
        lambda: linear.exogenous(INTRAVENOUS_ONLY, course, np.array([1.0])),
        lambda: steady_state(INTRAVENOUS_ONLY, course.doses[1], 7),
    ):
        with pytest.raises(BadInput, match="built on this route"):
            ask()
    with pytest.raises(BadInput) as caught:
        linear_light.exogenous(INTRAVENOUS_ONLY, course, [1.0])
    assert [fault.where for fault in caught.value.faults] == ["dose 2, route", "dose 3, route"]


def test_steady_state_by_hand() -> None:
    found = steady_state(ONE_COMPARTMENT, Dose(0, 20), math.log(2))
    assert (found.trough_g_per_l, found.peak_g_per_l, found.peak_at_day) == pytest.approx((10, 20, 0), rel=1e-9)
    assert found.auc_g_day_per_l == pytest.approx(10, rel=ROUNDING)
    assert found.mean_g_per_l == pytest.approx(10 / math.log(2), rel=ROUNDING)


def test_a_cycle_of_several_doses_settles_as_its_course_does() -> None:
    cycle = Course(tuple(Dose(day, 28, hours=4) for day in range(5)))
    found = steady_state(TWO_COMPARTMENTS, cycle, 28)
    long = Course(tuple(Dose(28 * turn + day, 28, hours=4) for turn in range(60) for day in range(5)))
    assert linear_light.exogenous(TWO_COMPARTMENTS, long, [28 * 60])[0] == pytest.approx(found.trough_g_per_l, rel=1e-9)
    assert 4 < found.peak_at_day < 4.2


def test_the_peak_under_the_skin_is_where_the_level_stands_still() -> None:
    found = steady_state(TWO_COMPARTMENTS, Dose(0, 10, "subcutaneous"), 7)
    before, at, after = steady_curve(
        TWO_COMPARTMENTS, Dose(0, 10, "subcutaneous"), 7, [found.peak_at_day + by for by in (-0.01, 0, 0.01)]
    )
    assert before < at > after
    assert at == found.peak_g_per_l


@pytest.mark.parametrize(
    ("cycle", "interval"),
    [(Dose(0, 20, hours=48), 1.0), (Course(), 7.0), (Dose(0, 20), 0.0), (Course((Dose(0, 9), Dose(9, 9))), 7.0)],
)
def test_a_cycle_that_does_not_fit_its_interval_is_refused(cycle: Dose | Course, interval: float) -> None:
    with pytest.raises(BadInput):
        steady_state(ONE_COMPARTMENT, cycle, interval)


def test_weekly_doses_under_the_skin_give_a_flatter_curve_than_a_dose_a_month() -> None:
    vein = steady_state(TWO_COMPARTMENTS, Dose(0, 28, hours=4), 28)
    skin = steady_state(TWO_COMPARTMENTS, Dose(0, 7 / 0.7, "subcutaneous"), 7)
    assert skin.mean_g_per_l == pytest.approx(vein.mean_g_per_l, rel=ROUNDING)
    assert skin.trough_g_per_l > vein.trough_g_per_l
    assert skin.peak_g_per_l < vein.peak_g_per_l


def test_a_child_that_grows_has_a_lower_level_for_the_same_dose() -> None:
    course = every(10, 21, 40, hours=3)
    growing = CovariateCourse(tuple((84.0 * step, Covariates(20.0 + 5 * step)) for step in range(10)))
    model = on_record("navarro-mora-2022")
    found = stretches(model, growing, course)
    early, late = exogenous_varying(found, [83.9, 800.0])
    assert late < early
    assert total_varying(found, [800.0])[0] == pytest.approx(late + 4, rel=ROUNDING)
    assert len(found) == 10


def test_an_infusion_that_runs_over_a_change_goes_on() -> None:
    model, course = on_record("navarro-mora-2022"), Course((Dose(0, 30, hours=48),))
    same = CovariateCourse(((0.0, Covariates(50.0)), (1.0, Covariates(50.0))))
    found = stretches(model, same, course)
    plain = linear_light.parameters_of(model, Covariates(50.0))
    days = [0.5, 1.0, 1.5, 2.0, 9.0]
    assert exogenous_varying(found, days) == pytest.approx(linear_light.exogenous(plain, course, days), rel=ROUNDING)
    assert [dose.grams for dose in found[1].doses] == pytest.approx([15], rel=ROUNDING)


def test_the_light_modules_load_no_numeric_library() -> None:
    modules = "doses people parameters linear_light steady varying outside event_table event_writing"
    loads = ", ".join(f"ivigil.kinetics.{name}" for name in modules.split())
    code = f"import sys, {loads}; print(sorted({{'numpy', 'scipy', 'numba'}} & set(sys.modules)))"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"
