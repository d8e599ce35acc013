"""The linear models of given IgG as a system of compartments."""

from __future__ import annotations

from collections.abc import Iterator

from ivigil.interop.inputs import SHORT, changes, infused, routes
from ivigil.interop.system import Compartment, Event, Flow, Parameter, Species, System, quantity
from ivigil.kinetics.doses import Course, Route
from ivigil.kinetics.linear_light import LinearParameters, refuse_unmodelled

CENTRAL, PERIPHERAL = "exogenous_central", "exogenous_peripheral"
# Systems Biology Ontology: kinetic constant; transport reaction; degradation.
KINETIC_CONSTANT, TRANSPORT, DEGRADATION = 9, 655, 179


def linear_system(parameters: LinearParameters, course: Course, *, events: bool = True) -> System:
    """A person's linear model with a course. Raises :class:`BadInput` for a route that is not modelled.

    Without ``events`` the doses are left to whoever runs it: rates and depots of the course's routes stand ready.
    """
    refuse_unmodelled(parameters, course)
    ways = routes(course)
    under_skin = any(one != "intravenous" for one in ways)
    return System(
        compartments=tuple(compartments(under_skin=under_skin, peripheral=_two(parameters))),
        species=tuple(_species(parameters, ways)),
        parameters=(*_parameters(parameters, ways), *rates(course), *_levels(parameters)),
        flows=(*_flows(parameters), *given(course, CENTRAL), *absorbed(ways, CENTRAL)),
        events=tuple(dose_events(course, CENTRAL)) if events else (),
    )


def _two(parameters: LinearParameters) -> bool:
    return parameters.between_l_per_day > 0 and parameters.peripheral_l > 0


def compartments(*, under_skin: bool, peripheral: bool = True) -> Iterator[Compartment]:
    """The blood, what exchanges with it, and the tissue under the skin, whose volume no rate depends on."""
    yield Compartment("central", "central compartment", "Vc")
    if peripheral:
        yield Compartment("peripheral", "peripheral compartment", "Vp")
    if under_skin:
        yield Compartment("under_skin", "tissue under the skin; its volume is arbitrary", 1.0)


def _species(parameters: LinearParameters, ways: tuple[Route, ...]) -> Iterator[Species]:
    yield Species(CENTRAL, "given IgG in the central compartment", "central")
    if _two(parameters):
        yield Species(PERIPHERAL, "given IgG in the peripheral compartment", "peripheral")
    yield from depots(ways)


def depots(ways: tuple[Route, ...]) -> Iterator[Species]:
    """What stands under the skin, of each route on its own."""
    for route in ways:
        if route != "intravenous":
            yield Species(f"depot_{SHORT[route]}", f"{route} IgG not yet absorbed", "under_skin")


def _parameters(parameters: LinearParameters, ways: tuple[Route, ...]) -> Iterator[Parameter]:
    yield Parameter("CL", "apparent clearance of given IgG", "L_per_day", parameters.clearance_l_per_day)
    yield Parameter("Vc", "central volume", "litre", parameters.central_l)
    if _two(parameters):
        yield Parameter("Q", "exchange between compartments", "L_per_day", parameters.between_l_per_day)
        yield Parameter("Vp", "peripheral volume", "litre", parameters.peripheral_l)
    if any(route != "intravenous" for route in ways):
        yield Parameter("ka", "absorption", "per_day", parameters.absorption_per_day or 0.0, sbo=KINETIC_CONSTANT)
    for route in ways:
        if route != "intravenous":
            share = parameters.bioavailable[route]
            yield Parameter(f"F_{SHORT[route]}", f"bioavailability, {route}", "dimensionless", share)
    if parameters.baseline_g_per_l is not None:
        yield Parameter("baseline", "the person's own IgG, constant", "g_per_L", parameters.baseline_g_per_l)


def rates(course: Course) -> Iterator[Parameter]:
    """What runs in, in g/day, set anew wherever an infusion begins or ends."""
    for route in infused(course):
        yield Parameter(f"{SHORT[route]}_rate", f"{route} infusion", "g_per_day", 0.0, changes=True)


def _levels(parameters: LinearParameters) -> Iterator[Parameter]:
    yield Parameter("igg_exogenous", "level of given IgG", "g_per_L", formula=f"{CENTRAL} / Vc")
    if parameters.baseline_g_per_l is not None:
        yield Parameter("igg_total", "level of all IgG", "g_per_L", formula="igg_exogenous + baseline")


def _flows(parameters: LinearParameters) -> Iterator[Flow]:
    yield Flow("elimination", "elimination of given IgG", f"CL * {CENTRAL} / Vc", CENTRAL, sbo=DEGRADATION)
    if _two(parameters):
        yield from exchange("exogenous", "given IgG")


def exchange(species: str, name: str) -> Iterator[Flow]:
    """Both ways between blood and periphery."""
    one, other = f"{species}_central", f"{species}_peripheral"
    yield Flow(f"{species}_out", f"{name} to the periphery", f"Q * {one} / Vc", one, other, sbo=TRANSPORT)
    yield Flow(f"{species}_back", f"{name} back from the periphery", f"Q * {other} / Vp", other, one, sbo=TRANSPORT)


def given(course: Course, central: str) -> Iterator[Flow]:
    """What runs in, into the blood or under the skin."""
    for route in infused(course):
        short = SHORT[route]
        to = central if route == "intravenous" else f"depot_{short}"
        yield Flow(f"{short}_infusion", f"{route} infusion", f"{short}_rate", to_species=to)


def absorbed(ways: tuple[Route, ...], central: str) -> Iterator[Flow]:
    """From under the skin to the blood, and what is lost on the way."""
    for route in ways:
        if route == "intravenous":
            continue
        short, depot = SHORT[route], f"depot_{SHORT[route]}"
        through = f"F_{short} * ka * {depot}"
        lost = f"(1 dimensionless - F_{short}) * ka * {depot}"
        yield Flow(f"{short}_absorption", f"absorption, {route}", through, depot, central, sbo=TRANSPORT)
        yield Flow(f"{short}_loss", f"lost before absorption, {route}", lost, depot, sbo=DEGRADATION)


def dose_events(course: Course, central: str) -> Iterator[Event]:
    """An event at each change of what runs in or is given at once."""
    for number, change in enumerate(changes(course), 1):
        sets = [(f"{SHORT[route]}_rate", quantity(rate, "g_per_day")) for route, rate in change.rates.items()]
        for route, grams in change.grams.items():
            to = central if route == "intravenous" else f"depot_{SHORT[route]}"
            sets.append((to, f"{to} + {quantity(grams, 'gram')}"))
        yield Event(f"input_{number}", f"inputs from day {change.at_day:g}", change.at_day, tuple(sets))
