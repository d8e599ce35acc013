"""Where a value lies on an axis, and the round marks beneath it; logarithmic for ratios. Plain numbers only."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import ceil, floor, inf, log10

from ivigil.explain.plot_figures import tick_words
from ivigil.explain.plot_text import width_of

_GAP, _BEYOND = 10, 14
_FEWEST_TICKS, _MOST_TICKS = 2, 8
_DIGITS = ((1, 1.5, 2, 3, 5, 7), (1, 2, 5), (1, 3), (1,))


@dataclass(frozen=True)
class Axis:
    """From ``low`` to ``high`` as a reader sees them, drawn from ``left`` to ``right``."""

    low: float
    high: float
    left: float
    right: float
    ratio: bool
    ticks: tuple[float, ...]

    def holds(self, value: float) -> bool:
        return self.low <= value <= self.high

    def x(self, value: float) -> float:
        """Where ``value`` lies; at the nearer end where it is beyond."""
        inside = min(max(value, self.low), self.high)
        low, high, at = (turned(one, ratio=self.ratio) for one in (self.low, self.high, inside))
        return self.left + (at - low) / (high - low) * (self.right - self.left)


def turned(value: float, *, ratio: bool) -> float:
    """``value`` on the scale it is drawn on: the decimal logarithm of a ratio."""
    if not ratio:
        return value
    return log10(value) if value > 0 else -inf


def marked(span: tuple[float, float], place: tuple[float, float], *, ratio: bool, size: float = 12) -> Axis:
    """An axis over ``span`` (a logarithm for a ratio) with as many marks as can be read apart."""
    low, high = (10.0**end if ratio else end for end in span)
    bare = Axis(low, high, *place, ratio, ())
    choices = (tuple(one for one in marks if _has_room(bare, one, size)) for marks in _candidates(span, ratio=ratio))
    ticks = next((marks for marks in choices if _readable(bare, marks, size)), ())
    return Axis(low, high, *place, ratio, ticks)


def _candidates(span: tuple[float, float], *, ratio: bool) -> Iterable[tuple[float, ...]]:
    """Sets of round marks over the span, finest first."""
    low, high = span
    if not ratio:
        yield from _even(span)
        return
    ends = (10.0**low, 10.0**high)
    if ends[1] / ends[0] < 3:  # noqa: PLR2004 - so narrow that even steps are nearly even on paper
        yield from _even(ends)
    tens = range(floor(low), ceil(high) + 1)
    for digits in _DIGITS:
        yield tuple(_round(digit * 10.0**ten) for ten in tens for digit in digits)
    for step in (2, 3, 5, 10, 20, 50, 100):
        yield tuple(10.0**ten for ten in tens if ten % step == 0)
    # Only a span of less than two powers of ten comes here: the next best are even steps.
    yield from _even(ends)


def _even(span: tuple[float, float]) -> Iterable[tuple[float, ...]]:
    power = floor(log10(max(span[1] - span[0], 1e-300))) - 1
    for step in (digit * 10.0 ** (power + more) for more in range(3) for digit in (1, 2, 5)):
        first, last = ceil(span[0] / step), floor(span[1] / step)
        if last - first <= 2 * _MOST_TICKS:
            yield tuple(_round(place * step) for place in range(first, last + 1))


def _round(value: float) -> float:
    """``value`` without the last binary crumbs: 0.3, not 0.30000000000000004."""
    return float(f"{value:.12g}")


def _has_room(axis: Axis, tick: float, size: float) -> bool:
    """Whether a mark lies on the axis and its figure does not reach far beyond an end."""
    if not axis.holds(tick):
        return False
    x, half = axis.x(tick), width_of(tick_words(tick), size) / 2
    return min(axis.left, axis.right) - _BEYOND <= x - half and x + half <= max(axis.left, axis.right) + _BEYOND


def _readable(axis: Axis, ticks: Sequence[float], size: float) -> bool:
    """Whether there are marks enough, not too many, and each figure stands clear of the next."""
    if not _FEWEST_TICKS <= len(ticks) <= _MOST_TICKS:
        return False
    # An axis that rises runs from its bottom to its top.
    boxes = sorted((axis.x(one), width_of(tick_words(one), size) / 2) for one in ticks)
    return all(x + half + _GAP <= after - other for (x, half), (after, other) in pairwise(boxes))
