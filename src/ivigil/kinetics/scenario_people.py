"""The person of a scenario: one face for linear models and for recycling, so that scenarios are written once."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from typing import Protocol

import numpy as np
from scipy.integrate import solve_ivp

from ivigil.kinetics.doses import Course, Dose, later
from ivigil.kinetics.exponentials import FloatArray
from ivigil.kinetics.fcrn_step import clearance_rate, slopes
from ivigil.kinetics.linear import LinearParameters, parameters_of, total
from ivigil.kinetics.people import Covariates
from ivigil.knowledge.kinetic_records import FcRnModel, LinearModel

# Long enough for any model here to repeat itself to a ten-thousandth: fifteen half-lives of the slowest.
_SETTLED_AFTER_DAYS = 700.0
# What the solver may err in a step: far below the digits of a report.
_RELATIVE, _ABSOLUTE = 1e-8, 1e-10
# Given in V1 and V2, own in V1 and V2, under the skin.
_STATES = 5


class Person(Protocol):
    """Somebody under a model: levels of all IgG, own and given."""

    @property
    def weight_kg(self) -> float: ...

    @property
    def own_g_per_l(self) -> float: ...

    def total(self, course: Course, days: FloatArray) -> FloatArray:
        """Total IgG in g/L on ``days`` (T,), from before the first dose: shape (T,)."""

    def settled(self, cycle: Course, interval_days: float, days: FloatArray) -> FloatArray:
        """Total IgG in g/L on ``days`` (T,) of a settled cycle; its last day is just before the next one."""


def repeated(cycle: Course, interval_days: float) -> tuple[Course, float]:
    """The cycle as often as it takes to settle, and the day on which its last repeat begins."""
    count = math.ceil(_SETTLED_AFTER_DAYS / interval_days)
    doses = tuple(dose for number in range(count) for dose in later(cycle, number * interval_days).doses)
    return Course(doses), (count - 1) * interval_days


@dataclass(frozen=True)
class LinearPerson:
    """A typical person under a linear model, with the baseline that the model adds."""

    parameters: LinearParameters
    weight_kg: float

    @property
    def own_g_per_l(self) -> float:
        """The constant baseline, in g/L."""
        return self.parameters.baseline_g_per_l or 0.0

    def total(self, course: Course, days: FloatArray) -> FloatArray:
        """See :class:`Person`."""
        return total(self.parameters, course, days)

    def settled(self, cycle: Course, interval_days: float, days: FloatArray) -> FloatArray:
        """See :class:`Person`."""
        course, begins = repeated(cycle, interval_days)
        return self.total(course, days + begins)


def linear_person(model: LinearModel, given: Mapping[str, float]) -> LinearPerson:
    """The model's typical person of ``weight_kg``."""
    weight = given["weight_kg"]
    return LinearPerson(parameters_of(model, Covariates(weight_kg=weight, secondary_deficiency=False)), weight)


@dataclass(frozen=True)
class FcRnPerson:
    """A typical person under the recycling model, who made ``own_g_per_l`` before treatment and goes on making it."""

    weight_kg: float
    own_g_per_l: float
    central_l: float
    peripheral_l: float
    between_l_per_day: float
    uptake_l_per_day: float
    receptor_g_per_l: float
    affinity_g_per_l: float
    absorption_per_day: float
    bioavailable: float

    def clearance_l_per_day(self, total_g_per_l: float) -> float:
        """The clearance of every IgG at a total of all of them."""
        return float(clearance_rate(total_g_per_l, self.receptor_g_per_l, self.affinity_g_per_l, self.uptake_l_per_day))

    def trace_half_life_days(self) -> float:
        """The terminal half-life of a trace of IgG at the person's own level."""
        leaving = self.clearance_l_per_day(self.own_g_per_l) / self.central_l
        out, back = self.between_l_per_day / self.central_l, self.between_l_per_day / self.peripheral_l
        fast = (leaving + out + back + math.sqrt((leaving + out + back) ** 2 - 4 * leaving * back)) / 2
        return math.log(2) * fast / (leaving * back)

    def total(self, course: Course, days: FloatArray) -> FloatArray:
        """See :class:`Person`."""
        exogenous, own = self._levels(course, days)
        return exogenous + own

    def settled(self, cycle: Course, interval_days: float, days: FloatArray) -> FloatArray:
        """See :class:`Person`."""
        course, begins = repeated(cycle, interval_days)
        return self.total(course, days + begins)

    def own_share(self, course: Course, days: FloatArray) -> FloatArray:
        """The person's own IgG, and with it every antibody of it, as a share of its start."""
        return self._levels(course, days)[1] / self.own_g_per_l

    def blocked(self, days: FloatArray) -> FloatArray:
        """Total IgG in g/L with FcRn blocked entirely from day 0 on, without treatment."""
        return self._levels(Course(), days, free=0.0)[1]

    def _levels(self, course: Course, days: FloatArray, free: float = 1.0) -> tuple[FloatArray, FloatArray]:
        """Exogenous and own IgG in g/L on ``days`` (T,), ascending, from day 0 on; ``free`` is the FcRn not blocked."""
        last = float(days[-1])
        doses = [dose for dose in course.doses if dose.at_day <= last]
        bounds = [0.0, *(dose.at_day for dose in doses), last]
        state = np.array([0.0, 0.0, self.own_g_per_l, self.own_g_per_l, 0.0])
        levels = np.empty((days.size, _STATES))
        for number, (at, until) in enumerate(pairwise(bounds)):
            inside = (days >= at) & (days <= until)
            if number:
                state = state + self._given(doses[number - 1])
            # A day on which a dose is given is read again after it: the later piece overwrites the earlier.
            levels[inside], state = self._run(state, (at, until), days[inside], free)
        return levels[:, 0], levels[:, 2]

    def _given(self, dose: Dose) -> FloatArray:
        grams = dose.grams / self.central_l
        if dose.route == "intravenous":
            return np.array([grams, 0.0, 0.0, 0.0, 0.0])
        return np.array([0.0, 0.0, 0.0, 0.0, grams * self.bioavailable])

    def _run(
        self, state: FloatArray, span: tuple[float, float], days: FloatArray, free: float
    ) -> tuple[FloatArray, FloatArray]:
        """The states on ``days`` within ``span``, (T, 5), and the one at its end."""
        if span[0] == span[1]:
            return np.tile(state, (days.size, 1)), state
        when = np.unique(np.append(days, span[1]))
        change = partial(self._change, free)
        found = solve_ivp(change, span, state, t_eval=when, method="LSODA", rtol=_RELATIVE, atol=_ABSOLUTE).y.T
        return found[np.searchsorted(when, days)], found[-1]

    def _change(self, free: float, _: float, state: FloatArray) -> list[float]:
        """How fast the state changes: IgG given in V1 and V2, own in V1 and V2, under the skin; all in g/L of V1."""
        given, given_outside, own, own_outside, depot = (float(one) for one in state)
        absorbed = self.absorption_per_day * depot
        made = self.clearance_l_per_day(self.own_g_per_l) * self.own_g_per_l / self.central_l
        traits = (
            self.uptake_l_per_day / self.central_l,
            self.between_l_per_day / self.central_l,
            self.between_l_per_day / self.peripheral_l,
            self.receptor_g_per_l,
            self.affinity_g_per_l,
        )
        rates, _cleared = slopes((given, given_outside, own, own_outside), absorbed, made, traits, free)
        return [*rates, -absorbed]


def fcrn_person(model: FcRnModel, given: Mapping[str, float]) -> FcRnPerson:
    """The model's typical person of ``weight_kg`` with a level of ``own_g_per_l`` before treatment."""
    figures = {one.name: float(one.value) for one in model.figures}
    weight = given.get("weight_kg", figures["reference weight"])
    share = weight / figures["reference weight"]
    flows, volumes = share ** figures["exponent of flows"], share ** figures["exponent of volumes"]
    return FcRnPerson(
        weight_kg=weight,
        own_g_per_l=given.get("own_g_per_l", figures["own IgG"]),
        central_l=figures["central volume"] * volumes,
        peripheral_l=figures["peripheral volume"] * volumes,
        between_l_per_day=figures["exchange"] * flows,
        uptake_l_per_day=figures["uptake"] * flows,
        receptor_g_per_l=figures["receptor"],
        affinity_g_per_l=figures["affinity"],
        absorption_per_day=figures["absorption"],
        bioavailable=figures["bioavailability"],
    )
