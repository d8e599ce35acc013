"""The marks of effects on an axis: squares and dots with whiskers, diamonds, prediction bars, arrows, the null line."""

from __future__ import annotations

from collections.abc import Iterator
from math import sqrt

from ivigil.explain.plot_numbers import seen
from ivigil.explain.plot_rows import Mark
from ivigil.explain.plot_scale import Axis
from ivigil.explain.plot_text import line, number
from ivigil.synthesis.measures import Measure

_LARGEST, _SMALLEST, _DOT = 13.0, 4.0, 7.0
_DIAMOND, _BAR, _ARROW = 7.0, 3.0, 6.0


def mark(axis: Axis, measure: Measure, one: Mark, y: float) -> str:
    """``one`` on the axis at height ``y``; an arrow stands for each end that the axis does not hold."""
    value, low, high = (seen(measure, part) for part in (one.effect.value, one.effect.low, one.effect.high))
    spans = f"{''.join(_ends(axis, low, high, y))}"
    if one.shape == "diamond":
        return _diamond(axis, (low, value, high), y) + spans
    if one.shape == "bar":
        return _bar(axis, low, high, y) + spans
    whisker = line((axis.x(low), y), (axis.x(high), y), thick=1.4)
    return whisker + spans + _middle(one, axis.x(value), y)


def _middle(one: Mark, x: float, y: float) -> str:
    if one.shape == "dot":
        return f'<circle cx="{number(x)}" cy="{number(y)}" r="{number(_DOT / 2)}"/>'
    side = max(_SMALLEST, _LARGEST * sqrt(max(0.0, min(one.share, 1.0))))
    corner = f'x="{number(x - side / 2)}" y="{number(y - side / 2)}"'
    return f'<rect {corner} width="{number(side)}" height="{number(side)}"/>'


def _diamond(axis: Axis, points: tuple[float, float, float], y: float) -> str:
    left, middle, right = (axis.x(one) for one in points)
    corners = ((left, y), (middle, y - _DIAMOND), (right, y), (middle, y + _DIAMOND))
    path = "L".join(f"{number(x)} {number(at)}" for x, at in corners)
    return f'<path class="plot-diamond" d="M{path}Z"/>'


def _bar(axis: Axis, low: float, high: float, y: float) -> str:
    """A thin open box."""
    left, right = axis.x(low), axis.x(high)
    size = f'width="{number(max(right - left, 1))}" height="{number(2 * _BAR)}"'
    return (
        f'<rect class="plot-prediction" x="{number(left)}" y="{number(y - _BAR)}" {size} fill="none" '
        'stroke="currentColor" stroke-width="1.2"/>'
    )


def _ends(axis: Axis, low: float, high: float, y: float) -> Iterator[str]:
    # An end that is not a number is not known: it is drawn as one that the axis does not hold.
    if not low >= axis.low:
        yield _arrow(axis.left, y, -_ARROW)
    if not high <= axis.high:
        yield _arrow(axis.right, y, _ARROW)


def _arrow(x: float, y: float, by: float) -> str:
    corners = f"M{number(x + by)} {number(y)}L{number(x)} {number(y - 4.5)}V{number(y + 4.5)}Z"
    return f'<path class="plot-arrow" d="{corners}"/>'


def null_x(axis: Axis, measure: Measure) -> float | None:
    """Where no difference lies, if the measure has it."""
    return None if measure.null is None else axis.x(seen(measure, measure.null))


def dashes(x: float, top: float, bottom: float) -> str:
    """The pooled effect drawn through all rows."""
    path = f"M{number(x)} {number(top)}V{number(bottom)}"
    return (
        f'<path d="{path}" fill="none" stroke="currentColor" stroke-width="1" stroke-dasharray="3 3" '
        'stroke-opacity="0.55"/>'
    )
