"""From an analysis on record to the rows that are pooled, and why a study cannot give one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ivigil.knowledge import Library
from ivigil.knowledge.analysis_records import Analysis, StudyUsed
from ivigil.knowledge.study_records import ArmCount, ArmMean, ReportedEffect, Study, StudyResult
from ivigil.synthesis.results import LeftOut
from ivigil.synthesis.rows import OneProportion, Reported, StudyData, TwoByTwo, TwoMeans

_COUNTED = frozenset({"RR", "OR", "RD", "PETO"})
_ONE_GROUP = frozenset({"PR", "PLO", "PFT"})
_PERIODS = "counts of a crossover trial taken as if its periods were separate arms: its interval is not the paired one"


@dataclass(frozen=True)
class Used:
    """A study in an analysis, the result it gives, and its row; or the reason why it gives none."""

    study: Study
    result: StudyResult
    a: str
    b: str | None
    subgroup: str | None
    row: StudyData | None
    left_out: LeftOut | None = None
    remark: str | None = None

    @property
    def label(self) -> str:
        return label_of(self.study)


def label_of(study: Study) -> str:
    """A study as an analysis names it: its name, and the year where the name has none."""
    return study.name if str(study.year) in study.name else f"{study.name} {study.year}"


def used_in(analysis: Analysis, library: Library) -> tuple[Used, ...]:
    """Every study of ``analysis``, those that join it from their own side included, by year and name."""
    found = [_used(one, analysis.measure, library) for one in _named(analysis, library)]
    return tuple(sorted(found, key=lambda one: (one.study.year, one.label)))


def _named(analysis: Analysis, library: Library) -> Iterator[StudyUsed]:
    yield from analysis.studies
    for study in library.evidence.studies.values():
        for one in study.joins:
            if one.analysis == analysis.id:
                yield StudyUsed(study.id, one.result, one.a, one.b, one.subgroup)


def _used(named: StudyUsed, measure: str, library: Library) -> Used:
    study = library.evidence.studies[named.study]
    result = next(one for one in study.results if one.id == named.result)
    label = label_of(study)
    refusal = refused(result, measure)
    row = None if refusal else _row(label, result, named, measure)
    reason = refusal or (None if row else f"its source gives no figures for {measure}")
    return Used(
        study=study,
        result=result,
        a=named.a,
        b=named.b,
        subgroup=named.subgroup,
        row=row,
        left_out=LeftOut(label, reason) if reason else None,
        remark=_PERIODS if row and result.compared == "crossover, periods as arms" else None,
    )


def refused(result: StudyResult, measure: str) -> str | None:
    """Why the design of a result cannot carry ``measure`` from its arms alone; ``None`` where it can."""
    if result.effect is not None and result.effect.measure == measure:
        return None
    if result.compared == "crossover, paired":
        return "paired crossover figures: arm by arm they do not give the variance of the difference"
    if result.compared == "crossover, periods as arms" and result.means:
        return "crossover means by period: without the correlation they do not give the variance of the difference"
    if measure == "SMD" and any(one.of == "change" for one in result.means):
        return "changes from baseline: their standard deviations do not standardise a difference of final values"
    return "a result adjusted for other factors, without its interval" if result.compared == "adjusted" else None


def _row(label: str, result: StudyResult, named: StudyUsed, measure: str) -> StudyData | None:
    effect = result.effect
    if effect is not None and effect.measure == measure and (effect.a, effect.b) == (named.a, named.b):
        return _reported(label, effect)
    if measure in _COUNTED:
        return _two_by_two(label, result, named)
    if measure in _ONE_GROUP:
        count = _count(result, named.a)
        return OneProportion(label, count.events, count.n) if count else None
    return _two_means(label, result, named)


def _reported(label: str, effect: ReportedEffect) -> Reported:
    low, high = (None if one is None else float(one) for one in (effect.low, effect.high))
    return Reported(label, float(effect.estimate), low, high, level=float(effect.level) / 100)


def _two_by_two(label: str, result: StudyResult, named: StudyUsed) -> TwoByTwo | None:
    a, b = _count(result, named.a), _count(result, named.b)
    return TwoByTwo(label, a.events, a.n, b.events, b.n) if a and b else None


def _two_means(label: str, result: StudyResult, named: StudyUsed) -> TwoMeans | None:
    a, b = _mean(result, named.a), _mean(result, named.b)
    if not a or not b:
        return None
    return TwoMeans(label, float(a.mean), float(a.sd), a.n, float(b.mean), float(b.sd), b.n)


def _count(result: StudyResult, arm: str | None) -> ArmCount | None:
    return next((one for one in result.counts if one.arm == arm), None)


def _mean(result: StudyResult, arm: str | None) -> ArmMean | None:
    return next((one for one in result.means if one.arm == arm), None)
