"""FHIR R4 Bundles and single resources into one case."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from ivigil.documents import BadInput, Fault
from ivigil.facts.case import Case
from ivigil.facts.extent import Exactly, period
from ivigil.facts.gathering import Gathering
from ivigil.facts.readers.conditions import read_condition
from ivigil.facts.readers.fhir_values import (
    Malformed,
    Resource,
    codings_of,
    object_of,
    origin_of,
    reference_of,
    text_of,
    when_of,
    words_of,
)
from ivigil.facts.readers.observations import read_observation
from ivigil.facts.readers.orders import read_order
from ivigil.facts.readers.questionnaire import read_questionnaire_response
from ivigil.facts.readers.reading import Item, Reading, same_patient
from ivigil.facts.readers.treatments import read_allergy, read_drug, read_family_history, read_procedure
from ivigil.facts.readers.vocabulary import Vocabulary

_BUNDLE_TYPES = ("collection", "searchset", "transaction", "batch", "document")
_READERS: dict[str, Callable[[Reading, str, Resource], None]] = {
    "Observation": read_observation,
    "Condition": read_condition,
    "Procedure": read_procedure,
    "MedicationStatement": read_drug,
    "MedicationAdministration": read_drug,
    "AllergyIntolerance": read_allergy,
    "FamilyMemberHistory": read_family_history,
    "MedicationRequest": read_order,
    "QuestionnaireResponse": read_questionnaire_response,
}
READ_TYPES = ("Patient", *_READERS)
_SUPPORTING = frozenset({"Medication"})


def read_bundle(bundle: Resource, name: str, vocabulary: Vocabulary) -> Case:
    """The case that a Bundle describes. Raises :class:`BadInput` when it is no Bundle of one patient."""
    gathering = Gathering(name)
    return read_resources(bundle_items(bundle, name, gathering), gathering, vocabulary)


def bundle_items(bundle: Resource, name: str, gathering: Gathering) -> list[Item]:
    """Origin and resource of each entry; entries without a resource are set aside."""
    kind = bundle.get("type")
    if kind not in _BUNDLE_TYPES:
        found = f"a Bundle of type {kind!r}" if kind is not None else "a Bundle without a type"
        raise BadInput([Fault(f"{name}, Bundle.type", found, " or ".join(_BUNDLE_TYPES), "Send a collection.")])
    entries = bundle.get("entry", [])
    if not isinstance(entries, list):
        raise BadInput([Fault(f"{name}, Bundle.entry", type(entries).__name__, "a list of entries")])
    _note_further_pages(bundle, gathering)
    return [item for entry in entries for item in _entry(entry, gathering)]


def _note_further_pages(bundle: Resource, gathering: Gathering) -> None:
    links = bundle.get("link")
    if isinstance(links, list) and any(isinstance(link, dict) and link.get("relation") == "next" for link in links):
        gathering.warnings.add("The Bundle is one page of several: what stands on the others was not read.")


def _entry(entry: Any, gathering: Gathering) -> list[Item]:  # noqa: ANN401 - whatever stands in the list
    resource = entry.get("resource") if isinstance(entry, dict) else None
    if not isinstance(resource, dict) or not isinstance(resource.get("resourceType"), str):
        gathering.set_aside("entry", "it holds no resource", "Bundle.entry")
        return []
    full_url = entry.get("fullUrl")
    return [(origin_of(resource, full_url if isinstance(full_url, str) else None), {**resource, "_fullUrl": full_url})]


def read_resources(
    items: Iterable[Item], gathering: Gathering, vocabulary: Vocabulary, patient: str | None = None, drafts: frozenset[str] = frozenset()
) -> Case:
    """The case that ``items`` describe; ``drafts`` are origins of orders that may still be incomplete."""
    kept = _each_once(items, gathering)
    reading = Reading(vocabulary, gathering, _by_reference(kept))
    reading.patient = patient or _patient(kept, gathering.name, vocabulary)
    for origin, resource in kept:
        try:
            _read(reading, origin, resource, may_be_incomplete=origin in drafts)
        except Malformed as error:
            reading.set_aside(origin, f"it is malformed: {error}")
            gathering.warnings.add(f"{origin} was not used: {error}.")
    if not any(resource.get("resourceType") == "Patient" for _, resource in kept):
        gathering.warnings.add("The record holds no Patient: age and sex are unknown.")
    return gathering.finish()


def _each_once(items: Iterable[Item], gathering: Gathering) -> list[Item]:
    """Each resource once: repeated entries are noted, and of several versions the highest counts."""
    kept: dict[str, list[Resource]] = {}
    for origin, resource in items:
        known = kept.setdefault(origin, [])
        if resource in known:
            gathering.set_aside(str(resource["resourceType"]), "the same entry stands in the record twice", origin)
        else:
            known.append(resource)
    return sorted(
        ((origin, resource) for origin, versions in kept.items() for resource in _newest(origin, versions, gathering)),
        key=lambda item: item[0],
    )


def _newest(origin: str, versions: list[Resource], gathering: Gathering) -> list[Resource]:
    # In an order of their own, so that the answer does not depend on the order of the entries.
    versions = sorted(versions, key=str)
    numbers = [_version(resource) for resource in versions]
    if len(versions) == 1 or None in numbers or len(set(numbers)) < len(numbers):
        return versions
    newest = max(number for number in numbers if number is not None)
    gathering.set_aside(origin.split("/")[0], "a newer version of it counts", origin)
    return [resource for resource, number in zip(versions, numbers, strict=True) if number == newest]


def _version(resource: Resource) -> int | None:
    meta = resource.get("meta")
    version = meta.get("versionId") if isinstance(meta, dict) else None
    return int(version) if isinstance(version, str) and version.isascii() and version.isdigit() and len(version) < 10 else None


def _by_reference(items: list[Item]) -> dict[str, Resource]:
    found: dict[str, Resource] = {}
    for _, resource in items:
        kind, identity, full_url = resource.get("resourceType"), resource.get("id"), resource.get("_fullUrl")
        if isinstance(full_url, str):
            found[full_url] = resource
        if isinstance(identity, str):
            found[f"{kind}/{identity}"] = resource
    return found


def _patient(items: list[Item], name: str, vocabulary: Vocabulary) -> str | None:
    """A reference to the one patient of the record: the subject of the order where several people are in it."""
    patients = [resource for _, resource in items if resource.get("resourceType") == "Patient"]
    asked = {subject for _, resource in items if (subject := _order_subject(resource, vocabulary))}
    if len(asked) == 1:
        return _canonical(asked.pop(), patients)
    if len(patients) > 1 or len(asked) > 1:
        found = f"{max(len(patients), len(asked))} patients"
        raise BadInput([Fault(name, found, "one patient and the requests for them", "Split the Bundle by patient.")])
    return _canonical(_names(patients[0])[0], patients) if patients and _names(patients[0]) else None


def _order_subject(resource: Resource, vocabulary: Vocabulary) -> str | None:
    """Whom an order for immunoglobulin is for."""
    if resource.get("resourceType") != "MedicationRequest":
        return None
    try:
        concept = object_of(resource, "medicationCodeableConcept")
        ordered = vocabulary.medication.is_ordered(codings_of(concept), words_of(concept))
        return reference_of(resource, "subject") if ordered else None
    except Malformed:
        return None


def _names(patient: Resource) -> list[str]:
    full_url, identity = patient.get("_fullUrl"), patient.get("id")
    named = [f"Patient/{identity}"] if isinstance(identity, str) else []
    return named + ([full_url] if isinstance(full_url, str) else [])


def _canonical(reference: str, patients: list[Resource]) -> str:
    """The one spelling of a patient's reference: ``Patient/id`` where the Patient is in the record."""
    for patient in patients:
        names = _names(patient)
        if any(same_patient(reference, one) for one in names):
            return names[0]
    return reference


def _read(reading: Reading, origin: str, resource: Resource, *, may_be_incomplete: bool) -> None:
    kind = str(resource["resourceType"])
    if kind == "Patient":
        _read_patient(reading, origin, resource)
        return
    reader = _READERS.get(kind)
    if reader is None:
        if kind not in _SUPPORTING:
            reading.set_aside(origin, "ivigil reads no resource of this type", kind)
        return
    if "modifierExtension" in resource:
        reading.set_aside(origin, "it carries a modifier extension that ivigil does not understand")
        return
    if not _is_about(reading, resource):
        reading.set_aside(origin, "it is about another patient")
        return
    if kind == "MedicationRequest":
        read_order(reading, origin, resource, may_be_incomplete=may_be_incomplete)
    else:
        reader(reading, origin, resource)


def _is_about(reading: Reading, resource: Resource) -> bool:
    references = [reference for name in ("subject", "patient") if (reference := reference_of(resource, name))]
    if not references or reading.patient is None:
        return True
    patients = [one for one in reading.by_reference.values() if one.get("resourceType") == "Patient"]
    return any(same_patient(_canonical(one, patients), reading.patient) for one in references)


def _read_patient(reading: Reading, origin: str, resource: Resource) -> None:
    if reading.patient and not any(same_patient(name, reading.patient) for name in [origin, *_names(resource)]):
        reading.set_aside(origin, "it is another patient")
        return
    catalogue = reading.vocabulary.catalogue
    born = when_of(resource, "birthDate")
    if born:
        for fact in catalogue.found_in("Patient.birthDate"):
            reading.say(fact, period(born.first, born.last), str(born), origin, None)
    gender = text_of(resource, "gender")
    for fact in catalogue.found_in("Patient.gender") if gender else ():
        if gender == "unknown":
            reading.say(fact, None, "recorded as unknown", origin, None)
        elif gender in fact.option_ids():
            reading.say(fact, Exactly(gender), str(gender), origin, None)
        else:
            reading.set_aside(origin, f"{gender!r} is not one of its options", fact.label)
