"""Orders for immunoglobulin: who asks for what, and for which reason."""

from __future__ import annotations

from ivigil.facts.case import Reason, Request
from ivigil.facts.readers.conditions import STATES, asserted_by_reasons, condition_state
from ivigil.facts.readers.doses import stated_by_order
from ivigil.facts.readers.fhir_values import (
    Malformed,
    Resource,
    boolean_of,
    codings_of,
    object_of,
    objects_of,
    text_of,
    when_of,
    words_of,
)
from ivigil.facts.readers.reading import Reading
from ivigil.facts.readers.references import Item
from ivigil.facts.readers.treatments import medication_concept

# https://hl7.org/fhir/R4/valueset-medicationrequest-status.html
_OPEN = frozenset({"active", "draft", "on-hold"})
# One that is cancelled was withdrawn before anything was given.
_OVER = frozenset({"completed", "stopped", "unknown"})


def read_order(reading: Reading, origin: str, resource: Resource) -> None:
    """Gather a MedicationRequest as a request when it orders immunoglobulin, else note why not."""
    refusal = _not_a_request(reading, origin, resource)
    if refusal:
        reading.set_aside(origin, refusal)
        return
    concept = medication_concept(reading, origin, resource)
    words = words_of(concept)
    authored = when_of(resource, "authoredOn")
    reasons = tuple(_reasons(reading, origin, resource))
    # What is being written now holds now, though a draft often bears no date yet.
    current = _is_draft(reading, origin)
    asserted = asserted_by_reasons(reasons, origin, authored, reading.vocabulary.catalogue, current=current)
    stated = stated_by_order(reading, origin, resource, authored)
    named = bool(codings_of(concept) or words)
    reading.gathering.requests.append(Request(origin, authored, named, words, reasons, (*stated, *asserted)))


def is_open_order(reading: Reading, item: Item) -> bool:
    """Whether ``item`` orders immunoglobulin now."""
    try:
        return item.kind == "MedicationRequest" and _not_a_request(reading, item.origin, item.resource) is None
    except Malformed:
        return False


def _is_draft(reading: Reading, origin: str) -> bool:
    return reading.drafts is not None and origin in reading.drafts


def _not_a_request(reading: Reading, origin: str, resource: Resource) -> str | None:
    """Why an order asks for no immunoglobulin now, or ``None`` when it does."""
    if reading.drafts is not None and origin not in reading.drafts:
        return "only the draft orders of the call are asked about"
    concept = medication_concept(reading, origin, resource)
    codings, words = codings_of(concept), words_of(concept)
    if not codings and not words:
        return None if _is_draft(reading, origin) else "it names no medication"
    if not reading.vocabulary.medication.is_ordered(codings, words):
        return "it is not an order for immunoglobulin"
    if boolean_of(resource, "doNotPerform"):
        return "it orders that immunoglobulin must not be given"
    status = text_of(resource, "status")
    if status == "entered-in-error":
        return "it was entered in error"
    asked = status is None or status in _OPEN or (reading.past_orders and status in _OVER)
    return None if asked else f"the order is {status}, so nothing is requested now"


def _reasons(reading: Reading, origin: str, resource: Resource) -> list[Reason]:
    found = [
        Reason(origin, codings=codings_of(concept), text=words_of(concept))
        for concept in objects_of(resource, "reasonCode")
        if codings_of(concept) or words_of(concept)
    ]
    for item in objects_of(resource, "reasonReference"):
        reference = text_of(item, "reference")
        target = reading.resolve(reference, origin, resource) if reference else None
        if target is None:
            words = reference or "without a reference"
            reading.warn(f"{origin}: its reason {words} is not in the record.")
        else:
            found += _referenced(reading, target)
    return sorted(set(found), key=lambda reason: reason.order)


def _referenced(reading: Reading, target: Item) -> list[Reason]:
    """The diagnosis that an order gives as its reason by reference, unless something speaks against using it."""
    refusal = _no_reason(reading, target)
    if refusal:
        reading.warn(f"{target.origin}: the order's reason was not used: {refusal}.")
        return []
    state = condition_state(target.resource)
    if state == "refuted":
        reading.warn(f"{target.origin}: the order's reason is a refuted diagnosis.")
    concept = object_of(target.resource, "code")
    onset = when_of(target.resource, "onsetDateTime", "onsetPeriod")
    return [Reason(target.origin, None, codings_of(concept), words_of(concept), state, onset)]  # type: ignore[arg-type] # narrowed by _no_reason


def _no_reason(reading: Reading, target: Item) -> str | None:
    if target.kind != "Condition":
        return "it is not a Condition"
    if target.is_modified:
        return "it carries a modifier extension that ivigil does not understand"
    if not reading.is_about_patient(target):
        return "it is about another patient"
    state = condition_state(target.resource)
    return None if state in STATES else state
