"""The effect of each study: from counts, means, a proportion, a correlation, or as it was reported."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ivigil.documents import BadInput, Fault
from ivigil.synthesis.computed import Computed, NotComputable
from ivigil.synthesis.correlations import correlation_effect
from ivigil.synthesis.measures import MEASURES, Measure
from ivigil.synthesis.options import ZeroCells
from ivigil.synthesis.proportions import proportion_effect
from ivigil.synthesis.reported import reported_effect
from ivigil.synthesis.results import Effects, LeftOut
from ivigil.synthesis.row_checks import row_faults
from ivigil.synthesis.rows import OneCorrelation, OneProportion, StudyData, TwoByTwo, TwoMeans
from ivigil.synthesis.two_by_two import two_by_two_effect
from ivigil.synthesis.two_means import two_means_effect


def effects_of(measure: str, rows: Sequence[StudyData], zero_cells: ZeroCells = "metafor") -> Effects:
    """The effects of ``rows`` on the pooling scale of ``measure`` (a name of ``MEASURES``), with sampling variances.

    A row whose data give no effect (an empty cell that the convention does not fill, a standard error of 0) goes to
    ``left_out`` with the reason. Raises ``BadInput`` listing every impossible row: events above participants, negative
    standard deviations, numbers that are none, an estimate outside its interval, data of another kind.
    """
    kind = _measure(measure)
    faults = row_faults(kind, rows)
    if faults:
        raise BadInput(faults)
    found = [(row, _effect(kind, row, zero_cells)) for row in rows]
    kept = [(row, one) for row, one in found if isinstance(one, Computed)]
    return Effects(
        measure=kind,
        rows=tuple(row for row, _ in kept),
        estimates=np.array([one.estimate for _, one in kept], dtype=np.float64),
        variances=np.array([one.variance for _, one in kept], dtype=np.float64),
        corrected=tuple(row.label for row, one in kept if one.corrected),
        left_out=tuple(LeftOut(row.label, one.reason, row) for row, one in found if isinstance(one, NotComputable)),
    )


def _measure(name: str) -> Measure:
    if name not in MEASURES:
        raise BadInput([Fault("measure", name, f"one of {', '.join(MEASURES)}")])
    return MEASURES[name]


def _effect(measure: Measure, row: StudyData, zero_cells: ZeroCells) -> Computed | NotComputable:
    match row:
        case TwoByTwo():
            return two_by_two_effect(measure.name, row, zero_cells)
        case TwoMeans():
            return two_means_effect(measure.name, row)
        case OneProportion():
            return proportion_effect(measure.name, row, zero_cells)
        case OneCorrelation():
            return correlation_effect(measure.name, row)
        case _:
            return reported_effect(measure, row)
