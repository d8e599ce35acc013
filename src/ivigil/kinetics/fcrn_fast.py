"""The FcRn model solved with numba: the arithmetic of ``fcrn_step``, compiled for blocks of patients side by side.

A block holds :data:`LANES` patients in one scratch array of rows, small enough for the nearest cache; each row is one
quantity. The loop over a block's patients becomes vector instructions, and blocks are shared out among threads. No
operation is reordered or fused, and no patient looks at another, so that the answers are the same to the bit for any
number of threads and patients, and the same as numpy's.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any
from zlib import crc32

import numpy as np
from numba import njit, prange
from numba.extending import register_jitable

from ivigil.kinetics import fcrn_step
from ivigil.kinetics.fcrn_problem import Kind, Patients, Tables, Timetable
from ivigil.kinetics.fcrn_step import ARITHMETIC, at_end, at_fifth, at_fourth, at_second, at_sixth, at_third, followed, slopes, weighted

LANES = 64
# Rows of the scratch array: the state, the slopes of each stage, the traits, what is given and made, what leaves.
STATE = 0
SLOPES_A, SLOPES_B, SLOPES_C, SLOPES_D, SLOPES_E, SLOPES_F = (LANES * row for row in range(4, 28, 4))
TRAITS = LANES * 28
INFLOW = LANES * 33  # one at each stage
SYNTHESIS, DEPOT, INTO_DEPOT, ABSORPTION, RUNNING_IN = (LANES * row for row in range(39, 44))
RATES, CLEARED, GONE = LANES * 44, LANES * 50, LANES * 56
OWN_ROWS = LANES * 57  # then three for each own species: in V1, in V2, cleared
EACH = LANES * 3

for _function in ARITHMETIC:
    register_jitable(inline="always")(_function)


def solve_fast(timetable: Timetable, patients: Patients, kind: Kind, tables: Tables) -> None:
    """Fill ``tables``."""
    compiled(kind)(timetable, patients, tables)


@cache
def compiled(kind: Kind) -> Callable[[Timetable, Patients, Tables], int]:
    """The kernel for a kind of problem: compiled at its first call, and kept on disk for the next process."""
    texts = (Path(fcrn_step.__file__).read_bytes(), Path(__file__).read_bytes())
    return _kernel(kind.depot, kind.followed, crc32(b"".join(texts)))  # type: ignore[no-any-return]


def _kernel(depot: bool, account: bool, stamp: int) -> Any:  # noqa: ANN401, FBT001 - numba's own type; it freezes what it closes over
    lanes = _lanes(depot, account)

    @njit(parallel=True, cache=True, error_model="numpy")
    def kernel(timetable: Timetable, patients: Patients, tables: Tables) -> int:
        count = patients.traits.shape[1]
        for block in prange((count + LANES - 1) // LANES):
            _block(timetable, patients, tables, block * LANES)
        return stamp  # the cache on disk knows a kernel by what it closes over: so by the text of its arithmetic

    @njit(error_model="numpy")
    def _block(timetable: Timetable, patients: Patients, tables: Tables, first: int) -> None:
        count = min(LANES, patients.traits.shape[1] - first)
        species = patients.own.shape[0]
        scratch = _aligned(OWN_ROWS + EACH * species)
        _begin(scratch, patients, first, count)
        steps = timetable.lengths.size
        inflow = synthesis = -1
        for node in range(steps + 1):
            given, read = timetable.given[node], timetable.read[node]
            if given >= 0:
                _add(scratch, STATE, patients.given[given], first, count)
                if depot:
                    _add(scratch, DEPOT, patients.depot_given[given], first, count)
            if read >= 0:
                _read(scratch, patients, tables, read, first, count)
            if node == steps:
                break
            if timetable.inflow[node] != inflow:
                inflow = timetable.inflow[node]
                _fill(scratch, INFLOW, patients.inflow[inflow], first, count)
                if depot:
                    _fill(scratch, INTO_DEPOT, patients.depot_inflow[inflow], first, count)
            if timetable.synthesis[node] != synthesis:
                synthesis = timetable.synthesis[node]
                _fill(scratch, SYNTHESIS, patients.synthesis[synthesis, 0], first, count)
            weights = weighted(timetable.lengths[node])
            free = timetable.free[node]
            left = (free[0], free[1], free[2], free[3], free[4], free[5])
            lanes(scratch, weights, left)
            if account:
                for one in range(species):
                    _follow(scratch, OWN_ROWS + EACH * one, patients.synthesis[synthesis, 1 + one], (first, count), weights)

    @njit(error_model="numpy")
    def _read(scratch, patients, tables, row, first, count):
        species = patients.own.shape[0]
        _copy(tables.level[row, 0], scratch, STATE, first, count)
        for one in range(species):
            if account:
                _copy(tables.level[row, 1 + one], scratch, OWN_ROWS + EACH * one, first, count)
            else:
                _share(tables.level[row, 1 + one], patients.shares[one], scratch, first, count)
        if account and tables.body.shape[0] > 0:
            _account(scratch, patients, tables, row, first, count)

    return kernel


@register_jitable(inline="always")
def _four(scratch, row, lane):
    at = row + lane
    return scratch[at], scratch[at + LANES], scratch[at + 2 * LANES], scratch[at + 3 * LANES]


@register_jitable(inline="always")
def _five(scratch, row, lane):
    at = row + lane
    return scratch[at], scratch[at + LANES], scratch[at + 2 * LANES], scratch[at + 3 * LANES], scratch[at + 4 * LANES]


@register_jitable(inline="always")
def _keep(scratch, row, lane, values):
    at = row + lane
    scratch[at] = values[0]
    scratch[at + LANES] = values[1]
    scratch[at + 2 * LANES] = values[2]
    scratch[at + 3 * LANES] = values[3]

def _lanes(depot, account):
    # every loop is one stage of all lanes: patients do not wait for each other's roots and quotients
    I1,I2,I3,I4,I5 = (LANES*n if depot else 0 for n in (1,2,3,4,5))
    @register_jitable(inline="always")
    def _sloped(s, stage, lane, y, free):
        inflow = INFLOW + stage * LANES if depot else INFLOW
        k, rate = slopes(y, s[inflow + lane], s[SYNTHESIS + lane], _five(s, TRAITS, lane), free)
        _keep(s, SLOPES_A + 4 * LANES * stage, lane, k)
        if account:
            s[RATES + LANES * stage + lane] = rate
            s[CLEARED + LANES * stage + lane] = rate * y[0]

    @njit(error_model="numpy")
    def lanes(s, w, free):
        for lane in range(LANES):
            _sloped(s, 0, lane, _four(s, STATE, lane), free[0])
        for lane in range(LANES):
            _sloped(s, 1, lane, at_second(_four(s, STATE, lane), w, _four(s, SLOPES_A, lane)), free[1])
        for lane in range(LANES):
            _sloped(s, 2, lane, at_third(_four(s, STATE, lane), w, _four(s, SLOPES_A, lane), _four(s, SLOPES_B, lane)), free[2])
        for lane in range(LANES):
            k = _four(s, SLOPES_A, lane), _four(s, SLOPES_B, lane), _four(s, SLOPES_C, lane)
            _sloped(s, 3, lane, at_fourth(_four(s, STATE, lane), w, k), free[3])
        for lane in range(LANES):
            k = _four(s, SLOPES_A, lane), _four(s, SLOPES_B, lane), _four(s, SLOPES_C, lane), _four(s, SLOPES_D, lane)
            _sloped(s, 4, lane, at_fifth(_four(s, STATE, lane), w, k), free[4])
        for lane in range(LANES):
            k = _four(s, SLOPES_A, lane), _four(s, SLOPES_B, lane), _four(s, SLOPES_C, lane), _four(s, SLOPES_D, lane), _four(s, SLOPES_E, lane)
            _sloped(s, 5, lane, at_sixth(_four(s, STATE, lane), w, k), free[5])
        for lane in range(LANES):
            k = _four(s, SLOPES_A, lane), _four(s, SLOPES_C, lane), _four(s, SLOPES_D, lane), _four(s, SLOPES_E, lane), _four(s, SLOPES_F, lane)
            _keep(s, STATE, lane, at_end(_four(s, STATE, lane), w, k))
    return lanes

@njit(error_model="numpy")
def _aligned(size):
    """Zeros that begin at a cache line, so that no vector of eight lies across two."""
    space = np.zeros(size + 8)
    first = (-(space.ctypes.data // 8)) % 8
    return space[first : first + size]

@njit(error_model="numpy")
def _add(scratch, row, values, first, count):
    for lane in range(count):
        scratch[row + lane] += values[first + lane]

@njit(error_model="numpy")
def _fill(scratch, row, values, first, count):
    for lane in range(count):
        scratch[row + lane] = values[first + lane]

@njit(error_model="numpy")
def _copy(values, scratch, row, first, count):
    for lane in range(count):
        values[first + lane] = scratch[row + lane]

@njit(error_model="numpy")
def _share(values, share, scratch, first, count):
    for lane in range(count):
        values[first + lane] = share[first + lane] * scratch[STATE + 2 * LANES + lane]

@njit(error_model="numpy")
def _begin(scratch, patients, first, count):
    for trait in range(5):
        _fill(scratch, TRAITS + LANES * trait, patients.traits[trait], first, count)
    for one in range(patients.own.shape[0]):
        _add(scratch, STATE + 2 * LANES, patients.own[one], first, count)
        _fill(scratch, OWN_ROWS + EACH * one, patients.own[one], first, count)
        _fill(scratch, OWN_ROWS + EACH * one + LANES, patients.own[one], first, count)
    for lane in range(LANES):
        scratch[STATE + 3 * LANES + lane] = scratch[STATE + 2 * LANES + lane]
    if patients.absorption.size:
        _fill(scratch, ABSORPTION, patients.absorption, first, count)

@njit(error_model="numpy")
def _follow(scratch, row, synthesis, place, weights):
    first, count = place
    for lane in range(count):
        rates = (scratch[RATES + lane], scratch[RATES + LANES + lane], scratch[RATES + 2 * LANES + lane], scratch[RATES + 3 * LANES + lane], scratch[RATES + 4 * LANES + lane], scratch[RATES + 5 * LANES + lane])
        state = (scratch[row + lane], scratch[row + LANES + lane])
        moved, gone = followed(state, synthesis[first + lane], rates, (scratch[TRAITS + LANES + lane], scratch[TRAITS + 2 * LANES + lane]), weights)
        scratch[row + lane] = moved[0]
        scratch[row + LANES + lane] = moved[1]
        scratch[row + 2 * LANES + lane] += gone

@njit(error_model="numpy")
def _account(scratch, patients, tables, row, first, count):
    for lane in range(count):
        at = first + lane
        central, outside = patients.volumes[0, at], patients.volumes[1, at]
        tables.body[row, 0, at] = scratch[STATE + lane] * central + scratch[STATE + LANES + lane] * outside + scratch[DEPOT + lane] * central
        tables.cleared[row, 0, at] = scratch[GONE + lane] * central
    for one in range(patients.own.shape[0]):
        held = OWN_ROWS + EACH * one
        for lane in range(count):
            at = first + lane
            central, outside = patients.volumes[0, at], patients.volumes[1, at]
            tables.body[row, 1 + one, at] = scratch[held + lane] * central + scratch[held + LANES + lane] * outside
            tables.cleared[row, 1 + one, at] = scratch[held + 2 * LANES + lane] * central
