"""The expected IgG of one person over time as a picture: total and given, with bands, doses, targets, measurements.

It needs no numeric library, so that the curve beside a single decision does not slow it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from ivigil.explain.curve_content import (
    Band,
    CurveContent,
    DoseMark,
    LevelCurve,
    MeasuredPoint,
    TargetLine,
)
from ivigil.explain.curve_legend import entries
from ivigil.explain.curve_plane import Frame, Plane, above_room, below_room, left_room, right_room
from ivigil.explain.curve_table import curve_table, day_figure, dose_words
from ivigil.explain.evidence_page import Figure
from ivigil.explain.plot_figures import figure, tick_words
from ivigil.explain.plot_legend import legend
from ivigil.explain.plot_sheet import EDGE, Sheet, beneath, heading
from ivigil.explain.plot_text import Picture, Words, wrapped

__all__ = [
    "Band",
    "CurveContent",
    "DoseMark",
    "LevelCurve",
    "MeasuredPoint",
    "TargetLine",
    "curve_table",
    "igg_curve_figure",
    "igg_curve_narrow_svg",
    "igg_curve_svg",
    "igg_curves_figure",
    "igg_curves_narrow_svg",
    "igg_curves_svg",
]

WIDE, NARROW = Sheet(900, 330, 13), Sheet(380, 240, 13)
_COLUMNS, _BETWEEN = 2, 24.0
_MOST_SAID, _BESIDE = 12, 0.015


def igg_curve_svg(content: CurveContent) -> str:
    """``content`` as an SVG 900 wide."""
    return _drawn(content.title, (content,), WIDE)


def igg_curve_narrow_svg(content: CurveContent) -> str:
    """``content`` as an SVG 380 wide, for a phone."""
    return _drawn(content.title, (content,), NARROW)


def igg_curve_figure(content: CurveContent) -> Figure:
    """Both pictures and the table, for a page."""
    return Figure(content.title, igg_curve_svg(content), curve_table(content), igg_curve_narrow_svg(content))


def igg_curves_svg(title: str, contents: Sequence[CurveContent]) -> str:
    """``contents`` side by side on the same scales, such as the requested and the proposed dose; 900 wide."""
    return _drawn(title, contents, WIDE)


def igg_curves_narrow_svg(title: str, contents: Sequence[CurveContent]) -> str:
    """``contents`` one below the other on the same scales, 380 wide."""
    return _drawn(title, contents, NARROW)


def igg_curves_figure(title: str, contents: Sequence[CurveContent]) -> Figure:
    """Both pictures of several contents and one table, for a page."""
    wide, narrow = igg_curves_svg(title, contents), igg_curves_narrow_svg(title, contents)
    return Figure(title, wide, curve_table(*contents), narrow)


def _drawn(title: str, contents: Sequence[CurveContent], sheet: Sheet) -> str:
    alone = len(contents) == 1
    parts, y = heading(title, contents[0].subtitle if alone else "", sheet)
    keys, y = legend(entries(contents), y + 4, sheet)
    y += 8
    columns = 1 if alone or sheet is NARROW else _COLUMNS
    for first in range(0, len(contents), columns):
        row = [replace(one, title="", subtitle="") if alone else one for one in contents[first : first + columns]]
        made, y = _row(row, contents, sheet, y, columns)
        parts += made
    notes = tuple(dict.fromkeys(note for one in contents for note in one.notes))
    words, end = beneath(notes, y, sheet)
    kind = "igg-curve narrow" if sheet is NARROW else "igg-curve"
    said = " ".join(_said(one, alone=alone) for one in contents)
    return Picture(kind, sheet.width, end + 6, title, said, (*keys, *parts, *words)).svg()


def _row(
    row: Sequence[CurveContent], contents: Sequence[CurveContent], sheet: Sheet, y: float, columns: int
) -> tuple[list[str], float]:
    """Planes beside each other under their own titles, and where they end."""
    size = sheet.size
    highest = max(one.highest for one in contents)
    wide = (sheet.width - 2 * EDGE - (columns - 1) * _BETWEEN) / columns
    titles = [_titles(one, wide, size) for one in row]
    parts, top = [], y + max(len(lines) for lines in titles) * size * 1.35
    for number, (content, lines) in enumerate(zip(row, titles, strict=True)):
        left = EDGE + number * (wide + _BETWEEN)
        parts += [
            Words(left, y + size * (1.35 * place + 1), words, size=size, bold=place == 0).svg()
            for place, words in enumerate(lines)
        ]
        frame = Frame(
            left + left_room(highest, size),
            left + wide - right_room(contents, size),
            top + size * 1.2 + above_room(),
            top + size * 1.2 + above_room() + sheet.plane,
            size,
        )
        parts.append(Words(left, top + size, "IgG in g/L", size=size, soft=True, kind="tick").svg())
        parts += Plane(content, frame, _span(contents), highest).parts()
    return parts, top + size * 1.2 + above_room() + sheet.plane + below_room(contents, size) + 6


def _titles(content: CurveContent, wide: float, size: float) -> list[str]:
    if not content.title:
        return []
    return [*wrapped(content.title, wide, size, bold=True, most=1), *wrapped(content.subtitle, wide, size, most=2)]


def _span(contents: Sequence[CurveContent]) -> tuple[float, float]:
    """All days, with room beside a point that would lie on the edge."""
    low, high = min(one.span[0] for one in contents), max(one.span[1] for one in contents)
    days = [point.at_day for one in contents for point in one.measured]
    room = (high - low) * _BESIDE
    return (
        min([low, *(day - room for day in days)]),
        max([high, *(day + room for day in days)]),
    )


def _said(content: CurveContent, *, alone: bool) -> str:
    """The picture in sentences, for who cannot see it."""
    return " ".join(_sentences(content, alone=alone))


def _sentences(content: CurveContent, *, alone: bool) -> Iterator[str]:
    first, last = (day_figure(content.days[place]) for place in (0, -1))
    yield f"IgG in g/L from day {first} to day {last}." if alone else f"{content.title}, day {first} to day {last}:"
    for name, curve in (("Total IgG", content.total), ("Given IgG", content.exogenous)):
        if curve is not None:
            start, end = figure(curve.median[0]), figure(curve.median[-1])
            peak, low = figure(max(curve.median)), figure(min(curve.median))
            yield f"{name} starts at {start}, lies between {low} and {peak}, and ends at {end}."
    if content.doses:
        some = [f"day {day_figure(one.at_day)} {dose_words(one)}" for one in content.doses[:_MOST_SAID]]
        more = len(content.doses) - len(some)
        yield f"Doses: {'; '.join(some)}{f'; and {more} more' if more else ''}."
    if content.targets:
        yield f"Targets: {'; '.join(f'{one.words} ({tick_words(one.g_per_l)} g/L)' for one in content.targets)}."
    if content.measured:
        yield f"Measured levels: {len(content.measured)}."
