"""Effects as studies report them: brought to the pooling scale, with the standard error from the interval.

The interval is taken to be symmetric on the pooling scale, as a confidence interval of a model is: its width over twice
the normal quantile of its level is the standard error (Cochrane Handbook, section 6.3).
"""

from __future__ import annotations

from scipy.special import ndtri

from ivigil.synthesis.computed import Computed, NotComputable, usable
from ivigil.synthesis.measures import Measure
from ivigil.synthesis.rows import Reported
from ivigil.synthesis.scales import pooled_scale


def reported_effect(measure: Measure, row: Reported) -> Computed | NotComputable:
    """The effect of one study from its estimate and standard error or interval."""
    estimate = pooled_scale(measure, row.estimate)
    se = row.se if row.se is not None else _from_interval(measure, row)
    return (
        NotComputable("it reports neither an interval nor a standard error")
        if se is None
        else usable(Computed(estimate, se**2))
    )


def _from_interval(measure: Measure, row: Reported) -> float | None:
    if row.low is None or row.high is None:
        return None
    width = pooled_scale(measure, row.high) - pooled_scale(measure, row.low)
    return width / (2 * float(ndtri(0.5 + row.level / 2)))
