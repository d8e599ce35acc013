"""One step of the FcRn model for a block of patients side by side, compiled by numba from the text of ``fcrn_step``.

A block lies in one scratch array of rows, small enough for the nearest cache; each row is one quantity of all its
patients, its lanes. Every loop is one stage of all lanes: it becomes vector instructions, and the roots and quotients
of some lanes are under way while others are loaded. Offsets are constants, so that the compiler can prove that rows do
not overlap. Nothing is reordered or fused: IEEE arithmetic gives the same digits on every machine.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

from numba import njit
from numba.extending import register_jitable

from ivigil.kinetics.exponentials import FloatArray
from ivigil.kinetics.fcrn_step import (
    ARITHMETIC,
    Five,
    Four,
    Numbers,
    absorbed,
    at_end,
    at_fifth,
    at_fourth,
    at_second,
    at_sixth,
    at_third,
    followed,
    gathered,
    slopes,
)

LANES = 64  # eight vectors of the widest kind: enough to be under way at once, and few enough for the nearest cache
# Rows: the state, the slopes of each stage, the traits, what runs in and what so reaches the blood at each stage, what
# is made, what is under the skin, and what a stage tells of clearance.
STATE = 0
OWN = LANES * 2
SLOPES_A, SLOPES_B, SLOPES_C, SLOPES_D, SLOPES_E, SLOPES_F = (LANES * row for row in range(4, 28, 4))
TRAITS = LANES * 28
OUT, BACK = LANES * 29, LANES * 30
RUNNING, REACHING = LANES * 33, LANES * 34
SYNTHESIS, DEPOT, INTO_DEPOT, ABSORPTION = (LANES * row for row in range(40, 44))
RATES, CLEARED, GONE = LANES * 44, LANES * 50, LANES * 56
EACH = LANES * 57  # then three rows of each own species: in V1, in V2, cleared
EACH_OUTSIDE, EACH_GONE, NEXT = LANES, LANES * 2, LANES * 3

Function = TypeVar("Function", bound=Callable[..., Any])
LaneStep = Callable[[FloatArray, Numbers, Numbers], None]


def compiled(function: Function) -> Function:
    """The function as machine code, with IEEE division."""
    return cast("Function", njit(error_model="numpy")(function))


def inlined(function: Function) -> Function:
    """The function as it is; machine code that calls it holds its code too."""
    return register_jitable(function)


for _function in ARITHMETIC:
    inlined(_function)


def _stages(*, account: bool) -> LaneStep:
    """The slopes of all stages of a step, into their rows; with what the account of grams needs of each, or without."""

    @inlined
    def sloped(s: FloatArray, stage: int, lane: int, y: Four[float], free: float) -> None:
        made = s[SYNTHESIS + lane]
        k, rate = slopes(y, s[REACHING + LANES * stage + lane], made, _five(s, TRAITS, lane), free)
        _keep(s, SLOPES_A + 4 * LANES * stage, lane, k)
        if account:
            s[RATES + LANES * stage + lane] = rate
            s[CLEARED + LANES * stage + lane] = rate * y[0]

    @compiled
    def stages(s: FloatArray, w: Numbers, free: Numbers) -> None:
        for lane in range(LANES):
            sloped(s, 0, lane, _four(s, STATE, lane), free[0])
        for lane in range(LANES):
            sloped(s, 1, lane, at_second(_four(s, STATE, lane), w, _four(s, SLOPES_A, lane)), free[1])
        for lane in range(LANES):
            a, b = _four(s, SLOPES_A, lane), _four(s, SLOPES_B, lane)
            sloped(s, 2, lane, at_third(_four(s, STATE, lane), w, a, b), free[2])
        for lane in range(LANES):
            k3 = _four(s, SLOPES_A, lane), _four(s, SLOPES_B, lane), _four(s, SLOPES_C, lane)
            sloped(s, 3, lane, at_fourth(_four(s, STATE, lane), w, k3), free[3])
        for lane in range(LANES):
            a, b = _four(s, SLOPES_A, lane), _four(s, SLOPES_B, lane)
            k4 = a, b, _four(s, SLOPES_C, lane), _four(s, SLOPES_D, lane)
            sloped(s, 4, lane, at_fifth(_four(s, STATE, lane), w, k4), free[4])
        for lane in range(LANES):
            a, b, c = _four(s, SLOPES_A, lane), _four(s, SLOPES_B, lane), _four(s, SLOPES_C, lane)
            k5 = a, b, c, _four(s, SLOPES_D, lane), _four(s, SLOPES_E, lane)
            sloped(s, 5, lane, at_sixth(_four(s, STATE, lane), w, k5), free[5])

    return stages


slopes_of_stages, slopes_and_clearance = _stages(account=False), _stages(account=True)


@compiled
def move(s: FloatArray, w: Numbers) -> None:
    """The state at the end of the step whose slopes are there."""
    for lane in range(LANES):
        a, c, d = _four(s, SLOPES_A, lane), _four(s, SLOPES_C, lane), _four(s, SLOPES_D, lane)
        k = a, c, d, _four(s, SLOPES_E, lane), _four(s, SLOPES_F, lane)
        _keep(s, STATE, lane, at_end(_four(s, STATE, lane), w, k))


@compiled
def follow(s: FloatArray, row: int, made: FloatArray, w: Numbers) -> None:
    """One own species of the block one step on, at the clearance rates that the stages left; ``made`` of it, a row."""
    for lane in range(made.size):
        at = RATES + lane
        rates = s[at], s[at + LANES], s[at + 2 * LANES], s[at + 3 * LANES], s[at + 4 * LANES], s[at + 5 * LANES]
        state = s[row + lane], s[row + EACH_OUTSIDE + lane]
        moved, gone = followed(state, made[lane], rates, (s[OUT + lane], s[BACK + lane]), w)
        s[row + lane] = moved[0]
        s[row + EACH_OUTSIDE + lane] = moved[1]
        s[row + EACH_GONE + lane] += gone


@compiled
def absorb(s: FloatArray, w: Numbers) -> None:
    """The depot one step on, and what runs into the blood at each stage, from it and beside it."""
    for lane in range(LANES):
        left, taken = absorbed(s[DEPOT + lane], s[INTO_DEPOT + lane], s[ABSORPTION + lane], w)
        s[DEPOT + lane] = left
        running = s[RUNNING + lane]
        s[REACHING + lane] = running + taken[0]
        s[REACHING + LANES + lane] = running + taken[1]
        s[REACHING + 2 * LANES + lane] = running + taken[2]
        s[REACHING + 3 * LANES + lane] = running + taken[3]
        s[REACHING + 4 * LANES + lane] = running + taken[4]
        s[REACHING + 5 * LANES + lane] = running + taken[5]


@compiled
def clear(s: FloatArray, w: Numbers) -> None:
    """What the step cleared of exogenous IgG, added to what was."""
    for lane in range(LANES):
        at = CLEARED + lane
        gone = s[at], s[at + 2 * LANES], s[at + 3 * LANES], s[at + 4 * LANES], s[at + 5 * LANES]
        s[GONE + lane] += gathered(w, gone)


@inlined
def _four(s: FloatArray, row: int, lane: int) -> Four[float]:
    at = row + lane
    return s[at], s[at + LANES], s[at + 2 * LANES], s[at + 3 * LANES]


@inlined
def _five(s: FloatArray, row: int, lane: int) -> Five[float]:
    at = row + lane
    return s[at], s[at + LANES], s[at + 2 * LANES], s[at + 3 * LANES], s[at + 4 * LANES]


@inlined
def _keep(s: FloatArray, row: int, lane: int, values: Four[float]) -> None:
    at = row + lane
    s[at] = values[0]
    s[at + LANES] = values[1]
    s[at + 2 * LANES] = values[2]
    s[at + 3 * LANES] = values[3]
