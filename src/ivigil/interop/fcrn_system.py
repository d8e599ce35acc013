"""The recycling model as a system: every species of IgG shares one saturable recycling by FcRn.

The same equations as ``kinetics.fcrn_step``. The person's own IgG is made as fast as it is cleared before treatment;
an autoantibody is a share of it that is followed on its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from ivigil.documents import BadInput, Fault
from ivigil.interop.inputs import SHORT, routes
from ivigil.interop.linear_system import (
    CENTRAL,
    DEGRADATION,
    KINETIC_CONSTANT,
    absorbed,
    compartments,
    depots,
    dose_events,
    exchange,
    given,
    rates,
)
from ivigil.interop.system import Event, Flow, Parameter, Species, System, quantity
from ivigil.kinetics.doses import Course, Route

# Systems Biology Ontology: dissociation constant; production.
_DISSOCIATION, _PRODUCTION = 282, 393
_NAMES: Mapping[str, str] = {"exogenous": "given IgG", "endogenous": "own IgG", "autoantibody": "autoantibody"}


@dataclass(frozen=True)
class FcRnPerson:
    """One person under the recycling model, in plain values; ``endogenous_g_per_l`` is all own IgG before treatment.

    ``autoantibody_share`` of it is followed on its own. ``occupied`` are days from which an inhibitor holds that share
    of FcRn. Raises :class:`BadInput` for a share that is none.
    """

    central_l: float
    peripheral_l: float
    between_l_per_day: float
    uptake_l_per_day: float
    receptor_g_per_l: float
    affinity_g_per_l: float
    endogenous_g_per_l: float
    absorption_per_day: float = 0.0
    bioavailable: Mapping[Route, float] | None = None
    autoantibody_share: float | None = None
    occupied: Sequence[tuple[float, float]] = ()

    def __post_init__(self) -> None:
        shares = [("autoantibody_share", self.autoantibody_share or 0.0)]
        shares += [(f"occupied, day {day:g}", share) for day, share in self.occupied]
        faults = [Fault(name, f"{share:g}", "0 to 1") for name, share in shares if not 0 <= share <= 1]
        if faults:
            raise BadInput(faults)

    @property
    def own(self) -> tuple[str, ...]:
        """The species that the person makes."""
        return ("endogenous",) if self.autoantibody_share is None else ("endogenous", "autoantibody")


def fcrn_system(person: FcRnPerson, course: Course) -> System:
    """A person's recycling model with a course. Raises :class:`BadInput` for a route without bioavailability."""
    ways = routes(course)
    _refuse_unmodelled(person, ways)
    under_skin = any(one != "intravenous" for one in ways)
    return System(
        compartments=tuple(compartments(under_skin=under_skin)),
        species=(*_species(person), *depots(ways)),
        parameters=(
            *_parameters(person, ways),
            *rates(course),
            *_levels(person),
            *_equilibrium("", "receptor_now", "igg_total", "now"),
            *_equilibrium("_before", "receptor", "own_before", "before treatment"),
            *_synthesis(person),
        ),
        flows=(*_flows(person), *given(course, CENTRAL), *absorbed(ways, CENTRAL)),
        events=(*dose_events(course, CENTRAL), *_occupancy(person)),
    )


def _refuse_unmodelled(person: FcRnPerson, ways: tuple[Route, ...]) -> None:
    known = {"intravenous", *(person.bioavailable or {})} if person.absorption_per_day else {"intravenous"}
    faults = [Fault("route", one, " or ".join(sorted(known))) for one in ways if one not in known]
    if faults:
        raise BadInput(faults)


def _species(person: FcRnPerson) -> Iterator[Species]:
    for one in ("exogenous", *person.own):
        share = {"exogenous": "", "endogenous": _own_share(person), "autoantibody": "autoantibody_share * "}[one]
        for place, volume in (("central", "Vc"), ("peripheral", "Vp")):
            start: float | str = 0.0 if one == "exogenous" else f"{share}own_before * {volume}"
            yield Species(f"{one}_{place}", f"{_NAMES[one]} in the {place} compartment", place, start)


def _own_share(person: FcRnPerson) -> str:
    """The share of all own IgG that is not autoantibody, as a factor."""
    return "" if person.autoantibody_share is None else "(1 dimensionless - autoantibody_share) * "


def _parameters(person: FcRnPerson, ways: tuple[Route, ...]) -> Iterator[Parameter]:
    yield Parameter("Vc", "central volume", "litre", person.central_l)
    yield Parameter("Vp", "peripheral volume", "litre", person.peripheral_l)
    yield Parameter("Q", "exchange between compartments", "L_per_day", person.between_l_per_day)
    yield Parameter("uptake", "fluid with IgG taken up", "L_per_day", person.uptake_l_per_day)
    yield Parameter("receptor", "binding places of FcRn, told as IgG in plasma", "g_per_L", person.receptor_g_per_l)
    affinity = "free IgG at which half the places are taken"
    yield Parameter("affinity", affinity, "g_per_L", person.affinity_g_per_l, sbo=_DISSOCIATION)
    yield Parameter("own_before", "all own IgG before treatment", "g_per_L", person.endogenous_g_per_l)
    if person.autoantibody_share is not None:
        name = "share of own IgG that is autoantibody"
        yield Parameter("autoantibody_share", name, "dimensionless", person.autoantibody_share)
    free, inhibited = "share of FcRn that no inhibitor holds", bool(person.occupied)
    yield Parameter("free_fcrn", free, "dimensionless", 1.0, changes=inhibited)
    places = "binding places that no inhibitor holds"
    yield Parameter("receptor_now", places, "g_per_L", formula="receptor * free_fcrn")
    if any(route != "intravenous" for route in ways):
        yield Parameter("ka", "absorption", "per_day", person.absorption_per_day, sbo=KINETIC_CONSTANT)
    for route in ways:
        if route != "intravenous":
            share = (person.bioavailable or {})[route]
            yield Parameter(f"F_{SHORT[route]}", f"bioavailability, {route}", "dimensionless", share)


def _levels(person: FcRnPerson) -> Iterator[Parameter]:
    for one in ("exogenous", *person.own):
        yield Parameter(f"igg_{one}", f"level of {_NAMES[one]}", "g_per_L", formula=f"{one}_central / Vc")
    every = " + ".join(f"igg_{one}" for one in ("exogenous", *person.own))
    yield Parameter("igg_total", "level of all IgG", "g_per_L", formula=every)


def _equilibrium(end: str, receptor: str, total: str, when: str) -> Iterator[Parameter]:
    """The stable root of the equilibrium of binding, and the clearance that follows from it."""
    half, share = f"half{end}", f"recycled{end}"
    together = f"0.5 dimensionless * ({total} + {receptor} + affinity)"
    yield Parameter(half, f"half of IgG, places and affinity together, {when}", "g_per_L", formula=together)
    root = f"{receptor} / ({half} + sqrt({half} * {half} - {receptor} * {total}))"
    yield Parameter(share, f"share of IgG taken up that is brought back, {when}", "dimensionless", formula=root)
    cleared = f"uptake * (1 dimensionless - {share})"
    yield Parameter(f"clearance{end}", f"clearance of every IgG, {when}", "L_per_day", formula=cleared)


def _synthesis(person: FcRnPerson) -> Iterator[Parameter]:
    """What is made a day: as much as is cleared before treatment, of each own species its share."""
    for one in person.own:
        share = _own_share(person) if one == "endogenous" else "autoantibody_share * "
        formula = f"{share}clearance_before * own_before"
        yield Parameter(f"{one}_synthesis", f"synthesis of {_NAMES[one]}", "g_per_day", formula=formula)


def _flows(person: FcRnPerson) -> Iterator[Flow]:
    for one in ("exogenous", *person.own):
        rate, name = f"clearance * {one}_central / Vc", _NAMES[one]
        yield Flow(f"{one}_elimination", f"elimination of {name}", rate, f"{one}_central", sbo=DEGRADATION)
        yield from exchange(one, name)
    for one in person.own:
        name = f"synthesis of {_NAMES[one]}"
        yield Flow(f"{one}_production", name, f"{one}_synthesis", to_species=f"{one}_central", sbo=_PRODUCTION)


def _occupancy(person: FcRnPerson) -> Iterator[Event]:
    for number, (day, occupied) in enumerate(sorted(person.occupied), 1):
        sets = (("free_fcrn", quantity(1.0 - occupied, "dimensionless")),)
        yield Event(f"inhibitor_{number}", f"occupancy of FcRn from day {day:g}", day, sets)
