"""Predictive checks: where simulations of a model place the quantiles of a table's levels, and where they were.

Levels lie in groups by time. In each group the 5, 50 and 95 % quantiles of what was observed are held against the same
quantiles of each replicate; the middle 95 % of replicates make a band. With prediction correction (Bergstrand, Hooker,
Wallin and Karlsson 2011, 10.1208/s12248-011-9255-z) every level, observed or simulated, is first multiplied by the
median of the typical levels in its group over its own typical level, so that doses and covariates that differ between
people do not blur a group. Beside it stands a numerical check: how many levels lie below and above the middle 50, 80
and 90 % of their own simulations. Levels below their limit of quantification stand at it in both, and their share is
checked for itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from ivigil.documents import BadInput, Fault
from ivigil.kinetics.draws import FloatArray
from ivigil.kinetics.level_groups import Places, even_groups, parted_groups
from ivigil.kinetics.replicated import ReplicatedLevels

QUANTILES = (0.05, 0.5, 0.95)
INTERVALS = (0.5, 0.8, 0.9)
BAND = 0.95
By = Literal["day", "time since dose"]


@dataclass(frozen=True)
class Grouping:
    """Groups by the day, or by the days since the last dose: so many even ones, or parted at ``edges``."""

    by: By = "day"
    count: int | None = None
    edges: tuple[float, ...] = ()


@dataclass(frozen=True)
class Band:
    """Something observed, and the median and the middle 95 % of what replicates make of it."""

    observed: float
    median: float
    low: float
    high: float

    @property
    def outside(self) -> bool:
        """Whether it was observed outside what replicates make of it."""
        return not self.low <= self.observed <= self.high


@dataclass(frozen=True)
class Group:
    """A group of levels: its times, how many, each of :data:`QUANTILES` in g/L, and the share below their limits."""

    first: float
    middle: float
    last: float
    levels: int
    quantiles: tuple[Band, ...]
    below: Band


@dataclass(frozen=True)
class Interval:
    """The shares of levels below and above the middle ``level`` of their own simulations."""

    level: float
    below: Band
    above: Band


@dataclass(frozen=True)
class PredictiveCheck:
    """The groups in order of time, the intervals, and each level's time and value as checked, (K,).

    ``left_out`` counts levels before the first dose where groups are by the time since one.
    """

    by: By
    corrected: bool
    groups: tuple[Group, ...]
    intervals: tuple[Interval, ...]
    times: FloatArray
    values: FloatArray
    below: int
    left_out: int


def predictive_check(
    found: ReplicatedLevels, grouping: Grouping | None = None, *, corrected: bool = False
) -> PredictiveCheck:
    """The check of levels against their replicates. Raises :class:`BadInput` where no level is left to check."""
    how = grouping or Grouping()
    times = found.days if how.by == "day" else found.since_dose
    kept = np.flatnonzero(~np.isnan(times))
    if not kept.size:
        raise BadInput([Fault("levels", "none after a dose", "levels after a dose, or groups by day")])
    at = times[kept]
    groups = parted_groups(at, how.edges) if how.edges else even_groups(at, how.count)
    observed = found.observed[kept]
    simulated = np.maximum(found.simulated[:, kept], found.limits[kept])
    factors = _factors(found.typical[kept], groups) if corrected else np.ones(kept.size)
    is_below = found.below[kept].astype(np.float64), (found.simulated[:, kept] < found.limits[kept]).astype(np.float64)
    return PredictiveCheck(
        by=how.by,
        corrected=corrected,
        groups=tuple(_group(at, places, (observed * factors, simulated * factors), is_below) for places in groups),
        intervals=tuple(_intervals(observed, simulated)),
        times=at,
        values=observed * factors,
        below=int(is_below[0].sum()),
        left_out=int(times.size - kept.size),
    )


def _factors(typical: FloatArray, groups: Sequence[Places]) -> FloatArray:
    """By what prediction correction multiplies each level (K,)."""
    if not (typical > 0).all():
        hint = "Hand in levels that the model has a typical level for, or check without correction."
        raise BadInput([Fault("prediction correction", "a typical level of 0", "typical levels above 0", hint)])
    factors = np.ones(typical.size)
    for places in groups:
        factors[places] = np.median(typical[places]) / typical[places]
    return factors


def _group(
    times: FloatArray, places: Places, levels: tuple[FloatArray, FloatArray], below: tuple[FloatArray, FloatArray]
) -> Group:
    observed, simulated = levels[0][places], levels[1][:, places]
    at = times[places]
    return Group(
        first=float(at.min()),
        middle=float(np.median(at)),
        last=float(at.max()),
        levels=places.size,
        quantiles=tuple(
            _band(float(np.quantile(observed, share)), np.quantile(simulated, share, axis=1)) for share in QUANTILES
        ),
        below=_band(float(below[0][places].mean()), below[1][:, places].mean(axis=1)),
    )


def _intervals(observed: FloatArray, simulated: FloatArray) -> Iterator[Interval]:
    for level in INTERVALS:
        low, high = np.quantile(simulated, ((1 - level) / 2, (1 + level) / 2), axis=0)
        yield Interval(
            level,
            _band(float((observed < low).mean()), (simulated < low).mean(axis=1)),
            _band(float((observed > high).mean()), (simulated > high).mean(axis=1)),
        )


def _band(observed: float, replicates: FloatArray) -> Band:
    low, median, high = np.quantile(replicates, ((1 - BAND) / 2, 0.5, (1 + BAND) / 2)).tolist()
    return Band(observed, median, low, high)
