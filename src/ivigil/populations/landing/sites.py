"""Where a request was made, as far as the record says: who dispenses it, who asks, or who cares for the patient."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ivigil.facts.readers.fhir_values import Resource

_PLACES = ("Organization", "Location")


def site_of(origin: str, resources: Mapping[str, Resource]) -> str | None:
    """The site of an order: the name of an organisation or location, or the reference to it."""
    order = resources.get(origin, {})
    patients = (one for key, one in sorted(resources.items()) if one.get("resourceType") == "Patient")
    return next(_named(order, next(patients, {})), None)


def _named(order: Resource, patient: Resource) -> Iterator[str]:
    supply = order.get("dispenseRequest")
    given = supply.get("performer") if isinstance(supply, dict) else None
    for found in (given, order.get("requester"), patient.get("managingOrganization")):
        words = _words(found)
        if words:
            yield words


def _words(found: Any) -> str | None:  # noqa: ANN401 - whatever stands in the field
    if not isinstance(found, dict):
        return None
    reference, display = found.get("reference"), found.get("display")
    is_place = isinstance(reference, str) and any(f"{one}/" in reference for one in _PLACES)
    if not is_place and found.get("type") not in _PLACES:
        return None
    words = display if isinstance(display, str) and display.strip() else reference
    return words.strip() if isinstance(words, str) and words.strip() else None
