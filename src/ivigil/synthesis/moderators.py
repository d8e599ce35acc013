"""Moderators: what is known of each study that its effect may vary with, as columns of a design."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from ivigil.documents import Fault
from ivigil.synthesis.results import FloatArray


@dataclass(frozen=True)
class Numeric:
    """A number of each study, by the study's label; the coefficient is of one unit of it."""

    name: str
    values: Mapping[str, float]


@dataclass(frozen=True)
class Categorical:
    """A category of each study, by the study's label; each coefficient is of one category against ``reference``."""

    name: str
    values: Mapping[str, str]
    reference: str


Moderator = Numeric | Categorical


def columns_of(labels: Sequence[str], moderator: Moderator) -> list[tuple[str, FloatArray]]:
    """The named columns of one moderator for the studies ``labels``; categories in alphabetical order.

    A study without a value gets nothing here: :func:`moderator_faults` names it.
    """
    if isinstance(moderator, Numeric):
        return [(moderator.name, np.array([moderator.values.get(label, math.nan) for label in labels]))]
    held = [moderator.values.get(label) for label in labels]
    others = sorted({one for one in held if one is not None} - {moderator.reference})
    return [(f"{moderator.name}: {other}", np.array([float(one == other) for one in held])) for other in others]


def moderator_faults(labels: Sequence[str], moderators: Sequence[Moderator]) -> tuple[Fault, ...]:
    """Everything that keeps ``moderators`` from being used for the studies ``labels``."""
    names = [moderator.name for moderator in moderators]
    twice = sorted({name for name in names if names.count(name) > 1})
    faults = [Fault(f"moderator {name}", "the name twice", "a name of its own") for name in twice]
    for moderator in moderators:
        faults.extend(_faults_of(labels, moderator))
    return tuple(faults)


def _faults_of(labels: Sequence[str], moderator: Moderator) -> Iterator[Fault]:
    where = f"moderator {moderator.name}"
    for label in labels:
        value = moderator.values.get(label)
        if value is None:
            hint = "Leave the study out, or find the value."
            yield Fault(where, f"no value for {label}", "a value for every study", hint)
        elif not isinstance(value, str) and not math.isfinite(value):
            yield Fault(where, f"{value} for {label}", "a finite number")
    if isinstance(moderator, Categorical):
        yield from _category_faults(labels, moderator)


def _category_faults(labels: Sequence[str], moderator: Categorical) -> Iterator[Fault]:
    held = sorted({moderator.values[label] for label in labels if label in moderator.values})
    where = f"moderator {moderator.name}"
    if moderator.reference not in held:
        yield Fault(where, f"reference {moderator.reference}", f"one of its categories: {', '.join(held)}")
    elif len(held) == 1:
        yield Fault(where, f"only {held[0]}", "at least two categories among the studies")
