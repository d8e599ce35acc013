"""Frozen records to and from plain JSON values, without loading a validation library.

``decode`` trusts its input: it reads what ``encode`` wrote (the compiled knowledge). Text from outside goes through
:mod:`ivigil.documents.schemas` first, which checks it and lists the faults.
"""

from __future__ import annotations

import types
from collections.abc import Callable, Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from datetime import date
from decimal import Decimal
from enum import Enum
from functools import cache
from typing import Any, TypeVar, Union, cast, get_args, get_origin, get_type_hints

T = TypeVar("T")
_Decoder = Callable[[Any], Any]


def encode(value: Any) -> Any:  # noqa: ANN401 - any record, or a value inside one
    """``value`` as plain JSON values: records as objects less what is empty by default, decimals and dates as text."""
    if is_dataclass(value) and not isinstance(value, type):
        return {
            field.name: encode(item)
            for field in fields(value)
            if not _left_out(field, item := getattr(value, field.name))
        }
    if isinstance(value, Mapping):
        return {key: encode(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [encode(item) for item in value]
    return _encoded_scalar(value)


def _left_out(field: Field[Any], item: Any) -> bool:  # noqa: ANN401
    """Whether a field is empty and decoding fills it in again.

    A default that says something stays, so that the text, and with it the hash, changes when the default does.
    """
    empty = item is None or (isinstance(item, (list, tuple, Mapping)) and not item)
    default = field.default_factory() if field.default_factory is not MISSING else field.default
    return bool(empty and item == default)


def _encoded_scalar(value: Any) -> Any:  # noqa: ANN401
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Decimal):
        return str(value)
    return value.isoformat() if isinstance(value, date) else value


def decode(kind: type[T], data: Any) -> T:  # noqa: ANN401 - what encode returned
    """The record of type ``kind`` that ``encode`` turned into ``data``."""
    return cast("T", _decoder(cast("Any", kind))(data))


@cache
def _decoder(kind: Any) -> _Decoder:  # noqa: ANN401 - a type or a typing form
    origin = get_origin(kind)
    if origin in (Union, types.UnionType):
        return _optional(kind)
    if origin is tuple:
        return _tuple_of(_later(get_args(kind)[0]))
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return _mapping_of(_later(get_args(kind)[1]))
    return _record(kind) if is_dataclass(kind) else _scalar(kind)


def _later(kind: Any) -> _Decoder:  # noqa: ANN401
    """A decoder looked up when first used, so that a record may contain its own type."""

    def decoded(data: Any) -> Any:  # noqa: ANN401
        return _decoder(kind)(data)

    return decoded


def _scalar(kind: Any) -> _Decoder:  # noqa: ANN401
    if kind is Decimal:
        return Decimal
    if kind is date:
        return date.fromisoformat
    if isinstance(kind, type) and issubclass(kind, Enum):
        return kind
    return lambda data: data


def _optional(kind: Any) -> _Decoder:  # noqa: ANN401
    """One kind or ``None``; a union of several holds only what JSON tells apart: truth, number and text."""
    wanted = [part for part in get_args(kind) if part is not type(None)]
    if len(wanted) != 1:
        return lambda data: data
    inner = _later(wanted[0])
    return lambda data: None if data is None else inner(data)


def _tuple_of(inner: _Decoder) -> _Decoder:
    return lambda data: tuple(inner(item) for item in data)


def _mapping_of(inner: _Decoder) -> _Decoder:
    return lambda data: {key: inner(item) for key, item in data.items()}


def _record(kind: Any) -> _Decoder:  # noqa: ANN401 - a dataclass
    hints = get_type_hints(kind)
    decoders = {field.name: _later(hints[field.name]) for field in fields(kind)}
    return lambda data: kind(**{name: decoders[name](item) for name, item in data.items()})
