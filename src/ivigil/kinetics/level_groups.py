"""Levels in groups by time, for a predictive check: which lie together, and where a group stands.

Without days that part them, groups hold about the same number of levels, and levels of one time are never parted: the
levels of a time go where the middle of their ranks falls.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from ivigil.documents import BadInput, Fault
from ivigil.kinetics.draws import FloatArray

# A drawing choice: outer quantiles of fewer levels are hardly more than the lowest and the highest of them.
LEVELS_A_GROUP = 20
MOST_GROUPS = 8
# A tenth of a second: differences of days that are one time carry rounding.
_DECIMALS = 6

Places = np.ndarray[tuple[int], np.dtype[np.intp]]


def even_groups(times: FloatArray, count: int | None = None) -> tuple[Places, ...]:
    """The places of ``times`` (K,) in up to ``count`` groups, in order of time; fewer where many share a time.

    Without a count, as many as there are 20 levels for, 8 at most.
    """
    if count is not None and count < 1:
        raise BadInput([Fault("groups", str(count), "1 or more")])
    wanted = count or min(MOST_GROUPS, max(1, times.size // LEVELS_A_GROUP))
    _, inverse, held = np.unique(np.round(times, _DECIMALS), return_inverse=True, return_counts=True)
    middles = np.cumsum(held) - held / 2
    group_of = np.minimum((middles * wanted / max(times.size, 1)).astype(np.intp), wanted - 1)
    return _by_group(group_of[inverse])


def parted_groups(times: FloatArray, edges: Sequence[float]) -> tuple[Places, ...]:
    """The places of ``times`` (K,) between ``edges``: an edge begins a group; the first and the last have no end."""
    faults = [
        Fault("edges", f"{one:g}, then {other:g}", "rising days") for one, other in pairwise(edges) if not one < other
    ]
    if faults:
        raise BadInput(faults)
    return _by_group(np.searchsorted(np.array(edges, dtype=np.float64), times, side="right"))


def _by_group(group_of: np.ndarray[tuple[int], np.dtype[np.intp]]) -> tuple[Places, ...]:
    return tuple(np.flatnonzero(group_of == group) for group in np.unique(group_of))
