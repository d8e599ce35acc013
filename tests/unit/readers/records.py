"""Small FHIR records for the reader tests, and what ivigil makes of them."""

from __future__ import annotations

import json
from datetime import date
from functools import cache
from typing import Any

from ivigil.facts import Case, Settled, derive, read_case, settle
from ivigil.knowledge import Library, load
from ivigil.review import Decision, Judge

TODAY = date(2026, 11, 20)
LOINC = "http://loinc.org"
SNOMED = "http://snomed.info/sct"
ICD10CM = "http://hl7.org/fhir/sid/icd-10-cm"
ATC = "http://www.whocc.no/atc"
HL7 = "http://terminology.hl7.org/CodeSystem/"
WEIGHT, HEIGHT, PLATELETS, IGG, ONSET = "29463-7", "8302-2", "777-3", "2465-3", "11368-8"

Json = dict[str, Any]


@cache
def library() -> Library:
    return load()


@cache
def judge() -> Judge:
    return Judge(library())


def concept(system: str, code: str, text: str | None = None) -> Json:
    return {"coding": [{"system": system, "code": code}], **({"text": text} if text else {})}


def quantity(value: object, unit: str | None = None, **more: object) -> Json:
    return {"value": value, **({"unit": unit} if unit else {}), **more}


def patient(identity: str = "p", **more: object) -> Json:
    return {"resourceType": "Patient", "id": identity, "birthDate": "1980-06-15", "gender": "female", **more}


def observation(identity: str, code: str, value: Json | None, day: str | None = "2026-11-19", **more: object) -> Json:
    return {
        "resourceType": "Observation",
        "id": identity,
        "status": "final",
        "code": concept(LOINC, code),
        "subject": {"reference": "Patient/p"},
        **({"valueQuantity": value} if value is not None else {}),
        **({"effectiveDateTime": day} if day else {}),
        **more,
    }


def condition(identity: str, code: Json, verification: str | None = "confirmed", **more: object) -> Json:
    verified = {"verificationStatus": concept(f"{HL7}condition-ver-status", verification)} if verification else {}
    return {
        "resourceType": "Condition",
        "id": identity,
        "code": code,
        "subject": {"reference": "Patient/p"},
        "recordedDate": "2026-11-18",
        **verified,
        **more,
    }


def clinically(state: str) -> Json:
    return {"clinicalStatus": concept(f"{HL7}condition-clinical", state)}


GBS = concept(ICD10CM, "G61.0", "Guillain-Barre syndrome")
ITP = concept(ICD10CM, "D69.3")
IVIG = concept(ATC, "J06BA02", "Immunoglobulin, intravenous")


def order(identity: str = "ivig", medication: Json | None = IVIG, **more: object) -> Json:
    return {
        "resourceType": "MedicationRequest",
        "id": identity,
        "status": "active",
        "intent": "order",
        **({"medicationCodeableConcept": medication} if medication else {}),
        "subject": {"reference": "Patient/p"},
        "authoredOn": "2026-11-19",
        **more,
    }


def daily(grams: object, unit: str = "g", **repeat: object) -> Json:
    timing = {"repeat": {"frequency": 1, "period": 1, "periodUnit": "d", **repeat}}
    return {"dosageInstruction": [{"timing": timing, "doseAndRate": [{"doseQuantity": quantity(grams, unit)}]}]}


def bundle(*resources: Json, **more: object) -> Json:
    return {"resourceType": "Bundle", "type": "collection", "entry": [{"resource": one} for one in resources], **more}


def read_document(document: Json, name: str = "case.json") -> Case:
    return read_case(json.dumps(document).encode(), name, library().vocabulary)


def read(*resources: Json, **more: object) -> Case:
    return read_document(bundle(*resources, **more))


def known(case: Case, fact: str, today: date = TODAY) -> Settled:
    """What may be relied on about ``fact``, requests included."""
    catalogue = library().askable
    statements = [*case.statements, *(one for request in case.requests for one in request.statements)]
    return derive(settle(statements, catalogue, today), catalogue, today).get(fact, Settled(fact))


def decide(case: Case) -> tuple[Decision, ...]:
    return judge().decide(case, library().rule_sets["review-2015"], TODAY)


def reasons_unused(case: Case) -> str:
    return "\n".join(f"{one.what}: {one.why}" for one in case.unused)
