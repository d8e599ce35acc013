"""Amounts in tables that compare as the exact decimals do, or say that they cannot.

The row evaluator works with decimals, tables hold floating-point numbers. Here an amount is a pair of whole numbers
between which it lies, counted in units of ``10 ** -digits``; both are the same where the amount is known to be just
that. A comparison of two amounts is then true, false, or *undecided* (empty) where their pairs overlap without being
one point; undecided rows are left to the row evaluator.

Why the pairs are right. For a float ``x`` of a column, ``k = round(x * 10**d)``, and ``x`` counts as exactly
``k / 10**d`` if dividing gives ``x`` back. As ``10**d`` (``d <= 9``) and ``k`` (below 2**53) are floats themselves and
division rounds correctly, that quotient is the float nearest to the decimal ``k / 10**d``. By
:mod:`ivigil.criteria.frames.numbers` a float stands for the shortest decimal that is read as it; ``k / 10**d`` has at
most 15 digits (``most * 10**d <= 10**12`` for every :class:`Grid`), two such decimals never share a float, and so it is
the one that ``x`` stands for. Any other ``x`` is put between ``k - 1`` and ``k + 1``: the product errs by less than
2**-53 * 10**12, about 0.0001, and rounding by at most a half. The decimal that a narrow span of two neighbouring floats
holds lies as near. From there on only whole numbers of at most 4 * 10**18 are added, multiplied and compared, which is
exact on every engine; constants have at most :data:`FINEST` decimals or become a pair themselves. No tolerance is
needed anywhere: whether 0.4 g/kg at 70.3 kg is 28.12 g is the question whether 4 * 70300000000 is 281200000000.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from ivigil.tables import Expr, column, literal
from ivigil.tables.arithmetic import MOST, as_number, as_whole, nearest_whole, quotient, whole, whole_below
from ivigil.tables.expressions import certainly, decided, first_known, where

# Decimals that a constant keeps; what lies beyond makes it a pair of neighbours.
FINEST = 8


@dataclass(frozen=True)
class Grid:
    """How finely a fact is counted, and what it has to stay below for that."""

    digits: int
    most: int


@dataclass(frozen=True)
class Amount:
    """Amounts of at most ``most``: the nearest float, and the whole numbers of ``10**-digits`` that enclose it.

    The whole numbers are ``low`` and ``high``, each still to be multiplied by its part of ``by``: constants are
    multiplied with each other here, once, and not in every row.
    """

    value: Expr
    low: Expr
    high: Expr
    digits: int
    most: Decimal
    by: tuple[int, int] = (1, 1)

    def __post_init__(self) -> None:
        """Refuse amounts that whole numbers of 64 bits do not hold so finely."""
        if self.most.scaleb(self.digits) > MOST:
            message = f"amounts up to {self.most} with {self.digits} decimals are more than 64 bits hold"
            raise ValueError(message)

    @property
    def ends(self) -> tuple[Expr, Expr]:
        """The two whole numbers."""
        low, high = self.by
        return (self.low if low == 1 else self.low * low, self.high if high == 1 else self.high * high)

    def times(self, factor: Decimal) -> Amount:
        """The product with a constant; neither may be negative."""
        (low, high), digits = _units(factor)
        by = (self.by[0] * low, self.by[1] * high)
        return Amount(self.value * float(factor), self.low, self.high, self.digits + digits, self.most * factor, by)

    def with_each(self, other: Amount) -> Amount:
        """The product with another amount; neither may be negative."""
        by = (self.by[0] * other.by[0], self.by[1] * other.by[1])
        parts = (self.value * other.value, self.low * other.low, self.high * other.high)
        return Amount(*parts, self.digits + other.digits, self.most * other.most, by)

    def plus(self, term: Decimal | Amount) -> Amount:
        """The sum with something that may be negative."""
        one, other = aligned([self, term if isinstance(term, Amount) else constant(term)])
        low, high = (mine + more for mine, more in zip(one.ends, other.ends, strict=True))
        return Amount(one.value + other.value, low, high, one.digits, one.most + other.most)

    def minus(self, other: Amount) -> Amount:
        """The difference, which may be negative."""
        one, less = aligned([self, other])
        (low, high), (least_off, most_off) = one.ends, less.ends
        return Amount(one.value - less.value, low - most_off, high - least_off, one.digits, one.most + less.most)

    def finer(self, digits: int) -> Amount:
        """The same, counted in smaller units."""
        step = 10 ** (digits - self.digits)
        return replace(self, digits=digits, by=(self.by[0] * step, self.by[1] * step))

    def columns(self, name: str) -> dict[str, Expr]:
        """The amount as columns of a table, to be read again by :meth:`read`."""
        low, high = self.ends
        return {f"{name} value": self.value, f"{name} low": low, f"{name} high": high}

    def read(self, name: str) -> Amount:
        """The amount as :meth:`columns` has put it into a table."""
        value, low, high = (column(f"{name} {part}") for part in ("value", "low", "high"))
        return Amount(value, low, high, self.digits, self.most)

    def only(self, condition: Expr) -> Amount:
        """The same where a definite condition holds, and empty elsewhere."""
        value, low, high = (where(condition, one) for one in (self.value, self.low, self.high))
        return replace(self, value=value, low=low, high=high)


def constant(value: Decimal) -> Amount:
    """A number of the data."""
    (low, high), digits = _units(value)
    return Amount(literal(float(value)), whole(low), whole(high), digits, abs(value))


def _units(value: Decimal) -> tuple[tuple[int, int], int]:
    """The whole numbers that enclose a number counted as finely as it needs, and how finely that is."""
    digits = min(FINEST, max(0, -int(value.normalize().as_tuple().exponent)))
    units = value.scaleb(digits)
    return (int(units.to_integral_value(ROUND_FLOOR)), int(units.to_integral_value(ROUND_CEILING))), digits


def aligned(amounts: Sequence[Amount]) -> list[Amount]:
    """Several amounts, all counted in the units of the finest."""
    digits = max(one.digits for one in amounts)
    return [one.finer(digits) for one in amounts]


def first_amount(amounts: Sequence[Amount]) -> Amount:
    """The first of several amounts that is known."""
    return folded(amounts, first_known)


def folded(amounts: Sequence[Amount], chosen: Callable[[Sequence[Expr]], Expr]) -> Amount:
    """One amount of several, each of its columns by ``chosen``."""
    if len(amounts) == 1:
        return amounts[0]
    alike = aligned(amounts)
    ends = [one.ends for one in alike]
    low, high = chosen([low for low, _ in ends]), chosen([high for _, high in ends])
    value = chosen([one.value for one in alike])
    return Amount(value, low, high, alike[0].digits, max(one.most for one in alike))


def at_most(one: Amount, other: Amount) -> Expr:
    """Whether ``one <= other``; empty where that is undecided, or where one of them is not known."""
    left, right = (amount.ends for amount in aligned([one, other]))
    return decided(left[1] <= right[0], left[0] > right[1])


def below(one: Amount, other: Amount) -> Expr:
    """Whether ``one < other``; empty as in :func:`at_most`."""
    return ~at_most(other, one)


def steps_below(amount: Amount, step: Decimal) -> tuple[Expr, Expr]:
    """How many whole steps fit in an amount that is not negative, at its low and at its high end."""
    one, _ = aligned([amount, constant(step)])
    size = step.scaleb(one.digits)
    if size != int(size):
        message = f"steps of {step} have more than {FINEST} decimals"
        raise ValueError(message)
    low, high = (_steps(units, int(size)) for units in one.ends)
    return low, high


def _steps(units: Expr, size: int) -> Expr:
    """The quotient as a float is wrong by one step at most; whole numbers put it right."""
    guess = whole_below(as_number(units) / size)
    return guess + as_whole((guess + 1) * size <= units) - as_whole(guess * size > units)


def enclosed(value: Expr, grid: Grid, *, exactly: Expr) -> Amount:
    """A column's numbers between 0 and ``grid.most``; ``exactly`` says where a number stands for itself."""
    unit = 10**grid.digits
    nearest = nearest_whole(value * unit)
    on_grid = certainly(exactly & (quotient(as_number(nearest), unit) == value))
    slack = as_whole(~on_grid)
    return Amount(value, nearest - slack, nearest + slack, grid.digits, Decimal(grid.most))
