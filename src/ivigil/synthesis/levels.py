"""The level of evidence that the designs of the studies held give, in one scheme, beside the level a source states.

Designs alone are looked at: risk of bias, precision and consistency are no part of such a level. Levels of two schemes
are never converted into each other, so a level stated in another scheme is refused.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from ivigil.documents import BadInput, Fault
from ivigil.knowledge.grading_records import EvidenceLevel, GradingScheme
from ivigil.knowledge.study_records import Design, Study

Comparison = Literal[
    "same",
    "higher than stated",
    "lower than stated",
    "no study held",
    "no level for the designs held",
]


_REVIEWS: tuple[Design, ...] = ("systematic review of randomised trials", "systematic review of observational studies")


@dataclass(frozen=True)
class LevelFound:
    """The highest level that any design held gives, in the scheme with id ``scheme``.

    ``level`` is ``None`` where nothing is held or the scheme places none of the designs. ``because`` are the designs,
    or the ids of the studies, that give the level; ``unplaced`` those the scheme gives no level to.
    """

    scheme: str
    level: EvidenceLevel | None
    because: tuple[str, ...] = ()
    unplaced: tuple[str, ...] = ()


@dataclass(frozen=True)
class StatedLevel:
    """A level as a source states it: ids of the scheme and of the level in it."""

    scheme: str
    level: str


@dataclass(frozen=True)
class LevelCompared:
    """What was found beside what was stated, both in one scheme."""

    stated: EvidenceLevel
    found: LevelFound
    says: Comparison


def level_of(scheme: GradingScheme, designs: Sequence[Design]) -> LevelFound:
    """The highest level of ``scheme`` that one of ``designs`` gives."""
    return _found(scheme, tuple((design, design) for design in designs))


def level_of_studies(scheme: GradingScheme, studies: Sequence[Study]) -> LevelFound:
    """The highest level of ``scheme`` that one of ``studies`` gives; ``because`` names the studies by id.

    A review that pools nothing is no meta-analysis: it stands in ``unplaced``.
    """
    unpooled = {study.id for study in studies if _pools_nothing(study)}
    found = _found(scheme, tuple((study.id, study.design) for study in studies if study.id not in unpooled))
    return replace(found, unplaced=tuple(sorted({*found.unplaced, *unpooled})))


def _pools_nothing(study: Study) -> bool:
    return study.design in _REVIEWS and all(one.compared != "pooled by the review" for one in study.results)


def compare_level(scheme: GradingScheme, stated: StatedLevel, found: LevelFound) -> LevelCompared:
    """Whether the level found is the one stated, higher or lower.

    Raises ``BadInput`` where either belongs to another scheme, or the scheme has no such level.
    """
    order = {level.id: place for place, level in enumerate(scheme.levels)}
    if faults := _faults(scheme, stated, found):
        raise BadInput(faults)
    place = order[stated.level]
    return LevelCompared(scheme.levels[place], found, _says(place, found, order))


def _found(scheme: GradingScheme, held: Sequence[tuple[str, Design]]) -> LevelFound:
    given = {level.id: _names(held, level.designs) for level in scheme.levels}
    placed = tuple(design for level in scheme.levels for design in level.designs)
    unplaced = tuple(sorted({name for name, design in held if design not in placed}))
    for level in scheme.levels:
        if given[level.id]:
            return LevelFound(scheme.id, level, given[level.id], unplaced)
    return LevelFound(scheme.id, None, (), unplaced)


def _names(held: Sequence[tuple[str, Design]], designs: Sequence[Design]) -> tuple[str, ...]:
    return tuple(sorted({name for name, design in held if design in designs}))


def _says(stated: int, found: LevelFound, order: dict[str, int]) -> Comparison:
    if found.level is None:
        return "no level for the designs held" if found.unplaced else "no study held"
    place = order[found.level.id]
    if place == stated:
        return "same"
    return "higher than stated" if place < stated else "lower than stated"


def _faults(scheme: GradingScheme, stated: StatedLevel, found: LevelFound) -> tuple[Fault, ...]:
    hint = "Levels of two schemes are never converted into each other; compare within one."
    faults = [
        Fault(where, f"scheme {other}", f"scheme {scheme.id}", hint)
        for where, other in (("stated level", stated.scheme), ("level found", found.scheme))
        if other != scheme.id
    ]
    known = tuple(level.id for level in scheme.levels)
    if stated.scheme == scheme.id and stated.level not in known:
        faults.append(Fault("stated level", stated.level, f"one of {', '.join(known)}"))
    if found.scheme == scheme.id and found.level is not None and found.level not in scheme.levels:
        faults.append(Fault("level found", found.level.id, f"one of {', '.join(known)}"))
    return tuple(faults)
