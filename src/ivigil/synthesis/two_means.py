"""Effects of two means: their difference, the standardised difference, the ratio.

Hedges' g with the exact correction for small samples and its usual large-sample variance (Hedges 1981, 1982); the
ratio of means as a logarithm (Hedges, Gurevitch and Curtis 1999; Lajeunesse 2011).
"""

from __future__ import annotations

import math

from ivigil.synthesis.computed import Computed, NotComputable, usable
from ivigil.synthesis.measures import MeasureName
from ivigil.synthesis.rows import TwoMeans


def two_means_effect(measure: MeasureName, row: TwoMeans) -> Computed | NotComputable:
    """The effect of one comparison of means (``MD``, ``SMD`` or ``ROM``)."""
    found = _FORMULAS[measure](row)
    return found if isinstance(found, NotComputable) else usable(found)


def hedges_correction(degrees: float) -> float:
    """Hedges' exact correction of a standardised difference, for degrees of freedom above 1."""
    half = degrees / 2
    return math.exp(math.lgamma(half) - math.lgamma(half - 0.5)) / math.sqrt(half)


def _mean_difference(row: TwoMeans) -> Computed | NotComputable:
    return Computed(row.mean_a - row.mean_b, row.sd_a**2 / row.n_a + row.sd_b**2 / row.n_b)


def _standardised(row: TwoMeans) -> Computed | NotComputable:
    degrees = row.n_a + row.n_b - 2
    if degrees <= 1:
        return NotComputable("three participants or fewer: a standardised difference cannot be corrected")
    pooled_sd = math.sqrt(((row.n_a - 1) * row.sd_a**2 + (row.n_b - 1) * row.sd_b**2) / degrees)
    if pooled_sd == 0:
        return NotComputable("its standard deviation is 0: a difference cannot be standardised")
    g = hedges_correction(degrees) * (row.mean_a - row.mean_b) / pooled_sd
    return Computed(g, 1 / row.n_a + 1 / row.n_b + g**2 / (2 * (row.n_a + row.n_b)))


def _ratio_of_means(row: TwoMeans) -> Computed | NotComputable:
    if row.mean_a * row.mean_b <= 0:
        return NotComputable("its means differ in sign, or one is 0: their ratio has no logarithm")
    variance = (row.sd_a / row.mean_a) ** 2 / row.n_a + (row.sd_b / row.mean_b) ** 2 / row.n_b
    return Computed(math.log(row.mean_a / row.mean_b), variance)


_FORMULAS = {"MD": _mean_difference, "SMD": _standardised, "ROM": _ratio_of_means}
