"""Numbers of which perhaps only a span is known, compared with constants: column by column what a case's spans get."""

from __future__ import annotations

from decimal import Decimal

from ivigil.criteria.frames.columns import Ends
from ivigil.criteria.frames.numbers import as_float
from ivigil.facts import Between
from ivigil.tables import Expr, literal
from ivigil.tables.expressions import certainly, decided


def ordered(ends: Ends, comparator: str, constant: Decimal) -> Expr:
    """``<`` and its kin: known where the whole span lies on one side; ``>`` is the negation of ``<=``."""
    if comparator[0] == ">":
        return ~ordered(ends, "<" if comparator == ">=" else "<=", constant)
    bound = as_float(constant)
    if comparator == "<":
        holds = (ends.high < bound) | ((ends.high == bound) & ends.high_open)
        fails = ends.low >= bound
    else:
        holds = ends.high <= bound
        fails = (ends.low > bound) | ((ends.low == bound) & ends.low_open)
    return decided(certainly(holds), certainly(fails))


def equal(ends: Ends, constant: Decimal) -> Expr:
    """Whether the number is the constant."""
    bound = as_float(constant)
    only = (ends.low == bound) & (ends.high == bound) & ~ends.low_open & ~ends.high_open
    return decided(certainly(only), apart(ends, Between(constant, constant)))


def within(ends: Ends, low: Decimal, high: Decimal) -> Expr:
    """Whether the number lies between two constants, both included."""
    inside = certainly(ordered(ends, ">=", low) & ordered(ends, "<=", high))
    return decided(inside, apart(ends, Between(low, high)))


def apart(ends: Ends, given: Between) -> Expr:
    """Whether no value of the number lies in ``given``: definite in every row."""
    found = literal(value=False)
    if given.low is not None:
        bound = as_float(given.low)
        touching = (ends.high == bound) & (literal(value=True) if given.low_open else ends.high_open)
        found |= certainly((ends.high < bound) | touching)
    if given.high is not None:
        bound = as_float(given.high)
        touching = (ends.low == bound) & (literal(value=True) if given.high_open else ends.low_open)
        found |= certainly((ends.low > bound) | touching)
    return found
