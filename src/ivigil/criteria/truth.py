"""Truth: Kleene's strong three-valued logic, and how *not applicable* combines.

Unknown means that the fact is not known, never that it is false. *Not applicable* belongs to criteria, not to facts: a
criterion that does not apply to a case drops out of the group it stands in, and a group in which nothing applies does
not apply itself.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum


class Truth(Enum):
    """What is known of a criterion."""

    MET = "met"
    NOT_MET = "not met"
    UNKNOWN = "unknown"
    NOT_APPLICABLE = "not applicable"

    @property
    def definite(self) -> bool:
        """Whether nothing more has to be known."""
        return self is not Truth.UNKNOWN


def truth_of(value: bool | None) -> Truth:  # noqa: FBT001 - three-valued, not a switch
    """A Python truth, or ``None`` for unknown, as :class:`Truth`."""
    return Truth.UNKNOWN if value is None else Truth.MET if value else Truth.NOT_MET


def negation(one: Truth) -> Truth:
    """``not``: unknown stays unknown, not applicable stays not applicable."""
    return {Truth.MET: Truth.NOT_MET, Truth.NOT_MET: Truth.MET}.get(one, one)


def conjunction(truths: Iterable[Truth]) -> Truth:
    """``and``: one *not met* decides; else one *unknown* leaves it open; members that do not apply drop out."""
    applying = [truth for truth in truths if truth is not Truth.NOT_APPLICABLE]
    if not applying:
        return Truth.NOT_APPLICABLE
    if Truth.NOT_MET in applying:
        return Truth.NOT_MET
    return Truth.UNKNOWN if Truth.UNKNOWN in applying else Truth.MET


def disjunction(truths: Iterable[Truth]) -> Truth:
    """``or``: one *met* decides; else one *unknown* leaves it open; members that do not apply drop out."""
    return negation(conjunction(negation(truth) for truth in truths))


def exclusive(one: Truth, other: Truth) -> Truth:
    """``xor``: both have to be known; a member that does not apply drops out."""
    if Truth.NOT_APPLICABLE in (one, other):
        return other if one is Truth.NOT_APPLICABLE else one
    if Truth.UNKNOWN in (one, other):
        return Truth.UNKNOWN
    return truth_of(one is not other)


def implication(premise: Truth, conclusion: Truth) -> Truth:
    """``implies``: a premise that is not met decides, and so does a conclusion that is met."""
    return disjunction([negation(premise), conclusion])


def restricted(applies: Truth, truth: Truth) -> Truth:
    """The truth of a criterion that applies only under a condition.

    A condition is a rule, and so is never *not applicable* itself.
    """
    if applies is Truth.NOT_MET or truth is Truth.NOT_APPLICABLE:
        return Truth.NOT_APPLICABLE
    return truth if applies is Truth.MET else Truth.UNKNOWN
