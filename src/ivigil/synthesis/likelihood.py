"""τ² of (restricted) maximum likelihood: Fisher's scoring ending in Newton's steps.

Where it does not come to rest, a bounded search takes over.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from ivigil.synthesis.residuals import Data, q_and_slope, residuals, trace_p, trace_pp

MOST_STEPS = 500
SCORE_NEAR_ZERO = 1e-15  # relative to the trace it is a difference from: below it there is only rounding
NEAR = 0.1  # of the scale: from here the likelihood is close enough to a parabola for Newton
NEWTON_DONE = 1e-9  # of the scale: what such a step leaves is its square


@dataclass(frozen=True)
class Climb:
    """At one τ²: twice the slope of the log-likelihood, its expected and observed information, the trace in it."""

    score: float
    expected: float
    observed: float
    trace: float

    @property
    def scale(self) -> float:
        """A variance of the size of the total variance of a study."""
        return self.trace / self.expected

    @property
    def is_near(self) -> bool:
        """Whether Newton's step is small enough to be taken as it is."""
        return self.observed > 0 and abs(self.score) <= NEAR * self.scale * self.observed

    @property
    def step(self) -> float:
        """Newton's near the top, else Fisher's; the shorter of both, since Fisher's alone may swing for ever."""
        return self.score / (self.observed if self.is_near else max(self.expected, self.observed))


def by_maximum_likelihood(data: Data, start: float, *, restricted: bool) -> tuple[float, bool]:
    """τ² at the top of the (restricted) likelihood reached from ``start``, and whether it was reached."""
    tau2, reached = _scoring(data, max(0.0, start), restricted=restricted)
    return (tau2, True) if reached else searched(data, restricted=restricted)


def _scoring(data: Data, tau2: float, *, restricted: bool) -> tuple[float, bool]:
    for _ in range(MOST_STEPS):
        here = _climb(data, tau2, restricted=restricted)
        if abs(here.score) <= SCORE_NEAR_ZERO * here.trace or (tau2 == 0 and here.score < 0):
            return tau2, True
        tau2 = max(0.0, tau2 + here.step)
        if here.is_near and tau2 > 0 and abs(here.step) <= NEWTON_DONE * here.scale:
            return tau2, True
    return tau2, False


def _climb(data: Data, tau2: float, *, restricted: bool) -> Climb:
    weights = 1 / (data.variances + tau2)
    pulled = weights * residuals(data.estimates, weights, data.design)  # Py
    again = float((weights * pulled) @ residuals(pulled, weights, data.design))  # y'PPPy
    if restricted:
        trace, expected = trace_p(data, weights), trace_pp(data, weights)
    else:
        trace, expected = float(weights.sum()), float(weights @ weights)
    return Climb(float(pulled @ pulled) - trace, expected, 2 * again - expected, trace)


def searched(data: Data, *, restricted: bool) -> tuple[float, bool]:
    """The highest point of the likelihood between 0 and well above any spread of the estimates."""
    from scipy.optimize import minimize_scalar  # noqa: PLC0415 - slow to import and seldom needed

    highest = 10 * float(np.var(data.estimates)) + 10 * float(data.variances.max())
    found = minimize_scalar(
        lambda tau2: -log_likelihood(data, tau2, restricted=restricted),
        bounds=(0.0, highest),
        method="bounded",
        options={"xatol": 1e-12 * highest, "maxiter": 500},
    )
    return float(found.x), bool(found.success)


def log_likelihood(data: Data, tau2: float, *, restricted: bool) -> float:
    """The (restricted) log-likelihood of ``tau2``, without its constant."""
    weights = 1 / (data.variances + tau2)
    q, _ = q_and_slope(data, tau2)
    value = 0.5 * float(np.log(weights).sum()) - 0.5 * q
    if not restricted:
        return value
    if data.design is None:
        return value - 0.5 * math.log(float(weights.sum()))
    _, size = np.linalg.slogdet((data.design.T * weights) @ data.design)
    return value - 0.5 * float(size)
