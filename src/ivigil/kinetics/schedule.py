"""A course as a timetable of steps that every patient on it shares: what begins, runs and is read at which node."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

import numpy as np

from ivigil.kinetics.doses import Course
from ivigil.kinetics.exponentials import FloatArray
from ivigil.kinetics.fcrn_problem import Rows, Timetable
from ivigil.kinetics.fcrn_step import STAGES
from ivigil.kinetics.grid import Fineness, graded
from ivigil.kinetics.influences import OccupancyCourse, SynthesisCourse

Key = TypeVar("Key")
DoseRow = tuple[int, ...]
FactorRow = tuple[float, ...]


@dataclass(frozen=True)
class Acting:
    """What acts beside the doses, and on which own species, in their order."""

    species: tuple[str, ...]
    occupancy: OccupancyCourse
    synthesis: SynthesisCourse

    @property
    def days(self) -> frozenset[float]:
        """The days on which something changes at once."""
        occupied = (one.from_day for one in self.occupancy.entries)
        return frozenset((*occupied, *(one.from_day for one in self.synthesis.changes)))

    def factors(self, day: float) -> FactorRow:
        """How much of each species is made on a day, as a multiple of its rate before treatment."""
        return tuple(self.synthesis.factor(one, day) for one in self.species)


@dataclass(frozen=True, eq=False)
class Schedule:
    """A timetable, and what its rows hold: doses by their number from 0 in the course, and factors of synthesis."""

    timetable: Timetable
    running: tuple[DoseRow, ...]
    at_once: tuple[DoseRow, ...]
    making: tuple[FactorRow, ...]


def schedule_of(
    course: Course, acting: Acting, days: FloatArray, *, fineness: Fineness, alike: Sequence[int]
) -> Schedule:
    """The timetable of a course read on ``days``, in steps as fine as is asked.

    ``alike`` gives each dose a number that equal doses share, so that they share a row. It begins on the first day that
    anything happens or is read; a reading on the day of a dose given at once is that after it.
    """
    last = float(days[-1])
    changes = sorted(day for day in _changes(course, acting) if day <= last)
    runs = {day: _running(course, alike, day) for day in changes}
    nodes = graded(days.tolist(), changes, fineness, {day for day, row in runs.items() if row})
    stretches = np.searchsorted(changes, nodes[:-1], side="right")
    running, at_once, making = _Numbered[DoseRow](()), _Numbered[DoseRow](), _Numbered[FactorRow]()
    run = np.array([0, *(running.number(row) for row in runs.values())])
    make = np.array([making.number(acting.factors(day)) for day in (float(nodes[0]), *changes)])
    given = np.full(nodes.size, -1)
    for day, row in _given_at_once(course, alike).items():
        if day <= last:
            given[np.searchsorted(nodes, day)] = at_once.number(row)
    read = np.full(nodes.size, -1)
    read[np.searchsorted(nodes, days)] = np.arange(days.size)
    lengths = np.diff(nodes)
    free = _free(acting.occupancy, nodes)
    timetable = Timetable(lengths, free, _rows(run[stretches]), _rows(make[stretches]), _rows(given), _rows(read))
    return Schedule(timetable, running.all, at_once.all, making.all)


class _Numbered(Generic[Key]):
    """Keys numbered in the order in which they first come."""

    def __init__(self, *first: Key) -> None:
        self._numbers: dict[Key, int] = {key: number for number, key in enumerate(first)}

    def number(self, key: Key) -> int:
        return self._numbers.setdefault(key, len(self._numbers))

    @property
    def all(self) -> tuple[Key, ...]:
        return tuple(self._numbers)


def _rows(numbers: Iterable[int] | Rows) -> Rows:
    return np.ascontiguousarray(numbers, dtype=np.int64)


def _changes(course: Course, acting: Acting) -> frozenset[float]:
    doses = (day for dose in course.doses for day in (dose.at_day, dose.ends_at_day))
    return frozenset((*doses, *acting.days))


def _running(course: Course, alike: Sequence[int], day: float) -> DoseRow:
    timed = (number for number, dose in enumerate(course.doses) if dose.at_day <= day < dose.ends_at_day)
    return tuple(alike[number] for number in timed)


def _given_at_once(course: Course, alike: Sequence[int]) -> dict[float, DoseRow]:
    given: dict[float, DoseRow] = {}
    for number, dose in enumerate(course.doses):
        if dose.ends_at_day == dose.at_day:
            given[dose.at_day] = (*given.get(dose.at_day, ()), alike[number])
    return given


def _free(occupancy: OccupancyCourse, nodes: FloatArray) -> FloatArray:
    """The share of FcRn that is left at each stage of each step, (S, 6)."""
    if not occupancy.entries:
        return np.ones((nodes.size - 1, len(STAGES)))
    steps = zip(nodes.tolist(), np.diff(nodes).tolist(), strict=False)
    return np.array(
        [[1.0 - occupancy.within(begin, begin + stage * length) for stage in STAGES] for begin, length in steps]
    )
