"""Amounts: conversions by the definitions of the units, exact both ways, and text that is read or refused."""

from __future__ import annotations

from decimal import Context, Decimal
from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from ivigil.units import AmountError, UnitError, convert, is_same, is_sane, parse_amount, parse_unit, shown
from ivigil.units.amounts import as_decimal

# By definition: the avoirdupois pound is 0.45359237 kg, the inch 2.54 cm, a Julian year 365.25 d, a month a twelfth.
CONVERSIONS = [
    ("154", "[lb_av]", "kg", "69.85322498"),
    ("1", "[oz_av]", "g", "28.349523125"),
    ("70", "[in_i]", "cm", "177.8"),
    ("6", "[ft_i]", "[in_i]", "72"),
    ("1200", "mg/dL", "g/L", "12"),
    ("0.7", "g/dL", "mg/L", "7000"),
    ("30", "10*3/uL", "10*9/L", "30"),
    ("30000", "{cells}/uL", "10*9/L", "30"),
    ("400", "mg/kg/d", "g/kg/d", "0.4"),
    ("2", "g/kg/wk", "g/kg/d", "0.2857142857142857142857142857"),
    ("60", "mL/h", "mL/min", "1"),
    ("2", "wk", "d", "14"),
    ("1", "a", "d", "365.25"),
    ("1", "mo", "d", "30.4375"),
    ("36", "h", "d", "1.5"),
    ("1", "[lb_av]/[in_i]2", "kg/m2", "703.0695796391592783185566371"),
    ("80", "%", "1", "0.8"),
    ("1", "kPa", "Pa", "1000"),
    ("5", "{score}", "1", "5"),
    ("1.50", "kg", "kg", "1.50"),
    ("1000000000000000", "kg", "pg", "1000000000000000000000000000000"),
]


@pytest.mark.parametrize(("value", "given_unit", "wanted", "expected"), CONVERSIONS)
def test_conversions(value: str, given_unit: str, wanted: str, expected: str) -> None:
    assert str(convert(Decimal(value), given_unit, wanted)) == expected


@pytest.mark.parametrize(
    ("given_unit", "wanted"),
    [("kg", "cm"), ("g/L", "mmol/L"), ("g/L", "[IU]/L"), ("mosm/kg", "mmol/kg"), ("g/kg/d", "g/kg"), ("d", "1")],
)
def test_what_measures_something_else_is_refused(given_unit: str, wanted: str) -> None:
    with pytest.raises(UnitError, match="cannot be given in"):
        convert(Decimal(1), given_unit, wanted)


# Each group measures one thing.
ALIKE = [
    ("kg", "g", "mg", "[lb_av]", "[oz_av]"),
    ("m", "cm", "[in_i]", "[ft_i]"),
    ("g/L", "mg/dL"),
    ("a", "mo", "wk", "d"),
]
same_kind = st.sampled_from(ALIKE).flatmap(lambda units: st.tuples(st.sampled_from(units), st.sampled_from(units)))
sane = st.decimals(min_value=-(10**9), max_value=10**9, places=9).filter(is_sane)


@given(sane, same_kind)
def test_a_conversion_is_exact_or_the_nearest_of_28_digits(value: Decimal, units: tuple[str, str]) -> None:
    exact = Fraction(value) * parse_unit(units[0]).factor / parse_unit(units[1]).factor
    found = convert(value, *units)
    if has_finite_decimal(exact):
        assert Fraction(found) == exact
    else:
        assert abs(Fraction(found) - exact) <= abs(exact) * Fraction(1, 2 * 10**27)
    assert is_same(value, units[0], found, units[1]) == has_finite_decimal(exact)


def has_finite_decimal(value: Fraction) -> bool:
    rest = value.denominator
    for prime in (2, 5):
        while rest % prime == 0:
            rest //= prime
    return rest == 1


@given(sane, same_kind)
def test_there_and_back_is_the_same_value(value: Decimal, units: tuple[str, str]) -> None:
    there = convert(value, *units)
    assume(is_same(value, units[0], there, units[1]))
    assert convert(there, *reversed(units)) == value


@given(sane, sane, same_kind)
def test_a_conversion_keeps_the_order(one: Decimal, other: Decimal, units: tuple[str, str]) -> None:
    assert (convert(one, *units) < convert(other, *units)) == (one < other)


@given(st.fractions(min_value=-(10**6), max_value=10**6, max_denominator=10**6))
def test_a_quotient_is_exact_or_rounded_to_the_nearest(value: Fraction) -> None:
    assert abs(Fraction(as_decimal(value)) - value) <= abs(value) * Fraction(1, 2 * 10**27)


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("154 lb", "154", "[lb_av]"),
        ("154lb", "154", "[lb_av]"),
        (" -1.50  kg ", "-1.50", "kg"),
        ("+2 g", "2", "g"),
        ("5 10*9/L", "5", "10*9/L"),
        ("5 x10^9/L", "5", "10*9/L"),
        ("80%", "80", "%"),
        ("200/mm3", "200", "{cells}/uL"),
        ("40 µg", "40", "ug"),
        ("3 1", "3", "1"),
    ],
)
def test_amounts_that_are_read(text: str, value: str, unit: str) -> None:
    assert parse_amount(text) == (Decimal(value), unit)


@pytest.mark.parametrize(
    "text", ["", "kg", "11", "21", "154", "1.5", "1,5 kg", "1.5.2 kg", "5.kg", ".5 kg", "about 5 kg"]
)
def test_text_that_is_no_amount_is_refused(text: str) -> None:
    with pytest.raises(AmountError, match="is not a number with a unit"):
        parse_amount(text)


@given(st.decimals(min_value=-(10**9), max_value=10**9, places=3))
def test_a_number_alone_is_never_an_amount(value: Decimal) -> None:
    with pytest.raises(AmountError):
        parse_amount(f"{value:f}")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("30", "30"),
        ("30.00", "30"),
        ("3E+1", "30"),
        ("0.00", "0"),
        ("69.85322498", "69.85"),
        ("12345.678", "12345.7"),
        ("0.000012345", "0.00001234"),
        ("99.996", "100"),
        ("-2.50", "-2.5"),
    ],
)
def test_numbers_for_a_reader(value: str, text: str) -> None:
    assert shown(Decimal(value)) == text


@given(sane)
def test_with_digits_enough_a_number_is_shown_whole(value: Decimal) -> None:
    assert Decimal(shown(value, 40)) == value


@pytest.mark.parametrize(
    ("value", "sane_or_not"),
    [
        ("0", True),
        ("-70.5", True),
        ("1E+15", True),
        ("1E+16", False),
        ("1E-16", False),
        ("1" * 41, False),
        ("NaN", False),
        ("sNaN", False),
        ("-Infinity", False),
        ("1E+999999", False),
    ],
)
def test_sizes_that_a_measurement_can_have(value: str, sane_or_not: bool) -> None:  # noqa: FBT001 - the expectation
    assert is_sane(Decimal(value)) == sane_or_not


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**20), max_value=10**20), st.integers(1, 14))
def test_what_is_shown_is_the_value_rounded_to_its_digits(value: Decimal, digits: int) -> None:
    found = Decimal(shown(value, digits))
    context = Context(prec=max(digits, value.adjusted() + 2))
    assert found == (value if value == value.to_integral_value() else context.plus(value))


@pytest.mark.parametrize(("digits", "sane"), [("1" * 16, True), ("1." + "1" * 39, True), ("1." + "1" * 40, False)])
def test_digits_are_counted_and_not_signs(digits: str, sane: bool) -> None:  # noqa: FBT001
    assert is_sane(Decimal(digits)) is sane
    assert is_sane(Decimal(f"-{digits}")) is sane
