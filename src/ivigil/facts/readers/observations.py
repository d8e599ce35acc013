"""Observations, with their components, as statements about facts."""

from __future__ import annotations

from ivigil.facts.extent import Exactly
from ivigil.facts.readers.fhir_values import Malformed, Resource, codings_of, object_of, objects_of, text_of, when_of
from ivigil.facts.readers.measured import Unreadable, read_value
from ivigil.facts.readers.reading import Reading
from ivigil.facts.when import When

# https://hl7.org/fhir/R4/valueset-observation-status.html
_SETTLED = frozenset({"final", "amended", "corrected"})
_NOT_A_RESULT = {
    "registered": "registered, no result yet",
    "cancelled": "cancelled",
    "entered-in-error": "entered in error",
    "unknown": "its status is unknown",
    "": "it has no status",
}


def read_observation(reading: Reading, origin: str, resource: Resource) -> None:
    """Gather what an Observation and its components say."""
    status = text_of(resource, "status")
    if status not in _SETTLED and status != "preliminary":
        reading.set_aside(origin, _NOT_A_RESULT.get(status or "", f"its status {status!r} is not one of FHIR R4"))
        return
    if resource.get("focus"):
        reading.set_aside(origin, "it is about something other than the patient, such as a relative or a device")
        return
    when = when_of(resource, "effectiveDateTime", "effectivePeriod", "effectiveInstant", "issued")
    used = _read_element(reading, origin, resource, when, preliminary=status == "preliminary")
    for component in objects_of(resource, "component"):
        used |= _read_element(reading, origin, component, when, preliminary=status == "preliminary")
    if not used:
        reading.set_aside(origin, "no fact of the catalogue is recorded under its code")


def _read_element(reading: Reading, origin: str, element: Resource, when: When | None, *, preliminary: bool) -> bool:
    """Whether a fact is recorded under the code of ``element``; its value is gathered or set aside."""
    catalogue = reading.vocabulary.catalogue
    found = catalogue.coded("Observation", codings_of(object_of(element, "code")))
    for fact, code in found:
        try:
            measured = read_value(element, fact, catalogue)
        except (Unreadable, Malformed) as error:
            reading.set_aside(origin, str(error), fact.label)
            reading.gathering.warnings.add(f"{fact.label}: {origin} was not used: {error}.")
            continue
        if measured is None:
            reading.set_aside(origin, "it has no value", fact.label)
            continue
        # Asked of truths alone: to Python, a measured nought equals false.
        if fact.kind == "truth" and measured.says == Exactly(False) and not fact.is_covered_by(code):
            reading.set_aside(origin, f"that {code.display} is absent does not deny all of it", fact.label)
            continue
        reading.say(fact, measured.says, measured.written, origin, when, preliminary=preliminary)
    return bool(found)
