"""Classes: every plausible value is in exactly one, and no rule can tell two values of one class apart."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st
from tests.property.rule_strategies import (
    CATALOGUE,
    HIGHEST,
    LOWEST,
    allows,
    extents_of,
    facts,
    leaves_of,
    naive_leaf,
    plausible_values,
    possible_values,
)

from ivigil.criteria import ValueClass, described, partition
from ivigil.criteria.tree import Compare, Constant, Leaf
from ivigil.facts import Between, Fact


@st.composite
def facts_with_leaves(draw: st.DrawFn) -> tuple[Fact, list[Leaf]]:
    fact = draw(facts())
    return fact, draw(st.lists(leaves_of(fact), max_size=5))


def holds(one: ValueClass, value: Constant) -> bool:
    return value in one.values if one.span is None else allows(one.span, value)


def is_plausible(fact: Fact, value: Constant) -> bool:
    if not fact.is_number:
        return value in plausible_values(fact)
    assert isinstance(value, Decimal)
    return LOWEST <= value <= HIGHEST and (fact.kind == "quantity" or value == int(value))


@given(facts_with_leaves())
def test_every_plausible_value_is_in_exactly_one_class(drawn: tuple[Fact, list[Leaf]]) -> None:
    fact, found = drawn
    parts = partition(fact, found)
    for value in plausible_values(fact):
        assert [index for index, one in enumerate(parts.classes) if holds(one, value)] == [parts.index(value)]


@given(facts_with_leaves())
def test_values_of_one_class_make_every_leaf_agree(drawn: tuple[Fact, list[Leaf]]) -> None:
    fact, found = drawn
    for one in partition(fact, found).classes:
        alike = [value for value in plausible_values(fact) if holds(one, value)]
        for leaf in found:
            assert len({naive_leaf(leaf, value) for value in [*alike, one.example]}) == 1


@given(facts_with_leaves())
def test_the_example_of_a_class_is_a_plausible_value_of_it(drawn: tuple[Fact, list[Leaf]]) -> None:
    fact, found = drawn
    for one in partition(fact, found).classes:
        assert holds(one, one.example)
        assert is_plausible(fact, one.example)


@given(facts_with_leaves(), st.data())
def test_the_classes_allowed_are_exactly_those_with_a_value_of_the_extent(
    drawn: tuple[Fact, list[Leaf]], data: st.DataObject
) -> None:
    fact, found = drawn
    extent = data.draw(extents_of(fact))
    parts = partition(fact, found)
    assert set(parts.allowed(extent)) == {parts.index(value) for value in possible_values(fact, extent)}


@given(facts_with_leaves())
def test_classes_of_one_fact_are_worded_differently(drawn: tuple[Fact, list[Leaf]]) -> None:
    fact, found = drawn
    words = [described(one, fact) for one in partition(fact, found).classes]
    assert len(set(words)) == len(words)


# The last digits of numbers of thirty digits, more than Python's decimals keep unless told to.
last_digits = st.integers(min_value=0, max_value=10**6)


@given(st.lists(last_digits, min_size=2, max_size=2, unique=True).map(sorted))
def test_the_example_between_two_close_bounds_is_between_them(pair: list[int]) -> None:
    """An example that rounding puts on a bound would belong to another class."""
    low, high = (Decimal(f"1.{steps:029d}") for steps in pair)
    found = partition(CATALOGUE["weight"], [Compare("weight", ">", low, "kg"), Compare("weight", "<", high, "kg")])
    between = [one for one in found.classes if one.span == Between(low, high, low_open=True, high_open=True)]
    assert len(between) == 1
    assert low < between[0].example < high  # type: ignore[operator] # a number's example is a number
