"""A summary of findings: people per 1,000, and no certainty that nobody recorded."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ivigil.explain.evidence_page import evidence_page
from ivigil.explain.findings_table import NO_BASELINE, NOT_RECORDED, FindingsRow, Interval, findings_table

ROW = FindingsRow(
    "Improved",
    4,
    1258,
    "RR",
    Interval(2.4, 1.72, 3.36),
    0.183,
    Interval(0.4392, 0.31476, 0.61488),
    Interval(0.2562, 0.13176, 0.43188),
    "moderate",
    "A named body",
    ("First 2001", "Second 2002"),
)


def cells(row: FindingsRow) -> dict[str, str]:
    table = findings_table([row], "IVIG", "placebo")
    return dict(zip(table.columns, table.rows[0], strict=True))


def test_a_row_says_it_for_people() -> None:
    assert cells(ROW) == {
        "Outcome": "Improved",
        "Studies": "4",
        "Participants": "1,258",
        "Relative effect [95 % CI]": "RR 2.40 [1.72, 3.36]",
        "With placebo, per 1,000": "183",
        "With IVIG, per 1,000 [95 % CI]": "439 [315, 615]",
        "Difference per 1,000 [95 % CI]": "256 more [from 132 more to 432 more]",
        "Certainty": "moderate (A named body)",
        "Leans on": "First 2001; Second 2002",
    }


@pytest.mark.parametrize("unnamed", [replace(ROW, body=None), replace(ROW, certainty=None), replace(ROW, body="")])
def test_a_certainty_that_no_named_body_recorded_is_not_one(unnamed: FindingsRow) -> None:
    assert cells(unnamed)["Certainty"] == NOT_RECORDED


def test_what_is_missing_is_said() -> None:
    bare = FindingsRow("Death", 0, None, "RR", None)
    said = list(cells(bare).values())
    assert said[:3] == ["Death", "0", NOT_RECORDED]
    assert said[3:7] == ["not estimable", NOT_RECORDED, NO_BASELINE, NO_BASELINE]
    assert said[7:] == [NOT_RECORDED, NOT_RECORDED]
    assert cells(replace(bare, relative=Interval(float("nan"), 0, 1)))["Relative effect [95 % CI]"] == "not estimable"


def test_fewer_and_more_stand_on_their_sides_and_rare_events_keep_a_figure() -> None:
    rare = replace(ROW, comparator_risk=0.0021, difference=Interval(-0.0012, -0.03, 0.0), remarks=("held at 100 %",))
    found = cells(rare)
    assert found["With placebo, per 1,000"] == "2.1"
    assert found["Difference per 1,000 [95 % CI]"] == "1.2 fewer [from 30 fewer to 0]"
    assert found["Outcome"] == "Improved (held at 100 %)"


def test_the_level_heads_the_columns_and_a_page_takes_the_table() -> None:
    table = findings_table([ROW], "IVIG", "placebo", level=0.9)
    assert sum("[90 % CI]" in one for one in table.columns) == 3
    page = evidence_page("Evidence", [], [("Summary of findings", table)])
    assert '<td data-column="Studies">4</td>' in page
    assert "439 <span" in page
