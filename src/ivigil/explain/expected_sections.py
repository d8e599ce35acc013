"""The IgG that a course is expected to add, as a picture and a table."""

from __future__ import annotations

from collections.abc import Iterator

from ivigil.explain.curve_content import CurveContent, DoseMark, LevelCurve
from ivigil.explain.layout import Row, Section, Table
from ivigil.explain.plot_figures import figure
from ivigil.review.expected import ExpectedCurve, ExpectedIgg

_MODEL = (
    "An apparent, linear model of the immunoglobulin given, at the doses it was built on: a model, not a measurement."
)
_WEEKS = (7, 14, 21, 28, 42)  # days after the first dose at which the table reads the curve


def expected_sections(expected: tuple[ExpectedIgg, ...]) -> Iterator[Section]:
    """A section for each model that answers, and one row for each that cannot yet."""
    for number, one in enumerate(expected):
        if one.curves:
            yield _section(one, folded=number > 0)
    waiting = [one for one in expected if not one.curves]
    if waiting:
        yield Section("Expected IgG, not yet", tuple(_waiting(one) for one in waiting), folded=True)


def _section(one: ExpectedIgg, *, folded: bool) -> Section:
    half_life = f"Terminal half-life of what was given, in this model: {figure(one.half_life_days or 0)} days."
    own = (
        f"The level measured before, {figure(one.own_g_per_l)} g/L, is added to it."
        if one.own_g_per_l is not None
        else "The patient's own IgG is not known: the rise above it is shown."
    )
    source = f"{one.model.title}; {one.model.passage.source}, {one.model.passage.place}"
    rows = [Row(source, "model", (_MODEL, half_life)), Row(own), *(Row(words, "outside") for words in one.says)]
    drawn = [_content(curve, one.own_g_per_l) for curve in one.curves]
    title = "Expected IgG"
    from ivigil.explain.igg_curve import igg_curves_narrow_svg, igg_curves_svg  # noqa: PLC0415 - it rests on the page

    wide, narrow = igg_curves_svg(title, drawn), igg_curves_narrow_svg(title, drawn)
    picture = f'<div class="plot-wide">{wide}</div><div class="plot-narrow">{narrow}</div>'
    return Section(title, tuple(rows), folded=folded, table=_table(one), picture=picture)


def _content(curve: ExpectedCurve, own: float | None) -> CurveContent:
    rise = LevelCurve(curve.rise_g_per_l)
    total = LevelCurve(tuple(own + level for level in curve.rise_g_per_l)) if own is not None else None
    doses = tuple(DoseMark(one.at_day, one.grams, one.route) for one in curve.course.doses)
    return CurveContent(curve.name, curve.days, total, exogenous=rise, doses=doses, baseline_g_per_l=own)


def _table(one: ExpectedIgg) -> Table:
    columns = ("Course", "grams", "highest", *(f"day {day}" for day in _WEEKS))
    return Table(columns, tuple(_row(curve) for curve in one.curves))


def _row(curve: ExpectedCurve) -> tuple[str, ...]:
    """The rise in g/L at its highest and on some days."""
    by_day = dict(zip(curve.days, curve.rise_g_per_l, strict=True))
    grams = sum(one.grams for one in curve.course.doses)
    later = (f"+{figure(by_day[float(day)])} g/L" for day in _WEEKS)
    return (curve.name, f"{figure(grams)} g", f"+{figure(max(curve.rise_g_per_l))} g/L", *later)


def _waiting(one: ExpectedIgg) -> Row:
    return Row(f"{one.model.title}: to be known: {', '.join(one.needs)}", "unknown")
