"""Some of the studies of an analysis, with everything that is known of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from ivigil.synthesis.results import Effects


def chosen(effects: Effects, places: Sequence[int]) -> Effects:
    """The effects at ``places``, in that order; studies that could not take part are carried along unchanged."""
    at = np.asarray(places, dtype=np.intp)
    rows = tuple(effects.rows[place] for place in places)
    kept = {row.label for row in rows}
    return replace(
        effects,
        rows=rows,
        estimates=effects.estimates[at],
        variances=effects.variances[at],
        corrected=tuple(label for label in effects.corrected if label in kept),
    )
