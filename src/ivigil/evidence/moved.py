"""What new studies move: estimate, interval, agreement between studies, level, and who leans on it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from ivigil.evidence.grading import Graded, graded
from ivigil.evidence.leaning import Leaning, leaning_on
from ivigil.evidence.running import Ran, run
from ivigil.knowledge import Library
from ivigil.knowledge.study_records import Study
from ivigil.synthesis.options import Options
from ivigil.synthesis.results import Pooled


@dataclass(frozen=True, eq=False)
class Moved:
    """One analysis before and after, the grading of its indication before and after, and what changed in words."""

    before: Ran
    after: Ran
    graded_before: Graded
    graded_after: Graded
    added: tuple[str, ...]
    says: tuple[str, ...]
    leaning: tuple[Leaning, ...]


def moved_by(names: frozenset[str], library: Library, options: Options | None = None) -> tuple[Moved, ...]:
    """What the studies ``names`` of ``library`` move, for each analysis that any of them takes part in."""
    without = without_studies(names, library)
    runs = ((run(one, library, options), one) for _, one in sorted(library.evidence.analyses.items()))
    return tuple(
        _moved(run(analysis, without, options), after, (without, library), added)
        for after, analysis in runs
        if (added := tuple(used.label for used in after.used if used.study.id in names))
    )


def without_studies(names: frozenset[str], library: Library) -> Library:
    """``library`` as if the studies ``names`` had not been held: analyses lose them too."""
    evidence = library.evidence
    studies = _without(names, evidence.studies)
    analyses = {
        key: replace(one, studies=tuple(used for used in one.studies if used.study not in names))
        for key, one in evidence.analyses.items()
    }
    held = replace(evidence, studies=studies, analyses=MappingProxyType(analyses))
    return replace(library, evidence=held)


def _without(names: frozenset[str], studies: Mapping[str, Study]) -> Mapping[str, Study]:
    return MappingProxyType({key: one for key, one in studies.items() if key not in names})


def _moved(before: Ran, after: Ran, libraries: tuple[Library, Library], added: tuple[str, ...]) -> Moved:
    old, new = (graded(after.analysis.indication, one) for one in libraries)
    return Moved(
        before=before,
        after=after,
        graded_before=old,
        graded_after=new,
        added=added,
        says=(*_says(before.pooled, after.pooled), *_levels(old, new)),
        leaning=leaning_on(after.analysis, libraries[1]),
    )


def _says(before: Pooled | None, after: Pooled | None) -> tuple[str, ...]:
    if before is None or after is None:
        return ("an effect where there was none",) if after is not None else ()
    changes = {
        "the interval now excludes no difference": _decided(after) and not _decided(before),
        "the interval no longer excludes no difference": _decided(before) and not _decided(after),
        "the direction of the effect turned": _side(before) * _side(after) < 0,
        "the new estimate lies outside the old interval": not before.effect.low
        <= after.effect.value
        <= before.effect.high,
        "the old estimate lies outside the new interval": not after.effect.low
        <= before.effect.value
        <= after.effect.high,
        "the interval is narrower": _width(after) < _width(before),
        "the interval is wider": _width(after) > _width(before),
        "studies agree less than before": after.heterogeneity.i2 > before.heterogeneity.i2,
        "studies agree more than before": after.heterogeneity.i2 < before.heterogeneity.i2,
    }
    return tuple(words for words, holds in changes.items() if holds)


def _decided(one: Pooled) -> bool:
    null = one.measure.null
    return null is not None and not one.effect.low <= null <= one.effect.high


def _side(one: Pooled) -> float:
    return one.effect.value - (one.measure.null or 0.0)


def _width(one: Pooled) -> float:
    return one.effect.high - one.effect.low


def _levels(before: Graded, after: Graded) -> tuple[str, ...]:
    pairs = ((one.now, two.now) for one, two in zip(before.levels, after.levels, strict=True))
    names = {
        (old.level.id if old.level else "none", new.level.id if new.level else "none", new.scheme)
        for old, new in pairs
        if old is not None and new is not None
    }
    return tuple(f"the level in {scheme} goes from {old} to {new}" for old, new, scheme in sorted(names) if old != new)
