"""P values from the figures a paper prints: two-by-two tables, an interval, and two means."""

from __future__ import annotations

from math import log, sqrt
from typing import Literal

import numpy as np
from scipy import stats

from ivigil.synthesis.measures import MEASURES
from ivigil.synthesis.rows import TwoByTwo, TwoMeans

TableTest = Literal["chi-squared", "chi-squared with continuity correction", "Fisher"]


def p_of_table(table: TwoByTwo, test: TableTest) -> float:
    """Two-sided p value of a difference in events between the two groups."""
    cells = np.array(
        [
            [table.events_a, table.n_a - table.events_a],
            [table.events_b, table.n_b - table.events_b],
        ]
    )
    if test == "Fisher":
        return float(stats.fisher_exact(cells)[1])
    found = stats.chi2_contingency(cells, correction=test != "chi-squared")
    return float(found[1])


def p_of_interval(estimate: float, low: float, high: float, measure: str, level: float = 0.95) -> float:
    """Two-sided p value of no effect, from an estimate and its interval, by a normal on the pooling scale."""
    of_ratio = MEASURES[measure].is_ratio
    value, lower, upper = (log(one) if of_ratio else one for one in (estimate, low, high))
    se = (upper - lower) / (2 * float(stats.norm.isf((1 - level) / 2)))
    return float(2 * stats.norm.sf(abs(value) / se))


def p_of_means(means: TwoMeans) -> float:
    """Two-sided p value of Student's t test with equal variances, from means, standard deviations and numbers."""
    df = means.n_a + means.n_b - 2
    pooled = ((means.n_a - 1) * means.sd_a**2 + (means.n_b - 1) * means.sd_b**2) / df
    t = (means.mean_a - means.mean_b) / sqrt(pooled * (1 / means.n_a + 1 / means.n_b))
    return float(2 * stats.t.sf(abs(t), df))
