"""Cumulative and leave-one-out plots: pooled effects below each other, in the look of a forest plot."""

from __future__ import annotations

import pytest
from tests.unit.explain.plots import KAWASAKI, MIXED, case, covered, is_inert, numbers_untold, outside, written

from ivigil.explain.cumulative_plot import (
    CumulativeContent,
    cumulative_figure,
    cumulative_narrow_svg,
    cumulative_svg,
    cumulative_table,
)
from ivigil.explain.evidence_page import evidence_page
from ivigil.explain.leave_out_plot import (
    LeaveOutContent,
    leave_out_figure,
    leave_out_narrow_svg,
    leave_out_svg,
    leave_out_table,
)
from ivigil.explain.plot_numbers import effect_words
from ivigil.synthesis.cumulative import cumulative
from ivigil.synthesis.leave_out import leave_one_out
from ivigil.synthesis.rows import TwoByTwo

STUDIES = (KAWASAKI, MIXED)


def growing(rows: tuple[TwoByTwo, ...] = MIXED) -> CumulativeContent:
    steps = cumulative(case(rows).effects, list(range(len(rows))))
    return CumulativeContent("Growing", "Outcome", steps, "Favours IVIG", "Favours aspirin", ("A note.",))


def without(rows: tuple[TwoByTwo, ...] = MIXED) -> LeaveOutContent:
    one = case(rows)
    return LeaveOutContent(
        "Without", "Outcome", leave_one_out(one.effects), one.pooled, "Favours IVIG", "", ("A note.",)
    )


@pytest.mark.parametrize("rows", STUDIES)
def test_cumulative_every_width_is_readable_and_told_in_the_table(rows: tuple[TwoByTwo, ...]) -> None:
    content = growing(rows)
    for draw in (cumulative_svg, cumulative_narrow_svg):
        svg = draw(content)
        assert covered(svg) == outside(svg) == []
        assert is_inert(svg)
        assert svg == draw(content)
        assert numbers_untold(svg, cumulative_table(content)) == set()


@pytest.mark.parametrize("rows", STUDIES)
def test_leave_one_out_every_width_is_readable_and_told_in_the_table(rows: tuple[TwoByTwo, ...]) -> None:
    content = without(rows)
    for draw in (leave_out_svg, leave_out_narrow_svg):
        svg = draw(content)
        assert covered(svg) == outside(svg) == []
        assert is_inert(svg)
        assert svg == draw(content)
        assert numbers_untold(svg, leave_out_table(content)) == set()


def test_a_row_for_each_study_that_joins_and_the_last_is_all_of_them() -> None:
    rows = cumulative_table(growing()).rows
    whole = case(MIXED).pooled
    assert [row[0].removeprefix("+ ") for row in rows] == [one.label for one in MIXED]
    assert [row[1] for row in rows] == ["1", "2", "3", "4"]
    assert rows[0][2] == "–"
    assert rows[-1][3] == effect_words(whole.measure, whole.effect)


def test_a_row_without_each_study_and_then_all_of_them_as_the_only_diamond() -> None:
    rows = leave_out_table(without()).rows
    assert [row[0] for row in rows[:-1]] == [f"Without {one.label}" for one in MIXED]
    assert rows[-1][0] == "All 4 studies, random effects"
    assert leave_out_svg(without()).count("plot-diamond") == 1
    assert "plot-diamond" not in cumulative_svg(growing())


def test_a_phone_names_each_figure() -> None:
    assert "Studies 2 · I² 0 %" in written(cumulative_narrow_svg(growing(KAWASAKI)))


def test_nothing_to_pool_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one"):
        cumulative_svg(CumulativeContent("Title", "Outcome", ()))


def test_a_page_takes_both() -> None:
    page = evidence_page("Evidence", [cumulative_figure(growing()), leave_out_figure(without())])
    assert page.count("<figure>") == 2
    assert page.index("Growing") < page.index("Without")
