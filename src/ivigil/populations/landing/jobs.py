"""The two kinds of work of a landing, as they are sent to a process."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING, Field, dataclass, field, fields, replace
from datetime import date
from pathlib import Path
from typing import Any

from ivigil.facts.catalogue import Catalogue
from ivigil.knowledge import Library
from ivigil.populations.landing.mapping import TableMapping
from ivigil.populations.landing.parts import PartLander, Place
from ivigil.populations.landing.pieces import Task
from ivigil.populations.landing.records import Pieces
from ivigil.populations.landing.relevance import Relevance
from ivigil.populations.landing.sifting import sift
from ivigil.populations.landing.spill import Block


@dataclass
class Sift:
    """Reads tasks into spill files."""

    work: Path
    library: Library
    parts: int
    mapping: TableMapping | None = None
    _relevance: list[Relevance] = field(default_factory=list)

    def __call__(self, task: Task) -> None:
        """Read one."""
        if not self._relevance:
            self._relevance.append(Relevance(self.library.vocabulary))
        sift(task, self.work, self._relevance[0], self.parts, self.mapping)


@dataclass
class LandPart:
    """Lands parts from spill files; ``blocks`` are where the resources of each part stand."""

    place: Place
    library: Library
    today: date | None
    pieces: Pieces
    shared: tuple[Block, ...]
    blocks: Mapping[int, tuple[Block, ...]]
    mapping: TableMapping | None = None
    _lander: list[PartLander] = field(default_factory=list)

    def __call__(self, part: int) -> None:
        """Land one."""
        if not self._lander:
            self._lander.append(
                PartLander(self.place, self.library, self.today, self.pieces, self.shared, self.mapping)
            )
        self._lander[0].land(part, self.blocks.get(part, ()))


# All that landing makes use of.
_USED = frozenset({"catalogue", "indications", "medication", "doubt"})


def sendable(library: Library) -> Library:
    """The part of a library that landing needs, in a form that can be sent to a process."""
    empty = {one.name: _empty(library, one) for one in fields(library) if one.name not in _USED}
    catalogue = Catalogue(dict(library.catalogue.facts), library.catalogue.truth_answers)
    return replace(library, **{**empty, "catalogue": catalogue, "indications": dict(library.indications)})


def _empty(library: Library, one: Field[Any]) -> Any:  # noqa: ANN401 - whatever the field holds when it holds nothing
    if one.default_factory is not MISSING:
        return one.default_factory()
    value = getattr(library, one.name)
    return {} if isinstance(value, Mapping) else value
