"""The variance between studies, by eight estimators, with or without a regression on moderators.

DL: DerSimonian and Laird 1986. PM: Paule and Mandel 1982. REML, ML: Harville 1977, Viechtbauer 2005. HE: Hedges and
Olkin 1985. SJ: Sidik and Jonkman 2005. EB: Morris 1983. HS: Schmidt and Hunter 1990. Each is cut off at 0.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import cast

import numpy as np

from ivigil.documents import BadInput, Fault
from ivigil.synthesis.likelihood import by_maximum_likelihood
from ivigil.synthesis.options import Tau2
from ivigil.synthesis.residuals import Data, q_and_slope, residuals, tau2_where_q_is, trace_p
from ivigil.synthesis.results import FloatArray


@dataclass(frozen=True)
class Tau2Found:
    """τ²; whether its estimator came to rest; whether it ended at 0."""

    value: float
    converged: bool
    at_zero: bool


def between_study_variance(
    estimates: FloatArray, variances: FloatArray, method: Tau2, design: FloatArray | None = None
) -> Tau2Found:
    """τ² of ``estimates`` with sampling ``variances``, both ``(k,)``, in squared units of the estimates.

    ``design``, ``(k, p)`` with its column of ones, makes it the variance that moderators leave. It is 0 where there
    are not more studies than coefficients. Raises ``BadInput`` for a method or a design that cannot be used.
    """
    if method not in _ESTIMATORS:
        raise BadInput([Fault("tau2", str(method), f"one of {', '.join(_ESTIMATORS)}")])
    _check_design(design)
    data = Data(np.asarray(estimates, np.float64), np.asarray(variances, np.float64), design)
    if data.df <= 0:
        return Tau2Found(0.0, converged=True, at_zero=True)
    value, converged = _ESTIMATORS[method](data)
    return Tau2Found(max(0.0, value), converged, value <= 0)


def _check_design(design: FloatArray | None) -> None:
    if design is not None and np.linalg.matrix_rank(design) < design.shape[1]:
        hint = "Leave out a moderator that is constant or follows from the others."
        raise BadInput([Fault("design", "columns that depend on each other", "independent columns", hint)])


def _dersimonian_laird(data: Data) -> tuple[float, bool]:
    weights = 1 / data.variances
    q, _ = q_and_slope(data, 0.0)
    return (q - data.df) / trace_p(data, weights), True


def _paule_mandel(data: Data) -> tuple[float, bool]:
    # The empirical Bayes estimator solves the same equation (Viechtbauer and others 2015).
    return tau2_where_q_is(data, float(data.df)), True


def _hedges(data: Data) -> tuple[float, bool]:
    left = residuals(data.estimates, np.ones(data.k), data.design)
    return float(left @ left - data.variances @ _unweighted_spread(data)) / data.df, True


def _unweighted_spread(data: Data) -> FloatArray:
    """The diagonal of I - X(X'X)⁻¹X'."""
    if data.design is None:
        return np.full(data.k, 1 - 1 / data.k)
    leverage = np.einsum("ij,ji->i", data.design, np.linalg.pinv(data.design))
    return cast("FloatArray", 1 - leverage)


def _sidik_jonkman(data: Data) -> tuple[float, bool]:
    first = float(np.var(data.estimates))
    if first == 0:
        return 0.0, True
    q, _ = q_and_slope(data, first)
    return first * q / data.df, True


def _schmidt_hunter(data: Data) -> tuple[float, bool]:
    q, _ = q_and_slope(data, 0.0)
    return (q - data.k) / float((1 / data.variances).sum()), True


def _restricted(data: Data) -> tuple[float, bool]:
    return by_maximum_likelihood(data, _hedges(data)[0], restricted=True)


def _maximum(data: Data) -> tuple[float, bool]:
    return by_maximum_likelihood(data, _hedges(data)[0], restricted=False)


_ESTIMATORS: dict[Tau2, Callable[[Data], tuple[float, bool]]] = {
    "DL": _dersimonian_laird,
    "PM": _paule_mandel,
    "REML": _restricted,
    "ML": _maximum,
    "HE": _hedges,
    "SJ": _sidik_jonkman,
    "EB": _paule_mandel,
    "HS": _schmidt_hunter,
}
