"""IgG over time as a picture: readable at both widths, every number in the table, and no numeric library needed."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.explain.plots import SVG, covered, is_inert, numbers_untold, outside, read, texts, written

from ivigil.documents import BadInput
from ivigil.explain.evidence_page import evidence_page
from ivigil.explain.igg_curve import (
    Band,
    CurveContent,
    DoseMark,
    LevelCurve,
    MeasuredPoint,
    TargetLine,
    curve_table,
    igg_curve_figure,
    igg_curve_narrow_svg,
    igg_curve_svg,
    igg_curves_figure,
    igg_curves_narrow_svg,
    igg_curves_svg,
)

DRAWINGS = (igg_curve_svg, igg_curve_narrow_svg)
DAYS = tuple(float(day) for day in range(85))


def falling(start: float, days: tuple[float, ...] = DAYS, every: float = 28) -> tuple[float, ...]:
    """Down to half of ``start`` within each interval, and up again at the next dose."""
    return tuple(start * (1 - 0.5 * (day % every) / every) for day in days)


def curve(start: float, days: tuple[float, ...] = DAYS) -> LevelCurve:
    middle = falling(start, days)
    bands = (
        Band(0.5, tuple(0.9 * one for one in middle), tuple(1.1 * one for one in middle)),
        Band(0.9, tuple(0.75 * one for one in middle), tuple(1.3 * one for one in middle)),
    )
    return LevelCurve(middle, bands)


FULL = CurveContent(
    "A person of 70 kg",
    DAYS,
    curve(16),
    subtitle="40 g every 28 days",
    exogenous=curve(11),
    doses=tuple(DoseMark(28.0 * number, 40) for number in range(3)),
    targets=(TargetLine(7, "trough of 7 g/L or more"), TargetLine(6.9, "6.9 g/L at the least")),
    measured=(MeasuredPoint(-7, None, limit_g_per_l=0.3), MeasuredPoint(27.9, 8.1, 7.5, 8.7), MeasuredPoint(60, 12)),
    baseline_g_per_l=4.1234,
    from_date=date(2026, 3, 3),
    notes=("A model, not evidence.",),
)
WEEKLY = replace(
    FULL,
    days=tuple(float(day) for day in range(365)),
    total=LevelCurve(falling(14, tuple(float(day) for day in range(365)), 7)),
    exogenous=None,
    doses=(DoseMark(0, 40), *(DoseMark(7.0 * number, 10, "subcutaneous") for number in range(1, 52))),
    measured=(),
    from_date=None,
)
CASES = (
    FULL,
    WEEKLY,
    replace(
        FULL, from_date=None, doses=tuple(DoseMark(14.0 * n, 20 + n, "facilitated subcutaneous") for n in range(6))
    ),
    replace(FULL, total=None, exogenous=LevelCurve(falling(11)), targets=(), measured=(), baseline_g_per_l=None),
    replace(FULL, total=None, exogenous=None),
    replace(FULL, days=(0.0,), total=LevelCurve((5.0,)), exogenous=None, doses=(), targets=(), measured=()),
    replace(FULL, days=(0.0, 0.1, 0.2), total=LevelCurve((0.0, 0.0, 0.0)), exogenous=None, measured=(), doses=()),
    replace(
        FULL, title="A title " * 20, subtitle="And what it stands for " * 12, targets=(TargetLine(9, "words " * 30),)
    ),
    replace(FULL, targets=tuple(TargetLine(7 + one / 100, f"target {one}") for one in range(5))),
    replace(FULL, doses=tuple(DoseMark(day, 5) for day in DAYS)),
)


@pytest.mark.parametrize("draw", DRAWINGS)
@pytest.mark.parametrize("content", CASES)
def test_it_is_readable_and_told_in_the_table(draw: type, content: CurveContent) -> None:
    svg = draw(content)
    assert covered(svg) == outside(svg) == []
    assert is_inert(svg)
    assert svg == draw(content)
    assert numbers_untold(svg, curve_table(content)) <= {"…"} | set(content.title.split()) | set(
        words_of_heading(content)
    )


def words_of_heading(content: CurveContent) -> list[str]:
    return [*content.title.split(), *content.subtitle.split()]


@pytest.mark.parametrize("draw", [igg_curves_svg, igg_curves_narrow_svg])
def test_two_doses_stand_side_by_side_on_the_same_scales(draw: type) -> None:
    requested = replace(FULL, title="As requested", total=curve(30))
    proposed = replace(FULL, title="As proposed")
    svg = draw("Requested and proposed", (requested, proposed))
    assert covered(svg) == outside(svg) == []
    assert {"As requested", "As proposed"} <= {one.text for one in texts(svg)}
    marks = [one.text for one in texts(svg) if one.kind == "tick" and one.anchor == "end"]
    assert marks[: len(marks) // 2] == marks[len(marks) // 2 :]
    figure = igg_curves_figure("Both", (requested, proposed))
    assert {row[0].split(":")[0] for row in figure.table.rows} == {"As requested", "As proposed"}


def test_every_row_has_a_cell_for_every_column_on_a_page() -> None:
    page = evidence_page("Curves", [igg_curve_figure(one) for one in CASES])
    assert page.count("<figure>") == len(CASES)


def test_the_table_tells_peaks_troughs_targets_and_measurements() -> None:
    rows = {row[0]: row for row in curve_table(FULL).rows}
    assert rows["Highest after dose 1, 40 g intravenous"][1:4] == ("0", "2026-03-03", "16.0")
    assert rows["Lowest after dose 1, 40 g intravenous"][1] == "27"
    assert rows["Lowest after dose 3, 40 g intravenous"][1] == "83"
    assert rows["Target: trough of 7 g/L or more"][3] == "7"
    assert rows["Own level before treatment"][3] == "4.12"
    measured = [row for row in curve_table(FULL).rows if row[0] == "Measured"]
    assert [row[3] for row in measured] == ["below 0.3", "8.10 [7.50, 8.70]", "12.0"]
    assert [row[2] for row in measured] == ["2026-02-24", "2026-03-30", "2026-05-02"]


def test_doses_that_repeat_are_told_together() -> None:
    names = [row[0] for row in curve_table(WEEKLY).rows]
    assert "Doses 3 to 51, each 10 g subcutaneous" in names
    assert "Highest after dose 52, 10 g subcutaneous" in names
    assert len(names) < 16


@given(st.lists(st.tuples(st.floats(0, 84), st.sampled_from([10.0, 20.0, 37.5])), max_size=40))
def test_no_dose_is_lost_from_the_table(doses: list[tuple[float, float]]) -> None:
    marks = tuple(DoseMark(day, grams) for day, grams in sorted(doses))
    told: set[int] = set()
    for row in curve_table(replace(FULL, doses=marks)).rows:
        words = row[0].replace(",", "").split()
        if "dose" in words or words[0] == "Dose":
            told.add(int(words[words.index("dose") + 1 if "dose" in words else 1]))
        elif words[0] == "Doses":
            told |= set(range(int(words[1]), int(words[3]) + 1))
    assert told == set(range(1, len(marks) + 1))


def test_routes_targets_and_limits_have_marks_of_their_own() -> None:
    svg = igg_curve_svg(replace(FULL, doses=(DoseMark(0, 40), DoseMark(28, 10, "subcutaneous"))))
    classes = [one.get("class") for one in read(svg).iter() if one.get("class")]
    assert classes.count("plot-dose") == 2 + 2, "two in the plane and two in the legend"
    assert classes.count("plot-below") == 2
    assert classes.count("plot-measured") == 2 + 1
    assert "dose, subcutaneous" in written(svg)
    assert "target: trough of 7 g/L or more" in written(svg)
    assert len({one.get("stroke-dasharray") for one in read(svg).iter(f"{SVG}path")}) > 4


def test_dates_stand_beneath_days() -> None:
    assert {"0", "3 Mar", "28", "31 Mar"} <= {one.text for one in texts(igg_curve_svg(FULL))}
    assert "3 Mar" not in {one.text for one in texts(igg_curve_svg(replace(FULL, from_date=None)))}


def test_a_curve_of_another_length_is_refused() -> None:
    with pytest.raises(BadInput) as refused:
        replace(FULL, total=LevelCurve((1.0,)), exogenous=LevelCurve(falling(1), (Band(0.9, (1.0,), (2.0,)),)))
    assert len(refused.value.faults) == 3
    with pytest.raises(BadInput, match="days"):
        CurveContent("No day", (), None)


def test_it_needs_no_numeric_library() -> None:
    code = "import sys, ivigil.explain.igg_curve; print({'numpy', 'scipy', 'numba'} & set(sys.modules))"
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert out.stdout.strip() == "set()"
