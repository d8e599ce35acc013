"""Relations that hold of the FcRn model whatever the patient: saturation, species, scale, steadiness, and grams."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import numpy as np
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from ivigil.kinetics.doses import Course, Dose, Route, every
from ivigil.kinetics.fcrn import FcRnParameters, FcRnPopulation, clearance, recycled, stacked
from ivigil.kinetics.influences import OccupancyCourse, Occupied, SynthesisChange, SynthesisCourse
from ivigil.kinetics.solving import solve, solve_each

FloatArray = NDArray[np.float64]
DAYS = np.array([0.0, 1.0, 7.0, 20.5, 28.0, 56.0])
# Sums in another order, over some hundred steps.
ROUNDING = 1e-11
# Two grids for the same curve: twice the error of one.
TWO_GRIDS = 4e-6
FEW = settings(max_examples=15)

levels = st.floats(0.0, 60.0)
receptors = st.floats(0.01, 60.0)
affinities = st.floats(0.05, 20.0)


@st.composite
def patients(draw: st.DrawFn) -> FcRnParameters:
    """Somebody between a small child and a heavy adult."""
    size = draw(st.floats(0.1, 2.0))
    return FcRnParameters(
        central_l=size * draw(st.floats(2.0, 6.0)),
        peripheral_l=size * draw(st.floats(1.0, 6.0)),
        between_l_per_day=size * draw(st.floats(0.0, 1.0)),
        uptake_l_per_day=size * draw(st.floats(0.3, 1.5)),
        receptor_g_per_l=draw(st.floats(8.0, 30.0)),
        affinity_g_per_l=draw(st.floats(1.0, 6.0)),
        absorption_per_day=draw(st.floats(0.1, 1.0)),
        bioavailable={"subcutaneous": draw(st.floats(0.4, 1.0))},
        endogenous_g_per_l=draw(st.floats(0.0, 20.0)),
    )


@st.composite
def courses(draw: st.DrawFn) -> Course:
    """Up to four doses in eight weeks, at once or not, into the blood or under the skin."""
    routes: tuple[Route, ...] = ("intravenous", "subcutaneous")
    dose = st.builds(
        Dose, st.floats(0.0, 50.0), st.floats(0.0, 60.0), st.sampled_from(routes), st.sampled_from([0.0, 4.0, 30.0])
    )
    return Course(tuple(draw(st.lists(dose, max_size=4))))


@given(levels, levels, receptors, affinities)
def test_the_recycled_share_lies_between_none_and_all_and_falls_with_more_igg(
    one: float, other: float, receptor: float, affinity: float
) -> None:
    low, high = sorted((one, other))
    shares = recycled(np.array([low, high]), np.array(receptor), np.array(affinity))
    assert (shares >= 0).all()
    assert (shares <= 1).all()
    assert shares[1] <= shares[0]
    assert shares[1] < shares[0] or high - low < 1e-6


@given(patients(), st.floats(0.0, 1.0), st.floats(0.0, 1.0), levels)
def test_an_inhibitor_raises_clearance_up_to_the_whole_uptake(
    patient: FcRnParameters, one: float, other: float, total: float
) -> None:
    low, high = sorted((one, other))
    cleared = [float(clearance(np.array(total), patient, occupied)) for occupied in (0.0, low, high, 1.0)]
    assert cleared == sorted(cleared)
    assert cleared[-1] == patient.uptake_l_per_day


@FEW
@given(patients())
def test_without_doses_everything_stays_as_it_is_to_the_bit(patient: FcRnParameters) -> None:
    found = solve(patient, Course(), DAYS, account=True)
    assert (found.of("exogenous") == 0).all()
    assert (found.of("endogenous") == patient.endogenous_g_per_l).all()


@FEW
@given(patients(), courses())
def test_grams_in_are_grams_in_the_body_and_cleared(patient: FcRnParameters, course: Course) -> None:
    patient = replace(patient, own_shares={"autoantibody": 0.1})
    found = solve(patient, course, DAYS, account=True)
    assert found.body_g is not None
    assert found.cleared_g is not None
    synthesis = float(clearance(np.array(patient.endogenous_g_per_l), patient)) * patient.endogenous_g_per_l
    into = np.outer(DAYS, synthesis * np.array([0.0, 0.9, 0.1])) + _at_start(patient)
    into[:, 0] += [_given_by(patient, course, day) for day in DAYS]
    assert np.allclose(found.body_g[0] + found.cleared_g[0], into, rtol=ROUNDING, atol=ROUNDING)


def _given_by(patient: FcRnParameters, course: Course, day: float) -> float:
    """Grams that have reached the blood or the depot by a day, after it."""
    total = 0.0
    for dose in course.doses:
        share = 1.0 if dose.route == "intravenous" else patient.bioavailable["subcutaneous"]
        ran = 1.0 if dose.ends_at_day <= day else (day - dose.at_day) / dose.days if dose.days else 0.0
        total += dose.grams * share * max(ran, 0.0)
    return total


def _at_start(patient: FcRnParameters) -> FloatArray:
    held = patient.endogenous_g_per_l * (patient.central_l + patient.peripheral_l)
    return held * np.array([0.0, 0.9, 0.1])


@FEW
@given(patients(), courses(), st.floats(0.0, 1.0))
def test_the_total_does_not_depend_on_how_own_igg_is_labelled(
    patient: FcRnParameters, course: Course, share: float
) -> None:
    labelled = replace(patient, own_shares={"autoantibody": share})
    one, other = (solve(each, course, DAYS).total_g_per_l for each in (patient, labelled))
    assert np.allclose(one, other, rtol=ROUNDING, atol=ROUNDING)


@FEW
@given(patients(), courses(), st.sampled_from([0.25, 0.5, 2.0, 8.0]))
def test_a_larger_body_with_larger_flows_and_doses_has_the_same_levels(
    patient: FcRnParameters, course: Course, size: float
) -> None:
    larger = replace(
        patient,
        central_l=patient.central_l * size,
        peripheral_l=patient.peripheral_l * size,
        between_l_per_day=patient.between_l_per_day * size,
        uptake_l_per_day=patient.uptake_l_per_day * size,
    )
    scaled = Course(tuple(replace(dose, grams=dose.grams * size) for dose in course.doses))
    assert np.array_equal(solve(patient, course, DAYS).g_per_l, solve(larger, scaled, DAYS).g_per_l)


@FEW
@given(patients(), courses(), st.sampled_from([0.25, 0.5, 2.0, 8.0]))
def test_levels_scale_with_dose_receptor_and_affinity_together(
    patient: FcRnParameters, course: Course, unit: float
) -> None:
    other = replace(
        patient,
        receptor_g_per_l=patient.receptor_g_per_l * unit,
        affinity_g_per_l=patient.affinity_g_per_l * unit,
        endogenous_g_per_l=patient.endogenous_g_per_l * unit,
    )
    scaled = Course(tuple(replace(dose, grams=dose.grams * unit) for dose in course.doses))
    assert np.array_equal(solve(patient, course, DAYS).g_per_l * unit, solve(other, scaled, DAYS).g_per_l)


@FEW
@given(patients(), st.floats(1.0, 60.0), st.floats(1.0, 60.0), st.sampled_from([0.0, 4.0]))
def test_two_doses_together_are_one_of_their_grams(
    patient: FcRnParameters, one: float, other: float, hours: float
) -> None:
    apart = Course((Dose(2.0, one, hours=hours), Dose(2.0, other, hours=hours)))
    together = Course((Dose(2.0, one + other, hours=hours),))
    a, b = (solve(patient, course, DAYS).g_per_l for course in (apart, together))
    assert np.allclose(a, b, rtol=TWO_GRIDS, atol=ROUNDING)


@FEW
@given(patients(), courses())
def test_what_is_given_makes_own_igg_fall_and_never_rise(patient: FcRnParameters, course: Course) -> None:
    assume(course.grams > 1)
    own = solve(patient, course, DAYS).of("endogenous")[0]
    assert (own <= patient.endogenous_g_per_l * (1 + ROUNDING)).all()


@FEW
@given(patients(), courses(), st.floats(0.2, 1.0))
def test_an_inhibitor_lowers_every_species(patient: FcRnParameters, course: Course, occupied: float) -> None:
    assume(patient.endogenous_g_per_l > 0.1)
    inhibited = replace(patient, occupancy=OccupancyCourse((Occupied(1.0, occupied, 0.05),)))
    plain, under = (solve(each, course, DAYS[1:]).g_per_l[0] for each in (patient, inhibited))
    assert (under <= plain * (1 + TWO_GRIDS) + ROUNDING).all()
    assert (under[1:, 1] < plain[1:, 1]).all()


@FEW
@given(patients())
def test_a_species_that_is_no_longer_made_falls_and_the_others_stay_higher(patient: FcRnParameters) -> None:
    assume(patient.endogenous_g_per_l > 0.1)
    stopped = SynthesisCourse((SynthesisChange(1.0, "autoantibody", 0.0),))
    one = replace(patient, own_shares={"autoantibody": 0.2})
    plain, after = (solve(each, Course(), DAYS).g_per_l[0] for each in (one, replace(one, synthesis=stopped)))
    assert (after[2:, 2] < plain[2:, 2]).all()
    assert (after[2:, 1] >= plain[2:, 1] * (1 - ROUNDING)).all()


# --- Who else is asked about ----------------------------------------------------------------------------------------


@FEW
@given(st.lists(patients(), min_size=2, max_size=5), courses(), st.randoms())
def test_nobodys_answer_depends_on_the_others(people: list[FcRnParameters], course: Course, random: Random) -> None:
    together = solve(stacked(people), course, DAYS).g_per_l
    alone = np.concatenate([solve(one, course, DAYS).g_per_l for one in people])
    assert np.array_equal(together, alone)
    order = list(range(len(people)))
    random.shuffle(order)
    assert np.array_equal(solve(stacked([people[one] for one in order]), course, DAYS).g_per_l, together[order])


@FEW
@given(st.lists(patients(), min_size=2, max_size=4), st.lists(courses(), min_size=4, max_size=4))
def test_a_course_of_ones_own_is_solved_as_if_alone(people: list[FcRnParameters], given_to: list[Course]) -> None:
    own = [*given_to[: len(people) - 1], given_to[0]]  # two of them share a timetable
    together = solve_each(stacked(people), own, DAYS)
    alone = [solve(one, course, DAYS).g_per_l for one, course in zip(people, own, strict=True)]
    assert np.array_equal(together.g_per_l, np.concatenate(alone))


def _three() -> FcRnPopulation:
    each = np.array([1.0, 1.3, 0.8])
    return FcRnPopulation(
        3.6 * each, 2.5 * each, 0.4 * each, 0.75 * each, 18.0 / each, 2.5 * each, None, {}, np.array([4.0, 9.0, 12.0])
    )


def test_grams_by_weight_by_dose_and_by_course_are_the_same() -> None:
    weights = np.array([50.0, 75.0, 90.0])
    per_kg = every(0.5, 28.0, 2, hours=4.0)
    by_weight = solve(_three(), per_kg, DAYS, times=weights).g_per_l
    by_dose = solve(_three(), per_kg, DAYS, grams=np.outer(weights, [0.5, 0.5])).g_per_l
    by_course = solve_each(_three(), [every(0.5 * kg, 28.0, 2, hours=4.0) for kg in weights], DAYS).g_per_l
    assert np.array_equal(by_weight, by_dose)
    assert np.array_equal(by_weight, by_course)


def test_memory_is_used_again_and_holds_the_new_answer() -> None:
    first = solve(_three(), every(30.0, 28.0, 2), DAYS)
    fresh = solve(_three(), every(10.0, 28.0, 2), DAYS).g_per_l
    again = solve(_three(), every(10.0, 28.0, 2), DAYS, into=first)
    assert np.shares_memory(again.g_per_l, first.g_per_l)
    assert np.array_equal(again.g_per_l, fresh)
    assert not np.shares_memory(solve(_three(), Course(), DAYS[:2], into=first).g_per_l, first.g_per_l)
