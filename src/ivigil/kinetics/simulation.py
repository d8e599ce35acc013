"""One person's IgG under a course, by a published linear model: levels, what each interval comes to, and half-lives."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import pairwise

from ivigil.kinetics.doses import Course
from ivigil.kinetics.linear_light import half_lives, taken_up_g
from ivigil.kinetics.outside import outside
from ivigil.kinetics.parameters import HalfLives
from ivigil.kinetics.people import CovariateCourse
from ivigil.kinetics.varying import Stretch, cleared_varying_g, exogenous_varying, holding, stretches
from ivigil.kinetics.wanted import Quantity
from ivigil.knowledge.kinetic_records import EndogenousBaseline, LinearModel

_STEPS_A_DAY = 2
_MOST_POINTS = 1500
_POINTS_AN_INTERVAL = 200


@dataclass(frozen=True)
class Interval:
    """From one dose to the next: the highest level, the trough just before the next, the area; above the person's own.

    Levels in g/L, the area in g·day/L; of all IgG, highest and trough are ``None`` while the person's own is not known.
    """

    from_day: float
    to_day: float
    grams: float
    highest: float
    trough: float
    area: float
    highest_of_all: float | None = None
    trough_of_all: float | None = None


@dataclass(frozen=True)
class Simulated:
    """Levels of the immunoglobulin given, and the person's ``own``, in g/L on ``days``; ``None`` where it is not known.

    ``half_lives`` are those at the last covariates.
    """

    model: LinearModel
    course: Course
    days: tuple[float, ...]
    given: tuple[float, ...]
    own: tuple[float, ...] | None
    intervals: tuple[Interval, ...]
    half_lives: HalfLives
    taken_up_g: float
    cleared_g: float
    says: tuple[str, ...]

    @property
    def total(self) -> tuple[float, ...] | None:
        """All IgG; ``None`` while the person's own is not known."""
        if self.own is None:
            return None
        return tuple(own + level for own, level in zip(self.own, self.given, strict=True))

    def last(self, quantity: Quantity) -> float | None:
        """A quantity of the last interval; ``None`` without a dose, and of all IgG without the person's own."""
        if not self.intervals:
            return None
        one = self.intervals[-1]
        if quantity == "mean level":
            own = self.own_g_per_l
            return None if own is None else own + one.area / (one.to_day - one.from_day)
        return {"trough": one.trough_of_all, "rise": one.trough, "area above baseline": one.area}[quantity]

    @property
    def own_g_per_l(self) -> float | None:
        """The person's own at the end."""
        return None if self.own is None else self.own[-1]


def simulated(
    model: LinearModel,
    covariates: CovariateCourse,
    course: Course,
    until_day: float,
    *,
    own_g_per_l: float | None = None,
    indication: str | None = None,
) -> Simulated:
    """The typical person with these covariates from the first dose to ``until_day``.

    Raises :class:`BadInput` with every covariate that the model needs, and for a route it does not have.
    """
    found = stretches(model, covariates, course)
    own = _Own(model, tuple(found), own_g_per_l)
    days = day_grid(course, until_day)
    last = found[-1].parameters
    return Simulated(
        model=model,
        course=course,
        days=days,
        given=tuple(exogenous_varying(found, days)),
        own=own.on(days),
        intervals=_intervals(found, own, course, until_day),
        half_lives=half_lives(last),
        taken_up_g=taken_up_g(last, course, until_day),
        cleared_g=cleared_varying_g(found, until_day),
        says=_says(model, covariates, course, indication),
    )


def _says(model: LinearModel, covariates: CovariateCourse, course: Course, indication: str | None) -> tuple[str, ...]:
    reasons = (one for _, held in covariates.changes for one in outside(model, held, course, indication))
    return tuple(dict.fromkeys(reasons))


@dataclass(frozen=True)
class _Own:
    """The person's own IgG: as handed in, or the model's at the covariates of each stretch."""

    model: LinearModel
    found: tuple[Stretch, ...]
    handed_in: float | None

    def on(self, days: Sequence[float]) -> tuple[float, ...] | None:
        """The level on each day; ``None`` where the model takes each patient's: another patient's is none."""
        if self.handed_in is not None:
            return (self.handed_in,) * len(days)
        if self.model.baseline.kind not in {"fixed", "estimated"}:
            return None
        levels = [holding(self.found, day).parameters.baseline_g_per_l for day in days]
        known = tuple(level for level in levels if level is not None)
        return known if len(known) == len(days) else None


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


def _intervals(found: Sequence[Stretch], own: _Own, course: Course, until_day: float) -> tuple[Interval, ...]:
    starts = sorted({dose.at_day for dose in course.doses if dose.at_day < until_day})
    return tuple(_interval(found, own, course, ends) for ends in pairwise([*starts, until_day]))


def _interval(found: Sequence[Stretch], own: _Own, course: Course, ends: tuple[float, float]) -> Interval:
    (from_day, to_day), end = ends, before(ends[1])
    steps = range(_POINTS_AN_INTERVAL + 1)
    at = [from_day + (end - from_day) * step / _POINTS_AN_INTERVAL for step in steps]
    at = sorted({*at, end, *(dose.ends_at_day for dose in course.doses if from_day <= dose.ends_at_day < to_day)})
    levels, owns = exogenous_varying(found, at), own.on(at)
    totals = [level + mine for level, mine in zip(levels, owns, strict=True)] if owns else None
    return Interval(
        from_day=from_day,
        to_day=to_day,
        grams=math.fsum(dose.grams for dose in course.doses if dose.at_day == from_day),
        highest=max(levels),
        trough=levels[-1],
        area=math.fsum(_area(one, from_day, to_day) for one in found),
        highest_of_all=max(totals) if totals else None,
        trough_of_all=totals[-1] if totals else None,
    )


def _area(stretch: Stretch, from_day: float, to_day: float) -> float:
    """The area under the level in the part of an interval that lies in a stretch: what is cleared, by the clearance."""
    low, high = max(from_day, stretch.from_day), min(to_day, stretch.to_day)
    if low >= high:
        return 0.0
    return (stretch.cleared_g(high) - stretch.cleared_g(low)) / stretch.parameters.clearance_l_per_day
