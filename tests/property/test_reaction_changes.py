"""What a reaction changes next time: grades compare within one scheme, and another scheme's leaves the change open."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from hypothesis import assume, given
from hypothesis import strategies as st
from tests.property.test_reaction_record import definitions, library

from ivigil.criteria import Truth
from ivigil.knowledge import Library
from ivigil.knowledge.safety_records import ReactionChange, ReactionDefinition
from ivigil.safety import GradeGiven, Reaction
from ivigil.safety.reactions import ChangeFound, changes
from ivigil.safety.schemes import grades, schemes

PASSAGE = next(iter(library().reaction_changes.values())).passage


def graders(definition: ReactionDefinition) -> list[ReactionDefinition]:
    """The definitions whose grades of severity fit a reaction recorded by ``definition``."""
    return list(schemes("severity", definition, library()))


def with_changes(found: Mapping[str, ReactionChange]) -> Library:
    return replace(library(), reaction_changes=found)


def change(scheme: ReactionDefinition, least: str) -> ReactionChange:
    return ReactionChange("made-up", None, "a change", (), PASSAGE, severity_from=least, severity_scheme=scheme.id)


def found(reaction: Reaction, one: ReactionChange) -> ChangeFound | None:
    """What becomes of the one change: ``None`` where the reaction does not ask for it."""
    return next(iter(changes(reaction, with_changes({one.id: one}))), None)


recorded_by = st.sampled_from([one for one in definitions() if graders(one)])


@given(recorded_by, st.data())
def test_a_grade_of_another_scheme_leaves_the_change_unknown_with_its_question(
    definition: ReactionDefinition, data: st.DataObject
) -> None:
    scheme, other = (data.draw(st.sampled_from(graders(definition))) for _ in range(2))
    assume(scheme.id != other.id)
    least = data.draw(st.sampled_from([one.id for one in scheme.severity]))
    stated = data.draw(st.sampled_from([one.id for one in other.severity]))
    given_grade = data.draw(st.sampled_from([None, GradeGiven(other.id, stated)]))
    one = found(Reaction(definition.id, severity=given_grade), change(scheme, least))
    assert one is not None
    assert one.truth is Truth.UNKNOWN
    assert one.question is not None
    assert scheme.id in one.question
    assert least in one.question


@given(recorded_by, st.data())
def test_within_one_scheme_the_order_of_its_grades_decides(definition: ReactionDefinition, data: st.DataObject) -> None:
    scheme = data.draw(st.sampled_from(graders(definition)))
    order = [one.id for one in grades(scheme, "severity")]
    least, stated = (data.draw(st.integers(0, len(order) - 1)) for _ in range(2))
    reaction = Reaction(definition.id, severity=GradeGiven(scheme.id, order[stated]))
    one = found(reaction, change(scheme, order[least]))
    assert (one is not None) == (stated >= least)
    assert one is None or (one.truth, one.question) == (Truth.MET, None)


@given(recorded_by, st.data())
def test_a_change_that_asks_for_no_severity_is_met_by_any(definition: ReactionDefinition, data: st.DataObject) -> None:
    scheme = data.draw(st.sampled_from(graders(definition)))
    stated = data.draw(st.sampled_from([one.id for one in scheme.severity]))
    given_grade = data.draw(st.sampled_from([None, GradeGiven(scheme.id, stated)]))
    one = found(
        Reaction(definition.id, severity=given_grade),
        replace(change(scheme, stated), severity_from=None, severity_scheme=None),
    )
    assert one is not None
    assert one.truth is Truth.MET


@given(recorded_by, st.data())
def test_what_is_held_stays_open_while_it_is_graded_by_another_scheme_or_by_none(
    definition: ReactionDefinition, data: st.DataObject
) -> None:
    other = data.draw(st.sampled_from(graders(definition)))
    stated = data.draw(st.sampled_from([one.id for one in other.severity]))
    graded = changes(Reaction(definition.id, severity=GradeGiven(other.id, stated)), library())
    ungraded = {one.change.id: one.truth for one in changes(Reaction(definition.id), library())}
    by_other = [one for one in graded if one.change.severity_scheme not in {None, other.id}]
    assert all(one.truth is Truth.UNKNOWN and one.question for one in by_other)
    assert {one.change.id for one in graded} <= set(ungraded)
    missing = set(ungraded) - {one.change.id for one in graded}
    assert all(library().reaction_changes[one].severity_scheme == other.id for one in missing)


@given(recorded_by, st.data())
def test_a_scheme_that_is_not_held_decides_nothing(definition: ReactionDefinition, data: st.DataObject) -> None:
    scheme = data.draw(st.sampled_from(graders(definition)))
    stated = data.draw(st.sampled_from([one.id for one in scheme.severity]))
    reaction = Reaction(definition.id, severity=GradeGiven(scheme.id, stated))
    for wrong in ({"severity_scheme": "no-such"}, {"severity_scheme": None}, {"severity_from": "no such grade"}):
        one = found(reaction, replace(change(scheme, stated), **wrong))
        assert one is not None
        assert one.truth is Truth.UNKNOWN
