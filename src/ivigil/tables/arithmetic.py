"""Arithmetic on whole numbers of 64 bits, which every engine does exactly, and the few casts that lead there and back.

Division of whole numbers is left out: some engines divide them as floating-point numbers.
"""

from __future__ import annotations

from collections.abc import Sequence

import narwhals as nw

from ivigil.tables.expressions import Expr

# The most that a whole number may come to here, in either direction: sums of two stay within 64 bits.
MOST = 4 * 10**18


def whole(value: int) -> Expr:
    """A whole number of 64 bits in every row; without being told, engines take small ones for smaller types."""
    return nw.lit(value, dtype=nw.Int64())


def nearest_whole(value: Expr) -> Expr:
    """A number, which has to lie within :data:`MOST`, as the whole number nearest to it."""
    return value.round(0).cast(nw.Int64)


def whole_below(value: Expr) -> Expr:
    """The greatest whole number that is not above a number within :data:`MOST`."""
    return value.floor().cast(nw.Int64)


def as_number(whole: Expr) -> Expr:
    """A whole number or a truth as a floating-point number, the nearest one where it has too many digits."""
    return whole.cast(nw.Float64)


def quotient(number: Expr, divisor: float) -> Expr:
    """A finite floating-point number divided by a constant: the float nearest to the quotient.

    Polars multiplies by the reciprocal of a constant, which often gives its neighbour; so every row gets the constant.
    """
    return number / (number * 0.0 + divisor)


def as_whole(truth: Expr) -> Expr:
    """1 for what holds, 0 for what does not."""
    return truth.cast(nw.Int64)


def least(values: Sequence[Expr]) -> Expr:
    """The least of the known ones among several numbers."""
    return values[0] if len(values) == 1 else nw.min_horizontal(*values)


def greatest(values: Sequence[Expr]) -> Expr:
    """The greatest of the known ones among several numbers."""
    return values[0] if len(values) == 1 else nw.max_horizontal(*values)
