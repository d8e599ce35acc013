"""A visual predictive check: observed quantiles over simulated bands; what lies outside is marked and counted."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.unit.explain.plots import SVG, covered, is_inert, numbers_untold, outside, read, written

from ivigil.documents import BadInput
from ivigil.explain.visual_check import (
    CheckContent,
    CheckedQuantile,
    visual_check_figure,
    visual_check_narrow_svg,
    visual_check_svg,
    visual_check_table,
)

DRAWINGS = (visual_check_svg, visual_check_narrow_svg)
DAYS = (0.0, 1.0, 3.0, 7.0, 14.0, 21.0)


def quantile(share: float, size: float, off: float = 0.0) -> CheckedQuantile:
    middle = tuple(size * (1 - day / 50) for day in DAYS)
    seen = (middle[0] * (1.2 + off), *(one * 1.01 for one in middle[1:-1]), None)
    return CheckedQuantile(share, seen, middle, tuple(0.9 * one for one in middle), tuple(1.1 * one for one in middle))


CONTENT = CheckContent(
    "Check of a model",
    DAYS,
    (quantile(0.05, 8, -0.15), quantile(0.5, 13), quantile(0.95, 21, -0.15)),
    0.9,
    subtitle="200 people",
    points=((0.5, 7.0), (14.2, 30.0)),
    notes=("A model, not evidence.",),
)


@pytest.mark.parametrize("draw", DRAWINGS)
@pytest.mark.parametrize(
    "content",
    [
        CONTENT,
        replace(CONTENT, points=()),
        replace(CONTENT, quantiles=CONTENT.quantiles[1:2]),
        replace(CONTENT, quantiles=CONTENT.quantiles[:1]),
        replace(CONTENT, days=(5.0,), quantiles=(CheckedQuantile(0.5, (1.0,), (1.0,), (0.0,), (2.0,)),), points=()),
        replace(CONTENT, quantiles=(CheckedQuantile(0.5, (None,) * 6, (0.0,) * 6, (0.0,) * 6, (0.0,) * 6),), points=()),
    ],
)
def test_it_is_readable_and_told_in_the_table(draw: type, content: CheckContent) -> None:
    svg = draw(content)
    assert covered(svg) == outside(svg) == []
    assert is_inert(svg)
    assert svg == draw(content)
    assert numbers_untold(svg, visual_check_table(content)) <= {"200"}


@pytest.mark.parametrize("draw", DRAWINGS)
def test_what_lies_outside_its_band_is_marked_and_counted(draw: type) -> None:
    svg = draw(CONTENT)
    rings = [one for one in read(svg).iter(f"{SVG}circle") if one.get("class") == "plot-ring"]
    assert len(rings) == 1 + 1, "one in the plane, one in the legend"
    assert "1 of 15 observed quantiles lie outside their bands." in written(svg)
    assert [row[:2] for row in visual_check_table(CONTENT).rows if row[5]] == [("50 %", "0")]
    within = replace(CONTENT, quantiles=(CONTENT.quantiles[0],))
    assert "plot-ring" not in draw(within)
    assert "0 of 5" in written(draw(within))


def test_bands_and_lines_are_those_of_each_quantile() -> None:
    paths = list(read(visual_check_svg(replace(CONTENT, points=()))).iter(f"{SVG}path"))
    assert sum(one.get("class") == "plot-band" for one in paths) == 3 + 1
    assert sum(one.get("stroke-dasharray") == "1 3" for one in paths) == 3 + 1
    assert sum(one.get("stroke-dasharray") == "6 3" for one in paths) == 2 + 1


def test_the_table_tells_every_quantile_on_every_day() -> None:
    table = visual_check_figure(CONTENT).table
    assert len(table.rows) == 18
    assert table.rows[0] == ("5 %", "0", "8.40", "8.00", "[7.20, 8.80]", "")
    assert table.rows[5][2] == "none"
    assert table.columns[4] == "Simulated, 90 %"


def test_lengths_that_differ_are_refused() -> None:
    with pytest.raises(BadInput) as refused:
        replace(CONTENT, days=DAYS[1:], quantiles=CONTENT.quantiles[:1])
    assert len(refused.value.faults) == 4
    with pytest.raises(BadInput):
        replace(CONTENT, quantiles=())
