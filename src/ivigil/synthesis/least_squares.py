"""Weighted least squares: the one fit behind meta-regression and the regression tests of small-study effects."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ivigil.synthesis.results import FloatArray


@dataclass(frozen=True, eq=False)
class Fit:
    """Coefficients of shape ``(p,)``, the inverse of X'WX ``(p, p)``, and the weighted sum of squared residuals."""

    coefficients: FloatArray
    covariance: FloatArray
    residual: float


def weighted_fit(estimates: FloatArray, weights: FloatArray, design: FloatArray) -> Fit:
    """The fit of ``estimates`` ``(k,)`` on ``design`` ``(k, p)`` of full rank, weighing each study by ``weights``.

    It goes through a QR decomposition: the cross-products of a design with, say, calendar years lose half the digits.
    """
    roots = np.sqrt(weights)
    q, r = np.linalg.qr(design * roots[:, None])
    inverse = np.linalg.inv(r)
    coefficients = inverse @ (q.T @ (estimates * roots))
    left = (estimates - design @ coefficients) * roots
    return Fit(coefficients, inverse @ inverse.T, float(left @ left))


def orthonormal(design: FloatArray) -> FloatArray:
    """Columns of the same space at right angles: what depends on the space alone loses no digits with these."""
    return np.asarray(np.linalg.qr(design)[0], dtype=np.float64)


def is_full_rank(design: FloatArray) -> bool:
    """Whether no column can be written by the others; columns are scaled, so that their units do not decide."""
    size = np.linalg.norm(design, axis=0)
    if design.shape[0] < design.shape[1] or not size.all():
        return False
    return bool(np.linalg.matrix_rank(design / size) == design.shape[1])
