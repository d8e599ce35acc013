"""The level of evidence that the studies held give an indication, beside what each rule set states."""

from __future__ import annotations

from dataclasses import dataclass

from ivigil.knowledge import Library
from ivigil.knowledge.grading_records import CertaintyRating, GradingScheme
from ivigil.knowledge.records import Level
from ivigil.knowledge.study_records import Study
from ivigil.synthesis.levels import LevelCompared, LevelFound, StatedLevel, compare_level, level_of_studies


@dataclass(frozen=True)
class LevelBeside:
    """A level that a rule set states, and where its scheme is held, what the studies give in that scheme.

    ``until`` is the year of the last study that counted: a rule set is compared with what it could have known.
    """

    rule_set: str
    stated: Level
    then: LevelCompared | None
    now: LevelFound | None
    until: int | None = None


@dataclass(frozen=True)
class Graded:
    """What is held on one indication: studies by year, levels side by side, and certainty as bodies recorded it."""

    indication: str
    studies: tuple[Study, ...]
    levels: tuple[LevelBeside, ...]
    certainty: tuple[CertaintyRating, ...]


def graded(indication: str, library: Library) -> Graded:
    """The studies of ``indication`` and every judgement of them, none converted into another's scheme."""
    studies = studies_of(indication, library)
    stated = (
        (rules.head.id, rules.head.valid_from.year, appraisal.level)
        for rules in library.rule_sets.values()
        if (appraisal := rules.appraisals.get(indication)) is not None and appraisal.level is not None
    )
    ratings = (one for _, one in sorted(library.evidence.certainty.items()) if one.indication == indication)
    return Graded(
        indication=indication,
        studies=studies,
        levels=tuple(_beside(rule_set, year, level, studies, library) for rule_set, year, level in stated),
        certainty=tuple(ratings),
    )


def studies_of(indication: str, library: Library) -> tuple[Study, ...]:
    """The studies held on ``indication``, by year and name."""
    held = (one for one in library.evidence.studies.values() if one.indication == indication)
    return tuple(sorted(held, key=lambda one: (one.year, one.name)))


def _beside(rule_set: str, year: int, level: Level, studies: tuple[Study, ...], library: Library) -> LevelBeside:
    scheme: GradingScheme | None = library.evidence.grading_schemes.get(level.scheme)
    if scheme is None or level.level not in {one.id for one in scheme.levels}:
        return LevelBeside(rule_set, level, None, None)
    counted = tuple(one for one in studies if one.about == "immunoglobulin")
    known = tuple(one for one in counted if one.year <= year)
    then = compare_level(scheme, StatedLevel(scheme.id, level.level), level_of_studies(scheme, known))
    return LevelBeside(rule_set, level, then, level_of_studies(scheme, counted), year)
