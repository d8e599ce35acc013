"""A reaction in words: true to what was found, every level and question in its place, nothing certain that is open."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from functools import cache

import pytest

from ivigil.explain.definition_sections import axes_of, definition_sections, levels_of
from ivigil.explain.layout import Row, Section
from ivigil.explain.reaction_json import reaction_json
from ivigil.explain.reaction_sections import level_words, reaction_sections
from ivigil.knowledge import Library, load
from ivigil.knowledge.safety_records import CaseLevel, Needed, ReactionDefinition, Sign
from ivigil.safety import GradeGiven, Reaction
from ivigil.safety.reaction_record import Assessment, ReactionRecord, assessed

ALLERGIC, OVERLOAD, GRADES = "nhsn-allergic-1-3-1", "isbt-taco-2018", "nhsn-grades-1-3-1"
SHARED = "positive-fluid-balance"


@cache
def library() -> Library:
    return load()


def definition(name: str) -> ReactionDefinition:
    return library().reaction_definitions[name]


def found(name: str, known: Library | None = None, **more: object) -> Assessment:
    answers = more.pop("answers", {})
    reaction = Reaction(name, **more)  # type: ignore[arg-type] # fields of the record
    return assessed(ReactionRecord(reaction, answers), known or library())  # type: ignore[arg-type] # as given


def sections(one: Assessment) -> dict[str, Section]:
    made = list(reaction_sections(one, library()))
    assert len({section.title for section in made}) == len(made)
    return {section.title: section for section in made}


def axes(one: Assessment) -> dict[str, Row]:
    return {str(row.tag): row for row in sections(one)["Three axes, each by its own scheme"].rows}


# The axes


@pytest.mark.parametrize(
    ("signs", "onset", "words"),
    [
        ({}, None, "No level is reached yet; it could be definitive or probable."),
        ({"urticaria": True}, 1, "Probable; it could be definitive."),
        ({"urticaria": True, "pruritus": True}, 1, "Definitive."),
        ({"urticaria": True, "pruritus": True}, 9, "No level holds."),
    ],
)
def test_the_certainty_says_what_holds_and_what_could(signs: dict[str, bool], onset: int | None, words: str) -> None:
    one = found(ALLERGIC, signs=signs, onset_hours=None if onset is None else Decimal(onset))
    assert axes(one)["certainty"].text == words


def test_a_definition_without_levels_grades_no_certainty() -> None:
    one = found(GRADES)
    assert level_words(one.certainty) == "not graded"
    assert axes(one)["certainty"].text.startswith("Not graded")


def test_a_grade_is_said_in_the_words_of_its_scheme() -> None:
    one = found(ALLERGIC, severity=GradeGiven(ALLERGIC, "2-4"), imputability=GradeGiven("eu-imputability-2005", "1"))
    (severe,) = [each for each in definition(ALLERGIC).severity if each.id == "2-4"]
    assert axes(one)["severity"].text == f"Grade 2-4: {severe.text}"
    assert axes(one)["imputability"].details == ("By Directive 2005/61/EC, as used in Latvia, 2005",)


def test_what_is_not_graded_names_the_schemes_that_fit_the_hazard() -> None:
    details = axes(found(OVERLOAD))["severity"].details
    assert details == ("To be graded by isbt-grades-2011 or nhsn-grades-1-3-1",)
    assert "kdigo-aki-2012" in " ".join(axes(found("kdigo-aki-2012"))["severity"].details)


def test_a_definition_that_is_remembered_says_so_wherever_it_decides() -> None:
    made = sections(found("canadian-ivig-haemolysis", severity=GradeGiven("isbt-grades-2011", "1")))
    cautious = [row.tag for section in made.values() for row in section.rows if _has_caution(row)]
    assert cautious == ["certainty", "severity", "recorded by"]


def _has_caution(row: Row) -> bool:
    return any(detail.startswith("Caution, not verified") for detail in row.details)


# Side by side


def test_each_definition_has_its_row_with_the_level_that_it_reaches() -> None:
    signs = ("respiratory-distress", "tachycardia", "hypertension", "pulmonary-oedema")
    one = found("isbt-taco-2011", signs=dict.fromkeys(signs, True), onset_hours=Decimal(2))
    table = sections(one)["Each body's definition"].table
    assert table is not None
    assert [row[1:] for row in table.rows] == [
        ("definitive", "–"),
        ("not known", "definitive"),
        ("not known", "definitive"),
    ]
    assert {len(row) for row in table.rows} == {len(table.columns)}


@pytest.mark.parametrize(
    ("name", "onset", "words"),
    [
        ("canadian-ivig-haemolysis", 2, "No other definition of this hazard is held."),
        (GRADES, 2, "It is of no single hazard, so no other definition stands beside it."),
        (OVERLOAD, 2, "The same hours are held against every definition; each may count them from its own moment."),
        (OVERLOAD, None, None),
    ],
)
def test_what_the_comparison_leaves_open_is_noted(name: str, onset: int | None, words: str | None) -> None:
    one = found(name, onset_hours=None if onset is None else Decimal(onset))
    notes = [row.text for row in sections(one)["Each body's definition"].rows if row.tag == "note"]
    assert notes == ([words] if words else [])


# Questions


def questions(one: Assessment) -> dict[str, Row]:
    """Each question by the option that answers it."""
    rows = sections(one)["What could raise the certainty"].rows
    return {row.details[-1]: row for group in rows for row in group.members}


def test_a_question_says_for_which_levels_it_counts_where_not_for_all() -> None:
    asked = questions(found(ALLERGIC))
    assert asked["--sign urticaria=yes or =no"].details[:-1] == ()
    assert asked["--sign generalised-flushing=yes or =no"].details[:-1] == ("Counts for definitive by NHSN, 1.3.1",)


def test_what_two_definitions_word_alike_is_asked_once_as_a_sign_of_the_own() -> None:
    one = found("nhsn-taco-2016")
    (shared,) = [each for each in one.questions if each.sign and each.sign.id == SHARED]
    assert shared.asked_by.id == "nhsn-taco-2016"
    assert [each.id for each, _ in shared.raises] == ["nhsn-taco-2016", "isbt-taco-2011"]
    assert len([option for option in questions(one) if SHARED in option]) == 1
    assert len(questions(one)[f"--sign {SHARED}=yes or =no"].details) == 3


def test_the_onset_is_asked_once_for_all_definitions() -> None:
    (onset,) = [row for option, row in questions(found(OVERLOAD)).items() if option == "--onset-hours HOURS"]
    assert len(onset.details) == 4
    assert not [option for option in questions(found(OVERLOAD, onset_hours=Decimal(1))) if "onset" in option]


def test_of_a_definition_that_is_decided_the_others_still_ask() -> None:
    signs = ("respiratory-distress", "cardiovascular-change", "biomarker")
    one = found(OVERLOAD, signs=dict.fromkeys(signs, True), onset_hours=Decimal(1))
    rows = sections(one)["What could raise the certainty"].rows
    assert [row.text.partition(";")[0] for row in rows] == ["ISBT, 2011", "NHSN, 2016"]


# What it changes


def test_each_change_has_its_source_and_the_open_ones_their_question() -> None:
    graded = sections(found("isbt-anaphylaxis", severity=GradeGiven(ALLERGIC, "2-4")))["What it changes next time"].rows
    assert {row.tag for row in graded} == {"applies", "note"}
    # By another scheme the grade does not compare.
    rows = sections(found("isbt-anaphylaxis", severity=GradeGiven(GRADES, "3")))["What it changes next time"].rows
    assert {row.tag for row in rows} == {"applies", "may apply", "note"}
    for row in rows:
        if row.tag != "note":
            assert any(source in row.details[-1] for source in library().sources)
            assert (row.tag == "may apply") == any(detail.startswith("To be known: ") for detail in row.details)


def test_a_reaction_that_changes_nothing_says_so() -> None:
    assert [row.tag for row in sections(found(GRADES))["What it changes next time"].rows] == ["note"]


# The record


def test_every_sign_is_shown_as_recorded() -> None:
    one = found(
        OVERLOAD,
        signs={"biomarker": False, "fluid-overload": None, "respiratory-distress": True},
        answers={"isbt-taco-2011": {"tachycardia": True}},
        product="privigen-us",
        lot="L1",
        rate_at_onset_ml_per_h=Decimal("120.50"),
        volume_given_ml=Decimal(0),
        onset_hours=Decimal("-0.5"),
    )
    rows = [(row.tag, row.text) for row in sections(one)["What was recorded"].rows]
    tags = {text: tag for tag, text in rows}
    signs = {each.id: tags[each.text] for each in definition(OVERLOAD).signs}
    assert signs == {
        "respiratory-distress": "there",
        "pulmonary-oedema": "unknown",
        "cardiovascular-change": "unknown",
        "fluid-overload": "unknown",
        "biomarker": "not there",
    }
    assert rows[-6:] == [
        ("there", "Tachycardia."),
        ("onset", "-0.5 hours, counted as the definition counts"),
        ("product", "Privigen, label US (privigen-us)"),
        ("lot", "L1"),
        ("rate at onset", "120.5 mL/h"),
        ("volume given", "0 mL"),
    ]


def test_sources_are_folded_and_every_one_is_there_once() -> None:
    one = found(ALLERGIC, severity=GradeGiven("isbt-grades-2011", "2"))
    section = sections(one)["Sources"]
    named = [row.details[0] for row in section.rows]
    assert section.folded
    assert len(named) == len({*named})
    assert {"safety-isbt-definitions-2011", definition(ALLERGIC).passage.source} <= {*named}
    assert {each.change.passage.source for each in one.changes} <= {*named}


# Definitions


MADE = ReactionDefinition(
    "made",
    "Made",
    "A body",
    "1",
    definition(ALLERGIC).passage,
    signs=tuple(Sign(one, f"{one.capitalize()}.") for one in ("rash", "wheeze", "fever")),
    levels=(
        CaseLevel("possible", (Needed(1, ("rash",)),)),
        CaseLevel("definitive", (Needed(1, ("rash",)), Needed(2, ("wheeze", "fever"))), Decimal("1.5")),
    ),
    status="remembered",
)


def test_a_definition_is_shown_with_the_most_certain_level_first() -> None:
    made = {section.title: section for section in definition_sections(MADE, library())}
    definitive, possible = made["Levels of certainty"].rows
    assert (definitive.tag, definitive.text) == ("definitive", "With onset within 1.5 hours, all of these:")
    assert definitive.members == (Row("Rash."), Row("All of these 2:", details=("Wheeze", "Fever")))
    assert (possible.tag, possible.text, possible.members) == ("possible", "At any time of onset:", (Row("Rash."),))
    assert [one.name for one in levels_of(MADE)] == ["definitive", "possible"]
    assert axes_of(MADE) == {"certainty": ("definitive", "possible"), "severity": (), "imputability": ()}
    assert "Grades of severity" not in made
    assert made["Definition"].rows[0].tag == "remembered"


def test_a_date_from_which_a_definition_holds_is_shown() -> None:
    when = library().sources[MADE.passage.source].retrieved
    dated = replace(MADE, valid_from=when)
    texts = [row.text for section in definition_sections(dated, library()) for row in section.rows]
    assert f"1, valid from {when.isoformat()}" in texts


# JSON


def test_json_says_what_the_words_say() -> None:
    one = found(ALLERGIC, signs={"urticaria": True}, onset_hours=Decimal(1))
    made = reaction_json(one, library())
    assert (made["certainty"]["level"], made["certainty"]["could_be"]) == ("probable", ["definitive"])
    assert [each["definition"] for each in made["other_definitions"]] == [each.definition.id for each in one.others]
    held = {each["level"]: each["holds"] for each in made["certainty"]["levels"]}
    assert held == {"definitive": "unknown", "probable": "met"}
    assert len(made["questions"]) == len(one.questions)
    assert {each["answered_under"] for each in made["questions"]} == {"signs", "answers"}
    assert made["record"] == {"definition": ALLERGIC, "signs": {"urticaria": True}, "onset_hours": 1}
