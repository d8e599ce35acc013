"""Where the FcRn model is stepped: a grid fixed by the timetable alone, fine after each change and coarse later.

A pure function of the days: the same grid for every patient and every machine, so that no answer depends on who else
is solved, nor on what steps an error estimate would have chosen. Days throughout; ``rate_per_day`` is a bound of the
fastest rate of the system solved on it.
"""

from __future__ import annotations

import math
from collections.abc import Container, Iterable
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]

# In multiples of 1 / rate: the first step after a change of input, by how much steps may grow with the time since, and
# the longest. Chosen so that the largest relative error over widely drawn patients and regimens is about 1e-6, which
# validation/kinetics/kernel_error.py measures.
FIRST, GROWTH, LONGEST = 0.25, 0.08, 1.4
_ROUNDING = 1e-9  # a stretch that needs a step and this much more is one step


@dataclass(frozen=True)
class Fineness:
    """A bound of the fastest rate of the system solved, and in how many parts at least an infusion is stepped."""

    rate_per_day: float
    parts: int


def graded(
    fixed: Iterable[float], changes: Iterable[float], fineness: Fineness, running: Container[float]
) -> FloatArray:
    """The nodes, (S + 1,): every day of ``fixed`` and of ``changes`` is one, and steps are shortest after a change.

    ``running`` are those changes from which on an infusion runs until the next. The first day counts as a change.
    """
    changed = {float(day) for day in changes}
    days = sorted(changed | {float(day) for day in fixed})
    since = days[0]
    nodes = [since]
    for begin, end in pairwise(days):
        since = begin if begin in changed else since
        least = fineness.parts if since in running else 1
        nodes += _between(begin - since, end - since, fineness.rate_per_day, least=least, since=since)
        nodes.append(end)
    return np.array(nodes)


def _between(begin: float, end: float, rate: float, *, least: int, since: float) -> list[float]:
    """The nodes between two times since a change, both left out."""
    low, high = _needed(begin * rate), _needed(end * rate)
    steps = max(least, math.ceil(high - low - _ROUNDING))
    return [since + _reached(low + (high - low) * step / steps) / rate for step in range(1, steps)]


_BEND = (LONGEST - FIRST) / GROWTH  # from here on the longest step holds
_AT_BEND = math.log(LONGEST / FIRST) / GROWTH


def _needed(time: float) -> float:
    """How many steps are needed from a change up to ``time``, in multiples of 1 / rate."""
    if time <= _BEND:
        return math.log1p(GROWTH * time / FIRST) / GROWTH
    return _AT_BEND + (time - _BEND) / LONGEST


def _reached(steps: float) -> float:
    """The time up to which so many steps lead: the inverse of :func:`_needed`."""
    if steps <= _AT_BEND:
        return FIRST / GROWTH * math.expm1(GROWTH * steps)
    return _BEND + (steps - _AT_BEND) * LONGEST
