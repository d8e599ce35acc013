"""A reaction on record, and what is made of it: three axes, each definition beside it, questions and changes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from ivigil.criteria import Truth
from ivigil.knowledge import Library
from ivigil.knowledge.dosing_records import LadderStep
from ivigil.knowledge.safety_records import Grade, ReactionDefinition, Sign
from ivigil.safety.certainty import Certainty, LevelFound, LevelName, SignsKnown
from ivigil.safety.reactions import ChangeFound, Reaction, changes, side_by_side
from ivigil.safety.schemes import Axis, GradeGiven, grades


@dataclass(frozen=True)
class ReactionRecord:
    """A reaction with the answers to what only other definitions of its hazard ask, by their ids."""

    reaction: Reaction
    answers: Mapping[str, SignsKnown] = field(default_factory=dict)


@dataclass(frozen=True)
class GradeFound:
    """A grade that was given, with the definition that words it."""

    scheme: ReactionDefinition
    grade: Grade


@dataclass(frozen=True)
class Question:
    """Something unknown that could raise a level of certainty: a sign, or where there is none the onset.

    ``asked_by`` is the definition whose sign it is; ``raises`` names each definition with the levels it counts for.
    """

    asked_by: ReactionDefinition
    sign: Sign | None
    raises: tuple[tuple[ReactionDefinition, tuple[LevelName, ...]], ...]


@dataclass(frozen=True)
class Assessment:
    """What is made of a reaction; a person decides what it means."""

    record: ReactionRecord
    certainty: Certainty
    others: tuple[Certainty, ...]
    severity: GradeFound | None
    imputability: GradeFound | None
    questions: tuple[Question, ...]
    changes: tuple[ChangeFound, ...]
    ladder: tuple[LadderStep, ...] = ()

    @property
    def definition(self) -> ReactionDefinition:
        """The definition that the reaction is recorded by."""
        return self.certainty.definition


def assessed(record: ReactionRecord, library: Library) -> Assessment:
    """What is made of a record whose every name is known."""
    reaction = record.reaction
    own, *others = side_by_side(reaction, library, _known(record.answers))
    return Assessment(
        record,
        certainty=own,
        others=tuple(others),
        severity=_grade(reaction.severity, "severity", library),
        imputability=_grade(reaction.imputability, "imputability", library),
        questions=_questions((own, *others)),
        changes=changes(reaction, library),
        ladder=library.formulary.reaction_ladder if library.formulary else (),
    )


def beside(definition: ReactionDefinition, library: Library) -> tuple[ReactionDefinition, ...]:
    """The other definitions of the same hazard, in order of id."""
    return tuple(one.definition for one in side_by_side(Reaction(definition.id), library)[1:])


def asks_alike(sign: Sign, definition: ReactionDefinition) -> bool:
    """Whether ``definition`` has the sign in the same words, so that one answer holds for both."""
    return any((one.id, one.text) == (sign.id, sign.text) for one in definition.signs)


def answer_of(value: Truth | bool | None) -> bool | None:  # noqa: FBT001 - three-valued, not a switch
    """What is known of a sign, as a file states it: ``None`` is unknown."""
    if isinstance(value, Truth):
        return {Truth.MET: True, Truth.NOT_MET: False}.get(value)
    return value


def _known(answers: Mapping[str, SignsKnown]) -> dict[str, SignsKnown]:
    """The answers less those that say *unknown*: they add nothing to what is known."""
    return {
        key: {sign: one for sign, one in given.items() if answer_of(one) is not None} for key, given in answers.items()
    }


def _grade(given: GradeGiven | None, axis: Axis, library: Library) -> GradeFound | None:
    if given is None:
        return None
    scheme = library.reaction_definitions[given.definition]
    return GradeFound(scheme, next(one for one in grades(scheme, axis) if one.id == given.grade))


def _questions(found: tuple[Certainty, ...]) -> tuple[Question, ...]:
    """Each thing to ask once: a sign that the reaction's own definition words alike is that definition's."""
    own, definitions = found[0].definition, {one.definition.id: one.definition for one in found}
    raised: dict[tuple[str, str | None], dict[str, list[LevelName]]] = {}
    for one in found:
        for level in one.could_be:
            for sign in _open(level, one.definition):
                by = own if sign is None or asks_alike(sign, own) else one.definition
                at = raised.setdefault((by.id, sign.id if sign else None), {})
                at.setdefault(one.definition.id, []).append(level.level.name)
    return tuple(
        Question(definitions[by], _sign(definitions[by], sign), tuple((definitions[x], tuple(at[x])) for x in at))
        for (by, sign), at in raised.items()
    )


def _open(level: LevelFound, definition: ReactionDefinition) -> Iterator[Sign | None]:
    """What could settle a level: signs in the order of the definition, and then the onset."""
    yield from (one for one in definition.signs if one.id in level.signs)
    if level.onset:
        yield None


def _sign(definition: ReactionDefinition, wanted: str | None) -> Sign | None:
    return next((one for one in definition.signs if one.id == wanted), None)
