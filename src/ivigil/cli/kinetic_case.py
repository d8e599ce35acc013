"""Whom and what a command of kinetics is asked about, from its options and tables; every fault at once."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import TypeVar

from ivigil.cli.courses import course_of
from ivigil.cli.numbers import Numbers
from ivigil.cli.output import unknown_id
from ivigil.documents import BadInput, Fault
from ivigil.facts import Fact
from ivigil.kinetics.doses import Course
from ivigil.kinetics.event_table import Observed
from ivigil.kinetics.people import CovariateCourse, Covariates, steady
from ivigil.kinetics.wanted import Wanted
from ivigil.knowledge import Library
from ivigil.knowledge.kinetic_records import FcRnModel, LinearModel

T = TypeVar("T")
Model = LinearModel | FcRnModel
# Covariates by the facts whose ranges hold for them, and the options that state them.
_FACTS = {"weight_kg": "weight", "lean_body_mass_kg": "weight", "age_years": "age"}
_OPTIONS = {
    "weight_kg": "--weight",
    "lean_body_mass_kg": "--lean-body-mass",
    "igm_g_per_l": "--igm",
    "secondary_deficiency": "--secondary-deficiency",
    "age_years": "--age",
}


@dataclass(frozen=True)
class KineticCase:
    """One person under one course, by one or more models.

    ``interval_days`` is that of the last regular doses, and ``per_kg_g`` the grams of each per kg, where options gave
    them. ``levels`` are those of a table of events.
    """

    models: tuple[Model, ...]
    covariates: CovariateCourse
    own_g_per_l: float | None
    course: Course
    interval_days: float | None
    indication: str | None
    per_kg_g: float | None
    levels: tuple[Observed, ...] = ()

    @property
    def first(self) -> Covariates:
        """The covariates at the start."""
        return self.covariates.changes[0][1]


def kinetic_case(given: Namespace, known: Library, numbers: Numbers) -> KineticCase:
    """The case that the options state. Raises :class:`BadInput` with every fault, those of ``numbers`` too."""
    faults = numbers.faults
    models = tuple(models_of(given, known, faults))
    person = _gathered(faults, lambda: _person(given, known, numbers))
    interval, per_kg = numbers.number("switch_every") or numbers.number("every"), numbers.number("per_kg")
    own = numbers.within("own", known.catalogue["igg_level"])
    held = course_of(given, numbers, person.weight_kg if person else None)
    if held is not None and person is not None:
        faults += implausible(held.covariates, held.levels, given.events, known)
        faults += _stated_twice(held.covariates, person)
    if faults or person is None or held is None:
        raise BadInput(faults)
    covariates = steady(person) if held.covariates is None else _together(held.covariates, person)
    return KineticCase(models, covariates, own, held.course, interval, given.indication, per_kg, held.levels)


def implausible(
    covariates: CovariateCourse | None, levels: Sequence[Observed], where: str, known: Library
) -> Iterator[Fault]:
    """What a table of events says of a person that nobody has, by the ranges of facts."""
    for day, held in covariates.changes if covariates else ():
        for name, fact in _FACTS.items():
            yield from _beyond(f"{where}, day {day:g}, {name}", getattr(held, name), known.catalogue[fact])
    for level in levels:
        yield from _beyond(f"{where}, day {level.at_day:g}, level", level.g_per_l, known.catalogue["igg_level"])


def _beyond(where: str, value: float | None, fact: Fact) -> Iterator[Fault]:
    if value is None or fact.range is None or float(fact.range.min) <= value <= float(fact.range.max):
        return
    hint = "Check the unit in the header."
    yield Fault(where, f"{value:g}", f"a number from {fact.range.min} to {fact.range.max} {fact.unit}", hint)


def held_steady(case: KineticCase, option: str) -> Covariates:
    """The covariates, where they do not change. Raises :class:`BadInput` for what ``option`` cannot do with changes."""
    if len(case.covariates.changes) > 1:
        days = ", ".join(f"{day:g}" for day, _ in case.covariates.changes[1:])
        raise BadInput([Fault("--events", f"covariates that change on day {days}", f"steady ones, for {option}")])
    return case.first


def wanted(numbers: Numbers) -> tuple[Wanted, ...]:
    """What is wanted of the last interval, by the options that say so."""
    trough, rise, area = (numbers.number(name) for name in ("trough", "rise", "exposure"))
    found = [] if trough is None else [Wanted("trough", trough)]
    found += [] if rise is None else [Wanted("rise", rise)]
    return tuple(found if area is None else [*found, Wanted("area above baseline", area)])


def held_models(known: Library) -> Mapping[str, Model]:
    """Every model by its id: the published linear ones, and that of recycling."""
    return {**known.kinetics.models, **known.kinetics.fcrn}


def models_of(given: Namespace, known: Library, faults: list[Fault]) -> Iterator[Model]:
    """The models that are named, or those built on the indication; what is wrong goes to ``faults``."""
    held = held_models(known)
    if given.indication is not None and given.indication not in known.indications:
        faults += unknown_id("indication", given.indication, tuple(known.indications)).faults
    chosen = given.model or _built_on(given.indication, known)
    if not chosen:
        expected = "the id of a model, or an indication that one was built on"
        faults.append(Fault("--model", "none", expected, "List them with: ivigil simulate --models"))
    for name in chosen:
        if name in held:
            yield held[name]
        else:
            faults += unknown_id("model", name, tuple(held)).faults


def _built_on(indication: str | None, known: Library) -> list[str]:
    models = known.kinetics.models
    return sorted(key for key, one in models.items() if indication and indication in one.built_on.indications)


def _person(given: Namespace, known: Library, numbers: Numbers) -> Covariates:
    deficiency = {"yes": True, "no": False}.get(given.secondary_deficiency or "")
    return Covariates(
        weight_kg=numbers.within("weight", known.catalogue["weight"]),
        lean_body_mass_kg=numbers.within("lean_body_mass", known.catalogue["weight"]),
        igm_g_per_l=numbers.number("igm"),
        secondary_deficiency=deficiency,
        age_years=numbers.within("age", known.catalogue["age"]),
    )


def _together(table: CovariateCourse, options: Covariates) -> CovariateCourse:
    """The covariates of a table, with what it does not say from the options."""
    stated = {one.name: value for one in fields(options) if (value := getattr(options, one.name)) is not None}
    return CovariateCourse(tuple((day, replace(held, **stated)) for day, held in table.changes))


def _stated_twice(table: CovariateCourse | None, options: Covariates) -> Iterator[Fault]:
    for name, option in _OPTIONS.items():
        in_table = any(getattr(held, name) is not None for _, held in table.changes) if table else False
        if in_table and getattr(options, name) is not None:
            yield Fault(option, "an option, and a column of the table", "one of them")


def _gathered(faults: list[Fault], what: Callable[[], T]) -> T | None:
    try:
        return what()
    except BadInput as error:
        faults += error.faults
        return None
