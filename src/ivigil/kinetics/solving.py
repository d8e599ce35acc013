"""The FcRn model solved for patients on a course: with numba where it is installed, with numpy otherwise.

Steps lie on a fixed grid, so that a patient's answer is the same whoever else is asked about. A patient whose rates are
faster than the grid is made for is solved on one as often twice as fine as it takes: a matter of that patient alone.
Memory grows with the patients asked about at once; ask in chunks of, say, 65,536.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from importlib import import_module
from importlib.util import find_spec
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from ivigil.documents import BadInput, Fault
from ivigil.kinetics.doses import Course
from ivigil.kinetics.exponentials import FloatArray
from ivigil.kinetics.fcrn import FcRnParameters, FcRnPopulation, stacked
from ivigil.kinetics.fcrn_numpy import solve_numpy
from ivigil.kinetics.fcrn_problem import Kind, Patients, Tables, Timetable, empty_tables
from ivigil.kinetics.fcrn_tables import Given, acting_of, given_faults, kind_of, patients_of
from ivigil.kinetics.fineness import fineness_of, grids_of
from ivigil.kinetics.schedule import schedule_of

Engine = Literal["numba", "numpy"]
Solver = Callable[[Timetable, Patients, Kind, Tables], None]
Chosen = NDArray[np.int64]
FEWEST_FOR_NUMBA = 512  # patients: for fewer, loading a kernel takes longer than it saves


@dataclass(frozen=True, eq=False)
class Solved:
    """Levels of P patients on T days, of each species: ``g_per_l`` (P, T, S) in g/L of V1.

    With an account also the grams of each species in the body, a depot under the skin among them, and those cleared
    since the start. ``engine`` says what solved it, ``steps`` how many steps the finest grid took. At the day of a dose
    given at once the level is the one after it. Neighbours in memory are patients: ``g_per_l[:, day, species]`` is one
    stretch.
    """

    days: FloatArray
    species: tuple[str, ...]
    g_per_l: FloatArray
    engine: Engine
    steps: int
    body_g: FloatArray | None = None
    cleared_g: FloatArray | None = None

    def of(self, species: str) -> FloatArray:
        """The level of one species, (P, T)."""
        return self.g_per_l[:, :, self.species.index(species)]

    @property
    def total_g_per_l(self) -> FloatArray:
        """The level of all IgG, (P, T)."""
        total: FloatArray = self.g_per_l.sum(axis=2)
        return total


def solve(
    people: FcRnPopulation | FcRnParameters,
    course: Course,
    days: Sequence[float] | FloatArray,
    *,
    times: FloatArray | None = None,
    grams: FloatArray | None = None,
    account: bool = False,
    engine: Engine | None = None,
    into: Solved | None = None,
) -> Solved:
    """Levels on ``days``, which rise, of patients who share a course.

    Each gets the grams of the course; or those ``times`` a number of their own, (P,), such as the weight where the
    course is written per kg; or ``grams`` (P, doses) of each dose. ``into`` is an earlier answer that may be
    overwritten where it has the same shape: a stream of chunks then works in the same memory. Raises
    :class:`BadInput` with every fault, for a route that the parameters do not cover, and for an engine that is not
    installed.
    """
    asked = stacked([people]) if isinstance(people, FcRnParameters) else people
    given, when = Given(course, times, grams), np.asarray(days, dtype=np.float64)
    if faults := [*given_faults(asked, given), *_day_faults(when)]:
        raise BadInput(faults)
    name = engine_named(engine, asked.size)
    kind = kind_of(asked, given, account=account)
    shape = (when.size, len(asked.species), asked.size)
    tables = _memory_of(into, shape, account=account) or empty_tables(*shape, account=account)
    steps = _Asked(asked, given, when, kind, _SOLVERS[name]).fill(tables)
    level, body, cleared = (table.transpose(2, 0, 1) for table in tables)
    return Solved(when, asked.species, level, name, steps, *((body, cleared) if account else ()))


def solve_each(
    people: FcRnPopulation,
    courses: Sequence[Course],
    days: Sequence[float] | FloatArray,
    *,
    account: bool = False,
    engine: Engine | None = None,
) -> Solved:
    """Levels on ``days`` of patients who each have a course of their own, one for each of them.

    Patients whose doses differ in grams only are solved together; so a cohort should share its days.
    """
    if len(courses) != people.size:
        raise BadInput([Fault("courses", str(len(courses)), f"{people.size}, one for each patient")])
    name = engine_named(engine, people.size)
    groups = _by_schedule(courses)
    parts = []
    for chosen in groups:
        some, grams = _some(people, chosen), _grams(courses, chosen)
        parts.append(solve(some, courses[chosen[0]], days, grams=grams, account=account, engine=name))
    return _joined(parts, groups, people.size)


def engine_named(engine: Engine | None, patients: int = FEWEST_FOR_NUMBA) -> Engine:
    """The engine asked for, or the one that is sooner done. Raises :class:`BadInput` where it is not installed.

    For few patients that is numpy's: loading a kernel takes longer than it saves. Their answers are the same.
    """
    installed = find_spec("numba") is not None
    if engine == "numba" and not installed:
        raise BadInput([Fault("engine", "numba, which is not installed", "numpy", "Or install the extra 'fast'.")])
    return engine or ("numba" if installed and patients >= FEWEST_FOR_NUMBA else "numpy")


def _memory_of(earlier: Solved | None, shape: tuple[int, int, int], *, account: bool) -> Tables | None:
    """The memory of an earlier answer, where it has the shape that is needed."""
    if earlier is None or account or earlier.g_per_l.transpose(1, 2, 0).shape != shape:
        return None
    none = np.empty((0, *shape[1:]))
    return Tables(earlier.g_per_l.transpose(1, 2, 0), none, none)


def _solve_numba(timetable: Timetable, patients: Patients, kind: Kind, tables: Tables) -> None:
    """Loads numba, which takes longer than many a solution."""
    solver: Solver = import_module("ivigil.kinetics.fcrn_fast").solve_numba
    solver(timetable, patients, kind, tables)


_SOLVERS: Mapping[Engine, Solver] = {"numba": _solve_numba, "numpy": solve_numpy}


@dataclass(frozen=True, eq=False)
class _Asked:
    """What is asked of an engine."""

    people: FcRnPopulation
    given: Given
    days: FloatArray
    kind: Kind
    solver: Solver

    def fill(self, tables: Tables) -> int:
        """Fill the tables, each patient on the grid its rates need; and how many steps the finest grid took.

        All are solved on the grid that most of them need, in place; the others then again on theirs.
        """
        grids = grids_of(self.people, self.given)
        needed, counts = np.unique(grids, return_counts=True)
        most = int(needed[np.argmax(counts)])
        steps = self.on(most, tables)
        for grid in (int(one) for one in needed if one != most):
            chosen = np.flatnonzero(grids == grid)
            some = replace(self, people=_some(self.people, chosen), given=self.given.of(chosen))
            found = empty_tables(self.days.size, len(self.people.species), chosen.size, account=tables.body.size > 0)
            steps = max(steps, some.on(grid, found))
            for table, part in zip(tables, found, strict=True):
                table[:, :, chosen] = part
        return steps

    def on(self, grid: int, tables: Tables) -> int:
        """Fill the tables on one grid, and how many steps it has."""
        course, acting = self.given.course, acting_of(self.people)
        schedule = schedule_of(course, acting, self.days, fineness=fineness_of(grid), alike=self.given.alike)
        patients = patients_of(self.people, self.given, schedule, self.kind)
        with np.errstate(all="ignore"):  # whoever is too fast for this grid is solved again on a finer one
            self.solver(schedule.timetable, patients, self.kind, tables)
        return int(schedule.timetable.lengths.size)


def _day_faults(days: FloatArray) -> list[Fault]:
    if days.ndim != 1 or not days.size:
        return [Fault("days", f"shape {days.shape}", "one day at least, in a row")]
    if not np.isfinite(days).all() or (np.diff(days) <= 0).any():
        return [Fault("days", "days that do not rise, or none", "finite days, each after the one before")]
    return []


def _some(people: FcRnPopulation, chosen: Chosen) -> FcRnPopulation:
    """Some of the patients."""
    arrays = {one.name: getattr(people, one.name) for one in fields(people)}
    taken: dict[str, Any] = {name: one[chosen] for name, one in arrays.items() if isinstance(one, np.ndarray)}
    shares = {name: value[chosen] for name, value in people.own_shares.items()}
    bioavailable = {route: value[chosen] for route, value in people.bioavailable.items()}
    return replace(people, **taken, own_shares=shares, bioavailable=bioavailable)


def _by_schedule(courses: Sequence[Course]) -> list[Chosen]:
    """Patients whose doses are at the same times, by the same routes and as long."""
    groups: dict[tuple[tuple[float, float, str], ...], list[int]] = {}
    for number, course in enumerate(courses):
        timing = tuple((dose.at_day, dose.hours, dose.route) for dose in course.doses)
        groups.setdefault(timing, []).append(number)
    return [np.array(group) for group in groups.values()]


def _grams(courses: Sequence[Course], chosen: Chosen) -> FloatArray:
    doses = len(courses[chosen[0]].doses)
    grams = (dose.grams for number in chosen for dose in courses[number].doses)
    return np.fromiter(grams, dtype=np.float64, count=chosen.size * doses).reshape(chosen.size, doses)


def _joined(parts: Sequence[Solved], groups: Sequence[Chosen], size: int) -> Solved:
    """The parts as one answer, in the order of the patients."""
    first = parts[0]

    def whole(name: str) -> FloatArray | None:
        if getattr(first, name) is None:
            return None
        table = np.empty((first.days.size, len(first.species), size))
        for part, chosen in zip(parts, groups, strict=True):
            table[:, :, chosen] = getattr(part, name).transpose(1, 2, 0)
        return table.transpose(2, 0, 1)

    level, body, cleared = whole("g_per_l"), whole("body_g"), whole("cleared_g")
    if level is None:
        raise AssertionError("levels are always there")
    return replace(first, g_per_l=level, body_g=body, cleared_g=cleared, steps=max(part.steps for part in parts))
