"""One person's IgG by the recycling model: what is given, the person's own, which falls beside it, and both."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from ivigil.kinetics.doses import Course
from ivigil.kinetics.fcrn import FcRnParameters
from ivigil.kinetics.simulation import before, day_grid
from ivigil.kinetics.solving import solve
from ivigil.kinetics.wanted import Quantity
from ivigil.knowledge.kinetic_records import FcRnModel


@dataclass(frozen=True)
class RecycledInterval:
    """From one dose to the next: grams, the highest level of all IgG, and the trough, in g/L, with its two parts."""

    from_day: float
    to_day: float
    grams: float
    highest: float
    trough: float
    given: float
    own: float


@dataclass(frozen=True)
class Recycled:
    """Levels in g/L on ``days``: ``given`` and the person's ``own``; ``start_g_per_l`` is the own level before."""

    model: FcRnModel
    course: Course
    days: tuple[float, ...]
    given: tuple[float, ...]
    own: tuple[float, ...]
    start_g_per_l: float
    intervals: tuple[RecycledInterval, ...]
    engine: str

    @property
    def total(self) -> tuple[float, ...]:
        return tuple(one + two for one, two in zip(self.given, self.own, strict=True))

    def last(self, quantity: Quantity) -> float | None:
        """A quantity of the last interval, where the model answers it; a rise is above the own level before treatment.

        An area above the own level is not answered: the own level falls beside what is given.
        """
        if not self.intervals or quantity not in {"trough", "rise"}:
            return None
        trough = self.intervals[-1].trough
        return trough if quantity == "trough" else trough - self.start_g_per_l


def recycled_run(parameters: FcRnParameters, model: FcRnModel, course: Course, until_day: float) -> Recycled:
    """The course of a person with these ``parameters`` of the model, from the first dose to ``until_day``.

    Raises :class:`BadInput` for a route that the model does not cover.
    """
    days = day_grid(course, until_day)
    found = solve(parameters, course, days, engine="numpy")  # for one person, compiling costs more than solving
    given, own = (tuple(found.of(one)[0].tolist()) for one in ("exogenous", "endogenous"))
    return Recycled(
        model=model,
        course=course,
        days=days,
        given=given,
        own=own,
        start_g_per_l=parameters.endogenous_g_per_l,
        intervals=_intervals(course, days, given, own),
        engine=found.engine,
    )


def _intervals(
    course: Course, days: Sequence[float], given: Sequence[float], own: Sequence[float]
) -> tuple[RecycledInterval, ...]:
    """Each stretch from a dose to the next, read from the curve, which has a point just before every dose."""
    starts = sorted({dose.at_day for dose in course.doses if dose.at_day < days[-1]})
    return tuple(_interval(course, one, two, (days, given, own)) for one, two in pairwise([*starts, days[-1]]))


def _interval(
    course: Course, from_day: float, to_day: float, curve: tuple[Sequence[float], Sequence[float], Sequence[float]]
) -> RecycledInterval:
    days, given, own = curve
    end = to_day if to_day == days[-1] else before(to_day)
    inside = [place for place, day in enumerate(days) if from_day <= day <= end]
    last = inside[-1]
    return RecycledInterval(
        from_day=from_day,
        to_day=to_day,
        grams=math.fsum(dose.grams for dose in course.doses if dose.at_day == from_day),
        highest=max(given[place] + own[place] for place in inside),
        trough=given[last] + own[last],
        given=given[last],
        own=own[last],
    )
