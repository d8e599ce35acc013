"""IgG as the recycling model has it, written for one patient whose other states are integrated with it.

The same equations as ``fcrn_step.slopes``, on plain numbers; g/L, L, days.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from ivigil.kinetics.doses import Course, Dose
from ivigil.kinetics.fcrn import AUTOANTIBODY, ENDOGENOUS, FcRnParameters
from ivigil.kinetics.fcrn_step import clearance_rate
from ivigil.kinetics.mechanism.states import Place


@dataclass(frozen=True)
class Stretch:
    """From one day to the next on which something begins or ends: what is given at once at its start, and what runs.

    Grams reach the blood, or the depot under the skin, after what is lost of them on the way.
    """

    from_day: float
    to_day: float
    given_g: float
    given_under_skin_g: float
    running_g_per_day: float
    running_under_skin_g_per_day: float

    def at_once(self, state: Sequence[float], central_l: float) -> list[float]:
        """The state after what is given at once."""
        after = list(state)
        after[Place.GIVEN] += self.given_g / central_l
        after[Place.DEPOT] += self.given_under_skin_g / central_l
        return after


@dataclass(frozen=True)
class Recycling:
    """The recycling model of one patient."""

    parameters: FcRnParameters

    @property
    def absorption_per_day(self) -> float:
        """How fast what stands under the skin reaches the blood."""
        return self.parameters.absorption_per_day or 0.0

    def free(self, since: float, day: float) -> float:
        """The share of FcRn that an inhibitor leaves on a day of the stretch that began on the day ``since``."""
        return 1.0 - self.parameters.occupancy.within(since, day)

    def cleared_per_day(self, total_g_per_l: float, free: float = 1.0) -> float:
        """The share of V1 that is cleared of every IgG in a day, at a total of all, with ``free`` of FcRn."""
        one = self.parameters
        rate = clearance_rate(total_g_per_l, one.receptor_g_per_l * free, one.affinity_g_per_l, one.uptake_l_per_day)
        return float(rate) / one.central_l

    def untreated_per_day(self, free: float = 1.0) -> float:
        """:meth:`cleared_per_day` at the patient's own level before treatment."""
        return self.cleared_per_day(self.parameters.endogenous_g_per_l, free)

    def made_of_own(self, day: float) -> float:
        """How much of all own IgG is made on a day, as a multiple of what was made before treatment."""
        one = self.parameters
        followed = sum(share * one.synthesis.factor(name, day) for name, share in one.own_shares.items())
        return (1.0 - sum(one.own_shares.values())) * one.synthesis.factor(ENDOGENOUS, day) + followed

    def made_of_antibody(self, day: float) -> float:
        """The same of autoantibody: as of the other IgG unless it is followed on its own."""
        followed = AUTOANTIBODY in self.parameters.own_shares
        return self.parameters.synthesis.factor(AUTOANTIBODY if followed else ENDOGENOUS, day)

    def exchanged(self, inside: float, outside: float) -> tuple[float, float]:
        """How fast a species leaves V1 and enters V2, in g/L of each a day."""
        apart = inside - outside
        between = self.parameters.between_l_per_day
        return -between / self.parameters.central_l * apart, between / self.parameters.peripheral_l * apart


def stretches(course: Course, parameters: FcRnParameters, from_day: float, to_day: float) -> Iterator[Stretch]:
    """The stretches of a course between two days; the last one has no length, for what is given at its very end."""
    changes = {day for dose in course.doses for day in (dose.at_day, dose.ends_at_day)}
    changes |= {one.from_day for one in parameters.occupancy.entries}
    changes |= {one.from_day for one in parameters.synthesis.changes}
    edges = {from_day, to_day, *(day for day in changes if from_day < day < to_day)}
    for begins, ends in pairwise((*sorted(edges), to_day)):
        yield _stretch(course.doses, parameters, begins, ends)


def _stretch(doses: Sequence[Dose], parameters: FcRnParameters, begins: float, ends: float) -> Stretch:
    at_once, running = [0.0, 0.0], [0.0, 0.0]
    for dose in doses:
        under_skin = int(dose.route != "intravenous")
        grams = dose.grams * parameters.bioavailable[dose.route]
        if dose.ends_at_day == dose.at_day == begins:
            at_once[under_skin] += grams
        elif dose.at_day <= begins and ends <= dose.ends_at_day and dose.ends_at_day > dose.at_day:
            running[under_skin] += grams / dose.days
    return Stretch(begins, ends, *at_once, *running)
