"""The linear models: relations that hold for any parameters and courses, and the closed form against an ODE solver."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.integrate import solve_ivp

from ivigil.documents import parse_yaml
from ivigil.documents.schemas import check
from ivigil.kinetics import linear, linear_light
from ivigil.kinetics.doses import ROUTES, Course, Dose, later
from ivigil.kinetics.linear_light import LinearParameters, parameters_of
from ivigil.kinetics.people import CovariateCourse, Covariates, steady
from ivigil.kinetics.steady import steady_curve, steady_state
from ivigil.kinetics.varying import (
    amounts_varying,
    cleared_varying_g,
    exogenous_varying,
    stretches,
)
from ivigil.knowledge import data_folder
from ivigil.knowledge.kinetic_records import LinearModel

ENGINES_AGREE = 1e-12  # the same arithmetic; numpy's and the C library's exp differ in the last digit
ODE_AGREES = 1e-9  # DOP853 at rtol 1e-12 over a few hundred steps
EXACT = 1e-11  # sums of up to ten terms, and differences of areas
BALANCE = 1e-10  # the issue asks 1e-6; the peripheral compartment is a difference of nearly equal parts after a dose
AREA = 1e-9  # the issue asks 1e-3
NEARLY_NOTHING_G_PER_L = 1e-9  # below it a relative error compares rounding with rounding

MODELS = sorted(path.stem for path in (data_folder() / "kinetic-models").glob("*.yaml"))
WEIGHTS = {"tegenge-2020": (0.8, 1.3), "cheng-2025": (4.0, 90.0)}

clearances = st.floats(0.02, 1.0)
volumes = st.floats(0.5, 10.0)
between = st.one_of(st.just(0.0), st.floats(1e-6, 3.0))
absorption = st.floats(0.02, 3.0)
grams = st.floats(0.5, 150.0)


@st.composite
def parameters(draw: st.DrawFn) -> LinearParameters:
    """Any person; sometimes absorption is exactly a rate of the body, where naive formulas divide by nothing."""
    made = LinearParameters(
        draw(clearances),
        draw(volumes),
        draw(between),
        draw(volumes),
        draw(absorption),
        {"intravenous": 1.0, "subcutaneous": draw(st.floats(0.3, 1.0)), "facilitated subcutaneous": 0.8},
        draw(st.floats(0.0, 20.0)),
    )
    modes = linear_light.modes_of(made)
    equal = draw(st.sampled_from([None, modes.slow_per_day, modes.fast_per_day, modes.slow_per_day * (1 + 1e-9)]))
    return made if equal is None else replace(made, absorption_per_day=equal)


doses = st.builds(
    Dose, st.floats(0.0, 60.0), grams, st.sampled_from(ROUTES), st.one_of(st.just(0.0), st.floats(0.5, 96.0))
)
courses = st.lists(doses, min_size=1, max_size=4).map(lambda some: Course(tuple(some)))
DAYS = np.linspace(-1.0, 120.0, 61)


@cache
def model(key: str) -> LinearModel:
    name = f"kinetic-models/{key}.yaml"
    data, place = parse_yaml((data_folder() / name).read_bytes(), name)
    return check(LinearModel, data, place)


def person(weight: float, *, deficient: bool = False) -> Covariates:
    return Covariates(weight, lean_body_mass_kg=0.75 * weight, igm_g_per_l=0.2, secondary_deficiency=deficient)


def close(found: np.ndarray, expected: np.ndarray, relative: float) -> None:
    largest = max(float(np.max(np.abs(expected))), NEARLY_NOTHING_G_PER_L)
    np.testing.assert_allclose(found, expected, rtol=relative, atol=relative * largest)


@given(parameters(), courses)
def test_both_engines_give_the_same_levels(who: LinearParameters, course: Course) -> None:
    light = np.array(linear_light.exogenous(who, course, list(DAYS)))
    np.testing.assert_allclose(linear.exogenous(who, course, DAYS), light, rtol=ENGINES_AGREE, atol=0)


@given(st.lists(parameters(), min_size=1, max_size=3), courses)
def test_people_solved_together_are_people_solved_alone(people: list[LinearParameters], course: Course) -> None:
    many = linear.stacked(people)
    together = linear.exogenous_many(many, course, DAYS)
    areas = linear.auc_many(many, course, 0.0, 90.0)
    for row, area, who in zip(together, areas, people, strict=True):
        np.testing.assert_allclose(row, linear.exogenous(who, course, DAYS), rtol=ENGINES_AGREE, atol=0)
        assert area == pytest.approx(linear_light.auc(who, course, 0.0, 90.0), rel=ENGINES_AGREE)


@given(parameters(), courses, courses)
def test_courses_add_up(who: LinearParameters, one: Course, other: Course) -> None:
    together = linear.exogenous(who, Course((*one.doses, *other.doses)), DAYS)
    close(together, linear.exogenous(who, one, DAYS) + linear.exogenous(who, other, DAYS), EXACT)


@given(parameters(), courses, st.floats(0.1, 10.0))
def test_levels_scale_with_the_doses(who: LinearParameters, course: Course, factor: float) -> None:
    scaled = Course(tuple(replace(dose, grams=dose.grams * factor) for dose in course.doses))
    close(linear.exogenous(who, scaled, DAYS), factor * linear.exogenous(who, course, DAYS), EXACT)


@given(parameters(), courses, st.integers(-30, 30))
def test_a_course_given_later_is_the_same_curve_later(who: LinearParameters, course: Course, by: int) -> None:
    moved = linear.exogenous(who, later(course, by), DAYS + by)
    # days such as 3.1 + 7 round, and a level changes by its slope times that
    close(moved, linear.exogenous(who, course, DAYS), EXACT)


@given(parameters(), courses)
def test_levels_are_never_below_nothing_and_nothing_before_the_first_dose(
    who: LinearParameters, course: Course
) -> None:
    found = linear.exogenous(who, course, DAYS)
    assert (found >= 0).all()
    assert (found[course.doses[0].at_day > DAYS] == 0).all()


@given(parameters(), courses, st.floats(0.0, 150.0))
def test_grams_are_conserved(who: LinearParameters, course: Course, day: float) -> None:
    held = linear_light.amounts(who, course, day)
    cleared = linear_light.cleared_g(who, course, -1.0, day)
    given_g = linear_light.taken_up_g(who, course, day)
    assert held.body_g + cleared == pytest.approx(given_g, rel=BALANCE, abs=BALANCE)
    assert min(held.depot_g, held.central_g, held.peripheral_g, cleared) >= 0


@given(parameters(), courses, st.floats(-1.0, 60.0), st.floats(0.0, 60.0), st.floats(0.0, 60.0))
def test_areas_add_up(who: LinearParameters, course: Course, start: float, one: float, other: float) -> None:
    parts = linear_light.auc(who, course, start, start + one)
    parts += linear_light.auc(who, course, start + one, start + one + other)
    assert parts == pytest.approx(linear_light.auc(who, course, start, start + one + other), rel=EXACT, abs=EXACT)


def flows(who: LinearParameters, into: tuple[float, float] = (0.0, 0.0)) -> Callable[[float, np.ndarray], list[float]]:
    """The slopes of grams in depot, central and peripheral compartment, with inputs to the first two."""
    leaving, out = who.clearance_l_per_day / who.central_l, who.between_l_per_day / who.central_l
    back, absorbed = who.between_l_per_day / who.peripheral_l, who.absorption_per_day or 0.0

    def slopes(_: float, y: np.ndarray) -> list[float]:
        through = absorbed * y[0]
        central = into[1] + through - (leaving + out) * y[1] + back * y[2]
        return [into[0] - through, central, out * y[1] - back * y[2]]

    return slopes


def by_ode(who: LinearParameters, course: Course, days: np.ndarray, state: np.ndarray) -> np.ndarray:
    """Levels by DOP853 from ``state`` on the first day, started anew at each day and wherever an input begins or ends.

    Between the ends of its steps the solver interpolates, at less than the accuracy that is asked here.
    """
    ends = {moment for dose in course.doses for moment in (dose.at_day, dose.ends_at_day)}
    edges = sorted({*days.tolist(), *(end for end in ends if days[0] <= end <= days[-1])})
    found = {}
    for start, end in pairwise([*edges, edges[-1]]):
        into = [0.0, 0.0]
        for dose in course.doses:
            pool = 0 if dose.route != "intravenous" else 1
            taken = who.bioavailable[dose.route] * dose.grams
            if dose.days == 0 and dose.at_day == start:
                state = state + taken * np.eye(3)[pool]
            elif dose.days > 0 and dose.at_day <= start < dose.ends_at_day:
                into[pool] += taken / dose.days
        found[start] = state[1] / who.central_l
        if end > start:
            slopes = flows(who, (into[0], into[1]))
            state = solve_ivp(slopes, (start, end), state, "DOP853", [end], rtol=1e-12, atol=1e-13).y[:, -1]
    return np.array([found[day] for day in days.tolist()])


@settings(max_examples=20)
@given(parameters(), courses)
def test_the_closed_form_is_what_an_ode_solver_finds(who: LinearParameters, course: Course) -> None:
    days = np.linspace(0.0, 120.0, 16)
    close(linear.exogenous(who, course, days), by_ode(who, course, days, np.zeros(3)), ODE_AGREES)


@pytest.mark.parametrize("weight", [0, 1])
@pytest.mark.parametrize("key", MODELS)
def test_the_area_over_an_interval_times_clearance_is_the_share_of_the_dose(key: str, weight: int) -> None:
    kilograms = WEIGHTS.get(key, (20.0, 90.0))[weight]
    who = parameters_of(model(key), person(kilograms, deficient=bool(weight)))
    for route in model(key).built_on.routes:
        dose = Dose(0.0, 0.4 * kilograms, route, 0.0 if weight else 4.0)
        found = steady_state(who, dose, 21.0)
        expected = who.bioavailable[route] * dose.grams
        assert found.auc_g_day_per_l * who.clearance_l_per_day == pytest.approx(expected, rel=AREA)
        # the area is integrated mode by mode; that the curve has it too is asked of a quadrature of its own
        days, weights = np.polynomial.legendre.leggauss(40)
        pieces = pairwise([0.0, dose.days, *np.linspace(max(dose.days, 0.3), 21.0, 12)])
        sums = [
            (end - start)
            / 2
            * weights
            @ np.array(steady_curve(who, dose, 21.0, list(start + (days + 1) * (end - start) / 2)))
            for start, end in pieces
            if end > start
        ]
        assert math.fsum(sums) == pytest.approx(found.auc_g_day_per_l, rel=AREA)


@settings(max_examples=40)
@given(parameters(), st.sampled_from(ROUTES), grams, st.floats(0.0, 12.0), st.floats(1.0, 28.0))
def test_a_long_course_comes_to_the_steady_state(
    who: LinearParameters, route: str, amount: float, hours: float, interval: float
) -> None:
    slowest = min(linear_light.modes_of(who).slow_per_day, who.absorption_per_day or math.inf)
    assume(math.exp(-slowest * interval * 400) < 1e-12)
    dose = Dose(0.0, amount, route, hours)  # type: ignore[arg-type] # a route of ROUTES
    course = Course(tuple(replace(dose, at_day=number * interval) for number in range(400)))
    late = linear_light.exogenous(who, course, [399 * interval + part * interval for part in (0.5, 0.9)])
    settled = steady_curve(who, dose, interval, [0.5 * interval, 0.9 * interval])
    assert late == pytest.approx(settled, rel=1e-9)
    found = steady_state(who, dose, interval)
    assert found.lowest_g_per_l <= found.trough_g_per_l <= found.peak_g_per_l
    assert found.lowest_g_per_l <= found.mean_g_per_l <= found.peak_g_per_l * (1 + EXACT)
    assert all(found.lowest_g_per_l * (1 - EXACT) <= level <= found.peak_g_per_l * (1 + EXACT) for level in settled)


MODEL = "li-2022"  # it has every route, and scales every parameter


@given(courses, st.floats(15.0, 100.0))
def test_covariates_that_do_not_change_change_nothing(course: Course, weight: float) -> None:
    who = person(weight)
    same = CovariateCourse(tuple((day, who) for day in (0.0, 10.0, 33.3)))
    plain = linear_light.exogenous(parameters_of(model(MODEL), who), course, list(DAYS))
    for changes in (same, steady(who)):
        close(np.array(exogenous_varying(stretches(model(MODEL), changes, course), list(DAYS))), np.array(plain), EXACT)


@given(courses, st.lists(st.floats(5.0, 120.0), min_size=1, max_size=4), st.floats(0.0, 150.0))
def test_grams_are_conserved_while_a_person_grows(course: Course, weights: list[float], day: float) -> None:
    changes = CovariateCourse(tuple((7.3 * number, person(weight)) for number, weight in enumerate(weights)))
    found = stretches(model(MODEL), changes, course)
    given_g = linear_light.taken_up_g(found[0].parameters, course, day)
    held, cleared = amounts_varying(found, day), cleared_varying_g(found, day)
    assert held.body_g + cleared == pytest.approx(given_g, rel=BALANCE, abs=BALANCE)


@settings(max_examples=10)
@given(courses, st.floats(15.0, 100.0), st.floats(15.0, 100.0))
def test_a_change_of_weight_is_what_an_ode_solver_finds(course: Course, before: float, after: float) -> None:
    changes = CovariateCourse(((0.0, person(before)), (25.0, person(after))))
    found = stretches(model(MODEL), changes, course)
    days = np.linspace(25.0, 120.0, 12)
    second = found[1]
    start = np.array([second.start.depot_g, second.start.central_g, second.start.peripheral_g])
    expected = by_ode(second.parameters, Course(second.doses), days, start)
    close(np.array(exogenous_varying(found, list(days))), expected, ODE_AGREES)
