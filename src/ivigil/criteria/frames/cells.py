"""What is known of a fact as the cells of a table's row, and back.

A fact that is exactly known stands in the column of its own name: a truth, a number in the fact's unit, or a code. A
number of which only a span is known stands in four more columns (``weight__low``, ``weight__high`` and whether each is
left out, ``weight__low_open``, ``weight__high_open``), and a coded fact of which several values are possible in one
(``treatment__may``: the sum of two to the power of each possible option's place in the catalogue). A fact whose cells
are all empty, or whose columns are not there, is unknown.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from ivigil.criteria.frames.numbers import Bound, held, lower, stands_for, upper
from ivigil.facts import Between, Exactly, Extent, Fact, OneOf
from ivigil.facts.extent import narrowed, span, whole
from ivigil.tables import Kind, Value

Cell = Value
LOW, HIGH, LOW_OPEN, HIGH_OPEN, MAY = "__low", "__high", "__low_open", "__high_open", "__may"
_NUMBER: Mapping[str, Kind] = {"": "number", LOW: "number", HIGH: "number", LOW_OPEN: "truth", HIGH_OPEN: "truth"}
_KINDS: Mapping[str, Mapping[str, Kind]] = {
    "truth": {"": "truth"},
    "code": {"": "text", MAY: "whole"},
    "quantity": _NUMBER,
    "count": _NUMBER,
    "date": {},  # no rule speaks of a date
}


def cell_kinds(fact: Fact) -> dict[str, Kind]:
    """The columns that a fact may fill, with the kind of each; only the first has to be there."""
    return {fact.id + suffix: kind for suffix, kind in _KINDS[fact.kind].items()}


def cells(fact: Fact, extent: Extent | None) -> dict[str, Cell]:
    """The cells of a fact of which ``extent`` is known; every column of :func:`cell_kinds`, empty ones as ``None``."""
    found: dict[str, Cell] = dict.fromkeys(cell_kinds(fact))
    if extent is not None:
        found |= filled(fact, extent)
    return found


def filled(fact: Fact, extent: Extent) -> dict[str, Cell]:
    """Those cells of a fact of which ``extent`` is known that are not empty."""
    if fact.is_number:
        return _number_cells(fact, extent)
    if isinstance(extent, Exactly):
        if fact.kind == "date":
            return {}
        assert isinstance(extent.value, (bool, str))  # noqa: S101 - a truth or a code, as the fact is
        return {fact.id: extent.value}
    mask = _mask(fact, extent.values) if isinstance(extent, OneOf) else None
    return {} if mask is None else {fact.id + MAY: mask}


def _mask(fact: Fact, values: frozenset[str]) -> int | None:
    """The options as bits; none where no option of the fact is among them, which tells nothing."""
    return sum(1 << place for place, option in enumerate(fact.option_ids()) if option in values) or None


def _number_cells(fact: Fact, extent: Extent) -> dict[str, Cell]:
    counted = whole(extent) if fact.kind == "count" else extent
    if isinstance(counted, Exactly) and isinstance(counted.value, Decimal):
        point = held(counted.value)
        if point is not None:
            return {fact.id: point}
    given = span(counted) if counted is not None else None
    if given is None or narrowed(given) is None:
        return {}
    if given.low is not None and given.low == given.high and (point := held(given.low)) is not None:
        return {fact.id: point}
    low = None if given.low is None else lower(given.low, is_open=given.low_open)
    high = None if given.high is None else upper(given.high, is_open=given.high_open)
    return {**_end(fact.id, low, LOW, LOW_OPEN), **_end(fact.id, high, HIGH, HIGH_OPEN)}


def _end(name: str, bound: Bound | None, value: str, is_open: str) -> dict[str, Cell]:
    return {} if bound is None else {name + value: bound.value, name + is_open: bound.is_open}


def extent_of(fact: Fact, row: Mapping[str, Cell]) -> Extent | None:
    """What the cells of one row say of a fact; columns that are not there are empty."""
    value = row.get(fact.id)
    if value is not None:
        return Exactly(stands_for(float(value)) if fact.is_number else value)  # type: ignore[arg-type] # cells hold the fact's kind
    if fact.kind == "code":
        mask = row.get(fact.id + MAY)
        return None if mask is None else _one_of(fact, int(mask))
    return _span_of(fact, row) if fact.is_number else None


def _one_of(fact: Fact, mask: int) -> OneOf | None:
    values = frozenset(option for place, option in enumerate(fact.option_ids()) if mask >> place & 1)
    return OneOf(values) if values else None


def _span_of(fact: Fact, row: Mapping[str, Cell]) -> Extent | None:
    low, high = row.get(fact.id + LOW), row.get(fact.id + HIGH)
    if low is None and high is None:
        return None
    low_open, high_open = (bool(row.get(fact.id + name)) for name in (LOW_OPEN, HIGH_OPEN))
    return narrowed(Between(_end_of(low), _end_of(high), low_open=low_open, high_open=high_open))


def _end_of(cell: Cell) -> Decimal | None:
    return None if cell is None else stands_for(float(cell))
