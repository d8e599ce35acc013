"""Procedures, medication statements and administrations, allergies and family history as statements about facts."""

from __future__ import annotations

from ivigil.facts.definition import Fact, SeenAs
from ivigil.facts.extent import Exactly, Extent, OneOf
from ivigil.facts.readers.conditions import condition_state
from ivigil.facts.readers.fhir_values import (
    Resource,
    boolean_of,
    codings_of,
    object_of,
    objects_of,
    reference_of,
    text_of,
    when_of,
    words_of,
)
from ivigil.facts.readers.reading import Reading
from ivigil.facts.when import When

_ERROR = "it was entered in error"
_NOT_CODED = "no fact of the catalogue is recorded under its code"

# https://hl7.org/fhir/R4/valueset-event-status.html
_DONE = frozenset({"completed", "in-progress"})
# https://hl7.org/fhir/R4/valueset-medication-statement-status.html and valueset-medication-admin-status.html
_DRUG_STATES: dict[str, SeenAs] = {
    "active": "ongoing",
    "in-progress": "ongoing",
    "completed": "past",
    "stopped": "past",
    "on-hold": "past",
}


def read_procedure(reading: Reading, origin: str, resource: Resource) -> None:
    """A procedure that was done asserts its facts, one recorded as not done denies them."""
    status = text_of(resource, "status")
    codings = codings_of(object_of(resource, "code"))
    found = reading.vocabulary.catalogue.coded("Procedure", codings)
    if not found:
        reading.set_aside(origin, _NOT_CODED)
    elif status not in _DONE and status != "not-done":
        reading.set_aside(origin, f"its status is {status}, so it is not known to have been done")
    for fact, code in found:
        when = when_of(resource, "performedDateTime", "performedPeriod")
        if fact.kind == "truth" and status in _DONE:
            reading.say(fact, Exactly(True), code.display, origin, when)
        elif fact.kind == "truth" and status == "not-done":
            reading.say(fact, Exactly(False), f"{code.display} not done", origin, when)
        elif status in _DONE:
            _say_treatment(reading, fact, "past" if status == "completed" else "ongoing", code.display, origin, when)


def read_drug(reading: Reading, origin: str, resource: Resource) -> None:
    """A MedicationStatement or MedicationAdministration: the treatment is ongoing, or was given with a result not recorded."""
    place = "MedicationStatement" if resource.get("resourceType") == "MedicationStatement" else "MedicationAdministration"
    status = text_of(resource, "status")
    concept = medication_concept(reading, resource)
    found = reading.vocabulary.catalogue.coded(place, codings_of(concept))
    state = _DRUG_STATES.get(status or "")
    if not found:
        reading.set_aside(origin, _NOT_CODED)
    elif state is None:
        why = _ERROR if status == "entered-in-error" else f"its status is {status}, so it is not known to have been taken"
        reading.set_aside(origin, why)
    else:
        when = when_of(resource, "effectiveDateTime", "effectivePeriod", "dateAsserted")
        for fact, code in found:
            _say_treatment(reading, fact, state, words_of(concept) or code.display, origin, when)


def medication_concept(reading: Reading, resource: Resource) -> Resource | None:
    """The concept of the drug, given in place or through a reference to a Medication."""
    concept = object_of(resource, "medicationCodeableConcept")
    reference = reference_of(resource, "medicationReference")
    if concept is not None or reference is None:
        return concept
    medication = reading.resolve(reference, resource)
    return object_of(medication, "code") if medication else None


def read_allergy(reading: Reading, origin: str, resource: Resource) -> None:
    """An allergy or intolerance to a drug is a reason against it; a refuted one is not."""
    state = condition_state(resource)
    found = reading.vocabulary.catalogue.coded("AllergyIntolerance", codings_of(object_of(resource, "code")))
    if not found:
        reading.set_aside(origin, _NOT_CODED)
        return
    if state not in {"confirmed", "refuted"}:
        reading.set_aside(origin, state if " " in state else f"it is recorded as {state.replace('-', ' ')}")
        return
    when = when_of(resource, "recordedDate", "onsetDateTime", "lastOccurrence")
    for fact, code in found:
        if fact.kind == "truth":
            reading.say(fact, Exactly(state == "confirmed"), f"{code.display} ({state})", origin, when)
        elif state == "confirmed":
            _say_treatment(reading, fact, "allergy", f"{code.display}: allergy or intolerance", origin, when)


def read_family_history(reading: Reading, origin: str, resource: Resource) -> None:
    """A relative's condition asserts facts about the family, never about the patient."""
    status = text_of(resource, "status")
    if status not in {"completed", "partial"}:
        reading.set_aside(origin, _ERROR if status == "entered-in-error" else f"its status is {status}")
        return
    when = when_of(resource, "date")
    used = False
    for condition in objects_of(resource, "condition"):
        codings = codings_of(object_of(condition, "code"))
        for fact, code in reading.vocabulary.catalogue.coded("FamilyMemberHistory", codings):
            reading.say(fact, Exactly(True), f"{code.display} in a relative", origin, when)
            used = True
    if not used:
        reading.set_aside(origin, "it speaks of a relative, not of the patient, and of no fact of the catalogue")


def read_not_done(resource: Resource) -> bool:
    """Whether an order says that something must not be given."""
    return bool(boolean_of(resource, "doNotPerform"))


def _say_treatment(reading: Reading, fact: Fact, state: SeenAs, words: str, origin: str, when: When | None) -> None:
    extent: Extent | None
    if fact.kind == "truth":
        extent = Exactly(True)
    else:
        fitting = frozenset(option.id for option in fact.options if state in option.seen_as)
        extent = None if not fitting else Exactly(next(iter(fitting))) if len(fitting) == 1 else OneOf(fitting)
    written = {"ongoing": f"{words}, ongoing", "past": f"{words}, given; result not recorded", "allergy": words}[state]
    reading.say(fact, extent, written, origin, when)
