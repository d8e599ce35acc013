"""A L'Abbé plot: risks of both arms of each study, equality, and the line of one constant effect."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from tests.unit.explain.plots import (
    KAWASAKI,
    MIXED,
    SVG,
    case,
    covered,
    is_inert,
    numbers_untold,
    outside,
    read,
    written,
)

from ivigil.explain.labbe import LabbeContent, labbe_figure, labbe_narrow_svg, labbe_svg, labbe_table
from ivigil.synthesis.measures import MEASURES
from ivigil.synthesis.rows import TwoByTwo

TENTH = 0.11
DRAWINGS = (labbe_svg, labbe_narrow_svg)


def content(rows: tuple[TwoByTwo, ...] = MIXED, measure: str = "RR") -> LabbeContent:
    effect = case(rows, measure).pooled.effect.value
    return LabbeContent("L'Abbé", "Outcome", "IVIG", "Aspirin", rows, MEASURES[measure], effect)


def lines(svg: str, *, dashed: bool) -> list[list[tuple[float, float]]]:
    """The lines across the plane."""
    found = [one for one in read(svg).iter(f"{SVG}path") if ("stroke-dasharray" in one.attrib) == dashed]
    return [[tuple(map(float, pair.split())) for pair in one.attrib["d"][1:].split("L")] for one in found]  # type: ignore[misc] - pairs


@pytest.mark.parametrize("draw", DRAWINGS)
@pytest.mark.parametrize(
    "given",
    [
        content(),
        content(KAWASAKI),
        content(measure="OR"),
        content(measure="RD"),
        replace(content(), effect=None),
        replace(content(), effect=math.nan),
        replace(content(), effect=900.0),
        replace(content(), tables=()),
        replace(content(), tables=(*MIXED, TwoByTwo("Nobody", 0, 0, 1, 4))),
        replace(content(), tables=tuple(TwoByTwo(f"Study {n}", n, 40, 20, 40) for n in range(40))),
    ],
)
def test_it_is_readable_and_told_in_the_table(draw: type, given: LabbeContent) -> None:
    svg = draw(given)
    assert covered(svg) == outside(svg) == []
    assert is_inert(svg)
    assert svg == draw(given)
    assert numbers_untold(svg, labbe_table(given)) == set()
    assert len(list(read(svg).iter(f"{SVG}circle"))) == len(given.drawn)


def test_a_study_with_equal_risks_lies_on_the_line_of_equality() -> None:
    given = replace(content(), tables=(TwoByTwo("Equal", 10, 40, 10, 40), TwoByTwo("Better", 4, 40, 20, 40)))
    svg = labbe_svg(given)
    (x0, y0), (x1, y1) = lines(svg, dashed=False)[0]
    equal, better = sorted(read(svg).iter(f"{SVG}circle"), key=lambda one: float(one.attrib["cx"]))
    assert float(equal.attrib["cx"]) == pytest.approx(x0 + (x1 - x0) / 4, abs=TENTH)
    assert float(equal.attrib["cy"]) == pytest.approx(y0 + (y1 - y0) / 4, abs=TENTH)
    assert float(better.attrib["cx"]) == pytest.approx(x0 + (x1 - x0) / 2, abs=TENTH)
    assert float(better.attrib["cy"]) == pytest.approx(y0 + (y1 - y0) / 10, abs=TENTH)


def test_the_line_of_a_risk_ratio_is_straight_and_that_of_an_odds_ratio_joins_the_corners() -> None:
    (x0, y0), (x1, y1) = lines(labbe_svg(content()), dashed=False)[0]
    ratio = lines(labbe_svg(replace(content(), effect=math.log(0.5))), dashed=True)[0]
    for x, y in ratio:
        assert (y - y0) / (y1 - y0) == pytest.approx((x - x0) / (x1 - x0) / 2, abs=0.002)
    odds = lines(labbe_svg(content(measure="OR")), dashed=True)[0]
    assert (odds[0], odds[-1]) == ((x0, y0), (x1, y1))


def test_the_table_holds_both_risks_of_every_study() -> None:
    table = labbe_table(content(KAWASAKI))
    assert table.rows[0] == ("Furusho 1984", "19/45", "42.2 %", "6/40", "15 %")
    assert [row[0] for row in table.rows] == ["Furusho 1984", "Newburger 1986", "Pooled risk ratio"]


def test_an_arm_without_participants_is_named_and_not_drawn() -> None:
    given = replace(content(), tables=(*MIXED, TwoByTwo("Nobody", 0, 0, 1, 4)))
    assert "so not drawn: Nobody." in written(labbe_svg(given))
    assert labbe_figure(given).narrow == labbe_narrow_svg(given)
