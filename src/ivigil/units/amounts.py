"""Amounts: decimal values moved between units without loss."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_EVEN, Context, Decimal
from fractions import Fraction
from functools import lru_cache

from ivigil.units.ucum import UnitError, parse_unit, spelled

# A quotient that no finite decimal holds is rounded at this many digits; see docs/decisions/0004-exact-units.md.
_DIGITS = 28
_LARGEST_EXPONENT = 15
_MOST_DIGITS = 40
# What follows the number must not read on as a number: "21" is not 2 of a unit called 1.
_AMOUNT = re.compile(r"\s*(?P<value>[-+]?[0-9]+(\.[0-9]+)?)(?![0-9.,])\s*(?P<unit>\S.*?)\s*")


class AmountError(ValueError):
    """The value cannot be read or converted."""


def is_sane(value: Decimal) -> bool:
    """Whether ``value`` is finite and of a size that a measurement can have (it may still be implausible)."""
    return value.is_finite() and abs(value.adjusted()) <= _LARGEST_EXPONENT and _has_few_digits(value)


def _has_few_digits(value: Decimal) -> bool:
    # Every digit is written, so that only of long numbers the digits have to be counted.
    return len(str(value)) <= _MOST_DIGITS or len(value.as_tuple().digits) <= _MOST_DIGITS


def convert(value: Decimal, given: str, wanted: str) -> Decimal:
    """``value`` in unit ``given`` as a value in unit ``wanted``, exact wherever a finite decimal exists.

    Raises :class:`~ivigil.units.UnitError` when a unit is not read or the two measure different things.
    """
    factor = _factor_unless_one(given, wanted)
    return value if factor is None else as_decimal(Fraction(value) * factor)


@lru_cache(maxsize=4096)
def _factor_unless_one(given: str, wanted: str) -> Fraction | None:
    factor = factor_between(given, wanted)
    return None if factor == 1 else factor


@lru_cache(maxsize=4096)
def factor_between(given: str, wanted: str) -> Fraction:
    """How many of unit ``wanted`` one of unit ``given`` is.

    Raises :class:`~ivigil.units.UnitError` when a unit is not read or the two measure different things.
    """
    source, target = parse_unit(given), parse_unit(wanted)
    if not source.fits(target):
        message = f"{given!r} cannot be given in {wanted!r}"
        raise UnitError(message)
    return source.factor / target.factor


def is_same(value: Decimal, given: str, other: Decimal, wanted: str) -> bool:
    """Whether ``value`` in unit ``given`` is exactly ``other`` in unit ``wanted``."""
    return Fraction(value) * parse_unit(given).factor == Fraction(other) * parse_unit(wanted).factor


def as_decimal(value: Fraction) -> Decimal:
    """``value`` as a decimal, exact where one exists, else rounded half to even at 28 digits."""
    exact = _quotient(value, _DIGITS + _MOST_DIGITS)
    # Both are ratios in lowest terms.
    is_exact = exact.as_integer_ratio() == (value.numerator, value.denominator)
    return exact if is_exact else _quotient(value, _DIGITS)


def _quotient(value: Fraction, digits: int) -> Decimal:
    rounding = Context(prec=digits, rounding=ROUND_HALF_EVEN)
    return rounding.divide(Decimal(value.numerator), Decimal(value.denominator))


def parse_amount(text: str) -> tuple[Decimal, str]:
    """The value and the UCUM unit in text such as ``"154 lb"``. Raises :class:`AmountError` for any other text."""
    match = _AMOUNT.fullmatch(text)
    if match is None:
        message = f"{text!r} is not a number with a unit"
        raise AmountError(message)
    return Decimal(match["value"]), spelled(match["unit"])


def shown(value: Decimal, digits: int = 4) -> str:
    """``value`` for a reader: whole numbers whole, others to ``digits`` significant digits, never with an exponent."""
    text = format(value, "f")
    if len(text) > digits and value != value.to_integral_value():
        text = format(Context(prec=max(digits, value.adjusted() + 2)).plus(value), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
