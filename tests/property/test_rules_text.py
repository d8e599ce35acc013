"""A rule survives being written as text and as stored data."""

from __future__ import annotations

import json
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st
from tests.property.rule_strategies import CATALOGUE, COMPARATORS, trees

from ivigil.criteria import Tree, parse_rule, restore, store, written
from ivigil.criteria.tree import Compare

# As exact as a measurement that is taken for sane may be: 40 digits.
exact_decimals = st.integers(min_value=10**36, max_value=10**40 - 1).map(lambda digits: Decimal(f"{digits}e-36"))


@given(trees())
def test_parsing_what_was_written_gives_the_same_rule(tree: Tree) -> None:
    assert parse_rule(written(tree), CATALOGUE) == tree


@given(trees())
def test_white_space_and_needless_brackets_mean_nothing(tree: Tree) -> None:
    loose = "(\n  (" + written(tree).replace(" ", "\t \n") + ")\n)"
    assert parse_rule(loose, CATALOGUE) == tree


@given(trees())
def test_restoring_what_was_stored_gives_the_same_rule(tree: Tree) -> None:
    assert restore(json.loads(json.dumps(store(tree)))) == tree


@given(exact_decimals | exact_decimals.map(Decimal.copy_negate), st.sampled_from(COMPARATORS))
def test_a_threshold_keeps_every_digit(constant: Decimal, comparator: str) -> None:
    tree = parse_rule(f"weight {comparator} {constant:f} 'kg'", CATALOGUE)
    assert tree == Compare("weight", comparator, constant, "kg")  # type: ignore[arg-type] # drawn from the comparators
    assert parse_rule(written(tree), CATALOGUE) == tree
    assert restore(store(tree)) == tree
