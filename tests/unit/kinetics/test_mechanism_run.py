from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from tests.unit.kinetics.mechanism_patients import DAYS, SICK, SOLVED, library, person, ran, two_grams

from ivigil.documents import BadInput
from ivigil.kinetics.doses import Course, Dose, every
from ivigil.kinetics.influences import OccupancyCourse, Occupied, SynthesisChange, SynthesisCourse
from ivigil.kinetics.mechanism import actions
from ivigil.kinetics.mechanism.curves import UNITS
from ivigil.kinetics.mechanism.states import Disease
from ivigil.kinetics.mechanism.switches import Switches, shipped, together
from ivigil.kinetics.solving import solve

OWN = 9.88
UP, DOWN = 1.0, -1.0
LEVELS = ("IgG", "exogenous IgG", "rise of IgG")


def close(one: np.ndarray, other: np.ndarray, tolerance: float = SOLVED) -> bool:
    return bool(np.allclose(one, other, rtol=tolerance, atol=tolerance))


@pytest.mark.parametrize(
    ("course", "others"),
    [
        (two_grams(), {}),
        (every(30.0, 21.0, 3), {}),
        (every(12.0, 7.0, 5, route="subcutaneous"), {}),
        (two_grams(), {"occupancy": OccupancyCourse((Occupied(3.0, 0.8, 0.1),))}),
        (two_grams(), {"synthesis": SynthesisCourse((SynthesisChange(5.0, "endogenous", 0.3),))}),
    ],
)
def test_its_igg_is_that_of_the_engine_of_populations(course: Course, others: dict[str, object]) -> None:
    patient = person(**others)
    found = ran(person=patient, course=course).curves
    levels = solve(patient, course, DAYS, engine="numpy")
    assert close(found["exogenous IgG"], levels.of("exogenous")[0])
    assert close(found["IgG"], levels.total_g_per_l[0])


def test_with_everything_off_disease_is_as_before() -> None:
    found = ran().curves
    assert found["platelets"] == pytest.approx(20.0)
    for name in set(UNITS) - set(LEVELS) - {"platelets", "grip strength"}:
        assert found[name] == pytest.approx(1.0), name
    assert found["grip strength"] == pytest.approx(10.0)
    assert found["IgG"][1] > OWN + 5


def test_without_a_dose_nothing_changes_whatever_is_on() -> None:
    found = ran(switches=together(library()), course=Course()).curves
    for name in set(UNITS) - set(LEVELS) - {"platelets", "grip strength"}:
        assert found[name] == pytest.approx(1.0), name
    assert found["platelets"] == pytest.approx(20.0)
    assert found["grip strength"] == pytest.approx(10.0)


@pytest.mark.parametrize("on", sorted(actions.COMPUTED))
def test_an_action_never_changes_igg(on: str) -> None:
    for name in LEVELS:
        assert close(ran(on).curves[name], ran().curves[name]), name


@pytest.mark.parametrize(
    ("on", "name", "rises"),
    [
        ((actions.CLEARANCE,), "autoantibody", DOWN),
        ((actions.IDIOTYPE,), "free autoantibody", DOWN),
        ((actions.DIRECT,), "phagocytosis", DOWN),
        ((actions.DIRECT,), "platelets", UP),
        ((actions.INHIBITORY,), "platelets", UP),
        ((actions.CLEARANCE,), "platelets", UP),
        ((actions.IDIOTYPE,), "platelets", UP),
        ((actions.SYNTHESIS,), "autoantibody", DOWN),
        ((actions.TREG,), "regulatory T cells", UP),
        ((actions.CYTOKINES,), "cytokine antagonists", UP),
        ((actions.NK,), "natural killer cells", DOWN),
        ((actions.COMPLEMENT,), "complement deposition", DOWN),
        ((actions.GRIP_BY_EXPOSURE,), "grip strength", UP),
        ((actions.GRIP_BY_COMPLEMENT, actions.COMPLEMENT), "grip strength", UP),
    ],
)
def test_more_immunoglobulin_moves_each_action_further_in_its_direction(
    on: tuple[str, ...], name: str, rises: float
) -> None:
    doses = [ran(*on, course=two_grams(g_per_kg)).curves[name] for g_per_kg in (0.0, 0.2, 0.5, 1.0)]
    for less, more in pairwise(doses):
        assert np.all(rises * (more - less) >= -SOLVED)
        assert np.any(rises * (more - less) > 1e-3 * abs(less))


def test_free_autoantibody_is_autoantibody_where_nothing_binds_it() -> None:
    found = ran(actions.CLEARANCE).curves
    assert np.array_equal(found["free autoantibody"], found["autoantibody"])


def test_binding_leaves_the_amount_of_autoantibody_alone() -> None:
    assert ran(actions.IDIOTYPE).curves["autoantibody"] == pytest.approx(1.0)


def test_idiotypes_inhibit_in_the_model_what_they_inhibited_in_the_tube() -> None:
    at_level = every(39.0 * person().central_l, 1.0, 1)
    found = ran(actions.IDIOTYPE, course=at_level, days=[0.0])
    assert found.curves["exogenous IgG"][0] == pytest.approx(39.0)
    assert found.curves["free autoantibody"][0] == pytest.approx(1.0 - 0.534)


def test_grip_by_complement_does_nothing_without_the_action_on_complement_and_says_so() -> None:
    found = ran(actions.GRIP_BY_COMPLEMENT)
    assert found.curves["grip strength"] == pytest.approx(10.0)
    assert any("does nothing" in sentence for sentence in found.says)


def test_two_ways_of_holding_back_phagocytosis_leave_what_both_let_through() -> None:
    both = Switches(frozenset({actions.DIRECT, actions.INHIBITORY}), rivals_together=True)
    apart = [ran(name).curves["phagocytosis"] for name in (actions.DIRECT, actions.INHIBITORY)]
    assert close(ran(switches=both).curves["phagocytosis"], apart[0] * apart[1])


@pytest.mark.parametrize("count", [1.0, 20.0, 150.0, 332.0])
def test_counts_and_antibody_stay_above_nothing(count: float) -> None:
    found = ran(switches=together(library()), start=Disease(count, 1.0), days=np.linspace(0.0, 200.0, 41)).curves
    assert np.all(found["platelets"] >= count - SOLVED)
    assert np.all(found["autoantibody"] > 0)
    assert np.all((found["phagocytosis"] >= 0) & (found["phagocytosis"] <= 1))


def test_the_unit_of_autoantibody_does_not_matter_where_nothing_binds_it() -> None:
    in_titres = Disease(20.0, 10.0, antibody=640.0)
    one, other = ran(switches=shipped(library())), ran(switches=shipped(library()), start=in_titres)
    for name in one.curves:
        assert close(one.curves[name], other.curves[name]), name


def test_what_the_disease_does_not_have_is_not_followed() -> None:
    assert not {"platelets", "grip strength"} & set(ran(start=Disease()).curves)


def test_a_level_on_the_day_of_a_dose_is_that_after_it() -> None:
    found = ran(course=every(70.0, 7.0, 2), days=[0.0, 7.0])
    given = 70.0 / person().central_l
    assert found.curves["exogenous IgG"][0] == pytest.approx(given)
    assert found.curves["exogenous IgG"][1] > given


def test_days_before_the_first_dose_are_untreated_and_doses_before_the_first_day_count() -> None:
    later = Course((Dose(5.0, 70.0),))
    assert ran(course=later, days=[-1.0, 4.9]).curves["IgG"] == pytest.approx(OWN)
    early = Course((Dose(-5.0, 70.0),))
    assert ran(course=early, days=[0.0]).curves["exogenous IgG"][0] > 5.0


def test_an_inhibitor_of_fcrn_lowers_autoantibody_whether_or_not_immunoglobulin_may() -> None:
    held = person(occupancy=OccupancyCourse((Occupied(0.0, 0.9),)))
    assert ran(person=held, course=Course()).curves["autoantibody"][-1] < 0.6


def test_other_figures_stand_in_for_those_of_the_library() -> None:
    weaker = {actions.DIRECT: {"rise for half": 1e6}}
    assert ran(actions.DIRECT, figures=weaker).curves["platelets"] == pytest.approx(20.0, rel=1e-2)


def test_a_run_says_what_is_made_up_and_what_is_off() -> None:
    said = " ".join(ran(actions.NK).says)
    assert "no evidence" in said
    assert "illustrative" in said
    assert "Off: complement." in said
    assert "Off: cellular cytotoxicity." not in said


def test_what_ships_on_says_nothing_of_illustrative_figures() -> None:
    assert not any("illustrative" in sentence for sentence in ran(switches=shipped(library())).says)


@pytest.mark.parametrize(
    ("others", "place"),
    [
        ({"days": []}, "days"),
        ({"days": [1.0, 1.0]}, "days"),
        ({"days": [2.0, 1.0]}, "days"),
        ({"days": [0.0, np.nan]}, "days"),
        ({"switches": Switches(frozenset({"magic"}))}, "switches"),
        ({"course": every(10.0, 7.0, 1, route="facilitated subcutaneous")}, "route"),
        ({"start": Disease(platelets_10_9_per_l=500.0)}, "platelets_10_9_per_l"),
        ({"start": Disease(platelets_10_9_per_l=20.0, antibody=0.0)}, "antibody"),
        ({"figures": {"magic": {"rise for half": 1.0}}}, "magic"),
        ({"figures": {actions.NK: {"rate": -1.0}}}, "rate"),
        ({"figures": {actions.NK: {"speed": 1.0}}}, "speed"),
    ],
)
def test_what_cannot_be_is_refused(others: dict[str, object], place: str) -> None:
    with pytest.raises(BadInput, match=place):
        ran(**others)  # type: ignore[arg-type] # each of run's


def test_every_fault_is_told_at_once() -> None:
    with pytest.raises(BadInput) as told:
        ran(switches=Switches(frozenset({"magic", "more magic"})), days=[1.0, 0.0])
    assert len(told.value.faults) == 3


@pytest.mark.parametrize("state", [{"platelets_10_9_per_l": 0.0}, {"grip_kg": -1.0}, {"antibody": float("nan")}])
def test_a_disease_that_cannot_be_is_refused(state: dict[str, float]) -> None:
    with pytest.raises(BadInput, match="disease"):
        Disease(**state)


def test_the_disease_of_these_tests_is_sick() -> None:
    assert SICK.platelets_10_9_per_l is not None
    assert SICK.platelets_10_9_per_l < 35.0 * 9.5
