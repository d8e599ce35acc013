"""Linear models of many people whose covariates change: the arithmetic of ``varying``, for all of them at once.

Grams, days and g/L; shapes (P,) for people, (T,) for days.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from ivigil.kinetics.doses import Course, Dose
from ivigil.kinetics.exponentials import FloatArray, chain, chain_once, once
from ivigil.kinetics.individuals import population_of, tabled
from ivigil.kinetics.linear import LinearPopulation, Mode, central_days_many, modes_many, while_running
from ivigil.kinetics.people import CovariateCourse
from ivigil.kinetics.varying import doses_within
from ivigil.knowledge.kinetic_records import LinearModel


@dataclass(frozen=True)
class _Held:
    """Grams in the depot and in each mode of the central compartment, each (P, T)."""

    depot: FloatArray
    fast: FloatArray
    slow: FloatArray

    def plus(self, other: _Held) -> _Held:
        return _Held(self.depot + other.depot, self.fast + other.fast, self.slow + other.slow)


@dataclass(frozen=True)
class _People:
    """The parameters of everybody in one stretch, with their modes."""

    parameters: LinearPopulation
    modes: tuple[Mode, Mode]

    @property
    def absorbed(self) -> FloatArray:
        """Absorption per day as a column."""
        return self.parameters.absorption_per_day[:, None]


@dataclass(frozen=True)
class _Stretch:
    """Everybody in one stretch of constant covariates: what they began it with, and its doses."""

    from_day: float
    to_day: float
    people: _People
    start: _Held
    doses: tuple[Dose, ...]

    def held(self, days: FloatArray) -> _Held:
        """What is held on days (T,) of the stretch: what it began with, and what its doses left."""
        found = _left(self.people, self.start, self._since(days))
        for dose in self.doses:
            reached = days >= dose.at_day
            held = _of_dose(self.people, dose, days[None, reached] - dose.at_day)
            found = found.plus(_Held(*(_placed(part, reached) for part in (held.depot, held.fast, held.slow))))
        return found

    def gram_days(self, days: FloatArray) -> FloatArray:
        """Gram-days in the central compartment from the start of the stretch to each of ``days``: shape (P, T)."""
        found = _gram_days_left(self.people, self.start, self._since(days))
        parameters, modes = self.people.parameters, self.people.modes
        for dose in self.doses:
            elapsed = np.maximum(days[None, :] - dose.at_day, 0.0)
            found = found + central_days_many(parameters, modes, dose, elapsed)
        return found

    def _since(self, days: FloatArray) -> FloatArray:
        # Nothing is held at the start of the first stretch, which has no first day.
        return np.zeros((1, days.size)) if math.isinf(self.from_day) else days[None, :] - self.from_day


def exogenous_varying_many(
    model: LinearModel,
    covariates: CovariateCourse,
    etas: Mapping[str, FloatArray],
    course: Course,
    days: FloatArray,
) -> FloatArray:
    """The exogenous level in g/L for each row of etas, by name (P,), on each day: shape (P, T).

    On the day of a change, the level after it. Raises :class:`BadInput` for a covariate that the model needs.
    """
    parts = []
    for one in _stretches(model, covariates, etas, course):
        inside = days[(days >= one.from_day) & (days < one.to_day)]
        found = one.held(inside)
        parts.append((inside, (found.fast + found.slow) / one.people.parameters.central_l[:, None]))
    return _in_order(parts, days)


def auc_varying_many(
    model: LinearModel,
    covariates: CovariateCourse,
    etas: Mapping[str, FloatArray],
    course: Course,
    ends: tuple[float, float],
) -> FloatArray:
    """The area under each person's exogenous level from one day to another, in g·day/L: shape (P,)."""
    areas = []
    for one in _stretches(model, covariates, etas, course):
        low, high = max(ends[0], one.from_day), min(ends[1], one.to_day)
        if low < high:
            until = one.gram_days(np.array([low, high]))
            areas.append((until[:, 1] - until[:, 0]) / one.people.parameters.central_l)
    return np.sum(areas, axis=0)  # type: ignore[no-any-return] # numpy types a sum of a list of arrays as anything


def _stretches(
    model: LinearModel, covariates: CovariateCourse, etas: Mapping[str, FloatArray], course: Course
) -> Iterator[_Stretch]:
    edges = [-math.inf, *(day for day, _ in covariates.changes[1:]), math.inf]
    grams: tuple[FloatArray, FloatArray, FloatArray] | None = None
    for (low, high), (_, held) in zip(pairwise(edges), covariates.changes, strict=True):
        parameters = population_of(model, tabled([held]), etas)
        people = _People(parameters, modes_many(parameters))
        none = np.zeros((parameters.clearance_l_per_day.size, 1))
        start = _Held(none, none, none) if grams is None else _in_modes(people, grams)
        one = _Stretch(low, high, people, start, tuple(doses_within(course.doses, low, high)))
        yield one
        if math.isfinite(high):
            grams = _in_compartments(people, one.held(np.array([high])))


def _in_order(parts: Sequence[tuple[FloatArray, FloatArray]], days: FloatArray) -> FloatArray:
    """The levels of all stretches, each beside its days, in the order of ``days``."""
    stood = np.concatenate([inside for inside, _ in parts])
    found = np.concatenate([levels for _, levels in parts], axis=1)
    made = np.empty_like(found)
    made[:, np.argsort(days, kind="stable")] = found[:, np.argsort(stood, kind="stable")]
    return made


def _placed(part: FloatArray, reached: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> FloatArray:
    made = np.zeros((len(part), reached.size))
    made[:, reached] = part
    return made


def _of_dose(people: _People, dose: Dose, elapsed: FloatArray) -> _Held:
    inside = np.minimum(elapsed, dose.days)
    (fast, slow), depot = while_running(people.parameters, people.modes, dose, inside)
    return _left(people, _Held(depot, fast, slow), elapsed - inside)


def _left(people: _People, start: _Held, days: FloatArray) -> _Held:
    """What is held after ``days`` without a dose."""
    absorbed, through = people.absorbed, people.absorbed * start.depot
    fast, slow = (
        grams * np.exp(-mode.per_day * days) + mode.share * through * chain(mode.per_day, absorbed, days)
        for mode, grams in zip(people.modes, (start.fast, start.slow), strict=True)
    )
    return _Held(start.depot * np.exp(-absorbed * days), fast, slow)


def _gram_days_left(people: _People, start: _Held, days: FloatArray) -> FloatArray:
    """Gram-days in the central compartment over ``days`` without a dose."""
    absorbed, through = people.absorbed, people.absorbed * start.depot
    pairs = zip(people.modes, (start.fast, start.slow), strict=True)
    return sum(  # type: ignore[return-value] # two modes: never the plain 0 of an empty sum
        grams * once(mode.per_day, days) + mode.share * through * chain_once(mode.per_day, absorbed, days)
        for mode, grams in pairs
    )


def _in_compartments(people: _People, held: _Held) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Depot, central and peripheral grams: see ``linear_light.amounts_of``."""
    fast, slow = people.modes
    back, apart = _back(people), fast.per_day - slow.per_day
    moved = apart * (fast.share * held.slow - slow.share * held.fast)
    peripheral = np.where(back > 0, moved / np.where(back > 0, back, 1.0), 0.0)
    return held.depot, held.fast + held.slow, np.maximum(peripheral, 0.0)


def _in_modes(people: _People, grams: tuple[FloatArray, FloatArray, FloatArray]) -> _Held:
    """Modes from compartments: the inverse of :func:`_in_compartments`."""
    depot, central, peripheral = grams
    fast, slow = people.modes
    apart = fast.per_day - slow.per_day
    returning = np.where(apart > 0, _back(people) * peripheral / np.where(apart > 0, apart, 1.0), 0.0)
    return _Held(depot, fast.share * central - returning, slow.share * central + returning)


def _back(people: _People) -> FloatArray:
    """Flow from the periphery as a rate constant, (P, 1); 0 with one compartment."""
    between, volume = people.parameters.between_l_per_day, people.parameters.peripheral_l
    has_two = (between > 0) & (volume > 0)
    made: FloatArray = np.where(has_two, between / np.where(has_two, volume, 1.0), 0.0)[:, None]
    return made
