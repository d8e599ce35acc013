"""What else can be asked of pooled studies, and what is refused with its reason."""

from __future__ import annotations

import pytest
from tests.unit.evidence.made_up import analysis, counted, holding, own

from ivigil.evidence.pooling import More, Pooling, more_of, pooling_of
from ivigil.evidence.running import run
from ivigil.explain.evidence_words import favours

THREE = (
    counted("one", (20, 40), (10, 41), 2001),
    counted("two", (30, 60), (15, 62), 1999),
    counted("three", (9, 30), (8, 28), 2010),
)


def pooling(count: int) -> Pooling:
    held = THREE[:count]
    found = pooling_of(run(analysis(held), holding(held)))
    assert found is not None
    return found


def more(count: int, *moderators: str) -> More:
    return more_of(pooling(count), own(), moderators)


def test_three_studies_allow_everything() -> None:
    found = more(3)
    assert [one.label for one in found.leave_one_out] == ["two 1999", "one 2001", "three 2010"]
    assert [one.label for one in found.cumulative] == ["two 1999", "one 2001", "three 2010"]
    assert {one.name for one in found.small_study} >= {"Egger", "Begg", "Harbord"}
    assert all(one.remark for one in found.small_study)  # three are few
    assert found.filled is not None
    assert found.refused == ()


def test_odds_ratios_have_a_test_of_their_own() -> None:
    found = pooling_of(run(analysis(THREE, "OR"), holding(THREE)))
    assert found is not None
    assert "Peters" in {one.name for one in more_of(found, own()).small_study}


def test_one_study_allows_little_and_says_why() -> None:
    found = more(1)
    assert (found.leave_one_out, found.small_study, found.filled) == ((), (), None)
    assert any("Leave-one-out" in one for one in found.refused)
    assert len(found.cumulative) == 1


def test_the_year_can_be_a_moderator() -> None:
    found = more(3, "year").regression
    assert found is not None
    assert [one.name for one in found.coefficients] == ["intercept", "year"]


@pytest.mark.parametrize(("better", "left"), [("lower", "immunoglobulin"), ("higher", "placebo")])
def test_the_side_of_the_axis_says_whom_it_favours(better: str, left: str) -> None:
    held = THREE
    found = pooling_of(run(analysis(held, better=better), holding(held)))
    assert found is not None
    assert favours(found)[0] == f"Favours {left}"
