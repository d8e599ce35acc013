"""What a virtual population came to: quantiles of trough, rise and area, and the share in a target.

Exact for the people drawn: a few numbers of each are kept, not their curves. Curves are kept of the first people only,
who are a sample as good as any, for bands over time.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from ivigil.documents import BadInput, Fault
from ivigil.kinetics.draws import FloatArray
from ivigil.kinetics.population import Block, Population
from ivigil.kinetics.targets_search import Target
from ivigil.kinetics.wanted import Quantity

Kept = Literal["trough", "rise", "area", "own"]
KEPT: tuple[Kept, ...] = ("trough", "rise", "area", "own")
QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)


@dataclass(frozen=True)
class Reached:
    """How many people reach a target, their share, and its standard error as a share of a sample."""

    target: Target
    people: int
    share: float
    standard_error: float


@dataclass(frozen=True)
class Summary:
    """Quantiles by quantity, the share in each target, and how many people lie outside the model's range.

    Trough and rise in g/L, area in g·day/L. ``bands`` (Q, T) are of the first ``curves`` people on the population's
    days. A quantity that is unknown for the people is left out.
    """

    count: int
    shares: tuple[float, ...]
    quantiles: Mapping[str, tuple[float, ...]]
    means: Mapping[str, float]
    reached: tuple[Reached, ...]
    outside: int
    bands: FloatArray
    curves: int


class Tally:
    """Numbers gathered block by block: a few of each person, and the curves of the first ones."""

    def __init__(self, population: Population, curves: int = 2000) -> None:
        """Room for a population, and for the curves of so many people."""
        self._population = population
        self._numbers = {name: np.full(population.count, math.nan) for name in KEPT}
        self._outside = 0
        self._curves = np.empty((min(curves, population.count), len(population.days)))

    @property
    def curves(self) -> int:
        """How many of the first people's curves are kept."""
        return len(self._curves)

    def add(self, block: Block) -> None:
        """A block, in any order."""
        numbers = {name: getattr(block, name) for name in KEPT}
        self.add_numbers(block.first, numbers, block.outside, block.levels)

    def add_numbers(
        self, first: int, numbers: Mapping[Kept, FloatArray], outside: FloatArray, levels: FloatArray
    ) -> None:
        """The same from plain arrays: of P people each (P,), and levels (P, T), empty once no curves are kept."""
        for name, values in numbers.items():
            self._numbers[name][first : first + len(values)] = values
        self._outside += int(outside.sum())
        room = max(0, min(len(levels), self.curves - first))
        if room:
            self._curves[first : first + room] = levels[:room]

    def summary(self, targets: Sequence[Target] = (), shares: Sequence[float] = QUANTILES) -> Summary:
        """Everything gathered, once every block is there."""
        known = {name: values for name, values in self._numbers.items() if not np.isnan(values).any()}
        bands = np.quantile(self._curves, shares, axis=0) if self._curves.size else np.empty((len(shares), 0))
        return Summary(
            count=self._population.count,
            shares=tuple(shares),
            quantiles={name: tuple(np.quantile(values, shares).tolist()) for name, values in known.items()},
            means={name: math.fsum(values.tolist()) / len(values) for name, values in known.items()},
            reached=tuple(self._reached(target) for target in targets),
            outside=self._outside,
            bands=bands,
            curves=len(self._curves),
        )

    def _reached(self, target: Target) -> Reached:
        people = int(target.reached(self._quantity(target.quantity)).sum())
        share = people / self._population.count
        return Reached(target, people, share, math.sqrt(share * (1 - share) / self._population.count))

    def _quantity(self, quantity: Quantity) -> FloatArray:
        if quantity == "trough":
            found = self._numbers["trough"]
        elif quantity == "rise":
            found = self._numbers["rise"]
        elif quantity == "area above baseline":
            found = self._numbers["area"]
        else:
            first, last = self._population.judged
            found = self._numbers["area"] / (last - first) + self._numbers["own"]
        if np.isnan(found).any():
            hint = "Take the rise or the area above baseline."
            raise BadInput(
                [Fault(f"target, {quantity}", "no baseline in the model", "one, for levels of all IgG", hint)]
            )
        return found


def summarised(
    population: Population,
    blocks: Iterable[Block],
    targets: Sequence[Target] = (),
    shares: Sequence[float] = QUANTILES,
    *,
    curves: int = 2000,
) -> Summary:
    """The summary of a population from all its blocks, in any order."""
    tally = Tally(population, curves)
    for block in blocks:
        tally.add(block)
    return tally.summary(targets, shares)
