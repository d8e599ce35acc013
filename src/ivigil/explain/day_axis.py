"""The axis of days: round marks of weeks where weeks fit, and the dates beneath them where day 0 has one."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from math import ceil, floor

from ivigil.explain.plot_figures import tick_words
from ivigil.explain.plot_scale import Axis
from ivigil.explain.plot_text import Words, line, width_of

# Hours, days, weeks, then multiples of four weeks, in which infusions are planned, and of a year of such weeks.
_STEPS = (0.25, 0.5, 1, 2, 7, 14, 28, 56, 84, 168, 364, 728, 1820, 3640, 7280, 18200, 36400)
# Between figures; and no figure with its gap is narrower than the least.
_GAP, _LEAST = 12.0, 16.0
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def day_axis(span: tuple[float, float], place: tuple[float, float], *, size: float, dated: date | None = None) -> Axis:
    """Days between ``place`` (left and right), with the finest marks that can be read apart."""
    low, high = span if span[1] > span[0] else (span[0], span[0] + 1.0)
    room = place[1] - place[0]
    for step in _STEPS:
        if step / (high - low) * room < _LEAST:
            continue
        ticks = tuple(step * number for number in range(ceil(low / step), floor(high / step) + 1))
        widest = max((_width(tick, dated, size) for tick in ticks), default=0.0)
        if step / (high - low) * room >= widest + _GAP:
            return Axis(low, high, *place, ratio=False, ticks=ticks)
    return Axis(low, high, *place, ratio=False, ticks=())


def day_marks(axis: Axis, bottom: float, *, size: float, dated: date | None = None) -> Iterator[str]:
    """The line of the axis, its marks and their figures; the dates in a second line."""
    yield line((axis.left, bottom), (axis.right, bottom))
    for tick in axis.ticks:
        x = axis.x(tick)
        yield line((x, bottom), (x, bottom + 4))
        for place, words in enumerate(_lines(tick, dated)):
            y = bottom + (size * 1.25) * (place + 1) + 3
            yield Words(x, y, words, "middle", size, soft=place > 0, kind="tick").svg()


def marks_height(dated: date | None, size: float) -> float:
    """How far the figures reach beneath the axis."""
    return size * 1.25 * (1 if dated is None else 2) + 7


def day_title(dated: date | None) -> str:
    """What the axis counts."""
    return "Days" if dated is None else f"Days from {day_words(0, dated)} {dated.year}"


def day_words(day: float, dated: date) -> str:
    """The date of a day: ``3 Mar``."""
    then = _date(day, dated)
    return "" if then is None else f"{then.day} {_MONTHS[then.month - 1]}"


def full_date(day: float, dated: date) -> str:
    """The date of a day with its year: ``2026-03-03``."""
    then = _date(day, dated)
    return "" if then is None else then.isoformat()


def _date(day: float, dated: date) -> date | None:
    try:
        return dated + timedelta(days=floor(day))
    except OverflowError:  # a day that no calendar holds
        return None


def _lines(tick: float, dated: date | None) -> tuple[str, ...]:
    return (tick_words(tick),) if dated is None else (tick_words(tick), day_words(tick, dated))


def _width(tick: float, dated: date | None, size: float) -> float:
    return max(width_of(words, size) for words in _lines(tick, dated))
