"""Orders: what is immunoglobulin, what is a request now, and which dose on how many days it states."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from tests.unit.readers.records import (
    ATC,
    GBS,
    ITP,
    IVIG,
    SNOMED,
    concept,
    daily,
    decide,
    known,
    order,
    patient,
    quantity,
    read,
    reasons_unused,
)


@pytest.mark.parametrize(
    "medication",
    [
        IVIG,
        concept(ATC, "J06BA01"),
        concept(SNOMED, "714569001"),
        {"text": "IVIG 10 %"},
        {"text": "Immune globulin (human) intravenous"},
        {"coding": [{"system": "urn:local", "code": "7", "display": "Gamma globulin"}]},
    ],
)
def test_normal_immunoglobulin_is_recognised(medication: dict[str, Any]) -> None:
    assert len(read(patient(), order(medication=medication)).requests) == 1


@pytest.mark.parametrize(
    "medication",
    [
        concept(ATC, "J06BB01", "anti-D (rh) immunoglobulin"),
        concept(ATC, "J06BB04", "hepatitis B immunoglobulin"),
        {"text": "Anti-D immunoglobulin 1500 IU"},
        {"text": "Hepatitis B immune globulin"},
        {"text": "Rho(D) immune globulin"},
        {"text": "Tetanus immunoglobulin"},
        {"text": "Rabbit anti-thymocyte immunoglobulin"},
        {"text": "Prednisone"},
        {"text": "Immunoglobulin", "coding": [{"system": ATC, "code": "J06BB16"}, {"system": ATC, "code": "J06BB05"}]},
    ],
)
def test_other_immunoglobulins_are_not_taken_for_it(medication: dict[str, Any]) -> None:
    case = read(patient(), order(medication=medication, reasonCode=[ITP]))

    assert case.requests == ()
    assert "not an order for immunoglobulin" in reasons_unused(case)


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({"doNotPerform": True}, "must not be given"),
        ({"status": "entered-in-error"}, "entered in error"),
        ({"status": "completed"}, "nothing is requested now"),
        ({"status": "cancelled"}, "nothing is requested now"),
        ({"status": "stopped"}, "nothing is requested now"),
        ({"medicationCodeableConcept": {}}, "it names no medication"),
        ({"doNotPerform": "no"}, "malformed: doNotPerform is text"),
    ],
)
def test_an_order_that_asks_for_nothing_now(more: dict[str, Any], why: str) -> None:
    case = read(patient(), order(reasonCode=[ITP], **more))

    assert case.requests == ()
    assert why in reasons_unused(case)


def dose_of(order_: dict[str, Any]) -> dict[str, Decimal | None]:
    case = read(patient(), order_)
    facts = ("request_daily_dose", "request_daily_dose_per_kg", "request_infusion_days", "request_total_dose")
    return {fact: value for fact in facts if isinstance(value := known(case, fact).value, Decimal)}


def days(value: object, unit: str = "d") -> dict[str, Any]:
    return {"boundsDuration": quantity(value, code=unit)}


def test_grams_a_day_on_five_days() -> None:
    expected = {"request_daily_dose": 30, "request_infusion_days": 5, "request_total_dose": 150}

    assert dose_of(order(**daily(30, **days(5)))) == expected


def test_milligrams_per_kg_twice_a_day_in_a_week() -> None:
    found = dose_of(order(**daily(200, "mg/kg", frequency=2, **days(1, "wk"))))

    assert found == {"request_daily_dose_per_kg": Decimal("0.4"), "request_infusion_days": 7}


@pytest.mark.parametrize(
    "repeat", [{"count": 2}, {"count": 2, **days(2)}, {"period": 24, "periodUnit": "h", "count": 2}]
)
def test_two_days(repeat: dict[str, Any]) -> None:
    assert dose_of(order(**daily(70, **repeat)))["request_infusion_days"] == 2


@pytest.mark.parametrize(
    "repeat",
    [
        {"frequencyMax": 2},
        {"periodUnit": "wk"},
        {"period": None},
        {"frequency": 0},
        {"frequency": -1},
        {"dayOfWeek": ["mon"]},
        {"frequency": None, "timeOfDay": ["08:00:00", "20:00:00"]},
    ],
)
def test_a_rhythm_that_is_not_so_many_times_a_day_gives_no_daily_dose(repeat: dict[str, Any]) -> None:
    assert "request_daily_dose" not in dose_of(order(**daily(30, **repeat)))


def test_days_that_contradict_the_count_are_unknown() -> None:
    assert "request_infusion_days" not in dose_of(order(**daily(30, **days(5), count=3)))
    assert "request_infusion_days" not in dose_of(order(**daily(30, frequency=2, count=5)))


def test_a_dose_as_needed_has_no_rhythm() -> None:
    given = daily(30, **days(5))
    given["dosageInstruction"][0]["asNeededBoolean"] = True

    assert dose_of(order(**given)) == {}


@pytest.mark.parametrize(
    "given",
    [
        daily(0),
        daily(-30),
        daily(300, "mL"),
        daily(30, ""),
        daily(30, frequency="once"),
        {"dosageInstruction": "30 g"},
        {"dosageInstruction": [*daily(30)["dosageInstruction"], *daily(20)["dosageInstruction"]]},
        {"dosageInstruction": [{"text": "30 g daily"}]},
        {"dosageInstruction": [{"doseAndRate": [{"doseRange": {"low": quantity(20, "g")}}]}]},
    ],
)
def test_a_dose_that_cannot_be_read_does_not_undo_the_request(given: dict[str, Any]) -> None:
    case = read(patient(), order(reasonCode=[GBS], **given))

    assert [decision.indication and decision.indication.id for decision in decide(case)] == ["guillain-barre"]
    assert known(case, "request_daily_dose").extent is None
    assert "of the order" in reasons_unused(case)


def test_the_amount_to_dispense_is_the_total() -> None:
    assert dose_of(order(dispenseRequest={"quantity": quantity(150, "g")})) == {"request_total_dose": 150}


@pytest.mark.parametrize("more", [{"numberOfRepeatsAllowed": 2}, {"initialFill": {}}])
def test_an_amount_that_may_be_dispensed_again_is_no_total(more: dict[str, Any]) -> None:
    assert dose_of(order(dispenseRequest={"quantity": quantity(150, "g"), **more})) == {}


def test_an_order_after_a_completed_one_continues_it_and_one_that_replaces_another_does_not() -> None:
    asked = order(priorPrescription={"reference": "MedicationRequest/old"})

    assert known(read(patient(), asked, order("old", status="completed")), "request_phase").value == "continuing"
    assert known(read(patient(), asked, order("old", status="cancelled")), "request_phase").extent is None
    assert known(read(patient(), asked), "request_phase").extent is None


def test_route_and_urgency_are_read() -> None:
    case = read(patient(), order(priority="stat", dosageInstruction=[{"route": concept(SNOMED, "34206005")}]))

    assert known(case, "request_route").value == "subcutaneous"
    assert known(case, "request_urgency").value == "stat"


def test_several_reasons_give_one_decision_each() -> None:
    case = read(patient(), order(reasonCode=[ITP, GBS, concept("http://hl7.org/fhir/sid/icd-10-cm", "K51.90")]))

    named = [(decision.indication and decision.indication.id, decision.verdict) for decision in decide(case)]
    assert named == [
        ("guillain-barre", "needs-information"),
        ("immune-thrombocytopenia", "needs-information"),
        (None, "panel-review"),
    ]


@pytest.mark.parametrize("code", ["G610", "g61.0", "G61.0 ", "G61.0†"])
def test_spellings_of_an_icd_code(code: str) -> None:
    case = read(patient(), order(reasonCode=[concept("http://hl7.org/fhir/sid/icd-10", code)]))

    assert [decision.indication and decision.indication.id for decision in decide(case)] == ["guillain-barre"]
