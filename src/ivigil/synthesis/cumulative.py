"""Cumulative meta-analysis: the pooled effect after each further study, in a given order such as year."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from ivigil.documents import BadInput, Fault
from ivigil.synthesis.options import Options
from ivigil.synthesis.pool import pool
from ivigil.synthesis.results import Effects, Pooled
from ivigil.synthesis.selection import chosen

_DEFAULTS = Options()


@dataclass(frozen=True)
class Step:
    """The pooled effect once the study with ``label`` has joined; ``at`` is its place in the order, such as a year."""

    label: str
    at: float
    pooled: Pooled


def cumulative(effects: Effects, by: Sequence[float], options: Options = _DEFAULTS) -> tuple[Step, ...]:
    """The pooled effect as studies join one at a time, by rising ``by``, which holds a number for each study.

    Studies with the same number join in the order they stand in. Raises ``BadInput`` where ``by`` does not give every
    study a number.
    """
    if faults := _faults(effects, by):
        raise BadInput(faults)
    places = sorted(range(len(by)), key=lambda place: by[place])
    return tuple(
        Step(effects.labels[place], by[place], pool(chosen(effects, places[: count + 1]), options))
        for count, place in enumerate(places)
    )


def _faults(effects: Effects, by: Sequence[float]) -> list[Fault]:
    if len(by) != len(effects.rows):
        return [Fault("order", f"{len(by)} numbers", f"{len(effects.rows)}, one for each study")]
    labels = effects.labels
    bad = [place for place, at in enumerate(by) if not math.isfinite(at)]
    return [Fault(f"order of {labels[place]}", str(by[place]), "a finite number, such as a year") for place in bad]
