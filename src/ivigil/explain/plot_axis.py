"""The axis of effects: what it spans; logarithmic for ratios."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import isfinite, log10
from statistics import median

from ivigil.explain.plot_numbers import seen
from ivigil.explain.plot_scale import Axis, marked, turned
from ivigil.synthesis.measures import Measure
from ivigil.synthesis.results import Estimate

# An interval may reach this far beyond the values themselves before its end is cut and marked with an arrow.
_REACH, _LEAST_RATIO, _LONGEST_RATIO = 0.6, log10(3), 3.0
_MARGIN, _BESIDE = 0.03, 0.15
_MOST_TENS = 100


def axis_of(
    measure: Measure,
    effects: Iterable[Estimate],
    place: tuple[float, float],
    *,
    wanted: Iterable[float] = (),
    size: float = 12,
) -> Axis:
    """An axis between ``place`` (left and right) for ``effects`` and ``wanted``, both on the pooling scale.

    It holds every value and no difference, and as much of the intervals as leaves the values apart. ``size`` is that of
    the figures beneath it.
    """
    drawn = [_seen(measure, one) for one in effects]
    held = [one.value for one in drawn] + [seen(measure, one) for one in wanted]
    if measure.null is not None:
        held.append(seen(measure, measure.null))
    held = [one for one in held if _can_be_marked(turned(one, ratio=measure.is_ratio), ratio=measure.is_ratio)]
    null = None if measure.null is None else turned(seen(measure, measure.null), ratio=measure.is_ratio)
    span = _beside(_span(drawn, held, ratio=measure.is_ratio), null)
    return marked(span, place, ratio=measure.is_ratio, size=size)


def _seen(measure: Measure, one: Estimate) -> Estimate:
    return Estimate(seen(measure, one.value), seen(measure, one.low), seen(measure, one.high))


def _can_be_marked(turned: float, *, ratio: bool) -> bool:
    """Whether a value, on the scale that is drawn, is small enough for arithmetic to mark an axis up to it."""
    return isfinite(turned) and abs(turned) <= (_MOST_TENS if ratio else 10.0**_MOST_TENS)


def _span(drawn: Sequence[Estimate], held: Sequence[float], *, ratio: bool) -> tuple[float, float]:
    """Both ends, on the scale that is drawn."""
    must = [turned(one, ratio=ratio) for one in held] or [0.0, 1.0]
    ends = [turned(end, ratio=ratio) for one in drawn for end in (one.low, one.high)]
    ends = [one for one in ends if _can_be_marked(one, ratio=ratio)]
    low, high = min(must), max(must)
    reach = max((high - low) * _REACH + _LEAST_RATIO * ratio, _typical(drawn, ratio=ratio))
    low, high = max(min([low, *ends]), low - reach), min(max([high, *ends]), high + reach)
    room = (high - low) * _MARGIN or 0.3 * (1.0 if ratio else abs(low) or 1.0)
    return low - room, high + room


def _beside(span: tuple[float, float], null: float | None) -> tuple[float, float]:
    """The span with room on both sides of no difference, so that either side can be named and seen."""
    if null is None:
        return span
    room = (span[1] - span[0]) * _BESIDE
    return min(span[0], null - room), max(span[1], null + room)


def _typical(drawn: Sequence[Estimate], *, ratio: bool) -> float:
    """How long an interval usually is, on the scale that is drawn; of ratios no more than a thousandfold."""
    lengths = [abs(turned(one.high, ratio=ratio) - turned(one.low, ratio=ratio)) for one in drawn]
    usual = median([one for one in lengths if _can_be_marked(one, ratio=ratio)] or [0.0])
    return min(usual, _LONGEST_RATIO) if ratio else usual
