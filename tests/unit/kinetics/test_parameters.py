"""A person's parameters: what a model needs, what an eta does, and half-lives that say of what."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from tests.unit.kinetics.linear_models import INTRAVENOUS_ONLY, ONE_COMPARTMENT, TWO_COMPARTMENTS, made_up, on_record

from ivigil.documents import BadInput
from ivigil.kinetics.parameters import half_lives, modes_of, needed_covariates, parameters_of, with_baseline
from ivigil.kinetics.people import Covariates

ADULT = Covariates(80.0, igm_g_per_l=0.5)
ROUNDING = 1e-14


def test_a_covariate_the_model_needs_is_asked_for() -> None:
    with pytest.raises(BadInput) as caught:
        parameters_of(on_record("tortorici-2019"), Covariates(None))
    assert [fault.where for fault in caught.value.faults] == ["secondary_deficiency", "weight_kg"]
    assert needed_covariates(on_record("li-2022")) == ("lean_body_mass_kg",)


def test_a_covariate_of_the_baseline_alone_leaves_it_unknown() -> None:
    assert parameters_of(made_up(), Covariates(80.0)).baseline_g_per_l is None
    assert parameters_of(made_up(), ADULT).baseline_g_per_l == 5


def test_an_eta_multiplies_its_parameter_alone() -> None:
    typical = parameters_of(made_up(), ADULT)
    found = parameters_of(made_up(), ADULT, {"CL": 0.3, "F_sc": -0.2, "baseline": math.log(2)})
    assert found.clearance_l_per_day == pytest.approx(typical.clearance_l_per_day * math.exp(0.3), rel=ROUNDING)
    assert found.bioavailable["subcutaneous"] == pytest.approx(0.7 * math.exp(-0.2), rel=ROUNDING)
    assert found.bioavailable["intravenous"] == 1
    assert found.baseline_g_per_l == pytest.approx(10, rel=ROUNDING)
    assert found.central_l == typical.central_l


def test_an_eta_of_no_parameter_or_no_number_is_refused() -> None:
    with pytest.raises(BadInput) as caught:
        parameters_of(made_up(), ADULT, {"Vp": 0.1, "CL": math.nan})
    assert [fault.where for fault in caught.value.faults] == ["etas", "etas, CL"]


def test_a_model_with_a_rate_constant_has_the_clearance_it_makes() -> None:
    who = Covariates(80.0, lean_body_mass_kg=56.54)
    found = parameters_of(on_record("li-2024-mmn-grip"), who)
    assert found.clearance_l_per_day == pytest.approx(0.05832 * 6.48, rel=ROUNDING)
    double = parameters_of(on_record("li-2024-mmn-grip"), who, {"Vc": math.log(2)})
    assert double.clearance_l_per_day / double.central_l == pytest.approx(0.05832, rel=ROUNDING)


def test_a_measured_level_takes_the_place_of_the_model_s_baseline() -> None:
    assert with_baseline(INTRAVENOUS_ONLY, 7.5).baseline_g_per_l == 7.5
    with pytest.raises(BadInput, match="0 or more"):
        with_baseline(INTRAVENOUS_ONLY, -1)


def test_half_lives_by_hand() -> None:
    found = half_lives(ONE_COMPARTMENT)
    assert found.terminal_days == pytest.approx(math.log(2), rel=ROUNDING)
    assert found.absorption_days == pytest.approx(2 * math.log(2), rel=ROUNDING)
    assert found.distribution_days is None
    assert half_lives(INTRAVENOUS_ONLY).absorption_days is None


def test_a_half_life_says_of_which_igg() -> None:
    assert "exogenous" in half_lives(TWO_COMPARTMENTS).of
    assert "apparent" in half_lives(TWO_COMPARTMENTS).of


def test_the_modes_solve_their_quadratic() -> None:
    modes = modes_of(TWO_COMPARTMENTS)
    total = modes.exit_per_day + modes.out_per_day + modes.back_per_day
    assert modes.fast_per_day + modes.slow_per_day == pytest.approx(total, rel=ROUNDING)
    assert modes.fast_per_day * modes.slow_per_day == pytest.approx(
        modes.exit_per_day * modes.back_per_day, rel=ROUNDING
    )
    assert modes.fast_share + modes.slow_share == pytest.approx(1, rel=ROUNDING)
    assert modes.slow_per_day < modes.back_per_day < modes.fast_per_day


def test_a_faint_exchange_keeps_every_digit_of_the_slow_rate() -> None:
    # the textbook formula subtracts two numbers that agree in 15 digits
    faint = replace(TWO_COMPARTMENTS, between_l_per_day=1e-13)
    modes = modes_of(faint)
    back = 1e-13 / faint.peripheral_l
    assert modes.slow_per_day == pytest.approx(back, rel=1e-11)
