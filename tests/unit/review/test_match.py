"""Which indication a request names, and whether the record bears it out: three-valued, never guessed."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from tests.unit.review.judged import case_of, decide, judge, judged, judged_json, missing, one

from ivigil.facts import Coding, Diagnosis, Exactly, Reason, Request
from ivigil.review import Decision
from ivigil.review.match import Matcher

WORSE = "facts: {myasthenia_worsening: true, myasthenic_crisis: false}\n"
MG_HAS = "has:myasthenia-gravis"


def matcher() -> Matcher:
    return judge().matcher


def reason(*codes: str, text: str | None = None, **more: Any) -> Reason:  # noqa: ANN401 - fields of a Reason
    codings = tuple(Coding(*code.split(" ", 1)) for code in codes)
    return Reason("order", codings=codings, text=text, **more)


def named(given: Reason) -> list[tuple[str, str]]:
    return [(found.id, found.how) for found in matcher().named(given)]


def mg(request: str = "indication: myasthenia-gravis", **diagnosis: str) -> Decision:
    """A first request in worsening myasthenia, with one diagnosis on the problem list if given."""
    listed = f"diagnoses: [{{{', '.join(f'{key}: {value}' for key, value in diagnosis.items())}}}]\n"
    return one(f"request: {{{request}, request_phase: initial}}\n{WORSE}{listed if diagnosis else ''}")


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (reason("icd-10-cm G70.01"), [("myasthenia-gravis", "named")]),
        (reason("icd-10 G70.0"), [("myasthenia-gravis", "named")]),
        (reason("snomed 91637004"), [("myasthenia-gravis", "named")]),
        (reason("icd-10-cm G70.9"), [("myasthenia-gravis", "more general")]),
        (reason("icd-10-cm G70.2"), []),
        (reason("icd-10-cm G70.9", "icd-10-cm G70.2"), []),
        (
            reason("icd-10-cm G70.0", "icd-10-cm G61.0"),
            [("guillain-barre", "ambiguous"), ("myasthenia-gravis", "ambiguous")],
        ),
        (reason("icd-10-cm G70.0", "icd-10-cm G70.2"), [("myasthenia-gravis", "contradictory")]),
        (reason("icd-10-cm K51.90"), []),
        (reason("icd-10 G70.01"), []),  # a code of ICD-10-CM only
        (reason(text="Guillain-Barre syndrome"), [("guillain-barre", "named")]),
        (reason(text="GUILLAIN–BARRÉ  syndrome."), [("guillain-barre", "named")]),
        (reason(text="GBS"), [("guillain-barre", "named")]),
        (reason(text="ITP"), [("immune-thrombocytopenia", "named")]),
        (reason(text="suspected GBS"), [("guillain-barre", "in doubt")]),
        (reason(text="?GBS"), [("guillain-barre", "in doubt")]),
        (reason(text="no GBS"), [("guillain-barre", "in doubt")]),
        (reason(text="PV"), [("pemphigus", "in doubt")]),  # polycythaemia vera too
        (reason(text="sister has GBS"), []),
        (reason("icd-10-cm G61.81", text="CIDP, ruled out"), [("cidp", "in doubt")]),
        (reason("icd-10-cm G61.81", text="CIDP; no response to steroids"), [("cidp", "named")]),
        (reason(text="lupus nephritis"), []),
        (reason("local 77", text="GBS"), [("guillain-barre", "in words only")]),
        (reason("local 77", text="something else"), []),
        (reason("icd-10-cm G61.81", text="GBS"), [("cidp", "other words")]),
        (Reason("order", indication="guillain-barre"), [("guillain-barre", "named")]),
        (reason("ivigil guillain-barre"), [("guillain-barre", "named")]),
        (reason("ivigil gullain-barre"), []),
    ],
    ids=str,
)
def test_what_a_reason_names(given: Reason, expected: list[tuple[str, str]]) -> None:
    assert named(given) == expected


def test_a_display_alone_does_not_establish() -> None:
    coding = Coding("http://local.example", "77", "Guillain-Barré syndrome")
    assert named(Reason("order", codings=(coding,))) == [("guillain-barre", "in words only")]


@pytest.mark.parametrize(
    "request_text",
    [
        "indication: myasthenia-gravis",
        "indication: {system: icd-10-cm, code: G70.01}",
        "indication: {system: icd-10-cm, code: g7001}",
        "indication: {system: 'http://snomed.info/sct', code: '91637004'}",
        "indication: Myasthenia Gravis",
        "indication: MG",
    ],
)
def test_an_exact_request_establishes(request_text: str) -> None:
    decision = mg(request_text)
    assert decision.verdict == "supported"
    assert decision.match is not None
    assert decision.match.established.value is True


@pytest.mark.parametrize(
    "diagnosis",
    [
        {"system": "icd-10-cm", "code": "G70.00", "state": "provisional"},
        {"system": "icd-10-cm", "code": "G70.00", "state": "refuted"},
        {"system": "icd-10-cm", "code": "G70.00", "state": "not-current"},
        {"system": "icd-10-cm", "code": "G70.2"},
        {"indication": "myasthenia-gravis", "state": "provisional"},
    ],
    ids=lambda diagnosis: "-".join(diagnosis.values()),
)
def test_a_record_that_doubts_or_contradicts_leaves_it_open(diagnosis: dict[str, str]) -> None:
    decision = mg(**diagnosis)
    assert decision.verdict == "needs-information"
    assert missing(decision) == [MG_HAS]
    assert decision.reachable == ("supported", "panel-review")


@pytest.mark.parametrize(
    "diagnosis",
    [
        {"system": "icd-10-cm", "code": "G70.00"},
        {"system": "icd-10-cm", "code": "K51.90"},
        {"system": "icd-10-cm", "code": "G70.9"},
        {"system": "icd-10-cm", "code": "G70.2", "state": "refuted"},
        {"system": "icd-10-cm", "code": "G70.2", "state": "provisional"},
    ],
    ids=lambda diagnosis: "-".join(diagnosis.values()),
)
def test_a_record_that_agrees_or_says_nothing_leaves_it_established(diagnosis: dict[str, str]) -> None:
    assert mg(**diagnosis).verdict == "supported"


def test_a_general_request_is_open_until_the_record_confirms() -> None:
    general = "indication: {system: icd-10-cm, code: G70.9}"
    assert missing(mg(general)) == [MG_HAS]
    assert mg(general, system="icd-10-cm", code="G70.00").verdict == "supported"
    assert missing(mg(general, system="icd-10-cm", code="G70.00", state="provisional")) == [MG_HAS]
    assert missing(mg(general, system="icd-10-cm", code="G70.00", state="refuted")) == [MG_HAS]


def test_the_problem_list_never_asks() -> None:
    decision = one("request: {request_phase: initial}\ndiagnoses: [{system: icd-10-cm, code: G70.01}]\n")
    assert (decision.indication, decision.verdict) == (None, "needs-information")


@pytest.mark.parametrize(
    ("answer", "state", "verdict"),
    [
        ("true", "provisional", "supported"),
        ("true", "refuted", "supported"),
        ("true", "confirmed", "supported"),
        ("false", "provisional", "panel-review"),
        ("false", "refuted", "panel-review"),
        ("false", "confirmed", "needs-information"),
    ],
)
def test_an_answer_settles_it(answer: str, state: str, verdict: str) -> None:
    text = "request: {indication: {system: icd-10-cm, code: G70.9}, request_phase: initial}\n"
    listed = f"diagnoses: [{{system: icd-10-cm, code: G70.00, state: {state}}}]\n"
    decision = one(f'{text}{listed}facts: {{"{MG_HAS}": {answer}, myasthenia_worsening: true}}\n')
    assert decision.verdict == verdict


@pytest.mark.parametrize("answer", ["unknown", "[true, false]"])
def test_an_answer_that_does_not_know_leaves_it_open(answer: str) -> None:
    text = "request: {indication: myasthenia-gravis, request_phase: initial}\n"
    decision = one(f'{text}facts: {{"{MG_HAS}": {answer}, myasthenia_worsening: true}}\n')
    assert missing(decision) == [MG_HAS]


def test_an_answer_about_another_indication_settles_nothing() -> None:
    text = "request: {indication: myasthenia-gravis, request_phase: initial}\n"
    assert one(f'{text}facts: {{"has:guillain-barre": false, myasthenia_worsening: true}}\n').verdict == "supported"


def test_two_indications_give_two_decisions_in_a_stable_order() -> None:
    facts = "facts: {days_since_onset: 3 d, myasthenia_worsening: false, myasthenic_crisis: false}\n"
    texts = ["[myasthenia-gravis, guillain-barre]", "[guillain-barre, myasthenia-gravis]"]
    for text in texts:
        decisions = judged(f"request: {{indication: {text}, request_phase: initial}}\n{facts}")
        found = [(one.indication.id, one.verdict) for one in decisions if one.indication]
        assert found == [("guillain-barre", "supported"), ("myasthenia-gravis", "not-supported")]


def test_an_ambiguous_reason_gives_a_decision_on_each_and_establishes_none() -> None:
    case = case_of(f"request: {{indication: GBS, request_phase: initial}}\n{WORSE}")
    request = replace(case.requests[0], reasons=(reason("icd-10-cm G70.0", "icd-10-cm G61.0"),))
    decisions = decide(replace(case, requests=(request,)))
    assert [(one.indication.id, one.verdict) for one in decisions if one.indication] == [
        ("guillain-barre", "needs-information"),
        ("myasthenia-gravis", "needs-information"),
    ]
    assert all("has:" in missing(decision)[0] for decision in decisions)


def test_one_indication_named_twice_gives_one_decision() -> None:
    decisions = judged(
        "request: {indication: [MG, {system: icd-10-cm, code: G70.00}, myasthenia-gravis], request_phase: initial}\n"
        + WORSE
    )
    assert [decision.verdict for decision in decisions] == ["supported"]


def test_something_unlisted_is_for_a_panel_beside_what_is_listed() -> None:
    decisions = judged(f"request: {{indication: [lupus nephritis, MG], request_phase: initial}}\n{WORSE}")
    assert [(one.verdict, one.standing) for one in decisions] == [
        ("supported", "first-line"),
        ("panel-review", "unlisted"),
    ]
    assert decisions[1].indication is None
    assert str(decisions[1].asked) == "lupus nephritis"
    assert decisions[1].may_start.truth.value == "not met"


def bundle(*reasons: dict[str, Any]) -> str:
    """An order for immunoglobulin whose reasons are Conditions with the given fields."""
    patient = {"resourceType": "Patient", "id": "p"}
    subject = {"reference": "Patient/p"}
    conditions = [
        {"resourceType": "Condition", "id": f"c{number}", "subject": subject, **fields}
        for number, fields in enumerate(reasons)
    ]
    order = {
        "resourceType": "MedicationRequest",
        "id": "o",
        "status": "active",
        "intent": "order",
        "subject": subject,
        "medicationCodeableConcept": {"text": "immunoglobulin"},
        "reasonReference": [{"reference": f"Condition/{condition['id']}"} for condition in conditions],
    }
    entries = [{"resource": resource} for resource in (patient, *conditions, order)]
    return json.dumps({"resourceType": "Bundle", "type": "collection", "entry": entries})


def condition(code: str, **status: str) -> dict[str, Any]:
    base = "http://terminology.hl7.org/CodeSystem/condition"
    systems = {"verificationStatus": f"{base}-ver-status", "clinicalStatus": f"{base}-clinical"}
    statuses = {name: {"coding": [{"system": systems[name], "code": value}]} for name, value in status.items()}
    coding = {"system": "http://hl7.org/fhir/sid/icd-10-cm", "code": code}
    return {"code": {"coding": [coding]}, **statuses}


def test_a_refuted_reason_names_no_indication() -> None:
    (decision,) = judged_json(bundle(condition("G61.0", verificationStatus="refuted")))
    assert (decision.verdict, decision.indication) == ("needs-information", None)
    assert any("refuted" in warning for warning in decision.warnings)
    assert missing(decision) == ["request_indication"]


def test_a_refuted_reason_beside_a_good_one_is_warned_of() -> None:
    (decision,) = judged_json(bundle(condition("G61.0", verificationStatus="refuted"), condition("G70.01")))
    assert decision.indication is not None
    assert decision.indication.id == "myasthenia-gravis"
    assert any("refuted" in warning and "names no indication" in warning for warning in decision.warnings)


def test_a_refuted_reason_beside_an_unlisted_one_is_warned_of() -> None:
    (decision,) = judged_json(bundle(condition("G61.0", verificationStatus="refuted"), condition("K51.90")))
    assert decision.verdict == "panel-review"
    assert any("names no indication" in warning for warning in decision.warnings)


@pytest.mark.parametrize(
    "status", [{"verificationStatus": "provisional"}, {"clinicalStatus": "resolved"}, {"clinicalStatus": "inactive"}]
)
def test_a_doubtful_reason_leaves_it_open(status: dict[str, str]) -> None:
    (decision,) = judged_json(bundle(condition("G61.0", **status)))
    assert "has:guillain-barre" in missing(decision)


def test_a_reason_without_codes_or_words_asks_for_nothing() -> None:
    case = case_of("request: {request_phase: initial}\n")
    (decision,) = decide(replace(case, requests=(Request("order", reasons=(Reason("order"),)),)))
    assert (decision.verdict, decision.asked) == ("needs-information", None)


def test_the_evidence_of_a_match_is_kept_with_its_origin() -> None:
    decision = mg(system="icd-10-cm", code="G70.2", display="Congenital myasthenia")
    assert decision.match is not None
    said = {(statement.origin.split(",")[0], statement.says) for statement in decision.match.established.used}
    assert said == {("case.yaml", Exactly(True)), ("case.yaml", Exactly(False))}
    assert decision.match.established.why_unknown == "conflicting"
    assert any("disagrees with itself" in warning for warning in decision.warnings)


def test_the_order_of_the_problem_list_does_not_matter() -> None:
    case = case_of(f"request: {{indication: MG, request_phase: initial}}\n{WORSE}")
    listed = [
        Diagnosis(f"Condition/{number}", (Coding("icd-10-cm", code),), None, state)
        for number, (code, state) in enumerate(
            [("G70.00", "confirmed"), ("G70.2", "confirmed"), ("G70.0", "provisional")]
        )
    ]
    one_way = decide(replace(case, diagnoses=tuple(listed)))
    other_way = decide(replace(case, diagnoses=tuple(reversed(listed))))
    assert one_way == other_way


def test_the_onset_of_the_named_condition_counts() -> None:
    entry = {**condition("G61.0"), "onsetDateTime": "2026-11-14"}
    (decision,) = judged_json(bundle(entry))
    (criterion,) = decision.criteria
    assert (criterion.truth.value, criterion.facts[0].settled.value) == ("met", 6)
