"""A course as changes of inputs: at which day which rate begins to hold, and which grams are given at once.

Between two changes every rate is constant, so that a simulator may take any step it likes up to the next.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from ivigil.kinetics.doses import ROUTES, Course, Dose, Route

# Where grams by each route go, in the names of the exported models.
SHORT: Mapping[Route, str] = {"intravenous": "iv", "subcutaneous": "sc", "facilitated subcutaneous": "fsc"}


@dataclass(frozen=True)
class Change:
    """What happens on ``at_day``: new rates in g/day by route, and grams given at once by route."""

    at_day: float
    rates: Mapping[Route, float]
    grams: Mapping[Route, float]


def changes(course: Course) -> tuple[Change, ...]:
    """The changes of a course in the order of days; each states only the rates that change."""
    days = sorted({day for dose in course.doses for day in (dose.at_day, dose.ends_at_day)})
    running: dict[Route, float] = {}
    made: list[Change] = []
    for day in days:
        now = {route: _rate(course, route, day) for route in ROUTES}
        turned = {route: rate for route, rate in now.items() if rate != running.get(route, 0.0)}
        at_once = {route: _at_once(course, route, day) for route in ROUTES}
        given = {route: grams for route, grams in at_once.items() if grams}
        running |= turned
        if turned or given:
            made.append(Change(day, turned, given))
    return tuple(made)


def routes(course: Course) -> tuple[Route, ...]:
    """The routes of a course, each once."""
    return tuple(route for route in ROUTES if any(dose.route == route for dose in course.doses))


def infused(course: Course) -> tuple[Route, ...]:
    """The routes by which something runs in over time."""
    return tuple(route for route in ROUTES if any(_runs(dose) and dose.route == route for dose in course.doses))


def _rate(course: Course, route: Route, day: float) -> float:
    """How many grams a day run in from ``day`` on."""
    running = (dose for dose in course.doses if dose.route == route and _runs(dose))
    return math.fsum(dose.grams / dose.days for dose in running if dose.at_day <= day < dose.ends_at_day)


def _at_once(course: Course, route: Route, day: float) -> float:
    doses = (dose for dose in course.doses if dose.route == route and not _runs(dose))
    return math.fsum(dose.grams for dose in doses if dose.at_day == day)


def _runs(dose: Dose) -> bool:
    """Whether a dose takes time; one too short to be told from its own start is given at once."""
    return dose.ends_at_day > dose.at_day
