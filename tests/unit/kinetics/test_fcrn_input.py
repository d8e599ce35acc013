from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from tests.unit.kinetics.mechanism_patients import library

from ivigil.documents import BadInput
from ivigil.kinetics import solving
from ivigil.kinetics.doses import Course, Dose, every
from ivigil.kinetics.fcrn import FcRnParameters, parameters_of, stacked
from ivigil.kinetics.fcrn_tables import Given
from ivigil.kinetics.fineness import COARSEST_PER_DAY, fineness_of, grids_of
from ivigil.kinetics.grid import FIRST, LONGEST, Fineness, graded
from ivigil.kinetics.influences import OccupancyCourse, Occupied, SynthesisChange, SynthesisCourse
from ivigil.kinetics.solving import engine_named, solve, solve_each

ADULT = FcRnParameters(3.6, 2.5, 0.4, 0.75, 18.0, 2.5, None, {}, 10.0)
DAYS = [0.0, 28.0]
MODEL = next(iter(library().kinetics.fcrn.values()))
ROUNDING = 1e-12


# --- What is refused ------------------------------------------------------------------------------------------------


def refused(make: Callable[[], Any]) -> str:
    with pytest.raises(BadInput) as caught:
        make()
    return str(caught.value)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"central_l": 0.0}, "patient 1, central_l: found 0; expected a number above 0"),
        ({"endogenous_g_per_l": -1.0}, "patient 1, endogenous_g_per_l: found -1; expected a number, 0 or more"),
        ({"receptor_g_per_l": float("nan")}, "receptor_g_per_l: found nan"),
        ({"bioavailable": {"subcutaneous": 1.2}}, "bioavailable, subcutaneous: found 1.2; expected 0 to 1"),
        ({"own_shares": {"autoantibody": 0.7, "other": 0.6}}, "more than 1 together"),
        ({"own_shares": {"exogenous": 0.1}}, "a species beside exogenous and endogenous"),
        ({"synthesis": SynthesisCourse((SynthesisChange(0.0, "autoantibody", 0.5),))}, "'autoantibody'; expected endo"),
    ],
)
def test_a_patient_that_cannot_be_is_refused(change: dict[str, Any], said: str) -> None:
    assert said in refused(lambda: replace(ADULT, **change))


def test_every_fault_of_a_patient_is_told() -> None:
    told = refused(lambda: replace(ADULT, central_l=-1.0, affinity_g_per_l=0.0, uptake_l_per_day=-0.1))
    assert all(name in told for name in ("central_l", "affinity_g_per_l", "uptake_l_per_day"))


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: solve(ADULT, every(10.0, 7.0, 2, route="subcutaneous"), DAYS), "subcutaneous; expected intravenous"),
        (lambda: solve(ADULT, Course(), [3.0, 1.0]), "days that do not rise"),
        (lambda: solve(ADULT, Course(), []), "one day at least"),
        (lambda: solve(ADULT, Course(), DAYS, times=np.ones(2)), "shape (2,); expected shape (1,)"),
        (lambda: solve(ADULT, every(9.0, 7.0, 2), DAYS, grams=np.array([[1.0, -1.0]])), "numbers, 0 or more"),
        (lambda: solve(replace(ADULT, uptake_l_per_day=75e3), Course(), DAYS), "Flows are in L/day"),
        (lambda: solve_each(stacked([ADULT]), [], DAYS), "one for each patient"),
        (lambda: stacked([]), "one at least"),
        (lambda: stacked([ADULT, replace(ADULT, own_shares={"autoantibody": 0.1})]), "Solve them apart"),
        (lambda: parameters_of(MODEL, -1.0), "weight_kg: found -1"),
        (lambda: parameters_of(replace(MODEL, figures=MODEL.figures[1:]), 70.0), "no 'uptake'"),
        (lambda: OccupancyCourse((Occupied(0.0, 1.5),)), "share: found 1.5; expected 0 to 1"),
        (lambda: OccupancyCourse((Occupied(1.0, 0.5), Occupied(1.0, 0.2))), "two entries from day 1"),
        (lambda: SynthesisCourse((SynthesisChange(0.0, "autoantibody", -1.0),)), "factor: found -1"),
    ],
)
def test_a_question_that_cannot_be_is_refused(make: Callable[[], Any], said: str) -> None:
    assert said in refused(make)


# --- The typical patient --------------------------------------------------------------------------------------------


def test_weight_scales_volumes_and_flows_with_the_exponents_of_the_model() -> None:
    figures = {one.name: float(one.value) for one in MODEL.figures}
    typical, child = parameters_of(MODEL), parameters_of(MODEL, 17.5, 6.0)
    assert typical.central_l == figures["central volume"]
    assert typical.endogenous_g_per_l == figures["own IgG"]
    assert child.endogenous_g_per_l == 6.0
    ratio = 17.5 / figures["reference weight"]
    assert child.peripheral_l == pytest.approx(figures["peripheral volume"] * ratio ** figures["exponent of volumes"])
    assert child.uptake_l_per_day == pytest.approx(figures["uptake"] * ratio ** figures["exponent of flows"])
    assert child.receptor_g_per_l == typical.receptor_g_per_l


# --- Influences -----------------------------------------------------------------------------------------------------


def test_occupancy_holds_falls_and_is_replaced() -> None:
    held = OccupancyCourse((Occupied(10.0, 0.2), Occupied(2.0, 0.8, np.log(2) / 3)))
    assert [held.at(day) for day in (0.0, 2.0, 5.0, 10.0, 90.0)] == pytest.approx([0.0, 0.8, 0.4, 0.2, 0.2])
    assert held.within(2.0, 11.0) == pytest.approx(0.1)


def test_synthesis_changes_one_species_from_a_day_on() -> None:
    made = SynthesisCourse((SynthesisChange(9.0, "autoantibody", 2.0), SynthesisChange(3.0, "autoantibody", 0.0)))
    assert [made.factor("autoantibody", day) for day in (0.0, 3.0, 8.9, 9.0)] == [1.0, 0.0, 0.0, 2.0]
    assert made.factor("endogenous", 5.0) == 1.0


# --- The grid -------------------------------------------------------------------------------------------------------


def test_the_grid_holds_every_day_and_steps_grow_from_each_change() -> None:
    nodes = graded([28.0, 1.0, 60.0], [0.0, 4.0], Fineness(0.5, 2), {0.0})
    assert set(nodes) >= {0.0, 1.0, 4.0, 28.0, 60.0}
    lengths = np.diff(nodes)
    assert (lengths > 0).all()
    assert lengths.max() <= LONGEST / 0.5 * (1 + ROUNDING)
    after = lengths[(nodes[:-1] >= 4.0) & (nodes[:-1] < 28.0)]
    assert (np.diff(after) >= -ROUNDING).all()
    assert after[0] <= 2 * FIRST / 0.5


def test_an_infusion_is_stepped_in_as_many_parts_as_asked() -> None:
    for parts in (1, 2, 8):
        nodes = graded([28.0], [0.0, 0.1], Fineness(0.5, parts), {0.0})
        assert ((nodes >= 0) & (nodes < 0.1)).sum() == parts


def test_a_grid_for_faster_patients_is_finer() -> None:
    counts = [graded([28.0], [0.0], Fineness(rate, 1), ()).size for rate in (0.2, 0.4, 0.8, 1.6)]
    assert counts == sorted(set(counts))


def test_the_grid_is_a_matter_of_each_patient() -> None:
    fast = replace(ADULT, between_l_per_day=8.0)
    small = replace(ADULT, central_l=0.5, uptake_l_per_day=0.1, between_l_per_day=0.05)
    given = Given(every(40.0, 28.0, 2, hours=4.0))
    numbers = grids_of(stacked([ADULT, fast, small]), given)
    assert numbers[0] == 0
    plain, faster, steeper = (fineness_of(int(one)) for one in numbers)
    assert plain.rate_per_day == COARSEST_PER_DAY
    assert faster.rate_per_day > 2 * plain.rate_per_day
    assert faster.parts == plain.parts
    assert steeper.parts > plain.parts


# --- Engines and readings -------------------------------------------------------------------------------------------


def test_the_engine_is_told_and_few_patients_need_no_kernel(monkeypatch: pytest.MonkeyPatch) -> None:
    assert solve(ADULT, Course(), DAYS).engine == "numpy"
    monkeypatch.setattr(solving, "find_spec", lambda _: None)
    assert engine_named(None) == "numpy"
    assert "not installed" in refused(lambda: engine_named("numba"))


def test_a_dose_at_once_is_read_after_it_and_doses_before_the_first_day_count() -> None:
    at_once = Course((Dose(0.0, 36.0),))
    first = solve(ADULT, at_once, [0.0, 1.0]).of("exogenous")[0]
    assert first[0] == pytest.approx(10.0)
    later = solve(ADULT, at_once, [1.0]).of("exogenous")[0]
    assert later[0] == pytest.approx(first[1], rel=1e-6)  # another grid


def test_doses_after_the_last_day_change_nothing() -> None:
    course = Course((Dose(0.0, 36.0), Dose(40.0, 99.0, hours=3.0), Dose(28.5, 9.0)))
    assert np.array_equal(solve(ADULT, course, DAYS).g_per_l, solve(ADULT, Course((Dose(0.0, 36.0),)), DAYS).g_per_l)
