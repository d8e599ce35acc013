"""How many patients respond: platelets of people who differ in the rise of IgG that blocks half of phagocytosis.

That rise is spread log-normally; everything else is the typical patient's. The count falls as the rise for half grows,
so that the responders are those below one rise.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from ivigil.kinetics.exponentials import FloatArray
from ivigil.kinetics.mechanism.actions import INHIBITORY
from ivigil.kinetics.mechanism.figures import Figures
from ivigil.kinetics.mechanism.platelets import PlateletTurnover, counts
from ivigil.kinetics.mechanism.run import MechanismRun
from ivigil.kinetics.mechanism.terms import saturating_many

# The mean over patients is taken at so many nodes of the normal law: more of them change it by under a thousandth.
_NODES = 16
# Standard deviations from the median, and points within, among which the last responder is looked for.
_WIDEST, _SCORES = 6.0, 481


@dataclass(frozen=True)
class Phagocytosis:
    """How phagocytosis is held back in a population: the median rise for half, its spread (log), and how fast."""

    median_g_per_l: float
    spread: float
    steepness: float
    per_day: float | None = None

    def held_back(self, rise: FloatArray, halves: FloatArray, days: FloatArray) -> FloatArray:
        """The share held back (N, T) in patients with ``halves`` (N,), at the rises (T,) of ``days`` (T,)."""
        goal = saturating_many(rise[None, :], halves[:, None], self.steepness)
        if self.per_day is None:
            return goal
        return counts(np.zeros(halves.size), 0.0, np.full_like(goal, self.per_day), days, self.per_day * goal)


def phagocytosis_of(hypothesis: str, figures: Figures) -> Phagocytosis:
    """The population of one of the two rival hypotheses on Fc receptors."""
    return Phagocytosis(
        median_g_per_l=figures[hypothesis, "rise for half"],
        spread=figures[hypothesis, "spread of half"],
        steepness=figures[hypothesis, "steepness"],
        per_day=figures[hypothesis, "rate"] if hypothesis == INHIBITORY else None,
    )


@dataclass(frozen=True)
class Patients:
    """Patients on one course: ``igg`` is a run without any block, on days close together from day 0 on."""

    igg: MechanismRun
    start: float
    turnover: PlateletTurnover
    phagocytosis: Phagocytosis

    def counts(self, halves: FloatArray) -> FloatArray:
        """Platelets (N, T) of patients with these rises for half."""
        days, antibody = self.igg.days, self.igg.curves["free autoantibody"]
        held = self.phagocytosis.held_back(self.igg.curves["rise of IgG"], halves, days)
        losses = 1.0 / self.turnover.survival_days + self.turnover.immune_per_day * antibody[None, :] * (1.0 - held)
        return counts(np.full(halves.size, self.start), self.turnover.production_per_day, losses, days)

    def mean_rise(self, day: float) -> float:
        """The mean of the rise of platelets over all patients on a day."""
        nodes, weights = np.polynomial.hermite_e.hermegauss(_NODES)
        halves = self.phagocytosis.median_g_per_l * np.exp(self.phagocytosis.spread * nodes)
        return float(self._on(day, halves) @ weights / weights.sum()) - self.start

    def share_reaching(self, count: float, day: float) -> float:
        """The share of patients, 0 to 1, whose platelets are at ``count`` or above on a day."""
        scores = np.linspace(-_WIDEST, _WIDEST, _SCORES)
        reached = self._on(day, self.phagocytosis.median_g_per_l * np.exp(self.phagocytosis.spread * scores))
        # The lower the rise for half, the higher the count: read against falling scores, both rise.
        last = float(np.interp(count, reached[::-1], scores[::-1], left=np.inf, right=-np.inf))
        return (1.0 + math.erf(last / math.sqrt(2.0))) / 2.0

    def _on(self, day: float, halves: FloatArray) -> FloatArray:
        reached: FloatArray = self.counts(halves)[:, nearest(self.igg.days, day)]
        return reached


def nearest(days: FloatArray, day: float) -> int:
    """The place of the day nearest to ``day``."""
    return int(np.argmin(np.abs(days - day)))
