"""Normal, t and χ² probabilities and quantiles, as plain numbers.

``scipy.special`` rather than ``scipy.stats``: the same functions without the cost of a distribution object.
"""

from __future__ import annotations

from scipy.special import chdtrc, chdtri, ndtr, ndtri, stdtr, stdtrit


def critical(level: float, df: float | None = None) -> float:
    """The multiple of a standard error that an interval of ``level`` reaches; of t with ``df``, else of the normal."""
    upper = 0.5 + level / 2
    return float(ndtri(upper)) if df is None else float(stdtrit(df, upper))


def two_sided_p(statistic: float, df: float | None = None) -> float:
    """How often a statistic lies as far from 0 or farther."""
    return 2 * float(ndtr(-abs(statistic)) if df is None else stdtr(df, -abs(statistic)))


def chi2_p(statistic: float, df: int) -> float:
    """How often χ² with ``df`` is as large or larger."""
    return float(chdtrc(df, statistic))


def chi2_exceeded_with(probability: float, df: int) -> float:
    """The value that χ² with ``df`` exceeds with ``probability``."""
    return float(chdtri(df, probability))
