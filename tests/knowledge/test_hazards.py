"""Hazards hold the review's table of adverse effects whole, newer figures beside it, and no advice that does harm."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

import pytest

from ivigil.criteria import Truth, evaluate
from ivigil.facts import Exactly
from ivigil.knowledge import Library, data_folder
from ivigil.knowledge.building import build
from ivigil.knowledge.folder import read_folder
from ivigil.knowledge.parts import rules_in, sources_in
from ivigil.knowledge.safety_records import (
    Frequency,
    Hazard,
    Precaution,
    ReactionChange,
    ReactionDefinition,
    RiskFactor,
)

SEED = "gilardin-2015"
RARE = "Table 2, haemolysis, aseptic meningitis, thromboembolism and anaphylaxis"
BELOW_ONE = "Table 2, hypertension and fluid overload, acute renal failure"
SOURCE_IN_TEXT = re.compile(r"safety-[a-z0-9-]+")


@dataclass(frozen=True)
class Row:
    """A row of Table 2 of the review, read from the article and not from the files."""

    hazard: str
    place: str
    percent: tuple[str | None, str | None]
    risk_factors: frozenset[str]
    mechanisms: int
    measures: frozenset[str]
    severity: str
    onset: str


TABLE_2 = (
    Row(
        "flu-like-syndrome",
        "Table 2, flu-like syndrome",
        ("1", "15"),
        frozenset({"fast-rate", "iga-proportion", "first-infusion"}),
        3,
        frozenset({"slow-rate", "stop-infusion", "change-product", "premedication", "subcutaneous"}),
        "Mild and transient",
        "During the infusion",
    ),
    Row(
        "haemolysis",
        RARE,
        (None, "0.1"),
        frozenset({"high-dose", "blood-group-not-o", "several-births", "isoagglutinin-titre"}),
        2,
        frozenset({"crossmatch", "isoagglutinin-titre", "test-within-36-hours"}),
        "Moderate",
        "up to 3 days",
    ),
    Row(
        "aseptic-meningitis",
        RARE,
        (None, "0.1"),
        frozenset({"fast-rate", "migraine"}),
        2,
        frozenset({"pain-killers"}),
        "Moderate and transient",
        "48 to 72 hours",
    ),
    Row(
        "thromboembolism",
        RARE,
        (None, "0.1"),
        frozenset(
            {
                "first-infusion",
                "age-over-60",
                "high-dose",
                "previous-thrombosis",
                "thrombophilia",
                "dyslipidaemia",
                "hypertension",
                "diabetes",
                "autoimmune-disease",
                "cancer",
            }
        ),
        4,
        frozenset({"hydration", "slow-rate", "treat-early", "anticoagulation"}),
        "Moderate to severe",
        "within 24 hours",
    ),
    Row(
        "hypertension-fluid-overload",
        BELOW_ONE,
        (None, "1"),
        frozenset({"viscous-plasma", "heart-failure", "kidney-failure"}),
        1,
        frozenset(),  # the review's one measure, hydration, is contradicted: see below
        "Moderate to severe",
        "up to 2 days",
    ),
    Row(
        "acute-renal-failure",
        BELOW_ONE,
        (None, "1"),
        frozenset(
            {"age-over-60", "obesity", "diabetes", "kidney-disease", "sepsis", "paraproteinaemia", "nephrotoxic-drugs"}
        ),
        2,
        frozenset(
            {
                "hydration",
                "renal-function-before",
                "renal-function-after",
                "sugar-free",
                "no-nephrotoxic-drugs",
                "avoid-with-cryoglobulins",
            }
        ),
        "Mild to severe",
        "1 to 10 days",
    ),
    Row(
        "anaphylaxis",
        "Table 2, non-IgE-mediated anaphylactic reaction",
        (None, "0.1"),
        frozenset({"iga-deficiency", "anti-iga", "lupus", "myasthenia"}),
        1,
        frozenset({"stop-and-support", "screen-for-iga-deficiency", "low-iga-product"}),
        "Moderate to severe",
        "Early during the infusion",
    ),
    Row(
        "subcutaneous-local-reaction",
        "Table 2, local reaction to subcutaneous immunoglobulin",
        ("8", "50"),
        frozenset({"start-of-subcutaneous"}),
        1,
        frozenset({"treat-symptoms", "watch-for-lasting-change"}),
        "Mild to moderate",
        "swelling, redness, itching or burning",
    ),
)
NOT_IN_THE_TABLE = {"neutropenia"}
AT_RISK = {"thromboembolism", "acute-renal-failure"}
"""The hazards whose risk factors bring the slow rate of the US boxed warning."""

# Risk factors that no rule can ask for: of the product or the rate, or without a fact or a threshold in the source.
NO_RULE = {
    ("flu-like-syndrome", "fast-rate"),
    ("flu-like-syndrome", "iga-proportion"),
    ("flu-like-syndrome", "changed-product"),
    ("flu-like-syndrome", "neuromuscular-disease"),
    ("haemolysis", "isoagglutinins-not-reduced"),
    ("haemolysis", "no-immunosuppressants"),
    ("aseptic-meningitis", "fast-rate"),
    ("thromboembolism", "fast-rate"),
    ("hypertension-fluid-overload", "low-body-weight"),
    ("hypertension-fluid-overload", "large-volume"),
    ("acute-renal-failure", "sugar-in-product"),
    ("acute-renal-failure", "fast-rate"),
    ("anaphylaxis", "iga-in-product"),
}
REMEMBERED_DEFINITIONS = {"canadian-ivig-haemolysis", "isbt-grades-2011"}


@pytest.fixture(scope="module")
def library() -> Library:
    return build([read_folder(data_folder())])


def by_seed(hazard: Hazard) -> list[RiskFactor]:
    return [one for one in hazard.risk_factors if one.passage.source == SEED]


def precautions(library: Library) -> Iterator[tuple[Hazard, Precaution]]:
    for hazard in library.hazards.values():
        for precaution in hazard.precautions:
            yield hazard, precaution


def truth(library: Library, rule: str, **facts: bool | int | str | Decimal) -> Truth:
    known = {
        name: Exactly(Decimal(value) if isinstance(value, int) and not isinstance(value, bool) else value)
        for name, value in facts.items()
    }
    return evaluate(library.trees[rule], known).truth


def factor(library: Library, hazard: str, name: str) -> RiskFactor:
    return next(one for one in library.hazards[hazard].risk_factors if one.id == name)


def percent(frequency: Frequency) -> Decimal:
    """The highest figure; -1 where it is not a percentage."""
    return frequency.percent_high if frequency.percent_high is not None else Decimal(-1)


@pytest.mark.parametrize("row", TABLE_2, ids=lambda row: row.hazard)
def test_a_row_of_table_2_is_whole(row: Row, library: Library) -> None:
    hazard = library.hazards[row.hazard]
    assert (hazard.passage.source, hazard.passage.place) == (SEED, row.place)
    assert row.severity in hazard.severity
    assert row.onset in hazard.onset
    assert row.risk_factors <= {one.id for one in by_seed(hazard)}
    assert row.measures <= {one.id for one in hazard.precautions if one.passage.source == SEED}
    assert len([one for one in hazard.mechanism if one.passage.source == SEED]) == row.mechanisms


@pytest.mark.parametrize("row", TABLE_2, ids=lambda row: row.hazard)
def test_nothing_more_is_laid_to_the_review_than_it_says(row: Row, library: Library) -> None:
    hazard = library.hazards[row.hazard]
    from_elsewhere_in_the_row = {"acute-renal-failure": {"cryoglobulins"}, "anaphylaxis": {"iga-in-product"}}
    assert {one.id for one in by_seed(hazard)} == row.risk_factors | from_elsewhere_in_the_row.get(row.hazard, set())
    assert {one.id for one in hazard.precautions if one.passage.source == SEED} == row.measures


@pytest.mark.parametrize("row", TABLE_2, ids=lambda row: row.hazard)
def test_the_reviews_frequency_is_one_record_with_its_claim(row: Row, library: Library) -> None:
    hazard = library.hazards[row.hazard]
    low, high = (None if end is None else Decimal(end) for end in row.percent)
    seed = [one for one in hazard.frequencies if (one.percent_low, one.percent_high) == (low, high) and one.claim]
    assert len(seed) == 1
    assert seed[0].passage.source == SEED
    assert seed[0].per == "not stated"
    assert seed[0].claim in hazard.claims


@pytest.mark.parametrize("row", TABLE_2, ids=lambda row: row.hazard)
def test_the_reviews_frequency_stands_beside_newer_ones(row: Row, library: Library) -> None:
    newer = [one for one in library.hazards[row.hazard].frequencies if one.passage.source != SEED]
    assert newer
    assert all(one.claim is None for one in newer)


@pytest.mark.parametrize(
    ("hazard", "source", "figure"),
    [
        ("haemolysis", "safety-toronto-haemolysis-2021", "32"),
        ("acute-renal-failure", "safety-levy-2000", "6.7"),
        ("aseptic-meningitis", "safety-bharath-2015", "0.60"),
        ("thromboembolism", "safety-daniel-2012", "1.04"),
        ("anaphylaxis", "safety-cbs-iga-deficiency-2018", "53"),
    ],
)
def test_where_a_newer_figure_differs_both_stay(hazard: str, source: str, figure: str, library: Library) -> None:
    frequencies = library.hazards[hazard].frequencies
    highest_of_seed = max(percent(one) for one in frequencies if one.passage.source == SEED)
    assert Decimal(figure) in {percent(one) for one in frequencies if one.passage.source == source}
    assert Decimal(figure) > highest_of_seed


def test_the_hazards_are_the_rows_and_what_the_review_left_out(library: Library) -> None:
    assert set(library.hazards) == {row.hazard for row in TABLE_2} | NOT_IN_THE_TABLE
    for name in NOT_IN_THE_TABLE:
        assert SEED not in {source for source, _ in sources_in(library.hazards[name])}


def test_every_frequency_says_in_whom_and_of_what(library: Library) -> None:
    for hazard in library.hazards.values():
        for one in hazard.frequencies:
            assert one.population.endswith("."), hazard.id
            assert one.per != "not stated" or one.passage.source == SEED, hazard.id
            low, high = one.percent_low or Decimal(0), percent(one)
            assert high == -1 or 0 <= low <= high <= 100, hazard.id


def test_every_hydration_is_held_back_until_heart_failure_and_overload_are_known_absent(library: Library) -> None:
    hydrating = [(hazard, one) for hazard, one in precautions(library) if "hydration" in one.levers]
    assert {hazard.id for hazard, _ in hydrating} >= {"thromboembolism", "acute-renal-failure"}
    for hazard, one in hydrating:
        assert one.harmful_if, (hazard.id, one.id)
        assert truth(library, one.harmful_if, heart_failure=True) is Truth.MET
        assert truth(library, one.harmful_if, fluid_overload=True) is Truth.MET
        assert truth(library, one.harmful_if) is Truth.UNKNOWN
        assert truth(library, one.harmful_if, heart_failure=False) is Truth.UNKNOWN
        assert truth(library, one.harmful_if, heart_failure=False, fluid_overload=False) is Truth.NOT_MET


def test_nobody_is_told_to_drink_without_the_lever_that_is_checked(library: Library) -> None:
    for hazard, one in precautions(library):
        if re.search(r"hydrat|enough fluid|drink", one.text):
            assert "hydration" in one.levers, (hazard.id, one.id)


def test_overload_does_not_advise_the_fluid_that_causes_it(library: Library) -> None:
    hazard = library.hazards["hypertension-fluid-overload"]
    assert all("hydration" not in one.levers for one in hazard.precautions)
    of_seed = [one.text for one in hazard.notes if one.passage.source == SEED]
    assert any("hydration" in text and "contradicted" in text for text in of_seed)


def test_an_anticoagulant_is_the_clinicians_decision(library: Library) -> None:
    found = [one for _, one in precautions(library) if "anticoagulation" in one.levers]
    assert len(found) == 1
    assert "clinician decides" in found[0].text
    assert found[0].harmful_if
    for bleeding in ("active_bleeding", "life_or_limb_threatening_bleeding", "severe_cytopenia"):
        assert truth(library, found[0].harmful_if, **{bleeding: True}) is Truth.MET


def test_only_the_labels_hazards_bring_the_at_risk_cap(library: Library) -> None:
    assert {hazard.id for hazard in library.hazards.values() if hazard.makes_at_risk} == AT_RISK


def test_only_a_measurement_before_the_infusion_is_shown_by_a_fact(library: Library) -> None:
    """What has to be done, or chosen, leaves no result that would show it."""
    shown = [(hazard.id, one) for hazard, one in precautions(library) if one.shown_by]
    assert {hazard for hazard, _ in shown} == {"acute-renal-failure", "anaphylaxis", "haemolysis"}
    for hazard, one in shown:
        assert (one.phase, "test" in one.levers) == ("before", True), (hazard, one.id)
        assert {library.catalogue[fact].group for fact in one.shown_by} <= {"laboratory", "comorbidity"}


def test_every_rule_is_parsed_and_asks_for_facts_that_exist(library: Library) -> None:
    count = 0
    for hazard in library.hazards.values():
        for rule, path in rules_in(hazard):
            assert rule in library.trees, (hazard.id, path)
            count += 1
    assert count > 60


def test_every_risk_factor_of_a_patient_or_request_has_a_rule(library: Library) -> None:
    without = {
        (hazard.id, one.id) for hazard in library.hazards.values() for one in hazard.risk_factors if not one.rule
    }
    assert without == NO_RULE


def test_an_effect_that_is_not_of_the_passage_names_its_source(library: Library) -> None:
    for hazard in library.hazards.values():
        for one in hazard.risk_factors:
            if one.effect and one.passage.source == SEED:
                assert SOURCE_IN_TEXT.search(one.effect), (hazard.id, one.id)


def test_every_source_named_in_words_exists_and_none_is_idle(library: Library) -> None:
    records = [*library.hazards.values(), *library.reaction_definitions.values(), *library.reaction_changes.values()]
    in_words = {name for record in records for name in SOURCE_IN_TEXT.findall(repr(record))}
    ours = {name for name in library.sources if name.startswith("safety-")}
    assert in_words == ours


@pytest.mark.parametrize(
    ("hazard", "name", "facts", "expected"),
    [
        ("thromboembolism", "age-over-60", {"age": 61}, Truth.MET),
        ("thromboembolism", "age-over-60", {"age": 60}, Truth.NOT_MET),
        ("thromboembolism", "daily-dose", {"request_daily_dose": 35}, Truth.MET),
        ("thromboembolism", "daily-dose", {"request_daily_dose": 34}, Truth.NOT_MET),
        ("thromboembolism", "previous-thrombosis", {"venous_thromboembolism": True}, Truth.MET),
        ("thromboembolism", "previous-thrombosis", {"venous_thromboembolism": False}, Truth.UNKNOWN),
        ("haemolysis", "blood-group-not-o", {"blood_group": "o"}, Truth.NOT_MET),
        ("haemolysis", "blood-group-not-o", {"blood_group": "ab"}, Truth.MET),
        ("haemolysis", "blood-group-not-o", {}, Truth.UNKNOWN),
        ("haemolysis", "high-dose", {"request_total_dose_per_kg": 2}, Truth.MET),
        ("haemolysis", "high-dose", {"request_total_dose_per_kg": Decimal("1.9")}, Truth.NOT_MET),
        ("haemolysis", "first-infusion", {"previous_immunoglobulin": False}, Truth.MET),
        ("haemolysis", "first-infusion", {"previous_immunoglobulin": True}, Truth.UNKNOWN),
        (
            "haemolysis",
            "first-infusion",
            {"previous_immunoglobulin": True, "first_immunoglobulin_infusion": False},
            Truth.NOT_MET,
        ),
        ("flu-like-syndrome", "high-total-protein", {"serum_total_protein": 67}, Truth.MET),
        ("flu-like-syndrome", "high-total-protein", {"serum_total_protein": 66}, Truth.NOT_MET),
        ("anaphylaxis", "iga-deficiency", {"iga_level": Decimal("0.06")}, Truth.MET),
        ("anaphylaxis", "child", {"age": 17}, Truth.MET),
    ],
)
def test_what_a_rule_answers(
    hazard: str, name: str, facts: dict[str, bool | int | str | Decimal], expected: Truth, library: Library
) -> None:
    rule = factor(library, hazard, name).rule
    assert rule is not None
    assert truth(library, rule, **facts) is expected


def test_haemolysis_is_looked_for_when_it_shows(library: Library) -> None:
    found = {one.id: one for one in library.hazards["haemolysis"].precautions}
    early, late = found["test-within-36-hours"], found["tests-day-5-to-10"]
    assert (early.from_minutes, early.to_minutes) == (0, 36 * 60)
    assert (late.from_day, late.to_day) == (5, 10)
    assert late.when is not None
    assert truth(library, late.when, blood_group="a", request_total_dose_per_kg=2) is Truth.MET
    assert truth(library, late.when, blood_group="o") is Truth.NOT_MET
    assert truth(library, late.when, request_total_dose_per_kg=2) is Truth.UNKNOWN
    assert "84%" in (early.note or "")


def test_renal_function_is_measured_before_and_after(library: Library) -> None:
    phases = {one.phase for one in library.hazards["acute-renal-failure"].precautions if "creatinine" in one.text}
    assert phases == {"before", "after"}


def test_a_patient_is_watched_longer_after_a_first_infusion(library: Library) -> None:
    found = {one.id: one for one in library.hazards["anaphylaxis"].precautions}
    assert (found["observe-20-minutes"].to_minutes, found["observe-20-minutes"].when) == (20, None)
    assert found["observe-one-hour"].to_minutes == 60
    assert truth(library, found["observe-one-hour"].when or "", previous_immunoglobulin=False) is Truth.MET


@pytest.mark.parametrize(
    ("name", "hours", "at_least"), [("isbt-taco-2018", 12, 3), ("isbt-taco-2011", 6, 4), ("nhsn-taco-2016", 6, 3)]
)
def test_overload_has_a_definition_of_each_version(name: str, hours: int, at_least: int, library: Library) -> None:
    level = library.reaction_definitions[name].levels[0]
    assert level.onset_within_hours == hours
    assert max(one.at_least for one in level.needs) == at_least


def test_overload_of_2018_needs_a_sign_of_the_lungs(library: Library) -> None:
    needs = library.reaction_definitions["isbt-taco-2018"].levels[0].needs
    assert (1, {"respiratory-distress", "pulmonary-oedema"}) in [(one.at_least, set(one.of)) for one in needs]


def test_what_is_remembered_of_definitions_says_so(library: Library) -> None:
    definitions = library.reaction_definitions.values()
    assert {one.id for one in definitions if one.status == "remembered"} == REMEMBERED_DEFINITIONS
    for one in definitions:
        assert (one.status == "remembered") <= any("emembered" in note for note in one.notes), one.id


def every_grade(one: ReactionDefinition) -> list[str]:
    return [grade.id for grade in (*one.severity, *one.imputability)]


def test_grades_are_listed_once_and_definitions_have_signs_or_grades(library: Library) -> None:
    for one in library.reaction_definitions.values():
        assert len(set(every_grade(one))) == len(every_grade(one)), one.id
        assert bool(one.signs) == bool(one.levels), one.id
        assert one.signs or every_grade(one), one.id
    assert [grade.id for grade in library.reaction_definitions["nhsn-grades-1-3-1"].severity] == ["1", "2", "3", "4"]


def test_every_reaction_change_is_of_a_hazard_and_none_gives_fluid(library: Library) -> None:
    changes: list[ReactionChange] = list(library.reaction_changes.values())
    assert {one.hazard for one in changes} >= {row.hazard for row in TABLE_2} - {"subcutaneous-local-reaction"}
    assert all("hydration" not in one.levers for one in changes), "a change has no harmful_if to hold fluid back"
    assert {one.id for one in changes if one.status == "remembered"} == {"anaphylaxis-specialist"}
