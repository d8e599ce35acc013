"""Reading values out of FHIR JSON that may be wrong: each getter returns what it promises or says what is malformed."""

from __future__ import annotations

import hashlib
import json
from decimal import Decimal
from typing import Any

from ivigil.facts.codes import Coding, coding
from ivigil.facts.when import DateError, When, parse_when
from ivigil.units import is_sane

Resource = dict[str, Any]
_HL7 = "http://terminology.hl7.org/CodeSystem/"


class Malformed(ValueError):  # noqa: N818 - read aloud: "malformed"
    """A part of a resource is not what FHIR R4 allows; the message says which part, what was found and expected."""


def wrong(field: str, found: object, expected: str) -> Malformed:
    """The error that ``field`` holds ``found`` and not what is ``expected``."""
    return Malformed(f"{field} is {kind_of(found)}, not {expected}")


def kind_of(found: object) -> str:
    """What kind of JSON value ``found`` is, in words."""
    names = {dict: "an object", list: "a list", str: "text", bool: "true or false", type(None): "null"}
    return names.get(type(found), "a number" if isinstance(found, (int, Decimal)) else "something else")


def text_of(resource: Resource, field: str) -> str | None:
    """The text in ``field``, or ``None`` when it is absent."""
    found = resource.get(field)
    if found is not None and not isinstance(found, str):
        raise wrong(field, found, "text")
    return found.strip() if found else None


def object_of(resource: Resource, field: str) -> Resource | None:
    """The object in ``field``, or ``None`` when it is absent."""
    found = resource.get(field)
    if found is not None and not isinstance(found, dict):
        raise wrong(field, found, "an object")
    return found


def objects_of(resource: Resource, field: str) -> list[Resource]:
    """The objects in the list ``field``; an absent list is empty."""
    found = resource.get(field)
    if found is None:
        return []
    if not isinstance(found, list):
        raise wrong(field, found, "a list")
    for item in found:
        if not isinstance(item, dict):
            raise wrong(f"an item of {field}", item, "an object")
    return found


def boolean_of(resource: Resource, field: str) -> bool | None:
    """The truth in ``field``, or ``None`` when it is absent."""
    found = resource.get(field)
    if found is not None and not isinstance(found, bool):
        raise wrong(field, found, "true or false")
    return found


def number_of(resource: Resource, field: str) -> Decimal | None:
    """The number in ``field``, digit for digit, or ``None`` when it is absent; never one too large to compute with."""
    found = resource.get(field)
    if found is None:
        return None
    if isinstance(found, bool) or not isinstance(found, (int, Decimal)):
        raise wrong(field, found, "a number")
    number = Decimal(found)
    if not is_sane(number):
        raise wrong(field, found, "of a size that a measurement has")
    return number


def when_of(resource: Resource, *fields: str) -> When | None:
    """The date in the first of ``fields`` that is there; a period counts from its start."""
    for field in fields:
        found: Any = resource.get(field)
        if isinstance(found, dict):
            found = found.get("start") or found.get("end")
        if found is None:
            continue
        if not isinstance(found, str):
            raise wrong(field, found, "a date")
        try:
            return parse_when(found.strip())
        except DateError:
            raise wrong(field, found, f"a date ({found[:30]!r})") from None
    return None


def codings_of(concept: Resource | None) -> tuple[Coding, ...]:
    """The codings of a CodeableConcept, sorted; those without system or code are left out."""
    if concept is None:
        return ()
    found = []
    for item in objects_of(concept, "coding"):
        system, code = text_of(item, "system"), text_of(item, "code")
        if system and code:
            found.append(coding(system, code, text_of(item, "display") or ""))
    return tuple(found if len(found) <= 1 else sorted(set(found)))


def words_of(concept: Resource | None) -> str | None:
    """The words of a CodeableConcept: its text, or the first display."""
    if concept is None:
        return None
    displays = [display for item in objects_of(concept, "coding") if (display := text_of(item, "display"))]
    return text_of(concept, "text") or (displays[0] if displays else None)


def status_code(concept: Resource | None) -> str | None:
    """The code of a status that FHIR binds to a code system of HL7; a local code beside it does not count.

    Raises :class:`Malformed` where the status says two things.
    """
    if concept is None:
        return None
    given = [(text_of(item, "system") or "", text_of(item, "code")) for item in objects_of(concept, "coding")]
    codes = {code for system, code in given if code and system.startswith(_HL7)} or {code for _, code in given if code}
    if len(codes) > 1:
        raise Malformed(f"it has several statuses ({' and '.join(sorted(codes))})")
    return next(iter(codes), None)


def reference_of(resource: Resource, field: str) -> str | None:
    """The literal reference in ``field``, without a version."""
    found = object_of(resource, field)
    reference = text_of(found, "reference") if found else None
    return reference.split("/_history/", 1)[0] if reference else None


def carries(resource: Resource, field: str) -> bool:
    """Whether ``field`` stands anywhere inside ``resource``."""
    waiting: list[Any] = [resource]
    while waiting:
        found = waiting.pop()
        if isinstance(found, dict):
            if field in found:
                return True
            waiting += found.values()
        elif isinstance(found, list):
            waiting += found
    return False


def origin_of(resource: Resource, full_url: str | None = None) -> str:
    """How an answer cites a resource: type and id, else its full URL, else a digest of its content."""
    kind = resource.get("resourceType")
    kind = kind if isinstance(kind, str) else "resource"
    identity = resource.get("id")
    if isinstance(identity, str) and identity:
        return f"{kind}/{identity}"
    if full_url:
        return f"{kind} {full_url}"
    content = json.dumps(resource, sort_keys=True, default=str, separators=(",", ":"))
    return f"{kind}#{hashlib.sha256(content.encode('utf-8', 'replace')).hexdigest()[:8]}"
