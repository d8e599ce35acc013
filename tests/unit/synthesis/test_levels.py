"""Levels of evidence from the designs held, beside the level a source states."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivigil.documents import BadInput
from ivigil.knowledge.grading_records import EvidenceLevel, GradingScheme
from ivigil.knowledge.records import Passage
from ivigil.knowledge.study_records import CompareBy, Design, Study, StudyArm, StudyResult
from ivigil.synthesis.levels import LevelFound, StatedLevel, compare_level, level_of, level_of_studies

WHERE = Passage("a-source", "Table 1")
SCHEME = GradingScheme(
    "ladder",
    "A ladder of three",
    WHERE,
    (
        EvidenceLevel("1", "trials", ("randomised parallel trial", "randomised crossover trial")),
        EvidenceLevel("2", "cohorts", ("cohort",)),
        EvidenceLevel("3", "opinion"),
    ),
)
OTHER = GradingScheme("other-ladder", "Another", WHERE, SCHEME.levels)
REVIEW: Design = "systematic review of randomised trials"
DESIGNS: tuple[Design, ...] = ("randomised parallel trial", "randomised crossover trial", "cohort", "case series")


def study(name: str, design: Design) -> Study:
    return Study(name, name, 2000, design, "any", (StudyArm("a", "any"),), (), WHERE)


def test_the_highest_level_that_a_design_gives() -> None:
    found = level_of(SCHEME, ["cohort", "randomised crossover trial", "case series", "cohort"])
    assert found == LevelFound("ladder", SCHEME.levels[0], ("randomised crossover trial",), ("case series",))


def test_the_studies_behind_a_level_are_named() -> None:
    studies = [study("late", "cohort"), study("early", "cohort"), study("series", "case series")]
    found = level_of_studies(SCHEME, studies)
    assert (found.level, found.because, found.unplaced) == (SCHEME.levels[1], ("early", "late"), ("series",))


@pytest.mark.parametrize(("compared", "level"), [("pooled by the review", "0"), ("parallel arms", "1")])
def test_a_review_that_pools_nothing_is_no_meta_analysis(compared: CompareBy, level: str) -> None:
    scheme = replace(SCHEME, levels=(EvidenceLevel("0", "meta-analyses", (REVIEW,)), *SCHEME.levels))
    trial, review = study("trial", "randomised parallel trial"), study("review", REVIEW)
    found = StudyResult("main", "any", "higher", compared, WHERE, "figure read")
    graded = level_of_studies(scheme, [trial, replace(review, results=(found,))])
    assert graded.level is not None
    assert graded.level.id == level
    assert ("review" in graded.unplaced) is (level == "1")


@pytest.mark.parametrize(
    ("designs", "stated", "says"),
    [
        (["cohort"], "2", "same"),
        (["randomised parallel trial"], "2", "higher than stated"),
        (["cohort"], "1", "lower than stated"),
        ([], "1", "no study held"),
        (["case series"], "3", "no level for the designs held"),
    ],
)
def test_found_beside_stated(designs: list[Design], stated: str, says: str) -> None:
    found = level_of(SCHEME, designs)
    assert compare_level(SCHEME, StatedLevel("ladder", stated), found).says == says


def test_no_level_is_carried_into_another_scheme() -> None:
    found = level_of(SCHEME, ["cohort"])
    with pytest.raises(BadInput, match="never converted"):
        compare_level(SCHEME, StatedLevel("other-ladder", "2"), found)
    with pytest.raises(BadInput, match="never converted"):
        compare_level(OTHER, StatedLevel("other-ladder", "2"), found)


def test_a_level_that_the_scheme_lacks_is_refused() -> None:
    with pytest.raises(BadInput, match="one of 1, 2, 3"):
        compare_level(SCHEME, StatedLevel("ladder", "1a"), level_of(SCHEME, []))


@given(st.lists(st.sampled_from(DESIGNS)), st.sampled_from(DESIGNS))
def test_one_more_study_never_lowers_the_level(designs: list[Design], further: Design) -> None:
    order = [level.id for level in SCHEME.levels] + [None]
    before, after = (level_of(SCHEME, held).level for held in (designs, [*designs, further]))
    assert order.index(after.id if after else None) <= order.index(before.id if before else None)


@given(st.lists(st.sampled_from(DESIGNS)).flatmap(lambda held: st.tuples(st.just(held), st.permutations(held))))
def test_order_never_matters(pair: tuple[list[Design], list[Design]]) -> None:
    assert level_of(SCHEME, pair[0]) == level_of(SCHEME, pair[1])
