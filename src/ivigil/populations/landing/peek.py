"""A look into a line of JSON at the few fields that tell whether it may matter; the rest is checked and skipped."""

from __future__ import annotations

from typing import Any

import msgspec
from msgspec import Raw, Struct

_NONE = Raw()


class Coded(Struct, gc=False):
    """A part of a resource that has a code of its own."""

    code: Raw = _NONE


class Meta(Struct, gc=False):
    """What a resource says of itself."""

    version: Any = msgspec.field(default=None, name="versionId")  # Any: whatever stands there


class Peek(Struct, gc=False):
    """The fields of a resource that are looked at; a ``Raw`` is a piece of JSON as it is written, unread."""

    kind: str | None = msgspec.field(default=None, name="resourceType")
    meta: Meta | None = None
    code: Raw = _NONE
    component: list[Coded] | None = None
    condition: list[Coded] | None = None
    drug: Raw = msgspec.field(default=_NONE, name="medicationCodeableConcept")
    drug_reference: Raw = msgspec.field(default=_NONE, name="medicationReference")
    subject: Raw = _NONE
    patient: Raw = _NONE


class Kind(Struct, gc=False):
    """Only what a resource is."""

    kind: Any = msgspec.field(default=None, name="resourceType")  # Any: whatever stands there


class Entry(Struct, gc=False):
    """One entry of a Bundle."""

    resource: Raw = _NONE
    full_url: Any = msgspec.field(default=None, name="fullUrl")  # Any: whatever stands there
    request: Any = None  # Any: the same


class Bundle(Struct, gc=False):
    """A Bundle with its entries unread."""

    kind: Any = msgspec.field(default=None, name="resourceType")  # Any: whatever stands there
    type: Any = None  # Any: the same
    entry: list[Entry | None] | None = None


peek = msgspec.json.Decoder(Peek).decode
kind_of_line = msgspec.json.Decoder(Kind).decode
bundle_of = msgspec.json.Decoder(Bundle).decode
Unexpected = msgspec.ValidationError  # JSON, but a field is not what was looked for; a kind of the next one
NotJson = msgspec.DecodeError
