"""The schemes that grade a reaction: which of them fit one, and what is wrong with a grade that was given."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from ivigil.documents import Fault
from ivigil.knowledge import Library
from ivigil.knowledge.safety_records import Grade, ReactionDefinition

Axis = Literal["severity", "imputability"]


@dataclass(frozen=True)
class GradeGiven:
    """A grade in the scheme of one definition; the grades of two schemes do not compare."""

    definition: str
    grade: str


def grades(definition: ReactionDefinition, axis: Axis) -> tuple[Grade, ...]:
    """The grades of one axis; none where the definition does not grade it."""
    return definition.severity if axis == "severity" else definition.imputability


def schemes(axis: Axis, definition: ReactionDefinition, library: Library) -> tuple[ReactionDefinition, ...]:
    """The definitions whose grades of ``axis`` fit a reaction: those of any hazard, and those of its own."""
    held = (one for _, one in sorted(library.reaction_definitions.items()))
    return tuple(one for one in held if grades(one, axis) and one.hazard in {None, definition.hazard})


def grade_fault(axis: Axis, given: GradeGiven, own: ReactionDefinition, library: Library) -> Fault | None:
    """What is wrong with a grade of a reaction that is recorded by ``own``, at the place ``axis``; else ``None``."""
    fitting = {one.id: one for one in schemes(axis, own, library)}
    scheme = fitting.get(given.definition)
    if scheme is None:
        expected = f"a definition that grades the {axis} of this reaction"
        hint = f"There are: {', '.join(fitting)}." if fitting else "There is none."
        return Fault(axis, repr(given.definition), expected, hint)
    ids = [one.id for one in grades(scheme, axis)]
    if given.grade in ids:
        return None
    expected = f"one of {', '.join(ids)}, the grades of {axis} of {scheme.id}"
    return Fault(axis, repr(given.grade), expected, f"ivigil reactions show {scheme.id} shows them.")
