"""Extents: what two statements about one fact leave, and which whole numbers a count may still be."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivigil.facts.extent import Between, Exactly, Extent, OneOf, Period, meet, stable, whole

ENDS = st.one_of(st.none(), st.integers(-3, 3).map(lambda half: Decimal(half) / 2))
SPANS = st.builds(Between, ENDS, ENDS, st.booleans(), st.booleans())
GRID = [Decimal(quarter) / 4 for quarter in range(-12, 13)]


def holds(extent: Extent | None, value: Decimal) -> bool:
    if isinstance(extent, Exactly):
        return extent.value == value
    if not isinstance(extent, Between):
        return False
    above = extent.low is None or value > extent.low or (value == extent.low and not extent.low_open)
    below = extent.high is None or value < extent.high or (value == extent.high and not extent.high_open)
    return above and below


@given(SPANS, SPANS)
def test_two_spans_meet_in_what_both_hold(one: Between, other: Between) -> None:
    both = meet(one, other) if one != other else one

    assert [holds(both, value) for value in GRID] == [holds(one, value) and holds(other, value) for value in GRID]


@given(SPANS)
def test_of_a_count_the_whole_numbers_are_left(one: Between) -> None:
    counted = whole(one)
    integers = [value for value in GRID if value == value.to_integral_value()]

    assert [holds(counted, value) for value in integers] == [holds(one, value) for value in integers]
    assert whole(Exactly(Decimal("1.5"))) is None


@pytest.mark.parametrize(
    ("one", "other", "both"),
    [
        (Exactly(value=True), Exactly(value=True), Exactly(value=True)),
        (Exactly(value=True), Exactly(value=False), None),
        (Exactly("a"), OneOf(frozenset("ab")), Exactly("a")),
        (OneOf(frozenset("abc")), OneOf(frozenset("bcd")), OneOf(frozenset("bc"))),
        (OneOf(frozenset("ab")), OneOf(frozenset("cd")), None),
        (Period(date(2026, 11, 1), date(2026, 11, 30)), Exactly(date(2026, 11, 5)), Exactly(date(2026, 11, 5))),
        (Period(date(2026, 11, 1), date(2026, 11, 30)), Exactly(date(2026, 12, 5)), None),
    ],
)
def test_other_extents_meet(one: Extent, other: Extent, both: Extent | None) -> None:
    assert meet(one, other) == meet(other, one) == both


def test_equal_extents_have_one_text() -> None:
    assert stable(OneOf(frozenset(["b", "a"]))) == stable(OneOf(frozenset(["a", "b"]))) != stable(None)
