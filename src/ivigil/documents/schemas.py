"""Checking documents against record types, and the JSON Schema of a record type.

Pydantic reads the same frozen dataclasses that the rest of ivigil uses, so a type is written once.
"""

from __future__ import annotations

import json
from functools import cache
from typing import Any, TypeVar

from pydantic import ConfigDict, TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from ivigil.documents.faults import BadInput, Fault
from ivigil.documents.yaml_text import Place

T = TypeVar("T")

STRICT = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=False)
"""What a record type sets as ``__pydantic_config__``: unknown keys are refused."""

_EXPECTED = {
    "missing": "this field",
    "extra_forbidden": "no such field",
    "unexpected_keyword_argument": "no such field",
    "string_type": "text",
    "bool_type": "true or false",
    "bool_parsing": "true or false",
}


def check(kind: type[T], data: Any, place: Place) -> T:  # noqa: ANN401 - an untrusted document
    """``data`` as a record of type ``kind``. Raises :class:`BadInput` with one fault for each place that does not fit."""
    try:
        # Strict JSON mode takes text for dates and decimals, but never "yes" for true or "5" for 5.
        return _adapter(kind).validate_json(_as_json(data), strict=True)
    except ValidationError as error:
        raise BadInput([_fault(detail, place) for detail in error.errors(include_url=False)]) from None


def _as_json(data: Any) -> str:  # noqa: ANN401
    return json.dumps(data, default=str, ensure_ascii=False)


def json_schema(kind: type, title: str) -> dict[str, Any]:
    """The JSON Schema (2020-12) of documents of type ``kind``."""
    schema = _adapter(kind).json_schema(mode="validation")
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema, "title": title}


@cache
def _adapter(kind: type) -> TypeAdapter[Any]:
    return TypeAdapter(kind)


def _fault(detail: ErrorDetails, place: Place) -> Fault:
    kind = detail["type"]
    path = tuple(part for part in detail["loc"] if not (isinstance(part, str) and "[" in part))
    if kind == "missing":
        return Fault(place.of(path[:-1]), f"no {path[-1]!r}", "this field", "Add it.")
    found = _short(detail["input"])
    if "forbid" in kind or "unexpected" in kind:
        return Fault(place.of(path), f"the field {path[-1]!r}", "only the fields of the schema", "Check its spelling.")
    message = _EXPECTED.get(kind) or detail["msg"].removeprefix("Input should be ").removeprefix("Value error, ")
    return Fault(place.of(path), found, message)


def _short(value: Any, longest: int = 60) -> str:  # noqa: ANN401
    text = repr(value)
    return text if len(text) <= longest else f"{text[:longest]}…"
