"""Decision diagrams: a rule compiled once into a function of classes, on which questions about unknowns are exact.

A diagram is ordered (facts are asked in one order) and reduced (no question whose answer does not matter, no two equal
parts), after Bryant, and has any number of terminal labels. Because a reduced ordered diagram is unique, a fact matters
to a function if and only if it stands in its diagram.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence

Node = int
Label = Hashable


class Forest:
    """Diagrams over one list of variables; ``arities[level]`` is the number of classes of the one at that level."""

    def __init__(self, arities: Sequence[int]) -> None:
        """An empty forest."""
        self.arities = tuple(arities)
        self._levels: list[int] = []
        self._children: list[tuple[Node, ...]] = []
        self._labels: dict[Node, Label] = {}
        self._known: dict[tuple[int, tuple[Node, ...]], Node] = {}
        self._terminals: dict[Label, Node] = {}

    def terminal(self, label: Label) -> Node:
        """The constant function ``label``."""
        if label not in self._terminals:
            node = self._add(len(self.arities), ())
            self._terminals[label] = node
            self._labels[node] = label
        return self._terminals[label]

    def node(self, level: int, children: Iterable[Node]) -> Node:
        """The function that asks for the class of the variable at ``level`` and goes on with that child."""
        given = tuple(children)
        if given.count(given[0]) == len(given):
            return given[0]
        key = (level, given)
        if key not in self._known:
            self._known[key] = self._add(level, given)
        return self._known[key]

    def _add(self, level: int, children: tuple[Node, ...]) -> Node:
        self._levels.append(level)
        self._children.append(children)
        return len(self._levels) - 1

    def label(self, node: Node) -> Label | None:
        """The label of a terminal; ``None`` for any other node."""
        return self._labels.get(node)

    def is_terminal(self, node: Node) -> bool:
        """Whether the function is constant."""
        return node in self._labels

    def level(self, node: Node) -> int:
        """The level of the variable that ``node`` asks for."""
        return self._levels[node]

    def children(self, node: Node) -> tuple[Node, ...]:
        """What follows for each class."""
        return self._children[node]

    def apply(self, function: Callable[..., Label], *roots: Node) -> Node:
        """The diagram of ``function`` of the labels of ``roots``, point by point."""
        done: dict[tuple[Node, ...], Node] = {}

        def combined(nodes: tuple[Node, ...]) -> Node:
            if nodes not in done:
                done[nodes] = self._combine(function, nodes, combined)
            return done[nodes]

        return combined(roots)

    def _combine(
        self, function: Callable[..., Label], nodes: tuple[Node, ...], combined: Callable[[tuple[Node, ...]], Node]
    ) -> Node:
        levels = [self._levels[node] for node in nodes]
        level = min(levels)
        if level == len(self.arities):
            return self.terminal(function(*(self._labels[node] for node in nodes)))
        arity = self.arities[level]
        # Of each function what is left of it for each class; one that does not ask for the variable stays as it is.
        left = [
            self._children[node] if at == level else (node,) * arity for node, at in zip(nodes, levels, strict=True)
        ]
        return self.node(level, [combined(one) for one in zip(*left, strict=True)])

    def size(self) -> int:
        """How many nodes there are."""
        return len(self._levels)

    def reachable(self, root: Node) -> Iterator[Node]:
        """Every node of the diagram under ``root``, each once."""
        seen, waiting = {root}, [root]
        while waiting:
            node = waiting.pop()
            yield node
            fresh = [child for child in self._children[node] if child not in seen]
            seen.update(fresh)
            waiting += fresh


class Residual:
    """What is left of a diagram once some variables are limited to some of their classes, reduced again."""

    def __init__(self, forest: Forest, root: Node, allowed: Sequence[tuple[int, ...]]) -> None:
        """Limit the variable at each level to the classes ``allowed[level]`` (never empty)."""
        self._allowed = allowed
        self._forest = forest
        self._unique: dict[Hashable, int] = {}
        self._nodes: list[tuple[int, tuple[int, ...], Label | None]] = []
        self._done: dict[Node, int] = {}
        self._root = self._limit(root)

    def _limit(self, node: Node) -> int:
        known = self._done.get(node)
        if known is not None:
            return known
        forest = self._forest
        if forest.is_terminal(node):
            found = self._intern(len(forest.arities), (), forest.label(node))
        else:
            level = forest.level(node)
            children = forest.children(node)
            kept = tuple(self._limit(children[index]) for index in self._allowed[level])
            found = kept[0] if all(one == kept[0] for one in kept) else self._intern(level, kept, None)
        self._done[node] = found
        return found

    def _intern(self, level: int, children: tuple[int, ...], label: Label | None) -> int:
        key = (level, children, label)
        if key not in self._unique:
            self._unique[key] = len(self._nodes)
            self._nodes.append(key)
        return self._unique[key]

    @property
    def labels(self) -> frozenset[Label]:
        """The values the function can still take."""
        return self._labels_where(None, 0)

    @property
    def constant(self) -> Label | None:
        """The one value the function has whatever the unknowns turn out to be, or ``None``."""
        level, _, label = self._nodes[self._root]
        return label if level == len(self._forest.arities) else None

    def support(self) -> frozenset[int]:
        """The levels of the variables that can still change the value: the relevant unknowns, exactly."""
        ends = len(self._forest.arities)
        return frozenset(self._nodes[node][0] for node in self._walk(None, 0) if self._nodes[node][0] != ends)

    def by_class(self, level: int) -> dict[int, frozenset[Label]]:
        """For each class still allowed at ``level``: the values the function can take once it is known."""
        return {index: self._labels_where(level, place) for place, index in enumerate(self._allowed[level])}

    def _labels_where(self, level: int | None, place: int) -> frozenset[Label]:
        ends = len(self._forest.arities)
        return frozenset(self._nodes[node][2] for node in self._walk(level, place) if self._nodes[node][0] == ends)

    def _walk(self, fixed: int | None, place: int) -> Iterator[int]:
        """Every node that can be reached when the variable at ``fixed`` takes its ``place``-th allowed class."""
        seen, waiting = {self._root}, [self._root]
        while waiting:
            node = waiting.pop()
            yield node
            level, children, _ = self._nodes[node]
            for child in (children[place],) if level == fixed else children:
                if child not in seen:
                    seen.add(child)
                    waiting.append(child)
