"""Classes of a fact: how they are cut, worded and met by what is known."""

from __future__ import annotations

from decimal import Decimal

import pytest

from ivigil.criteria import described, partition
from ivigil.criteria.tree import Compare, Leaf, Within
from ivigil.facts import Between, Exactly, Extent, Fact, OneOf
from ivigil.facts.definition import Bounds, Option

RANGE = Bounds(Decimal(0), Decimal(10), "a-source")
LEVEL = Fact("level", "Level", "quantity", "group", "?", unit="g/L", range=RANGE)
SCORE = Fact("score", "Score", "count", "group", "?", range=RANGE)
BELOW_ZERO = Fact("below", "Below", "count", "group", "?", range=Bounds(Decimal(-9), Decimal(0), "a-source"))
ILL = Fact("ill", "Ill", "truth", "group", "?")
DRUG = Fact(
    "drug", "Drug", "code", "group", "?", options=(Option("failed", "tried and failed"), Option("never", "never"))
)


def words(fact: Fact, *leaves: Leaf) -> list[str]:
    return [described(one, fact) for one in partition(fact, leaves).classes]


def at(fact: Fact, comparator: str, value: str) -> Compare:
    return Compare(fact.id, comparator, Decimal(value))  # type: ignore[arg-type] # one of the comparators


@pytest.mark.parametrize(
    ("comparator", "expected"),
    [
        ("<", ["below 3 g/L", "at least 3 g/L"]),
        (">=", ["below 3 g/L", "at least 3 g/L"]),
        ("<=", ["at most 3 g/L", "above 3 g/L"]),
        (">", ["at most 3 g/L", "above 3 g/L"]),
        ("=", ["below 3 g/L", "3 g/L", "above 3 g/L"]),
        ("!=", ["below 3 g/L", "3 g/L", "above 3 g/L"]),
    ],
)
def test_a_comparator_cuts_on_its_own_side(comparator: str, expected: list[str]) -> None:
    assert words(LEVEL, at(LEVEL, comparator, "3")) == expected


def test_between_leaves_both_ends_inside() -> None:
    found = words(LEVEL, Within("level", Decimal(3), Decimal(5), "g/L"))
    assert found == ["below 3 g/L", "at least 3 and at most 5 g/L", "above 5 g/L"]


def test_counts_are_worded_by_the_whole_numbers_they_hold() -> None:
    assert words(SCORE, at(SCORE, "<", "3"), at(SCORE, ">", "3.5")) == ["at most 2", "3", "at least 4"]
    assert words(SCORE, at(SCORE, "=", "2.5")) == ["at most 2", "at least 3"]


def test_counts_below_zero() -> None:
    assert words(BELOW_ZERO, at(BELOW_ZERO, "<=", "-2.5"), at(BELOW_ZERO, "<", "-1.5")) == [
        "at most -3",
        "-2",
        "at least -1",
    ]


def test_thresholds_outside_the_plausible_range_cut_nothing() -> None:
    assert words(LEVEL, at(LEVEL, "<", "0"), at(LEVEL, ">", "10"), at(LEVEL, "<", "-5")) == ["any value"]


def test_the_end_of_the_plausible_range_may_be_a_class_of_its_own() -> None:
    assert words(LEVEL, at(LEVEL, "<=", "0"), at(LEVEL, ">=", "10")) == [
        "0 g/L",
        "above 0 and below 10 g/L",
        "10 g/L",
    ]


def test_truths_and_codes_in_words() -> None:
    assert words(ILL) == ["yes", "no"]
    assert words(DRUG) == ["tried and failed", "never"]


TWO = partition(LEVEL, [at(LEVEL, "<", "3")])
COUNTS = partition(SCORE, [at(SCORE, ">=", "3")])


@pytest.mark.parametrize(
    ("extent", "allowed"),
    [
        (None, (0, 1)),
        (Exactly(Decimal(3)), (1,)),
        (Between(None, Decimal(3), high_open=True), (0,)),
        (Between(None, Decimal(3)), (0, 1)),
        (Between(Decimal(3), None), (1,)),
    ],
)
def test_classes_that_what_is_known_allows(extent: Extent | None, allowed: tuple[int, ...]) -> None:
    assert TWO.allowed(extent) == allowed


def test_more_than_two_is_at_least_three_of_a_count() -> None:
    assert COUNTS.allowed(Between(Decimal(2), None, low_open=True)) == (1,)
    assert COUNTS.allowed(Between(None, Decimal("2.9"))) == (0,)


@pytest.mark.parametrize(
    "extent",
    [Between(Decimal(10), None, low_open=True), Between(None, Decimal(0), high_open=True), Between(Decimal(99), None)],
)
def test_what_is_wholly_implausible_says_nothing(extent: Extent) -> None:
    """A laboratory's ``> 10`` where 10 is the most that is plausible must not end the review."""
    assert TWO.allowed(extent) == (0, 1)


def test_a_count_between_two_whole_numbers_says_nothing() -> None:
    assert COUNTS.allowed(Between(Decimal("4.2"), Decimal("4.8"))) == (0, 1)


def test_codes_of_which_several_are_possible() -> None:
    assert partition(DRUG, []).allowed(OneOf(frozenset({"never"}))) == (1,)
    assert partition(DRUG, []).allowed(OneOf(frozenset({"never", "failed"}))) == (0, 1)


@pytest.mark.parametrize(("fact", "value"), [(LEVEL, Decimal(11)), (DRUG, "lost")])
def test_a_value_that_the_fact_cannot_have_is_no_member_of_a_class(fact: Fact, value: Decimal | str) -> None:
    with pytest.raises(ValueError, match=f"is no value of {fact.id}"):
        partition(fact, []).index(value)
