"""Linear models whose person changes: covariates that hold from one day to the next, as a growing child's weight.

Between two changes the parameters are constant and the answer is exact; at a change the grams stay where they are and
the volumes around them change, so that the level may step. Pure Python.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from ivigil.kinetics.doses import HOURS_A_DAY, Course, Dose
from ivigil.kinetics.linear_light import (
    Amounts,
    amounts_of,
    central_days,
    central_days_left,
    held,
    held_of,
    known_baseline,
    left,
    refuse_unmodelled,
)
from ivigil.kinetics.parameters import LinearParameters, modes_of, parameters_of
from ivigil.kinetics.people import CovariateCourse
from ivigil.knowledge.kinetic_records import LinearModel


@dataclass(frozen=True)
class Stretch:
    """From ``from_day`` up to ``to_day`` one set of parameters, what was held at its start, and its doses.

    An infusion that runs on from the stretch before stands among ``doses`` with what was left of it.
    """

    from_day: float
    to_day: float
    parameters: LinearParameters
    start: Amounts
    doses: tuple[Dose, ...]

    def amounts(self, day: float) -> Amounts:
        """Where the exogenous IgG is on a day of the stretch."""
        modes = modes_of(self.parameters)
        before = left(self.parameters, modes, held_of(modes, self.start), self._since(day))
        return amounts_of(modes, before.plus(held(self.parameters, modes, self.doses, day)))

    def cleared_g(self, until: float) -> float:
        """Grams cleared from the start of the stretch."""
        modes = modes_of(self.parameters)
        areas = [central_days_left(self.parameters, modes, held_of(modes, self.start), self._since(until))]
        areas += [central_days(self.parameters, modes, dose, until - dose.at_day) for dose in self.doses]
        return math.fsum(areas) * modes.exit_per_day

    def _since(self, day: float) -> float:
        return 0.0 if math.isinf(self.from_day) else day - self.from_day


def stretches(
    model: LinearModel, covariates: CovariateCourse, course: Course, etas: Mapping[str, float] | None = None
) -> tuple[Stretch, ...]:
    """The stretches of constant covariates, each starting with what the one before it left.

    Raises :class:`BadInput` for a covariate that the model needs, or a route it does not cover.
    """
    edges = [-math.inf, *(day for day, _ in covariates.changes[1:]), math.inf]
    made: list[Stretch] = []
    for (from_day, to_day), (_, held_then) in zip(pairwise(edges), covariates.changes, strict=True):
        parameters = parameters_of(model, held_then, etas)
        refuse_unmodelled(parameters, course)
        start = made[-1].amounts(from_day) if made else Amounts(0.0, 0.0, 0.0)
        made.append(Stretch(from_day, to_day, parameters, start, tuple(doses_within(course.doses, from_day, to_day))))
    return tuple(made)


def exogenous_varying(found: Sequence[Stretch], days: Sequence[float]) -> list[float]:
    """The exogenous level in g/L on each of ``days``; on the day of a change, the level after it."""
    stood = [holding(found, day) for day in days]
    return [one.amounts(day).central_g / one.parameters.central_l for one, day in zip(stood, days, strict=True)]


def total_varying(found: Sequence[Stretch], days: Sequence[float]) -> list[float]:
    """The level of all IgG in g/L. Raises :class:`BadInput` where a baseline is unknown."""
    baselines = [known_baseline(holding(found, day).parameters) for day in days]
    return [level + own for level, own in zip(exogenous_varying(found, days), baselines, strict=True)]


def amounts_varying(found: Sequence[Stretch], day: float) -> Amounts:
    """Where the exogenous IgG is on ``day``."""
    return holding(found, day).amounts(day)


def cleared_varying_g(found: Sequence[Stretch], until: float) -> float:
    """Grams of exogenous IgG cleared up to ``until``."""
    return math.fsum(one.cleared_g(min(until, one.to_day)) for one in found if one.from_day <= until)


def holding(found: Sequence[Stretch], day: float) -> Stretch:
    """The stretch that a day lies in; the day of a change lies in the later one."""
    return next(one for one in found if one.from_day <= day < one.to_day)


def doses_within(doses: Sequence[Dose], from_day: float, to_day: float) -> Iterator[Dose]:
    """The parts of doses that run between two days. What ran before is in the state the stretch starts with."""
    for dose in doses:
        starts, ends = max(dose.at_day, from_day), min(dose.ends_at_day, to_day)
        if dose.days == 0:
            if from_day <= dose.at_day < to_day:
                yield dose
        elif starts < ends:
            share = (ends - starts) / dose.days
            yield replace(dose, at_day=starts, grams=dose.grams * share, hours=(ends - starts) * HOURS_A_DAY)
