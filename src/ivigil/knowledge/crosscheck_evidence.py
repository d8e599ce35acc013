"""What no single field shows of evidence: that arms, studies and claims resolve, and that figures can be."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal
from typing import Any

from ivigil.documents.yaml_text import Path
from ivigil.knowledge.analysis_records import Analysis, StudyUsed
from ivigil.knowledge.findings import Finding, known, twice
from ivigil.knowledge.grading_records import CertaintyRating, GradingScheme, HintRule
from ivigil.knowledge.library import Library
from ivigil.knowledge.recomputation_records import Recomputation
from ivigil.knowledge.search_records import SearchQuery
from ivigil.knowledge.study_records import ArmCount, Joins, ReportedEffect, Study, StudyResult

_RATIOS = frozenset({"RR", "OR", "HR", "rate ratio"})
_BY_COUNTS = frozenset({"RR", "OR", "RD", "PETO"})
_ONE_GROUP = frozenset({"PR", "PLO", "PFT"})
_NEEDS = {
    "absolute from ratio": ("risk", "ratio"),
    "symmetric interval": ("interval", "measure"),
    "p value": ("table", "test"),
    "proportion": ("table",),
    "p from interval": ("ratio", "interval", "measure"),
    "difference of means": ("means",),
}


def _study(study: Study, library: Library) -> Iterator[Finding]:
    yield from known(study.indication, ("indication",), library.indications, "the id of an indication")
    for index, claim in enumerate(study.claims):
        yield from known(claim, ("claims", index), library.claims, "the id of a claim")
    yield from twice("arms", (one.id for one in study.arms))
    yield from twice("results", (one.id for one in study.results))
    arms = {one.id for one in study.arms}
    for index, result in enumerate(study.results):
        yield from _result(result, arms, ("results", index))
    for index, joined in enumerate(study.joins):
        yield from _joined(joined, study, library, ("joins", index))


def _joined(joined: Joins, study: Study, library: Library, path: Path) -> Iterator[Finding]:
    analysis = library.evidence.analyses.get(joined.analysis)
    if analysis is None:
        yield (*path, "analysis"), repr(joined.analysis), "the id of an analysis"
        return
    if study.id in {one.study for one in analysis.studies}:
        yield (*path, "analysis"), f"{joined.analysis!r}, which names this study itself", "one of the two"
    used = StudyUsed(study.id, joined.result, joined.a, joined.b, joined.subgroup)
    yield from _used(used, analysis, library, path)


def _result(result: StudyResult, arms: set[str], path: Path) -> Iterator[Finding]:
    for name in ("counts", "percents", "means"):
        for index, figure in enumerate(getattr(result, name)):
            yield from known(figure.arm, (*path, name, index, "arm"), arms, "the id of an arm")
    for index, count in enumerate(result.counts):
        yield from _count(count, result.verified == "count from percentage", (*path, "counts", index))
    for index, mean in enumerate(result.means):
        if mean.sd < 0 or mean.n < 1:
            yield (*path, "means", index), f"sd {mean.sd}, n {mean.n}", "sd of 0 or more, n of 1 or more"
    if result.effect is not None:
        yield from _effect(result.effect, arms, (*path, "effect"))
    if not (result.counts or result.percents or result.means or result.effect or result.p or result.says):
        yield path, "no finding", "counts, percents, means, an effect, p or says"


def _count(count: ArmCount, from_percent: bool, path: Path) -> Iterator[Finding]:  # noqa: FBT001 - one of two ways to read it
    if not 0 <= count.events <= count.n or count.n < 1:
        yield path, f"{count.events} of {count.n}", "0 or more events, no more than participants"
        return
    if count.percent is not None and not _prints(count.events, count):
        yield path, f"{count.events}/{count.n} as {count.percent} %", "a percentage that the count rounds to"
    if from_percent and (count.percent is None or sum(_prints(one, count) for one in range(count.n + 1)) != 1):
        yield path, f"a count from {count.percent} % of {count.n}", "a percentage that only one count rounds to"


def _prints(events: int, count: ArmCount) -> bool:
    """Whether ``events`` of its participants are printed as its percentage, halves rounded either way."""
    if count.percent is None:
        return False
    exact, step = Decimal(100 * events) / count.n, Decimal(1).scaleb(int(count.percent.as_tuple().exponent))
    return count.percent in {exact.quantize(step, rounding=way) for way in (ROUND_HALF_UP, ROUND_HALF_EVEN)}


def _effect(effect: ReportedEffect, arms: set[str], path: Path) -> Iterator[Finding]:
    for name in ("a", "b"):
        yield from known(getattr(effect, name), (*path, name), arms, "the id of an arm")
    if (effect.low is None) != (effect.high is None):
        yield path, "one end of an interval", "both ends, or none"
    if effect.low is not None and effect.high is not None and not effect.low <= effect.estimate <= effect.high:
        yield path, f"{effect.estimate} ({effect.low} to {effect.high})", "an interval that holds its estimate"
    if effect.measure in _RATIOS and effect.estimate <= 0:
        yield path, f"a ratio of {effect.estimate}", "a ratio above 0"


def _analysis(analysis: Analysis, library: Library) -> Iterator[Finding]:
    yield from known(analysis.indication, ("indication",), library.indications, "the id of an indication")
    for index, claim in enumerate(analysis.claims):
        yield from known(claim, ("claims", index), library.claims, "the id of a claim")
    if not analysis.studies:
        yield ("studies",), "none", "at least one study"
    for index, used in enumerate(analysis.studies):
        yield from _used(used, analysis, library, ("studies", index))
    if analysis.conventions.method != "inverse-variance" and analysis.measure not in _BY_COUNTS:
        found = f"{analysis.conventions.method} of {analysis.measure}"
        yield ("conventions", "method"), found, "a method that pools this measure"
    if analysis.baseline is not None and not 0 <= analysis.baseline.risk <= 1:
        yield ("baseline", "risk"), str(analysis.baseline.risk), "a risk between 0 and 1"


def _used(used: StudyUsed, analysis: Analysis, library: Library, path: Path) -> Iterator[Finding]:
    study = library.evidence.studies.get(used.study)
    if study is None:
        yield (*path, "study"), repr(used.study), "the id of a study"
        return
    result = next((one for one in study.results if one.id == used.result), None)
    if result is None:
        yield (*path, "result"), repr(used.result), f"a result of {study.id}"
        return
    arms = {one.id for one in study.arms}
    for name in ("a", "b"):
        yield from known(getattr(used, name), (*path, name), arms, f"an arm of {study.id}")
    if not gives(result, used, analysis.measure):
        yield path, f"{study.id} {result.id}, without figures for {analysis.measure}", "a result that gives its effect"
    if result.better != analysis.better:
        yield path, f"{result.better} is better there", f"{analysis.better}, as the analysis says"


def gives(result: StudyResult, used: StudyUsed, measure: str) -> bool:
    """Whether the figures of ``result`` give an effect of ``measure`` for the arms used."""
    arms = {used.a, used.b} - {None}
    if result.effect is not None and result.effect.measure == measure and result.effect.low is not None:
        return (result.effect.a, result.effect.b) == (used.a, used.b)
    if measure in _BY_COUNTS or measure in _ONE_GROUP:
        return arms <= {one.arm for one in result.counts}
    return measure in {"MD", "SMD"} and arms <= {one.arm for one in result.means}


def _recomputation(one: Recomputation, library: Library) -> Iterator[Finding]:
    yield from known(one.claim, ("claim",), library.claims, "the id of a claim")
    for name in _NEEDS[one.kind]:
        if getattr(one, name) in {None, ()}:
            yield (name,), "none", f"what {one.kind!r} is computed from"
    if not one.stated:
        yield ("stated",), "none", "the figures that should come out"
    if one.interval and (len(one.interval) != 2 or one.interval[0] > one.interval[1]):  # noqa: PLR2004 - low and high
        yield ("interval",), str(one.interval), "its lower and upper end"


def _scheme(scheme: GradingScheme, _: Library) -> Iterator[Finding]:
    yield from twice("levels", (one.id for one in scheme.levels))
    designs = [design for level in scheme.levels for design in level.designs]
    for design in sorted({one for one in designs if designs.count(one) > 1}):
        yield ("levels",), f"{design!r} at two levels", "each design at one level"


def _certainty(rating: CertaintyRating, library: Library) -> Iterator[Finding]:
    yield from known(rating.indication, ("indication",), library.indications, "the id of an indication")
    yield from known(rating.study, ("study",), library.evidence.studies, "the id of a study")
    yield from known(rating.analysis, ("analysis",), library.evidence.analyses, "the id of an analysis")
    yield from twice("domains", (one.domain for one in rating.domains), "domain")


def _query(query: SearchQuery, _: Library) -> Iterator[Finding]:
    for index, part in enumerate(query.parts):
        if not part.terms:
            yield ("parts", index, "terms"), "none", "at least one term"


def _hint(hint: HintRule, _: Library) -> Iterator[Finding]:
    if (hint.threshold is None) != (hint.unit is None):
        yield ("threshold",), "a number without a unit, or a unit without a number", "both, or none"


EVIDENCE_CHECKS: dict[type, Callable[[Any, Library], Iterator[Finding]]] = {
    Study: _study,
    Analysis: _analysis,
    Recomputation: _recomputation,
    GradingScheme: _scheme,
    CertaintyRating: _certainty,
    HintRule: _hint,
    SearchQuery: _query,
}
