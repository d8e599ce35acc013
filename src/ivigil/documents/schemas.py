"""Checking documents against record types, and the JSON Schema of a record type.

Pydantic reads the same frozen dataclasses that the rest of ivigil uses, so a type is written once.
"""

from __future__ import annotations

import json
from decimal import Decimal
from functools import cache
from typing import Any, TypeVar, cast

from pydantic import TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from ivigil.documents.faults import BadInput, Fault
from ivigil.documents.yaml_text import Path, Place

T = TypeVar("T")

_EXPECTED = {
    "string_type": "text",
    "bool_type": "true or false",
    "int_type": "a whole number",
    "decimal_type": "a number",
    "decimal_parsing": "a number",
    "tuple_type": "a list",
    "dict_type": "keys with values",
    "dataclass_type": "keys with values",
}


def check(kind: type[T], data: Any, place: Place) -> T:  # noqa: ANN401 - an untrusted document
    """``data`` as a record of type ``kind``.

    Raises :class:`BadInput` with one fault for each place that does not fit.
    """
    try:
        # Strict JSON mode takes text for dates and decimals, but never "yes" for true or "5" for 5.
        return cast("T", _adapter(cast("Any", kind)).validate_json(_as_json(data), strict=True))
    except ValidationError as error:
        raise BadInput(_faults(error.errors(include_url=False), data, place)) from None


def _as_json(data: Any) -> str:  # noqa: ANN401
    return json.dumps(data, default=str)


def json_schema(kind: type, title: str) -> dict[str, Any]:
    """The JSON Schema (2020-12) of documents of type ``kind``."""
    schema = _adapter(kind).json_schema(mode="validation")
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema, "title": title}


@cache
def _adapter(kind: Any) -> TypeAdapter[Any]:  # noqa: ANN401 - a type
    return TypeAdapter(kind)


def _faults(details: list[ErrorDetails], data: Any, place: Place) -> list[Fault]:  # noqa: ANN401
    """One fault a place: where several kinds would do, pydantic says of each why it does not fit."""
    faults: list[Fault] = []
    expected: dict[Path, list[str]] = {}
    for detail in details:
        path = _path(detail["loc"], data)
        if detail["type"] == "missing":
            faults.append(Fault(place.of(path), f"no {detail['loc'][-1]!r}", "this field", "Add it."))
        elif detail["type"] == "unexpected_keyword_argument":
            field = f"the field {path[-1]!r}"
            faults.append(Fault(place.of(path), field, "only the fields of the schema", "Check its spelling."))
        else:
            expected.setdefault(path, []).append(_expected(detail))
    unfit = [Fault(place.of(path), _found(path, data), " or ".join(words)) for path, words in expected.items()]
    return faults + unfit


def _expected(detail: ErrorDetails) -> str:
    message = detail["msg"].removeprefix("Input should be ").removeprefix("Value error, ")
    return _EXPECTED.get(detail["type"], message)


def _path(location: tuple[str | int, ...], data: Any) -> Path:  # noqa: ANN401
    """Where in ``data`` pydantic's ``location`` lies; it also names missing fields and the kinds that were tried."""
    path: Path = ()
    for part in location:
        if _has(data, part):
            path, data = (*path, part), data[part]
    return path


def _has(data: Any, part: str | int) -> bool:  # noqa: ANN401
    if isinstance(data, list):
        return isinstance(part, int) and part < len(data)
    return isinstance(data, dict) and part in data


def _found(path: Path, data: Any, longest: int = 60) -> str:  # noqa: ANN401
    for part in path:
        data = data[part]
    # As a YAML document writes it: null, true, 5.5, "text".
    text = str(data) if isinstance(data, Decimal) else json.dumps(data, default=str, ensure_ascii=False)
    return text if len(text) <= longest else f"{text[:longest]}…"
