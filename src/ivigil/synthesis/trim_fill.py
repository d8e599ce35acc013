"""Trim and fill: how many studies a lopsided funnel seems to lack, and the pooled effect with them put in.

Duval and Tweedie (Biometrics 2000;56:455; J Am Stat Assoc 2000;95:89), estimators L0 and R0, as in metafor's
``trimfill`` but for three things: studies as far from the centre as each other share a rank, so that a symmetric funnel
never lacks any; an estimate below 0 counts as 0, also in its standard error; and the filled funnel is pooled with the
interval that ``options`` ask for. What is put in is no data: it shows how far the effect would move if missing small
studies were the whole reason for the asymmetry.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from scipy import stats

from ivigil.documents import BadInput, Fault
from ivigil.synthesis.least_squares import is_full_rank
from ivigil.synthesis.mixed_model import method_faults, mixed_fit
from ivigil.synthesis.options import Options
from ivigil.synthesis.pool import pool
from ivigil.synthesis.results import Effects, FloatArray, Pooled
from ivigil.synthesis.rows import Reported
from ivigil.synthesis.scales import shown
from ivigil.synthesis.selection import chosen

Side = Literal["left", "right"]
Estimator = Literal["L0", "R0"]
_DEFAULTS = Options()
FEWEST = 3  # with two studies, a side cannot be lopsided: they lie mirrored around their mean
ROUNDS = 100  # the number settles within a handful of rounds, or goes round in a circle for ever
# A distance from the centre within this share of the largest is the same distance: a mirrored pair differs by rounding
# alone, and which of the two ranks higher must not be left to that.
TIE = 1e-10


@dataclass(frozen=True)
class Filled:
    """One study put in: the mirror image of the study with the label ``mirrors``, on the pooling scale."""

    mirrors: str
    estimate: float
    variance: float


@dataclass(frozen=True)
class TrimAndFill:
    """How many studies seem to be missing on which side, and the pooled effect with them.

    ``se`` is the standard error of the number missing. ``settled`` is false where the number went round in a circle.
    """

    missing: int
    se: float
    side: Side
    estimator: Estimator
    filled: tuple[Filled, ...]
    pooled: Pooled
    settled: bool


def trim_and_fill(
    effects: Effects, options: Options = _DEFAULTS, estimator: Estimator = "L0", side: Side | None = None
) -> TrimAndFill:
    """The studies that seem to be missing from the funnel of ``effects``, by ``estimator``.

    Without a ``side``, studies are looked for where a regression of the effects on their standard errors points away
    from. Raises ``BadInput`` with fewer than three studies, for Mantel-Haenszel and Peto, and where no side is given
    and all standard errors are the same.
    """
    if faults := (*_faults(effects, side), *method_faults(options)):
        raise BadInput(faults)
    side = side or _lopsided(effects, options)
    ordered = _facing(effects, side)
    estimate, settled = _estimate(ordered, options, estimator)
    missing = _whole(estimate)
    filled = _mirrored(ordered, options, missing)
    return TrimAndFill(
        missing,
        _error(len(effects.rows), estimate, estimator),
        side,
        estimator,
        filled=tuple(replace(one, estimate=-one.estimate) for one in filled) if side == "right" else filled,
        pooled=_pooled_with(effects, filled, options, side),
        settled=settled,
    )


def _faults(effects: Effects, side: Side | None) -> tuple[Fault, ...]:
    k = len(effects.rows)
    if k < FEWEST:
        return (Fault("studies", str(k), f"at least {FEWEST}", "Fewer make no funnel."),)
    if side is None and not is_full_rank(_on_errors(effects)):
        hint = "Such studies form no funnel; give the side to look at."
        return (Fault("standard errors", "all the same", "standard errors that differ", hint),)
    return ()


def _on_errors(effects: Effects) -> FloatArray:
    return np.column_stack([np.ones(len(effects.rows)), np.sqrt(effects.variances)])


def _lopsided(effects: Effects, options: Options) -> Side:
    """The side that small studies lean away from."""
    slope = mixed_fit(effects, _on_errors(effects), options).fit.coefficients[1]
    return "right" if slope < 0 else "left"


def _facing(effects: Effects, side: Side) -> Effects:
    """The effects in rising order, mirrored where need be so that studies are missing among the lowest."""
    turned = -effects.estimates if side == "right" else effects.estimates
    order = np.lexsort((effects.variances, turned))
    return chosen(replace(effects, estimates=turned), [int(place) for place in order])


def _estimate(ordered: Effects, options: Options, estimator: Estimator) -> tuple[float, bool]:
    """How many are missing, and whether the number settled: trim, find the centre anew, count again."""
    estimate = 0.0
    for _ in range(ROUNDS):
        before = _whole(estimate)
        estimate = _count(ordered.estimates - _centre(ordered, options, before), estimator)
        if _whole(estimate) == before:
            return estimate, True
    return estimate, False


def _whole(estimate: float) -> int:
    """The nearest whole number of studies, never below none."""
    return max(0, round(estimate))


def _centre(ordered: Effects, options: Options, trimmed: int) -> float:
    """The pooled effect without the ``trimmed`` highest."""
    return pool(chosen(ordered, range(len(ordered.rows) - trimmed)), options).effect.value


def _count(distances: FloatArray, estimator: Estimator) -> float:
    """The estimate of Duval and Tweedie, which need not be whole and can fall below 0."""
    k = len(distances)
    sizes, signs = _tied(distances)
    if estimator == "R0":
        below = stats.rankdata(sizes, method="max")[signs < 0]
        return k - float(below.max(initial=0)) - 1
    ranks = float(stats.rankdata(sizes)[signs > 0].sum())
    return (4 * ranks - k * (k + 1)) / (2 * k - 1)


def _tied(distances: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Sizes of the distances, those that differ by rounding made equal, and their signs (0 at the centre)."""
    sizes = np.abs(distances)
    tie = TIE * float(sizes.max())
    order = np.argsort(sizes, kind="stable")
    steps = np.empty(len(sizes))
    steps[order] = np.cumsum(np.diff(sizes[order], prepend=0.0) > tie)
    return steps, np.where(sizes > tie, np.sign(distances), 0.0)


def _error(k: int, estimate: float, estimator: Estimator) -> float:
    """The standard error of the number missing (Duval and Tweedie 2000), at the estimate before it is made whole."""
    m = max(0.0, estimate)
    if estimator == "R0":
        return math.sqrt(2 * m + 2)
    cubic = k * (k + 1) * (2 * k + 1) + 10 * m**3 + 27 * m**2 + 17 * m - 18 * k * m**2 - 18 * k * m + 6 * k**2 * m
    return 4 * math.sqrt(max(0.0, cubic / 24)) / (2 * k - 1)


def _mirrored(ordered: Effects, options: Options, missing: int) -> tuple[Filled, ...]:
    """The ``missing`` highest studies mirrored at the centre of the others."""
    centre = _centre(ordered, options, missing)
    last = range(len(ordered.rows) - missing, len(ordered.rows))
    return tuple(
        Filled(ordered.labels[at], 2 * centre - float(ordered.estimates[at]), float(ordered.variances[at]))
        for at in last
    )


def _pooled_with(effects: Effects, filled: tuple[Filled, ...], options: Options, side: Side) -> Pooled:
    turn = -1.0 if side == "right" else 1.0
    values = [turn * one.estimate for one in filled]
    rows = tuple(
        Reported(f"mirror of {one.mirrors}", shown(effects.measure, value), se=math.sqrt(one.variance))
        for one, value in zip(filled, values, strict=True)
    )
    return pool(
        replace(
            effects,
            rows=effects.rows + rows,
            estimates=np.append(effects.estimates, values),
            variances=np.append(effects.variances, [one.variance for one in filled]),
        ),
        options,
    )
