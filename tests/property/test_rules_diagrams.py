"""Diagrams: combining them is done point by point, and what is left of one under partial knowledge is exact."""

from __future__ import annotations

from itertools import product

from hypothesis import given
from hypothesis import strategies as st
from tests.property.rule_strategies import CATALOGUE, Question, completions, naive, questions, trees

from ivigil.criteria import Forest, Residual, Tree, Variables, compile_tree
from ivigil.criteria.forest import Label, Node
from ivigil.criteria.tree import And
from ivigil.facts import Exactly


def value_at(forest: Forest, root: Node, classes: tuple[int, ...]) -> Label | None:
    """The label that a diagram leads to when the variable at each level is in the class given."""
    node = root
    while not forest.is_terminal(node):
        node = forest.children(node)[classes[forest.level(node)]]
    return forest.label(node)


@st.composite
def diagrams(draw: st.DrawFn) -> tuple[Forest, list[Node]]:
    """Up to three functions of few classes with one to three labels, each as a table and then as a diagram."""
    arities = draw(st.lists(st.integers(1, 3), min_size=1, max_size=3))
    forest = Forest(arities)
    return forest, [draw(tabled(forest, 0)) for _ in range(draw(st.integers(1, 3)))]


@st.composite
def tabled(draw: st.DrawFn, forest: Forest, level: int) -> Node:
    if level == len(forest.arities):
        return forest.terminal(draw(st.sampled_from("abc")))
    return forest.node(level, [draw(tabled(forest, level + 1)) for _ in range(forest.arities[level])])


def points(forest: Forest) -> list[tuple[int, ...]]:
    return list(product(*(range(arity) for arity in forest.arities)))


@given(diagrams())
def test_apply_is_done_point_by_point(drawn: tuple[Forest, list[Node]]) -> None:
    forest, roots = drawn
    joined = forest.apply(lambda *labels: "".join(labels), *roots)
    for point in points(forest):
        assert value_at(forest, joined, point) == "".join(str(value_at(forest, root, point)) for root in roots)


@given(diagrams())
def test_equal_functions_are_one_node(drawn: tuple[Forest, list[Node]]) -> None:
    forest, roots = drawn
    tables = [tuple(value_at(forest, root, point) for point in points(forest)) for root in roots]
    for one, table in zip(roots, tables, strict=True):
        for other, other_table in zip(roots, tables, strict=True):
            assert (one == other) == (table == other_table)


def test_a_question_whose_answer_does_not_matter_is_not_asked() -> None:
    forest = Forest([2, 3])
    yes, no = forest.terminal("yes"), forest.terminal("no")
    assert forest.node(0, [yes, yes]) == yes
    asked = forest.node(1, [yes, no, yes])
    assert forest.node(0, [asked, asked]) == asked
    assert forest.apply(lambda _: "same", asked) == forest.terminal("same")


@given(diagrams(), st.data())
def test_what_is_left_of_a_diagram_is_exact(drawn: tuple[Forest, list[Node]], data: st.DataObject) -> None:
    forest, (root, *_) = drawn
    allowed = [tuple(sorted(data.draw(st.sets(st.sampled_from(range(arity)), min_size=1)))) for arity in forest.arities]
    residual = Residual(forest, root, allowed)
    values = {point: value_at(forest, root, point) for point in product(*allowed)}
    assert residual.labels == set(values.values())
    assert residual.constant == (next(iter(values.values())) if len(set(values.values())) == 1 else None)
    assert residual.support() == {level for level in range(len(allowed)) if matters(level, values)}
    for level, classes in enumerate(allowed):
        by_class = {index: {label for point, label in values.items() if point[level] == index} for index in classes}
        assert residual.by_class(level) == by_class


def matters(level: int, values: dict[tuple[int, ...], Label | None]) -> bool:
    labels: dict[tuple[int, ...], set[Label | None]] = {}
    for point, label in values.items():
        labels.setdefault((*point[:level], *point[level + 1 :]), set()).add(label)
    return any(len(found) > 1 for found in labels.values())


@given(questions(), st.data())
def test_a_compiled_rule_is_exact_under_partial_knowledge(question: Question, data: st.DataObject) -> None:
    """Labels, support and the outcome by class, when rules make the diagram and extents the limits."""
    # A second rule over the same facts, so that there are four labels and not two.
    other: Tree = data.draw(trees(most_facts=1, most_leaves=3))
    variables = Variables([And(question.tree, other)], CATALOGUE)
    forest = Forest(variables.arities)
    roots = [compile_tree(tree, forest, variables) for tree in (question.tree, other)]
    root = forest.apply(lambda *labels: labels, *roots)
    residual = Residual(forest, root, variables.allowed(question.extents))
    names = list(variables.levels)
    found = {
        tuple(variables.partitions[level].index(one[name]) for level, name in enumerate(names)): (
            naive(question.tree, one),
            naive(other, one),
        )
        for one in completions(names, question.extents)
    }
    assert residual.labels == set(found.values())
    assert residual.support() == {level for level in range(len(names)) if matters(level, dict(found))}
    for level in range(len(names)):
        by_class: dict[int, set[object]] = {}
        for point, label in found.items():
            by_class.setdefault(point[level], set()).add(label)
        assert residual.by_class(level) == by_class


@given(trees(most_facts=2), trees(most_facts=2), st.data())
def test_a_fact_may_itself_be_a_diagram(outer: Tree, inner: Tree, data: st.DataObject) -> None:
    """``outer`` speaks of ``truth_one``, and whether that holds is decided by ``inner``."""
    variables = Variables([outer, inner], CATALOGUE)
    forest = Forest(variables.arities)
    decided = compile_tree(inner, forest, variables)
    root = compile_tree(outer, forest, variables, {"truth_one": decided})
    names = list(variables.levels)
    values = {name: data.draw(st.sampled_from(possible)) for name, possible in plausible(names).items()}
    extents = {name: Exactly(value) for name, value in values.items()}
    constant = Residual(forest, root, variables.allowed(extents)).constant
    assert constant == naive(outer, {**values, "truth_one": naive(inner, values)})


def plausible(names: list[str]) -> dict[str, list[bool]]:
    return {name: [next(iter(one.values())) for one in completions([name], {})] for name in names}  # type: ignore[misc] # values of any kind
