"""The course that the options of :mod:`ivigil.cli.course_options` make; every fault at once."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import cast

from ivigil.cli.course_options import ROUTES
from ivigil.cli.files import content_of
from ivigil.cli.numbers import Numbers
from ivigil.documents import BadInput, Fault
from ivigil.kinetics.doses import (
    LONGEST_OVERLAP_DAYS,
    Course,
    Dose,
    Route,
    every,
    infusion_hours,
    overlaps,
    switched,
)
from ivigil.kinetics.event_table import Observed, Subject, read_events
from ivigil.kinetics.people import CovariateCourse

_SWITCH = ("switch_dose", "switch_every", "switch_count", "switch_route")
_MOST_DOSES = 100_000  # more are a slip of the keyboard, and would fill memory


@dataclass(frozen=True)
class Given:
    """The course, and the covariates and levels that a table of events holds beside it."""

    course: Course
    covariates: CovariateCourse | None = None
    levels: tuple[Observed, ...] = ()


def course_of(given: Namespace, numbers: Numbers, weight_kg: float | None) -> Given | None:
    """What is given; ``None`` where the options cannot be meant, with every reason among the faults of ``numbers``."""
    before = len(numbers.faults)
    if given.events is not None:
        numbers.faults += _beside_a_table(given)
        return _kept(numbers, before, lambda: _of_table(Path(given.events)))
    numbers.faults += [*_missing(given)]
    regular, later = _regular(given, numbers, weight_kg), _switch(given, numbers)
    misses, shifts = numbers.wholes("miss"), tuple(_shifts(given, numbers))
    if regular is not None:
        numbers.faults += _numbered(len(regular.doses), misses, shifts)
    if len(numbers.faults) > before or regular is None:
        return None
    return _kept(numbers, before, lambda: Given(_altered(regular, misses, dict(shifts), later)))


def route_named(text: str | None) -> Route:
    """The route named; without one it is intravenous, as the help says."""
    return cast("Route", (text or ROUTES[0]).replace("-", " "))


def _kept(numbers: Numbers, before: int, made: Callable[[], Given]) -> Given | None:
    if len(numbers.faults) > before:
        return None
    try:
        return made()
    except BadInput as error:
        numbers.faults += error.faults
        return None


def _altered(
    course: Course, misses: Sequence[int], shifts: Mapping[int, float], later: tuple[float, Course] | None
) -> Course:
    """Doses keep the numbers they were planned with, whatever is shifted or missed."""
    kept = (
        replace(dose, at_day=dose.at_day + shifts.get(number, 0.0))
        for number, dose in enumerate(course.doses, 1)
        if number not in misses
    )
    made = switched(Course(tuple(kept)), *later) if later else Course(tuple(kept))
    together = [(one, two, days) for one, two, days in overlaps(made) if days > LONGEST_OVERLAP_DAYS]
    if together:
        raise BadInput(
            Fault(f"dose {two}", f"runs {days:.3g} days beside dose {one}", "infusions that share a day at most")
            for one, two, days in together
        )
    return made


def _regular(given: Namespace, numbers: Numbers, weight_kg: float | None) -> Course | None:
    before = len(numbers.faults)
    grams, per_kg = numbers.number("dose"), numbers.number("per_kg")
    interval, count = numbers.number("every"), numbers.whole("count", most=_MOST_DOSES)
    loading, hours = numbers.several("loading"), _Running(numbers)
    each = grams if grams is not None else per_kg * weight_kg if per_kg is not None and weight_kg is not None else None
    if len(numbers.faults) > before or each is None:
        return None
    route, days = route_named(given.route), interval or 1.0
    first = [Dose(float(day), amount, route, hours.of(amount)) for day, amount in enumerate(loading)]
    return every(
        each, days, count or 1, route=route, hours=hours.of(each), from_day=days if first else 0.0, loading=first
    )


class _Running:
    """How long a dose runs: as stated, by concentration and rate, or at once."""

    def __init__(self, numbers: Numbers) -> None:
        self.hours = numbers.number("hours", above=False)
        self.concentration, self.rate = numbers.number("concentration"), numbers.number("rate")

    def of(self, grams: float) -> float:
        if self.concentration is not None and self.rate is not None:
            return infusion_hours(grams, self.concentration, self.rate)
        return self.hours or 0.0


def _switch(given: Namespace, numbers: Numbers) -> tuple[float, Course] | None:
    day, grams = numbers.number("switch_day", above=False), numbers.number("switch_dose")
    interval, count = numbers.number("switch_every"), numbers.whole("switch_count", most=_MOST_DOSES)
    if day is None or grams is None or interval is None or count is None:
        return None
    before, route = route_named(given.route), route_named(given.switch_route or given.route)
    hours = _Running(numbers).of(grams) if route == before else 0.0
    return day, every(grams, interval, count, route=route, hours=hours, from_day=day)


def _shifts(given: Namespace, numbers: Numbers) -> Iterator[tuple[int, float]]:
    for text in given.shift:
        number, _, by_days = text.partition(":")
        try:
            yield int(number), float(by_days)
        except ValueError:
            numbers.faults.append(Fault("--shift", repr(text), "the number of a dose and days, such as 3:2 or 3:-1"))


def _numbered(count: int, misses: Sequence[int], shifts: Sequence[tuple[int, float]]) -> Iterator[Fault]:
    """What is wrong with the numbers of doses: none such, a dose shifted twice, or one that is missed and shifted."""
    moved = [number for number, _ in shifts]
    for option, numbers in (("--miss", misses), ("--shift", moved)):
        for number in numbers:
            if not 1 <= number <= count:
                yield Fault(option, f"dose {number}", f"a dose from 1 to {count}")
    for number in sorted({one for one in moved if moved.count(one) > 1}):
        yield Fault("--shift", f"dose {number} twice", "each dose once")
    for number in sorted({*moved} & {*misses}):
        yield Fault("--miss, --shift", f"dose {number} in both", "one of them")


def _missing(given: Namespace) -> Iterator[Fault]:
    if (given.dose is None) == (given.per_kg is None):
        yield Fault("--dose, --per-kg", "neither" if given.dose is None else "both", "one of them, or --events")
    if given.per_kg is not None and given.weight is None:
        yield Fault("--weight", "none", "the body weight, for a dose per kg")
    if given.every is not None and given.count is None:
        yield Fault("--every, --count", "days between doses, and not how many", "both, or none for a single dose")
    if (given.concentration is None) != (given.rate is None):
        yield Fault("--concentration, --rate", "one of them", "both")
    if given.concentration is not None and given.hours is not None:
        yield Fault("--hours", given.hours, "none with --concentration and --rate")
    lacking = [name for name in ("switch_day", *_SWITCH[:3]) if getattr(given, name) is None]
    if lacking and any(getattr(given, name) is not None for name in ("switch_day", *_SWITCH)):
        named = ", ".join(f"--{name.replace('_', '-')}" for name in lacking)
        yield Fault("--switch-day", f"a switch without {named}", "its day, dose, interval and number")


def _beside_a_table(given: Namespace) -> Iterator[Fault]:
    """Options of a course that a table would leave out without a word."""
    names = ("dose", "per_kg", "every", "count", "route", "hours", "concentration", "rate", "loading", "miss")
    for name in (*names, "switch_day", *_SWITCH):
        if getattr(given, name) is not None:
            yield Fault(f"--{name.replace('_', '-')}", str(getattr(given, name)), "none with --events, which says it")
    if given.shift:
        yield Fault("--shift", ", ".join(given.shift), "none with --events, which says it")


def _of_table(path: Path) -> Given:
    people = read_events(content_of(path), str(path)).subjects
    if len(people) != 1:
        hint = "For a table of several people: ivigil predictive-check"
        raise BadInput([Fault(str(path), f"{len(people)} people", "one person", hint)])
    person: Subject = people[0]
    return Given(person.course, person.covariates, person.levels)
