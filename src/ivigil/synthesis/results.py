"""What an analysis found: effects of the studies, the pooled effect, and how far the studies agree.

Estimates are on the pooling scale (the logarithm of a ratio); ``ivigil.synthesis.scales`` turns them for a reader.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from ivigil.synthesis.measures import Measure
from ivigil.synthesis.options import Options
from ivigil.synthesis.rows import StudyData

FloatArray = NDArray[np.float64]


@dataclass(frozen=True)
class LeftOut:
    """A study that could not take part, and why; ``row`` holds its data where there are any."""

    label: str
    reason: str
    row: StudyData | None = None


@dataclass(frozen=True, eq=False)
class Effects:
    """The effect of each study: ``estimates`` and sampling ``variances``, both of shape ``(k,)``.

    ``rows`` are the data behind each, in the same order; ``corrected`` are the labels of those whose empty cells were
    filled by the convention of ``options.zero_cells``.
    """

    measure: Measure
    rows: tuple[StudyData, ...]
    estimates: FloatArray
    variances: FloatArray
    corrected: tuple[str, ...] = ()
    left_out: tuple[LeftOut, ...] = ()

    @property
    def labels(self) -> tuple[str, ...]:
        return tuple(row.label for row in self.rows)


@dataclass(frozen=True)
class Estimate:
    """A value with its interval, on the pooling scale."""

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Heterogeneity:
    """Cochran's Q with its p value, and τ² and I² (in per cent) with intervals by the Q profile.

    An interval end is ``None`` where it cannot be had (fewer than two studies).
    """

    q: float
    df: int
    p: float | None
    tau2: float
    i2: float
    h2: float
    tau2_low: float | None = None
    tau2_high: float | None = None
    i2_low: float | None = None
    i2_high: float | None = None


@dataclass(frozen=True)
class Pooled:
    """The pooled effect under ``options``.

    ``weights`` are per cent, in the order of the effects. ``statistic`` is z, or t with ``df`` degrees of freedom.
    ``prediction`` is the range a new study's true effect is expected in; ``None`` for a common effect or too few
    studies. ``warnings`` say what a reader must know of this result (one study only, an estimator that ended at 0 …).
    """

    measure: Measure
    options: Options
    k: int
    effect: Estimate
    se: float
    statistic: float
    p: float
    weights: tuple[float, ...]
    heterogeneity: Heterogeneity
    df: float | None = None
    prediction: tuple[float, float] | None = None
    warnings: tuple[str, ...] = ()


Better = Literal["higher", "lower"]


@dataclass(frozen=True)
class StudyLine:
    """One study as a row of a forest plot, in the words a reader sees, and its effect on the pooling scale.

    ``a`` and ``b`` hold the data of each arm as printed (``6/40``; ``0.8 (1.3), 130``); ``effect`` is ``None`` and
    ``left_out`` gives the reason where the study could not take part.
    """

    label: str
    a: str
    b: str
    effect: Estimate | None
    weight: float | None = None
    subgroup: str | None = None
    left_out: str | None = None
