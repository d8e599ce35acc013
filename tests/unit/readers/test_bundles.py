"""Bundles: whose record it is, where references lead, versions, order of entries, and what is refused."""

from __future__ import annotations

import json
from itertools import permutations
from typing import Any

import pytest
from tests.unit.readers.records import (
    ATC,
    GBS,
    ITP,
    WEIGHT,
    bundle,
    concept,
    condition,
    decide,
    known,
    library,
    observation,
    order,
    patient,
    quantity,
    read,
    read_document,
    reasons_unused,
)

from ivigil.documents import BadInput
from ivigil.facts import merged, read_case

SERVER = "https://one.example.org/fhir"
URN = "urn:uuid:00000000-0000-4000-8000-000000000001"


def weight(identity: str = "w", kg: int = 70, **more: object) -> dict[str, Any]:
    return observation(identity, WEIGHT, quantity(kg, "kg"), **more)


def about(reference: str) -> dict[str, Any]:
    return {"subject": {"reference": reference}}


def with_url(resource: dict[str, Any], url: str) -> dict[str, Any]:
    return {"resourceType": "Bundle", "type": "collection", "entry": [{"fullUrl": url, "resource": resource}]}


@pytest.mark.parametrize(
    ("full_url", "identity", "reference", "is_same"),
    [
        (None, "p", "Patient/p", True),
        (None, "p", "Patient/p/_history/3", True),
        (None, "p", f"{SERVER}/Patient/p", True),
        (f"{SERVER}/Patient/p", "p", "Patient/p", True),
        (f"{SERVER}/Patient/p", "p", f"{SERVER}/Patient/p/_history/2", True),
        (f"{SERVER}/Patient/p", None, "Patient/p", True),
        (URN, None, URN, True),
        (URN, "p", URN, True),
        (f"{SERVER}/Patient/p", "p", "https://two.example.org/fhir/Patient/p", False),
        (None, "p", "Patient/q", False),
        (None, "p", "Group/p", False),
        (None, "p", "#p", False),
    ],
)
def test_subject(full_url: str | None, identity: str | None, reference: str, *, is_same: bool) -> None:
    someone = {key: value for key, value in patient(identity or "p").items() if key != "id" or identity}
    document = bundle(weight(**about(reference)))
    document["entry"].append({"resource": someone, **({"fullUrl": full_url} if full_url else {})})
    case = read_document(document)

    assert known(case, "weight").known is is_same
    assert ("another patient" in reasons_unused(case)) is not is_same


@pytest.mark.parametrize("reference", ["Condition/c", "Condition/c/_history/1", f"{SERVER}/Condition/c", "#c"])
def test_a_reason_is_found_wherever_it_stands(reference: str) -> None:
    gbs = condition("c", GBS, onsetDateTime="2026-11-15")
    asked = order(reasonReference=[{"reference": reference}])
    case = read(patient(), {**asked, "contained": [gbs]}) if reference == "#c" else read(patient(), gbs, asked)

    assert [reason.onset.first.isoformat() for reason in case.requests[0].reasons if reason.onset] == ["2026-11-15"]


@pytest.mark.parametrize(
    ("target", "warning"),
    [
        (None, "is not in the record"),
        (condition("c", GBS, **about("Patient/q")), "it is about another patient"),
        (condition("c", GBS, modifierExtension=[{}]), "modifier extension"),
        (condition("c", GBS, "entered-in-error"), "it was entered in error"),
        (weight("c"), "is not in the record"),
    ],
)
def test_a_reason_that_cannot_be_relied_on_is_no_reason(target: dict[str, Any] | None, warning: str) -> None:
    asked = order(reasonReference=[{"reference": "Condition/c"}])
    case = read(patient(), *([target] if target else []), asked)

    assert case.requests[0].reasons == ()
    assert warning in "\n".join(case.warnings)


def test_two_patients_are_told_apart_by_the_order() -> None:
    baby = {"subject": {"reference": "Patient/baby"}}
    case = read(patient(), patient("baby"), weight(kg=80), weight("b", 3, **baby), order(reasonCode=[ITP], **baby))

    assert case.patient == "Patient/baby"
    assert str(known(case, "weight").value) == "3"


@pytest.mark.parametrize(
    "resources",
    [
        (patient(), patient("q")),
        (patient(), patient("q"), order(), order("other", **about("Patient/q"))),
        (weight(), weight("b", **about("Patient/q"))),
        (order(subject=None), weight(), weight("b", **about("Patient/q"))),
    ],
)
def test_nothing_tells_which_of_several_patients_is_meant(resources: tuple[dict[str, Any], ...]) -> None:
    with pytest.raises(BadInput, match="2 patients"):
        read(*resources)


def test_an_order_of_the_past_does_not_say_whose_record_it_is() -> None:
    past = order("old", status="completed", **about("Patient/q"))

    assert read(patient(), patient("q"), past, order(reasonCode=[ITP])).patient == "Patient/p"


def test_a_request_without_patient_is_judged_with_a_warning() -> None:
    case = read(order(reasonCode=[ITP], subject=None))

    assert [decision.indication and decision.indication.id for decision in decide(case)] == ["immune-thrombocytopenia"]
    assert "The record holds no Patient: age and sex are unknown." in case.warnings


def test_a_birth_in_the_future_leaves_the_age_unknown() -> None:
    assert known(read(patient(birthDate="2062-01-01")), "age").extent is None
    assert known(read(patient(birthDate="2062-01-01")), "birth_date").why_unknown == "implausible"


def test_any_order_of_the_entries_gives_the_same_case() -> None:
    resources = [patient(), weight("a"), weight("b", 71), condition("c", GBS), order(reasonCode=[GBS])]
    cases = {repr(read(*some)) for some in permutations(resources)}

    assert len(cases) == 1


def test_an_entry_that_stands_twice_is_read_once() -> None:
    case = read(patient(), weight(), weight(), order(reasonCode=[ITP]), order(reasonCode=[ITP]))

    assert len(case.requests) == 1
    assert "stands in the record more than once" in reasons_unused(case)


def test_the_newer_version_counts_and_versions_without_number_disagree() -> None:
    first, second = weight(kg=70, meta={"versionId": "1"}), weight(kg=90, meta={"versionId": "2"})

    assert str(known(read(patient(), second, first), "weight").value) == "90"
    assert known(read(patient(), weight(kg=70), weight(kg=90)), "weight").why_unknown == "conflicting"


@pytest.mark.parametrize("where", ["weight", "patient", "component"])
def test_a_modifier_extension_anywhere_sets_the_resource_aside(where: str) -> None:
    modifier = {"modifierExtension": [{"url": "https://example.org/not", "valueBoolean": True}]}
    part = {"code": concept("urn:local", "x"), **modifier}
    given = {"weight": weight(**modifier), "component": weight(component=[part]), "patient": weight()}[where]
    case = read(patient(**(modifier if where == "patient" else {})), given)

    assert known(case, "age" if where == "patient" else "weight").extent is None
    assert "modifier extension" in reasons_unused(case)


@pytest.mark.parametrize("kind", ["collection", "searchset", "transaction", "batch", "document"])
def test_each_type_of_bundle_is_read(kind: str) -> None:
    assert read(patient(), weight(), type=kind).statements


@pytest.mark.parametrize("kind", [None, "history", "message", 7, ["collection"]])
def test_other_types_are_refused(kind: object) -> None:
    with pytest.raises(BadInput, match=r"Bundle\.type"):
        read(patient(), type=kind)


def test_a_transaction_that_deletes_writes_nothing() -> None:
    document = bundle(patient(), weight(), type="transaction")
    document["entry"][1]["request"] = {"method": "DELETE", "url": "Observation/w"}

    assert known(read_document(document), "weight").extent is None


def test_further_pages_and_outcomes_are_warned_of() -> None:
    outcome = {"resourceType": "OperationOutcome", "issue": []}
    case = read(patient(), outcome, type="searchset", link=[{"relation": "next", "url": f"{SERVER}?page=2"}])

    assert "one page of several" in "\n".join(case.warnings)
    assert "may not have sent everything" in "\n".join(case.warnings)


@pytest.mark.parametrize(
    "entries", [None, [], [None], [{}], [{"resource": None}], ["text"], [{"resource": {"id": "x"}}]]
)
def test_a_bundle_without_resources_is_a_case_without_request(entries: object) -> None:
    case = read_document({"resourceType": "Bundle", "type": "collection", "entry": entries})

    assert [decision.verdict for decision in decide(case)] == ["needs-information"]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b" ",
        b"{",
        b"[]",
        b"null",
        b"7",
        b"{}",
        b"\xff\xfe",
        b'{"resourceType": "Claim"}',
        b'{"resourceType": []}',
        b'{"resourceType": "Bundle", "type": "collection", "entry": {}}',
        b"[" * 100000,
    ],
)
def test_what_cannot_be_read_is_one_clear_error(content: bytes) -> None:
    with pytest.raises(BadInput) as error:
        read_case(content, "case.json", library().vocabulary)

    assert len(error.value.faults) == 1
    assert str(error.value).startswith("case.json")


def test_deep_nesting_is_refused_or_read_but_never_a_crash() -> None:
    for depth in (100, 900, 990):
        nested = '{"extension": [' * depth + "{}" + "]}" * depth
        text = json.dumps(bundle(patient(), weight(extension="DEEP"), weight(kg=71, extension="DEEP")))
        content = text.replace('"DEEP"', nested)
        try:
            assert read_case(content.encode(), "deep.json", library().vocabulary).name == "deep.json"
        except BadInput as error:
            assert "nested too deep" in str(error)  # noqa: PT017 - either outcome is right


def test_a_single_resource_is_read_as_a_case() -> None:
    assert [one.origin for one in read_document(order(reasonCode=[GBS])).requests] == ["MedicationRequest/ivig"]


def test_a_drug_is_found_through_its_reference() -> None:
    drug = {"resourceType": "Medication", "id": "m", "code": concept(ATC, "J06BA02")}
    asked = order(medication=None, medicationReference={"reference": "Medication/m"}, reasonCode=[ITP])

    assert len(read(patient(), drug, asked).requests) == 1
    assert read(patient(), asked).requests == ()


def test_documents_about_different_patients_are_not_put_together() -> None:
    with pytest.raises(BadInput, match="documents about one patient"):
        merged(read(patient()), read(patient("q")))
    assert merged(read(patient()), read(weight())).patient == "Patient/p"
