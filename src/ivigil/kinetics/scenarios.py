"""What studies measured, as scenarios: each makes of a model the quantity that a target of validation prints.

A target names its scenario with the figures of the study, as in
``apparent clearance; g_per_kg 0.4; every_days 28; own_g_per_l 4; weight_kg 70``: the name first, then one figure after
another. So the figures stand in the data beside their source, and here is only what is done with them. Names that begin
with ``mechanism:`` belong to ``kinetics.mechanism``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from ivigil.documents import BadInput, Fault
from ivigil.kinetics.doses import Course, Dose, every
from ivigil.kinetics.scenario_people import FcRnPerson, Person, fcrn_person, linear_person
from ivigil.knowledge.kinetic_records import KineticTarget
from ivigil.knowledge.library import Library

MECHANISM = "mechanism:"
Given = Mapping[str, float]
# Levels between two infusions: enough that an area by Simpson's rule is right to a millionth.
_POINTS = 241
# Days after a single dose on which an antibody is looked at: its lowest is within weeks.
_FOLLOWED_DAYS = 90.0
_WEEKS_IN = 7.0


@dataclass(frozen=True)
class Asked:
    """A scenario as a target names it: what is asked, and the figures of the study."""

    name: str
    given: Given


def asked(scenario: str) -> Asked:
    """The name and the figures. Raises :class:`BadInput` for a part that is no name with a number."""
    name, *parts = (part.strip() for part in scenario.split(";"))
    return Asked(name, dict(_figure(part, scenario) for part in parts))


def value(library: Library, target: KineticTarget) -> float | None:
    """What the target's model gives, in its unit; None where no scenario covers it yet.

    Raises :class:`BadInput` for an unknown model or scenario, and for a figure that the scenario needs and lacks.
    """
    if target.scenario.startswith(MECHANISM):
        from ivigil.kinetics.mechanism.scenarios import mechanism_value  # noqa: PLC0415 - it stands on this module

        return mechanism_value(library, target.scenario)
    question = asked(target.scenario)
    person = person_of(library, target, question.given)
    return answer(question, person, target.scenario)


def answer(question: Asked, person: Person, where: str) -> float:
    """What the scenario makes of a person."""
    found = EVERYBODY.get(question.name)
    if found is not None:
        return _checked(found, person, question.given, where)
    by_fcrn = FCRN.get(question.name)
    if by_fcrn is None or not isinstance(person, FcRnPerson):
        known = ", ".join(sorted({*EVERYBODY, *FCRN}))
        raise BadInput([Fault(where, question.name, f"a scenario of this model: {known}")])
    return _checked(by_fcrn, person, question.given, where)


def person_of(library: Library, target: KineticTarget, given: Given) -> Person:
    """The person of a scenario under the target's model."""
    recycling = library.kinetics.fcrn.get(target.model)
    if recycling is not None:
        return fcrn_person(recycling, given)
    linear = library.kinetics.models.get(target.model)
    if linear is None:
        raise BadInput([Fault(target.id, f"model {target.model!r}", "the id of a kinetic model")])
    return linear_person(linear, given)


def _figure(part: str, scenario: str) -> tuple[str, float]:
    name, _, number = part.partition(" ")
    try:
        return name, float(number)
    except ValueError:
        raise BadInput([Fault(scenario, repr(part), "a name and a number, such as 'weight_kg 70'")]) from None


def _checked(found: Callable[..., float], person: Person, given: Given, where: str) -> float:
    try:
        return found(person, given)
    except KeyError as error:
        raise BadInput([Fault(where, "missing", f"a figure for {error.args[0]}")]) from None


# -- repeated infusions, settled


def _dose_g(person: Person, given: Given, name: str = "g_per_kg") -> float:
    return given[name] * person.weight_kg


def _cycle(person: Person, given: Given, name: str = "g_per_kg") -> Course:
    return Course((Dose(0.0, _dose_g(person, given, name)),))


def _settled(person: Person, given: Given) -> tuple[np.ndarray, np.ndarray]:
    days = np.linspace(0.0, given["every_days"], _POINTS)
    return days, person.settled(_cycle(person, given), given["every_days"], days)


def _area(days: np.ndarray, levels: np.ndarray) -> float:
    from scipy.integrate import simpson  # noqa: PLC0415 - slow to import, and only here

    return float(simpson(levels, x=days))


def total_area(person: Person, given: Given) -> float:
    """The area under total IgG from one infusion to the next, in g·day/L."""
    return _area(*_settled(person, given))


def apparent_clearance(person: Person, given: Given) -> float:
    """Dose over the area above the level before treatment, in L/day: what a model with a constant baseline finds."""
    above = total_area(person, given) - person.own_g_per_l * given["every_days"]
    return _dose_g(person, given) / above


def total_trough(person: Person, given: Given) -> float:
    """Total IgG before the next infusion, in g/L."""
    return float(_settled(person, given)[1][-1])


def total_peak(person: Person, given: Given) -> float:
    """Total IgG just after an infusion, in g/L."""
    return float(_settled(person, given)[1][0])


def peak_over_trough(person: Person, given: Given) -> float:
    """Total IgG just after an infusion over that before it."""
    levels = _settled(person, given)[1]
    return float(levels[0] / levels[-1])


def total_half_life(person: Person, given: Given) -> float:
    """The half-life of total IgG from ``from_day`` to the next infusion, in days: own and given together."""
    last = given["every_days"]
    early, late = person.settled(_cycle(person, given), last, np.array([given["from_day"], last]))
    return float(np.log(2) * (last - given["from_day"]) / np.log(early / late))


def trough_slope(person: Person, given: Given) -> float:
    """The rise of the trough, in g/L, from ``more_g_per_kg`` on top of ``g_per_kg``."""
    more = {**given, "g_per_kg": given["g_per_kg"] + given["more_g_per_kg"]}
    return total_trough(person, more) - total_trough(person, given)


def subcutaneous_dose_factor(person: Person, given: Given) -> float:
    """Weekly subcutaneous over weekly intravenous dose for the same area under total IgG, found by the secant rule."""
    interval = given["every_days"]
    wanted = total_area(person, given) / interval
    weekly_g = _dose_g(person, given) * _WEEKS_IN / interval
    days = np.linspace(0.0, _WEEKS_IN, _POINTS)

    def mean(factor: float) -> float:
        cycle = Course((Dose(0.0, factor * weekly_g, "subcutaneous"),))
        return _area(days, person.settled(cycle, _WEEKS_IN, days)) / _WEEKS_IN

    from scipy.optimize import brentq  # noqa: PLC0415 - slow to import, and only here

    return float(brentq(lambda factor: mean(factor) - wanted, 0.5, 4.0, xtol=1e-4))


def rise_above_own(person: Person, given: Given) -> float:
    """Total IgG above the level before treatment on ``day``, in g/L, after a course; day 0 is just after a dose."""
    course = every(_dose_g(person, given), given["every_days"], int(given["doses"]))
    return float(person.total(course, np.array([given["day"]]))[0]) - person.own_g_per_l


# -- what only a model of recycling can tell


def clearance(person: FcRnPerson, _: Given) -> float:
    """The clearance of a trace of IgG at the person's own level, in L/day."""
    return person.clearance_l_per_day(person.own_g_per_l)


def clearance_without_fcrn(person: FcRnPerson, _: Given) -> float:
    """How many times faster IgG is cleared without FcRn than at the person's own level."""
    return person.uptake_l_per_day / person.clearance_l_per_day(person.own_g_per_l)


def level_without_fcrn(person: FcRnPerson, given: Given) -> float:
    """Total IgG without FcRn at the same synthesis, in per cent of the person's own level."""
    return 100.0 / clearance_without_fcrn(person, given)


def trace_half_life(person: FcRnPerson, _: Given) -> float:
    """The terminal half-life of a trace of IgG at the person's own level, in days."""
    return person.trace_half_life_days()


def steady_level(person: FcRnPerson, given: Given) -> float:
    """The level, in g/L, at which clearance takes away what is made."""
    from scipy.optimize import brentq  # noqa: PLC0415 - slow to import, and only here

    made = given["synthesis_g_per_kg_per_day"] * person.weight_kg
    return float(brentq(lambda level: person.clearance_l_per_day(level) * level - made, 1e-6, 1e3))


def halving_under_block(person: FcRnPerson, _: Given) -> float:
    """Days until total IgG is half with FcRn blocked entirely from day 0 on and synthesis as before."""
    days = np.linspace(0.0, _FOLLOWED_DAYS, int(_FOLLOWED_DAYS * 20) + 1)
    levels = person.blocked(days)
    return float(np.interp(-0.5 * person.own_g_per_l, -levels, days))


def _antibody(person: FcRnPerson, given: Given) -> tuple[np.ndarray, np.ndarray]:
    course = every(_dose_g(person, given), given.get("every_days", 1.0), int(given.get("doses", 1)))
    days = np.linspace(0.0, _FOLLOWED_DAYS, int(_FOLLOWED_DAYS * 8) + 1)
    return days, person.own_share(course, days)


def greatest_autoantibody_fall(person: FcRnPerson, given: Given) -> float:
    """The greatest fall of an antibody of the person's own after a course, in per cent of its start."""
    return 100.0 * (1.0 - float(_antibody(person, given)[1].min()))


def day_of_greatest_autoantibody_fall(person: FcRnPerson, given: Given) -> float:
    """The day on which an antibody of the person's own is lowest after a course."""
    days, share = _antibody(person, given)
    return float(days[share.argmin()])


def autoantibody_fall(person: FcRnPerson, given: Given) -> float:
    """The fall of an antibody of the person's own by ``day``, in per cent of its start."""
    days, share = _antibody(person, given)
    return 100.0 * (1.0 - float(np.interp(given["day"], days, share)))


EVERYBODY: dict[str, Callable[[Person, Given], float]] = {
    "apparent clearance": apparent_clearance,
    "peak over trough": peak_over_trough,
    "rise above own": rise_above_own,
    "subcutaneous dose factor": subcutaneous_dose_factor,
    "total area": total_area,
    "total half-life": total_half_life,
    "total peak": total_peak,
    "total trough": total_trough,
    "trough slope": trough_slope,
}
FCRN: dict[str, Callable[[FcRnPerson, Given], float]] = {
    "autoantibody fall": autoantibody_fall,
    "clearance": clearance,
    "clearance without FcRn": clearance_without_fcrn,
    "day of greatest autoantibody fall": day_of_greatest_autoantibody_fall,
    "greatest autoantibody fall": greatest_autoantibody_fall,
    "halving under block": halving_under_block,
    "level without FcRn": level_without_fcrn,
    "steady level": steady_level,
    "trace half-life": trace_half_life,
}
