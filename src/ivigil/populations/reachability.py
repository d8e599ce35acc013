"""What each row of a table can still reach in a diagram, layer by layer.

An answer is open where its class is among those its fact may be in; a node is reached where some reached node leads to
it over an open answer. All of these are definite truths: an unknown fact opens several answers, and nothing is ever
chosen on an unknown condition.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ivigil.criteria.frames import FactColumns, open_classes
from ivigil.populations.diagrams import Joined, Place
from ivigil.tables import Expr, Frame, column, kinds_of
from ivigil.tables.expressions import one_of, some


@dataclass(frozen=True)
class Reached:
    """A table with a truth for each answer of a diagram, and what was carried along."""

    frame: Frame
    joined: Joined

    def labels(self, tag: str) -> dict[str, Expr]:
        """Each answer beside ``tag`` that the diagram has, with whether it can be reached."""
        return {
            str(label[1]): column(_node(place))
            for place, label in self.joined.labels()
            if isinstance(label, tuple) and label[0] == tag
        }

    def undecided(self, tag: str) -> Mapping[str, Expr]:
        """By fact: whether, on the ways to answers beside ``tag``, it can be asked for with several answers open.

        Only where :func:`reached` was told to keep the ways to them.
        """
        found: dict[str, list[Expr]] = {}
        for number, places in _asked(self.joined, tag).items():
            reaching = some([column(_node(place)) for place in places])
            found.setdefault(self.joined.questions[number].fact, []).append(reaching & column(_several(number)))
        return {name: some(truths) for name, truths in found.items()}


def reached(frame: Frame, joined: Joined, carried: Sequence[str], *, key: str, ways_to: str | None = None) -> Reached:
    """What can be reached from where the column ``key``, which is never empty, lets each row begin.

    ``frame`` has what :func:`opened` adds. Only the columns ``carried`` are carried along; with ``ways_to``, what
    :meth:`Reached.undecided` needs of answers beside that tag.
    """
    steps = [{_node(place): _Way(place, joined, key) for place in layer} for layer in joined.layers()]
    wanted = {*carried, *(_node(place) for place, _ in joined.labels()), *(_way_columns(joined, ways_to))}
    # Backwards, what each step has to leave for those that follow; engines take long over columns that nobody reads.
    left: list[set[str]] = []
    for step in reversed(steps):
        left.append(wanted)
        wanted = (wanted - step.keys()).union(*(way.reads for way in step.values()))
    found, there = frame, set(kinds_of(frame))
    for step, leave in zip(steps, reversed(left), strict=True):
        found = found.select(*sorted(leave & there), **{name: way.expression for name, way in step.items()})
        there = leave | step.keys()
    return Reached(found, joined)


def opened(joined: Joined, columns: FactColumns) -> dict[str, Expr]:
    """For each answer to each question: whether it is open."""
    return {
        _open(number, index): one
        for number, question in enumerate(joined.questions)
        for index, one in enumerate(open_classes(question, columns))
    }


def several_open(joined: Joined, tag: str) -> dict[str, Expr]:
    """For each question on the ways to answers beside ``tag``: whether more than one answer is open."""
    return {_several(number): _more_than_one(_answers(joined, number)) for number in _asked(joined, tag)}


def _more_than_one(truths: Sequence[Expr]) -> Expr:
    return some([one & some(truths[index + 1 :]) for index, one in enumerate(truths[:-1])])


def _answers(joined: Joined, question: int) -> list[Expr]:
    return [column(_open(question, index)) for index in range(len(joined.questions[question].classes))]


def _asked(joined: Joined, tag: str) -> dict[int, list[Place]]:
    """The questions asked on the ways to answers beside ``tag``, with the nodes that ask them."""
    found: dict[int, list[Place]] = {}
    for place, node in joined.branches_to(tag):
        found.setdefault(node.question, []).append(place)
    return found


def _way_columns(joined: Joined, tag: str | None) -> set[str]:
    asked = {} if tag is None else _asked(joined, tag)
    return {_several(number) for number in asked} | {_node(place) for places in asked.values() for place in places}


@dataclass(frozen=True)
class _Way:
    """How a node is reached: from others over open answers, or as the place where a row begins."""

    place: Place
    joined: Joined
    key: str

    @property
    def reads(self) -> set[str]:
        """The columns that have to be there."""
        entries = self.joined.entries[self.place]
        sources = {_node(source) for source, _, _ in entries} | {_open(number, index) for _, number, index in entries}
        return sources | ({self.key} if self.place in self.joined.starts else set())

    @property
    def expression(self) -> Expr:
        """Whether it is reached."""
        entries = self.joined.entries[self.place]
        ways = [column(_node(source)) & column(_open(number, index)) for source, number, index in entries]
        starts = self.joined.starts.get(self.place, ())
        return some([*ways, *([one_of(column(self.key), starts)] if starts else [])])


def _open(question: int, index: int) -> str:
    return f"open answer {question} {index}"


def _several(question: int) -> str:
    return f"several answers {question}"


def _node(place: Place) -> str:
    return f"node {place}"
