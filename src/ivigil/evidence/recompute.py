"""One figure of a claim computed again from figures that a source prints, beside what the claim states.

What is printed is rounded, so what comes out is a range: every value that the inputs could stand for is tried at its
ends. A stated figure agrees when some value of the range is printed so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import product
from math import sqrt

from ivigil.knowledge.recomputation_records import Recomputation
from ivigil.synthesis.p_values import TableTest, p_of_interval, p_of_means, p_of_table
from ivigil.synthesis.rows import TwoByTwo, TwoMeans

_RATIOS = frozenset({"RR", "OR", "HR", "rate ratio"})
_POOLED_AS = {"RR": "RR", "OR": "OR", "HR": "HR", "rate ratio": "RR"}


@dataclass(frozen=True)
class Figure:
    """What one stated figure comes to: computed from the inputs as printed, and the range their rounding allows."""

    stated: Decimal
    value: float
    low: float
    high: float

    @property
    def agrees(self) -> bool:
        half = float(half_unit(self.stated))
        printed = float(self.stated)
        return self.low <= printed + half and self.high >= printed - half


@dataclass(frozen=True)
class Recomputed:
    """What came out of a recomputation, figure by figure."""

    recomputation: Recomputation
    figures: tuple[Figure, ...]

    @property
    def agrees(self) -> bool:
        return all(one.agrees for one in self.figures)

    @property
    def as_recorded(self) -> bool:
        """Whether the data say of this figure what came out."""
        return self.agrees == (self.recomputation.finds == "confirmed")


def half_unit(printed: Decimal) -> Decimal:
    """Half a unit of the last digit that is printed."""
    return Decimal(1).scaleb(int(printed.as_tuple().exponent)) / 2


def recomputed(one: Recomputation) -> Recomputed:
    """``one`` computed again."""
    return Recomputed(one, tuple(_WAYS[one.kind](one)))


def _figure(stated: Decimal, of: Callable[[Sequence[float]], float], inputs: Sequence[Decimal]) -> Figure:
    """``of`` the inputs as printed and at the ends of their rounding; it rises or falls with each of them."""
    ends = [(float(one - half_unit(one)), float(one + half_unit(one))) for one in inputs]
    found = [of(corner) for corner in product(*ends)]
    return Figure(stated, of([float(one) for one in inputs]), min(found), max(found))


def _exact(stated: Sequence[Decimal], values: Sequence[float]) -> Iterator[Figure]:
    """Figures of whole counts, which are not rounded."""
    for printed, value in zip(stated, values, strict=False):
        yield Figure(printed, value, value, value)


def _absolute(one: Recomputation) -> Iterator[Figure]:
    """Per cent with treatment: the risk without it times each figure of the ratio."""
    risk = one.risk or Decimal(0)
    for stated, ratio in zip(one.stated, one.ratio, strict=False):
        yield _figure(stated, lambda given: 100 * given[0] * given[1], (risk, ratio))


def _middle(one: Recomputation) -> Iterator[Figure]:
    ratio = one.measure in _RATIOS
    yield _figure(one.stated[0], _geometric if ratio else _arithmetic, one.interval)


def _geometric(ends: Sequence[float]) -> float:
    return sqrt(max(ends[0] * ends[1], 0))


def _arithmetic(ends: Sequence[float]) -> float:
    return (ends[0] + ends[1]) / 2


def _p_value(one: Recomputation) -> Iterator[Figure]:
    test: TableTest = one.test or "Fisher"
    yield from _exact(one.stated, (p_of_table(_table(one), test),))


def _proportion(one: Recomputation) -> Iterator[Figure]:
    table = _table(one)
    yield from _exact(one.stated, (100 * table.events_a / table.n_a, 100 * table.events_b / table.n_b))


def _p_from_interval(one: Recomputation) -> Iterator[Figure]:
    measure = _POOLED_AS.get(one.measure or "MD", "MD")
    inputs = (one.ratio[0], *one.interval)
    yield _figure(one.stated[0], lambda given: p_of_interval(given[0], given[1], given[2], measure), inputs)


def _means(one: Recomputation) -> Iterator[Figure]:
    """The difference, and its p value; the numbers are whole and are not rounded."""
    mean_a, sd_a, n_a, mean_b, sd_b, n_b = one.means
    inputs = (mean_a, sd_a, mean_b, sd_b)

    def p_value(given: Sequence[float]) -> float:
        return p_of_means(TwoMeans("", given[0], given[1], float(n_a), given[2], given[3], float(n_b)))

    ways: tuple[Callable[[Sequence[float]], float], ...] = (lambda given: given[0] - given[2], p_value)
    for stated, way in zip(one.stated, ways, strict=False):
        yield _figure(stated, way, inputs)


def _table(one: Recomputation) -> TwoByTwo:
    table = one.table
    if table is None:
        raise ValueError(f"the recomputation {one.id} has no table")  # the cross-check refuses one
    return TwoByTwo(one.claim, table.events_a, table.n_a, table.events_b, table.n_b)


_WAYS: Mapping[str, Callable[[Recomputation], Iterator[Figure]]] = {
    "absolute from ratio": _absolute,
    "symmetric interval": _middle,
    "p value": _p_value,
    "proportion": _proportion,
    "p from interval": _p_from_interval,
    "difference of means": _means,
}
