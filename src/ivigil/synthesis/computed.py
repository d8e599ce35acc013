"""What the data of one study give: an effect with its variance, or the reason why there is none."""

from __future__ import annotations

import math
from dataclasses import dataclass


@dataclass(frozen=True)
class Computed:
    """An effect on the pooling scale and its sampling variance; ``corrected`` where empty cells were filled."""

    estimate: float
    variance: float
    corrected: bool = False


@dataclass(frozen=True)
class NotComputable:
    """Why the data of a study give no effect."""

    reason: str


def usable(found: Computed) -> Computed | NotComputable:
    """The effect, if it can be weighed: both numbers finite and the variance above 0."""
    if not (math.isfinite(found.estimate) and math.isfinite(found.variance)):
        return NotComputable("its effect or variance is not a finite number")
    if found.variance <= 0:
        return NotComputable("its sampling variance is 0, so that it would outweigh every other study")
    return found
