"""Lint: rules that Kleene's logic would call unknown although every way of filling the gaps agrees are refused.

``age < 18 or age >= 18`` always holds, but three-valued logic cannot see it, and the engines that evaluate populations
use three-valued logic. A rule that passes here has the same answer in every engine, and the answer is exact.
"""

from __future__ import annotations

from ivigil.criteria.compiled import Variables
from ivigil.criteria.evaluate import holds
from ivigil.criteria.forest import Forest, Node
from ivigil.criteria.tree import And, Implies, Leaf, Not, Or, Tree, Xor, written
from ivigil.criteria.truth import Truth, conjunction, disjunction, exclusive, implication, negation, truth_of
from ivigil.facts import Catalogue

_KLEENE = {
    And: lambda left, right: conjunction((left, right)),
    Or: lambda left, right: disjunction((left, right)),
    Xor: exclusive,
    Implies: implication,
}


def lint(tree: Tree, catalogue: Catalogue) -> str | None:
    """Why ``tree`` must be written otherwise, or ``None``; exact for every combination of known and unknown facts."""
    variables = Variables([tree], catalogue)
    # One more class for each fact: "unknown".
    forest = Forest([arity + 1 for arity in variables.arities])
    kleene = _compile(tree, forest, variables)
    agreed = _all_completions(forest, _compile(tree, forest, variables, unknown_as_first=True))
    doubtful = forest.apply(lambda seen, sure: seen is Truth.UNKNOWN and sure is not Truth.UNKNOWN, kleene, agreed)
    path = _path_to_true(forest, doubtful)
    if path is None:
        return None
    unknown = [variables.partitions[level].fact for level, index in path.items() if index == variables.arities[level]]
    sure = _follow(forest, agreed, path)
    return (
        f"the answer is {sure} whatever {' and '.join(unknown)} may be, but three-valued logic calls it unknown; "
        f"write {written(tree)!r} without naming the same fact on both sides"
    )


def _compile(tree: Tree, forest: Forest, variables: Variables, *, unknown_as_first: bool = False) -> Node:
    match tree:
        case Not(operand):
            inner = _compile(operand, forest, variables, unknown_as_first=unknown_as_first)
            return forest.apply(negation, inner)
        case And(left, right) | Or(left, right) | Xor(left, right) | Implies(left, right):
            roots = [_compile(side, forest, variables, unknown_as_first=unknown_as_first) for side in (left, right)]
            return forest.apply(_KLEENE[type(tree)], *roots)
        case _:
            return _leaf(tree, forest, variables, unknown_as_first=unknown_as_first)


def _leaf(leaf: Leaf, forest: Forest, variables: Variables, *, unknown_as_first: bool) -> Node:
    level = variables.levels[leaf.fact]
    truths = [truth_of(holds(leaf, one.example)) for one in variables.partitions[level].classes]
    # For two-valued use the extra class is a copy that nothing reads: _all_completions replaces it.
    last = truths[0] if unknown_as_first else Truth.UNKNOWN
    return forest.node(level, (forest.terminal(truth) for truth in [*truths, last]))


def _all_completions(forest: Forest, root: Node) -> Node:
    """The function whose value at an unknown is what every class agrees on, and unknown where they differ."""
    done: dict[Node, Node] = {}

    def agreed(node: Node) -> Node:
        if forest.is_terminal(node):
            return node
        if node not in done:
            known = [agreed(child) for child in forest.children(node)[:-1]]
            done[node] = forest.node(forest.level(node), [*known, forest.apply(_consensus, *known)])
        return done[node]

    return agreed(root)


def _consensus(*truths: Truth) -> Truth:
    return truths[0] if all(truth is truths[0] for truth in truths) else Truth.UNKNOWN


def _path_to_true(forest: Forest, root: Node) -> dict[int, int] | None:
    """Classes, by level, that lead to ``True``; levels that do not matter are left out."""
    if forest.is_terminal(root):
        return {} if forest.label(root) is True else None
    for index, child in enumerate(forest.children(root)):
        path = _path_to_true(forest, child)
        if path is not None:
            return {forest.level(root): index, **path}
    return None


def _follow(forest: Forest, root: Node, path: dict[int, int]) -> str:
    node = root
    while not forest.is_terminal(node):
        node = forest.children(node)[path.get(forest.level(node), 0)]
    label = forest.label(node)
    return label.value if isinstance(label, Truth) else str(label)
