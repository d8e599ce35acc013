"""L'Abbé plots: the risk with treatment against the risk with the comparator, a point for each study."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import exp, isfinite, sqrt

from ivigil.explain.evidence_page import Figure
from ivigil.explain.layout import Table
from ivigil.explain.plot_figures import figure, per_cent
from ivigil.explain.plot_numbers import seen
from ivigil.explain.plot_scale import Axis, marked
from ivigil.explain.plot_sheet import Sheet, axes, beneath, curve, heading
from ivigil.explain.plot_text import Picture
from ivigil.explain.point_plot import NARROW, WIDE, Point, labels
from ivigil.synthesis.measures import Measure
from ivigil.synthesis.rows import TwoByTwo

_STEPS, _LARGEST, _SMALLEST = 50, 15.0, 3.0
_HUNDRED = 100.0
# A ratio of e to this power is drawn along the edges; a larger one could not be computed.
_STEEPEST = 30.0


@dataclass(frozen=True)
class LabbeContent:
    """A L'Abbé plot in plain values; ``effect`` is pooled, on the pooling scale of ``measure``, or ``None``."""

    title: str
    outcome: str
    a_name: str
    b_name: str
    tables: tuple[TwoByTwo, ...]
    measure: Measure
    effect: float | None
    notes: tuple[str, ...] = ()

    @property
    def drawn(self) -> tuple[TwoByTwo, ...]:
        """The tables with somebody in both arms."""
        return tuple(one for one in self.tables if one.n_a > 0 and one.n_b > 0)


def labbe_svg(content: LabbeContent) -> str:
    """``content`` as an SVG 620 wide."""
    return _drawn(content, WIDE)


def labbe_narrow_svg(content: LabbeContent) -> str:
    """``content`` as an SVG 380 wide, for a phone."""
    return _drawn(content, NARROW)


def labbe_figure(content: LabbeContent) -> Figure:
    """Both pictures and the table, for a page."""
    return Figure(content.title, labbe_svg(content), labbe_table(content), labbe_narrow_svg(content))


def labbe_table(content: LabbeContent) -> Table:
    """Each study as a row: events and risk with the comparator and with treatment; then the pooled effect."""
    arms = (content.b_name, content.a_name)
    columns = ("Study", *(head for arm in arms for head in (f"{arm}, events/total", f"{arm}, risk")))
    rows = [(one.label, *_arm(one.events_b, one.n_b), *_arm(one.events_a, one.n_a)) for one in content.tables]
    if _has_line(content):
        rows.append((f"Pooled {content.measure.words}", "", "", "", _pooled(content)))
    return Table(columns, tuple(rows))


def _arm(events: float, n: float) -> tuple[str, str]:
    return f"{events:g}/{n:g}", per_cent(_HUNDRED * events / n) if n > 0 else "–"


def _pooled(content: LabbeContent) -> str:
    return "" if content.effect is None else figure(seen(content.measure, content.effect))


def _drawn(content: LabbeContent, sheet: Sheet) -> str:
    parts, y = heading(content.title, content.outcome, sheet)
    top = y + sheet.size * 1.6
    side = min(sheet.right - sheet.left, sheet.plane + 60)
    across = marked((0.0, _HUNDRED), (sheet.left, sheet.left + side), ratio=False, size=sheet.size)
    up = marked((0.0, _HUNDRED), (top + side, top), ratio=False, size=sheet.size)
    points = [_point(content, one, across, up) for one in content.drawn]
    # The largest first, so that no small one lies hidden under it.
    ordered = sorted(points, key=lambda one: -one.radius)
    titles = (f"Risk with {content.b_name}, %", f"Risk with {content.a_name}, %")
    lines = _lines(content, across, up)
    parts += [curve(one, dashed=place > 0, faint=1 if place else 0.5) for place, one in enumerate(lines)]
    parts += [*axes(across, up, titles, sheet), *(one.svg() for one in ordered)]
    parts += labels(points, (sheet.left + 2, top, sheet.width, top + side - 2), sheet, lines)
    words, end = beneath(tuple(_fine(content)), top + side + sheet.size * 3, sheet)
    kind = "labbe narrow" if sheet is NARROW else "labbe"
    said = f"L'Abbé plot of {content.outcome or content.title}. {'; '.join(one.said for one in points)}."
    return Picture(kind, sheet.width, end + 6, content.title, said, (*parts, *words)).svg()


def _point(content: LabbeContent, one: TwoByTwo, across: Axis, up: Axis) -> Point:
    (a, risk_a), (b, risk_b) = _arm(one.events_a, one.n_a), _arm(one.events_b, one.n_b)
    said = f"{one.label}: {content.a_name} {a}, {risk_a}; {content.b_name} {b}, {risk_b}"
    most = max(each.n_a + each.n_b for each in content.drawn)
    radius = max(_SMALLEST, _LARGEST * sqrt((one.n_a + one.n_b) / most))
    x, y = across.x(_HUNDRED * one.events_b / one.n_b), up.x(_HUNDRED * one.events_a / one.n_a)
    return Point(x, y, radius, one.label, said)


def _lines(content: LabbeContent, across: Axis, up: Axis) -> list[list[tuple[float, float]]]:
    """Equal risks, then the risks of one constant effect."""
    equal = [(across.x(risk), up.x(risk)) for risk in (0.0, _HUNDRED)]
    if not _has_line(content):
        return [equal]
    risks = [step / _STEPS for step in range(_STEPS + 1)]
    with_treatment = ((risk, _turned(content, risk)) for risk in risks)
    return [equal, [(across.x(_HUNDRED * b), up.x(_HUNDRED * a)) for b, a in with_treatment if 0 <= a <= 1]]


def _has_line(content: LabbeContent) -> bool:
    """Whether the pooled effect turns one risk into another."""
    known = content.measure.name in {"RR", "OR", "PETO", "RD"}
    return known and content.effect is not None and isfinite(content.effect)


def _turned(content: LabbeContent, risk: float) -> float:
    """The risk with treatment where that with the comparator is ``risk`` and the pooled effect holds."""
    effect = content.effect or 0.0
    bounded = max(-_STEEPEST, min(effect, _STEEPEST))
    if content.measure.name == "RD":
        return risk + effect
    if content.measure.name == "RR":
        return risk * exp(bounded)
    ratio = exp(bounded)
    return risk * ratio / (1 - risk + risk * ratio)


def _fine(content: LabbeContent) -> Iterator[str]:
    yield "Solid: equal risks. The area of a circle is the number of participants."
    if _has_line(content):
        yield f"Dashed: the pooled {content.measure.words} of {_pooled(content)} at every risk."
    if missing := [one.label for one in content.tables if one not in content.drawn]:
        yield f"Without participants in an arm, so not drawn: {', '.join(missing)}."
    yield from content.notes
