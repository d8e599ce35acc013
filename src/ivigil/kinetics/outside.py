"""Where a person or a course lies outside what a model was built on, said in sentences. Pure Python."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from ivigil.kinetics.doses import Course
from ivigil.kinetics.people import Covariates
from ivigil.knowledge.kinetic_records import LinearModel


def outside(
    model: LinearModel, covariates: Covariates, course: Course, indication: str | None = None
) -> tuple[str, ...]:
    """Why the model's answer is an extrapolation, one sentence a reason; empty where nothing known says so.

    A fact that the model states a range of, and that is unknown, is named too: unknown is not inside.
    """
    built = model.built_on
    return (
        *_range("weight", covariates.weight_kg, built.weight_kg, "kg"),
        *_range("age", covariates.age_years, built.age_years, "years"),
        *_indication(model, indication),
        *_routes(model, course),
        *_deficiency(model, covariates),
    )


def _range(name: str, value: float | None, limits: tuple[Decimal, ...], unit: str) -> Iterator[str]:
    if not limits:
        return
    low, high = float(min(limits)), float(max(limits))
    if value is None:
        yield f"The {name} is unknown; the model was built on {low:g} to {high:g} {unit}."
    elif not low <= value <= high:
        yield f"The {name}, {value:g} {unit}, is outside the {low:g} to {high:g} {unit} the model was built on."


def _indication(model: LinearModel, indication: str | None) -> Iterator[str]:
    built = model.built_on.indications
    if indication is None:
        if built:
            yield f"The indication is unknown; the model was built on {' and '.join(built)}."
    elif indication not in built:
        yield f"The model was built on {' and '.join(built) or 'no indication on record'}, not on {indication}."


def _routes(model: LinearModel, course: Course) -> Iterator[str]:
    built = model.built_on.routes
    for route in sorted({dose.route for dose in course.doses} - set(built)):
        yield f"The model was built on {' and '.join(built)} doses, not on {route} ones."


def _deficiency(model: LinearModel, covariates: Covariates) -> Iterator[str]:
    if covariates.secondary_deficiency and "secondary-immunodeficiency" not in model.built_on.indications:
        yield "The model was not built on people with a secondary antibody deficiency."
