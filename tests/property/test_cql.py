"""A rule written as CQL means what it meant: the rule language is a part of CQL, and reads it back."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.property.rule_strategies import CATALOGUE, plausible_values, trees

from ivigil.criteria import Tree, evaluate, parse_rule
from ivigil.criteria.tree import Compare, Member, Not
from ivigil.facts import Catalogue, Exactly, Extent
from ivigil.interop.cql import cql_expression

# As CQL sees the facts: numbers in the unit of the catalogue, and so without one.
BARE = Catalogue(
    {fact.id: replace(fact, unit="1") if fact.kind == "quantity" else fact for fact in CATALOGUE.facts.values()}
)
Row = dict[str, Extent | None]


@st.composite
def known_or_not(draw: st.DrawFn) -> Row:
    return {
        fact.id: draw(st.none() | st.sampled_from(plausible_values(fact)).map(Exactly))
        for fact in CATALOGUE.facts.values()
    }


def unquoted(text: str) -> str:
    return text.replace('"', "")


@given(trees(), known_or_not())
def test_the_same_truth_of_facts_that_are_known_or_not(tree: Tree, row: Row) -> None:
    again = parse_rule(unquoted(cql_expression(tree)), BARE)
    assert evaluate(again, row).truth is evaluate(tree, row).truth


@given(trees())
def test_facts_are_named_as_the_caller_says(tree: Tree) -> None:
    pieces = cql_expression(tree).split('"')
    called = cql_expression(tree, lambda fact: f'"{fact} of"(at)')
    assert called == "".join(f'"{one} of"(at)' if place % 2 else one for place, one in enumerate(pieces))


@pytest.mark.parametrize(
    ("tree", "text"),
    [
        (Not(Compare("weight", "<", plausible_values(CATALOGUE["weight"])[0])), 'not ("weight" < 0)'),
        (Member("treatment", ("failed", "it's")), "(\"treatment\" = 'failed') or (\"treatment\" = 'it\\'s')"),
        (Compare("has:a-disease", "!=", constant=True), '"has:a-disease" != true'),
    ],
    ids=["not binds to the next term", "null is in no list", "a name with a sign"],
)
def test_as_written(tree: Tree, text: str) -> None:
    assert cql_expression(tree) == text
