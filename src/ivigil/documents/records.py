"""Frozen records to and from plain JSON values, without loading a validation library.

``decode`` trusts its input: it reads what ``encode`` wrote (the compiled knowledge). Text from outside goes through
:mod:`ivigil.documents.schemas` first, which checks it and lists the faults.
"""

from __future__ import annotations

import types
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from decimal import Decimal
from enum import Enum
from functools import cache
from typing import Any, Literal, TypeVar, Union, cast, get_args, get_origin, get_type_hints

T = TypeVar("T")
_Decoder = Callable[[Any], Any]


def encode(value: Any) -> Any:  # noqa: ANN401 - any record, or a value inside one
    """``value`` as plain JSON values: records as objects without empty fields, decimals and dates as text."""
    if is_dataclass(value) and not isinstance(value, type):
        items = {field.name: encode(getattr(value, field.name)) for field in fields(value)}
        return {name: item for name, item in items.items() if item not in (None, [], {})}
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {key: encode(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [encode(item) for item in value]
    return value


def decode(kind: type[T], data: Any) -> T:  # noqa: ANN401 - what encode returned
    """The record of type ``kind`` that ``encode`` turned into ``data``."""
    return cast("T", _decoder(kind)(data))


@cache
def _decoder(kind: Any) -> _Decoder:  # noqa: ANN401 - a type or a typing form
    origin = get_origin(kind)
    if origin in (Union, types.UnionType):
        return _optional(kind)
    if origin is tuple:
        return _tuple_of(_later(get_args(kind)[0]))
    if origin is not None and isinstance(origin, type) and issubclass(origin, Mapping):
        return _mapping_of(_later(get_args(kind)[1]))
    if is_dataclass(kind):
        return _record(cast("type", kind))
    return _scalar(kind)


def _later(kind: Any) -> _Decoder:  # noqa: ANN401
    """A decoder looked up when first used, so that a record may contain its own type."""
    return lambda data: _decoder(kind)(data)


def _scalar(kind: Any) -> _Decoder:  # noqa: ANN401
    if kind is Decimal:
        return Decimal
    if kind is date:
        return date.fromisoformat
    if isinstance(kind, type) and issubclass(kind, Enum):
        return kind
    return lambda data: data


def _optional(kind: Any) -> _Decoder:  # noqa: ANN401
    wanted = [part for part in get_args(kind) if part is not type(None)]
    if any(get_origin(part) is Literal for part in wanted) or len(wanted) != 1:
        return lambda data: data
    inner = _later(wanted[0])
    return lambda data: None if data is None else inner(data)


def _tuple_of(inner: _Decoder) -> _Decoder:
    return lambda data: tuple(inner(item) for item in data)


def _mapping_of(inner: _Decoder) -> _Decoder:
    return lambda data: {key: inner(item) for key, item in data.items()}


def _record(kind: type) -> _Decoder:
    hints = get_type_hints(kind)
    decoders = {field.name: _later(hints[field.name]) for field in fields(kind)}
    return lambda data: kind(**{name: decoders[name](item) for name, item in data.items()})
