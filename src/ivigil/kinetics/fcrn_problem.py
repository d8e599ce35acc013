"""The arrays that the engines of the FcRn model work on: one timetable for all patients, and a table of patients.

Rows of a table hold one value a patient, so that neighbouring patients stand side by side in memory. A timetable
names rows by their number; -1 is none. Concentrations in g/L of V1, rates per day.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
Rows = NDArray[np.int64]


class Timetable(NamedTuple):
    """S steps between S + 1 nodes, the same for every patient.

    ``lengths`` (S,) in days; ``free`` (S, 6) is the share of FcRn that an inhibitor leaves, at each stage of a step;
    ``inflow`` and ``synthesis`` (S,) are rows that hold during a step; ``given`` and ``read`` (S + 1,) are the row that
    is given at once at a node, and the row of the output that is read there, after it.
    """

    lengths: FloatArray
    free: FloatArray
    inflow: Rows
    synthesis: Rows
    given: Rows
    read: Rows


class Patients(NamedTuple):
    """N patients: ``traits`` (5, N) as :mod:`fcrn_step` has them, and what each is given and makes.

    ``own`` (1 + J, N) is what there is of own IgG before treatment, of all species and then of each; ``shares`` (J, N)
    are those of each, for species that keep them. ``inflow`` (rows, N) runs in; ``given`` (rows, N) is given at once;
    ``depot_inflow`` and ``depot_given`` go under the skin, and leave it at ``absorption`` (N,), all three without
    entries where nothing does. ``synthesis`` (rows, 1 + J, N) is what is made, again of all and then of each.
    ``volumes`` (2, N) are V1 and V2.
    """

    traits: FloatArray
    own: FloatArray
    shares: FloatArray
    inflow: FloatArray
    given: FloatArray
    depot_inflow: FloatArray
    depot_given: FloatArray
    absorption: FloatArray
    synthesis: FloatArray
    volumes: FloatArray


class Tables(NamedTuple):
    """What an engine fills, each (outputs, 1 + J, N): levels in g/L; with an account, grams in the body and cleared."""

    level: FloatArray
    body: FloatArray
    cleared: FloatArray


class Kind(NamedTuple):
    """Which of the kernels is needed: a depot under the skin; every species on its own, with an account of grams."""

    depot: bool
    followed: bool


def empty_tables(outputs: int, species: int, patients: int, *, account: bool) -> Tables:
    """Tables to be filled; those of an account have no entries where none is kept."""
    kept = outputs if account else 0
    shapes = (outputs, species, patients), (kept, species, patients), (kept, species, patients)
    return Tables(*(np.empty(shape) for shape in shapes))
