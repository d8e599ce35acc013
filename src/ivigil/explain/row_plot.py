"""A picture of rows for a wide page: a real table with a drawing column."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ivigil.explain.plot_axis import axis_of
from ivigil.explain.plot_foot import foot
from ivigil.explain.plot_marks import dashes, mark, null_x
from ivigil.explain.plot_numbers import seen
from ivigil.explain.plot_rows import PlotRow, RowPlot
from ivigil.explain.plot_scale import Axis
from ivigil.explain.plot_text import Anchor, Picture, Words, column, line, width_of, wrapped

_SIZE, _SMALL, _LEADING, _SMALL_LEADING = 13.0, 11.5, 16.0, 14.5
_EDGE, _GAP, _WIDTH = 8.0, 18.0, 900.0
_NAME, _ARM, _LEAST_DRAWN = (120.0, 225.0), (52.0, 140.0), 270.0
_ROW, _ABOVE = 8.0, 15.0


def row_plot(plot: RowPlot) -> str:
    """``plot`` as SVG, about 900 wide."""
    grid = _Grid.of(plot)
    parts = list(_title(plot, grid))
    y = 26.0 + 20.0 * bool(plot.outcome)
    header, top = _header(plot, grid, y)
    rows, bottom = _rows(plot, grid, top)
    beneath = foot(plot, grid.axis, bottom, grid.width, size=_SMALL)
    parts += [*_rules(plot, grid, top, bottom), *header, *rows, *beneath.parts]
    return Picture(plot.kind, grid.width, beneath.bottom + 6, plot.title, plot.said, tuple(parts)).svg()


@dataclass(frozen=True)
class _Grid:
    """Where each column stands: left edges and widths."""

    name: float
    arms: tuple[tuple[float, float], ...]
    axis: Axis
    effect: tuple[float, float]
    weight: tuple[float, float]
    width: float

    @classmethod
    def of(cls, plot: RowPlot) -> _Grid:
        name = _within(_NAME, [row.name for row in plot.rows if row.kind != "words"], bold=True)
        arms = [_within(_ARM, _arm_words(plot, place), bold=True) for place in range(len(plot.columns) - 1)]
        effect = _widest([row.effect for row in plot.rows] + plot.effect_heading.split("\n"), bold=True)
        weight = _widest([row.weight for row in plot.rows] + [plot.weight_heading], bold=True)
        edges = [_EDGE + name + _GAP]
        for one in arms:
            edges.append(edges[-1] + one + _GAP)
        right = _GAP + effect + (_GAP + weight if weight else 0) + _EDGE
        width = max(_WIDTH, edges[-1] + _LEAST_DRAWN + right)
        place = (edges[-1] + 8, width - right - 8)
        axis = axis_of(plot.measure, plot.effects, place, size=_SMALL)
        columns = tuple(zip(edges, arms, strict=False))
        start = width - right + _GAP
        return cls(name, columns, axis, (start, effect), (start + effect + _GAP, weight), width)

    @property
    def words_room(self) -> float:
        """How wide small print under a name may be: up to the drawing."""
        return self.axis.left - 8 - _EDGE - 10


def _arm_words(plot: RowPlot, place: int) -> list[str]:
    """All that a column of an arm holds; its heading may break between words."""
    return [row.cells[place] for row in plot.rows if len(row.cells) > place] + plot.columns[place + 1].split()


def _within(limits: tuple[float, float], words: Sequence[str], *, bold: bool = False) -> float:
    return min(max(limits[0], _widest(words, bold=bold)), limits[1])


def _widest(words: Sequence[str], *, bold: bool = False) -> float:
    return max([width_of(one, _SIZE, bold=bold) for one in words] or [0.0])


def _title(plot: RowPlot, grid: _Grid) -> Iterator[str]:
    room = grid.width - 2 * _EDGE
    for words in wrapped(plot.title, room, 15, bold=True, most=1):
        yield Words(_EDGE, 20, words, size=15, bold=True).svg()
    for words in wrapped(plot.outcome, room, _SIZE, most=1):
        yield Words(_EDGE, 40, words, size=_SIZE, soft=True).svg()


def _header(plot: RowPlot, grid: _Grid, y: float) -> tuple[list[str], float]:
    """The headings, standing on one line above a rule."""
    broken = [(x, anchor, _heading(words, room)) for x, anchor, words, room in _headings(plot, grid)]
    most = max(len(lines) for _, _, lines in broken)
    parts = []
    for x, anchor, lines in broken:
        first = y + _LEADING * (most - len(lines) + 1)
        for place, (words, bold) in enumerate(lines):
            parts.append(Words(x, first + place * _LEADING, words, anchor, bold=bold, soft=not bold).svg())
    bottom = y + _LEADING * most + 7
    return [*parts, line((_EDGE, bottom), (grid.width - _EDGE, bottom))], bottom


def _headings(plot: RowPlot, grid: _Grid) -> Iterator[tuple[float, Anchor, str, float]]:
    """Each heading with its place and its room."""
    yield _EDGE, "start", plot.columns[0], grid.name
    for (x, room), words in zip(grid.arms, plot.columns[1:], strict=True):
        yield x + room / 2, "middle", words, room
    yield sum(grid.effect), "end", plot.effect_heading, grid.effect[1]
    yield sum(grid.weight), "end", plot.weight_heading, grid.weight[1]


def _heading(words: str, room: float) -> list[tuple[str, bool]]:
    """Lines of a heading, each with whether it is bold; a second line of its own is not."""
    name, _, unit = words.partition("\n")
    lines = [(one, True) for one in wrapped(name, room, _SIZE, bold=True, most=4)]
    return lines + [(one, False) for one in wrapped(unit, room, _SIZE, most=2)]


def _rows(plot: RowPlot, grid: _Grid, y: float) -> tuple[list[str], float]:
    parts = []
    y += 3
    for row in plot.rows:
        if row.kind == "pooled":
            parts.append(line((_EDGE, y), (grid.width - _EDGE, y), faint=0.35))
        drawn, y = _row(plot, grid, row, y)
        parts += drawn
    return parts, y


def _row(plot: RowPlot, grid: _Grid, row: PlotRow, y: float) -> tuple[list[str], float]:
    words, height = _row_words(grid, row, y + _ABOVE)
    parts = [one.svg() for one in words]
    if row.mark:
        drawn = mark(grid.axis, plot.measure, row.mark, y + _ABOVE - 4.5)
        parts.append(f'<g class="plot-{row.kind}">{drawn}</g>')
    return parts, y + height + _ROW


def _row_words(grid: _Grid, row: PlotRow, y: float) -> tuple[list[Words], float]:
    """The words of one row from baseline ``y``, and how high they are."""
    words, lines = [], 1
    base = Words(_EDGE, y, "", bold=row.bold, soft=row.soft)
    if row.kind != "words":
        room = grid.words_room if row.kind == "group" or not any(row.cells) else grid.name
        names = wrapped(row.name, room, _SIZE, bold=row.bold)
        words += column(names, base, _LEADING)
        lines = len(names)
    for (x, room), cell in zip(grid.arms, row.cells, strict=False):
        cells = wrapped(cell, room, _SIZE, bold=row.bold)
        words += column(cells, Words(x + room / 2, y, "", "middle", bold=row.bold, soft=row.soft), _LEADING)
        lines = max(lines, len(cells))
    words += [
        Words(sum(place), y, text, "end", bold=row.bold, soft=row.soft)
        for place, text in ((grid.effect, row.effect), (grid.weight, row.weight))
        if text
    ]
    height = lines * _LEADING
    small = wrapped(row.below, grid.words_room, _SMALL, most=4)
    first = y + (height if row.kind != "words" else 0) - 1
    words += column(small, Words(_EDGE, first, "", size=_SMALL, soft=True), _SMALL_LEADING)
    return words, height + len(small) * _SMALL_LEADING - (_LEADING if row.kind == "words" else 0)


def _rules(plot: RowPlot, grid: _Grid, top: float, bottom: float) -> Iterator[str]:
    """Behind the rows: no difference, the pooled effect, and a line between studies and the overall effect."""
    if (null := null_x(grid.axis, plot.measure)) is not None:
        yield line((null, top), (null, bottom), faint=0.7)
    if plot.reference is not None:
        yield dashes(grid.axis.x(seen(plot.measure, plot.reference)), top, bottom)
