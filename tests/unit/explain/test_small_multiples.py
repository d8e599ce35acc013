"""Small multiples of a mechanism: one plane an output, one kind of line an explanation, what is off says so."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from tests.unit.explain.plots import SVG, covered, is_inert, numbers_untold, outside, read, texts, written

from ivigil.documents import BadInput
from ivigil.explain.igg_curve import DoseMark
from ivigil.explain.small_multiples import (
    MultiplesContent,
    Panel,
    dashes_of,
    small_multiples_figure,
    small_multiples_narrow_svg,
    small_multiples_svg,
    small_multiples_table,
)

DRAWINGS = (small_multiples_svg, small_multiples_narrow_svg)
DAYS = tuple(float(day) for day in range(0, 90, 3))
UP, DOWN = tuple(20 + day for day in DAYS), tuple(1 - day / 100 for day in DAYS)
CONTENT = MultiplesContent(
    "Immune thrombocytopenia",
    DAYS,
    ("faster clearance of autoantibody", "blockade of Fc receptors", "both"),
    (
        Panel("Platelets", "10⁹/L", (UP, None, tuple(one * 1.2 for one in UP))),
        Panel("Autoantibody", "share of start", (DOWN, DOWN, DOWN)),
        Panel("Strength of the weakest muscle of a limb, in a name that needs lines", "%", (UP, UP, None)),
        Panel("Regulatory T cells", "index", off="Switched off: no data calibrate it"),
    ),
    subtitle="70 g on two days",
    doses=(DoseMark(0, 70), DoseMark(1, 70)),
    notes=("A model, not evidence.",),
)


@pytest.mark.parametrize("draw", DRAWINGS)
@pytest.mark.parametrize(
    "content",
    [
        CONTENT,
        replace(CONTENT, panels=CONTENT.panels[:1]),
        replace(CONTENT, from_date=date(2026, 3, 27)),
        replace(CONTENT, panels=CONTENT.panels[3:]),
        replace(
            CONTENT,
            panels=(Panel("Flat", "1", ((0.0,) * len(DAYS),) * 3), Panel("Low", "1", ((1e-9,) * len(DAYS),) * 3)),
        ),
        replace(CONTENT, panels=(Panel("Below", "1", (tuple(-one for one in UP),) * 3),), doses=()),
        replace(
            CONTENT, explanations=tuple(f"explanation {n}" for n in range(7)), panels=(Panel("A", "1", (UP,) * 7),)
        ),
    ],
)
def test_it_is_readable_and_told_in_the_table(draw: type, content: MultiplesContent) -> None:
    svg = draw(content)
    assert covered(svg) == outside(svg) == []
    assert is_inert(svg)
    assert svg == draw(content)
    assert numbers_untold(svg, small_multiples_table(content)) <= {"70"}


@pytest.mark.parametrize("draw", DRAWINGS)
def test_every_output_has_a_plane_and_every_explanation_a_line_of_its_own(draw: type) -> None:
    svg = draw(CONTENT)
    assert all(any(one.text in panel.title for one in texts(svg) if one.bold) for panel in CONTENT.panels)
    dashes = [one.get("stroke-dasharray") for one in read(svg).iter(f"{SVG}path")]
    # In the legend once, and in each plane that it speaks of.
    assert dashes.count(dashes_of(1)) == 1 + 2
    assert dashes.count(dashes_of(2)) == 1 + 2
    assert len({dashes_of(place) for place in range(5)}) == 5


def test_what_is_off_says_why() -> None:
    assert "Switched off: no data calibrate it" in written(small_multiples_svg(CONTENT))
    rows = {(row[0], row[1]): row for row in small_multiples_table(CONTENT).rows}
    assert ("Regulatory T cells", "Switched off: no data calibrate it") in rows
    assert rows["Platelets", "blockade of Fc receptors"][3] == "says nothing of it"


def test_the_table_tells_start_ends_and_extremes() -> None:
    rows = {(row[0], row[1]): row for row in small_multiples_table(CONTENT).rows}
    row = rows["Platelets", "faster clearance of autoantibody"]
    assert row[2:] == ("10⁹/L", "20.0", "20.0", "0", "107", "87", "107")
    assert all(len(row) == len(small_multiples_table(CONTENT).columns) for row in rows.values())
    assert small_multiples_figure(CONTENT).narrow


def test_lines_that_do_not_match_are_refused() -> None:
    with pytest.raises(BadInput) as refused:
        replace(CONTENT, panels=(Panel("A", "1", (UP,)), Panel("B", "1", (UP, UP[1:], None))))
    assert len(refused.value.faults) == 2
