"""The FcRn model solved with numba: blocks of patients, shared out among threads. The extra ``fast`` brings numba.

Each block walks through the timetable on its own and no patient looks at another, so that answers are the same to the
bit for any number of threads and of patients; and the same as numpy's, because the arithmetic is the same text. It is
compiled at the first call and kept on disk for the next process.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from zlib import crc32

import numpy as np
from numba import njit, prange

from ivigil.kinetics import fcrn_lanes, fcrn_step, prefetch
from ivigil.kinetics.exponentials import FloatArray
from ivigil.kinetics.fcrn_lanes import (
    ABSORPTION,
    DEPOT,
    EACH,
    EACH_GONE,
    EACH_OUTSIDE,
    GONE,
    INTO_DEPOT,
    LANES,
    NEXT,
    OWN,
    REACHING,
    RUNNING,
    STATE,
    SYNTHESIS,
    TRAITS,
    absorb,
    clear,
    compiled,
    follow,
    inlined,
    move,
    slopes_and_clearance,
    slopes_of_stages,
)
from ivigil.kinetics.fcrn_problem import Kind, Patients, Tables, Timetable
from ivigil.kinetics.fcrn_step import weighted
from ivigil.kinetics.prefetch import LINE_BYTES, ask

Kernel = Callable[[Timetable, Patients, Kind, Tables], int]
_VECTOR = 8  # doubles of the widest vector: a cache line


def solve_numba(timetable: Timetable, patients: Patients, kind: Kind, tables: Tables) -> None:
    """Fill ``tables``."""
    kernel()(timetable, patients, kind, tables)


@cache
def kernel() -> Kernel:
    """The kernel, in machine code after its first call.

    numba knows a kernel on disk by its own file and by what it closes over, as long as that is plain data. So it closes
    over a stamp of the other modules whose text goes into it, and is compiled anew when any of them changes.
    """
    texts = (Path(str(module.__file__)).read_bytes() for module in (fcrn_step, fcrn_lanes, prefetch))
    stamp = crc32(b"".join(texts))

    def walk(timetable: Timetable, patients: Patients, kind: Kind, tables: Tables) -> int:
        for one in prange((patients.traits.shape[1] + LANES - 1) // LANES):
            _block(timetable, patients, kind, tables, one * LANES)
        return stamp

    made: Kernel = njit(parallel=True, cache=True, error_model="numpy")(walk)
    return made


@compiled
def _block(  # noqa: C901 - one walk: to hand its tables on at every node would cost as much as the step
    timetable: Timetable, patients: Patients, kind: Kind, tables: Tables, first: int
) -> None:
    """The walk of one block through the timetable."""
    lengths, free, inflow_at, synthesis_at, given_at, read_at = timetable
    inflow, given, synthesis = patients.inflow, patients.given, patients.synthesis
    depot_inflow, depot_given = patients.depot_inflow, patients.depot_given
    depot, followed = kind
    beyond = min(first + LANES, patients.traits.shape[1])
    s = _begun(patients, first, beyond)
    running = making = -1
    for node in range(lengths.size + 1):
        row = given_at[node]
        if row >= 0:
            _add(s[STATE : STATE + LANES], given[row, first:beyond])
            if depot:
                _add(s[DEPOT : DEPOT + LANES], depot_given[row, first:beyond])
        if read_at[node] >= 0:
            _read_out(s, patients, followed, tables, (read_at[node], first, beyond))
            _announce(tables.level, read_at[node] + 1, first, beyond)
        if node == lengths.size:
            break
        if inflow_at[node] != running:
            running = inflow_at[node]
            _run(s, inflow[running, first:beyond])
            if depot:
                _put(s[INTO_DEPOT : INTO_DEPOT + LANES], depot_inflow[running, first:beyond])
        if synthesis_at[node] != making:
            making = synthesis_at[node]
            _put(s[SYNTHESIS : SYNTHESIS + LANES], synthesis[making, 0, first:beyond])
        w = weighted(lengths[node])
        left = free[node, 0], free[node, 1], free[node, 2], free[node, 3], free[node, 4], free[node, 5]
        if depot:
            absorb(s, w)
        if followed:
            slopes_and_clearance(s, w, left)
            clear(s, w)
            for one in range(synthesis.shape[1] - 1):
                follow(s, EACH + NEXT * one, synthesis[making, 1 + one, first:beyond], w)
        else:
            slopes_of_stages(s, w, left)
        move(s, w)


@inlined
def _run(s: FloatArray, values: FloatArray) -> None:
    """What runs into the blood from now on, at every stage; from a depot more comes at each."""
    _put(s[RUNNING : RUNNING + LANES], values)
    for stage in range(6):
        row = REACHING + LANES * stage
        _put(s[row : row + LANES], values)


@inlined
def _read_out(s: FloatArray, patients: Patients, followed: bool, tables: Tables, place: tuple[int, int, int]) -> None:  # noqa: FBT001 - numba takes it by place
    """What a block writes at a node that is read."""
    row, first, beyond = place
    level, shares = tables.level, patients.shares
    _write(level[row, 0, first:beyond], s[STATE : STATE + LANES])
    for one in range(shares.shape[0]):
        if followed:
            begin = EACH + NEXT * one
            _write(level[row, 1 + one, first:beyond], s[begin : begin + LANES])
        else:
            _write_share(level[row, 1 + one, first:beyond], shares[one, first:beyond], s[OWN : OWN + LANES])
    if tables.body.shape[0] > 0:
        _account(s, patients, tables, row, (first, beyond))


@inlined
def _announce(level: FloatArray, row: int, first: int, beyond: int) -> None:
    """Ask for the memory of the next row to be written, which is there by the time it is."""
    if row < level.shape[0]:
        for one in range(level.shape[1]):
            address = level[row, one, first:beyond].ctypes.data
            for byte in range(0, 8 * (beyond - first), LINE_BYTES):
                ask(address + byte)


@compiled
def _begun(patients: Patients, first: int, beyond: int) -> FloatArray:
    """The scratch array of a block before anything happens; lanes beyond the last patient are nobody's."""
    # Begins at a cache line, so that no vector of eight lies across two.
    space = np.zeros(EACH + NEXT * patients.shares.shape[0] + _VECTOR)
    skipped = (-(space.ctypes.data // 8)) % _VECTOR
    s = space[skipped : space.size - _VECTOR + skipped]
    for trait in range(patients.traits.shape[0]):
        row = TRAITS + LANES * trait
        _put(s[row : row + LANES], patients.traits[trait, first:beyond])
    _put(s[OWN : OWN + LANES], patients.own[0, first:beyond])
    _put(s[OWN + LANES : OWN + 2 * LANES], patients.own[0, first:beyond])
    for one in range(patients.shares.shape[0]):
        row = EACH + NEXT * one
        _put(s[row : row + LANES], patients.own[1 + one, first:beyond])
        _put(s[row + EACH_OUTSIDE : row + EACH_OUTSIDE + LANES], patients.own[1 + one, first:beyond])
    if patients.absorption.size > 0:
        _put(s[ABSORPTION : ABSORPTION + LANES], patients.absorption[first:beyond])
    return s


@compiled
def _account(s: FloatArray, patients: Patients, tables: Tables, row: int, place: tuple[int, int]) -> None:
    """Grams in the body and cleared, as numpy's engine has them."""
    first, beyond = place
    central, outside = patients.volumes[0, first:beyond], patients.volumes[1, first:beyond]
    body, cleared = tables.body[row, :, first:beyond], tables.cleared[row, :, first:beyond]
    for lane in range(beyond - first):
        held = s[STATE + lane] * central[lane] + s[STATE + LANES + lane] * outside[lane]
        body[0, lane] = held + s[DEPOT + lane] * central[lane]
        cleared[0, lane] = s[GONE + lane] * central[lane]
    for one in range(patients.shares.shape[0]):
        at = EACH + NEXT * one
        for lane in range(beyond - first):
            body[1 + one, lane] = s[at + lane] * central[lane] + s[at + EACH_OUTSIDE + lane] * outside[lane]
            cleared[1 + one, lane] = s[at + EACH_GONE + lane] * central[lane]


@inlined
def _put(held: FloatArray, values: FloatArray) -> None:
    for lane in range(values.size):
        held[lane] = values[lane]


@inlined
def _add(held: FloatArray, values: FloatArray) -> None:
    for lane in range(values.size):
        held[lane] += values[lane]


@inlined
def _write(values: FloatArray, held: FloatArray) -> None:
    for lane in range(values.size):
        values[lane] = held[lane]


@inlined
def _write_share(values: FloatArray, share: FloatArray, held: FloatArray) -> None:
    for lane in range(values.size):
        values[lane] = share[lane] * held[lane]
