"""Which dose and interval reach a target for this person, and how surely: a search among whole-vial doses handed in.

Each candidate is followed from the posterior's draws, on top of what the past doses left, for a number of cycles; the
last cycle is judged. What is given adds up in these models, so that one gram's curve serves every dose of an interval.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from ivigil.documents import BadInput, Fault
from ivigil.kinetics.averaging import Averaged, alone, row_weights, weighted_quantiles
from ivigil.kinetics.doses import Course, Dose, Route, every
from ivigil.kinetics.draws import FloatArray
from ivigil.kinetics.outside import outside
from ivigil.kinetics.posterior import Posterior
from ivigil.kinetics.wanted import Quantity

BANDS = (0.05, 0.5, 0.95)


@dataclass(frozen=True)
class Target:
    """What the last cycle should reach.

    ``trough`` (g/L, all IgG) is the level just before the next dose; ``rise`` (g/L) that level above the person's own
    baseline; ``area above baseline`` (g·day/L) the exposure to given IgG over one interval; ``mean level`` (g/L, all
    IgG) over the interval, comparable between intervals.
    """

    quantity: Quantity
    at_least: float | None = None
    at_most: float | None = None

    def __post_init__(self) -> None:
        low, high = self.at_least, self.at_most
        faults = [
            Fault(f"target, {self.quantity}", f"{bound:g}", "a number, 0 or more")
            for bound in (low, high)
            if bound is not None and not (math.isfinite(bound) and bound >= 0)
        ]
        if low is None and high is None:
            faults.append(Fault(f"target, {self.quantity}", "no bound", "at_least, at_most or both"))
        if low is not None and high is not None and low > high:
            faults.append(Fault(f"target, {self.quantity}", f"{low:g} to {high:g}", "a range from low to high"))
        if faults:
            raise BadInput(faults)

    def reached(self, values: FloatArray) -> FloatArray:
        """1 where a value lies in the range, else 0; any shape."""
        low = -math.inf if self.at_least is None else self.at_least
        high = math.inf if self.at_most is None else self.at_most
        return ((values >= low) & (values <= high)).astype(np.float64)


@dataclass(frozen=True)
class Plan:
    """What may be given: whole-vial doses in grams, intervals in days, and how; ``cycles`` of it before judging.

    ``from_day`` is the day of the first new dose, on the days that the past course counts.
    """

    doses_g: tuple[float, ...]
    intervals_days: tuple[float, ...]
    from_day: float
    cycles: int = 6
    route: Route = "intravenous"
    hours: float = 0.0

    def __post_init__(self) -> None:
        faults = list(self._faults())
        if faults:
            raise BadInput(faults)

    def _faults(self) -> Iterator[Fault]:
        for name, values in (("doses_g", self.doses_g), ("intervals_days", self.intervals_days)):
            if not values:
                yield Fault(name, "none", "one at least")
            for value in values:
                if not (math.isfinite(value) and value > 0):
                    yield Fault(name, f"{value:g}", "a number above 0")
        if self.cycles < 1:
            yield Fault("cycles", str(self.cycles), "1 or more")

    def course(self, grams: float, interval_days: float) -> Course:
        """The new doses of one candidate."""
        return every(grams, interval_days, self.cycles, route=self.route, hours=self.hours, from_day=self.from_day)


@dataclass(frozen=True)
class Candidate:
    """One dose and interval: the probability that the last cycle is in the target, and its quantity's 5, 50 and 95 %.

    ``outside`` says where a model was not built on such a person or course.
    """

    dose_g: float
    interval_days: float
    probability: float
    low: float
    middle: float
    high: float
    outside: tuple[str, ...] = ()

    @property
    def grams_a_day(self) -> float:
        """What the candidate uses."""
        return self.dose_g / self.interval_days


def search(
    found: Posterior | Averaged,
    plan: Plan,
    target: Target,
    *,
    enough: float | None = None,
    indication: str | None = None,
) -> tuple[Candidate, ...]:
    """Every dose and interval of the plan, the most probable first; of equals, the one that uses less first.

    With ``enough`` those that reach the target at least so surely come first, the one that uses least first of all.
    Doses of the past from ``plan.from_day`` on are left out: the plan stands in their place. Raises
    :class:`BadInput` for a route a model does not cover, and for a quantity of all IgG with an unknown baseline.
    """
    if enough is not None and not 0 < enough <= 1:
        raise BadInput([Fault("enough", f"{enough:g}", "a probability above 0, up to 1")])
    held = alone(found) if isinstance(found, Posterior) else found
    weights = row_weights(held)
    candidates = [
        replace(
            _candidate((grams, interval), target, values, weights),
            outside=_outside(held, plan.course(grams, interval), plan.from_day, indication),
        )
        for interval in plan.intervals_days
        for grams, values in _by_dose(held, plan, interval, target.quantity)
    ]
    return tuple(sorted(candidates, key=lambda one: _order(one, enough)))


def _order(one: Candidate, enough: float | None) -> tuple[float, ...]:
    # Draws weigh a few thousandths: a probability is not told apart beyond that many digits.
    probability = round(one.probability, 9)
    if enough is not None and probability >= enough:
        return 0.0, one.grams_a_day, -probability, one.interval_days
    return 1.0, -probability, one.grams_a_day, one.interval_days


def _candidate(pair: tuple[float, float], target: Target, values: FloatArray, weights: FloatArray) -> Candidate:
    low, middle, high = weighted_quantiles(values, weights, BANDS).tolist()
    probability = min(1.0, math.fsum((target.reached(values) * weights).tolist()))
    return Candidate(*pair, probability, low, middle, high)


def _outside(held: Averaged, course: Course, day: float, indication: str | None) -> tuple[str, ...]:
    several = len(held.members) > 1
    found = (
        f"{one.model_id}: {reason}" if several else reason
        for one in held.members
        for reason in outside(one.curves.model, one.curves.covariates.at(day), course, indication)
    )
    return tuple(dict.fromkeys(found))


def _by_dose(held: Averaged, plan: Plan, interval: float, quantity: Quantity) -> Iterator[tuple[float, FloatArray]]:
    """The quantity in the last cycle for each dose: shape (N,), all members' draws in one column."""
    past = Course(tuple(dose for dose in held.course.doses if dose.at_day < plan.from_day))
    one_gram = plan.course(1.0, interval)
    pairs = [_two_parts(one, past, one_gram, interval, quantity) for one in held.members]
    fixed = np.concatenate([pair[0] for pair in pairs])
    a_gram = np.concatenate([pair[1] for pair in pairs])
    for grams in plan.doses_g:
        yield grams, fixed + grams * a_gram


def _two_parts(
    found: Posterior, past: Course, one_gram: Course, interval: float, quantity: Quantity
) -> tuple[FloatArray, FloatArray]:
    """What is there without the new doses, and what each of their grams adds: shapes (D,)."""
    curves, etas = found.curves, found.etas
    for course in (past, one_gram):
        curves.check(course)
    last: Dose = one_gram.doses[-1]
    start, end = last.at_day, last.at_day + interval
    if quantity in ("trough", "rise"):
        days = np.array([end])
        fixed, a_gram = (curves.exogenous(etas, course, days)[:, 0] for course in (past, one_gram))
    else:
        fixed, a_gram = (curves.area(etas, course, start, end) for course in (past, one_gram))
    if quantity == "mean level":
        fixed, a_gram = fixed / interval, a_gram / interval
    if quantity in ("trough", "mean level"):
        fixed = fixed + _own(found, end)
    return fixed, a_gram


def _own(found: Posterior, day: float) -> FloatArray:
    own: FloatArray = found.curves.own(found.etas, np.array([day]))[:, 0]
    if np.isnan(own).any():
        hint = "Take the rise or the area above baseline, or hand in the person's own level before treatment."
        raise BadInput([Fault(found.model_id, "a baseline that is unknown", "one, for levels of all IgG", hint)])
    return own
