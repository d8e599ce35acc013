"""Procedures, medication statements and administrations, allergies and family history as statements about facts."""

from __future__ import annotations

from ivigil.facts.definition import Fact, Place, SeenAs
from ivigil.facts.extent import Exactly, Extent, OneOf
from ivigil.facts.readers.conditions import STATES, asserted, condition_state
from ivigil.facts.readers.fhir_values import (
    Resource,
    codings_of,
    object_of,
    objects_of,
    reference_of,
    text_of,
    when_of,
    words_of,
)
from ivigil.facts.readers.reading import Reading

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
    """A procedure that was done asserts its facts; one that was not done says nothing of any other occasion."""
    status = text_of(resource, "status")
    found = reading.vocabulary.catalogue.coded("Procedure", codings_of(object_of(resource, "code")))
    if not found:
        reading.set_aside(origin, _NOT_CODED)
    elif status not in _DONE:
        reading.set_aside(
            origin, _ERROR if status == "entered-in-error" else f"{_status(status)}, not known to be done"
        )
    else:
        when = when_of(resource, "performedDateTime", "performedPeriod")
        for fact, code in found:
            state: SeenAs = "past" if status == "completed" else "ongoing"
            extent, words = _seen(fact, state, code.display)
            reading.say(fact, extent, words, origin, when)


def _status(status: str | None) -> str:
    return f"its status is {status}" if status else "it has no status"


def read_drug(reading: Reading, origin: str, resource: Resource) -> None:
    """A MedicationStatement or MedicationAdministration: a treatment that is ongoing, or was given."""
    is_statement = resource.get("resourceType") == "MedicationStatement"
    place: Place = "MedicationStatement" if is_statement else "MedicationAdministration"
    status = text_of(resource, "status")
    concept = medication_concept(reading, origin, resource)
    found = reading.vocabulary.catalogue.coded(place, codings_of(concept))
    state = _DRUG_STATES.get(status or "")
    if not found:
        reading.set_aside(origin, _NOT_CODED)
    elif state is None:
        why = _ERROR if status == "entered-in-error" else f"{_status(status)}, so it is not known to have been taken"
        reading.set_aside(origin, why)
    else:
        when = when_of(resource, "effectiveDateTime", "effectivePeriod", "dateAsserted")
        for fact, code in found:
            extent, words = _seen(fact, state, words_of(concept) or code.display)
            reading.say(fact, extent, words, origin, when)


def medication_concept(reading: Reading, origin: str, resource: Resource) -> Resource | None:
    """The concept of the drug, given in place or through a reference to a Medication."""
    concept = object_of(resource, "medicationCodeableConcept")
    reference = reference_of(resource, "medicationReference")
    if concept is not None or reference is None:
        return concept
    medication = reading.resolve(reference, origin, resource)
    return object_of(medication.resource, "code") if medication else None


def read_allergy(reading: Reading, origin: str, resource: Resource) -> None:
    """An allergy or intolerance to a drug is a reason against it; a refuted one is not."""
    state = condition_state(resource)
    found = reading.vocabulary.catalogue.coded("AllergyIntolerance", codings_of(object_of(resource, "code")))
    if not found:
        reading.set_aside(origin, _NOT_CODED)
    elif state not in STATES:
        reading.set_aside(origin, state)
    when = when_of(resource, "recordedDate", "onsetDateTime", "lastOccurrence")
    for fact, code in found if state in STATES else ():
        if fact.kind == "truth":
            says = asserted(fact, code, state)
            reading.say(fact, says, f"{code.display} ({state.replace('-', ' ')})", origin, when)
        elif state == "confirmed":
            extent, words = _seen(fact, "allergy", f"{code.display}: allergy or intolerance")
            reading.say(fact, extent, words, origin, when)
        else:
            reading.set_aside(origin, f"it is recorded as {state.replace('-', ' ')}", fact.label)


def read_family_history(reading: Reading, origin: str, resource: Resource) -> None:
    """A relative's condition asserts facts about the family, never about the patient."""
    status = text_of(resource, "status")
    if status not in {"completed", "partial"}:
        reading.set_aside(origin, _ERROR if status == "entered-in-error" else _status(status))
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


def _seen(fact: Fact, state: SeenAs, words: str) -> tuple[Extent | None, str]:
    """What a treatment in ``state`` says of ``fact``, and how an answer words it."""
    written = {"ongoing": f"{words}, ongoing", "past": f"{words}, given; result not recorded", "allergy": words}[state]
    if fact.kind == "truth":
        return Exactly(True), written
    fitting = frozenset(option.id for option in fact.options if state in option.seen_as)
    extent = None if not fitting else Exactly(next(iter(fitting))) if len(fitting) == 1 else OneOf(fitting)
    return extent, written
