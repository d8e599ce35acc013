"""Lint: rules that Kleene's logic would call unknown although every way of filling the gaps agrees are refused.

``age < 18 or age >= 18`` always holds, but three-valued logic cannot see it, and the engines that evaluate populations
use three-valued logic. A rule that passes here has the same answer in every engine, and the answer is exact.
"""

from __future__ import annotations

from ivigil.criteria.compiled import Variables
from ivigil.criteria.evaluate import CONNECTIVES, holds
from ivigil.criteria.forest import Forest, Node
from ivigil.criteria.partition import described
from ivigil.criteria.tree import And, Implies, Leaf, Not, Or, Tree, Xor, written
from ivigil.criteria.truth import Truth, negation, truth_of
from ivigil.facts import Catalogue


def lint(tree: Tree, catalogue: Catalogue) -> str | None:
    """Why ``tree`` must be written otherwise, or ``None``; exact for every combination of known and unknown facts."""
    variables = Variables([tree], catalogue)
    # One more class for each fact: "unknown".
    forest = Forest([arity + 1 for arity in variables.arities])
    kleene = _compile(tree, forest, variables)
    agreed = _all_completions(forest, kleene)
    doubtful = forest.apply(lambda seen, sure: seen is Truth.UNKNOWN and sure is not Truth.UNKNOWN, kleene, agreed)
    path = _path_to_true(forest, doubtful)
    if path is None:
        return None
    return _complaint(tree, _follow(forest, agreed, path), _in_words(path, variables, catalogue))


def _complaint(tree: Tree, sure: str, given: dict[str, str | None]) -> str:
    unknown = " and ".join(fact for fact, words in given.items() if words is None)
    known = " and ".join(f"{fact} is {words}" for fact, words in given.items() if words is not None)
    return (
        f"{f'where {known}, ' if known else ''}the answer is {sure} whatever {unknown} may be, but three-valued logic "
        f"calls it unknown; write {written(tree)!r} without naming a fact where it does not matter"
    )


def _in_words(path: dict[int, int], variables: Variables, catalogue: Catalogue) -> dict[str, str | None]:
    """The class of each fact on ``path``, or ``None`` for an unknown one."""
    found: dict[str, str | None] = {}
    for level, index in path.items():
        one = variables.partitions[level]
        known = index < len(one.classes)
        found[one.fact] = described(one.classes[index], catalogue[one.fact]) if known else None
    return found


def _compile(tree: Tree, forest: Forest, variables: Variables) -> Node:
    """The truth by three-valued logic; the last class of each fact is *unknown*."""
    match tree:
        case Not(operand):
            return forest.apply(negation, _compile(operand, forest, variables))
        case And(left, right) | Or(left, right) | Xor(left, right) | Implies(left, right):
            roots = [_compile(side, forest, variables) for side in (left, right)]
            return forest.apply(CONNECTIVES[type(tree)], *roots)
        case _:
            return _leaf(tree, forest, variables)


def _leaf(leaf: Leaf, forest: Forest, variables: Variables) -> Node:
    level = variables.levels[leaf.fact]
    truths = [truth_of(holds(leaf, one.example)) for one in variables.partitions[level].classes]
    return forest.node(level, (forest.terminal(truth) for truth in [*truths, Truth.UNKNOWN]))


def _all_completions(forest: Forest, root: Node) -> Node:
    """The function whose value at an unknown is what every class agrees on, and unknown where they differ.

    Only the known classes of ``root`` are read: there, three-valued logic has two values.
    """
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
