"""A picture of rows for a phone: names and numbers stand above the line they are drawn on."""

from __future__ import annotations

from collections.abc import Iterator

from ivigil.explain.plot_axis import axis_of
from ivigil.explain.plot_foot import foot, ticks
from ivigil.explain.plot_marks import mark, null_x
from ivigil.explain.plot_numbers import begun, seen
from ivigil.explain.plot_rows import PlotRow, RowPlot
from ivigil.explain.plot_scale import Axis
from ivigil.explain.plot_text import Picture, Words, column, line, width_of, wrapped

_WIDTH, _EDGE = 380.0, 8.0
_SIZE, _SMALL, _LEADING, _SMALL_LEADING = 14.0, 13.0, 18.0, 16.5
_LANE, _GAP = 20.0, 9.0
_ROOM = _WIDTH - 2 * _EDGE
# With more rows than a screen holds the axis stands above them too.
_SCREEN = 8


def row_plot_narrow(plot: RowPlot) -> str:
    """``plot`` as SVG, 380 wide."""
    axis = axis_of(plot.measure, plot.effects, (_EDGE + 10, _WIDTH - _EDGE - 10), size=_SMALL)
    words, y = _head(plot)
    parts = [one.svg() for one in words]
    if len(plot.rows) > _SCREEN:
        parts += ticks(axis, y + 6, _SMALL)
        y += _SMALL + 20
    for row in plot.rows:
        drawn, y = _row(plot, axis, row, y)
        parts += drawn
    beneath = foot(plot, axis, y + 4, _WIDTH, size=_SMALL)
    drawn_all = (*parts, *beneath.parts)
    return Picture(f"{plot.kind} narrow", _WIDTH, beneath.bottom + 6, plot.title, plot.said, drawn_all).svg()


def _head(plot: RowPlot) -> tuple[list[Words], float]:
    """Title, outcome, and what the numbers of a row are."""
    y, words = 18.0, []
    lines = ((plot.title, 15.0, True), (plot.outcome, _SMALL, False), (_key(plot), _SMALL, False))
    for text, size, bold in lines:
        found = wrapped(text, _ROOM, size, bold=bold, most=3)
        words += column(found, Words(_EDGE, y, "", size=size, bold=bold, soft=not bold), _LEADING)
        y += _LEADING * len(found)
    return words, y


def _key(plot: RowPlot) -> str:
    """What the numbers of a row are: ``IVIG v placebo (events/total); risk ratio [95 % CI]; weight``."""
    arms = [one.partition("\n") for one in plot.columns[1:] if not plot.labelled]
    units = {unit for _, _, unit in arms if unit}
    held = " v ".join(name for name, _, _ in arms) + (f" ({', '.join(units)})" if units else "")
    effect = " ".join([plot.measure.words, *plot.effect_heading.split("\n")[1:]])
    return begun("; ".join(one for one in (held, effect, plot.weight_heading.lower()) if one))


def _row(plot: RowPlot, axis: Axis, row: PlotRow, y: float) -> tuple[list[str], float]:
    """The row from ``y`` down: a rule, its words, then the lane it is drawn in."""
    words, bottom = _row_words(row, _cells(plot, row), y + _SIZE + 5)
    parts = [one.svg() for one in words]
    if row.kind != "words":
        parts.insert(0, line((_EDGE, y), (_WIDTH - _EDGE, y), faint=0.8 if row.kind == "pooled" else 0.25))
    if row.mark:
        lane = "".join(_lane(plot, axis, bottom))
        drawn = mark(axis, plot.measure, row.mark, bottom + _LANE / 2)
        parts.append(f'<g class="plot-{row.kind}">{lane}{drawn}</g>')
        bottom += _LANE
    return parts, bottom + _GAP


def _cells(plot: RowPlot, row: PlotRow) -> str:
    """``6/40 v 19/45``; ``Studies 3 · I² 12 %``."""
    if not plot.labelled:
        return " v ".join(row.cells) if any(row.cells) else ""
    return " · ".join(f"{name} {cell}" for name, cell in zip(plot.columns[1:], row.cells, strict=False) if cell)


def _row_words(row: PlotRow, cells: str, y: float) -> tuple[list[Words], float]:
    words: list[Words] = []
    if row.kind != "words":
        beside = width_of(row.weight, _SIZE, bold=row.bold)
        name = wrapped(row.name, _ROOM - beside - 12, _SIZE, bold=True)
        words += column(name, Words(_EDGE, y, "", size=_SIZE, bold=True, soft=row.soft), _LEADING)
        words += [Words(_WIDTH - _EDGE, y, row.weight, "end", _SIZE, bold=row.bold)] * bool(row.weight)
        y += _LEADING * (max(len(name), 1) - _shares_line(row, name))
    numbers, y = _numbers(row, cells, y)
    small = wrapped(row.below, _ROOM, _SMALL, most=5)
    words += [*numbers, *column(small, Words(_EDGE, y, "", size=_SMALL, soft=True), _SMALL_LEADING)]
    return words, y + _SMALL_LEADING * len(small) - _SIZE + 4


def _shares_line(row: PlotRow, name: tuple[str, ...]) -> bool:
    """Whether the effect fits beside the name: where there are no arms and no weight between them."""
    if any(row.cells) or row.weight or len(name) != 1 or not row.effect:
        return False
    return width_of(name[0], _SIZE, bold=True) + 14 + width_of(row.effect, _SIZE, bold=row.bold) <= _ROOM


def _numbers(row: PlotRow, cells: str, y: float) -> tuple[list[Words], float]:
    """What each arm had, left, and the effect, right; one below the other where they do not fit side by side."""
    effect_width = width_of(row.effect, _SIZE, bold=row.bold)
    together = width_of(cells, _SIZE) + 14 + effect_width <= _ROOM
    lines = wrapped(cells, _ROOM, _SIZE)
    words = column(lines, Words(_EDGE, y, "", size=_SIZE, soft=row.soft), _LEADING)
    y += 0.0 if together or not row.effect else _LEADING * len(lines)
    if row.effect:
        words.append(Words(_WIDTH - _EDGE, y, row.effect, "end", _SIZE, bold=row.bold, soft=row.soft))
    return words, y + (_LEADING if words else 0)


def _lane(plot: RowPlot, axis: Axis, y: float) -> Iterator[str]:
    """Faint marks of the axis behind a row, and no difference and the pooled effect."""
    for one in axis.ticks:
        yield line((axis.x(one), y), (axis.x(one), y + _LANE), faint=0.14)
    if (null := null_x(axis, plot.measure)) is not None:
        yield line((null, y), (null, y + _LANE), faint=0.75)
    if plot.reference is not None:
        x = axis.x(seen(plot.measure, plot.reference))
        yield line((x, y), (x, y + _LANE), faint=0.3)
