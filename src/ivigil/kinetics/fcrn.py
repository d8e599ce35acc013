"""The FcRn model: one saturable recycling that every species of IgG shares, and whom it is solved for.

For every species j, with C the total of all in V1 and R, K in g/L of it::

    FR(C)     = 2R / (C + R + K + sqrt((C + R + K)² - 4CR))     the share brought back, in quasi-steady state
    CL(C)     = uptake · (1 - FR(C))
    V1 dCj/dt = in_j + synthesis_j - CL(C)·Cj - Q·(Cj - Pj)
    V2 dPj/dt = Q·(Cj - Pj)

An inhibitor leaves R · (1 - occupancy). Synthesis holds the own IgG steady before treatment and does not answer to it:
no feedback is known (Junghans 1997). So what is given makes all IgG leave faster, the patient's own and an autoantibody
too. Its parameters are a calibration (*model*), no published figures. Grams, L, days, g/L.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields

import numpy as np

from ivigil.documents import BadInput, Fault
from ivigil.kinetics.doses import ROUTES, Route
from ivigil.kinetics.exponentials import FloatArray
from ivigil.kinetics.fcrn_step import clearance_rate, recycled_share
from ivigil.kinetics.influences import AS_BEFORE, NOT_OCCUPIED, OccupancyCourse, SynthesisCourse
from ivigil.knowledge.kinetic_records import FcRnModel

EXOGENOUS, ENDOGENOUS, AUTOANTIBODY = "exogenous", "endogenous", "autoantibody"
_ABOVE_NOTHING = ("central_l", "peripheral_l", "affinity_g_per_l")
_NOTHING_OR_MORE = ("between_l_per_day", "uptake_l_per_day", "receptor_g_per_l", "endogenous_g_per_l")


@dataclass(frozen=True)
class FcRnParameters:
    """One patient. ``endogenous_g_per_l`` is all IgG that the patient makes, as it stands before treatment.

    ``own_shares`` of it are followed on their own, such as ``{"autoantibody": 0.01}``. A route that is not in
    ``bioavailable`` is not covered; intravenous is 1. Raises :class:`BadInput` for what cannot be.
    """

    central_l: float
    peripheral_l: float
    between_l_per_day: float
    uptake_l_per_day: float
    receptor_g_per_l: float
    affinity_g_per_l: float
    absorption_per_day: float | None
    bioavailable: Mapping[Route, float]
    endogenous_g_per_l: float
    own_shares: Mapping[str, float] = field(default_factory=dict)
    occupancy: OccupancyCourse = NOT_OCCUPIED
    synthesis: SynthesisCourse = AS_BEFORE

    def __post_init__(self) -> None:
        stacked([self])  # which looks at every value


@dataclass(frozen=True, eq=False)
class FcRnPopulation:
    """P patients as arrays (P,), as :class:`FcRnParameters` has them; what acts beside the doses is the same for all.

    Raises :class:`BadInput` for arrays of other shapes, and for what cannot be, with the first patient it is so of.
    """

    central_l: FloatArray
    peripheral_l: FloatArray
    between_l_per_day: FloatArray
    uptake_l_per_day: FloatArray
    receptor_g_per_l: FloatArray
    affinity_g_per_l: FloatArray
    absorption_per_day: FloatArray | None
    bioavailable: Mapping[Route, FloatArray]
    endogenous_g_per_l: FloatArray
    own_shares: Mapping[str, FloatArray] = field(default_factory=dict)
    occupancy: OccupancyCourse = NOT_OCCUPIED
    synthesis: SynthesisCourse = AS_BEFORE

    def __post_init__(self) -> None:
        faults = [*_shape_faults(self)] or [*_value_faults(self), *_species_faults(self)]
        if faults:
            raise BadInput(faults)

    @property
    def size(self) -> int:
        """How many patients."""
        return int(self.central_l.size)

    @property
    def species(self) -> tuple[str, ...]:
        """Exogenous IgG, the patient's own without what is followed on its own, and what is."""
        return (EXOGENOUS, ENDOGENOUS, *self.own_shares)

    def own_g_per_l(self) -> dict[str, FloatArray]:
        """Each own species as it stands before treatment, (P,); together ``endogenous_g_per_l``."""
        followed = {name: share * self.endogenous_g_per_l for name, share in self.own_shares.items()}
        rest = self.endogenous_g_per_l * (1.0 - sum(self.own_shares.values(), np.zeros(self.size)))
        return {ENDOGENOUS: rest, **followed}


def recycled(total_g_per_l: FloatArray, receptor_g_per_l: FloatArray, affinity_g_per_l: FloatArray) -> FloatArray:
    """The share of IgG taken up that is brought back at a total of all IgG, 0 to 1. Arrays broadcast; so do numbers."""
    total, receptor, affinity = (np.asarray(one, float) for one in (total_g_per_l, receptor_g_per_l, affinity_g_per_l))
    return recycled_share(total, receptor, affinity)


def clearance(total_g_per_l: FloatArray, people: FcRnParameters | FcRnPopulation, occupied: float = 0.0) -> FloatArray:
    """The clearance of every IgG species at a total of all IgG, in L/day; an inhibitor holds the share ``occupied``."""
    receptor = np.asarray(people.receptor_g_per_l, float) * (1.0 - occupied)
    affinity, uptake = np.asarray(people.affinity_g_per_l, float), np.asarray(people.uptake_l_per_day, float)
    return clearance_rate(np.asarray(total_g_per_l, float), receptor, affinity, uptake)


def parameters_of(
    model: FcRnModel, weight_kg: float | None = None, endogenous_g_per_l: float | None = None
) -> FcRnParameters:
    """A typical patient of the model: flows and volumes scaled by weight with the model's exponents.

    Without a weight or a level, the model's own. Raises :class:`BadInput` for a figure the model lacks, and for a
    weight that is none.
    """
    held = {one.name: float(one.value) for one in model.figures}
    faults = [Fault(f"{model.id}, figures", f"no {name!r}", "a figure of that name") for name in _FIGURES - set(held)]
    if weight_kg is not None and not 0 < weight_kg < np.inf:
        faults.append(Fault("weight_kg", f"{weight_kg:g}", "a number above 0"))
    if faults:
        raise BadInput(faults)
    ratio = 1.0 if weight_kg is None else weight_kg / held["reference weight"]
    flows, volumes = ratio ** held["exponent of flows"], ratio ** held["exponent of volumes"]
    return FcRnParameters(
        central_l=held["central volume"] * volumes,
        peripheral_l=held["peripheral volume"] * volumes,
        between_l_per_day=held["exchange"] * flows,
        uptake_l_per_day=held["uptake"] * flows,
        receptor_g_per_l=held["receptor"],
        affinity_g_per_l=held["affinity"],
        absorption_per_day=held["absorption"],
        bioavailable={"intravenous": 1.0, "subcutaneous": held["bioavailability"]},
        endogenous_g_per_l=held["own IgG"] if endogenous_g_per_l is None else endogenous_g_per_l,
    )


def stacked(people: Sequence[FcRnParameters]) -> FcRnPopulation:
    """Patients as arrays. Raises :class:`BadInput` unless they have routes, species and influences in common."""
    if not people:
        raise BadInput([Fault("patients", "none", "one at least")])
    first = people[0]
    alike = [(set(one.bioavailable), set(one.own_shares), one.occupancy, one.synthesis) for one in people]
    if any(one != alike[0] for one in alike):
        expected = "patients with the same routes, species, occupancy and synthesis"
        raise BadInput([Fault("patients", "some that differ", expected, "Solve them apart.")])
    columns = {name: np.array([getattr(one, name) for one in people], dtype=np.float64) for name in _COLUMNS}
    absorbing = all(one.absorption_per_day is not None for one in people)
    return FcRnPopulation(
        **columns,
        absorption_per_day=np.array([one.absorption_per_day for one in people], dtype=np.float64)
        if absorbing
        else None,
        bioavailable={route: np.array([one.bioavailable[route] for one in people]) for route in first.bioavailable},
        own_shares={name: np.array([one.own_shares[name] for one in people]) for name in first.own_shares},
        occupancy=first.occupancy,
        synthesis=first.synthesis,
    )


_COLUMNS = (*_ABOVE_NOTHING, *_NOTHING_OR_MORE)
_FIGURES = {
    *("central volume", "peripheral volume", "exchange", "uptake", "receptor", "affinity", "own IgG"),
    *("absorption", "bioavailability", "reference weight", "exponent of flows", "exponent of volumes"),
}


def _arrays(people: FcRnPopulation) -> Iterator[tuple[str, FloatArray, tuple[float, float]]]:
    """Every array with its name and the least and most that it may hold; the least itself where that is 0."""
    for one in fields(people):
        if one.name in _COLUMNS:
            yield one.name, getattr(people, one.name), (0.0, np.inf)
    if people.absorption_per_day is not None:
        yield "absorption_per_day", people.absorption_per_day, (0.0, np.inf)
    for route, share in people.bioavailable.items():
        yield f"bioavailable, {route}", share, (0.0, 1.0)
    for species, share in people.own_shares.items():
        yield f"own_shares, {species}", share, (0.0, 1.0)


def _shape_faults(people: FcRnPopulation) -> Iterator[Fault]:
    expected = np.shape(people.central_l)
    for name, values, _ in _arrays(people):
        if np.ndim(values) != 1 or np.shape(values) != expected:
            yield Fault(
                name, f"shape {np.shape(values)}", f"one number a patient, ({expected[0] if expected else 'P'},)"
            )


def _value_faults(people: FcRnPopulation) -> Iterator[Fault]:
    for name, values, (least, most) in _arrays(people):
        low = values <= least if name in _ABOVE_NOTHING else values < least
        wrong = np.flatnonzero(~np.isfinite(values) | low | (values > most))
        if wrong.size:
            expected = "a number above 0" if name in _ABOVE_NOTHING else "a number, 0 or more"
            place = f"patient {wrong[0] + 1}, {name}"
            yield Fault(place, f"{values[wrong[0]]:g}", expected if np.isinf(most) else f"0 to {most:g}")


def _species_faults(people: FcRnPopulation) -> Iterator[Fault]:
    for name in sorted({EXOGENOUS, ENDOGENOUS} & set(people.own_shares)):
        yield Fault("own_shares", repr(name), "a species beside exogenous and endogenous IgG")
    for name in sorted(people.synthesis.species - set(people.species[1:])):
        yield Fault("synthesis", repr(name), " or ".join(people.species[1:]))
    for route in sorted(set(people.bioavailable) - set(ROUTES)):
        yield Fault("bioavailable", repr(route), " or ".join(ROUTES))
    if people.own_shares and (sum(people.own_shares.values(), np.zeros(people.size)) > 1.0).any():
        yield Fault("own_shares", "more than 1 together", "shares of the own IgG, together 1 at most")
