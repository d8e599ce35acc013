"""What is given and when: doses, and courses of them, with what happens to courses in life.

Grams, days and hours; days count from a day 0 that the caller chooses and may be fractions or negative.
Pure Python: the curve beside a single decision needs no numeric library.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal, get_args

from ivigil.documents import BadInput, Fault

Route = Literal["intravenous", "subcutaneous", "facilitated subcutaneous"]
ROUTES: tuple[Route, ...] = get_args(Route)
HOURS_A_DAY = 24.0
# Two infusions may run together at a change of bags or a second product; for longer, a date is likely wrong.
LONGEST_OVERLAP_DAYS = 1.0


@dataclass(frozen=True)
class Dose:
    """Immunoglobulin given from ``at_day`` on at an even rate for ``hours``; 0 hours is at once."""

    at_day: float
    grams: float
    route: Route = "intravenous"
    hours: float = 0.0

    @property
    def days(self) -> float:
        """How long it runs, in days."""
        return self.hours / HOURS_A_DAY

    @property
    def ends_at_day(self) -> float:
        """The day its last gram is given."""
        return self.at_day + self.days


@dataclass(frozen=True)
class Course:
    """Doses in the order of their days. Raises :class:`BadInput` with every dose that cannot be."""

    doses: tuple[Dose, ...] = ()

    def __post_init__(self) -> None:
        faults = [fault for number, dose in enumerate(self.doses, 1) for fault in dose_faults(dose, f"dose {number}")]
        if faults:
            raise BadInput(faults)
        object.__setattr__(self, "doses", tuple(sorted(self.doses, key=lambda dose: dose.at_day)))

    @property
    def grams(self) -> float:
        """Everything given."""
        return math.fsum(dose.grams for dose in self.doses)


def dose_faults(dose: Dose, where: str) -> Iterator[Fault]:
    """What makes a dose impossible: no number, less than nothing, or a route that is none."""
    for name, value, lowest in (
        ("at_day", dose.at_day, -math.inf),
        ("grams", dose.grams, 0.0),
        ("hours", dose.hours, 0.0),
    ):
        if not math.isfinite(value):
            yield Fault(f"{where}, {name}", str(value), "a finite number")
        elif value < lowest:
            yield Fault(f"{where}, {name}", f"{value:g}", "0 or more")
    if dose.route not in ROUTES:
        yield Fault(f"{where}, route", repr(dose.route), " or ".join(ROUTES))


def every(
    grams: float,
    interval_days: float,
    count: int,
    *,
    route: Route = "intravenous",
    hours: float = 0.0,
    from_day: float = 0.0,
    loading: Sequence[Dose] = (),
) -> Course:
    """``count`` equal doses, the first on ``from_day``, and the ``loading`` doses as they are, on their own days."""
    faults = []
    if not (math.isfinite(interval_days) and interval_days > 0):
        faults.append(Fault("interval_days", f"{interval_days:g}", "a number of days above 0"))
    if count < 0:
        faults.append(Fault("count", str(count), "0 or more doses"))
    if faults:
        raise BadInput(faults)
    regular = (Dose(from_day + number * interval_days, grams, route, hours) for number in range(count))
    return Course((*loading, *regular))


def missed(course: Course, numbers: Iterable[int]) -> Course:
    """The course without the doses of these numbers, which count from 1 in the order of days."""
    left_out = set(numbers)
    _refuse_unknown(course, left_out)
    return Course(tuple(dose for number, dose in enumerate(course.doses, 1) if number not in left_out))


def shifted(course: Course, number: int, by_days: float) -> Course:
    """The course with one dose given ``by_days`` later, or earlier where negative; the others stay."""
    _refuse_unknown(course, {number})
    moved = (
        replace(dose, at_day=dose.at_day + by_days) if place == number else dose
        for place, dose in enumerate(course.doses, 1)
    )
    return Course(tuple(moved))


def switched(course: Course, at_day: float, onto: Course) -> Course:
    """``course`` up to ``at_day``, and ``onto`` from that day on: another route, dose or interval."""
    early = [dose for dose in onto.doses if dose.at_day < at_day]
    if early:
        raise BadInput(
            Fault("onto", f"a dose on day {dose.at_day:g}", f"doses from day {at_day:g} on") for dose in early
        )
    return Course((*(dose for dose in course.doses if dose.at_day < at_day), *onto.doses))


def later(course: Course, by_days: float) -> Course:
    """The whole course ``by_days`` later."""
    return Course(tuple(replace(dose, at_day=dose.at_day + by_days) for dose in course.doses))


def overlaps(course: Course) -> tuple[tuple[int, int, float], ...]:
    """Pairs of intravenous infusions that run at the same time: their numbers, and for how many days."""
    timed = [(number, dose) for number, dose in enumerate(course.doses, 1) if dose.route == "intravenous"]
    shared = (found for place in range(len(timed)) for found in _beside(timed, place))
    return tuple(found for found in shared if found[2] > 0)


def _beside(timed: Sequence[tuple[int, Dose]], place: int) -> Iterator[tuple[int, int, float]]:
    """The later infusions that start before this one ends; doses stand in order, so the first that does not ends it."""
    first, one = timed[place]
    for index in range(place + 1, len(timed)):
        second, other = timed[index]
        if other.at_day >= one.ends_at_day:
            return
        yield first, second, min(one.ends_at_day, other.ends_at_day) - other.at_day


def infusion_hours(grams: float, g_per_l: float, ml_per_hour: float) -> float:
    """How long a dose of a product of this concentration runs at an even rate."""
    positive = {"g_per_l": g_per_l, "ml_per_hour": ml_per_hour}
    faults = [Fault(name, f"{value:g}", "a number above 0") for name, value in positive.items() if not value > 0]
    if faults:
        raise BadInput(faults)
    return grams / g_per_l * 1000 / ml_per_hour


def _refuse_unknown(course: Course, numbers: set[int]) -> None:
    outside = sorted(number for number in numbers if not 1 <= number <= len(course.doses))
    if outside:
        raise BadInput(Fault("dose", f"number {number}", f"1 to {len(course.doses)}") for number in outside)
