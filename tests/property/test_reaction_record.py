"""Reactions over the real definitions: files that read back, and doubt that only ever leaves more open."""

from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from typing import Any

import yaml
from hypothesis import given
from hypothesis import strategies as st

from ivigil.cli.app import parser
from ivigil.cli.reactions import _stated
from ivigil.criteria import Truth
from ivigil.documents import BadInput, Fault, Place
from ivigil.knowledge import Library, load
from ivigil.knowledge.safety_records import ReactionDefinition
from ivigil.safety import Certainty, GradeGiven, Reaction
from ivigil.safety.reaction_check import record_of
from ivigil.safety.reaction_file import FORMS, record_json, record_text, stated, stated_in
from ivigil.safety.reaction_record import ReactionRecord, asks_alike, assessed, beside
from ivigil.safety.schemes import grades, schemes

ANSWERS = st.sampled_from([True, False, None])
# The texts that read as something else in one YAML or another.
TRAPS = st.sampled_from(["NO", "yes", "null", "~", "12:30", "0123", "1e3", "a: b", "# c", "- d", "'", '"', "\n", " x "])
LOTS = st.none() | TRAPS | st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=20)
HOURS = st.none() | st.decimals(-48, 5000, places=2)
AMOUNTS = st.none() | st.decimals(0, 5000, places=3)


@cache
def library() -> Library:
    return load()


@cache
def definitions() -> tuple[ReactionDefinition, ...]:
    return tuple(one for _, one in sorted(library().reaction_definitions.items()))


def signs_of(draw: st.DrawFn, ids: list[str]) -> dict[str, bool | None]:
    return {one: draw(ANSWERS) for one in ids if draw(st.booleans())}


def grade(draw: st.DrawFn, axis: Any, definition: ReactionDefinition) -> GradeGiven | None:  # noqa: ANN401 - an axis
    held = [GradeGiven(one.id, each.id) for one in schemes(axis, definition, library()) for each in grades(one, axis)]
    return draw(st.none() | st.sampled_from(held)) if held else None


@st.composite
def records(draw: st.DrawFn) -> ReactionRecord:
    """Records that can be: every field there or not, every sign there, not there, unknown or left out."""
    definition = draw(st.sampled_from(definitions()))
    reaction = Reaction(
        definition.id,
        signs_of(draw, [one.id for one in definition.signs]),
        draw(HOURS),
        grade(draw, "severity", definition),
        grade(draw, "imputability", definition),
        draw(st.none() | st.sampled_from(sorted(library().products))),
        draw(LOTS),
        draw(AMOUNTS),
        draw(AMOUNTS),
    )
    others = beside(definition, library())
    asked = {one.id: [each.id for each in one.signs if not asks_alike(each, definition)] for one in others}
    answers = {one: signs for one, ids in asked.items() if (signs := signs_of(draw, ids))}
    return ReactionRecord(reaction, answers)


def read(text: str, name: str) -> ReactionRecord:
    return record_of(stated_in(text.encode(), name), library())


def truths(one: Certainty) -> dict[str, Truth]:
    return {each.level.name: each.truth for each in one.levels}


def without(record: ReactionRecord, sign: str, value: bool | None, *, left_out: bool) -> ReactionRecord:  # noqa: FBT001
    """The record with another answer to a sign, or with none."""
    signs = {key: each for key, each in record.reaction.signs.items() if key != sign}
    fields: dict[str, Any] = {**vars(record.reaction), "signs": signs if left_out else {**signs, sign: value}}
    return ReactionRecord(Reaction(**fields), record.answers)


# Files


@given(records(), st.sampled_from(sorted(FORMS)))
def test_a_record_reads_back_from_its_file_and_is_written_to_the_same_bytes(
    record: ReactionRecord, ending: str
) -> None:
    text = record_text(record, FORMS[ending])
    again = read(text, f"reaction{ending}")
    assert again == record
    assert record_text(again, FORMS[ending]) == text


@given(records())
def test_the_yaml_means_the_same_to_a_reader_of_yaml_1_1_and_the_json_to_any(record: ReactionRecord) -> None:
    plain = json.loads(record_text(record, "json"))
    assert yaml.safe_load(record_text(record, "yaml")) == plain


@given(records(), st.randoms(use_true_random=False))
def test_the_order_in_a_file_does_not_matter(record: ReactionRecord, random: Any) -> None:  # noqa: ANN401 - drawn
    def shuffled(value: Any) -> Any:  # noqa: ANN401 - any JSON value
        if not isinstance(value, Mapping):
            return value
        keys = [*value]
        random.shuffle(keys)
        return {key: shuffled(value[key]) for key in keys}

    text = json.dumps(shuffled(json.loads(record_text(record, "json"))))
    assert record_text(read(text, "reaction.json"), "yaml") == record_text(record, "yaml")


DOCUMENTS = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.text(max_size=5)
    | st.decimals(allow_nan=False, allow_infinity=False),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
KEYS = st.sampled_from([*record_json(ReactionRecord(Reaction("x", {"y": None}))), "severity", "answers", "lot", "rate"])


@given(st.dictionaries(KEYS, DOCUMENTS, max_size=5) | DOCUMENTS, st.booleans())
def test_any_document_is_a_record_or_is_refused_with_its_faults(document: Any, named: bool) -> None:  # noqa: ANN401, FBT001
    if named and isinstance(document, dict):
        document = {**document, "definition": "isbt-taco-2018"}
    record: ReactionRecord | None = None
    faults: tuple[Fault, ...] = ()
    try:
        record = record_of(stated(document, Place("it")), library())
    except BadInput as error:
        faults = error.faults
    assert bool(faults) == (record is None)
    assert all(fault.where.startswith("it") for fault in faults)
    if record is not None:
        assert read(record_text(record, "yaml"), "it.yaml") == record


# Options


def options(record: ReactionRecord) -> list[tuple[str, str]]:
    reaction = record.reaction
    word = {True: "yes", False: "no", None: "unknown"}
    found = [("--sign", f"{key}={word[value]}") for key, value in reaction.signs.items()]  # type: ignore[index] # as drawn
    for name, answers in record.answers.items():
        found += [("--answer", f"{name}.{key}={word[value]}") for key, value in answers.items()]  # type: ignore[index] # as drawn
    for axis, given_grade in (("severity", reaction.severity), ("imputability", reaction.imputability)):
        found += [(f"--{axis}", f"{given_grade.definition}:{given_grade.grade}")] if given_grade else []
    named = {
        "--definition": reaction.definition,
        "--onset-hours": reaction.onset_hours,
        "--product": reaction.product,
        "--lot": reaction.lot,
        "--rate": reaction.rate_at_onset_ml_per_h,
        "--volume": reaction.volume_given_ml,
    }
    return found + [(name, str(value)) for name, value in named.items() if value is not None]


@given(st.data(), records())
def test_options_in_any_order_give_the_record_that_they_state(data: st.DataObject, record: ReactionRecord) -> None:
    shuffled = data.draw(st.permutations(options(record)))
    # With an equals sign, so that a lot which begins with a dash is no option.
    arguments = [f"{name}={value}" for name, value in shuffled]
    assert record_of(_stated(parser().parse_args(["reactions", "assess", *arguments])), library()) == record


# Doubt


@given(st.data(), records())
def test_a_sign_that_becomes_unknown_rules_no_level_in_or_out(data: st.DataObject, record: ReactionRecord) -> None:
    signs = [one.id for one in library().reaction_definitions[record.reaction.definition].signs]
    if not signs:
        return
    sign = data.draw(st.sampled_from(signs))
    before = assessed(record, library())
    after = assessed(without(record, sign, value=None, left_out=False), library())
    left_out = assessed(without(record, sign, value=None, left_out=True), library())
    for old, new in zip((before.certainty, *before.others), (after.certainty, *after.others), strict=True):
        assert all(truths(new)[level] in {truth, Truth.UNKNOWN} for level, truth in truths(old).items())
    assert (after.certainty, after.others, after.questions) == (left_out.certainty, left_out.others, left_out.questions)


@given(records())
def test_an_answer_of_unknown_lowers_nothing(record: ReactionRecord) -> None:
    known = {name: {key: one for key, one in each.items() if one is not None} for name, each in record.answers.items()}
    said, unsaid = assessed(record, library()), assessed(ReactionRecord(record.reaction, known), library())
    assert (said.certainty, said.others, said.questions) == (unsaid.certainty, unsaid.others, unsaid.questions)


@given(records())
def test_questions_are_what_could_raise_a_level_and_answering_them_all_does(record: ReactionRecord) -> None:
    found = assessed(record, library())
    open_ones = [one for one in (found.certainty, *found.others) if one.could_be]
    assert bool(found.questions) == bool(open_ones)
    own = found.definition.id
    signs = {asked.sign.id: True for asked in found.questions if asked.sign and asked.asked_by.id == own}
    answers = {name: dict(each) for name, each in record.answers.items()}
    for asked in found.questions:
        if asked.sign and asked.asked_by.id != own:
            answers.setdefault(asked.asked_by.id, {})[asked.sign.id] = True
    fields = {**vars(record.reaction), "signs": {**record.reaction.signs, **signs}}
    if any(asked.sign is None for asked in found.questions):
        fields["onset_hours"] = Decimal(0)
    after = assessed(ReactionRecord(Reaction(**fields), answers), library())
    reached = {one.definition.id: one.highest for one in (after.certainty, *after.others)}
    for certainty in open_ones:
        highest = reached[certainty.definition.id]
        assert highest is not None
        assert highest.level == certainty.could_be[0].level
    assert after.questions == ()
