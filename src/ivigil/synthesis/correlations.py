"""Correlations: as they are, and by Fisher's transformation, with their large-sample variances."""

from __future__ import annotations

import math

from ivigil.synthesis.computed import Computed, NotComputable, usable
from ivigil.synthesis.measures import MeasureName
from ivigil.synthesis.rows import OneCorrelation

_LOST_BY_FISHER = 3  # var(z) = 1 / (n - 3)


def correlation_effect(measure: MeasureName, row: OneCorrelation) -> Computed | NotComputable:
    """The correlation of one study, ``COR`` or ``ZCOR``."""
    if abs(row.r) == 1:
        return NotComputable("a correlation of 1 or -1 has no standard error")
    if measure == "COR":
        if row.n <= 1:
            return NotComputable("a correlation needs two pairs or more")
        return usable(Computed(row.r, (1 - row.r**2) ** 2 / (row.n - 1)))
    if row.n <= _LOST_BY_FISHER:
        return NotComputable("Fisher's transformation needs more than three pairs")
    return usable(Computed(math.atanh(row.r), 1 / (row.n - _LOST_BY_FISHER)))
