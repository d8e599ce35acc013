"""What a new study moves, who leans on it, and levels at two dates."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.unit.evidence.made_up import analysis, counted, holding, joining, own

from ivigil.evidence.grading import graded
from ivigil.evidence.leaning import leaning_on
from ivigil.evidence.moved import moved_by, without_studies
from ivigil.evidence.running import run

SMALL = counted("small", (6, 20), (5, 20), 1995)
LARGE = joining(counted("large", (300, 500), (150, 500), 2020), "made-up")


def test_a_large_trial_decides_what_a_small_one_left_open() -> None:
    moved = moved_by(frozenset({"large"}), holding((SMALL, LARGE), analysis((SMALL,))))[0]
    assert moved.added == ("large 2020",)
    assert {"the interval now excludes no difference", "the interval is narrower"} <= set(moved.says)
    assert moved.before.pooled is not None
    assert moved.before.pooled.k == 1


def test_before_is_what_was_held_without_it() -> None:
    library = holding((SMALL, LARGE), analysis((SMALL,)))
    moved = moved_by(frozenset({"large"}), library)[0]
    alone = run(analysis((SMALL,)), holding((SMALL,)))
    assert moved.before.pooled is not None
    assert alone.pooled is not None
    assert moved.before.pooled.effect == alone.pooled.effect


def test_a_study_in_no_analysis_moves_nothing() -> None:
    other = counted("other", (1, 10), (2, 10))
    assert moved_by(frozenset({"other"}), holding((SMALL, other), analysis((SMALL,)))) == ()


def test_the_same_ratio_again_moves_only_the_width() -> None:
    again = joining(replace(SMALL, id="again", name="again", year=2001), "made-up")
    says = moved_by(frozenset({"again"}), holding((SMALL, again), analysis((SMALL,))))[0].says
    assert says == ("the interval is narrower",)


def test_studies_named_by_an_analysis_can_be_taken_away_too() -> None:
    library = without_studies(frozenset({"small"}), holding((SMALL, LARGE), analysis((SMALL,))))
    assert [one.study.id for one in run(library.evidence.analyses["made-up"], library).used] == ["large"]


def test_appraisals_that_cite_a_claim_come_before_those_of_the_indication() -> None:
    leaning = leaning_on(own().evidence.analyses["cidp-response"], own())
    assert leaning[0].rule_set == "review-2015"
    assert "s02-cidp-disability" in leaning[0].claims
    assert {one.indication for one in leaning} == {"cidp"}


def test_a_level_counts_only_studies_of_immunoglobulin_up_to_the_date_of_the_rules() -> None:
    later = counted("later", (5, 10), (2, 10), 2024)
    adding = replace(counted("adding", (5, 10), (2, 10), 2000), about="an addition to immunoglobulin")
    found = {one.rule_set: one for one in graded("cidp", holding((later, adding))).levels}["review-2015"]
    assert found.then is not None
    assert found.then.says == "no study held"
    assert found.now is not None
    assert found.now.level is not None
    assert found.now.because == ("later",)


@pytest.mark.parametrize("rule_set", ["australia-excerpt"])
def test_levels_of_a_scheme_that_is_not_held_are_not_compared(rule_set: str) -> None:
    beside = {one.rule_set: one for one in graded("cidp", own()).levels}[rule_set]
    assert (beside.then, beside.now) == (None, None)
