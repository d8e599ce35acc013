"""The table of verdicts, row by row, with what is unknown, and what stands beside a verdict."""

from __future__ import annotations

import json

import pytest
from tests.knowledge.own_rules import RULES
from tests.unit.review.judged import house, judged, judged_json, missing, one

from ivigil.criteria import Truth
from ivigil.review import Decision, Missing, Outcome

LOW = "platelets: 12 10*9/L"
SAFE = "venous_thromboembolism: false, pregnant: false"
FIRST = "indication: alpha, request_phase: initial"
MORE = "indication: alpha, request_phase: continuing"


@pytest.mark.parametrize(
    ("request_text", "facts", "verdict", "row"),
    [
        (FIRST, f"{LOW}, active_bleeding: true, {SAFE}", "supported", "first-line-qualified"),
        (FIRST, f"platelets: 90 10*9/L, {SAFE}", "not-supported", "not-qualified"),
        (FIRST, f"{LOW}, active_bleeding: true, venous_thromboembolism: false, pregnant: true", "supported",
         "limited-qualified"),
        (MORE, f"response_to_immunoglobulin: adequate, {SAFE}", "supported", "continuing-with-response"),
        (MORE, f"response_to_immunoglobulin: not-adequate, {SAFE}", "not-supported", "continuing-without-response"),
        (MORE, "response_to_immunoglobulin: adequate, venous_thromboembolism: true", "avoid", "harmful"),
        (FIRST, "venous_thromboembolism: true", "avoid", "harmful"),
        ("indication: epsilon, request_phase: initial", "age: 40 a, walks_unaided: false", "supported",
         "limited-qualified"),
        ("indication: epsilon, request_phase: initial", "age: 40 a, walks_unaided: true", "not-supported",
         "not-qualified"),
        ("indication: epsilon, request_phase: initial", "age: 9 a", "supported", "limited-qualified"),
        ("indication: beta", "", "not-supported", "not-recommended"),
        ("indication: gamma", "", "avoid", "harmful"),
        ("indication: delta", "", "out-of-scope", "outside"),
        ("indication: zeta", "", "panel-review", "unlisted"),
        ("indication: something else", "", "panel-review", "unlisted"),
        ("request_phase: initial", "", "needs-information", "nothing-asked"),
    ],
)  # fmt: skip
def test_each_row(request_text: str, facts: str, verdict: str, row: str) -> None:
    decision = house(request_text, facts)
    assert decision.verdict == verdict
    assert decision.row is not None
    assert decision.row.id == row
    assert decision.reachable == (verdict,)
    assert [question.shown.fact.id for question in decision.missing] in ([], ["request_indication"])


@pytest.mark.parametrize(
    ("request_text", "facts", "expected"),
    [
        (MORE, SAFE, ["response_to_immunoglobulin"]),
        ("indication: alpha", f"{SAFE}, {LOW}, active_bleeding: true", ["request_phase", "response_to_immunoglobulin"]),
        (FIRST, f"{LOW}, active_bleeding: true, pregnant: false", ["venous_thromboembolism"]),
        (FIRST, f"{LOW}, {SAFE}, active_bleeding: false, age: 40 a", ["days_to_surgery"]),
        (FIRST, f"{LOW}, {SAFE}, active_bleeding: false, days_to_surgery: 3 d", ["age"]),
        (FIRST, f"{LOW}, {SAFE}, days_to_surgery: 3 d, age: 40 a", []),
        (FIRST, f"{LOW}, {SAFE}, days_to_surgery: 30 d, age: 40 a", ["active_bleeding"]),
        ("indication: epsilon, request_phase: initial", "walks_unaided: false", []),
        ("indication: epsilon, request_phase: initial", "walks_unaided: true", ["age"]),
    ],
)
def test_only_what_can_change_the_verdict_is_missing(request_text: str, facts: str, expected: list[str]) -> None:
    decision = house(request_text, facts)
    assert sorted(missing(decision)) == sorted(expected)
    assert (decision.verdict == "needs-information") is bool(expected)


def test_nothing_known_asks_for_everything_that_matters() -> None:
    assert set(missing(house("indication: alpha"))) == {
        "request_phase", "response_to_immunoglobulin", "platelets", "active_bleeding", "days_to_surgery", "age",
        "venous_thromboembolism",
    }  # fmt: skip


def test_pregnancy_only_changes_how_good_the_evidence_is() -> None:
    decision = house(FIRST, f"{LOW}, active_bleeding: true, venous_thromboembolism: false")
    assert decision.verdict == "supported"
    assert decision.row is None  # first-line or limited evidence: the same verdict by two rows
    assert [one.truth for one in decision.exceptions] == [Truth.NOT_MET, Truth.UNKNOWN]
    assert decision.exception is None


def test_a_child_with_surgery_has_only_bleeding_left() -> None:
    decision = house(FIRST, f"{LOW}, {SAFE}, age: 9 a, days_to_surgery: 3 d, active_bleeding: false")
    assert decision.verdict == "not-supported"
    group = decision.criteria[1]
    assert [member.truth for member in group.members] == [Truth.NOT_MET, Truth.NOT_APPLICABLE]


def test_missing_never_reads_as_no() -> None:
    """Harm is not ruled out by silence: without a word on thrombosis the request is not supported."""
    decision = house(FIRST, f"{LOW}, active_bleeding: true")
    assert decision.verdict == "needs-information"
    assert decision.reachable == ("supported", "avoid")
    assert missing(decision) == ["venous_thromboembolism"]


@pytest.mark.parametrize(
    ("facts", "standing", "exception", "level"),
    [
        (SAFE, "first-line", None, "2"),
        ("venous_thromboembolism: true", "harmful", "clots", None),
        ("venous_thromboembolism: true, pregnant: true", "harmful", "clots", None),
        ("venous_thromboembolism: false, pregnant: true", "limited-evidence", "pregnancy", None),
        ("pregnant: true", "first-line", None, "2"),
    ],
)
def test_a_standing_depends_on_its_exceptions(
    facts: str, standing: str, exception: str | None, level: str | None
) -> None:
    decision = house(FIRST, facts)
    assert decision.standing == standing
    assert (decision.exception.id if decision.exception else None) == exception
    assert (decision.level.level if decision.level else None) == level


def test_an_open_diagnosis_does_not_hide_that_the_use_does_harm() -> None:
    decision = one(
        f"request: {{{FIRST}}}\nfacts: {{venous_thromboembolism: true}}\n"
        "diagnoses: [{indication: alpha, state: provisional}]\n",
        RULES,
    )
    assert decision.reachable == ("avoid", "panel-review")
    assert (decision.standing, decision.dose.result) == ("harmful", "not-stated")


def test_a_denied_diagnosis_leaves_no_standing_and_no_dose() -> None:
    general = "request: {indication: {system: icd-10-cm, code: G70.9}, request_total_dose_per_kg: 2 g/kg}\n"
    decision = one(f'{general}facts: {{"has:myasthenia-gravis": false, myasthenia_worsening: true}}\n')
    assert (decision.verdict, decision.standing, decision.level) == ("panel-review", "unlisted", None)
    assert decision.dose.result == "not-stated"


def test_an_answer_that_denies_what_the_request_names_leaves_it_open() -> None:
    decision = house(FIRST, f'"has:alpha": false, {SAFE}, {LOW}, active_bleeding: true')
    assert (decision.verdict, missing(decision)) == ("needs-information", ["has:alpha"])


def test_no_dose_is_right_where_immunoglobulin_does_harm() -> None:
    request = f"{FIRST}, request_daily_dose_per_kg: 0.4 g/kg/d, request_infusion_days: 5 d"
    assert house(request, SAFE).dose.result == "within"
    assert house(request, "venous_thromboembolism: true").dose.result == "not-stated"


# May start


EMERGENCY = "life_threatening_bleeding: true"


@pytest.mark.parametrize(
    ("request_text", "facts", "truth", "needs"),
    [
        (FIRST, f"{EMERGENCY}, {SAFE}", Truth.MET, []),
        (FIRST, f"life_threatening_bleeding: false, {SAFE}", Truth.NOT_MET, []),
        (FIRST, SAFE, Truth.UNKNOWN, ["life_threatening_bleeding"]),
        (FIRST, f"{EMERGENCY}, {SAFE}, {LOW}", Truth.MET, []),
        (FIRST, f"{EMERGENCY}, {SAFE}, platelets: 90 10*9/L", Truth.NOT_MET, []),
        (FIRST, f"{EMERGENCY}, venous_thromboembolism: true", Truth.NOT_MET, []),
        (FIRST, f"{EMERGENCY}, pregnant: false", Truth.UNKNOWN, ["venous_thromboembolism"]),
        ("indication: beta", EMERGENCY, Truth.NOT_MET, []),
        ("indication: zeta", EMERGENCY, Truth.NOT_MET, []),
        ("request_phase: initial", EMERGENCY, Truth.NOT_MET, []),
    ],
)
def test_may_start(request_text: str, facts: str, truth: Truth, needs: list[str]) -> None:
    start = house(request_text, facts).may_start
    assert start.truth is truth
    assert [need.fact.id for need in start.needs] == needs


def test_an_open_diagnosis_leaves_the_start_open() -> None:
    text = "request: {indication: guillain-barre, request_phase: initial}\nfacts: {days_since_onset: 3 d}\n"
    start = one(f"{text}diagnoses: [{{indication: guillain-barre, state: provisional}}]\n").may_start
    assert start.truth is Truth.UNKNOWN
    assert [need.fact.id for need in start.needs] == ["has:guillain-barre"]


# What is missing, and what would change


def asked(*verdicts: tuple[str, ...]) -> Missing:
    found = house(FIRST).missing[0]
    return Missing(found.shown, tuple(Outcome("x", one) for one in verdicts))  # type: ignore[arg-type] # names of verdicts


def test_how_decisive_a_question_is() -> None:
    sure = asked(("supported",), ("not-supported",))
    half = asked(("supported",), ("supported", "avoid"))
    open_ = asked(("supported", "avoid"), ("supported", "avoid", "not-supported"))
    assert [one.settles for one in (sure, half, open_)] == [1.0, 0.5, 0.0]
    assert [one.leaves for one in (sure, half, open_)] == [1.0, 1.5, 2.5]


@pytest.mark.parametrize("facts", ["", LOW, SAFE, f"{LOW}, {SAFE}", f"{SAFE}, age: 9 a", "days_to_surgery: 2 d"])
@pytest.mark.parametrize("request_text", ["indication: alpha", FIRST, MORE])
def test_the_most_decisive_question_comes_first(request_text: str, facts: str) -> None:
    decision = house(request_text, facts)
    keys = [(-question.settles, question.leaves) for question in decision.missing]
    assert keys == sorted(keys)


def test_the_outcomes_of_a_question_are_what_its_answers_lead_to() -> None:
    decision = house(FIRST, f"{LOW}, {SAFE}, active_bleeding: false, age: 40 a")
    (question,) = decision.missing
    assert question.outcomes == (
        Outcome("at most 7 d", ("supported",)),
        Outcome("at least 8 d", ("not-supported",)),
    )
    answered = {"7 d": "supported", "8 d": "not-supported"}
    for answer, verdict in answered.items():
        facts = f"{LOW}, {SAFE}, active_bleeding: false, age: 40 a, days_to_surgery: {answer}"
        assert house(FIRST, facts).verdict == verdict


@pytest.mark.parametrize("facts", ["", LOW, SAFE, f"{LOW}, {SAFE}", f"{SAFE}, age: 9 a"])
def test_outcomes_lead_only_to_what_is_reachable_and_together_to_all_of_it(facts: str) -> None:
    decision = house("indication: alpha", facts)
    for question in decision.missing:
        together = {verdict for outcome in question.outcomes for verdict in outcome.verdicts}
        assert together == set(decision.reachable)
        assert len({outcome.verdicts for outcome in question.outcomes}) == len(question.outcomes)


def test_what_would_change_a_verdict_is_told_of_known_facts_only() -> None:
    decision = house(FIRST, f"{LOW}, active_bleeding: true, {SAFE}")
    changes = {change.shown.fact.id: change.outcomes for change in decision.changes}
    assert changes == {
        "has:alpha": (Outcome("no", ("panel-review",)),),
        "request_phase": (Outcome("continuing treatment", ("supported", "not-supported")),),
        "platelets": (Outcome("at least 30 10*9/L", ("not-supported",)),),
        "active_bleeding": (Outcome("no", ("supported", "not-supported")),),
        "venous_thromboembolism": (Outcome("yes", ("avoid",)),),
    }


def test_nothing_would_change_an_open_verdict() -> None:
    assert house(FIRST, LOW).changes == ()


@pytest.mark.parametrize(
    "document",
    [
        "request: {indication: guillain-barre, request_phase: initial}\nfacts: {days_since_onset: 6 d}\n",
        "request: {indication: myasthenia-gravis, request_phase: initial}\nfacts: {myasthenic_crisis: true}\n",
        "request: {indication: immune-thrombocytopenia, request_phase: initial}\n",
    ],
)
def test_forgetting_a_fact_never_gives_another_definite_verdict(document: str) -> None:
    whole = one(document)
    lines = document.splitlines()
    for shorter in (lines[0], lines[0].replace(", request_phase: initial", "")):
        assert one(f"{shorter}\n").verdict in {whole.verdict, "needs-information"}


# Drafts that do not yet name the drug


def draft(indication: str | None, *, drug: bool = False, answer: bool | None = None) -> Decision:
    order = {"resourceType": "MedicationRequest", "id": "o", "status": "draft", "intent": "order",
             "subject": {"reference": "Patient/p"}}  # fmt: skip
    if indication:
        coding = {"system": "http://hl7.org/fhir/sid/icd-10-cm", "code": indication}
        order["reasonCode"] = [{"coding": [coding]}]
    if drug:
        order["medicationCodeableConcept"] = {"text": "immunoglobulin"}
    given = [{"linkId": "immunoglobulin_ordered", "answer": [{"valueBoolean": answer}]}] if answer is not None else []
    items = [
        *given,
        {"linkId": "days_since_onset", "answer": [{"valueInteger": 3}]},
        {"linkId": "request_phase", "answer": [{"valueCoding": {"code": "initial"}}]},
    ]
    response = {"resourceType": "QuestionnaireResponse", "id": "q", "status": "completed", "authored": "2026-11-20",
                "subject": {"reference": "Patient/p"}, "item": items}  # fmt: skip
    call = {
        "hook": "order-sign",
        "hookInstance": "1",
        "context": {"userId": "Practitioner/1", "patientId": "p",
                    "draftOrders": {"resourceType": "Bundle", "entry": [{"resource": order}]}},
        "prefetch": {"answers": response, "patient": {"resourceType": "Patient", "id": "p"}},
    }  # fmt: skip
    (decision,) = judged_json(json.dumps(call))
    return decision


def test_a_draft_with_its_drug_is_judged() -> None:
    decision = draft("G61.0", drug=True)
    assert (decision.verdict, decision.may_start.truth) == ("supported", Truth.MET)


def test_a_draft_without_its_drug_asks_which() -> None:
    decision = draft("G61.0")
    assert decision.verdict == "needs-information"
    assert missing(decision) == ["immunoglobulin_ordered"]
    assert decision.reachable == ("needs-information", "supported")
    assert decision.may_start.truth is Truth.UNKNOWN
    assert [need.fact.id for need in decision.may_start.needs] == ["immunoglobulin_ordered"]


def test_a_draft_for_something_unlisted_asks_which_drug() -> None:
    decision = draft("K51.90")
    assert (decision.verdict, missing(decision)) == ("needs-information", ["immunoglobulin_ordered"])
    assert decision.reachable == ("needs-information", "panel-review")


def test_a_draft_that_says_nothing_asks_for_both() -> None:
    assert missing(draft(None)) == ["immunoglobulin_ordered", "request_indication"]


@pytest.mark.parametrize(("indication", "verdict"), [("G61.0", "supported"), ("K51.90", "panel-review")])
def test_the_answer_that_it_is_immunoglobulin_settles_it(indication: str, verdict: str) -> None:
    assert draft(indication, answer=True).verdict == verdict


@pytest.mark.parametrize("indication", ["G61.0", "K51.90", None])
def test_the_answer_that_it_is_not_leaves_nothing_asked(indication: str | None) -> None:
    decision = draft(indication, answer=False)
    assert (decision.verdict, decision.indication, decision.asked) == ("needs-information", None, None)
    assert missing(decision) == ["request_indication"]
    assert decision.may_start.truth is Truth.NOT_MET


# What is always there


def test_a_case_without_request_still_gives_one_decision() -> None:
    (decision,) = judged("facts: {weight: 70 kg}\n")
    assert (decision.verdict, decision.indication, decision.request) == ("needs-information", None, None)
    assert missing(decision) == ["request_indication"]


def test_every_request_gets_its_own_answer() -> None:
    text = (
        "requests:\n"
        "  - {indication: guillain-barre, request_phase: initial, request_daily_dose_per_kg: 0.4 g/kg/d, "
        "request_infusion_days: 5 d}\n"
        "  - {indication: guillain-barre, request_phase: initial, request_daily_dose_per_kg: 1 g/kg/d, "
        "request_infusion_days: 2 d}\n"
        "  - {request_phase: initial}\n"
        "facts: {days_since_onset: 3 d}\n"
    )
    decisions = judged(text)
    assert sorted((one.verdict, one.dose.result) for one in decisions) == [
        ("needs-information", "not-stated"),
        ("supported", "outside"),
        ("supported", "within"),
    ]


def test_every_source_that_an_answer_leans_on_is_listed() -> None:
    listed = [source.id for source in house(FIRST).sources]
    assert listed == ["house-protocol", "harm-report"]
    gbs = one("request: {indication: guillain-barre}\n")
    listed = [source.id for source in gbs.sources]
    assert listed[0] == "gilardin-2015"
    assert "hughes-2006" in listed
    differing = {position.passage.source for difference in gbs.differences for position in difference.positions}
    assert differing <= set(listed)
    assert len(listed) == len(set(listed))


def test_alternatives_say_whether_they_apply() -> None:
    for facts, truth in (
        ("corticosteroids: failed", Truth.MET),
        ("corticosteroids: effective", Truth.NOT_MET),
        ("", Truth.UNKNOWN),
    ):
        found = {one.id: applies for one, applies in house(FIRST, facts).alternatives}
        assert found == {"if-steroids-failed": truth, "watch": Truth.MET}


def test_values_set_aside_and_warnings_are_told() -> None:
    decision = house(FIRST, "weight: 700 kg, platelets: {value: 12, unit: 10*9/L, date: 2026-01-01}")
    assert any("700 kg" in warning for warning in decision.warnings)
    assert any(unused.what == "platelets" and "323 days old" in unused.why for unused in decision.ignored)
    assert "platelets" in missing(decision)
