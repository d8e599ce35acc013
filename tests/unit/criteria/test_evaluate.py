"""Leaves over extents that brackets on the values cannot show: spans with one value, none, and of other kinds."""

from __future__ import annotations

from decimal import Decimal

import pytest

from ivigil.criteria import Truth, evaluate
from ivigil.criteria.tree import And, Compare, IsTrue, Leaf, Member, Not, Within
from ivigil.facts import Between, Exactly, Extent, OneOf

FIVE = Decimal(5)
LEAVES: list[tuple[Leaf, Truth]] = [
    (Compare("x", "=", FIVE), Truth.MET),
    (Compare("x", "!=", FIVE), Truth.NOT_MET),
    (Compare("x", "<", FIVE), Truth.NOT_MET),
    (Compare("x", "<=", FIVE), Truth.MET),
    (Member("x", (FIVE, Decimal(7))), Truth.MET),
    (Within("x", FIVE, FIVE), Truth.MET),
]


@pytest.mark.parametrize(("leaf", "expected"), LEAVES)
def test_a_span_of_one_value_is_that_value(leaf: Leaf, expected: Truth) -> None:
    assert evaluate(leaf, {"x": Between(FIVE, FIVE)}).truth is expected
    assert evaluate(leaf, {"x": Exactly(FIVE)}).truth is expected


@pytest.mark.parametrize("leaf", [leaf for leaf, _ in LEAVES])
@pytest.mark.parametrize("extent", [None, Between(None, None), Between(FIVE, FIVE, low_open=True), OneOf(frozenset())])
def test_what_says_nothing_leaves_every_comparison_unknown(leaf: Leaf, extent: Extent | None) -> None:
    assert evaluate(leaf, {"x": extent}).truth is Truth.UNKNOWN
    assert evaluate(leaf, {}).truth is Truth.UNKNOWN


def test_a_trace_shows_each_operand() -> None:
    tree = And(IsTrue("a"), Not(IsTrue("b")))
    trace = evaluate(tree, {"a": Exactly(True)})
    assert trace.tree == tree
    assert [one.truth for one in trace.operands] == [Truth.MET, Truth.UNKNOWN]
    assert [one.tree for one in trace.operands[1].operands] == [IsTrue("b")]
