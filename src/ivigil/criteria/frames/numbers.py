"""Decimals as the floating-point numbers of tables, so that no comparison with a rule's constant comes out otherwise.

A float stands for the shortest decimal that is read as it (what Python prints). Such decimals and floats are in the
same order, one to one; a rule's constants have to be among them, as every decimal of 15 digits is. Any other decimal
lies strictly between two neighbours, and so it is held as the open span between them: on the same side of every
constant as itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from math import inf, nextafter


@dataclass(frozen=True)
class Bound:
    """An end of a span as a float; ``is_open`` leaves the bound itself out."""

    value: float
    is_open: bool


def stands_for(value: float) -> Decimal:
    """The decimal that a float of a table stands for."""
    return Decimal(repr(value))


def as_float(value: Decimal) -> float:
    """A constant of a rule. Raises ``ValueError`` for one with more digits than floats hold."""
    found = _nearest(value)
    if stands_for(found) != value:
        message = f"{value} has more digits than a number of a table holds: 15 are always held"
        raise ValueError(message)
    return found


def held(value: Decimal) -> float | None:
    """``value`` as a float, or ``None`` where it lies between two of them."""
    found = _nearest(value)
    return found if stands_for(found) == value else None


def lower(value: Decimal, *, is_open: bool) -> Bound:
    """A lower end: the greatest float that is not above ``value``."""
    found = _nearest(value)
    if stands_for(found) == value:
        return Bound(found, is_open)
    return Bound(found if stands_for(found) < value else nextafter(found, -inf), is_open=True)


def upper(value: Decimal, *, is_open: bool) -> Bound:
    """An upper end: the least float that is not below ``value``."""
    found = _nearest(value)
    if stands_for(found) == value:
        return Bound(found, is_open)
    return Bound(found if stands_for(found) > value else nextafter(found, inf), is_open=True)


def _nearest(value: Decimal) -> float:
    return float(value) + 0.0  # zero has one sign only
