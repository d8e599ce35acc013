"""Platelets in immune thrombocytopenia: made at a steady rate, lost by age and by antibody through Fc receptors.

P' = production - (1 / survival + immune * antibody * (1 - block)) * P. The immune rate is the one that holds the
untreated count steady. Counts in 10*9/L, days.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from ivigil.documents import BadInput, Fault
from ivigil.kinetics.exponentials import FloatArray
from ivigil.kinetics.mechanism.actions import DIRECT
from ivigil.kinetics.mechanism.figures import Figures


@dataclass(frozen=True)
class PlateletTurnover:
    """How platelets come and go; ``immune_per_day`` is their loss to the untreated antibody, per unit of it."""

    production_per_day: float
    survival_days: float
    immune_per_day: float = 0.0

    def slope(self, count: float, free_antibody: float, block: float) -> float:
        """How fast the count changes, in 10*9/L a day."""
        return self.production_per_day - self.loss_per_day(free_antibody, block) * count

    def loss_per_day(self, free_antibody: float, block: float) -> float:
        """The share lost in a day."""
        return 1.0 / self.survival_days + self.immune_per_day * free_antibody * (1.0 - block)

    def needed_block(self, start: float, reached: float, by_day: float) -> float | None:
        """The share of immune loss that has to be blocked from day 0 on, for ``reached`` by a day.

        ``None`` where no block is enough. Counts of an antibody at 1.
        """
        low, high = 0.0, 1.0
        if self._after(start, high, by_day) < reached:
            return None
        for _ in range(60):
            middle = (low + high) / 2
            low, high = (low, middle) if self._after(start, middle, by_day) >= reached else (middle, high)
        return high

    def _after(self, start: float, block: float, day: float) -> float:
        loss = self.loss_per_day(1.0, block)
        settled = self.production_per_day / loss
        return settled + (start - settled) * math.exp(-loss * day)


def turnover(figures: Figures, count: float | None = None, antibody: float = 1.0) -> PlateletTurnover:
    """The turnover that holds ``count`` steady at ``antibody``; without a count, that of a healthy person.

    Raises :class:`BadInput` for a count that needs no immune loss, or immune loss where there is no antibody.
    """
    made, survival = figures[DIRECT, "platelet production"], figures[DIRECT, "platelet survival"]
    if count is None:
        return PlateletTurnover(made, survival)
    immune = made / count - 1.0 / survival
    if immune < 0:
        raise BadInput([Fault("disease, platelets_10_9_per_l", f"{count:g}", f"no more than {made * survival:g}")])
    if immune > 0 and antibody == 0:
        raise BadInput([Fault("disease, antibody", "0 with few platelets", "antibody, or no platelets")])
    return PlateletTurnover(made, survival, immune / antibody if antibody else 0.0)


def counts(
    start: FloatArray, made: FloatArray | float, losses: FloatArray, days: FloatArray, making: FloatArray | None = None
) -> FloatArray:
    """Amounts (N, T) on ``days`` (T,) of what is ``made`` per day and lost at ``losses`` (N, T) per day.

    Losses, and ``making`` (N, T) where production changes too, are taken as their mean between two days, where the
    answer is exact: use days close together.
    """
    answer = np.empty_like(losses)
    answer[:, 0] = start
    for place, length in enumerate(np.diff(days)):
        loss = (losses[:, place] + losses[:, place + 1]) / 2
        gain = made if making is None else (making[:, place] + making[:, place + 1]) / 2
        settled = gain / loss
        answer[:, place + 1] = settled + (answer[:, place] - settled) * np.exp(-loss * length)
    return answer
