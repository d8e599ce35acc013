"""Codes of units: what is read, what is refused and what the spellings of charts lead to."""

from __future__ import annotations

from fractions import Fraction

import pytest

from ivigil.units import UnitError, parse_unit, spelled

MASS, LENGTH, TIME = "mass", "length", "time"


@pytest.mark.parametrize(
    ("code", "dimension", "factor"),
    [
        ("kg", ((MASS, 1),), Fraction(1000)),
        ("g/kg/d", ((TIME, -1),), Fraction(1, 1000 * 86400)),
        ("g/(kg.d)", ((TIME, -1),), Fraction(1, 1000 * 86400)),
        ("g.m/s2", ((LENGTH, 1), (MASS, 1), (TIME, -2)), Fraction(1)),
        ("L", ((LENGTH, 3),), Fraction(1, 1000)),
        ("10*9/L", ((LENGTH, -3),), Fraction(10**12)),
        ("10*-3", (), Fraction(1, 1000)),
        ("m-2", ((LENGTH, -2),), Fraction(1)),
        ("/min", ((TIME, -1),), Fraction(1, 60)),
        ("{score}", (), Fraction(1)),
        ("mg{total}", ((MASS, 1),), Fraction(1, 1000)),
        ("mg{total}/d", ((MASS, 1), (TIME, -1)), Fraction(1, 1000 * 86400)),
        ("{cells}/uL", ((LENGTH, -3),), Fraction(10**9)),
    ],
)
def test_codes_that_are_read(code: str, dimension: tuple[tuple[str, int], ...], factor: Fraction) -> None:
    unit = parse_unit(code)
    assert (unit.code, unit.dimension, unit.factor) == (code, dimension, factor)


@pytest.mark.parametrize(
    "code",
    [
        *("", " ", "lb", "kg ", "KG", "g//kg", "g/", ".g", "g..kg", "(g", "g)", "()", "((g))", "g(kg)", "(g)kg", "2"),
        *("12", "10", "1-2", "kg/m^2", "m{x}g", "m{x}2", "{x", "x}", "{a{b}}", "g/{day}", "/g/g", "/g.d", "Cel", "hL"),
    ],
)
def test_codes_that_are_refused(code: str) -> None:
    """Among them ``g/{day}``: UCUM reads it as grams, and whoever wrote it meant grams a day."""
    with pytest.raises(UnitError, match="is not a UCUM unit that ivigil reads"):
        parse_unit(code)


@pytest.mark.parametrize(
    ("code", "is_one"), [("1", True), ("{score}", True), ("%", False), ("g/kg", False), ("kg", False)]
)
def test_units_of_bare_numbers(code: str, is_one: bool) -> None:  # noqa: FBT001 - the expectation
    assert parse_unit(code).is_one == is_one


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("lbs", "[lb_av]"),
        (" inches ", "[in_i]"),
        ("µg/L", "ug/L"),
        ("μg/L", "ug/L"),
        ("K/µL", "10*3/uL"),
        ("/mm3", "{cells}/uL"),
        ("g/kg/day", "g/kg/d"),
        ("furlong", "furlong"),
        ("kg", "kg"),
    ],
)
def test_spellings_of_charts(written: str, code: str) -> None:
    assert spelled(written) == code
