"""The linear models in closed form for one person, in pure Python: what ``linear`` answers with arrays.

Every dose adds its own curve (superposition). A curve is that of an infusion of its length, into the blood or into a
depot under the skin from which it is absorbed at first order, and of what then leaves: exact, without steps.
Grams, L, days, g/L. At the very moment of a dose given at once, the level is the one after it.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ivigil.documents import BadInput, Fault
from ivigil.kinetics.doses import Course, Dose
from ivigil.kinetics.exponentials_light import chain, chain_once, chain_twice, once, twice
from ivigil.kinetics.parameters import (
    HalfLives,
    LinearParameters,
    Modes,
    half_lives,
    modes_of,
    offsets,
    parameters_of,
    with_baseline,
)

__all__ = [
    "Amounts",
    "HalfLives",
    "LinearParameters",
    "amounts",
    "auc",
    "cleared_g",
    "exogenous",
    "half_lives",
    "parameters_of",
    "taken_up_g",
    "total",
    "with_baseline",
]


@dataclass(frozen=True)
class Held:
    """Grams of one dose, or of all, in the depot and in the two modes whose sum is the central compartment."""

    depot_g: float = 0.0
    fast_g: float = 0.0
    slow_g: float = 0.0

    @property
    def central_g(self) -> float:
        return self.fast_g + self.slow_g

    def plus(self, other: Held) -> Held:
        return Held(self.depot_g + other.depot_g, self.fast_g + other.fast_g, self.slow_g + other.slow_g)


@dataclass(frozen=True)
class Amounts:
    """Exogenous IgG in grams: under the skin, in the central and in the peripheral compartment."""

    depot_g: float
    central_g: float
    peripheral_g: float

    @property
    def body_g(self) -> float:
        """All of it."""
        return self.depot_g + self.central_g + self.peripheral_g


def exogenous(parameters: LinearParameters, course: Course, days: Sequence[float]) -> list[float]:
    """The level of IgG that was given, in g/L, on each of ``days``.

    Raises :class:`BadInput` for a route that is not modelled.
    """
    refuse_unmodelled(parameters, course)
    modes = modes_of(parameters)
    return [held(parameters, modes, course.doses, day).central_g / parameters.central_l for day in days]


def total(parameters: LinearParameters, course: Course, days: Sequence[float]) -> list[float]:
    """The level of all IgG: what was given, and the baseline. Raises :class:`BadInput` where that is unknown."""
    baseline = known_baseline(parameters)
    return [level + baseline for level in exogenous(parameters, course, days)]


def amounts(parameters: LinearParameters, course: Course, day: float) -> Amounts:
    """Where the IgG that was given is on ``day``."""
    refuse_unmodelled(parameters, course)
    modes = modes_of(parameters)
    return amounts_of(modes, held(parameters, modes, course.doses, day))


def auc(parameters: LinearParameters, course: Course, from_day: float, to_day: float) -> float:
    """The area under the exogenous level from one day to another, in g·day/L; negative when taken backwards."""
    refuse_unmodelled(parameters, course)
    modes = modes_of(parameters)
    areas = (
        central_days(parameters, modes, dose, to_day - dose.at_day)
        - central_days(parameters, modes, dose, from_day - dose.at_day)
        for dose in course.doses
    )
    return math.fsum(areas) / parameters.central_l


def cleared_g(parameters: LinearParameters, course: Course, from_day: float, to_day: float) -> float:
    """Grams of what was given that left the body from one day to another."""
    return parameters.clearance_l_per_day * auc(parameters, course, from_day, to_day)


def taken_up_g(parameters: LinearParameters, course: Course, by_day: float) -> float:
    """Grams that count as given by ``by_day``: the share of each dose that its route lets through."""
    refuse_unmodelled(parameters, course)
    return math.fsum(
        parameters.bioavailable[dose.route] * dose.grams * _given_share(dose, by_day) for dose in course.doses
    )


def _given_share(dose: Dose, day: float) -> float:
    if day < dose.at_day:
        return 0.0
    return 1.0 if day >= dose.ends_at_day else (day - dose.at_day) / dose.days


def held(parameters: LinearParameters, modes: Modes, doses: Sequence[Dose], day: float) -> Held:
    """What all doses together hold on ``day``."""
    each = [of_dose(parameters, modes, dose, day - dose.at_day) for dose in doses if dose.at_day <= day]
    return Held(
        math.fsum(one.depot_g for one in each),
        math.fsum(one.fast_g for one in each),
        math.fsum(one.slow_g for one in each),
    )


def of_dose(parameters: LinearParameters, modes: Modes, dose: Dose, elapsed: float) -> Held:
    """What one dose holds ``elapsed`` days after its start; nothing before it."""
    if elapsed < 0:
        return Held()
    inside = min(elapsed, dose.days)
    return left(parameters, modes, _while_running(parameters, modes, dose, inside), elapsed - inside)


def _while_running(parameters: LinearParameters, modes: Modes, dose: Dose, inside: float) -> Held:
    grams = parameters.bioavailable[dose.route] * dose.grams
    if dose.route == "intravenous":
        fast, slow = (_given(rate, grams, dose.days, inside) for rate in (modes.fast_per_day, modes.slow_per_day))
        return Held(0.0, modes.fast_share * fast, modes.slow_share * slow)
    absorbed = parameters.absorption_per_day or 0.0
    if dose.days == 0:
        return Held(grams)
    fast, slow = (
        grams * (absorbed * chain_once(rate, absorbed, inside) / dose.days)
        for rate in (modes.fast_per_day, modes.slow_per_day)
    )
    return Held(grams * (once(absorbed, inside) / dose.days), modes.fast_share * fast, modes.slow_share * slow)


def _given(rate: float, grams: float, running_days: float, inside: float) -> float:
    # the quotient is 1 at most: grams a day of an infusion of no length to speak of would overflow
    return grams if running_days == 0 else grams * (once(rate, inside) / running_days)


def left(parameters: LinearParameters, modes: Modes, start: Held, days: float) -> Held:
    """What is held after ``days`` without a dose."""
    absorbed = parameters.absorption_per_day or 0.0
    through = absorbed * start.depot_g
    return Held(
        start.depot_g * math.exp(-absorbed * days),
        start.fast_g * math.exp(-modes.fast_per_day * days)
        + modes.fast_share * through * chain(modes.fast_per_day, absorbed, days),
        start.slow_g * math.exp(-modes.slow_per_day * days)
        + modes.slow_share * through * chain(modes.slow_per_day, absorbed, days),
    )


def central_days_left(parameters: LinearParameters, modes: Modes, start: Held, days: float) -> float:
    """Gram-days in the central compartment over ``days`` without a dose."""
    absorbed = parameters.absorption_per_day or 0.0
    through = absorbed * start.depot_g
    return (
        start.fast_g * once(modes.fast_per_day, days)
        + start.slow_g * once(modes.slow_per_day, days)
        + modes.fast_share * through * chain_once(modes.fast_per_day, absorbed, days)
        + modes.slow_share * through * chain_once(modes.slow_per_day, absorbed, days)
    )


def central_days(parameters: LinearParameters, modes: Modes, dose: Dose, elapsed: float) -> float:
    """Gram-days of one dose in the central compartment, from its start to ``elapsed`` days after it."""
    if elapsed <= 0:
        return 0.0
    inside = min(elapsed, dose.days)
    start = _while_running(parameters, modes, dose, inside)
    running = _central_days_running(parameters, modes, dose, inside)
    return running + central_days_left(parameters, modes, start, elapsed - inside)


def _central_days_running(parameters: LinearParameters, modes: Modes, dose: Dose, inside: float) -> float:
    if dose.days == 0:
        return 0.0
    grams = parameters.bioavailable[dose.route] * dose.grams
    pairs = ((modes.fast_share, modes.fast_per_day), (modes.slow_share, modes.slow_per_day))
    if dose.route == "intravenous":
        return grams * (sum(share * twice(rate, inside) for share, rate in pairs) / dose.days)
    absorbed = parameters.absorption_per_day or 0.0
    passed = sum(share * chain_twice(rate, absorbed, inside) for share, rate in pairs)
    return grams * (absorbed * passed / dose.days)


def amounts_of(modes: Modes, state: Held) -> Amounts:
    """Modes as compartments: the peripheral one is what each mode's flow through it implies."""
    if modes.back_per_day == 0:
        return Amounts(state.depot_g, state.central_g, 0.0)
    above, below = offsets(modes.exit_per_day, modes.out_per_day, modes.back_per_day)
    peripheral = (above * state.slow_g - below * state.fast_g) / modes.back_per_day
    # just after a dose both parts are nearly equal, and rounding may leave their difference a hair below nothing
    return Amounts(state.depot_g, state.central_g, max(peripheral, 0.0))


def held_of(modes: Modes, state: Amounts) -> Held:
    """Compartments as modes: the inverse of :func:`amounts_of`."""
    if modes.back_per_day == 0:
        return Held(state.depot_g, 0.0, state.central_g)
    above, below = offsets(modes.exit_per_day, modes.out_per_day, modes.back_per_day)
    returning = modes.back_per_day * state.peripheral_g / (above + below)
    return Held(
        state.depot_g, modes.fast_share * state.central_g - returning, modes.slow_share * state.central_g + returning
    )


def known_baseline(parameters: LinearParameters) -> float:
    """The baseline. Raises :class:`BadInput` where none is known."""
    if parameters.baseline_g_per_l is None:
        hint = "Give the person's own level before treatment, or ask for exogenous IgG."
        raise BadInput([Fault("baseline_g_per_l", "none in this model", "a level in g/L", hint)])
    return parameters.baseline_g_per_l


def refuse_unmodelled(parameters: LinearParameters, course: Course) -> None:
    """Raise :class:`BadInput` with every dose by a route that the model does not cover."""
    faults = list(_unmodelled(parameters, course))
    if faults:
        raise BadInput(faults)


def _unmodelled(parameters: LinearParameters, course: Course) -> Iterator[Fault]:
    known = [route for route in parameters.bioavailable if route == "intravenous" or parameters.absorption_per_day]
    for number, dose in enumerate(course.doses, 1):
        if dose.route not in known:
            yield Fault(f"dose {number}, route", dose.route, " or ".join(known), "Take a model built on this route.")
