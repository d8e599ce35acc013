"""Many diagrams as one: each case starts where its indication says, and equal parts are walked once for all.

A part of one appraisal's diagram that equals a part of another's (the same facts with the same classes, leading to the
same answers) becomes one node. Which answers a case can still reach does not depend on the others that share a node,
because every case starts at one place only.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from ivigil.criteria import Forest, Partition

Place = int


@dataclass(frozen=True)
class Branch:
    """A node: the fact asked for, by the number of its partition, and the place that follows each class."""

    question: int
    children: tuple[Place, ...]


@dataclass(frozen=True)
class Joined:
    """Nodes with children before their parents; ``starts`` are the places where cases begin, each with its keys.

    ``questions`` are the facts asked for, each with the classes that are told apart.
    """

    questions: tuple[Partition, ...]
    nodes: tuple[Branch | Hashable, ...]
    starts: Mapping[Place, tuple[str, ...]]

    def branches(self) -> Iterable[tuple[Place, Branch]]:
        """The nodes that ask something, children before parents."""
        return ((place, node) for place, node in enumerate(self.nodes) if isinstance(node, Branch))

    def branches_to(self, tag: Hashable) -> Iterable[tuple[Place, Branch]]:
        """The nodes that lead to answers beside ``tag``; no node leads to answers beside two tags."""
        leading: set[Place] = {place for place, label in self.labels() if isinstance(label, tuple) and label[0] == tag}
        for place, node in self.branches():
            if leading.intersection(node.children):
                leading.add(place)
                yield place, node

    def labels(self) -> Iterable[tuple[Place, Hashable]]:
        """The nodes that answer."""
        return ((place, node) for place, node in enumerate(self.nodes) if not isinstance(node, Branch))

    @cached_property
    def entries(self) -> Mapping[Place, list[tuple[Place, int, int]]]:
        """The ways into each node: from which place, with which answer (its number) to which question (its number)."""
        found: dict[Place, list[tuple[Place, int, int]]] = {place: [] for place in range(len(self.nodes))}
        for place, node in self.branches():
            for index, child in enumerate(node.children):
                found[child].append((place, node.question, index))
        return found

    def layers(self) -> list[list[Place]]:
        """The nodes by the longest way to them: each layer follows from the layers before it."""
        depth = [0] * len(self.nodes)
        for place, node in reversed(list(self.branches())):
            for child in node.children:
                depth[child] = max(depth[child], depth[place] + 1)
        return [[place for place, one in enumerate(depth) if one == at] for at in range(max(depth, default=-1) + 1)]


@dataclass
class Joining:
    """Diagrams being joined."""

    _questions: dict[tuple[str, Hashable], int] = field(default_factory=dict)
    _asked: list[Partition] = field(default_factory=list)
    _places: dict[Hashable, Place] = field(default_factory=dict)
    _nodes: list[Branch | Hashable] = field(default_factory=list)
    _starts: dict[Place, list[str]] = field(default_factory=dict)

    def answer(self, label: Hashable) -> Place:
        """The node that answers ``label``."""
        return self._placed(("answer", label), label)

    def branch(self, question: Partition, children: Sequence[Place]) -> Place:
        """The node that asks ``question``; where nothing depends on the answer, what follows."""
        if len(set(children)) == 1:
            return children[0]
        key = (question.fact, question.classes)
        if key not in self._questions:
            self._questions[key] = len(self._asked)
            self._asked.append(question)
        node = Branch(self._questions[key], tuple(children))
        return self._placed(node, node)

    def _placed(self, key: Hashable, node: Branch | Hashable) -> Place:
        if key not in self._places:
            self._places[key] = len(self._nodes)
            self._nodes.append(node)
        return self._places[key]

    def diagram(self, forest: Forest, root: int, questions: Sequence[Partition], tag: str) -> Place:
        """A diagram of ``forest``, whose levels ask ``questions``; each answer is put beside ``tag``."""
        done: dict[int, Place] = {}

        def placed(node: int) -> Place:
            if node not in done:
                if forest.is_terminal(node):
                    done[node] = self.answer((tag, forest.label(node)))
                else:
                    children = [placed(child) for child in forest.children(node)]
                    done[node] = self.branch(questions[forest.level(node)], children)
            return done[node]

        return placed(root)

    def start(self, key: str, place: Place) -> None:
        """Let the cases with this key begin at ``place``."""
        self._starts.setdefault(place, []).append(key)

    def joined(self) -> Joined:
        """All of them as one."""
        starts = {place: tuple(keys) for place, keys in self._starts.items()}
        return Joined(tuple(self._asked), tuple(self._nodes), starts)
