"""The IgG that a course is expected to add: as asked for, and as proposed, by the models built on the indication.

Only a published linear model that was built on people with the very indication answers. What is shown is the rise above
the patient's own level; where that was measured, the level itself too.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from ivigil.documents import BadInput
from ivigil.facts import Settled
from ivigil.kinetics.doses import Course, Dose, Route
from ivigil.kinetics.linear_light import exogenous, half_lives, parameters_of
from ivigil.kinetics.outside import outside
from ivigil.kinetics.parameters import LinearParameters
from ivigil.kinetics.people import Covariates
from ivigil.knowledge import Library
from ivigil.knowledge.kinetic_records import LinearModel
from ivigil.knowledge.product_records import Route as ProductRoute
from ivigil.review.dose_plan import AS_ASKED, DosePlan, known_amount

Known = Mapping[str, Settled]
ACTUAL = "actual"
_WEIGHT, _AGE, _IGG = "weight", "age", "igg_level"
_DAYS = "request_infusion_days"
_ROUTES: Mapping[ProductRoute, Route] = {
    "intravenous": "intravenous",
    "subcutaneous": "subcutaneous",
    "facilitated-subcutaneous": "facilitated subcutaneous",
}
_WEEKS = 6  # how long the picture runs after the first dose: a drawing choice, not a clinical one
_WEEK = 7.0
_MOST_CURVES = 3  # more lie on top of each other


@dataclass(frozen=True)
class ExpectedCurve:
    """One course: its name, grams of each day, and the rise above the patient's own IgG in g/L on ``days``."""

    name: str
    course: Course
    days: tuple[float, ...]
    rise_g_per_l: tuple[float, ...]


@dataclass(frozen=True)
class ExpectedIgg:
    """The curves of the courses by one model.

    ``own_g_per_l`` is the level measured before, where it is known; ``half_life_days`` the terminal half-life of the
    IgG that was given, in this model. ``needs`` says why there is no curve, and ``says`` what a reader must know.
    """

    model: LinearModel
    curves: tuple[ExpectedCurve, ...]
    own_g_per_l: float | None
    half_life_days: float | None
    says: tuple[str, ...]
    needs: tuple[str, ...] = ()


def expected_igg(
    dose: DosePlan, known: Known, library: Library, indication: str, route: ProductRoute | None
) -> tuple[ExpectedIgg, ...]:
    """What each model that was built on ``indication`` expects, in order of id; empty where none was.

    ``route`` is that of the order, ``None`` while it is not known: there is then no curve of what is asked for.
    """
    models = [one for _, one in sorted(library.kinetics.models.items()) if indication in one.built_on.indications]
    courses = tuple(_courses(dose, known, _ROUTES[route] if route else None))
    return tuple(_expected(one, courses, known, indication) for one in models) if courses else ()


def _expected(
    model: LinearModel, courses: tuple[tuple[str, Course], ...], known: Known, indication: str
) -> ExpectedIgg:
    covariates = Covariates(weight_kg=_float(known, _WEIGHT), age_years=_float(known, _AGE))
    says = tuple(dict.fromkeys(one for _, course in courses for one in outside(model, covariates, course, indication)))
    try:
        parameters = parameters_of(model, covariates)
        curves = tuple(_curve(name, course, parameters) for name, course in courses)
    except BadInput as error:
        return ExpectedIgg(model, (), None, None, says, tuple(f"{one.where}: {one.expected}" for one in error.faults))
    return ExpectedIgg(model, curves, _float(known, _IGG), half_lives(parameters).terminal_days, says)


def _curve(name: str, course: Course, parameters: LinearParameters) -> ExpectedCurve:
    days = tuple(sorted({*_grid(), *(one.at_day for one in course.doses)}))
    return ExpectedCurve(name, course, days, tuple(exogenous(parameters, course, days)))


def _grid() -> Iterator[float]:
    yield from (step / 2 for step in range(int(2 * _WEEKS * _WEEK) + 1))


def _courses(dose: DosePlan, known: Known, route: Route | None) -> Iterator[tuple[str, Course]]:
    """The course as asked for, and those of the regimens by the rule of the house, or else by the recorded weight."""
    seen: set[Course] = set()
    for name, daily, by in (*_asked(dose, known, route), *_proposed(dose)):
        # At once: how long an infusion takes does not show over weeks.
        given = tuple(Dose(float(day), float(grams), by) for day, grams in enumerate(daily) if grams > 0)
        course = Course(given)
        if given and course not in seen and len(seen) < _MOST_CURVES:
            seen.add(course)
            yield name, course


def _asked(dose: DosePlan, known: Known, route: Route | None) -> Iterator[tuple[str, Sequence[Decimal], Route]]:
    """What is asked for, where its days and its route are known."""
    days = known_amount(known, _DAYS)
    if route is not None and dose.requested_g is not None and days is not None and days == days.to_integral_value():
        yield "As asked for", [dose.requested_g / days] * int(days), route


def _proposed(dose: DosePlan) -> Iterator[tuple[str, Sequence[Decimal], Route]]:
    rule = dose.house or ACTUAL
    for one in dose.planned:
        if one.weighed.rule.id == rule and one.regimen.id != AS_ASKED:
            for course in one.courses:
                yield f"{one.regimen.text} ({one.weighed.rule.title})", course.daily_g, one.regimen.route


def _float(known: Known, fact: str) -> float | None:
    value = known_amount(known, fact)
    return float(value) if value is not None else None
