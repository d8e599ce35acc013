"""The strategies reach everything a rule can be made of, so that no node escapes the properties."""

from __future__ import annotations

import dataclasses

from hypothesis import given, settings
from tests.property.rule_strategies import CATALOGUE, COMPARATORS, Question, nodes, questions

from ivigil.criteria import leaves
from ivigil.criteria import tree as tree_module
from ivigil.criteria.tree import Compare

EXAMPLES = 300


def drawn() -> list[Question]:
    found: list[Question] = []

    @settings(max_examples=EXAMPLES)
    @given(questions())
    def collect(question: Question) -> None:
        found.append(question)

    collect()
    return found


def test_every_node_comparator_fact_and_extent_is_drawn() -> None:
    found = drawn()
    every = [node for question in found for node in nodes(question.tree)]
    node_classes = {one for one in vars(tree_module).values() if dataclasses.is_dataclass(one)}
    assert {type(node) for node in every} == node_classes
    assert {node.comparator for node in every if isinstance(node, Compare)} == set(COMPARATORS)
    assert {fact for question in found for fact in question.extents} == set(CATALOGUE.facts)
    extents = {type(one).__name__ for question in found for one in question.extents.values()}
    assert extents == {"NoneType", "Exactly", "Between", "OneOf"}


def test_rules_of_several_facts_and_facts_named_twice_are_drawn_in_plenty() -> None:
    """Where each fact is named once, three-valued logic is exact and there is nothing to find."""
    found = drawn()
    several = [question for question in found if len(question.extents) > 1]
    twice = [question for question in found if len(list(leaves(question.tree))) > len(question.extents)]
    assert len(several) > EXAMPLES // 4
    assert len(twice) > EXAMPLES // 4
