"""The optimal information size: how many participants one trial would need to find a given reduction of risk."""

from __future__ import annotations

import math
from dataclasses import dataclass

from ivigil.documents import BadInput, Fault
from ivigil.synthesis.quantiles import critical


@dataclass(frozen=True)
class Aim:
    """What a trial is to find: a relative ``reduction`` of a ``baseline`` risk, at two-sided ``alpha`` with ``power``.

    All four are shares between 0 and 1.
    """

    baseline: float
    reduction: float
    alpha: float
    power: float


def information_size(aim: Aim) -> float:
    """Participants of both arms together that ``aim`` needs, not rounded.

    The usual size of a comparison of two proportions with arms of one size: the risks' own variances, without a
    continuity correction. Raises ``BadInput`` with everything that makes the aim one no trial can have.
    """
    if faults := _faults(aim):
        raise BadInput(faults)
    treated = aim.baseline * (1 - aim.reduction)
    variance = aim.baseline * (1 - aim.baseline) + treated * (1 - treated)
    deviates = critical(1 - aim.alpha) + critical(2 * aim.power - 1)
    return 2 * deviates**2 * variance / (aim.baseline - treated) ** 2


def _faults(aim: Aim) -> tuple[Fault, ...]:
    shares = {"baseline": aim.baseline, "reduction": aim.reduction, "alpha": aim.alpha, "power": aim.power}
    return tuple(
        Fault(name, str(share), "a share above 0 and below 1", "Give 25 % as 0.25.")
        for name, share in shares.items()
        if not (math.isfinite(share) and 0 < share < 1)
    )
