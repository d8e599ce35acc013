"""Patients and regimens drawn widely for the FcRn model, and what SciPy's DOP853 says of them. Made-up values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy.integrate import solve_ivp

from ivigil.kinetics.doses import Course, Dose, Route, every
from ivigil.kinetics.fcrn import ENDOGENOUS, FcRnParameters, FcRnPopulation, stacked
from ivigil.kinetics.influences import OccupancyCourse, Occupied, SynthesisChange, SynthesisCourse

FloatArray = NDArray[np.float64]

TIGHT = 1e-12  # of DOP853, relative and absolute
# Levels below are compared with this one in g/L: far below what any assay sees.
LEAST_G_PER_L = 1e-2
# A typical patient of 70 kg, near the calibration, so that drawn ones look like people.
CENTRAL_L, PERIPHERAL_L, BETWEEN, UPTAKE, RECEPTOR, AFFINITY = 3.6, 2.5, 0.4, 0.75, 18.5, 2.5
SPREAD = 0.3  # standard deviation of each parameter's logarithm


@dataclass(frozen=True)
class Drawn:
    """One patient with a course."""

    patient: FcRnParameters
    course: Course


def drawn(seed: int) -> Drawn:
    """A patient and a regimen: one in three with an inhibitor, one in four with a change of synthesis."""
    rng = np.random.default_rng(seed)
    patient = _patient(rng)
    course = _course(rng, weight_kg=float(patient.central_l / CENTRAL_L * 70))
    if rng.random() < 1 / 3:
        entries = (Occupied(7.0, rng.uniform(0.2, 1.0), rng.uniform(0, 0.4)), Occupied(40.0, rng.uniform(0, 0.9)))
        patient = replace(patient, occupancy=OccupancyCourse(entries))
    if rng.random() < 1 / 4:
        change = SynthesisChange(12.5, "autoantibody", rng.uniform(0, 2))
        patient = replace(patient, synthesis=SynthesisCourse((change,)))
    return Drawn(patient, course)


def _patient(rng: np.random.Generator) -> FcRnParameters:
    factors = np.exp(SPREAD * rng.standard_normal(7))
    size = rng.uniform(0.15, 1.6)
    return FcRnParameters(
        central_l=CENTRAL_L * size * factors[0],
        peripheral_l=PERIPHERAL_L * size * factors[1],
        between_l_per_day=BETWEEN * size**0.75 * factors[2],
        uptake_l_per_day=UPTAKE * size**0.75 * factors[3],
        receptor_g_per_l=RECEPTOR * factors[4],
        affinity_g_per_l=AFFINITY * factors[5],
        absorption_per_day=0.4 * factors[6],
        bioavailable={"subcutaneous": 0.7, "facilitated subcutaneous": 0.8},
        endogenous_g_per_l=rng.uniform(0.5, 20.0),
        own_shares={"autoantibody": rng.uniform(0.0, 0.2)},
    )


def _course(rng: np.random.Generator, weight_kg: float) -> Course:
    way = rng.integers(5)
    if way == 0:
        return every(weight_kg * rng.uniform(0.2, 1.0), rng.choice([21.0, 28.0]), 3, hours=rng.uniform(1, 8))
    if way == 1:
        return Course(tuple(Dose(float(day), weight_kg * 0.4, hours=rng.uniform(2, 10)) for day in range(5)))
    if way == 2:
        return every(weight_kg * rng.uniform(0.2, 1.0), 28.0, 3)
    route: Route = "subcutaneous" if way == 3 else "facilitated subcutaneous"
    loading = [Dose(float(day), weight_kg * 0.1, route, 1.0) for day in range(3)]
    return every(weight_kg * 0.12, 7.0, 9, route=route, hours=rng.choice([0.0, 2.0]), from_day=7.0, loading=loading)


def without_influences(patients: Sequence[Drawn]) -> FcRnPopulation:
    """Patients side by side, without inhibitor and with synthesis as before."""
    plain = (replace(one.patient, occupancy=OccupancyCourse(), synthesis=SynthesisCourse()) for one in patients)
    return stacked(list(plain))


def exact(case: Drawn, days: FloatArray) -> FloatArray:
    """Levels of every species on ``days``, (T, S), by DOP853 from one change of input to the next.

    Every species on its own and the equation as printed, so that nothing is shared with the engines.
    """
    auto = case.patient.own_shares["autoantibody"] * case.patient.endogenous_g_per_l
    rest = case.patient.endogenous_g_per_l - auto
    state = np.array([0.0, 0.0, rest, rest, auto, auto, 0.0])
    found = np.empty((days.size, 3))
    edges = sorted({float(days[0]), float(days[-1]), *_changes(case, float(days[-1]))})
    for begin, end in pairwise(edges):
        state = _given(case, begin, state)
        inside = days[(days >= begin) & (days < end)]
        when = np.unique([begin, *inside, end])
        answer = solve_ivp(
            _change, (begin, end), state, args=(case, begin), t_eval=when, method="DOP853", rtol=TIGHT, atol=TIGHT
        ).y
        found[np.isin(days, inside)] = answer[[0, 2, 4]][:, np.isin(when, inside)].T
        state = answer[:, -1]
    found[-1] = _given(case, edges[-1], state)[[0, 2, 4]]
    return found


def _changes(case: Drawn, last: float) -> list[float]:
    doses = [day for dose in case.course.doses for day in (dose.at_day, dose.ends_at_day)]
    acting = [one.from_day for one in case.patient.occupancy.entries]
    making = [one.from_day for one in case.patient.synthesis.changes]
    return [day for day in (*doses, *acting, *making) if day <= last]


def _given(case: Drawn, day: float, state: FloatArray) -> FloatArray:
    after = state.copy()
    for dose in case.course.doses:
        if dose.at_day == day and dose.hours == 0:
            share = case.patient.bioavailable.get(dose.route, 1.0)
            after[0 if dose.route == "intravenous" else 6] += dose.grams * share / case.patient.central_l
    return after


def _change(day: float, state: FloatArray, case: Drawn, begin: float) -> list[float]:
    one = case.patient
    intravenous, under_skin = _running(case, begin)
    out, back = one.between_l_per_day / one.central_l, one.between_l_per_day / one.peripheral_l
    total = state[0] + state[2] + state[4]
    rate = printed_clearance(one, total, one.occupancy.within(begin, day)) / one.central_l
    before = printed_clearance(one, one.endogenous_g_per_l, 0.0) / one.central_l
    auto = one.own_shares["autoantibody"] * one.endogenous_g_per_l
    absorbed = (one.absorption_per_day or 0.0) * state[6]
    inputs = (
        intravenous + absorbed,
        before * (one.endogenous_g_per_l - auto) * one.synthesis.factor(ENDOGENOUS, begin),
        before * auto * one.synthesis.factor("autoantibody", begin),
    )
    changes: list[float] = []
    for species, made in enumerate(inputs):
        inside, outside = state[2 * species], state[2 * species + 1]
        changes += [made - rate * inside - out * (inside - outside), back * (inside - outside)]
    return [*changes, under_skin - absorbed]


def _running(case: Drawn, begin: float) -> tuple[float, float]:
    """What runs into the blood and under the skin from a change of input on, in g/L of V1 a day."""
    intravenous = under_skin = 0.0
    for dose in case.course.doses:
        if dose.hours > 0 and dose.at_day <= begin < dose.ends_at_day:
            rate = dose.grams * case.patient.bioavailable.get(dose.route, 1.0) / dose.days / case.patient.central_l
            intravenous += rate if dose.route == "intravenous" else 0.0
            under_skin += rate if dose.route != "intravenous" else 0.0
    return intravenous, under_skin


def printed_clearance(one: FcRnParameters, total: float, occupied: float) -> float:
    """The model's clearance as its equation is printed, in L/day: not the text that the engines share."""
    receptor, affinity = one.receptor_g_per_l * (1 - occupied), one.affinity_g_per_l
    middle = total + receptor + affinity
    recycled = 2 * receptor / (middle + np.sqrt(middle**2 - 4 * total * receptor))
    return float(one.uptake_l_per_day * (1 - recycled))


def relative_error(found: FloatArray, true: FloatArray) -> float:
    """The largest error relative to the true level, or to the least that counts."""
    return float(np.max(np.abs(found - true) / np.maximum(np.abs(true), LEAST_G_PER_L)))
