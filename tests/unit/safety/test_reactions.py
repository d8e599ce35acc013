"""Reactions: levels of certainty, versions side by side, what changes next time, and what cannot be recorded."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from tests.unit.safety.records import PASSAGE, hazard, library, product

from ivigil.criteria import Truth
from ivigil.documents import BadInput
from ivigil.knowledge.safety_records import CaseLevel, Grade, Needed, ReactionChange, ReactionDefinition, Sign
from ivigil.safety import GradeGiven, Reaction, SignsKnown, changes, classify, recorded, side_by_side

MET, NOT_MET, UNKNOWN = Truth.MET, Truth.NOT_MET, Truth.UNKNOWN
SIGNS = tuple(Sign(one, f"{one}.") for one in ("rash", "wheeze", "low-pressure"))
ALL = ("rash", "wheeze", "low-pressure")
POSSIBLE = CaseLevel("possible", (Needed(1, ALL),))
PROBABLE = CaseLevel("probable", (Needed(1, ALL),), Decimal(4))
DEFINITIVE = CaseLevel("definitive", (Needed(1, ("rash",)), Needed(2, ALL)), Decimal(4))


def definition(name: str, *levels: CaseLevel, **more: Any) -> ReactionDefinition:  # noqa: ANN401 - fields of the record
    given = {"signs": SIGNS, "hazard": "allergy", **more}
    return ReactionDefinition(name, name, "Body", "1", PASSAGE, levels=levels, status="verified", **given)


NEW = definition("new", POSSIBLE, DEFINITIVE, PROBABLE)
OLD = definition(
    "old", CaseLevel("definitive", (Needed(2, ("rash", "wheeze")),)), signs=(SIGNS[0], Sign("wheeze", "other words"))
)
OTHER = definition("other", POSSIBLE, hazard="clot")
GRADES = definition(
    "grades",
    signs=(),
    hazard=None,
    severity=tuple(Grade(one, one) for one in ("1", "2", "3")),
    imputability=(Grade("certain", "certain"),),
)
OTHERS = replace(GRADES, id="others")
CHANGES = (
    ReactionChange("a-any", None, "look again", (), PASSAGE),
    ReactionChange("b-mild", "allergy", "slower", ("rate",), PASSAGE, severity_from="1", severity_scheme="grades"),
    ReactionChange("c-severe", "allergy", "not again", (), PASSAGE, severity_from="3", severity_scheme="grades"),
    ReactionChange("d-clot", "clot", "lower dose", ("dose",), PASSAGE),
)
LIBRARY = library(
    hazards=[hazard("allergy"), hazard("clot")],
    products=[product()],
    definitions=[NEW, OLD, OTHER, GRADES, OTHERS],
    changes=CHANGES,
)


def levels(signs: SignsKnown, onset: str | None = None) -> dict[str, Truth]:
    found = classify(NEW, signs, Decimal(onset) if onset else None)
    return {one.level.name: one.truth for one in found.levels}


@pytest.mark.parametrize(
    ("signs", "onset", "expected"),
    [
        ({}, None, (UNKNOWN, UNKNOWN, UNKNOWN)),
        ({"rash": True, "wheeze": True}, "4", (MET, MET, MET)),
        ({"rash": True, "wheeze": MET, "low-pressure": None}, "3", (MET, MET, MET)),
        ({"rash": True, "wheeze": True}, "4.1", (NOT_MET, NOT_MET, MET)),
        ({"rash": True, "wheeze": True}, None, (UNKNOWN, UNKNOWN, MET)),
        ({"rash": True}, "2", (UNKNOWN, MET, MET)),
        ({"rash": True, "wheeze": False, "low-pressure": NOT_MET}, "2", (NOT_MET, MET, MET)),
        ({"rash": False, "wheeze": True}, "2", (NOT_MET, MET, MET)),
        ({"rash": UNKNOWN, "wheeze": False, "low-pressure": False}, "2", (NOT_MET, UNKNOWN, UNKNOWN)),
        ({"rash": False, "wheeze": False, "low-pressure": False}, None, (NOT_MET, NOT_MET, NOT_MET)),
        ({"rash": True, "wheeze": True}, "-1", (MET, MET, MET)),
    ],
)
def test_levels_hold_as_three_valued_logic_has_it(
    signs: SignsKnown, onset: str | None, expected: tuple[Truth, ...]
) -> None:
    assert tuple(levels(signs, onset).values()) == expected


def test_levels_come_with_the_most_certain_first() -> None:
    assert list(levels({})) == ["definitive", "probable", "possible"]


def test_the_highest_level_met_says_what_could_raise_it() -> None:
    found = classify(NEW, {"rash": True, "wheeze": False}, None)
    assert found.highest is not None
    assert found.highest.level is POSSIBLE
    raised = {one.level.name: (one.signs, one.onset) for one in found.could_be}
    assert raised == {"definitive": (("low-pressure",), True), "probable": ((), True)}


def test_nothing_can_raise_the_most_certain_level_nor_one_that_is_ruled_out() -> None:
    assert classify(NEW, dict.fromkeys(ALL, True), Decimal(1)).could_be == ()
    late = classify(NEW, {"rash": True}, Decimal(9))
    assert late.highest is not None
    assert (late.highest.level.name, late.could_be) == ("possible", ())


def test_without_any_level_met_all_that_are_open_could_come() -> None:
    found = classify(NEW, {}, None)
    assert (found.highest, len(found.could_be)) == (None, 3)
    assert found.could_be[0].signs == ALL


def test_a_definition_of_grades_alone_has_no_levels() -> None:
    found = classify(GRADES, {}, None)
    assert (found.levels, found.highest, found.could_be) == ((), None, ())


# Side by side


def test_definitions_of_one_hazard_stand_side_by_side_and_only_signs_worded_alike_carry_over() -> None:
    reaction = Reaction("new", {"rash": True, "wheeze": True}, Decimal(1))
    own, old = side_by_side(reaction, LIBRARY)
    assert (own.definition, old.definition) == (NEW, OLD)
    assert own.highest is not None
    assert own.highest.level is DEFINITIVE
    assert (old.highest, old.could_be[0].signs) == (None, ("wheeze",))


def test_what_another_definition_asks_can_be_answered_beside() -> None:
    _, old = side_by_side(Reaction("new", {"rash": True}), LIBRARY, {"old": {"wheeze": True}})
    assert old.highest is not None


def test_a_definition_without_hazard_stands_alone() -> None:
    assert [one.definition.id for one in side_by_side(Reaction("grades"), LIBRARY)] == ["grades"]


# What changes


def changed(reaction: Reaction) -> dict[str, Truth]:
    return {one.change.id: one.truth for one in changes(reaction, LIBRARY)}


def test_a_reaction_changes_what_its_hazard_and_severity_ask_for() -> None:
    mild = Reaction("new", severity=GradeGiven("grades", "1"))
    assert changed(mild) == {"a-any": MET, "b-mild": MET}
    severe = replace(mild, severity=GradeGiven("grades", "3"))
    assert changed(severe) == {"a-any": MET, "b-mild": MET, "c-severe": MET}
    assert changed(replace(severe, definition="other")) == {"a-any": MET, "d-clot": MET}


def test_a_severity_not_known_or_not_comparable_leaves_the_change_with_the_question() -> None:
    # "others" grades by the same words: its "3" is still not that of "grades".
    for severity in (None, GradeGiven("others", "3"), GradeGiven("others", "1")):
        reaction = Reaction("new", severity=severity)
        assert changed(reaction) == {"a-any": MET, "b-mild": UNKNOWN, "c-severe": UNKNOWN}
        *_, severe = changes(reaction, LIBRARY)
        assert severe.question == "Was its severity 3 or more by grades?"


# Recording


def test_a_reaction_is_recorded_on_three_axes_with_what_was_running() -> None:
    reaction = Reaction(
        "new",
        {"rash": True},
        Decimal("0.5"),
        GradeGiven("grades", "2"),
        GradeGiven("grades", "certain"),
        product="brand-us",
        lot="L1",
        rate_at_onset_ml_per_h=Decimal(120),
        volume_given_ml=Decimal(80),
    )
    assert recorded(reaction, LIBRARY) is reaction


def test_every_fault_of_a_reaction_is_told_at_once() -> None:
    reaction = Reaction(
        "new",
        {"rash": True, "hiccup": True},
        severity=GradeGiven("grades", "9"),
        imputability=GradeGiven("nowhere", "certain"),
        product="nothing",
        volume_given_ml=Decimal(-1),
    )
    with pytest.raises(BadInput) as caught:
        recorded(reaction, LIBRARY)
    assert [one.where for one in caught.value.faults] == [
        "imputability",
        "product",
        "severity",
        "signs",
        "volume_given_ml",
    ]
    assert "one of 1, 2, 3" in str(caught.value)


def test_a_definition_that_is_not_there_is_a_fault() -> None:
    with pytest.raises(BadInput, match="the id of a reaction definition"):
        recorded(Reaction("nowhere"), LIBRARY)
