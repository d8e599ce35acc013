"""FHIR R4 Bundles and single resources into one case."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from typing import Any

from ivigil.documents import BadInput, Fault
from ivigil.facts.case import Case
from ivigil.facts.gathering import Gathering
from ivigil.facts.readers.conditions import read_condition
from ivigil.facts.readers.fhir_values import Malformed, Resource, kind_of, origin_of
from ivigil.facts.readers.observations import read_observation
from ivigil.facts.readers.orders import read_order
from ivigil.facts.readers.patients import read_patient, the_patient, warn_without_patient
from ivigil.facts.readers.questionnaire import read_questionnaire_response
from ivigil.facts.readers.reading import Reading
from ivigil.facts.readers.references import Item, References, is_absolute
from ivigil.facts.readers.treatments import read_allergy, read_drug, read_family_history, read_procedure
from ivigil.facts.readers.vocabulary import Vocabulary

BUNDLE_TYPES = ("collection", "searchset", "transaction", "batch", "document")
WRITES = ("POST", "PUT")
_READERS: dict[str, Callable[[Reading, str, Resource], None]] = {
    "Observation": read_observation,
    "Condition": read_condition,
    "Procedure": read_procedure,
    "MedicationStatement": read_drug,
    "MedicationAdministration": read_drug,
    "AllergyIntolerance": read_allergy,
    "FamilyMemberHistory": read_family_history,
    "QuestionnaireResponse": read_questionnaire_response,
}
READ_TYPES = ("Patient", "MedicationRequest", *_READERS)
_LOOKED_AT = frozenset({*READ_TYPES, "Medication"})
_VERSION_DIGITS = 9


def read_bundle(bundle: Resource, name: str, vocabulary: Vocabulary) -> Case:
    """The case that a Bundle describes. Raises :class:`BadInput` when it is no Bundle of one patient."""
    gathering = Gathering(name)
    return read_resources(bundle_items(bundle, name, gathering), gathering, vocabulary)


def bundle_items(bundle: Resource, name: str, gathering: Gathering) -> list[Item]:
    """The resource of each entry; entries without one are set aside."""
    kind = bundle.get("type")
    if kind not in BUNDLE_TYPES:
        found = f"a Bundle of type {str(kind)[:40]!r}" if kind is not None else "a Bundle without a type"
        raise BadInput([Fault(f"{name}, Bundle.type", found, " or ".join(BUNDLE_TYPES), "Send a collection.")])
    entries = bundle.get("entry")
    entries = [] if entries is None else entries
    if not isinstance(entries, list):
        raise BadInput([Fault(f"{name}, Bundle.entry", kind_of(entries), "a list of entries")])
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
    given = entry.get("fullUrl")
    full_url = given if isinstance(given, str) and given else None
    item = Item(origin_of(resource, full_url), resource, full_url)
    request = entry.get("request")
    if isinstance(request, dict) and request.get("method") not in WRITES:
        gathering.set_aside(item.kind, "the transaction does not write it", item.origin)
        return []
    if item.kind == "OperationOutcome":
        gathering.warnings.add(
            "The Bundle carries an OperationOutcome: the record system may not have sent everything."
        )
    return [item]


def read_resources(
    items: Iterable[Item],
    gathering: Gathering,
    vocabulary: Vocabulary,
    patient: str | None = None,
    drafts: frozenset[str] | None = None,
    *,
    past_orders: bool = False,
) -> Case:
    """The case that ``items`` describe.

    ``drafts`` are the origins of the orders that are being written now: they may be incomplete, and only they are
    asked about. With ``past_orders`` those that are over count as requests too. Raises :class:`BadInput` when nothing
    tells which of several patients is meant.
    """
    kept = _each_once(items, gathering)
    reading = Reading(vocabulary, gathering, References(kept), drafts=drafts, past_orders=past_orders)
    reading.patient = reading.canonical(patient) if patient else the_patient(kept, reading)
    gathering.patient = reading.patient
    for item in kept:
        try:
            _read(reading, item)
        except Malformed as error:
            reading.set_aside(item.origin, f"it is malformed: {error}")
            reading.warn(f"{item.origin} was not used: {error}.")
    warn_without_patient(kept, reading)
    return gathering.finish()


def _each_once(items: Iterable[Item], gathering: Gathering) -> list[Item]:
    """Each resource once: repeated entries are noted, and of several versions the highest counts."""
    kept: dict[str, list[Item]] = {}
    for item in items:
        kept.setdefault(item.origin, []).append(item)
    return [item for origin in sorted(kept) for item in _versions(kept[origin], gathering)]


def _versions(items: list[Item], gathering: Gathering) -> list[Item]:
    """The different resources cited alike, in an order that does not depend on the order of the entries."""
    if len(items) == 1:
        return items
    each = {_content(item): item for item in items}
    origin, kind = items[0].origin, items[0].kind
    if len(each) < len(items):
        gathering.set_aside(kind, "the same entry stands in the record more than once", origin)
    different = [each[content] for content in sorted(each)]
    numbers = [_version(item) for item in different]
    if len(different) == 1 or None in numbers or len(set(numbers)) < len(numbers) or _on_several_servers(different):
        return different
    gathering.set_aside(kind, "a newer version of it counts", origin)
    return [max(different, key=lambda item: _version(item) or 0)]


def _content(item: Item) -> str:
    return json.dumps(item.resource, sort_keys=True, default=str, separators=(",", ":"))


def _on_several_servers(items: list[Item]) -> bool:
    return len({item.full_url for item in items if is_absolute(item.full_url)}) > 1


def _version(item: Item) -> int | None:
    meta = item.resource.get("meta")
    version = meta.get("versionId") if isinstance(meta, dict) else None
    if not isinstance(version, str) or not version.isascii() or not version.isdigit():
        return None
    return int(version) if len(version) <= _VERSION_DIGITS else None


def _read(reading: Reading, item: Item) -> None:
    """Gather one resource, or set it aside with the reason."""
    kind = item.kind
    refusal = _not_read(reading, item, kind)
    if refusal:
        reading.set_aside(item.origin, refusal, kind)
    elif kind == "Patient":
        read_patient(reading, item)
    elif kind == "MedicationRequest":
        read_order(reading, item.origin, item.resource)
    elif kind in _READERS:
        _READERS[kind](reading, item.origin, item.resource)


def _not_read(reading: Reading, item: Item, kind: str) -> str | None:
    if kind not in _LOOKED_AT:
        return "ivigil reads no resource of this type"
    if item.is_modified:
        return "it carries a modifier extension that ivigil does not understand"
    return None if reading.is_about_patient(item) else "it is about another patient"
