"""Later evidence says what it changes and cites what was read; levels, certainty, hints and the search are whole."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from ivigil.knowledge import Library, data_folder
from ivigil.knowledge.building import build
from ivigil.knowledge.folder import read_folder
from ivigil.knowledge.grading_records import CertaintyRating
from ivigil.knowledge.records import Level
from ivigil.knowledge.study_records import Study, StudyResult

LATER = 2015
SCHEME = "AHCPR"
# Where the trial had no immunoglobulin in any arm: such a study must not raise a level of evidence for it.
IMMUNOGLOBULIN = ("immunoglobulin", "second course", "second infusion")
# What an unread figure is called in the notes it was gathered from; none may reach the data.
UNREAD = ("remembered", "from memory", "fitted", "inferred", "assumed")
BANDS = ("might-not-matter", "moderate", "substantial", "considerable")


@pytest.fixture(scope="module")
def library() -> Library:
    return build([read_folder(data_folder())])


@pytest.fixture(scope="module")
def studies(library: Library) -> tuple[Study, ...]:
    return tuple(library.evidence.studies.values())


@pytest.fixture(scope="module")
def ratings(library: Library) -> tuple[CertaintyRating, ...]:
    return tuple(library.evidence.certainty.values())


def with_figures(study: Study) -> Iterator[StudyResult]:
    return (one for one in study.results if one.counts or one.percents or one.means or one.effect or one.p)


def sentences(study: Study) -> str:
    results = (f"{one.says or ''} {one.note or ''}" for one in study.results)
    return " ".join((study.changes or "", study.note or "", *results)).lower()


def levels_stated(library: Library, scheme: str) -> set[str]:
    appraisals = (one for rules in library.rule_sets.values() for one in rules.appraisals.values())
    levels: Iterator[Level | None] = (one.level for one in appraisals)
    return {level.level for level in levels if level is not None and level.scheme == scheme}


def test_every_later_study_says_what_it_changes(studies: tuple[Study, ...]) -> None:
    later = [study for study in studies if study.year >= LATER]
    assert later
    assert [study.id for study in later if not study.changes] == []


def test_figures_cite_a_source_that_somebody_read(studies: tuple[Study, ...], library: Library) -> None:
    cited = {(study.id, one.passage.source) for study in studies for one in with_figures(study)}
    assert cited
    assert {key for key in cited if library.sources[key[1]].read == "own work"} == set()
    assert {key for key in cited if library.sources[key[1]].kind == "project"} == set()


def test_no_unread_figure_is_loaded(studies: tuple[Study, ...]) -> None:
    assert [(one.id, word) for one in studies for word in UNREAD if word in sentences(one)] == []


def test_only_a_study_with_an_arm_of_immunoglobulin_is_about_it(studies: tuple[Study, ...]) -> None:
    filed = [study for study in studies if study.indication and study.about == "immunoglobulin"]
    treatments = {study.id: " ".join(arm.treatment for arm in study.arms).lower() for study in filed}
    assert [name for name, words in treatments.items() if not any(one in words for one in IMMUNOGLOBULIN)] == []


def test_a_difference_between_arms_names_two(studies: tuple[Study, ...]) -> None:
    effects = [(one, result.effect) for one in studies for result in one.results if result.effect]
    alone = [study.id for study, effect in effects if effect.measure != "proportion" and effect.a == effect.b]
    assert alone == []


def test_certainty_cites_a_read_source_and_its_own_study(
    ratings: tuple[CertaintyRating, ...], library: Library
) -> None:
    assert ratings
    for rating in ratings:
        assert library.sources[rating.passage.source].read != "own work", rating.id
        if rating.study is not None:
            assert library.evidence.studies[rating.study].indication == rating.indication, rating.id


def test_the_scheme_has_every_level_that_appraisals_state(library: Library) -> None:
    held = {level.id for level in library.evidence.grading_schemes[SCHEME].levels}
    stated = levels_stated(library, SCHEME)
    assert stated
    assert stated <= held


def test_trials_stand_above_observation_in_the_scheme(library: Library) -> None:
    place = {
        design: number
        for number, level in enumerate(library.evidence.grading_schemes[SCHEME].levels)
        for design in level.designs
    }
    assert place["systematic review of randomised trials"] < place["randomised parallel trial"]
    assert place["randomised parallel trial"] == place["randomised crossover trial"]
    assert place["randomised parallel trial"] < place["controlled trial without randomisation"] < place["case series"]


def test_every_design_of_a_study_has_a_level(studies: tuple[Study, ...], library: Library) -> None:
    placed = {one for level in library.evidence.grading_schemes[SCHEME].levels for one in level.designs}
    assert {study.design for study in studies} <= placed


def test_bands_of_inconsistency_rise(library: Library) -> None:
    thresholds = [library.evidence.grade_hints[f"inconsistency-{band}"].threshold for band in BANDS]
    known = [one for one in thresholds if one is not None]
    assert len(known) == len(BANDS)
    assert known == sorted(set(known))


def test_the_search_of_the_review_can_be_run_again(library: Library) -> None:
    query = library.evidence.queries["seed-box-1"]
    assert query.per_indication
    assert query.version == "1"
    assert query.languages == ("English", "French")
    assert [part.terms for part in query.parts] == [("immunoglobulins, intravenous", "immunoglobulins", "IVIg")]
