"""Whose a resource is: one spelling for every way in which an export may refer to a patient."""

from __future__ import annotations

from typing import Any

import msgspec
from msgspec import Struct

from ivigil.facts.readers.references import relative, without_version
from ivigil.populations.landing.decoding import reader_of

_UUID = "urn:uuid:"
PATIENT = "Patient/"


class Reference(Struct, gc=False):
    """A reference, as far as it is one that can be followed."""

    reference: Any = None  # Any: whatever stands there


class Named(Struct, gc=False):
    """What a resource is and whom it names."""

    kind: Any = msgspec.field(default=None, name="resourceType")  # Any: whatever stands there
    id: Any = None  # Any: the same
    subject: Reference | None = None
    patient: Reference | None = None
    drug: Reference | None = msgspec.field(default=None, name="medicationReference")


named, reference_of = reader_of(Named), reader_of(Reference)


def subject_of(seen: Named) -> str | None:
    """The patient that a line of a bulk export is about, as ``Patient/id``; ``None`` where it names none."""
    if seen.kind == "Patient":
        return f"{PATIENT}{seen.id}" if isinstance(seen.id, str) and seen.id else None
    for one in (seen.subject, seen.patient):
        written = one.reference if one is not None else None
        if isinstance(written, str) and written.strip():
            found = spelled(written.strip())
            return found if found.startswith(PATIENT) and found != PATIENT else None
    return None


def spelled(reference: str) -> str:
    """``reference`` without server and version.

    A UUID stands for the patient of that id: exports made from Bundles refer so.
    """
    plain = without_version(reference)
    if plain.startswith(_UUID):
        return f"{PATIENT}{plain.removeprefix(_UUID)}"
    return relative(plain)


def url_of(identity: str) -> str | None:
    """The full URL by which a resource with a UUID for an id is also referred to."""
    return f"{_UUID}{identity}" if len(identity) == 36 and identity.count("-") == 4 else None  # noqa: PLR2004 - a UUID's form
