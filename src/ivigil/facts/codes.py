"""Codings, and the names under which records give the code systems."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

# Identifiers of code systems as HL7's naming systems list them (github.com/HL7/UTG), their OIDs, and national
# ones in use.
_SYSTEMS = {
    "http://loinc.org": "loinc",
    "http://snomed.info/sct": "snomed",
    "http://hl7.org/fhir/sid/icd-10": "icd-10",
    "http://hl7.org/fhir/sid/icd-10-cm": "icd-10-cm",
    "http://www.whocc.no/atc": "atc",
    "http://www.nlm.nih.gov/research/umls/rxnorm": "rxnorm",
    "http://www.orpha.net": "orpha",
    "https://www.orpha.net": "orpha",
    "http://terminology.hl7.org/CodeSystem/icd10": "icd-10",
    "http://terminology.hl7.org/CodeSystem/icd10CM": "icd-10-cm",
    "http://fhir.de/CodeSystem/bfarm/atc": "atc",
    "http://fhir.de/CodeSystem/dimdi/atc": "atc",
    "urn:oid:2.16.840.1.113883.6.1": "loinc",
    "urn:oid:2.16.840.1.113883.6.96": "snomed",
    "urn:oid:2.16.840.1.113883.6.3": "icd-10",
    "urn:oid:2.16.840.1.113883.6.90": "icd-10-cm",
    "urn:oid:2.16.840.1.113883.6.73": "atc",
    "urn:oid:2.16.840.1.113883.6.88": "rxnorm",
    "urn:ivigil:indication": "ivigil",
}
SHORT_NAMES = frozenset(_SYSTEMS.values())
# Longer ones are read each time anew rather than kept.
_USUAL_LENGTH = 400
_DOTLESS = re.compile(r"(?P<category>[A-Z][0-9][0-9A-Z])(?P<rest>[0-9A-Z]{1,4})")


@dataclass(frozen=True, order=True)
class Coding:
    """A code in a system (short name where ivigil knows it, else as the record gives it) with its words."""

    system: str
    code: str
    display: str = ""

    def __str__(self) -> str:
        """The coding as a reader would cite it."""
        words = f" ({self.display})" if self.display else ""
        return f"{self.system} {self.code}{words}".strip()


def coding(system: str, code: str, display: str = "") -> Coding:
    """A coding with the system's short name; ICD codes are written with their point and in capitals."""
    is_usual = len(system) + len(code) + len(display) <= _USUAL_LENGTH
    return _remembered(system, code, display) if is_usual else _named(system, code, display)


def _named(system: str, code: str, display: str) -> Coding:
    given = system.strip()
    short = _SYSTEMS.get(given.rstrip("/"), given.lower() if given.lower() in SHORT_NAMES else given)
    written = code.strip()
    if short in {"icd-10", "icd-10-cm"}:
        # The dagger and the asterisk of ICD-10 tell how codes go together, not what they mean.
        written = written.upper().rstrip("†+*")
        match = _DOTLESS.fullmatch(written)
        written = f"{match['category']}.{match['rest']}" if match else written
    return Coding(short, written, display)


# Records hold the same codes time and again.
_remembered = lru_cache(maxsize=4096)(_named)
