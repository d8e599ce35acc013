"""Everybody's levels simulated anew: what a model says that a table's own people would have had, so many times over.

A person's numbers follow from the seed, the person's id and the number of the replicate alone, so that the answer is
the same to the bit for any order of people and any number of workers.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

import numpy as np

from ivigil.documents import BadInput, Fault
from ivigil.kinetics.draws import FloatArray, Words, normals, refuse_seed
from ivigil.kinetics.event_table import EventTable, Observed, Subject
from ivigil.kinetics.likelihood import Fitting, Likelihood, likelihood_of
from ivigil.kinetics.residual import Residual
from ivigil.kinetics.variability import drawn
from ivigil.knowledge.kinetic_records import LinearModel

FEWEST_REPLICATES = 100
# Levels times replicates: 320 MB of numbers, so that a slip of the keyboard does not fill memory.
_MOST_NUMBERS = 40_000_000


@dataclass(frozen=True)
class Replicates:
    """How often, from which seed, by how many threads; ``assay`` stands in place of the model's residual error.

    ``cv_percent`` and ``correlations`` stand in place of what the model prints of variability, by parameter.
    """

    count: int = 1000
    seed: int = 1
    workers: int = 1
    assay: Residual | None = None
    cv_percent: Mapping[str, float] | None = None
    correlations: Mapping[tuple[str, str], float] | None = None

    def __post_init__(self) -> None:
        refuse_seed(self.seed)
        faults = []
        if self.count < FEWEST_REPLICATES:
            faults.append(Fault("replicates", str(self.count), f"{FEWEST_REPLICATES} or more"))
        if self.workers < 1:
            faults.append(Fault("workers", str(self.workers), "1 or more"))
        if faults:
            raise BadInput(faults)


@dataclass(frozen=True)
class ReplicatedLevels:
    """The K levels of a table and what R replicates make of them. Arrays (K,), days, g/L; ``simulated`` is (R, K).

    ``observed`` stands at its limit where it lies below; ``below`` says where. ``limits`` is minus infinity where none
    is stated. ``since_dose`` is NaN before the first dose. ``typical`` is the model's level without any variability.
    ``taken_as_own`` counts levels before treatment that the model takes as baselines, which are not checked.
    """

    people: int
    days: FloatArray
    since_dose: FloatArray
    observed: FloatArray
    below: np.ndarray[tuple[int], np.dtype[np.bool_]]
    limits: FloatArray
    typical: FloatArray
    simulated: FloatArray
    taken_as_own: int


def replicated(model: LinearModel, table: EventTable, how: Replicates) -> ReplicatedLevels:
    """The levels of everybody in the table, simulated with the variability and residual error that the model prints.

    Raises :class:`BadInput` with every reason for every person: a covariate or a baseline that is unknown, a route
    that the model does not cover, limits that are stated for some levels only; and where there is no level to check.
    """
    people = list(_likelihoods(model, table, how))
    levels = sum(one.days.size for one in people)
    if not levels:
        raise BadInput([Fault(table.name, "no level that the model could be checked with", "measured levels")])
    if levels * how.count > _MOST_NUMBERS:
        found, expected = f"{how.count} for {levels} levels", f"at most {_MOST_NUMBERS // levels}"
        raise BadInput([Fault("replicates", found, expected)])
    limits = _limits(table.name, people)
    with ThreadPoolExecutor(how.workers) as pool:
        simulated = np.concatenate(list(pool.map(lambda one: _simulated(one, how), people)), axis=1)
    measured = np.concatenate([one.levels for one in people])
    below = np.isnan(measured) | (np.nan_to_num(measured) < limits)
    return ReplicatedLevels(
        people=sum(bool(one.days.size) for one in people),
        days=np.concatenate([one.days for one in people]),
        since_dose=np.concatenate([_since_dose(one) for one in people]),
        observed=np.where(below, limits, measured),
        below=below,
        limits=limits,
        typical=np.concatenate([_typical(one) for one in people]),
        simulated=simulated,
        taken_as_own=sum(len(one.subject.levels) - one.days.size for one in people),
    )


def _likelihoods(model: LinearModel, table: EventTable, how: Replicates) -> Iterator[Likelihood]:
    """People in the order of their ids, each with levels in an order of their own."""
    faults: list[Fault] = []
    fitting = Fitting(seed=how.seed, assay=how.assay, cv_percent=how.cv_percent, correlations=how.correlations)
    for subject in sorted(table.subjects, key=lambda one: one.id):
        if not subject.levels:
            continue
        try:
            yield likelihood_of(model, replace(subject, levels=tuple(sorted(subject.levels, key=_order))), fitting)
        except BadInput as error:
            faults += [replace(one, where=f"{table.name}, {subject.id}, {one.where}") for one in error.faults]
    if faults:
        raise BadInput(faults)


def _order(level: Observed) -> tuple[float, float, float]:
    """By day; at one time by level, those below their limit first."""
    value, limit = (-math.inf if one is None else one for one in (level.g_per_l, level.limit_g_per_l))
    return level.at_day, value, limit


def _limits(name: str, people: Sequence[Likelihood]) -> FloatArray:
    """The limit of each level, minus infinity where none is stated; one stated for levels below it holds for all."""
    limits = np.concatenate([one.limits for one in people])
    unstated, stated = np.isnan(limits), np.unique(limits[~np.isnan(limits)])
    if not np.isnan(np.concatenate([one.levels for one in people])).any() or not unstated.any():
        return np.where(unstated, -math.inf, limits)
    if stated.size > 1:
        found = f"{stated.size} limits, and {int(unstated.sum())} levels without one"
        hint = "A simulated level is below its limit or not: state LLOQ for the levels above it too."
        raise BadInput([Fault(f"{name}, LLOQ", found, "the limit of every level", hint)])
    return np.where(unstated, stated[0], limits)


def _numbers(subject: Subject, count: int) -> Words:
    """A number for each replicate of a person, from the id alone."""
    digest = hashlib.sha256(subject.id.encode()).digest()
    numbers: Words = np.arange(count, dtype=np.uint64)
    numbers += np.frombuffer(digest[:8], dtype="<u8")[0]  # counting on from the largest number begins at 0 again
    return numbers


def _simulated(one: Likelihood, how: Replicates) -> FloatArray:
    """Levels of new people like this one, each measured with error: shape (R, K)."""
    numbers, curves = _numbers(one.subject, how.count), one.curves
    etas = drawn(curves.variability, how.seed, numbers)
    given = curves.exogenous(etas, one.subject.course, one.days)
    total = given + curves.own(etas, one.days)
    noise = normals(how.seed, numbers, one.days.size, purpose="assay")
    return total + one.residual.deviation(given if curves.baseline.is_subtracted else total) * noise


def _typical(one: Likelihood) -> FloatArray:
    found: FloatArray = one.curves.total(np.zeros((1, one.size)), one.subject.course, one.days)[0]
    return found


def _since_dose(one: Likelihood) -> FloatArray:
    """Days since the last dose before each level; NaN where there is none."""
    return np.array([_since(one.subject, day) for day in one.days.tolist()], dtype=np.float64)


def _since(subject: Subject, day: float) -> float:
    before: Iterable[float] = (dose.at_day for dose in subject.course.doses if dose.at_day <= day)
    return day - max(before, default=math.nan)
