"""CDS Hooks calls: drafts, selections and prefetch."""

from __future__ import annotations

from typing import Any

import pytest
from tests.unit.readers.records import (
    GBS,
    ICD10CM,
    WEIGHT,
    bundle,
    concept,
    decide,
    known,
    observation,
    order,
    patient,
    quantity,
    read_document,
    reasons_unused,
)

from ivigil.documents import BadInput

EXACERBATION = concept(ICD10CM, "G70.01")


def draft(identity: str = "d", **more: object) -> dict[str, Any]:
    given = order(identity, status="draft", **more)
    return {key: value for key, value in given.items() if key != "authoredOn"}


def call(
    *drafts: dict[str, Any], hook: str = "order-sign", prefetch: object = None, **context: object
) -> dict[str, Any]:
    given = {"patientId": "p", "draftOrders": bundle(*drafts), **context}
    return {"hook": hook, "hookInstance": "x", "context": given, "prefetch": prefetch}


def test_a_draft_without_a_drug_is_a_request_whose_drug_is_open() -> None:
    case = read_document(call(draft(medication=None, reasonCode=[GBS]), hook="order-select"))

    assert [request.medication_named for request in case.requests] == [False]
    assert "immunoglobulin_ordered" in {missing.shown.fact.id for missing in decide(case)[0].missing}


def test_an_undated_draft_speaks_of_today() -> None:
    assert known(read_document(call(draft(reasonCode=[EXACERBATION]))), "myasthenia_worsening").value is True


def test_only_the_selected_draft_is_asked_about() -> None:
    selected = {"hook": "order-select", "selections": ["MedicationRequest/b"]}
    case = read_document(call(draft("a", reasonCode=[GBS]), draft("b", reasonCode=[EXACERBATION]), **selected))

    assert [request.origin for request in case.requests] == ["MedicationRequest/b"]
    assert "not among the selections" in reasons_unused(case)


@pytest.mark.parametrize("selections", [[], ["MedicationRequest/gone"], None, 7, [None]])
def test_a_selection_that_leads_nowhere_selects_every_draft(selections: object) -> None:
    case = read_document(call(draft("a"), draft("b"), hook="order-select", selections=selections))

    assert len(case.requests) == 2


def test_orders_of_the_record_are_not_asked_about_and_a_saved_draft_is_superseded() -> None:
    saved = draft(reasonCode=[EXACERBATION])
    prefetch = {"orders": bundle(order("old", reasonCode=[GBS]), saved, type="searchset")}
    case = read_document(call(draft(reasonCode=[GBS]), prefetch=prefetch))

    assert [[str(reason) for reason in request.reasons] for request in case.requests] == [
        ["Guillain-Barre syndrome [icd-10-cm G61.0]"]
    ]
    assert "only the draft orders of the call are asked about" in reasons_unused(case)


def test_prefetch_of_every_kind() -> None:
    weight = observation("w", WEIGHT, quantity(70, "kg"))
    page = {"resourceType": "Bundle", "entry": [{"resource": weight}], "link": [{"relation": "next", "url": "x"}]}
    case = read_document(
        call(
            draft(reasonCode=[GBS]),
            prefetch={
                "patient": patient(),
                "weight": page,
                "allergies": None,
                "conditions": {"resourceType": "OperationOutcome", "issue": []},
                "odd": "text",
            },
        )
    )

    assert known(case, "weight").known
    assert known(case, "age").known
    warnings = "\n".join(case.warnings)
    assert "could not supply the prefetch 'conditions'" in warnings
    assert "one page of several" in warnings
    assert "it holds no resource" in reasons_unused(case)


def test_the_patient_of_the_context_decides_whose_record_it_is() -> None:
    prefetch = {"patient": patient(), "other": bundle(patient("q"), type="searchset")}
    case = read_document(
        call(draft(reasonCode=[GBS]), draft("q", subject={"reference": "Patient/q"}), prefetch=prefetch)
    )

    assert case.patient == "Patient/p"
    assert [request.origin for request in case.requests] == ["MedicationRequest/d"]


@pytest.mark.parametrize(
    "document",
    [
        {"hook": "patient-view", "context": {"draftOrders": {}}},
        {"hook": ["order-sign"], "context": {"draftOrders": {}}},
        {"hook": "order-sign"},
        {"hook": "order-sign", "context": []},
        {"hook": "order-sign", "context": {"draftOrders": None}},
        {"hook": "order-sign", "context": {"draftOrders": {}}, "prefetch": []},
    ],
)
def test_a_broken_frame_is_refused(document: dict[str, Any]) -> None:
    with pytest.raises(BadInput):
        read_document(document)
