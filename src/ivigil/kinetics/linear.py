"""The linear models in closed form with arrays: many days and many people at once.

The same arithmetic as ``linear_light``, which answers for one person without numpy, and from which single numbers
(areas, steady state, half-lives) are taken. Grams, L, days, g/L; shapes (P,) for people, (T,) for days.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from ivigil.kinetics.doses import Course, Dose, Route
from ivigil.kinetics.exponentials import FloatArray, chain, chain_once, chain_twice, once, twice
from ivigil.kinetics.linear_light import (
    Amounts,
    HalfLives,
    LinearParameters,
    amounts,
    auc,
    cleared_g,
    half_lives,
    known_baseline,
    parameters_of,
    refuse_unmodelled,
    taken_up_g,
    with_baseline,
)
from ivigil.kinetics.steady import SteadyState, steady_curve, steady_state

__all__ = [
    "Amounts",
    "FloatArray",
    "HalfLives",
    "LinearParameters",
    "LinearPopulation",
    "Mode",
    "SteadyState",
    "amounts",
    "auc",
    "auc_many",
    "central_days_many",
    "cleared_g",
    "exogenous",
    "exogenous_many",
    "half_lives",
    "modes_many",
    "parameters_of",
    "stacked",
    "steady_curve",
    "steady_state",
    "taken_up_g",
    "total",
    "while_running",
    "with_baseline",
]


@dataclass(frozen=True)
class LinearPopulation:
    """The parameters of P people under one model, each an array (P,); absorption is 0 where nothing is absorbed."""

    clearance_l_per_day: FloatArray
    central_l: FloatArray
    between_l_per_day: FloatArray
    peripheral_l: FloatArray
    absorption_per_day: FloatArray
    bioavailable: Mapping[Route, FloatArray]
    baseline_g_per_l: FloatArray


def stacked(people: Sequence[LinearParameters]) -> LinearPopulation:
    """People of one model as arrays; an unknown baseline is NaN."""
    routes = people[0].bioavailable if people else {}

    def column(name: str, missing: float = 0.0) -> FloatArray:
        values = (getattr(one, name) for one in people)
        return np.array([missing if value is None else value for value in values], dtype=np.float64)

    return LinearPopulation(
        clearance_l_per_day=column("clearance_l_per_day"),
        central_l=column("central_l"),
        between_l_per_day=column("between_l_per_day"),
        peripheral_l=column("peripheral_l"),
        absorption_per_day=column("absorption_per_day"),
        bioavailable={route: np.array([one.bioavailable[route] for one in people]) for route in routes},
        baseline_g_per_l=column("baseline_g_per_l", math.nan),
    )


def exogenous(parameters: LinearParameters, course: Course, days: FloatArray) -> FloatArray:
    """The level of IgG that was given, in g/L, on ``days`` (T,): shape (T,). Raises :class:`BadInput` as light does."""
    refuse_unmodelled(parameters, course)
    found: FloatArray = exogenous_many(stacked([parameters]), course, days)[0]
    return found


def total(parameters: LinearParameters, course: Course, days: FloatArray) -> FloatArray:
    """The level of all IgG: what was given, and the baseline. Raises :class:`BadInput` where that is unknown."""
    return exogenous(parameters, course, days) + known_baseline(parameters)


def exogenous_many(people: LinearPopulation, course: Course, days: FloatArray) -> FloatArray:
    """The exogenous level in g/L of each person on each day: shape (P, T). Routes are modelled: see ``stacked``."""
    modes = modes_many(people)
    days = np.asarray(days, dtype=np.float64)
    grams = np.zeros((people.clearance_l_per_day.size, days.size))
    for dose in course.doses:
        reached = days >= dose.at_day
        if reached.any():
            grams[:, reached] += _central_g(people, modes, dose, days[reached][None, :] - dose.at_day)
    return grams / people.central_l[:, None]


def auc_many(people: LinearPopulation, course: Course, from_day: float, to_day: float) -> FloatArray:
    """The area under each person's exogenous level from one day to another, in g·day/L: shape (P,)."""
    modes = modes_many(people)
    areas = np.zeros(people.clearance_l_per_day.size)
    bounds = np.array([[from_day, to_day]])
    for dose in course.doses:
        until = central_days_many(people, modes, dose, np.maximum(bounds - dose.at_day, 0.0))
        areas += until[:, 1] - until[:, 0]
    made: FloatArray = areas / people.central_l
    return made


@dataclass(frozen=True)
class Mode:
    """One mode of everybody: its rate per day and its share of a dose, as columns (P, 1)."""

    per_day: FloatArray
    share: FloatArray


def modes_many(people: LinearPopulation) -> tuple[Mode, Mode]:
    """The fast and the slow mode: see ``parameters.modes_of``, whose order of operations this keeps."""
    leaving = people.clearance_l_per_day / people.central_l
    has_two = (people.between_l_per_day > 0) & (people.peripheral_l > 0)
    out = np.where(has_two, people.between_l_per_day / people.central_l, 0.0)
    back = np.where(has_two, people.between_l_per_day / np.where(has_two, people.peripheral_l, 1.0), 0.0)
    middle = (leaving + out - back) / 2
    gap = np.hypot(middle, np.sqrt(out * back))
    larger = gap + np.abs(middle)
    smaller = np.where(has_two, out * back / np.where(larger > 0, larger, 1.0), 0.0)
    above, below = np.where(middle >= 0, larger, smaller), np.where(middle >= 0, smaller, larger)
    fast = np.where(has_two, (leaving + out + back) / 2 + gap, leaving)
    slow = np.where(has_two, leaving * back / fast, leaving)
    share = np.where(has_two, above / np.where(has_two, above + below, 1.0), 0.0)
    slow_share = np.where(has_two, below / np.where(has_two, above + below, 1.0), 1.0)
    return Mode(fast[:, None], share[:, None]), Mode(slow[:, None], slow_share[:, None])


def _central_g(people: LinearPopulation, modes: tuple[Mode, Mode], dose: Dose, elapsed: FloatArray) -> FloatArray:
    """Grams of one dose in the central compartment, ``elapsed`` (1, T) days after its start: shape (P, T)."""
    inside = np.minimum(elapsed, dose.days)
    absorbed = people.absorption_per_day[:, None]
    central, depot = while_running(people, modes, dose, inside)
    after, through = elapsed - inside, absorbed * depot
    found = np.zeros(np.broadcast_shapes(central[0].shape, elapsed.shape))
    for mode, grams in zip(modes, central, strict=True):
        found += grams * np.exp(-mode.per_day * after)
        if dose.route != "intravenous":
            found += mode.share * through * chain(mode.per_day, absorbed, after)
    return found


def while_running(
    people: LinearPopulation, modes: tuple[Mode, Mode], dose: Dose, inside: FloatArray
) -> tuple[tuple[FloatArray, ...], FloatArray]:
    """Grams in each mode and in the depot while the dose runs, or at its end."""
    grams = people.bioavailable[dose.route][:, None] * dose.grams
    none = np.zeros_like(grams)
    absorbed = people.absorption_per_day[:, None]
    if dose.route == "intravenous":
        if dose.days == 0:
            return tuple(mode.share * grams for mode in modes), none
        return tuple(mode.share * (grams * (once(mode.per_day, inside) / dose.days)) for mode in modes), none
    if dose.days == 0:
        return (none, none), grams
    central = (
        mode.share * (grams * (absorbed * chain_once(mode.per_day, absorbed, inside) / dose.days)) for mode in modes
    )
    return tuple(central), grams * (once(absorbed, inside) / dose.days)


def central_days_many(
    people: LinearPopulation, modes: tuple[Mode, Mode], dose: Dose, elapsed: FloatArray
) -> FloatArray:
    """Gram-days of one dose in the central compartment, from its start to ``elapsed`` days after it."""
    inside = np.minimum(elapsed, dose.days)
    absorbed = people.absorption_per_day[:, None]
    central, depot = while_running(people, modes, dose, inside)
    after, through = elapsed - inside, absorbed * depot
    found = _central_days_running(people, modes, dose, inside)
    for mode, grams in zip(modes, central, strict=True):
        found = found + grams * once(mode.per_day, after)
        if dose.route != "intravenous":
            found = found + mode.share * through * chain_once(mode.per_day, absorbed, after)
    return found


def _central_days_running(
    people: LinearPopulation, modes: tuple[Mode, Mode], dose: Dose, inside: FloatArray
) -> FloatArray:
    shape = (people.clearance_l_per_day.size, inside.shape[1])
    if dose.days == 0:
        return np.zeros(shape)
    grams = people.bioavailable[dose.route][:, None] * dose.grams
    if dose.route == "intravenous":
        return np.asarray(grams * (sum(mode.share * twice(mode.per_day, inside) for mode in modes) / dose.days))
    absorbed = people.absorption_per_day[:, None]
    passed = sum(mode.share * chain_twice(mode.per_day, absorbed, inside) for mode in modes)
    return np.asarray(grams * (absorbed * passed / dose.days))
