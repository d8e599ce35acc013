"""Funnel plots: effects against their standard errors, with the region where most would lie without other reasons."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import isfinite
from statistics import NormalDist

from ivigil.explain.evidence_page import Figure
from ivigil.explain.layout import Table
from ivigil.explain.plot_axis import axis_of
from ivigil.explain.plot_figures import figure, level_words
from ivigil.explain.plot_marks import null_x
from ivigil.explain.plot_numbers import begun, effect_words, seen
from ivigil.explain.plot_rows import axis_title
from ivigil.explain.plot_scale import Axis, marked
from ivigil.explain.plot_sheet import Sheet, axes, beneath, curve, heading
from ivigil.explain.plot_text import Picture
from ivigil.explain.point_plot import NARROW, WIDE, Point, labels
from ivigil.synthesis.measures import Measure
from ivigil.synthesis.results import Effects, Estimate

_STEPS, _RADIUS = 24, 4.5


@dataclass(frozen=True)
class FunnelPoint:
    """A study: its effect and standard error on the pooling scale; ``filled`` where trim and fill put it there."""

    label: str
    value: float
    se: float
    filled: bool = False


@dataclass(frozen=True)
class FunnelContent:
    """A funnel plot in plain values; ``centre`` is the pooled effect on the pooling scale, ``level`` of the region."""

    title: str
    outcome: str
    measure: Measure
    points: tuple[FunnelPoint, ...]
    centre: float | None
    level: float = 0.95
    notes: tuple[str, ...] = ()

    @property
    def drawn(self) -> tuple[FunnelPoint, ...]:
        """The points whose effect and standard error are numbers."""
        return tuple(one for one in self.points if isfinite(one.value) and isfinite(one.se) and one.se >= 0)

    @property
    def middle(self) -> float | None:
        return self.centre if self.centre is not None and isfinite(self.centre) else None


def points_of(effects: Effects) -> tuple[FunnelPoint, ...]:
    """The studies of an analysis as points."""
    pairs = zip(effects.labels, effects.estimates, effects.variances, strict=True)
    return tuple(FunnelPoint(label, float(value), float(variance) ** 0.5) for label, value, variance in pairs)


def funnel_svg(content: FunnelContent) -> str:
    """``content`` as an SVG 620 wide."""
    return _drawn(content, WIDE)


def funnel_narrow_svg(content: FunnelContent) -> str:
    """``content`` as an SVG 380 wide, for a phone."""
    return _drawn(content, NARROW)


def funnel_figure(content: FunnelContent) -> Figure:
    """Both pictures and the table, for a page."""
    return Figure(content.title, funnel_svg(content), funnel_table(content), funnel_narrow_svg(content))


def funnel_table(content: FunnelContent) -> Table:
    """Each point as a row: its effect as a reader sees it, its standard error on the pooling scale; then the centre."""
    columns = ("Study", begun(content.measure.words), _se_title(content.measure), "Remark")
    rows = [(one.label, *_figures(content.measure, one), _remark(one)) for one in content.points]
    if content.middle is not None:
        rows.append(("Pooled effect", figure(seen(content.measure, content.middle)), "", ""))
    return Table(columns, tuple(rows))


def _figures(measure: Measure, one: FunnelPoint) -> tuple[str, str]:
    if not isfinite(one.value):
        return effect_words(measure, None), figure(one.se)
    return figure(seen(measure, one.value)), figure(one.se)


def _remark(one: FunnelPoint) -> str:
    return "put there by trim and fill" if one.filled else ""


def _se_title(measure: Measure) -> str:
    scale = {"identity": "", "log": " of the logarithm"}.get(measure.scale, f" ({measure.scale} scale)")
    return f"Standard error{scale}"


def _drawn(content: FunnelContent, sheet: Sheet) -> str:
    parts, y = heading(content.title, content.outcome, sheet)
    top = y + sheet.size * 1.6
    bottom = top + sheet.plane
    plane = _Plane.of(content, sheet, (top, bottom))
    points = [plane.point(content.measure, one) for one in content.drawn]
    frame = (sheet.left + 2, top, sheet.right, bottom - 2)
    null, region = plane.null(content.measure), plane.region(content)
    parts += [curve(null, faint=0.5), *(curve(one, dashed=True) for one in region)]
    parts += axes(plane.across, plane.up, _titles(content), sheet)
    parts += [*(one.svg() for one in points), *labels(points, frame, sheet, [null, *region])]
    words, end = beneath(tuple(_fine(content)), bottom + sheet.size * 3, sheet)
    shown = "; ".join(point.said for point in points)
    said = f"Funnel plot of {content.outcome or content.title}. {shown}."
    kind = "funnel narrow" if sheet is NARROW else "funnel"
    return Picture(kind, sheet.width, end + 6, content.title, said, (*parts, *words)).svg()


def _titles(content: FunnelContent) -> tuple[str, str]:
    return axis_title(content.measure), _se_title(content.measure)


def _fine(content: FunnelContent) -> Iterator[str]:
    if content.middle is not None:
        level = level_words(content.level)
        pooled = figure(seen(content.measure, content.middle))
        yield f"Dashed: the pooled effect, {pooled}, and where {level} of studies would lie by chance alone."
    if any(one.filled for one in content.points):
        yield "Hollow: put there by trim and fill; no such study is known."
    if missing := [one.label for one in content.points if one not in content.drawn]:
        yield f"Not estimable, so not drawn: {', '.join(missing)}."
    yield from content.notes


@dataclass(frozen=True)
class _Plane:
    """Both axes; standard errors rise downwards from 0."""

    across: Axis
    up: Axis
    largest: float
    reach: float

    @classmethod
    def of(cls, content: FunnelContent, sheet: Sheet, place: tuple[float, float]) -> _Plane:
        largest = max([one.se for one in content.drawn] or [0.0]) * 1.08 or 1.0
        reach = NormalDist().inv_cdf((1 + content.level) / 2)
        sides = [] if content.middle is None else [content.middle + side * reach * largest for side in (-1, 1)]
        effects = [Estimate(one.value, one.value, one.value) for one in content.drawn]
        ends = (sheet.left, sheet.right)
        across = axis_of(content.measure, effects, ends, wanted=sides, size=sheet.size)
        up = marked((0.0, largest), place, ratio=False, size=sheet.size)
        return cls(across, up, largest, reach)

    def at(self, measure: Measure, value: float, se: float) -> tuple[float, float]:
        return self.across.x(seen(measure, value)), self.up.x(se)

    def point(self, measure: Measure, one: FunnelPoint) -> Point:
        x, y = self.at(measure, one.value, one.se)
        effect, se = _figures(measure, one)
        return Point(x, y, _RADIUS, one.label, f"{one.label}: {effect}, standard error {se}", hollow=one.filled)

    def null(self, measure: Measure) -> tuple[tuple[float, float], ...]:
        """The line of no difference, if the measure has one."""
        x = null_x(self.across, measure)
        return () if x is None else ((x, self.up.left), (x, self.up.right))

    def region(self, content: FunnelContent) -> list[list[tuple[float, float]]]:
        """The pooled effect, then the region around it, as lines."""
        if content.middle is None:
            return []
        errors = [self.largest * step / _STEPS for step in range(_STEPS + 1)]
        sides = (0.0, -self.reach, self.reach)
        return [[self.at(content.measure, content.middle + side * se, se) for se in errors] for side in sides]
