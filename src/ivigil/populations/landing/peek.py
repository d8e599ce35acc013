"""A look into a line of JSON at the few fields that tell whether it may matter; the rest is checked and skipped."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec
from msgspec import Raw, Struct

from ivigil.populations.landing.decoding import NotJson, reader_of
from ivigil.populations.landing.lines import Batch

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
    drug: Raw = msgspec.field(default=_NONE, name="medicationCodeableConcept")
    drug_reference: Raw = msgspec.field(default=_NONE, name="medicationReference")
    subject: Raw = _NONE
    patient: Raw = _NONE
    component: list[Coded] | None = None
    condition: list[Coded] | None = None


class Kind(Struct, gc=False):
    """Only what a resource is."""

    kind: Any = msgspec.field(default=None, name="resourceType")  # Any: whatever stands there


class _Named(Struct, gc=False):
    """What a line of an export says it is."""

    kind: str | None = msgspec.field(default=None, name="resourceType")


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


peek, kind_of_line, bundle_of = reader_of(Peek), reader_of(Kind), reader_of(Bundle)
_peek_at_lines = msgspec.json.Decoder(Peek).decode_lines
_name_lines = msgspec.json.Decoder(_Named).decode_lines


def look_at(found: Batch) -> Sequence[Peek | None]:
    """A look at each line; ``None`` where it is no JSON, or not of the expected shape."""
    try:
        seen: Sequence[Peek] = _peek_at_lines(found.text)
    except (NotJson, RecursionError):
        return [_looked_at(line) for line in found.lines]
    # As many values as lines, and all lines from brace to brace: each line is one value, since no value has a brace
    # that closes before one that opens. (A value may stand on several lines, and a line hold several.)
    if found.braced and len(seen) == len(found.ends):
        return seen
    return [_looked_at(line) for line in found.lines]


def kinds_in(found: Batch) -> frozenset[str | None] | None:
    """What the lines say they are, which is quicker to see than more; ``None`` where each needs a look of its own."""
    try:
        named = _name_lines(found.text)
    except (NotJson, RecursionError):
        return None
    alone = found.braced and len(named) == len(found.ends)
    return frozenset({one.kind for one in named}) if alone else None


def _looked_at(line: bytes) -> Peek | None:
    try:
        return peek(line)
    except NotJson:
        return None
