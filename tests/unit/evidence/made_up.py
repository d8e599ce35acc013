"""An analysis of made-up studies, set into the library in place of those on record."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from functools import cache

from ivigil.knowledge import Library, load
from ivigil.knowledge.analysis_records import Analysis, Conventions, PublishedEffect, StudyMissing, StudyUsed
from ivigil.knowledge.records import Passage
from ivigil.knowledge.study_records import (
    ArmCount,
    ArmMean,
    CompareBy,
    Design,
    Joins,
    ReportedEffect,
    Study,
    StudyArm,
    StudyResult,
)

PLACE = Passage("gilardin-2015", "nowhere: made up for a test")
ARMS = (StudyArm("ivig", "immunoglobulin"), StudyArm("placebo", "placebo"))


@cache
def own() -> Library:
    return load()


def counted(name: str, a: tuple[int, int], b: tuple[int, int], year: int = 2000) -> Study:
    """A trial of two counts."""
    return study(name, result(counts=(ArmCount("ivig", *a), ArmCount("placebo", *b))), year)


def study(name: str, found: StudyResult, year: int = 2000, design: Design = "randomised parallel trial") -> Study:
    """A trial with one result."""
    return Study(
        id=name,
        name=name,
        year=year,
        design=design,
        condition="made up",
        arms=ARMS,
        results=(found,),
        passage=PLACE,
        indication="cidp",
    )


def result(
    compared: CompareBy = "parallel arms",
    counts: tuple[ArmCount, ...] = (),
    means: tuple[ArmMean, ...] = (),
    effect: ReportedEffect | None = None,
) -> StudyResult:
    return StudyResult(
        id="main",
        outcome="response",
        better="higher",
        compared=compared,
        passage=PLACE,
        verified="figure read",
        counts=counts,
        means=means,
        effect=effect,
    )


def analysis(studies: tuple[Study, ...], measure: str = "RR", **fields: object) -> Analysis:
    """An analysis of the first result of each study, immunoglobulin against placebo, by a common effect."""
    made = Analysis(
        id="made-up",
        title="Made up",
        indication="cidp",
        population="people",
        intervention="immunoglobulin",
        comparator="placebo",
        outcome="response",
        better="higher",
        measure="RR",
        studies=tuple(StudyUsed(one.id, "main", "ivig", "placebo") for one in studies),
        why_these="Made up for a test.",
        conventions=Conventions(model="common"),
    )
    return replace(made, measure=measure, **fields)  # type: ignore[arg-type] # fields as a test names them


def holding(studies: tuple[Study, ...], *analyses: Analysis) -> Library:
    """The library with these studies and analyses instead of its own."""
    held = replace(
        own().evidence,
        studies={one.id: one for one in studies},
        analyses={one.id: one for one in analyses},
        recomputations={},
        certainty={},
    )
    return replace(own(), evidence=held)


def published(estimate: str, low: str, high: str) -> PublishedEffect:
    return PublishedEffect("RR", Decimal(estimate), Decimal(low), Decimal(high), PLACE)


def joining(one: Study, to: str) -> Study:
    """``one`` as a study that names its analysis itself."""
    return replace(one, joins=(Joins(to, "main", "ivig", "placebo"),))


def missing(name: str) -> StudyMissing:
    return StudyMissing(name, "made up for a test")
