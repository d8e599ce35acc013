"""One file's bytes into one case, whatever of the readable forms it is in."""

from __future__ import annotations

from typing import Any

from ivigil.documents import BadInput, Fault, Place, parse_json, parse_yaml
from ivigil.facts.case import Case
from ivigil.facts.gathering import Gathering
from ivigil.facts.readers.bundle import READ_TYPES, read_bundle, read_resources
from ivigil.facts.readers.fhir_values import kind_of, origin_of
from ivigil.facts.readers.flat import looks_flat, read_flat
from ivigil.facts.readers.hooks import read_call
from ivigil.facts.readers.references import Item
from ivigil.facts.readers.vocabulary import Vocabulary

FORMS = "a FHIR R4 Bundle or resource, a CDS Hooks call, or facts and a request by id"
_YAML = (".yaml", ".yml")


def read_case(content: bytes, name: str, vocabulary: Vocabulary) -> Case:
    """The case in ``content``; ``name`` is the file's name and decides between YAML and JSON.

    Raises :class:`BadInput` listing every fault.
    """
    data, place = _parsed(content, name)
    try:
        return _read(data, place, name, vocabulary)
    except RecursionError:
        raise BadInput([Fault(name, "values nested too deep to read", FORMS)]) from None


def _read(data: Any, place: Place, name: str, vocabulary: Vocabulary) -> Case:  # noqa: ANN401 - any JSON or YAML value
    if not isinstance(data, dict):
        raise BadInput([Fault(name, kind_of(data), FORMS)])
    if "resourceType" in data:
        return _read_fhir(data, name, vocabulary)
    if "hook" in data:
        return read_call(data, name, vocabulary)
    if looks_flat(data):
        return read_flat(data, place, vocabulary)
    keys = ", ".join(sorted(str(key)[:40] for key in data)[:5]) or "no keys"
    raise BadInput([Fault(name, f"an object with {keys}", FORMS)])


def _parsed(content: bytes, name: str) -> tuple[Any, Place]:
    if name.lower().endswith(_YAML):
        return parse_yaml(content, name)
    return parse_json(content, name), Place(name)


def _read_fhir(data: dict[str, Any], name: str, vocabulary: Vocabulary) -> Case:
    kind = data["resourceType"]
    if kind == "Bundle":
        return read_bundle(data, name, vocabulary)
    if kind not in READ_TYPES:
        expected = f"a Bundle, or one of {', '.join(READ_TYPES)}"
        raise BadInput([Fault(name, f"a resource of type {str(kind)[:40]!r}", expected)])
    return read_resources([Item(origin_of(data), data)], Gathering(name), vocabulary)
