"""A reaction that came: how certain by a body's definition, how severe, how likely due to immunoglobulin.

The three are kept apart, each as its scheme grades it, and every version of a definition answers for itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from ivigil.criteria import Truth
from ivigil.criteria.truth import truth_of
from ivigil.documents import BadInput, Fault
from ivigil.knowledge import Library
from ivigil.knowledge.safety_records import ReactionChange, ReactionDefinition
from ivigil.safety.certainty import Certainty, SignsKnown, classify
from ivigil.safety.schemes import Axis, GradeGiven, grade_fault


@dataclass(frozen=True)
class Reaction:
    """One reaction: the definition it was recorded by, its signs and onset, its grades, and what was running.

    ``signs`` holds what is known of the definition's signs; one left out is unknown. ``onset_hours`` counts as the
    definition counts, and may be negative for signs before the end of an infusion.
    """

    definition: str
    signs: SignsKnown = field(default_factory=dict)
    onset_hours: Decimal | None = None
    severity: GradeGiven | None = None
    imputability: GradeGiven | None = None
    product: str | None = None
    lot: str | None = None
    rate_at_onset_ml_per_h: Decimal | None = None
    volume_given_ml: Decimal | None = None


@dataclass(frozen=True)
class ChangeFound:
    """What a reaction changes next time; *unknown* where its severity could not be compared, and why."""

    change: ReactionChange
    truth: Truth
    question: str | None = None


def recorded(reaction: Reaction, library: Library) -> Reaction:
    """``reaction``, once all it names is known. Raises :class:`BadInput` with every fault of it."""
    faults = [*_of_definition(reaction, library), *_of_grades(reaction, library), *_of_infusion(reaction, library)]
    if faults:
        raise BadInput(faults)
    return reaction


def side_by_side(
    reaction: Reaction, library: Library, answers: Mapping[str, SignsKnown] | None = None
) -> tuple[Certainty, ...]:
    """How certain the reaction is by its own definition, and then by every other one of the same hazard.

    Of the signs recorded those carry over that another definition words alike; ``answers`` adds what was asked by
    another definition, by its id.
    """
    own = library.reaction_definitions[reaction.definition]
    others = [one for _, one in sorted(library.reaction_definitions.items()) if _beside(one, own)]
    given = answers or {}
    return tuple(
        classify(one, {**_carried(reaction, own, one), **given.get(one.id, {})}, reaction.onset_hours)
        for one in (own, *others)
    )


def changes(reaction: Reaction, library: Library) -> tuple[ChangeFound, ...]:
    """What the reaction changes next time, in order of id: also what might, while its severity is not known."""
    hazard = library.reaction_definitions[reaction.definition].hazard
    named = [one for _, one in sorted(library.reaction_changes.items()) if one.hazard in {None, hazard}]
    found = ((one, _severe_enough(one, reaction, library)) for one in named)
    return tuple(ChangeFound(one, truth, _question(one, truth)) for one, truth in found if truth is not Truth.NOT_MET)


def _severe_enough(change: ReactionChange, reaction: Reaction, library: Library) -> Truth:
    """Whether the severity reaches what the change asks for; *unknown* unless graded by the same scheme."""
    if change.severity_from is None:
        return Truth.MET
    given, scheme = reaction.severity, library.reaction_definitions.get(change.severity_scheme or "")
    order = [one.id for one in scheme.severity] if scheme else []
    alike = given is not None and scheme is not None and given.definition == scheme.id
    if given is None or not alike or not {given.grade, change.severity_from} <= {*order}:
        return Truth.UNKNOWN
    return truth_of(order.index(given.grade) >= order.index(change.severity_from))


def _question(change: ReactionChange, truth: Truth) -> str | None:
    asked = f"Was its severity {change.severity_from} or more by {change.severity_scheme}?"
    return asked if truth is Truth.UNKNOWN else None


def _beside(one: ReactionDefinition, own: ReactionDefinition) -> bool:
    return one.id != own.id and one.hazard is not None and one.hazard == own.hazard


def _carried(reaction: Reaction, own: ReactionDefinition, other: ReactionDefinition) -> SignsKnown:
    alike = {one.id for one in own.signs if any((one.id, one.text) == (two.id, two.text) for two in other.signs)}
    return {sign: value for sign, value in reaction.signs.items() if sign in alike}


def _of_definition(reaction: Reaction, library: Library) -> Iterator[Fault]:
    definition = library.reaction_definitions.get(reaction.definition)
    if definition is None:
        yield Fault("definition", repr(reaction.definition), "the id of a reaction definition")
        return
    unknown = sorted({*reaction.signs} - {one.id for one in definition.signs})
    if unknown:
        yield Fault("signs", ", ".join(unknown), f"signs of {definition.id}")


def _of_grades(reaction: Reaction, library: Library) -> Iterator[Fault]:
    own = library.reaction_definitions.get(reaction.definition)
    axes: tuple[tuple[Axis, GradeGiven | None], ...] = (
        ("severity", reaction.severity),
        ("imputability", reaction.imputability),
    )
    for axis, given in axes:
        fault = grade_fault(axis, given, own, library) if own and given else None
        if fault is not None:
            yield fault


def _of_infusion(reaction: Reaction, library: Library) -> Iterator[Fault]:
    if reaction.product is not None and reaction.product not in library.products:
        yield Fault("product", repr(reaction.product), "the id of a product")
    for name in ("rate_at_onset_ml_per_h", "volume_given_ml"):
        value: Decimal | None = getattr(reaction, name)
        if value is not None and value < 0:
            yield Fault(name, str(value), "0 or more")
