"""Steady state of a linear model: one cycle of doses repeated for ever, by the geometric series. Pure Python."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from ivigil.documents import BadInput, Fault
from ivigil.kinetics.doses import Course, Dose, later
from ivigil.kinetics.exponentials_light import chain
from ivigil.kinetics.linear_light import Held, central_days, central_days_left, held, left, refuse_unmodelled
from ivigil.kinetics.parameters import LinearParameters, Modes, modes_of

# Where a peak or a trough is looked for before it is refined: points in a cycle.
_POINTS = 96
_GOLDEN = (math.sqrt(5) - 1) / 2
# Each halves and more: 0.618 ** 60 of a bracket of days is under a nanosecond.
_REFINEMENTS = 60


@dataclass(frozen=True)
class SteadyState:
    """A cycle at steady state: exogenous levels in g/L, days from the cycle's first dose, the area in g·day/L.

    ``trough_g_per_l`` is the level just before the cycle begins again; ``lowest_g_per_l`` may differ from it a little
    under the skin, where a level still falls after the dose.
    """

    trough_g_per_l: float
    peak_g_per_l: float
    peak_at_day: float
    lowest_g_per_l: float
    mean_g_per_l: float
    auc_g_day_per_l: float
    interval_days: float


def steady_state(parameters: LinearParameters, cycle: Dose | Course, interval_days: float) -> SteadyState:
    """What a dose, or a cycle of doses, repeated every ``interval_days`` settles at.

    Raises :class:`BadInput` where the cycle does not fit in its interval, or a route is not modelled.
    """
    doses = _from_day_0(cycle, interval_days)
    refuse_unmodelled(parameters, Course(doses))
    modes = modes_of(parameters)
    start = _periodic(parameters, modes, doses, interval_days)
    area = central_days_left(parameters, modes, start, interval_days) + math.fsum(
        central_days(parameters, modes, dose, interval_days - dose.at_day) for dose in doses
    )
    peak_at, peak = _highest(parameters, doses, interval_days, sign=1.0)
    _, lowest = _highest(parameters, doses, interval_days, sign=-1.0)
    trough = start.central_g / parameters.central_l
    auc = area / parameters.central_l
    return SteadyState(trough, peak, peak_at, min(lowest, trough), auc / interval_days, auc, interval_days)


def steady_curve(
    parameters: LinearParameters, cycle: Dose | Course, interval_days: float, days: Sequence[float]
) -> list[float]:
    """Exogenous levels at steady state in g/L, ``days`` after a cycle's first dose; any day, each cycle alike."""
    doses = _from_day_0(cycle, interval_days)
    refuse_unmodelled(parameters, Course(doses))
    return _levels(parameters, doses, interval_days, [day % interval_days for day in days])


def _levels(
    parameters: LinearParameters, doses: tuple[Dose, ...], interval_days: float, days: Sequence[float]
) -> list[float]:
    modes = modes_of(parameters)
    start = _periodic(parameters, modes, doses, interval_days)
    return [
        left(parameters, modes, start, day).plus(held(parameters, modes, doses, day)).central_g / parameters.central_l
        for day in days
    ]


def _periodic(parameters: LinearParameters, modes: Modes, doses: tuple[Dose, ...], interval_days: float) -> Held:
    """What earlier cycles hold when one begins: the state that a cycle leads back to itself."""
    once = held(parameters, modes, doses, interval_days)
    absorbed = parameters.absorption_per_day or 0.0
    depot = once.depot_g / -math.expm1(-absorbed * interval_days) if once.depot_g else 0.0

    def settled(grams: float, share: float, rate: float) -> float:
        through = share * absorbed * depot * chain(rate, absorbed, interval_days)
        return (grams + through) / -math.expm1(-rate * interval_days)

    return Held(
        depot,
        settled(once.fast_g, modes.fast_share, modes.fast_per_day),
        settled(once.slow_g, modes.slow_share, modes.slow_per_day),
    )


def _highest(
    parameters: LinearParameters, doses: tuple[Dose, ...], interval_days: float, *, sign: float
) -> tuple[float, float]:
    """When in a cycle the level is highest (``sign`` 1) or lowest (-1), and how high: on a grid, then refined."""
    ends = {dose.at_day for dose in doses} | {dose.ends_at_day for dose in doses}
    grid = sorted({*ends, *(interval_days * point / _POINTS for point in range(_POINTS + 1))})
    grid = [day for day in grid if day <= interval_days]
    levels = [sign * level for level in _levels(parameters, doses, interval_days, grid)]
    best = max(range(len(grid)), key=levels.__getitem__)
    low, high = grid[max(best - 1, 0)], grid[min(best + 1, len(grid) - 1)]
    inner = _golden(parameters, doses, interval_days, (low, high), sign)
    at, level = max(((grid[best], levels[best]), inner), key=lambda found: found[1])
    return at, sign * level


def _golden(
    parameters: LinearParameters,
    doses: tuple[Dose, ...],
    interval_days: float,
    bracket: tuple[float, float],
    sign: float,
) -> tuple[float, float]:
    low, high = bracket

    def level(day: float) -> float:
        return sign * _levels(parameters, doses, interval_days, [day])[0]

    for _ in range(_REFINEMENTS):
        left_at, right_at = high - _GOLDEN * (high - low), low + _GOLDEN * (high - low)
        low, high = (low, right_at) if level(left_at) >= level(right_at) else (left_at, high)
    middle = (low + high) / 2
    return middle, level(middle)


def _from_day_0(cycle: Dose | Course, interval_days: float) -> tuple[Dose, ...]:
    course = cycle if isinstance(cycle, Course) else Course((cycle,))
    if not course.doses:
        raise BadInput([Fault("cycle", "no dose", "one dose at least")])
    if not (math.isfinite(interval_days) and interval_days > 0):
        raise BadInput([Fault("interval_days", f"{interval_days:g}", "a number of days above 0")])
    doses = later(course, -course.doses[0].at_day).doses
    late = [dose for dose in doses if dose.ends_at_day > interval_days or dose.at_day >= interval_days]
    if late:
        expected = f"an end within the interval of {interval_days:g} days"
        raise BadInput(Fault("cycle", f"a dose that ends on day {dose.ends_at_day:g}", expected) for dose in late)
    return doses
