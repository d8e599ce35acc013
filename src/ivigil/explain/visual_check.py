"""Visual predictive checks: quantiles of what was observed over the bands in which simulations place them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from ivigil.documents import BadInput, Fault
from ivigil.explain.curve_content import Levels
from ivigil.explain.curve_plane import left_room
from ivigil.explain.curve_table import day_figure
from ivigil.explain.day_axis import day_axis, day_marks, marks_height
from ivigil.explain.evidence_page import Figure
from ivigil.explain.layout import Table
from ivigil.explain.plot_figures import figure, interval, level_words, tick_words
from ivigil.explain.plot_legend import Entry, legend, ring, speck
from ivigil.explain.plot_scale import Axis, marked
from ivigil.explain.plot_sheet import EDGE, Curve, Sheet, area, beneath, dashed, heading
from ivigil.explain.plot_text import Picture, Words, line

WIDE, NARROW = Sheet(900, 330, 13), Sheet(380, 260, 13)
_MIDDLE, _SHADE, _DASHES = 0.5, 0.16, "6 3"


@dataclass(frozen=True)
class CheckedQuantile:
    """One quantile on each day: as observed (``None`` where nobody was), and its simulated median and band."""

    quantile: float
    observed: tuple[float | None, ...]
    median: Levels
    low: Levels
    high: Levels

    @property
    def series(self) -> tuple[tuple[str, tuple[float | None, ...]], ...]:
        """Everything that has one value a day, by name."""
        return ("observed", self.observed), ("median", self.median), ("low", self.low), ("high", self.high)

    def outside(self, place: int) -> bool:
        """Whether what was observed lies outside its band."""
        value = self.observed[place]
        return value is not None and not self.low[place] <= value <= self.high[place]


@dataclass(frozen=True)
class CheckContent:
    """A check on ``days``, which stand for groups of observations; ``level`` is that of the simulated bands.

    ``points`` are single observations, each a day and a value. Raises :class:`BadInput` where lengths differ.
    """

    title: str
    days: Levels
    quantiles: tuple[CheckedQuantile, ...]
    level: float
    subtitle: str = ""
    unit: str = "IgG in g/L"
    day_title: str = "Days"
    points: tuple[tuple[float, float], ...] = ()
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        faults = [
            Fault(f"{self.title}, {name} of {level_words(one.quantile)}", f"{len(values)} values", f"{len(self.days)}")
            for one in self.quantiles
            for name, values in one.series
            if len(values) != len(self.days)
        ]
        if not self.days or not self.quantiles:
            faults.append(Fault(self.title, "no day or no quantile", "one of each at least"))
        if faults:
            raise BadInput(faults)

    @property
    def highest(self) -> float:
        """The highest value drawn."""
        simulated = [value for one in self.quantiles for value in one.high]
        observed = [value for one in self.quantiles for value in one.observed if value is not None]
        return max([*simulated, *observed, *(value for _, value in self.points)])


def visual_check_svg(content: CheckContent) -> str:
    """``content`` as an SVG 900 wide."""
    return _drawn(content, WIDE)


def visual_check_narrow_svg(content: CheckContent) -> str:
    """``content`` as an SVG 380 wide, for a phone."""
    return _drawn(content, NARROW)


def visual_check_figure(content: CheckContent) -> Figure:
    """Both pictures and the table, for a page."""
    wide, narrow = visual_check_svg(content), visual_check_narrow_svg(content)
    return Figure(content.title, wide, visual_check_table(content), narrow)


def visual_check_table(content: CheckContent) -> Table:
    """Each quantile on each day: observed, simulated, and whether it lies in its band."""
    band = f"Simulated, {level_words(content.level)}"
    columns = ("Quantile", "Day", "Observed", "Simulated, median", band, "Remark")
    return Table(columns, tuple(row for one in content.quantiles for row in _rows(content, one)))


def _rows(content: CheckContent, one: CheckedQuantile) -> Iterator[tuple[str, ...]]:
    for place, day in enumerate(content.days):
        value = one.observed[place]
        yield (
            level_words(one.quantile),
            day_figure(day),
            "none" if value is None else figure(value),
            figure(one.median[place]),
            interval(one.low[place], one.high[place]),
            "outside its band" if one.outside(place) else "",
        )


def _drawn(content: CheckContent, sheet: Sheet) -> str:
    parts, y = heading(content.title, content.subtitle, sheet)
    keys, y = legend(tuple(_entries(content)), y + 4, sheet)
    parts.append(Words(EDGE, y + sheet.size * 1.6, content.unit, size=sheet.size, soft=True, kind="tick").svg())
    top = y + sheet.size * 2.4
    left = EDGE + left_room(content.highest, sheet.size)
    plane = _Plane(content, (left, sheet.width - EDGE - 14), (top + sheet.plane, top), sheet)
    parts += plane.parts()
    y = top + sheet.plane + marks_height(None, sheet.size) + sheet.size * 1.5
    words, end = beneath((*content.notes, _counted(content)), y, sheet)
    kind = "check narrow" if sheet is NARROW else "check"
    return Picture(kind, sheet.width, end + 6, content.title, _said(content), (*keys, *parts, *words)).svg()


def _entries(content: CheckContent) -> Iterator[Entry]:
    middle = any(one.quantile == _MIDDLE for one in content.quantiles)
    outer = [level_words(one.quantile) for one in content.quantiles if one.quantile != _MIDDLE]
    if middle:
        yield Entry("observed median", "line", "", 2)
    if outer:
        yield Entry(f"observed {' and '.join(outer)} quantile{'s' if len(outer) > 1 else ''}", "line", _DASHES, 1.6)
    yield Entry(f"where {level_words(content.level)} of simulations place each", "band", shade=_SHADE)
    yield Entry("simulated median of each", "line", "1 3", 1.1)
    if content.points:
        yield Entry("single observations", "speck")
    if any(one.outside(place) for one in content.quantiles for place in range(len(content.days))):
        yield Entry("observed outside its band", "ring")


def _counted(content: CheckContent) -> str:
    places = range(len(content.days))
    all_of = sum(one.observed[place] is not None for one in content.quantiles for place in places)
    out = sum(one.outside(place) for one in content.quantiles for place in places)
    return f"{out} of {all_of} observed quantiles lie outside their bands."


def _said(content: CheckContent) -> str:
    names = ", ".join(level_words(one.quantile) for one in content.quantiles)
    first, last = day_figure(content.days[0]), day_figure(content.days[-1])
    return f"Quantiles {names} of {content.unit} from day {first} to day {last}. {_counted(content)}"


@dataclass(frozen=True)
class _Plane:
    content: CheckContent
    ends: tuple[float, float]
    heights: tuple[float, float]
    sheet: Sheet

    @cached_property
    def across(self) -> Axis:
        days = [*self.content.days, *(day for day, _ in self.content.points)]
        room = (max(days) - min(days)) * 0.02
        return day_axis((min(days) - room, max(days) + room), self.ends, size=self.sheet.size)

    @cached_property
    def up(self) -> Axis:
        return marked((0.0, self.content.highest * 1.04 or 1.0), self.heights, ratio=False, size=self.sheet.size)

    def parts(self) -> Iterator[str]:
        across, up, bottom = self.across, self.up, self.heights[0]
        for tick in up.ticks:
            y, words = up.x(tick), tick_words(tick)
            yield line((across.left, y), (across.right, y), faint=0.15)
            yield Words(across.left - 6, y + self.sheet.size * 0.35, words, "end", self.sheet.size, kind="tick").svg()
        yield line((across.left, self.heights[1]), (across.left, bottom))
        yield from day_marks(across, bottom, size=self.sheet.size)
        y = bottom + marks_height(None, self.sheet.size) + self.sheet.size
        middle, words = (across.left + across.right) / 2, self.content.day_title
        yield Words(middle, y, words, "middle", self.sheet.size, soft=True, kind="tick").svg()
        for one in self.content.quantiles:
            yield area(self._path(one.low), self._path(one.high), _SHADE)
        for x, value in self.content.points:
            yield speck(across.x(x), up.x(value))
        for one in self.content.quantiles:
            yield from self._lines(one)

    def _path(self, levels: Levels) -> Curve:
        across, up = self.across, self.up
        return [(across.x(day), up.x(level)) for day, level in zip(self.content.days, levels, strict=True)]

    def _lines(self, one: CheckedQuantile) -> Iterator[str]:
        across, up = self.across, self.up
        yield dashed(self._path(one.median), "1 3", thick=1.1)
        seen = [(across.x(day), up.x(value)) for day, value in self._observed(one)]
        look, thick = ("", 2.0) if one.quantile == _MIDDLE else (_DASHES, 1.6)
        yield dashed(seen, look, thick=thick)
        for place, day in enumerate(self.content.days):
            value = one.observed[place]
            if value is not None and one.outside(place):
                yield ring(across.x(day), up.x(value))

    def _observed(self, one: CheckedQuantile) -> list[tuple[float, float]]:
        pairs = zip(self.content.days, one.observed, strict=True)
        return [(day, value) for day, value in pairs if value is not None]
