"""A table of people who differ by dose, route, weight and days of sampling, whose levels a model makes up."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from tests.unit.kinetics.linear_models import on_record

from ivigil.kinetics.doses import every
from ivigil.kinetics.event_table import EventTable, Observed, Subject
from ivigil.kinetics.people import CovariateCourse, Covariates
from ivigil.kinetics.replicated import Replicates, replicated
from ivigil.knowledge.kinetic_records import LinearModel

MODEL = on_record("zhang-2020")
SAMPLED = (3.0, 14.0, 30.0, 60.0, 84.0, 112.0)


def with_clearance(model: LinearModel, factor: str) -> LinearModel:
    """The model with another clearance."""
    held = (replace(one, value=one.value * Decimal(factor)) if one.name == "CL" else one for one in model.parameters)
    return replace(model, parameters=tuple(held))


def designed(people: int) -> EventTable:
    """People with levels to be measured: what they are given, and when they are sampled."""
    return EventTable("made up", tuple(_person(number) for number in range(people)))


def _person(number: int) -> Subject:
    weight = 45.0 + number * 7 % 50
    course = every(weight * (0.3 + 0.2 * (number % 4)), 28, 5, hours=3)
    if number % 3 == 0:
        course = every(weight * 0.1, 7, 17, route="subcutaneous", hours=1)
    changes = (
        [(0.0, Covariates(weight))] if number % 7 else [(0.0, Covariates(weight)), (60.0, Covariates(weight * 1.1))]
    )
    levels = tuple(Observed(day + number % 5 * 0.25, 1.0) for day in SAMPLED)
    return Subject(f"p{number:03}", course, CovariateCourse(tuple(changes)), levels)


def made_up(people: int, seed: int, *, by: LinearModel = MODEL, limit: float | None = None) -> EventTable:
    """The designed people with levels that ``by`` makes up; below ``limit`` only that is known."""
    table = designed(people)
    values = iter(replicated(by, table, Replicates(100, seed)).simulated[0].tolist())
    return EventTable(
        table.name, tuple(replace(one, levels=tuple(_levels(one, values, limit))) for one in table.subjects)
    )


def _levels(subject: Subject, values: Iterator[float], limit: float | None) -> Iterator[Observed]:
    for level in subject.levels:
        value = next(values)
        yield Observed(level.at_day, None if limit is not None and value < limit else value, limit)
