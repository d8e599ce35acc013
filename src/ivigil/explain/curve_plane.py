"""One plane of IgG over days: bands, lines, targets, doses above, measured points, with marks that stay apart."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from html import escape
from itertools import pairwise

from ivigil.explain.curve_content import CurveContent, DoseMark, Levels, MeasuredPoint
from ivigil.explain.curve_legend import (
    EDGES,
    GIVEN,
    OWN,
    SHADE,
    THICK,
    THIN,
    TOTAL,
    mark_of,
    target_dashes,
    widest_first,
)
from ivigil.explain.curve_table import day_figure, dose_words, exact
from ivigil.explain.day_axis import day_axis, day_marks, day_title, marks_height
from ivigil.explain.plot_figures import figure, tick_words
from ivigil.explain.plot_legend import below_limit, dose_mark, dot
from ivigil.explain.plot_scale import Axis, marked
from ivigil.explain.plot_sheet import Box, Curve, area, dashed
from ivigil.explain.plot_text import Words, line, overlap, width_of

_HEAD, _LANE, _APART = 1.04, 33.0, 9.0
_CAP, _SMALLEST = 3.0, 0.4
# A label may reach this far into the room of the figures at the right.
_OVER = 24.0


@dataclass(frozen=True)
class Frame:
    """Where one plane lies: ``left`` and ``right`` of its days, its ``top`` and ``bottom``; ``size`` of its words.

    Above it is room for the doses, left for the figures of the levels, right for those of the targets.
    """

    left: float
    right: float
    top: float
    bottom: float
    size: float


def left_room(highest: float, size: float) -> float:
    """How wide the figures left of a plane are."""
    return width_of(tick_words(round(highest * _HEAD, 1)), size) + 16


def right_room(contents: Sequence[CurveContent], size: float) -> float:
    """How wide the figures right of a plane are."""
    words = [words for one in contents for _, words in _side_values(one)]
    return max((width_of(one, size) + 14 for one in words), default=size * 2)  # half of a date at the last mark


def below_room(contents: Sequence[CurveContent], size: float) -> float:
    """How high the marks and the title of the days are."""
    return max(marks_height(one.from_date, size) for one in contents) + size * 1.5


def above_room() -> float:
    """How high the doses and the title of the levels are."""
    return _LANE


@dataclass(frozen=True)
class Plane:
    """A content in its frame; ``span`` and ``highest`` are those of all pictures that are compared."""

    content: CurveContent
    frame: Frame
    span: tuple[float, float]
    highest: float

    @cached_property
    def across(self) -> Axis:
        place = (self.frame.left, self.frame.right)
        return day_axis(self.span, place, size=self.frame.size, dated=self.content.from_date)

    @cached_property
    def up(self) -> Axis:
        place = (self.frame.bottom, self.frame.top)
        return marked((0.0, self.highest * _HEAD or 1.0), place, ratio=False, size=self.frame.size)

    def parts(self) -> Iterator[str]:
        """Everything, back to front."""
        yield from self._grid()
        yield from self._curves()
        yield from self._lines()
        yield from self._axes()
        yield from self._doses()
        yield from (part for one in self.content.measured for part in self._measured(one))

    def _grid(self) -> Iterator[str]:
        for tick in self.up.ticks:
            y = self.up.x(tick)
            yield line((self.frame.left, y), (self.frame.right, y), faint=0.15)
            words, x = tick_words(tick), self.frame.left - 6
            yield Words(x, y + self.frame.size * 0.35, words, "end", self.frame.size, kind="tick").svg()

    def _axes(self) -> Iterator[str]:
        frame, dated = self.frame, self.content.from_date
        yield line((frame.left, frame.top), (frame.left, frame.bottom))
        yield from day_marks(self.across, frame.bottom, size=frame.size, dated=dated)
        y = frame.bottom + marks_height(dated, frame.size) + frame.size
        middle = (frame.left + frame.right) / 2
        yield Words(middle, y, day_title(dated), "middle", frame.size, soft=True, kind="tick").svg()

    def _path(self, levels: Levels) -> Curve:
        across, up = self.across, self.up
        return [(across.x(day), up.x(level)) for day, level in zip(self.content.days, levels, strict=True)]

    def _curves(self) -> Iterator[str]:
        shown = ((self.content.exogenous, True), (self.content.total, False))
        for band in () if self.content.total is None else widest_first(self.content.total):
            yield area(self._path(band.low), self._path(band.high), SHADE)
        # Two sets of shades in one place could not be told apart: of what was given, the edges of its widest band.
        for band in () if self.content.exogenous is None else widest_first(self.content.exogenous)[:1]:
            yield from (dashed(self._path(side), EDGES, thick=0.9, faint=0.7) for side in (band.low, band.high))
        for curve, given in shown:
            if curve is not None:
                look, thick = (GIVEN, THIN) if given else (TOTAL, THICK)
                yield dashed(self._path(curve.median), look, thick=thick)

    def _lines(self) -> Iterator[str]:
        """Targets and the person's own level, with their figures at the right that keep apart."""
        left, right, up = self.frame.left, self.frame.right, self.up
        for place, target in enumerate(self.content.targets):
            y = up.x(target.g_per_l)
            yield dashed([(left, y), (right, y)], target_dashes(place), thick=1.2)
        if self.content.baseline_g_per_l is not None:
            y = up.x(self.content.baseline_g_per_l)
            yield dashed([(left, y), (right, y)], OWN, thick=1.6)
        values = sorted(_side_values(self.content))
        places = _apart([up.x(value) for value, _ in reversed(values)], self.frame)
        for (_, words), y in zip(reversed(values), places, strict=True):
            yield Words(right + 6, y + self.frame.size * 0.35, words, "start", self.frame.size).svg()

    def _doses(self) -> Iterator[str]:
        doses, y = self.content.doses, self.frame.top - 9
        places = [self.across.x(one.at_day) for one in doses]
        gaps = [after - before for before, after in pairwise(places) if after > before]
        scale = max(min([1.0, *(gap / _APART for gap in gaps)]), _SMALLEST)
        for one, x in zip(doses, places, strict=True):
            mark = dose_mark(x, y, mark_of(one.route), scale)
            yield f"<g><title>{escape(self._dose_said(one))}</title>{mark}</g>"
        yield from (one.svg() for one in _dose_labels(doses, places, y - 6, self.frame))

    def _dose_said(self, one: DoseMark) -> str:
        return f"day {day_figure(one.at_day)}: {dose_words(one)}"

    def _measured(self, one: MeasuredPoint) -> Iterator[str]:
        level = one.shown_g_per_l
        if level is None:
            return
        x, y = self.across.x(one.at_day), self.up.x(level)
        if one.g_per_l is None:
            yield below_limit(x, y, min(9.0, max(self.frame.bottom - y, 3.0)))
            return
        if one.low is not None and one.high is not None:
            low, high = self.up.x(max(one.low, 0.0)), self.up.x(one.high)
            yield line((x, low), (x, high), thick=1.3)
            yield from (line((x - _CAP, end), (x + _CAP, end), thick=1.3) for end in (low, high))
        yield dot(x, y, f"day {day_figure(one.at_day)}: {figure(one.g_per_l)} g/L")


def _side_values(content: CurveContent) -> list[tuple[float, str]]:
    values = [(one.g_per_l, f"{tick_words(one.g_per_l)} g/L") for one in content.targets]
    if content.baseline_g_per_l is not None:
        values.append((content.baseline_g_per_l, f"{exact(content.baseline_g_per_l)} g/L"))
    return list(dict.fromkeys(values))


def _apart(places: Sequence[float], frame: Frame) -> list[float]:
    """``places`` from the top down, moved so far that words on them do not touch."""
    made: list[float] = []
    for y in places:
        made.append(max(y, made[-1] + frame.size * 1.15) if made else y)
    beyond = max([0.0, *(y - (frame.bottom - frame.size * 0.2) for y in made[-1:])])
    for place in range(len(made) - 1, -1, -1):
        limit = made[place + 1] - frame.size * 1.15 if place + 1 < len(made) else made[place] - beyond
        made[place] = min(made[place], limit)
    return made


def _dose_labels(doses: Sequence[DoseMark], places: Sequence[float], y: float, frame: Frame) -> list[Words]:
    """The grams above doses: first where they change, then as many others as have room."""
    size = frame.size - 2
    taken: list[Box] = []
    found: list[Words] = []
    changes = [one for one in range(len(doses)) if not one or _differ(doses[one - 1], doses[one])]
    for place in [*changes, *(one for one in range(len(doses)) if one not in set(changes))]:
        words = Words(places[place], y, f"{tick_words(doses[place].grams)} g", "middle", size)
        left, top, right, bottom = words.box
        wide = (left - 3, top, right + 3, bottom)
        if right <= frame.right + _OVER and not any(overlap(wide, one) for one in taken):
            taken.append(wide)
            found.append(words)
    return sorted(found, key=lambda one: one.x)


def _differ(before: DoseMark, after: DoseMark) -> bool:
    return (before.grams, before.route) != (after.grams, after.route)
