"""τ² of thousands of analyses at once, by DL, PM and REML: the steps of ``tau2`` and ``likelihood`` on whole columns.

A study that is not there has an infinite variance, and so no weight. Analyses leave the climb as they arrive.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ivigil.synthesis import likelihood
from ivigil.synthesis.residuals import MOST_STEPS, SMALLEST_STEP, Data
from ivigil.synthesis.results import FloatArray

Converged = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Table:
    """``estimates`` and ``variances``, ``(A, k)``, 0 and infinite where no study is; ``k`` studies each, ``(A,)``."""

    estimates: FloatArray
    variances: FloatArray
    k: NDArray[np.int64]

    @property
    def df(self) -> NDArray[np.int64]:
        return self.k - 1

    def only(self, rows: NDArray[np.int64]) -> Table:
        """The analyses at ``rows``."""
        return Table(self.estimates[rows], self.variances[rows], self.k[rows])


def mean_and_spread(table: Table, tau2: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Sum of the weights, weighted mean, and Q of each analysis at its ``tau2``."""
    weights, total, left = _weighted(table, tau2)
    mean = np.einsum("ij,ij->i", weights, table.estimates) / total
    return total, mean, np.einsum("ij,ij,ij->i", weights, left, left)


def _weighted(table: Table, tau2: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
    weights = 1 / (table.variances + tau2[:, None])
    total = weights.sum(axis=1)
    mean = np.einsum("ij,ij->i", weights, table.estimates) / total
    return weights, total, table.estimates - mean[:, None]


def _dersimonian_laird(table: Table) -> tuple[FloatArray, Converged]:
    total, _, q = mean_and_spread(table, np.zeros(len(table.k)))
    trace = total - np.einsum("ij,ij->i", 1 / table.variances, 1 / table.variances) / total
    several = table.df > 0
    found = np.divide(q - table.df, trace, out=np.zeros_like(q), where=several)
    return np.maximum(found, 0.0), np.ones(len(found), dtype=np.bool_)


def _paule_mandel(table: Table) -> tuple[FloatArray, Converged]:
    found = np.zeros(len(table.k))
    open_rows = np.flatnonzero(table.df > 0)
    for _ in range(MOST_STEPS):
        if not len(open_rows):
            break
        here, tau2 = table.only(open_rows), found[open_rows]
        weights, _, left = _weighted(here, tau2)
        pulled = weights * left
        q, slope = np.einsum("ij,ij->i", pulled, left), np.einsum("ij,ij->i", pulled, pulled)
        step = np.divide(q * (q - here.df), here.df * slope, out=np.zeros_like(q), where=slope > 0)
        moves = step > SMALLEST_STEP * tau2
        open_rows = open_rows[moves]
        found[open_rows] = (tau2 + step)[moves]
    return found, np.ones(len(found), dtype=np.bool_)


def _restricted(table: Table) -> tuple[FloatArray, Converged]:
    found, converged = _start(table), table.df < 1
    open_rows = np.flatnonzero(~converged)
    for _ in range(likelihood.MOST_STEPS):
        if not len(open_rows):
            break
        tau2, arrived = _climbed(table.only(open_rows), found[open_rows])
        found[open_rows] = tau2
        converged[open_rows[arrived]] = True
        open_rows = open_rows[~arrived]
    for row in open_rows.tolist():
        there = np.isfinite(table.variances[row])
        data = Data(table.estimates[row][there], table.variances[row][there])
        found[row], converged[row] = likelihood.searched(data, restricted=True)
    return found, converged


def _start(table: Table) -> FloatArray:
    """Hedges' estimate, 0 where it is below or there is one study."""
    there = np.isfinite(table.variances)
    mean = table.estimates.sum(axis=1) / table.k
    squares = (np.where(there, table.estimates - mean[:, None], 0.0) ** 2).sum(axis=1)
    spread = np.divide(squares, table.df, out=np.zeros(len(mean)), where=table.df > 0)
    start: FloatArray = spread - np.where(there, table.variances, 0.0).sum(axis=1) / table.k
    return np.where(table.df > 0, np.maximum(start, 0.0), 0.0)


def _climbed(table: Table, tau2: FloatArray) -> tuple[FloatArray, Converged]:
    """One step of each analysis, and which have arrived (a step within rounding is not taken)."""
    score, expected, observed, trace = _slopes(table, tau2)
    scale = trace / expected
    still = (abs(score) <= likelihood.SCORE_NEAR_ZERO * trace) | ((tau2 == 0) & (score < 0))
    near = (observed > 0) & (abs(score) <= likelihood.NEAR * scale * observed)
    step = np.where(still, 0.0, score / np.where(near, observed, np.maximum(expected, observed)))
    moved = np.maximum(tau2 + step, 0.0)
    return moved, still | (near & (moved > 0) & (abs(step) <= likelihood.NEWTON_DONE * scale))


def _slopes(table: Table, tau2: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
    """Twice the score, expected and observed information, and tr(P), as in ``likelihood.Climb``."""
    weights, total, left = _weighted(table, tau2)
    squares = weights * weights
    second, third = squares.sum(axis=1), np.einsum("ij,ij->i", squares, weights)
    trace = total - second / total
    expected = second - 2 * third / total + (second / total) ** 2
    pulled = weights * left
    again = pulled - (np.einsum("ij,ij->i", weights, pulled) / total)[:, None]
    curvature = 2 * np.einsum("ij,ij,ij->i", weights, again, again)
    return np.einsum("ij,ij->i", pulled, pulled) - trace, expected, curvature - expected, trace


MANY_TAU2: dict[str, Callable[[Table], tuple[FloatArray, Converged]]] = {
    "DL": _dersimonian_laird,
    "PM": _paule_mandel,
    "REML": _restricted,
}
