"""The range in which the true effect of a new study is expected (Higgins, Thompson and Spiegelhalter 2009)."""

from __future__ import annotations

import math

from ivigil.synthesis.options import Options
from ivigil.synthesis.quantiles import critical

_TAKEN = {"t-k-2": 2, "t-k-1": 1}


def prediction_interval(effect: float, se: float, tau2: float, k: int, options: Options) -> tuple[float, float] | None:
    """Both ends on the pooling scale; ``None`` for a common effect, one study, or no degrees of freedom left."""
    df = k - _TAKEN[options.prediction] if options.prediction in _TAKEN else None
    if options.model == "common" or k < 2 or (df is not None and df < 1):  # noqa: PLR2004 - one study shows no variance
        return None
    reach = critical(options.level, df) * math.sqrt(se**2 + tau2)
    return effect - reach, effect + reach
