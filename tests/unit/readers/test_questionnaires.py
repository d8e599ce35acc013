"""QuestionnaireResponses: each answered item whose linkId is a fact's id states that fact."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from tests.unit.readers.records import decide, known, patient, quantity, read, reasons_unused

from ivigil.facts import Exactly, Period


def answers(status: str = "completed", authored: str | None = "2026-11-19", **given: object) -> dict[str, Any]:
    items = [{"linkId": link, "answer": value if isinstance(value, list) else [value]} for link, value in given.items()]
    return {
        "resourceType": "QuestionnaireResponse",
        "id": "q",
        "status": status,
        "item": items,
        **({"authored": authored} if authored else {}),
    }


@pytest.mark.parametrize(
    ("fact", "answer", "expected"),
    [
        ("walks_unaided", {"valueBoolean": False}, Exactly(value=False)),
        ("gbs_disability_score", {"valueInteger": 4}, Exactly(Decimal(4))),
        ("weight", {"valueQuantity": quantity(154, "lb")}, Exactly(Decimal("69.85322498"))),
        ("weight", {"valueDecimal": 70}, None),
        ("request_phase", {"valueCoding": {"code": "initial"}}, Exactly("initial")),
        ("request_phase", {"valueString": "continuing"}, Exactly("continuing")),
        ("request_phase", {"valueString": "the first time"}, None),
        ("myasthenic_crisis", {"valueString": "no"}, None),
        ("myasthenic_crisis", {"valueCoding": {"system": "http://loinc.org", "code": "LA32-8"}}, Exactly(value=False)),
        ("onset_date", {"valueDate": "2026-11"}, "month"),
        ("request_phase", {}, None),
        ("request_phase", [], None),
        ("request_phase", [{"valueCoding": {"code": "initial"}}, {"valueCoding": {"code": "continuing"}}], None),
        ("walks_unaided", {"valueBoolean": None}, None),
    ],
)
def test_answer(fact: str, answer: object, expected: object) -> None:
    found = known(read(patient(), answers(**{fact: answer})), fact).extent

    assert isinstance(found, Period) if expected == "month" else found == expected


def test_nested_items_are_read_below_items_and_below_answers() -> None:
    inner = {"linkId": "walks_unaided", "answer": [{"valueBoolean": True}]}
    outer = {"linkId": "a", "item": [{"linkId": "b", "answer": [{"valueBoolean": True, "item": [inner]}]}]}

    case = read(patient(), {**answers(), "item": [outer]})

    assert known(case, "walks_unaided").value is True
    assert "no fact has the id 'b'" in reasons_unused(case)


@pytest.mark.parametrize("status", ["stopped", "entered-in-error", None])
def test_a_response_that_is_void_says_nothing(status: object) -> None:
    assert known(read(patient(), answers(status, walks_unaided={"valueBoolean": True})), "walks_unaided").extent is None


def test_a_response_in_progress_is_preliminary() -> None:
    case = read(patient(), answers("in-progress", walks_unaided={"valueBoolean": True}))

    assert "preliminary" in "\n".join(decide(case)[0].warnings)


@pytest.mark.parametrize(
    "answer",
    [
        {"valueString": "guillain-barre"},
        {"valueCoding": {"code": "guillain-barre"}},
        {"valueCoding": {"system": "http://hl7.org/fhir/sid/icd-10-cm", "code": "G61.0"}},
    ],
)
def test_the_indication_may_be_an_answer(answer: dict[str, Any]) -> None:
    case = read(patient(), answers(request_indication=answer))

    assert [decision.indication and decision.indication.id for decision in decide(case)] == ["guillain-barre"]
