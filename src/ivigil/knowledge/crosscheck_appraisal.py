"""What no single field of an appraisal can show: sound rules, parts told apart, doses that are possible."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ivigil.documents.yaml_text import Path
from ivigil.knowledge.findings import Finding, known, twice, unknown_claims, unsound
from ivigil.knowledge.library import Library
from ivigil.knowledge.parts import every_criterion, rules_of
from ivigil.knowledge.records import Appraisal, Criterion, Regimen, Span


def appraisal_findings(appraisal: Appraisal, library: Library) -> Iterator[Finding]:
    """Everything wrong with an appraisal, given the library it belongs to."""
    yield from known(appraisal.indication, ("indication",), library.indications, "the id of an indication")
    if not appraisal.cases:
        yield ("cases",), "none", "worked cases: facts in, answer out"
    if (appraisal.criteria is None) == (appraisal.no_criteria is None):
        words = "both or neither of criteria and no_criteria"
        yield ("criteria",), words, "criteria, or the words that none are stated"
    if appraisal.standing == "outside-rule-set" and appraisal.belongs_to is None:
        yield ("belongs_to",), "none", "where the request belongs"
    if appraisal.criteria is not None:
        yield from _criterion(appraisal.criteria, ("criteria",))
    for index, regimen in enumerate(appraisal.regimens):
        yield from _regimen(regimen, ("regimens", index))
    yield from _repetitions(appraisal)
    yield from unsound(rules_of(appraisal), library)
    yield from unknown_claims(_claims_named(appraisal), library)


def _criterion(criterion: Criterion, path: Path) -> Iterator[Finding]:
    kinds = [name for name in ("rule", "all_of", "any_of") if getattr(criterion, name)]
    if len(kinds) != 1:
        yield path, f"{' and '.join(kinds) or 'neither rule nor group'}", "exactly one of rule, all_of and any_of"
    if criterion.rule is not None and criterion.passage is None:
        yield path, "a rule without its passage", "where the source states it"
    if criterion.any_of and all(_may_vanish(member) for member in criterion.any_of):
        expected = "one that always applies, so that the group cannot vanish"
        yield (*path, "any_of"), "only members that may not apply", expected
    for name in ("all_of", "any_of"):
        for index, member in enumerate(getattr(criterion, name)):
            yield from _criterion(member, (*path, name, index))


def _may_vanish(criterion: Criterion) -> bool:
    """Whether there may be a case to which the criterion does not apply."""
    members = (*criterion.all_of, *criterion.any_of)
    return criterion.applies_when is not None or (bool(members) and all(_may_vanish(member) for member in members))


def _regimen(regimen: Regimen, path: Path) -> Iterator[Finding]:
    spans = {name: getattr(regimen, name) for name in ("daily_g_per_kg", "days", "total_g_per_kg")}
    empty = [name for name, span in spans.items() if span is not None and not 0 < span.low <= span.high]
    for name in empty:
        yield (*path, name), "a range that is empty or not above 0", "low at most high, both above 0"
    daily, days, total = spans.values()
    if not empty and daily and days and total and not _makes_up(daily, days, total):
        yield (*path, "total_g_per_kg"), "another total than the daily dose on these days", "doses that agree"


def _makes_up(daily: Span, days: Span, total: Span) -> bool:
    least, most = daily.low * days.low, daily.high * days.high
    return total.low <= most and least <= total.high


def _repetitions(appraisal: Appraisal) -> Iterator[Finding]:
    criteria = every_criterion(appraisal.criteria) if appraisal.criteria else ()
    parts: dict[str, Iterable[str]] = {
        "criteria": (one.id for one in criteria),
        "regimens": (one.id for one in appraisal.regimens),
        "alternatives": (one.id for one in appraisal.alternatives),
        "standing_exceptions": (one.id for one in appraisal.standing_exceptions),
        "cases": (one.id for one in appraisal.cases),
    }
    for name, given in parts.items():
        yield from twice(name, given)


def _claims_named(appraisal: Appraisal) -> Iterator[tuple[str, Path]]:
    for index, claim in enumerate(appraisal.claims):
        yield claim, ("claims", index)
    for name in ("regimens", "outcomes"):
        for place, part in enumerate(getattr(appraisal, name)):
            for index, claim in enumerate(part.claims):
                yield claim, (name, place, "claims", index)
