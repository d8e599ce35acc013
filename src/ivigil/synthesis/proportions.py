"""Proportions of one group: as they are, as logarithm or logit, and by the arcsine and double-arcsine transformations.

The double arcsine is half the sum of Freeman and Tukey (1950). It and the arcsine take empty cells as they are; the
others add one half to events and non-events of a study where either is 0, unless ``zero_cells`` is ``none``.
"""

from __future__ import annotations

import math

from ivigil.synthesis.computed import Computed, NotComputable, usable
from ivigil.synthesis.measures import MeasureName
from ivigil.synthesis.options import ZeroCells
from ivigil.synthesis.rows import OneProportion
from ivigil.synthesis.zero_cells import HALF

_TAKE_ZERO = ("PAS", "PFT")


def proportion_effect(measure: MeasureName, row: OneProportion, zero_cells: ZeroCells) -> Computed | NotComputable:
    """The proportion of one study on the scale of ``measure``."""
    events, n = row.events, row.n
    empty = events in (0, n) and measure not in _TAKE_ZERO
    if empty and zero_cells == "none":
        return NotComputable("nobody, or everybody, had the event, and nothing is added to empty cells")
    if empty:
        events, n = events + HALF, n + 2 * HALF
    estimate, variance = _FORMULAS[measure](events, n)
    return usable(Computed(estimate, variance, empty))


def double_arcsine(proportion: float, n: float) -> float:
    """Half the Freeman–Tukey sum for a proportion among ``n``."""
    events = proportion * n
    return 0.5 * (math.asin(math.sqrt(events / (n + 1))) + math.asin(math.sqrt((events + 1) / (n + 1))))


def _raw(events: float, n: float) -> tuple[float, float]:
    return events / n, events * (n - events) / n**3


def _logarithm(events: float, n: float) -> tuple[float, float]:
    return math.log(events / n), 1 / events - 1 / n


def _logit(events: float, n: float) -> tuple[float, float]:
    return math.log(events / (n - events)), 1 / events + 1 / (n - events)


def _arcsine(events: float, n: float) -> tuple[float, float]:
    return math.asin(math.sqrt(events / n)), 1 / (4 * n)


def _double(events: float, n: float) -> tuple[float, float]:
    return double_arcsine(events / n, n), 1 / (4 * n + 2)


_FORMULAS = {"PR": _raw, "PLN": _logarithm, "PLO": _logit, "PAS": _arcsine, "PFT": _double}
