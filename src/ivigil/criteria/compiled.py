"""Rules as diagrams: every fact of a set of rules is partitioned once; each rule becomes a function of the classes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from ivigil.criteria.evaluate import Extents, holds
from ivigil.criteria.forest import Forest, Node, Residual
from ivigil.criteria.partition import Partition, partition
from ivigil.criteria.tree import And, Implies, Leaf, Not, Or, Tree, Xor, leaves
from ivigil.facts import Catalogue


class Variables:
    """The facts of a set of rules in the order in which diagrams ask for them, each with its classes."""

    def __init__(self, trees: Iterable[Tree], catalogue: Catalogue, *, defined: Iterable[str] = ()) -> None:
        """Partition every fact that ``trees`` speak of, except those ``defined`` by a diagram of their own."""
        by_fact: dict[str, list[Leaf]] = {}
        for tree in trees:
            for leaf in leaves(tree):
                by_fact.setdefault(leaf.fact, []).append(leaf)
        for name in defined:
            by_fact.pop(name, None)
        self.partitions: tuple[Partition, ...] = tuple(
            partition(catalogue[fact], found) for fact, found in by_fact.items()
        )
        self.levels: dict[str, int] = {one.fact: level for level, one in enumerate(self.partitions)}

    @property
    def arities(self) -> tuple[int, ...]:
        """The number of classes of each fact."""
        return tuple(len(one.classes) for one in self.partitions)

    def allowed(self, extents: Extents) -> Sequence[tuple[int, ...]]:
        """The classes that each fact may still be in."""
        return [one.allowed(extents.get(one.fact)) for one in self.partitions]


def compile_tree(tree: Tree, forest: Forest, variables: Variables, defined: Mapping[str, Node] | None = None) -> Node:
    """``tree`` as a diagram with the labels ``True`` and ``False``.

    A fact in ``defined`` is itself a diagram, whose labels are the fact's values.
    """
    match tree:
        case Not(operand):
            return forest.apply(lambda value: not value, compile_tree(operand, forest, variables, defined))
        case And(left, right) | Or(left, right) | Xor(left, right) | Implies(left, right):
            roots = [compile_tree(side, forest, variables, defined) for side in (left, right)]
            return forest.apply(_FUNCTIONS[type(tree)], *roots)
        case _:
            return _leaf(tree, forest, variables, defined or {})


_FUNCTIONS = {
    And: lambda left, right: left and right,
    Or: lambda left, right: left or right,
    Xor: lambda left, right: left != right,
    Implies: lambda left, right: not left or right,
}


def _leaf(leaf: Leaf, forest: Forest, variables: Variables, defined: Mapping[str, Node]) -> Node:
    if leaf.fact in defined:
        return forest.apply(lambda value: holds(leaf, value), defined[leaf.fact])
    level = variables.levels[leaf.fact]
    classes = variables.partitions[level].classes
    return forest.node(level, (forest.terminal(holds(leaf, one.example)) for one in classes))


def relevant_unknowns(tree: Tree, catalogue: Catalogue, extents: Extents) -> tuple[str, ...]:
    """The facts whose value, as yet not pinned down, can still change whether ``tree`` holds; exact."""
    variables = Variables([tree], catalogue)
    forest = Forest(variables.arities)
    residual = Residual(forest, compile_tree(tree, forest, variables), variables.allowed(extents))
    return tuple(variables.partitions[level].fact for level in sorted(residual.support()))
