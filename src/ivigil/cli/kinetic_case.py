"""Whom and what a command of kinetics is asked about, from its options and tables; every fault at once."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar, cast

from ivigil.cli.numbers import Numbers
from ivigil.cli.output import unknown_id
from ivigil.documents import BadInput, Fault
from ivigil.kinetics.doses import Course, Dose, Route, every, missed
from ivigil.kinetics.people import Covariates
from ivigil.knowledge import Library
from ivigil.knowledge.kinetic_records import FcRnModel, LinearModel

T = TypeVar("T")
Model = LinearModel | FcRnModel


@dataclass(frozen=True)
class KineticCase:
    """One person under one course, by one or more models.

    ``interval_days`` is that of the regular doses, and ``per_kg_g`` the grams of each per kg, where options gave them.
    """

    models: tuple[Model, ...]
    covariates: Covariates
    own_g_per_l: float | None
    course: Course
    interval_days: float | None
    indication: str | None
    per_kg_g: float | None


def kinetic_case(given: Namespace, known: Library, numbers: Numbers) -> KineticCase:
    """The case that the options state. Raises :class:`BadInput` with every fault, those of ``numbers`` too."""
    faults = numbers.faults
    models = tuple(_models(given, known, faults))
    person = _gathered(faults, lambda: _person(given, known, numbers))
    interval, per_kg = numbers.number("every"), numbers.number("per_kg")
    if given.events is None:
        faults += _course_faults(given)
    course = _gathered(faults, lambda: _course(given, numbers, person.weight_kg if person else None))
    own = numbers.within("own", known.catalogue["igg_level"])
    if faults or person is None or course is None:
        raise BadInput(faults)
    return KineticCase(models, person, own, course, interval, given.indication, per_kg)


def held_models(known: Library) -> Mapping[str, Model]:
    """Every model by its id: the published linear ones, and that of recycling."""
    return {**known.kinetics.models, **known.kinetics.fcrn}


def _models(given: Namespace, known: Library, faults: list[Fault]) -> Iterator[Model]:
    held = held_models(known)
    if given.indication is not None and given.indication not in known.indications:
        faults += unknown_id("indication", given.indication, tuple(known.indications)).faults
    wanted = given.model or _built_on(given.indication, known)
    if not wanted:
        expected = "the id of a model, or an indication that one was built on"
        faults.append(Fault("--model", "none", expected, "List them with: ivigil simulate --models"))
    for name in wanted:
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


def _course_faults(given: Namespace) -> Iterator[Fault]:
    if (given.dose is None) == (given.per_kg is None):
        found = "neither" if given.dose is None else "both"
        yield Fault("--dose, --per-kg", found, "one of them, or --events")
    if (given.every is None) != (given.count is None):
        yield Fault("--every, --count", "one of them", "both, or none for a single dose")


def _course(given: Namespace, numbers: Numbers, weight_kg: float | None) -> Course:
    if given.events is not None:
        return _of_table(Path(given.events))
    grams, per_kg = numbers.number("dose"), numbers.number("per_kg")
    interval, count = numbers.number("every") or 1.0, numbers.whole("count") or 1
    hours, loading = numbers.number("hours", above=False) or 0.0, numbers.several("loading")
    if per_kg is not None and weight_kg is None and getattr(given, "population", None) is None:
        raise BadInput([Fault("--weight", "none", "the body weight, for a dose per kg")])
    each = grams if grams is not None else (per_kg or 0.0) * (weight_kg or 1.0)
    route = cast("Route", given.route.replace("-", " "))
    first = [Dose(float(day), amount, route, hours) for day, amount in enumerate(loading)]
    course = every(each, interval, count, route=route, hours=hours, from_day=interval if first else 0.0, loading=first)
    return missed(course, [int(one) for one in numbers.several("miss")])


def _of_table(path: Path) -> Course:
    from ivigil.kinetics.event_table import read_events  # noqa: PLC0415 - not needed without a table

    table = read_events(file_bytes(path), str(path))
    if len(table.subjects) != 1:
        raise BadInput([Fault(str(path), f"{len(table.subjects)} people", "one person")])
    return table.subjects[0].course


def file_bytes(path: Path) -> bytes:
    """The content of a file. Raises :class:`BadInput` where it cannot be read."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise BadInput([Fault(str(path), error.strerror or "cannot be read", "a file that can be read")]) from error


def with_course(case: KineticCase, course: Course) -> KineticCase:
    """``case`` under another course."""
    return replace(case, course=course)


def _gathered(faults: list[Fault], what: Callable[[], T]) -> T | None:
    try:
        return what()
    except BadInput as error:
        faults += error.faults
        return None
