"""Pieces of FHIR JSON, made once and joined many times."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

from ivigil.facts.definition import FactCode
from ivigil.units import UnitError, spelled

# Addresses of the code systems, as HL7's naming systems list them.
SYSTEMS: Final[Mapping[str, str]] = {
    "loinc": "http://loinc.org",
    "snomed": "http://snomed.info/sct",
    "icd-10": "http://hl7.org/fhir/sid/icd-10",
    "icd-10-cm": "http://hl7.org/fhir/sid/icd-10-cm",
    "atc": "http://www.whocc.no/atc",
    "rxnorm": "http://www.nlm.nih.gov/research/umls/rxnorm",
    "orpha": "http://www.orpha.net",
}
_UCUM = "http://unitsofmeasure.org"
_STATUS = "http://terminology.hl7.org/CodeSystem/condition-"


def compact(value: Any) -> str:  # noqa: ANN401 - any JSON value
    """JSON without spaces, in ASCII: lines of it are joined and encoded in a third of the time."""
    return json.dumps(value, separators=(",", ":"))


def member(name: str, value: Any) -> str:  # noqa: ANN401 - any JSON value
    """One member of an object with its comma."""
    return f"{compact(name)}:{compact(value)},"


def concept(text: str | None, *codes: FactCode) -> dict[str, Any]:
    """A CodeableConcept."""
    coded = [{"system": SYSTEMS[one.system], "code": one.code, "display": one.display} for one in codes]
    found: dict[str, Any] = {"coding": coded} if coded else {}
    return {**found, "text": text} if text else found


def named(text: str, system: str | None, code: str | None) -> dict[str, Any]:
    """A CodeableConcept of words, with a code where there is one."""
    coding = [{"system": SYSTEMS[system], "code": code, "display": text}] if system and code else []
    return {"coding": coding, "text": text} if coding else {"text": text}


def unit_tail(unit: str | None, *, ucum: bool = True) -> str:
    """What follows the value of a Quantity: ``,"unit":"kg",…``; nothing without a unit."""
    if unit is None:
        return ""
    coded = {"system": _UCUM, "code": unit} if ucum and _is_ucum(unit) else {}
    return f",{compact({'unit': unit, **coded})[1:-1]}"


def _is_ucum(unit: str) -> bool:
    try:
        return spelled(unit) == unit
    except UnitError:
        return False


def clinical(status: str) -> str:
    """The clinical status of a condition."""
    return member("clinicalStatus", {"coding": [{"system": f"{_STATUS}clinical", "code": status}]})


def verification(status: str) -> str:
    """The verification status of a condition."""
    return member("verificationStatus", {"coding": [{"system": f"{_STATUS}ver-status", "code": status}]})
