"""What stands under the rows of a picture: the axis with its marks, the sides it favours, findings and conventions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ivigil.explain.plot_figures import tick_words
from ivigil.explain.plot_marks import null_x
from ivigil.explain.plot_rows import RowPlot, axis_title
from ivigil.explain.plot_scale import Axis
from ivigil.explain.plot_text import Words, column, line, wrapped

_EDGE, _CLEAR = 8.0, 9.0


@dataclass(frozen=True)
class Foot:
    """What was drawn and where it ends."""

    parts: tuple[str, ...]
    bottom: float


def foot(plot: RowPlot, axis: Axis, y: float, width: float, *, size: float) -> Foot:
    """Everything beneath the rows, from ``y`` down."""
    leading = size * 1.3
    parts = list(ticks(axis, y, size))
    y += size + 9
    sides, y = _favours(plot, axis, (y, width), size)
    title = wrapped(axis_title(plot.measure), width - 2 * _EDGE, size, most=1)
    y += leading
    middle = (axis.left + axis.right) / 2
    parts += [*sides, *(one.svg() for one in column(title, Words(middle, y, "", "middle", size, soft=True), leading))]
    y += 8
    for words, soft in (*((one, False) for one in plot.findings), *((one, True) for one in plot.fine)):
        lines = wrapped(words, width - 2 * _EDGE, size, most=6)
        first = Words(_EDGE, y + leading, "", size=size, soft=soft, kind="fine" if soft else "finding")
        parts += [one.svg() for one in column(lines, first, leading)]
        y += leading * len(lines) + 2
    return Foot(tuple(parts), y)


def ticks(axis: Axis, y: float, size: float) -> Iterator[str]:
    """The line of the axis at ``y``, its marks and their figures beneath."""
    yield line((axis.left, y), (axis.right, y))
    for one in axis.ticks:
        x = axis.x(one)
        yield line((x, y), (x, y + 4))
        yield Words(x, y + size + 5, tick_words(one), "middle", size, kind="tick").svg()


def _favours(plot: RowPlot, axis: Axis, place: tuple[float, float], size: float) -> tuple[list[str], float]:
    """Both sides named, left and right of no difference; one below the other where there is no room beside it."""
    y, width = place
    null = null_x(axis, plot.measure)
    if null is None or not any(plot.favours):
        return [], y
    left, right = (
        f"←\u00a0{plot.favours[0]}" if plot.favours[0] else "",
        f"{plot.favours[1]}\u00a0→" if plot.favours[1] else "",
    )
    rooms = null - _CLEAR - _EDGE, width - _EDGE - null - _CLEAR
    sides = wrapped(left, rooms[0], size, most=9), wrapped(right, rooms[1], size, most=9)
    leading = size * 1.3
    if max(map(len, sides)) <= 2 and min(rooms) > 4 * size:  # noqa: PLR2004 - more lines would not read as a label
        starts = (null - _CLEAR, "end"), (null + _CLEAR, "start")
        words = column(sides[0], Words(starts[0][0], y + leading, "", "end", size), leading)
        words += column(sides[1], Words(starts[1][0], y + leading, "", "start", size), leading)
        return [one.svg() for one in words], y + leading * max(map(len, sides))
    return _stacked((left, right), (y, width), size)


def _stacked(sides: tuple[str, str], place: tuple[float, float], size: float) -> tuple[list[str], float]:
    y, width = place
    leading, parts = size * 1.3, []
    for words, x, anchor in ((sides[0], _EDGE, "start"), (sides[1], width - _EDGE, "end")):
        lines = wrapped(words, width - 2 * _EDGE, size, most=2)
        first = Words(x, y + leading, "", "start" if anchor == "start" else "end", size)
        parts += [one.svg() for one in column(lines, first, leading)]
        y += leading * len(lines)
    return parts, y
