"""The engines of the FcRn model against SciPy, against each other, and against the model with binding spelt out."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from scipy.integrate import solve_ivp
from tests.differential.fcrn_drawn import Drawn, drawn, exact, relative_error, without_influences

from ivigil.kinetics.doses import Course, every
from ivigil.kinetics.fcrn import FcRnParameters
from ivigil.kinetics.solving import Engine, solve

# The largest relative error the engines may have; validation/kinetics/kernel_error.py draws 500 patients instead of 60.
LARGEST = 2e-6
DAYS = np.arange(0.0, 85.0)
ENGINES: tuple[Engine, ...] = ("numpy", "numba")
# Sums of many terms in another order.
ROUNDING = 1e-12


@pytest.mark.parametrize("first", range(0, 60, 20))
def test_sixty_drawn_patients_are_as_scipy_has_them(first: int) -> None:
    errors = {}
    for seed in range(first, first + 20):
        case = drawn(seed)
        found = solve(case.patient, case.course, DAYS, engine="numpy").g_per_l[0]
        errors[seed] = relative_error(found, exact(case, DAYS))
    assert max(errors.values()) < LARGEST, errors
    assert max(errors.values()) > 0, "the comparison compares nothing"


def test_troughs_alone_are_as_exact_as_daily_levels() -> None:
    case = Drawn(drawn(1).patient, every(40.0, 28.0, 3, hours=4.0))
    days = np.array([28.0, 56.0, 84.0])
    whole = exact(case, DAYS)[[28, 56, 84]]
    assert relative_error(solve(case.patient, case.course, days, engine="numpy").g_per_l[0], whole) < LARGEST


@pytest.mark.parametrize("account", [False, True])
@pytest.mark.parametrize(
    "course", [every(30.0, 28.0, 3, hours=4.0), every(10.0, 7.0, 9, route="subcutaneous", hours=1.0)]
)
def test_the_engines_agree_to_the_bit(course: Course, account: bool) -> None:  # noqa: FBT001
    pytest.importorskip("numba")
    people = without_influences([drawn(seed) for seed in range(150)])  # two blocks of 64, and a part of one
    one, other = (solve(people, course, DAYS, account=account, engine=engine) for engine in ENGINES)
    assert (one.engine, other.engine) == ENGINES
    assert np.array_equal(one.g_per_l, other.g_per_l)
    if account:
        assert np.array_equal(one.body_g, other.body_g)
        assert np.array_equal(one.cleared_g, other.cleared_g)


def test_following_each_species_changes_nothing_but_rounding() -> None:
    people = without_influences([drawn(seed) for seed in range(30)])
    course = every(30.0, 28.0, 3, hours=4.0)
    apart = solve(people, course, DAYS, account=True, engine="numpy").g_per_l
    assert relative_error(solve(people, course, DAYS, engine="numpy").g_per_l, apart) < ROUNDING


SCRIPT = """
import hashlib, sys
import numpy as np
sys.path.insert(0, sys.argv[1])
from tests.differential.fcrn_drawn import drawn, without_influences
from ivigil.kinetics.doses import every
from ivigil.kinetics.solving import solve
import numba
people = without_influences([drawn(seed) for seed in range(300)])
course = every(30.0, 28.0, 3, hours=4.0)
for _ in range(2):
    found = solve(people, course, np.arange(0.0, 85.0), engine="numba")
    print(numba.get_num_threads(), hashlib.sha256(np.ascontiguousarray(found.g_per_l)).hexdigest())
"""


def test_one_thread_and_two_give_the_same_bits() -> None:
    numba = pytest.importorskip("numba")
    root = str(Path(__file__).parents[2])
    if numba.config.NUMBA_NUM_THREADS < 2:
        pytest.skip("this machine has one processor")
    digests = {}
    for threads in ("1", "2"):
        environment = {**os.environ, "NUMBA_NUM_THREADS": threads}
        done = subprocess.run(
            [sys.executable, "-c", SCRIPT, root], env=environment, capture_output=True, text=True, check=True
        )
        lines = [line.split() for line in done.stdout.splitlines()]
        assert {used for used, _ in lines} == {threads}
        digests[threads] = {digest for _, digest in lines}
    assert len(digests["1"] | digests["2"]) == 1


# --- The binding that quasi-steady state stands for -----------------------------------------------------------------

# Chosen by numbers, not measured: IgG stays in endosomes for minutes, and binding is faster than that. Only the
# quotient of unbinding and binding, the affinity, is a parameter of the model.
LEAVING_PER_DAY = 2_000.0
UNBINDING_PER_DAY = 2e7
# What the reduction may cost then; the part that is slow binding falls with its speed.
REDUCTION = 1e-4


def _spelt_out(one: FcRnParameters, grams: float, days: np.ndarray, unbinding_per_day: float) -> np.ndarray:
    """Total IgG after ``grams`` at once, with free and bound IgG in endosomes as states of their own.

    Endosomes hold a volume small beside V1, fed by the uptake. Free IgG leaves them to be broken down and bound IgG to
    return, both at one rate, so that quasi-steady state is the printed equation.
    """
    volume = one.uptake_l_per_day / LEAVING_PER_DAY
    association = unbinding_per_day / one.affinity_g_per_l

    def endosomes(level: float, free: float, bound: float) -> list[float]:
        binding = association * free * (one.receptor_g_per_l - bound) - unbinding_per_day * bound
        entering = LEAVING_PER_DAY * level
        return [entering - LEAVING_PER_DAY * free - binding, binding - LEAVING_PER_DAY * bound]

    def change(_: float, y: np.ndarray, made: float) -> list[float]:
        level, outside, free, bound = y
        apart = one.between_l_per_day * (level - outside)
        returned = LEAVING_PER_DAY * bound * volume
        inside = made - one.uptake_l_per_day * level + returned - apart
        return [inside / one.central_l, apart / one.peripheral_l, *endosomes(level, free, bound)]

    level = one.endogenous_g_per_l
    tight = {"method": "Radau", "rtol": 1e-9, "atol": 1e-11}
    held = solve_ivp(lambda _, y: endosomes(level, y[0], y[1]), (0.0, 1.0), [level, 0.0], **tight).y[:, -1]
    made = LEAVING_PER_DAY * held[0] * volume
    start = [level + grams / one.central_l, level, *held]
    return solve_ivp(change, (0.0, days[-1]), start, t_eval=days, args=(made,), **tight).y[0]


@pytest.mark.parametrize("grams", [0.0, 30.0, 140.0])
def test_quasi_steady_state_costs_little_where_binding_is_fast(grams: float) -> None:
    typical = FcRnParameters(3.6, 2.5, 0.4, 0.75, 18.5, 2.5, None, {}, 10.0)
    days = np.array([0.5, 1.0, 3.0, 7.0, 14.0, 28.0])
    reduced = solve(typical, every(grams, 1.0, 1), days, engine="numpy").total_g_per_l[0]
    fast, slow = (_spelt_out(typical, grams, days, speed) for speed in (UNBINDING_PER_DAY, UNBINDING_PER_DAY / 1e4))
    assert relative_error(reduced, fast) < REDUCTION
    assert (grams == 0.0) or relative_error(reduced, slow) > 10 * REDUCTION
