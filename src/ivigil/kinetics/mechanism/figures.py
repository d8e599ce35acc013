"""The figures of the hypotheses as numbers, from the library or from a caller who tries others."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from ivigil.documents import BadInput, Fault
from ivigil.knowledge.kinetic_records import Hypothesis, ModelFigure
from ivigil.knowledge.library import Library

Others = Mapping[str, Mapping[str, float]]


@dataclass(frozen=True)
class Figures:
    """Figures by hypothesis and name. Raises :class:`BadInput` where one is asked for that is not held."""

    held: Mapping[str, Mapping[str, float]]

    def __getitem__(self, place: tuple[str, str]) -> float:
        hypothesis, name = place
        try:
            return self.held[hypothesis][name]
        except KeyError:
            where = f"hypotheses/{hypothesis}"
            raise BadInput([Fault(where, f"no figure {name!r}", "a figure of that name")]) from None


def figures_of(library: Library, others: Others | None = None) -> Figures:
    """Every figure of every hypothesis; ``others`` stand in for those of the library.

    Raises :class:`BadInput` for a figure that no hypothesis has, or that is no number of 0 or more.
    """
    held = {key: {one.name: float(one.value) for one in value.figures} for key, value in _known(library).items()}
    if faults := list(_faults(held, others or {})):
        raise BadInput(faults)
    return Figures({key: {**known, **(others or {}).get(key, {})} for key, known in held.items()})


def illustrative(hypothesis: Hypothesis) -> tuple[ModelFigure, ...]:
    """The figures that neither a source nor a script gives: chosen so that the term can be run at all."""
    return tuple(one for one in hypothesis.figures if one.passage is None and one.script is None)


def _faults(held: Others, others: Others) -> Iterator[Fault]:
    for key, given in others.items():
        for name, value in given.items():
            where = f"figures, {key}, {name}"
            if name not in held.get(key, {}):
                yield Fault(where, "no such figure", "a figure of a hypothesis")
            elif not (math.isfinite(value) and value >= 0):
                yield Fault(where, f"{value:g}", "a finite number, 0 or more")


def _known(library: Library) -> Mapping[str, Hypothesis]:
    return library.kinetics.hypotheses
