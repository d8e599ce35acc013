"""One patient on one course with some of the hypotheses on: the curves, and what has to be said about them."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
from scipy.integrate import solve_ivp

from ivigil.documents import BadInput, Fault
from ivigil.kinetics.doses import Course
from ivigil.kinetics.exponentials import FloatArray
from ivigil.kinetics.fcrn import FcRnParameters
from ivigil.kinetics.mechanism.actions import actions_of
from ivigil.kinetics.mechanism.curves import curves_of
from ivigil.kinetics.mechanism.figures import Others, figures_of
from ivigil.kinetics.mechanism.igg import Recycling, Stretch, stretches
from ivigil.kinetics.mechanism.sayings import sayings
from ivigil.kinetics.mechanism.states import Disease, Place
from ivigil.kinetics.mechanism.switches import Switches, switch_faults
from ivigil.kinetics.mechanism.system import System, system_of
from ivigil.knowledge.library import Library

# Relative and absolute: the states are of the order of 1 to 100, and the IgG is compared with the engines at 1e-6.
TOLERANCE, FLOOR = 1e-9, 1e-11


@dataclass(frozen=True)
class MechanismRun:
    """Curves (T,) on ``days`` (T,) by name; the hypotheses that were on; and sentences that belong with them.

    A level on the day of a dose that is given at once is that after it.
    """

    days: FloatArray
    curves: Mapping[str, FloatArray]
    on: tuple[str, ...]
    says: tuple[str, ...]


def run(
    course: Course,
    parameters: FcRnParameters,
    switches: Switches,
    days: Sequence[float] | FloatArray,
    library: Library,
    *,
    start: Disease | None = None,
    figures: Others | None = None,
) -> MechanismRun:
    """What a course does to a patient whose disease was steady before it.

    ``figures`` stand in for those of hypotheses. Raises :class:`BadInput` with every fault of the switches and days,
    for a route that the model does not cover, and for a disease or a figure that cannot be.
    """
    asked = np.asarray(days, dtype=np.float64)
    if faults := [*switch_faults(switches, library), *_day_faults(asked), *_route_faults(course, parameters)]:
        raise BadInput(faults)
    held = figures_of(library, figures)
    system = system_of(Recycling(parameters), actions_of(switches, held), start or Disease(), held)
    states = _solved(system, course, asked)
    return MechanismRun(asked, curves_of(system, states), tuple(sorted(switches.on)), sayings(switches, library))


def _solved(system: System, course: Course, days: FloatArray) -> FloatArray:
    """The states (T, places) on ``days``, which rise."""
    first = min([float(days[0]), *(dose.at_day for dose in course.doses)])
    state, states = system.start(), np.empty((days.size, len(Place)))
    for stretch in stretches(course, system.recycling.parameters, first, float(days[-1])):
        state = stretch.at_once(state, system.recycling.parameters.central_l)
        within = (days >= stretch.from_day) & (days < stretch.to_day)
        if stretch.to_day == stretch.from_day:
            states[days == stretch.to_day] = state
        else:
            state, states[within] = _through(system, stretch, state, days[within])
    return states


def _through(system: System, stretch: Stretch, state: list[float], days: FloatArray) -> tuple[list[float], FloatArray]:
    solution = solve_ivp(
        partial(_slopes, system=system, stretch=stretch),
        (stretch.from_day, stretch.to_day),
        state,
        method="DOP853",
        t_eval=np.append(days, stretch.to_day),
        rtol=TOLERANCE,
        atol=FLOOR,
    )
    if not solution.success:
        raise ArithmeticError(f"No solution from day {stretch.from_day:g} to {stretch.to_day:g}: {solution.message}")
    return solution.y[:, -1].tolist(), solution.y[:, :-1].T


def _slopes(day: float, state: FloatArray, *, system: System, stretch: Stretch) -> list[float]:
    return system.slopes(day, state.tolist(), stretch)


def _day_faults(days: FloatArray) -> Iterator[Fault]:
    if days.ndim != 1 or days.size == 0:
        yield Fault("days", f"an array of shape {days.shape}", "one day at least, in a row")
        return
    for day in days[~np.isfinite(days)]:
        yield Fault("days", f"{day:g}", "a finite number")
    if np.any(np.diff(days) <= 0):
        yield Fault("days", "days that do not rise", "each day later than the one before")


def _route_faults(course: Course, parameters: FcRnParameters) -> Iterator[Fault]:
    for number, dose in enumerate(course.doses, 1):
        share = parameters.bioavailable.get(dose.route, math.nan)
        needs_absorption = dose.route != "intravenous" and not parameters.absorption_per_day
        if math.isnan(share) or needs_absorption:
            yield Fault(f"dose {number}, route", repr(dose.route), "a route that the model covers")
