"""Which appraisals lean on an analysis: those that cite a claim it bears on, and those of its indication."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from ivigil.knowledge import Library
from ivigil.knowledge.analysis_records import Analysis
from ivigil.knowledge.records import Appraisal


@dataclass(frozen=True)
class Leaning:
    """An appraisal that leans on an analysis, and by which claims; none means: through its indication alone."""

    rule_set: str
    indication: str
    standing: str
    level: str | None
    claims: tuple[str, ...]


def leaning_on(analysis: Analysis, library: Library) -> tuple[Leaning, ...]:
    """The appraisals that would have to be read again if ``analysis`` changed, those citing its claims first."""
    found = (one for rules in library.rule_sets.values() for one in _of(rules.head.id, rules.appraisals, analysis))
    return tuple(sorted(found, key=lambda one: (not one.claims, one.rule_set, one.indication)))


def claims_of(appraisal: Appraisal) -> tuple[str, ...]:
    """Every claim that an appraisal cites, in its regimens and outcomes too."""
    parts = (appraisal.claims, *(one.claims for one in appraisal.regimens), *(one.claims for one in appraisal.outcomes))
    return tuple(sorted({claim for claims in parts for claim in claims}))


def _of(rule_set: str, appraisals: Mapping[str, Appraisal], analysis: Analysis) -> Iterator[Leaning]:
    for appraisal in appraisals.values():
        shared = tuple(one for one in claims_of(appraisal) if one in analysis.claims)
        if shared or appraisal.indication == analysis.indication:
            level = appraisal.level.level if appraisal.level else None
            yield Leaning(rule_set, appraisal.indication, appraisal.standing, level, shared)
