"""How far estimates lie from what their weights, and a design, expect: the sums every estimator of τ² is made of.

With weights w = 1/(v + τ²) and P = W - WX(X'WX)⁻¹X'W: Q = y'Py, and its slope in τ² is -y'PPy.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ivigil.synthesis.results import FloatArray


@dataclass(frozen=True, eq=False)
class Data:
    """Estimates and variances of shape ``(k,)``; ``design`` of shape ``(k, p)``, ``None`` for a mean alone."""

    estimates: FloatArray
    variances: FloatArray
    design: FloatArray | None = None

    @property
    def k(self) -> int:
        return len(self.estimates)

    @property
    def df(self) -> int:
        return self.k - (1 if self.design is None else self.design.shape[1])


def residuals(values: FloatArray, weights: FloatArray, design: FloatArray | None) -> FloatArray:
    """What is left of ``values``, shape ``(k,)``, after their weighted mean, or regression on ``design``."""
    if design is None:
        return values - float(weights @ values) / float(weights.sum())
    weighted = design.T * weights
    fitted: FloatArray = design @ np.linalg.solve(weighted @ design, weighted @ values)
    return values - fitted


def q_and_slope(data: Data, tau2: float) -> tuple[float, float]:
    """Q at ``tau2`` = y'Py, and y'PPy, the rate at which it falls."""
    weights = 1 / (data.variances + tau2)
    left = residuals(data.estimates, weights, data.design)
    weighted = weights * left
    return float(weighted @ left), float(weighted @ weighted)


def trace_p(data: Data, weights: FloatArray) -> float:
    """tr(P)."""
    if data.design is None:
        return float(weights.sum() - (weights @ weights) / weights.sum())
    weighted = data.design.T * weights
    return float(weights.sum() - np.trace(np.linalg.solve(weighted @ data.design, weighted @ weighted.T)))


def trace_pp(data: Data, weights: FloatArray) -> float:
    """tr(PP)."""
    squares = weights * weights
    if data.design is None:
        total, second = float(weights.sum()), float(squares.sum())
        return second - 2 * float(squares @ weights) / total + (second / total) ** 2
    weighted = data.design.T * weights
    bread = np.linalg.inv(weighted @ data.design)
    second_moment = bread @ (weighted @ weighted.T)
    third_moment = bread @ ((weighted * weights) @ weighted.T)
    return float(squares.sum() - 2 * np.trace(third_moment) + np.trace(second_moment @ second_moment))


def tau2_where_q_is(data: Data, target: float) -> float:
    """The τ² of 0 or more at which Q falls to ``target``; 0 where Q is at or below it already.

    1/Q is concave and rising in τ² (Q is a sum of z²/(a + τ²), and a harmonic mean is concave), so that Newton's steps
    on it climb from 0 without passing the root.
    """
    tau2 = 0.0
    for _ in range(MOST_STEPS):
        q, slope = q_and_slope(data, tau2)
        step = q * (q - target) / (target * slope) if slope > 0 else 0.0
        if step <= SMALLEST_STEP * tau2:
            break
        tau2 += step
    return tau2


MOST_STEPS = 200
SMALLEST_STEP = 4e-16  # below it a step no longer changes τ² in double precision
