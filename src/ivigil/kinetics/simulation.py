"""One person's IgG under a course, by a published linear model: levels, what each interval comes to, and half-lives."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import pairwise

from ivigil.kinetics.doses import Course
from ivigil.kinetics.linear_light import auc, cleared_g, exogenous, half_lives, parameters_of, taken_up_g
from ivigil.kinetics.outside import outside
from ivigil.kinetics.parameters import HalfLives, LinearParameters
from ivigil.kinetics.people import Covariates
from ivigil.knowledge.kinetic_records import EndogenousBaseline, LinearModel

_STEPS_A_DAY = 2
_MOST_POINTS = 1500


@dataclass(frozen=True)
class Interval:
    """From one dose to the next: the highest level, the trough just before the next, the area; above the person's own.

    Levels in g/L, the area in g·day/L.
    """

    from_day: float
    to_day: float
    grams: float
    highest: float
    trough: float
    area: float


@dataclass(frozen=True)
class Simulated:
    """Levels of the immunoglobulin given, in g/L on ``days``; ``own_g_per_l`` is added to them where it is known."""

    model: LinearModel
    course: Course
    days: tuple[float, ...]
    given: tuple[float, ...]
    own_g_per_l: float | None
    intervals: tuple[Interval, ...]
    half_lives: HalfLives
    taken_up_g: float
    cleared_g: float
    says: tuple[str, ...]

    @property
    def total(self) -> tuple[float, ...] | None:
        """All IgG; ``None`` while the person's own is not known."""
        return None if self.own_g_per_l is None else tuple(self.own_g_per_l + level for level in self.given)


def simulated(
    model: LinearModel,
    covariates: Covariates,
    course: Course,
    until_day: float,
    *,
    own_g_per_l: float | None = None,
    indication: str | None = None,
) -> Simulated:
    """The typical person with these covariates from the first dose to ``until_day``.

    Raises :class:`BadInput` with every covariate that the model needs, and for a route it does not have.
    """
    parameters = parameters_of(model, covariates)
    days = day_grid(course, until_day)
    return Simulated(
        model=model,
        course=course,
        days=days,
        given=tuple(exogenous(parameters, course, days)),
        own_g_per_l=_own(model, parameters) if own_g_per_l is None else own_g_per_l,
        intervals=_intervals(parameters, course, until_day),
        half_lives=half_lives(parameters),
        taken_up_g=taken_up_g(parameters, course, until_day),
        cleared_g=cleared_g(parameters, course, -math.inf if not course.doses else course.doses[0].at_day, until_day),
        says=outside(model, covariates, course, indication),
    )


def _own(model: LinearModel, parameters: LinearParameters) -> float | None:
    """The model's own baseline; where it takes each patient's, another patient's is none."""
    return parameters.baseline_g_per_l if model.baseline.kind in {"fixed", "estimated"} else None


def with_own(model: LinearModel, g_per_l: float) -> LinearModel:
    """``model`` with a known level of the person's own IgG in place of its baseline."""
    return replace(model, baseline=EndogenousBaseline("fixed", "model", Decimal(repr(g_per_l)), note="As handed in."))


def day_grid(course: Course, until_day: float) -> tuple[float, ...]:
    """Days to draw a curve on: even steps, and the moments just before each dose, at it and at its end."""
    first = min([0.0, *(dose.at_day for dose in course.doses)])
    steps = min(_MOST_POINTS, max(1, math.ceil((until_day - first) * _STEPS_A_DAY)))
    even = {first + (until_day - first) * step / steps for step in range(steps + 1)}
    at_doses = {day for dose in course.doses for day in (before(dose.at_day), dose.at_day, dose.ends_at_day)}
    return tuple(sorted(day for day in even | at_doses if first <= day <= until_day))


def before(day: float) -> float:
    """The last moment before ``day``: a level at the very time of a dose given at once is the one after it."""
    return math.nextafter(day, -math.inf)


def _intervals(parameters: LinearParameters, course: Course, until_day: float) -> tuple[Interval, ...]:
    starts = sorted({dose.at_day for dose in course.doses if dose.at_day < until_day})
    return tuple(_interval(parameters, course, one, two) for one, two in pairwise([*starts, until_day]))


def _interval(parameters: LinearParameters, course: Course, from_day: float, to_day: float) -> Interval:
    end = before(to_day)
    at = [from_day + (end - from_day) * step / 200 for step in range(201)]
    at += [dose.ends_at_day for dose in course.doses if from_day <= dose.ends_at_day < to_day]
    levels = exogenous(parameters, course, at)
    return Interval(
        from_day=from_day,
        to_day=to_day,
        grams=math.fsum(dose.grams for dose in course.doses if dose.at_day == from_day),
        highest=max(levels),
        trough=exogenous(parameters, course, [end])[0],
        area=auc(parameters, course, from_day, to_day),
    )
