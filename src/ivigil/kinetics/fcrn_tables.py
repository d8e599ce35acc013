"""Patients of the FcRn model as the tables that the engines read, row by row of a schedule."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from ivigil.documents import Fault
from ivigil.kinetics.doses import Course
from ivigil.kinetics.exponentials import FloatArray
from ivigil.kinetics.fcrn import FcRnPopulation
from ivigil.kinetics.fcrn_problem import Kind, Patients
from ivigil.kinetics.fcrn_step import clearance_rate
from ivigil.kinetics.schedule import Acting, DoseRow, FactorRow, Schedule


@dataclass(frozen=True, eq=False)
class Given:
    """A course and what each patient gets of it: its grams ``times`` (P,), or ``grams`` (P, doses) of each dose."""

    course: Course
    times: FloatArray | None = None
    grams: FloatArray | None = None

    @cached_property
    def alike(self) -> tuple[int, ...]:
        """For each dose the first that every patient gets in the same way, so that they share rows."""
        if self.grams is not None:
            return tuple(range(len(self.course.doses)))
        seen: dict[tuple[float, float, str], int] = {}
        kinds = ((dose.grams, dose.hours, dose.route) for dose in self.course.doses)
        return tuple(seen.setdefault(kind, number) for number, kind in enumerate(kinds))

    def grams_of(self, number: int) -> FloatArray | float:
        """What each patient gets of a dose, before what is lost under the skin."""
        if self.grams is not None:
            return np.ascontiguousarray(self.grams[:, number])
        grams = self.course.doses[number].grams
        return grams if self.times is None else grams * self.times

    def under_skin(self) -> bool:
        """Whether any dose goes under the skin."""
        return any(dose.route != "intravenous" for dose in self.course.doses)

    def of(self, chosen: NDArray[np.int64]) -> Given:
        """The same for some of the patients."""
        times = None if self.times is None else self.times[chosen]
        return Given(self.course, times, None if self.grams is None else self.grams[chosen])


def acting_of(people: FcRnPopulation) -> Acting:
    """What acts on these patients beside their doses."""
    return Acting(people.species[1:], people.occupancy, people.synthesis)


def kind_of(people: FcRnPopulation, given: Given, *, account: bool) -> Kind:
    """Which kernel answers: one that follows every own species where one is made differently from the others."""
    apart = len(people.species) > 2 and bool(people.synthesis.changes)  # noqa: PLR2004 - exogenous and one own species
    return Kind(depot=given.under_skin(), followed=account or apart)


def traits_of(people: FcRnPopulation) -> FloatArray:
    """The traits of the patients as the step has them, (5, P)."""
    between = people.between_l_per_day
    return np.array(
        [
            people.uptake_l_per_day / people.central_l,
            between / people.central_l,
            between / people.peripheral_l,
            people.receptor_g_per_l,
            people.affinity_g_per_l,
        ]
    )


def fastest_of(people: FcRnPopulation, given: Given) -> FloatArray:
    """A bound of each patient's fastest rate per day, (P,): nothing in the system changes faster."""
    traits = traits_of(people)
    rate = traits[0] + traits[1] + traits[2]
    if given.under_skin() and people.absorption_per_day is not None:
        rate = np.maximum(rate, people.absorption_per_day)
    fastest: FloatArray = np.maximum(rate, people.occupancy.fastest_per_day)
    return fastest


def steepest_of(people: FcRnPopulation, given: Given) -> FloatArray:
    """How far an infusion lifts IgG in V1, (P,), over the width in which recycling bends from unsaturated to saturated.

    That width, sqrt(K² + 4KR), is what the root in the recycled share is at C = R.
    """
    receptor, affinity = people.receptor_g_per_l, people.affinity_g_per_l
    width = np.sqrt(affinity * affinity + 4.0 * affinity * receptor) * people.central_l
    doses = enumerate(given.course.doses)
    timed = {given.alike[number] for number, dose in doses if dose.hours > 0 and dose.route == "intravenous"}
    rises = (given.grams_of(number) / width for number in sorted(timed))
    steepest: FloatArray = np.max([np.zeros(people.size), *rises], axis=0)
    return steepest


def patients_of(people: FcRnPopulation, given: Given, schedule: Schedule, kind: Kind) -> Patients:
    """The tables of these patients. Doses are turned into g/L of V1."""
    each = people.own_g_per_l()
    skin = people.absorption_per_day if kind.depot and people.absorption_per_day is not None else np.empty(0)
    first = np.ones(people.size) - sum(people.own_shares.values(), np.zeros(people.size))
    rows = _DoseRows(people, given)
    return Patients(
        traits=traits_of(people),
        own=np.array([people.endogenous_g_per_l, *each.values()]),
        shares=np.array([first, *people.own_shares.values()]),
        inflow=rows.table(schedule.running, under_skin=False, a_day=True),
        given=rows.table(schedule.at_once, under_skin=False, a_day=False),
        depot_inflow=rows.table(schedule.running if kind.depot else (), under_skin=True, a_day=True),
        depot_given=rows.table(schedule.at_once if kind.depot else (), under_skin=True, a_day=False),
        absorption=skin,
        synthesis=np.array([_synthesis(people, each, row) for row in schedule.making]),
        volumes=np.array([people.central_l, people.peripheral_l]),
    )


@dataclass(frozen=True, eq=False)
class _DoseRows:
    """Sets of doses as rows of g/L of V1, for each patient."""

    people: FcRnPopulation
    given: Given

    def table(self, rows: Sequence[DoseRow], *, under_skin: bool, a_day: bool) -> FloatArray:
        """Each row's doses into the blood, or under the skin, added in their order: at once, or a day."""
        table = np.zeros((len(rows), self.people.size))
        for place, row in enumerate(rows):
            for number in row:
                dose = self.given.course.doses[number]
                if (dose.route != "intravenous") == under_skin:
                    table[place] += self._reaching(number) / dose.days if a_day else self._reaching(number)
        return table

    def _reaching(self, number: int) -> FloatArray:
        share = self.people.bioavailable.get(self.given.course.doses[number].route, 1.0)
        reaching: FloatArray = self.given.grams_of(number) * share / self.people.central_l
        return reaching


def _synthesis(people: FcRnPopulation, each: Mapping[str, FloatArray], factors: FactorRow) -> FloatArray:
    """What is made in g/L of V1 a day: of all own IgG, then of each species, (1 + J, P).

    Computed as the engines compute what is cleared, so that a patient without doses stays steady to the last digit.
    """
    traits, total = traits_of(people), people.endogenous_g_per_l
    rate = clearance_rate(total, traits[3] * 1.0, traits[4], traits[0])
    made = [factor * (rate * own) for factor, own in zip(factors, each.values(), strict=True)]
    even = len(set(factors)) == 1
    return np.array([factors[0] * (rate * total) if even else sum(made, np.zeros(people.size)), *made])


def given_faults(people: FcRnPopulation, given: Given) -> Iterator[Fault]:
    """What makes a course impossible for these patients: a route not covered, and amounts of another shape or kind."""
    for route in sorted({dose.route for dose in given.course.doses}):
        covered = {"intravenous", *(people.bioavailable if people.absorption_per_day is not None else ())}
        if route not in covered:
            yield Fault("course, route", route, " or ".join(sorted(covered)))
    expected = {"times": (people.size,), "grams": (people.size, len(given.course.doses))}
    for name, shape in expected.items():
        amounts = getattr(given, name)
        if amounts is None:
            continue
        if np.shape(amounts) != shape:
            yield Fault(name, f"shape {np.shape(amounts)}", f"shape {shape}")
        elif not (np.isfinite(amounts) & (amounts >= 0)).all():
            yield Fault(name, "a number below 0, or none", "numbers, 0 or more")
    if given.times is not None and given.grams is not None:
        yield Fault("times", "given with grams", "one of the two")
