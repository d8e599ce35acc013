"""The layout of an answer: which sections there are, and what each says."""

from __future__ import annotations

import re

import pytest
from tests.unit.explain.shown import decisions
from tests.unit.review.judged import house, library, one

from ivigil.explain.answer import answer
from ivigil.explain.citing import cited
from ivigil.explain.layout import Answer, Row

DECISIONS = decisions()
FIRST = "indication: alpha, request_phase: initial"


def rows(shown: Answer, title: str) -> tuple[Row, ...]:
    return next((section.rows for section in shown.sections if section.title == title), ())


def shown(name: str) -> Answer:
    return answer(DECISIONS[name])


def test_sections_of_a_full_answer_in_order() -> None:
    assert [section.title for section in shown("supported").sections] == [
        "Request",
        "Criteria",
        "Exceptions",
        "What would change this answer",
        "Dose asked for",
        "Regimens in the source",
        "Alternatives",
        "Expected",
        "Evidence",
        "Warnings",
        "Sources",
        "Not used",
    ]


@pytest.mark.parametrize("name", sorted(DECISIONS))
def test_no_section_is_empty_and_no_row_is_blank(name: str) -> None:
    for section in shown(name).sections:
        assert section.rows
        for row in section.rows:
            assert row.text.strip()
            for text in (row.text, *row.details):
                assert text.strip(" ·,;") == text
                assert not re.search(r"\bNone\b(?! are stated)|\(\)|\[\]", text)


def test_a_criterion_shows_its_fact_with_value_date_and_origin() -> None:
    low_count, reason_group = rows(shown("supported"), "Criteria")
    assert (low_count.tag, low_count.text) == ("met", "Platelets below 30")
    (detail,) = low_count.details
    assert detail.startswith("Platelet count: 12 10*9/L · 2026-11-18, case.yaml, line 2")
    assert reason_group.text.endswith("(one of these)")
    assert [member.tag for member in reason_group.members] == ["met", "unknown"]


def test_an_exception_says_whether_it_applies_and_what_follows() -> None:
    tags = [(row.tag, row.text) for row in rows(shown("supported"), "Exceptions")]
    assert tags == [
        ("does not apply", "With thrombosis the report found harm: harmful"),
        ("applies", "In pregnancy there are only case series: limited evidence"),
    ]
    assert [row.tag for row in rows(answer(house(FIRST)), "Exceptions")] == ["may apply", "may apply"]


def test_the_evidence_is_that_of_the_standing() -> None:
    first = rows(shown("avoid"), "Evidence")[0]
    assert (first.tag, first.text) == ("harmful", "With thrombosis the report found harm")
    assert first.details == ("harm-report, abstract",)
    assert not [row for row in rows(shown("avoid"), "Evidence") if row.tag == "level"]


def test_a_missing_fact_says_how_to_answer_and_what_follows() -> None:
    (row,) = rows(shown("needs-information"), "Missing, the most decisive first")
    assert row.tag == "1"
    assert row.text.endswith("?")
    assert row.details == (
        "not recorded; to be answered as venous_thromboembolism",
        "yes: avoid",
        "no: supported",
    )


def test_a_question_that_settles_nothing_alone_says_so() -> None:
    decision = house("indication: alpha", "venous_thromboembolism: false, pregnant: false")
    phase = next(row for row in rows(answer(decision), "Missing, the most decisive first") if "continue" in row.text)
    assert phase.details[-1] == "any answer, by itself: supported or not supported"


def test_a_draft_that_is_no_request_is_nothing_to_judge() -> None:
    from ivigil.explain.words import outcome_words  # noqa: PLC0415 - a unit tested from inside
    from ivigil.review import Outcome  # noqa: PLC0415

    assert outcome_words(Outcome("no", ("needs-information",))) == "no: nothing to judge"


def test_what_would_change_the_answer() -> None:
    texts = [row.text for row in rows(shown("supported"), "What would change this answer")]
    assert "Platelet count, now 12 10*9/L; if at least 30 10*9/L: not supported" in texts


def test_daily_and_total_dose_stand_apart() -> None:
    row = rows(shown("supported"), "Dose asked for")[0]
    assert row.tag == "within"
    assert row.details == (
        "daily dose within: asked 0.4 g/kg/d, regimen 0.4 g/kg/d",
        "total dose within: asked 2 g/kg, regimen 2 g/kg",
    )


def test_a_regimen_for_another_route_says_so() -> None:
    dose = "request_daily_dose_per_kg: 0.4 g/kg/d, request_infusion_days: 5 d, request_route: subcutaneous"
    row = rows(answer(house(f"{FIRST}, {dose}")), "Dose asked for")[0]
    assert row.tag == "outside"
    assert row.details[0] == "route outside: asked subcutaneous, regimen intravenous"


def test_regimens_carry_their_role() -> None:
    assert [row.tag for row in rows(shown("supported"), "Regimens in the source")] == [
        "recommended",
        "recommended",
        "studied",
    ]


def test_alternatives_that_depend_say_so() -> None:
    assert [row.tag for row in rows(shown("supported"), "Alternatives")] == ["may apply", None]


def test_outcomes_and_combination() -> None:
    assert [(row.tag, row.text) for row in rows(shown("supported"), "Expected")] == [
        ("transient", "The count rises"),
        ("combination", "Given with corticosteroids"),
    ]


def test_claims_stand_apart_from_what_a_check_found() -> None:
    decision = one("request: {indication: immune-thrombocytopenia}\n")
    claims = {row.tag: row for row in rows(answer(decision), "Evidence") if row.tag and row.tag.startswith("claim")}
    assert set(claims) == {"claim misattributed", "claim wording differs"}
    assert all(row.text.startswith("The source says: ") for row in claims.values())
    assert all(row.details[0].startswith("Check: ") for row in claims.values())


def test_may_start_is_said_only_where_it_may_be() -> None:
    assert shown("avoid").may_start is None
    assert shown("nothing").may_start is None
    text = shown("supported").may_start
    assert text is not None
    assert text.startswith(
        "May start before a decision: unknown. Bleeding that threatens life cannot wait. To be known: "
    )
    emergency = answer(house(FIRST, "life_threatening_bleeding: true, venous_thromboembolism: false"))
    assert emergency.may_start == "May start before a decision: yes. Bleeding that threatens life cannot wait."


def test_a_contradicted_diagnosis_shows_both_sides() -> None:
    match = rows(shown("contradicted"), "Request")[1]
    assert (match.tag, match.text) == ("unknown", "Myasthenia gravis")
    assert len(match.details) == 2
    general = "request: {indication: {system: icd-10-cm, code: G70.9}}\n"
    denied = rows(answer(one(f'{general}facts: {{"has:myasthenia-gravis": false}}\n')), "Request")[1]
    assert denied.tag == "contradicted"


def test_the_footer_names_rules_hash_and_limits() -> None:
    decision = DECISIONS["supported"]
    first, last = shown("supported").footer
    assert decision.rules.hash[:12] in first
    assert decision.knowledge_hash[:12] in first
    assert "house 1," in first
    assert "2026-11-20" in first
    assert "a person decides" in last


def test_secondary_sections_are_folded() -> None:
    folded = {section.title for section in shown("supported").sections if section.folded}
    assert folded == {"Sources", "Not used"}


@pytest.mark.parametrize("source", sorted(library().sources))
def test_a_citation_says_how_far_the_source_was_read(source: str) -> None:
    text = cited(library().sources[source])
    assert library().sources[source].title in text
    assert "Read: " in text
    assert text.endswith(".")
    assert "None" not in text
    assert ".." not in text
