"""Conditions, allergies, procedures, treatments and family history: what they assert, deny and leave open."""

from __future__ import annotations

from typing import Any

import pytest
from tests.unit.readers.records import (
    ATC,
    GBS,
    HL7,
    ITP,
    SNOMED,
    clinically,
    concept,
    condition,
    decide,
    known,
    order,
    patient,
    read,
    reasons_unused,
)

from ivigil.facts import Exactly, OneOf

DVT = concept(SNOMED, "128053003")
CRISIS = concept(SNOMED, "80976008")
MELAENA = concept(SNOMED, "2901004")


def state_of(*conditions: dict[str, Any]) -> list[str]:
    return [diagnosis.state for diagnosis in read(patient(), *conditions).diagnoses]


@pytest.mark.parametrize(
    ("given", "state"),
    [
        (condition("c", GBS), "confirmed"),
        (condition("c", GBS, None), "confirmed"),
        (condition("c", GBS, "refuted"), "refuted"),
        (condition("c", GBS, "refuted", **clinically("active")), "refuted"),
        (condition("c", GBS, "provisional"), "provisional"),
        (condition("c", GBS, "differential"), "provisional"),
        (condition("c", GBS, "unconfirmed", **clinically("resolved")), "provisional"),
        (condition("c", GBS, **clinically("resolved")), "not-current"),
        (condition("c", GBS, **clinically("inactive")), "not-current"),
        (condition("c", GBS, **clinically("remission")), "not-current"),
        (condition("c", GBS, **clinically("relapse")), "confirmed"),
        (condition("c", GBS, abatementDateTime="2026-01"), "not-current"),
    ],
)
def test_state(given: dict[str, Any], state: str) -> None:
    assert state_of(given) == [state]


def test_a_condition_entered_in_error_says_nothing() -> None:
    case = read(patient(), condition("c", CRISIS, "entered-in-error"))

    assert case.diagnoses == ()
    assert case.statements == read(patient()).statements
    assert "entered in error" in reasons_unused(case)


@pytest.mark.parametrize("order_of_codes", [1, -1])
def test_a_local_code_beside_a_status_does_not_hide_it(order_of_codes: int) -> None:
    codes = [{"system": "urn:local", "code": "9"}, {"system": f"{HL7}condition-ver-status", "code": "refuted"}]
    given = condition("c", GBS, None, verificationStatus={"coding": codes[::order_of_codes]})

    assert state_of(given) == ["refuted"]


def test_a_status_that_says_two_things_sets_the_condition_aside() -> None:
    codes = [{"system": f"{HL7}condition-ver-status", "code": code} for code in ("refuted", "confirmed")]
    case = read(patient(), condition("c", GBS, None, verificationStatus={"coding": codes}))

    assert case.diagnoses == ()
    assert "several statuses" in "\n".join(case.warnings)


@pytest.mark.parametrize(
    ("code", "fact", "verification", "clinical", "expected"),
    [
        (CRISIS, "myasthenic_crisis", "confirmed", "active", Exactly(value=True)),
        (CRISIS, "myasthenic_crisis", "provisional", "active", None),
        (CRISIS, "myasthenic_crisis", "confirmed", "resolved", None),
        (CRISIS, "myasthenic_crisis", "refuted", "active", Exactly(value=False)),
        (MELAENA, "active_bleeding", "refuted", "active", None),
        (DVT, "venous_thromboembolism", "confirmed", "resolved", Exactly(value=True)),
        (DVT, "venous_thromboembolism", "provisional", "resolved", None),
        (DVT, "venous_thromboembolism", "refuted", "active", None),
    ],
)
def test_what_a_condition_says_of_a_fact(
    code: dict[str, Any], fact: str, verification: str, clinical: str, expected: object
) -> None:
    case = read(patient(), condition("c", code, verification, **clinically(clinical)))

    assert known(case, fact).extent == expected


def test_a_relative_has_no_diagnosis_of_the_patient() -> None:
    history = {
        "resourceType": "FamilyMemberHistory",
        "id": "f",
        "status": "completed",
        "patient": {"reference": "Patient/p"},
        "condition": [{"code": DVT}, {"code": GBS}],
    }
    case = read(patient(), history, order(reasonCode=[ITP]))

    assert case.diagnoses == ()
    assert known(case, "family_history_thrombosis").value is True
    assert known(case, "venous_thromboembolism").extent is None
    assert known(read(patient(), {**history, "status": "entered-in-error"}), "family_history_thrombosis").extent is None


def procedure(status: str | None) -> dict[str, Any]:
    return {
        "resourceType": "Procedure",
        "id": "s",
        "status": status,
        "code": concept(SNOMED, "234319005"),
        "subject": {"reference": "Patient/p"},
        "performedDateTime": "2020-03",
    }


def test_a_procedure_that_was_done_asserts_its_fact() -> None:
    assert known(read(patient(), procedure("completed")), "splenectomy").value is True


@pytest.mark.parametrize("status", ["not-done", "preparation", "unknown", "entered-in-error", "stopped", None])
def test_a_procedure_not_done_leaves_other_occasions_open(status: str | None) -> None:
    assert known(read(patient(), procedure(status)), "splenectomy").extent is None


def drug(status: str, code: str = "H02AB07", kind: str = "MedicationStatement") -> dict[str, Any]:
    return {
        "resourceType": kind,
        "id": "d",
        "status": status,
        "medicationCodeableConcept": concept(ATC, code),
        "subject": {"reference": "Patient/p"},
        "effectiveDateTime": "2026-10-01",
    }


@pytest.mark.parametrize(
    ("status", "values"),
    [
        ("active", {"ongoing", "effective", "failed"}),
        ("completed", {"effective", "failed", "not-tolerated"}),
        ("stopped", {"effective", "failed", "not-tolerated"}),
        ("not-taken", None),
        ("intended", None),
        ("unknown", None),
        ("entered-in-error", None),
    ],
)
def test_a_drug_taken_leaves_its_result_open(status: str, values: set[str] | None) -> None:
    found = known(read(patient(), drug(status)), "corticosteroids").extent

    assert found == (OneOf(frozenset(values)) if values else None)


def test_immunoglobulin_given_before_is_known_and_anti_d_is_another_drug() -> None:
    given = read(patient(), drug("completed", "J06BA02", "MedicationAdministration"))
    anti_d = read(patient(), drug("completed", "J06BB01", "MedicationAdministration"))

    assert known(given, "previous_immunoglobulin").value is True
    assert known(anti_d, "previous_immunoglobulin").extent is None


@pytest.mark.parametrize(
    ("verification", "clinical", "expected"),
    [
        ("confirmed", "active", True),
        ("confirmed", "resolved", True),
        ("unconfirmed", "active", None),
        ("entered-in-error", "active", None),
    ],
)
def test_hypersensitivity_to_immunoglobulin(verification: str, clinical: str, *, expected: bool | None) -> None:
    allergy = {
        "resourceType": "AllergyIntolerance",
        "id": "a",
        "clinicalStatus": concept(f"{HL7}allergyintolerance-clinical", clinical),
        "verificationStatus": concept(f"{HL7}allergyintolerance-verification", verification),
        "code": concept(ATC, "J06BA02"),
        "patient": {"reference": "Patient/p"},
    }

    assert known(read(patient(), allergy), "immunoglobulin_hypersensitivity").value is expected


@pytest.mark.parametrize("verification", ["refuted", "provisional", "differential"])
def test_a_doubtful_reason_never_gives_a_definite_verdict(verification: str) -> None:
    gbs = condition("c", GBS, verification, onsetDateTime="2026-11-15")
    case = read(patient(), gbs, order(reasonReference=[{"reference": "Condition/c"}]))

    assert [decision.verdict for decision in decide(case)] == ["needs-information"]
