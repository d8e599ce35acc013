"""A funnel plot: small studies at the bottom, a region around the pooled effect, every point in the table."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from tests.unit.explain.plots import MIXED, SVG, case, covered, is_inert, numbers_untold, outside, read, texts, written

from ivigil.explain.funnel import (
    FunnelContent,
    FunnelPoint,
    funnel_figure,
    funnel_narrow_svg,
    funnel_svg,
    funnel_table,
    points_of,
)
from ivigil.explain.plot_figures import figure
from ivigil.explain.plot_numbers import seen
from ivigil.synthesis.measures import MEASURES

# Coordinates are written to a tenth.
TENTH = 0.11
DRAWINGS = (funnel_svg, funnel_narrow_svg)


def content() -> FunnelContent:
    one = case(MIXED)
    return FunnelContent("Funnel", "Outcome", one.effects.measure, points_of(one.effects), one.pooled.effect.value)


def drawn_points(svg: str) -> list[tuple[float, float]]:
    return [(float(one.attrib["cx"]), float(one.attrib["cy"])) for one in read(svg).iter(f"{SVG}circle")]


@pytest.mark.parametrize("draw", DRAWINGS)
@pytest.mark.parametrize(
    "given",
    [
        content(),
        replace(content(), centre=None),
        replace(content(), points=content().points[:1]),
        replace(content(), points=()),
        replace(content(), measure=MEASURES["MD"]),
        replace(content(), measure=MEASURES["PLO"]),
        replace(content(), points=(*content().points, FunnelPoint("Huge", 3, 200.0), FunnelPoint("Not", math.nan, 1))),
        replace(content(), points=tuple(FunnelPoint(f"Study {n}", n / 10, 0.1 + n / 50) for n in range(40))),
        replace(content(), points=tuple(FunnelPoint(f"Same {n}", 0.1, 0.3) for n in range(12))),
    ],
)
def test_it_is_readable_and_told_in_the_table(draw: type, given: FunnelContent) -> None:
    svg = draw(given)
    assert covered(svg) == outside(svg) == []
    assert is_inert(svg)
    assert svg == draw(given)
    assert numbers_untold(svg, funnel_table(given)) == set()
    assert len(drawn_points(svg)) == len(given.drawn)


def test_a_larger_standard_error_lies_lower_and_a_larger_effect_further_right() -> None:
    given = replace(content(), points=(FunnelPoint("A", -1, 0.1), FunnelPoint("B", 0, 0.4), FunnelPoint("C", 1, 0.2)))
    (xa, ya), (xb, yb), (xc, yc) = drawn_points(funnel_svg(given))
    assert xa < xb < xc
    assert ya < yc < yb
    # On the pooling scale both axes are even.
    assert xb - xa == pytest.approx(xc - xb, abs=2 * TENTH)
    assert yb - yc == pytest.approx(2 * (yc - ya), abs=3 * TENTH)


def test_the_table_holds_every_point_and_says_which_are_not_known() -> None:
    given = replace(content(), points=(*content().points, FunnelPoint("Imputed", 0.4, 0.2, filled=True)))
    rows = funnel_table(given).rows
    assert [row[0] for row in rows[:-1]] == [one.label for one in given.points]
    assert [row[3] for row in rows if row[0] == "Imputed"] == ["put there by trim and fill"]
    assert rows[-1][1] == figure(seen(given.measure, given.centre or 0.0))
    assert 'fill="none" stroke="currentColor"><title>Imputed' in funnel_svg(given)
    assert "no such study is known" in written(funnel_svg(given))


def test_a_study_that_cannot_be_drawn_is_named() -> None:
    given = replace(content(), points=(*content().points, FunnelPoint("Nowhere", math.inf, 0.2)))
    assert "Nowhere" in written(funnel_svg(given))
    assert len(drawn_points(funnel_svg(given))) == len(given.points) - 1


def test_its_marks_begin_at_no_error_and_both_widths_make_a_figure() -> None:
    assert "0" in [one.text for one in texts(funnel_svg(content())) if one.kind == "tick"]
    assert funnel_figure(content()).narrow == funnel_narrow_svg(content())
