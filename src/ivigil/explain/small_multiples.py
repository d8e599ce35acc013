"""What a mechanism does, one small plane an output: each explanation in its own dashes, days shared by all."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from ivigil.documents import BadInput, Fault
from ivigil.explain.curve_content import DoseMark, Levels
from ivigil.explain.curve_legend import mark_of
from ivigil.explain.curve_table import day_figure
from ivigil.explain.day_axis import day_axis, day_marks, day_title, marks_height
from ivigil.explain.evidence_page import Figure
from ivigil.explain.layout import Table
from ivigil.explain.plot_figures import figure, tick_words
from ivigil.explain.plot_legend import Entry, dose_mark, legend
from ivigil.explain.plot_scale import Axis, marked
from ivigil.explain.plot_sheet import EDGE, Curve, Sheet, beneath, dashed, heading
from ivigil.explain.plot_text import Picture, Words, column, line, wrapped

WIDE, NARROW = Sheet(900, 120, 13), Sheet(380, 120, 13)
_DASHES = ("", "6 3", "2 2.5", "9 3 2 3", "1 3.5")
_COLUMNS, _BETWEEN, _SIZE = 3, 18.0, 11.5
# Beside a plane: the figures of its marks at the left, and half a date at the right.
_LEFT, _RIGHT = 40.0, 18.0
# A span that does not reach down near 0 would waste the plane on nothing.
_NEAR_NOTHING = 0.6


@dataclass(frozen=True)
class Panel:
    """One output, such as *platelets*, in ``unit``: a line for each explanation, ``None`` where it says nothing.

    ``off`` is why the output is not simulated; then there are no lines.
    """

    title: str
    unit: str
    lines: tuple[Levels | None, ...] = ()
    off: str = ""


@dataclass(frozen=True)
class MultiplesContent:
    """Outputs over the same ``days`` under several ``explanations``. Raises :class:`BadInput` where lengths differ."""

    title: str
    days: Levels
    explanations: tuple[str, ...]
    panels: tuple[Panel, ...]
    subtitle: str = ""
    doses: tuple[DoseMark, ...] = ()
    from_date: date | None = None
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        faults = [fault for one in self.panels for fault in self._faults(one)]
        if not self.days:
            faults.append(Fault(f"{self.title}, days", "none", "a day at least"))
        if faults:
            raise BadInput(faults)

    def _faults(self, panel: Panel) -> Iterator[Fault]:
        where = f"{self.title}, {panel.title}"
        if not panel.off and len(panel.lines) != len(self.explanations):
            yield Fault(where, f"{len(panel.lines)} lines", f"{len(self.explanations)}, one an explanation")
        for one in panel.lines:
            if one is not None and len(one) != len(self.days):
                yield Fault(where, f"{len(one)} values", f"{len(self.days)}, one a day")


def small_multiples_svg(content: MultiplesContent) -> str:
    """``content`` as an SVG 900 wide, three planes a row."""
    return _drawn(content, WIDE)


def small_multiples_narrow_svg(content: MultiplesContent) -> str:
    """``content`` as an SVG 380 wide, one plane a row."""
    return _drawn(content, NARROW)


def small_multiples_figure(content: MultiplesContent) -> Figure:
    """Both pictures and the table, for a page."""
    wide, narrow = small_multiples_svg(content), small_multiples_narrow_svg(content)
    return Figure(content.title, wide, small_multiples_table(content), narrow)


def small_multiples_table(content: MultiplesContent) -> Table:
    """Each output under each explanation: where it starts, is lowest and highest, and ends."""
    columns = ("Output", "Explanation", "Unit", "Start", "Lowest", "on day", "Highest", "on day", "End")
    return Table(columns, tuple(row for panel in content.panels for row in _rows(content, panel)))


def _rows(content: MultiplesContent, panel: Panel) -> Iterator[tuple[str, ...]]:
    if panel.off:
        yield panel.title, panel.off, panel.unit, *("",) * 6
        return
    for explanation, levels in zip(content.explanations, panel.lines, strict=True):
        if levels is None:
            yield panel.title, explanation, panel.unit, "says nothing of it", *("",) * 5
            continue
        low = min(range(len(levels)), key=levels.__getitem__)
        high = max(range(len(levels)), key=levels.__getitem__)
        yield (
            *(panel.title, explanation, panel.unit, figure(levels[0])),
            *(figure(levels[low]), day_figure(content.days[low])),
            *(figure(levels[high]), day_figure(content.days[high]), figure(levels[-1])),
        )


def dashes_of(place: int) -> str:
    """How the lines of the explanation at this place are broken."""
    return _DASHES[place % len(_DASHES)]


def _thick(place: int) -> float:
    return 1.8 if place < len(_DASHES) else 0.9


def _drawn(content: MultiplesContent, sheet: Sheet) -> str:
    parts, y = heading(content.title, content.subtitle, sheet)
    keys, y = legend(tuple(_entries(content)), y + 4, sheet)
    columns = 1 if sheet is NARROW else _COLUMNS
    y += 6
    for first in range(0, len(content.panels), columns):
        made, y = _row(content, content.panels[first : first + columns], sheet, y, columns)
        parts += made
    words, end = beneath(content.notes, y, sheet)
    kind = "multiples narrow" if sheet is NARROW else "multiples"
    said = " ".join(_said(content, panel) for panel in content.panels)
    return Picture(kind, sheet.width, end + 6, content.title, said, (*keys, *parts, *words)).svg()


def _entries(content: MultiplesContent) -> Iterator[Entry]:
    for place, one in enumerate(content.explanations):
        yield Entry(one, "line", dashes_of(place), _thick(place))
    for route in dict.fromkeys(dose.route for dose in content.doses):
        yield Entry(f"dose, {route}", mark_of(route))


def _said(content: MultiplesContent, panel: Panel) -> str:
    if panel.off:
        return f"{panel.title}: {panel.off}."
    parts = []
    for explanation, levels in zip(content.explanations, panel.lines, strict=True):
        if levels is not None:
            ends = f"from {figure(levels[0])} to {figure(levels[-1])}"
            parts.append(f"{explanation} {ends}, between {figure(min(levels))} and {figure(max(levels))}")
    return f"{panel.title}, {panel.unit}: {'; '.join(parts)}."


def _row(
    content: MultiplesContent, panels: Sequence[Panel], sheet: Sheet, y: float, columns: int
) -> tuple[list[str], float]:
    wide = (sheet.width - 2 * EDGE - (columns - 1) * _BETWEEN) / columns
    titles = [wrapped(one.title, wide, sheet.size - 0.5, bold=True, most=2) for one in panels]
    leading = sheet.size * 1.25
    top = y + leading * max(len(lines) for lines in titles) + _SIZE * 1.5
    parts: list[str] = []
    for number, (panel, lines) in enumerate(zip(panels, titles, strict=True)):
        left = EDGE + number * (wide + _BETWEEN)
        parts += [
            one.svg() for one in column(lines, Words(left, y + leading, "", size=sheet.size - 0.5, bold=True), leading)
        ]
        parts.append(Words(left, top - 3, panel.unit, size=_SIZE, soft=True, kind="tick").svg())
        place = (left, left + wide, top + 14, top + 14 + sheet.plane)
        parts += _Small(content, panel, place).parts()
    return parts, top + 14 + sheet.plane + marks_height(content.from_date, _SIZE) + _SIZE * 2.2


@dataclass(frozen=True)
class _Small:
    """One plane; ``place`` is its left, right, top and bottom, the figures of its marks included at the left."""

    content: MultiplesContent
    panel: Panel
    place: tuple[float, float, float, float]

    @cached_property
    def held(self) -> list[Levels]:
        return [one for one in self.panel.lines if one is not None]

    @cached_property
    def up(self) -> Axis:
        values = [value for one in self.held for value in one] or [0.0, 1.0]
        low, high = min(values), max(values)
        if 0 < low <= _NEAR_NOTHING * high:
            low = 0.0
        room = (high - low) * 0.06 or abs(high) * 0.1 or 1.0
        span = (low - room if low < 0 or low > room else 0.0, high + room)
        return marked(span, (self.place[3], self.place[2]), ratio=False, size=_SIZE + 6)

    @cached_property
    def across(self) -> Axis:
        span = (self.content.days[0], self.content.days[-1])
        ends = (self.place[0] + _LEFT, self.place[1] - _RIGHT)
        return day_axis(span, ends, size=_SIZE, dated=self.content.from_date)

    def parts(self) -> Iterator[str]:
        across, up, (_, _, top, bottom) = self.across, self.up, self.place
        yield line((across.left, top), (across.left, bottom))
        yield from day_marks(across, bottom, size=_SIZE, dated=self.content.from_date)
        middle, y = (across.left + across.right) / 2, bottom + marks_height(self.content.from_date, _SIZE) + _SIZE
        yield Words(middle, y, day_title(self.content.from_date), "middle", _SIZE, soft=True, kind="tick").svg()
        if self.panel.off:
            yield from self._off()
            return
        for tick in up.ticks:
            y = up.x(tick)
            yield line((across.left, y), (across.right, y), faint=0.15)
            yield Words(across.left - 5, y + _SIZE * 0.35, tick_words(tick), "end", _SIZE, kind="tick").svg()
        yield from self._doses()
        for number, levels in enumerate(self.panel.lines):
            if levels is not None:
                yield dashed(self._path(levels), dashes_of(number), thick=_thick(number))

    def _path(self, levels: Levels) -> Curve:
        across, up = self.across, self.up
        return [(across.x(day), up.x(level)) for day, level in zip(self.content.days, levels, strict=True)]

    def _doses(self) -> Iterator[str]:
        for one in self.content.doses:
            if self.across.holds(one.at_day):
                yield dose_mark(self.across.x(one.at_day), self.place[2] - 9, mark_of(one.route))

    def _off(self) -> Iterator[str]:
        left, right, top, bottom = self.place
        words = wrapped(self.panel.off, right - left - 70, _SIZE, most=4)
        first = Words(
            (left + _LEFT + right - _RIGHT) / 2,
            (top + bottom) / 2 - _SIZE * 0.6 * (len(words) - 1),
            "",
            "middle",
            _SIZE,
        )
        yield from (one.svg() for one in column(words, first, _SIZE * 1.3))
