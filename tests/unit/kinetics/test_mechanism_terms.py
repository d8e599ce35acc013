from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.kinetics.mechanism_patients import library, person, ran, two_grams

from ivigil.documents import BadInput
from ivigil.kinetics.mechanism import actions
from ivigil.kinetics.mechanism.figures import figures_of
from ivigil.kinetics.mechanism.platelets import PlateletTurnover, counts, turnover
from ivigil.kinetics.mechanism.responders import Patients, Phagocytosis, phagocytosis_of
from ivigil.kinetics.mechanism.terms import binder_for, saturating, saturating_many, unbound

# One ulp or two of numbers near 1, and what a division adds.
ROUNDING = 1e-12
# Counts on a grid of STEP days, with losses taken as constant in between.
STEP, ON_THE_GRID = 0.02, 3e-3
amounts = st.floats(1e-6, 1e6)


@given(amount=amounts, half=amounts, steepness=st.floats(0.5, 8.0))
def test_saturation_is_a_share_and_half_at_the_half(amount: float, half: float, steepness: float) -> None:
    assert 0.0 <= saturating(amount, half, steepness) <= 1.0
    assert saturating(half, half, steepness) == pytest.approx(0.5)
    assert saturating(2 * amount, half, steepness) >= saturating(amount, half, steepness)
    assert saturating(0.0, half, steepness) == 0.0


@given(amount=amounts, half=amounts, steepness=st.floats(0.5, 8.0))
def test_saturation_of_arrays_is_that_of_numbers(amount: float, half: float, steepness: float) -> None:
    many = saturating_many(np.array([0.0, amount]), np.array([half]), steepness)
    assert many[0] == 0.0
    assert many[1] == pytest.approx(saturating(amount, half, steepness), rel=1e-9)


@given(total=amounts, binder=st.floats(0.0, 1e6), affinity=amounts)
def test_binding_conserves_and_obeys_its_affinity(total: float, binder: float, affinity: float) -> None:
    free = unbound(total, binder, affinity)
    bound = total - free
    assert 0.0 < free <= total * (1 + ROUNDING)
    assert bound <= binder + 1e-9 * total
    # free antibody * free binder = affinity * bound, where what is bound is a difference of two rounded numbers.
    assert free * (binder - bound) == pytest.approx(
        affinity * bound, abs=ROUNDING * total * (total + binder + affinity)
    )


@given(share=st.floats(0.01, 0.99), total=amounts, affinity=amounts)
def test_the_binder_for_a_share_binds_that_share(share: float, total: float, affinity: float) -> None:
    free = unbound(total, binder_for(share, total, affinity), affinity)
    assert free == pytest.approx((1 - share) * total, rel=1e-6)


@given(count=st.floats(1.0, 300.0))
def test_the_untreated_count_is_steady(count: float) -> None:
    platelets = turnover(figures_of(library()), count)
    assert platelets.slope(count, 1.0, 0.0) == pytest.approx(0.0, abs=1e-9)
    assert platelets.slope(count, 1.0, 0.5) > 0


def test_a_count_above_what_is_made_and_kept_is_refused() -> None:
    with pytest.raises(BadInput, match="no more than"):
        turnover(figures_of(library()), 400.0)


@given(start=st.floats(2.0, 40.0), block=st.floats(0.05, 0.95), day=st.floats(1.0, 10.0))
def test_the_block_that_is_needed_reaches_the_count(start: float, block: float, day: float) -> None:
    platelets = turnover(figures_of(library()), start)
    reached = platelets._after(start, block, day)
    assert platelets.needed_block(start, reached, day) == pytest.approx(block, abs=1e-9)


def test_no_block_is_enough_for_more_than_is_made() -> None:
    assert turnover(figures_of(library()), 10.0).needed_block(10.0, 200.0, 3.0) is None


def test_counts_on_a_grid_are_those_of_the_solver() -> None:
    days = np.linspace(0.0, 8.0, round(8.0 / STEP) + 1)
    clearing = ran(actions.CLEARANCE, days=days)
    block = Phagocytosis(2.0, 0.5, 1.0)
    treated = Patients(clearing, 20.0, turnover(figures_of(library()), 20.0), block)
    figures = {actions.DIRECT: {"rise for half": 2.0, "steepness": 1.0}}
    solved = ran(actions.CLEARANCE, actions.DIRECT, days=days, figures=figures)
    assert treated.counts(np.array([2.0]))[0] == pytest.approx(solved.curves["platelets"], rel=ON_THE_GRID)


def test_a_slow_block_on_a_grid_is_that_of_the_solver() -> None:
    days = np.linspace(0.0, 8.0, round(8.0 / STEP) + 1)
    rise = ran(days=days).curves["rise of IgG"]
    figures = {actions.INHIBITORY: {"rise for half": 2.0, "steepness": 1.0, "rate": 1.5}}
    solved = ran(actions.INHIBITORY, days=days, figures=figures).curves["phagocytosis"]
    held = Phagocytosis(2.0, 0.5, 1.0, per_day=1.5).held_back(rise, np.array([2.0]), days)[0]
    assert 1.0 - held == pytest.approx(solved, abs=5e-3)


def test_amounts_made_and_lost_evenly_are_exact_on_any_grid() -> None:
    days = np.array([0.0, 1.0, 5.0, 30.0])
    found = counts(np.array([3.0]), 2.0, np.full((1, 4), 0.1), days)[0]
    assert found == pytest.approx(20.0 - 17.0 * np.exp(-0.1 * days))


def patients(g_per_kg: float, spread: float = 0.5, start: float = 20.0) -> Patients:
    days = np.linspace(0.0, 4.0, 81)
    clearing = ran(actions.CLEARANCE, course=two_grams(g_per_kg), days=days)
    return Patients(clearing, start, turnover(figures_of(library()), start), Phagocytosis(2.0, spread, 1.0))


def test_more_respond_to_more_and_fewer_reach_a_higher_count() -> None:
    assert patients(0.2).share_reaching(80.0, 4.0) < patients(0.5).share_reaching(80.0, 4.0)
    assert patients(0.5).share_reaching(90.0, 4.0) < patients(0.5).share_reaching(80.0, 4.0)


def test_half_reach_what_the_median_patient_reaches() -> None:
    median = float(patients(0.5).counts(np.array([2.0]))[0, -1])
    assert patients(0.5).share_reaching(median, 4.0) == pytest.approx(0.5, abs=1e-3)


def test_everybody_keeps_the_start_and_nobody_exceeds_what_is_made() -> None:
    assert patients(0.5).share_reaching(1.0, 4.0) == pytest.approx(1.0)
    assert patients(0.5).share_reaching(300.0, 4.0) == pytest.approx(0.0)


def test_the_mean_of_patients_alike_is_the_patient() -> None:
    alike = patients(0.5, spread=1e-6)
    median = float(alike.counts(np.array([2.0]))[0, -1])
    assert alike.mean_rise(4.0) == pytest.approx(median - 20.0, rel=1e-4)


def test_the_mean_over_patients_is_that_of_many_drawn_ones() -> None:
    drawn = np.random.default_rng(1).standard_normal(20_000)
    treated = patients(0.5)
    counted = treated.counts(2.0 * np.exp(0.5 * drawn))[:, -1]
    assert treated.mean_rise(4.0) == pytest.approx(float(counted.mean()) - 20.0, abs=4 * counted.std() / math.sqrt(2e4))
    assert treated.share_reaching(80.0, 4.0) == pytest.approx(float((counted >= 80.0).mean()), abs=0.015)


@pytest.mark.parametrize("name", [actions.DIRECT, actions.INHIBITORY])
def test_either_rival_has_a_population(name: str) -> None:
    found = phagocytosis_of(name, figures_of(library()))
    assert (found.per_day is None) == (name == actions.DIRECT)
    assert found.median_g_per_l > 0


def test_healthy_turnover_has_no_immune_loss() -> None:
    assert turnover(figures_of(library())) == PlateletTurnover(35.0, 9.5)
    assert person().endogenous_g_per_l > 0
