"""Three-valued logic agrees with every way of filling the gaps, and lint says exactly where it sees too little."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

from hypothesis import event, given
from hypothesis import strategies as st
from tests.property.rule_strategies import (
    CATALOGUE,
    HIGHEST,
    LOWEST,
    THRESHOLDS,
    Completion,
    Question,
    allows,
    answers,
    completions,
    facts,
    leaves_of,
    naive,
    naive_leaf,
    plausible_values,
    questions,
    trees,
)

from ivigil.criteria import Extents, Tree, Truth, evaluate, facts_of, leaves, lint, relevant_unknowns
from ivigil.criteria.tree import Constant
from ivigil.criteria.truth import truth_of
from ivigil.facts import Between, Exactly

plausible_thresholds = st.sampled_from([one for one in THRESHOLDS if LOWEST <= one <= HIGHEST])


@given(questions())
def test_a_definite_truth_agrees_with_every_completion(question: Question) -> None:
    truth = evaluate(question.tree, question.extents).truth
    event(truth.value)
    if truth.definite:
        assert set(answers(question).values()) == {truth is Truth.MET}


@given(trees(), st.data())
def test_with_every_fact_known_the_truth_is_that_of_two_valued_logic(tree: Tree, data: st.DataObject) -> None:
    values = {name: data.draw(st.sampled_from(plausible_values(CATALOGUE[name]))) for name in facts_of(tree)}
    truth = evaluate(tree, {name: Exactly(value) for name, value in values.items()}).truth
    assert truth is (Truth.MET if naive(tree, values) else Truth.NOT_MET)


@given(questions(), st.data())
def test_forgetting_a_fact_never_turns_one_definite_truth_into_another(question: Question, data: st.DataObject) -> None:
    forgotten = data.draw(st.sampled_from(facts_of(question.tree)))
    before = evaluate(question.tree, question.extents).truth
    after = evaluate(question.tree, {**question.extents, forgotten: None}).truth
    assert after in {before, Truth.UNKNOWN}


@given(questions())
def test_relevant_unknowns_are_exactly_those_that_can_change_the_answer(question: Question) -> None:
    found = answers(question)
    relevant = tuple(
        name
        for place, name in enumerate(facts_of(question.tree))
        if any(found[one] != found[other] for one, other in differing_only_at(place, list(found)))
    )
    event(f"{len(relevant)} relevant of {len(question.extents)}")
    assert relevant_unknowns(question.tree, CATALOGUE, question.extents) == relevant


def differing_only_at(place: int, every: list[tuple[object, ...]]) -> Iterator[tuple[tuple, tuple]]:  # type: ignore[type-arg] # values of any kind
    """Each completion beside the first that differs from it in nothing but the value at ``place``."""
    first: dict[tuple[object, ...], tuple[object, ...]] = {}
    for one in every:
        rest = (*one[:place], *one[place + 1 :])
        yield one, first.setdefault(rest, one)


@given(st.data())
def test_a_comparison_of_a_quantity_is_exact_over_every_plausible_span(data: st.DataObject) -> None:
    fact = data.draw(facts(["quantity"]))
    leaf = data.draw(leaves_of(fact))
    low, high = sorted(data.draw(st.lists(plausible_thresholds, min_size=2, max_size=2, unique=True)))
    extent = Between(low, high, data.draw(st.booleans()), data.draw(st.booleans()))
    outcomes = {naive_leaf(leaf, value) for value in plausible_values(fact) if allows(extent, value)}
    truth = evaluate(leaf, {fact.id: extent}).truth
    assert truth is (truth_of(outcomes.pop()) if len(outcomes) == 1 else Truth.UNKNOWN)


@given(trees(most_facts=3, most_leaves=6))
def test_lint_passes_exactly_the_rules_that_three_valued_logic_answers_as_well_as_can_be(tree: Tree) -> None:
    complaint = lint(tree, CATALOGUE)
    event("passes" if complaint is None else "refused")
    exact = all(sees_all(tree, known) for known in partial_assignments(tree))
    assert (complaint is None) == exact


def sees_all(tree: Tree, known: Extents) -> bool:
    outcomes = {naive(tree, one) for one in distinct_completions(tree, known)}
    return evaluate(tree, known).truth.definite == (len(outcomes) == 1)


def partial_assignments(tree: Tree) -> Iterator[Extents]:
    names = facts_of(tree)
    options = [[None, *(Exactly(value) for value in distinct_values(tree, name))] for name in names]
    return (dict(zip(names, chosen, strict=True)) for chosen in product(*options))


def distinct_completions(tree: Tree, known: Extents) -> Iterator[Completion]:
    names = facts_of(tree)
    options = [
        [one.value] if isinstance(one := known[name], Exactly) else distinct_values(tree, name) for name in names
    ]
    return (dict(zip(names, chosen, strict=True)) for chosen in product(*options))  # type: ignore[arg-type] # no dates


def distinct_values(tree: Tree, name: str) -> list[Constant]:
    """One plausible value for each way in which the leaves about a fact can come out together."""
    about = [leaf for leaf in leaves(tree) if leaf.fact == name]
    found = {tuple(naive_leaf(leaf, value) for leaf in about): value for value in plausible_values(CATALOGUE[name])}
    return list(found.values())


@given(questions())
def test_a_trace_has_the_shape_of_its_rule_and_a_truth_for_each_node(question: Question) -> None:
    waiting = [(evaluate(question.tree, question.extents), question.tree)]
    while waiting:
        trace, tree = waiting.pop()
        assert trace.tree == tree
        assert trace.truth is evaluate(tree, question.extents).truth
        operands = [getattr(tree, name) for name in ("operand", "left", "right") if hasattr(tree, name)]
        waiting += zip(trace.operands, operands, strict=True)


@given(questions())
def test_completions_of_the_brute_force_are_never_none(question: Question) -> None:
    assert next(completions(facts_of(question.tree), question.extents), None) is not None
