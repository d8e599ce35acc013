"""A published linear model as a population asks it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import numpy as np

from ivigil.documents import BadInput, Fault, encode
from ivigil.kinetics.draws import FloatArray
from ivigil.kinetics.individuals import CovariateTable, population_of, tabled
from ivigil.kinetics.linear import auc_many, exogenous_many
from ivigil.kinetics.own_baseline import OwnBaseline
from ivigil.kinetics.people import CovariateCourse
from ivigil.kinetics.person_curves import PersonCurves
from ivigil.kinetics.population import Asked, Found
from ivigil.kinetics.variability import Variability
from ivigil.knowledge.kinetic_records import LinearModel

# Under the other conventions a figure on record is the middle of the patients studied, and nobody's baseline.
_A_BASELINE_OF_ITS_OWN = frozenset({"fixed", "estimated"})
_NOT_HANDED_IN = OwnBaseline(None, "of the model", is_subtracted=False, levels=())


@dataclass(frozen=True)
class LinearKinetics:
    """A linear model with its variability; what was given adds up, so that doses per kilogram scale the curve."""

    model: LinearModel
    variability: Variability

    def levels(self, covariates: CovariateTable, etas: Mapping[str, FloatArray], asked: Asked) -> Found:
        """The given IgG, and the model's baseline: NaN where it has none, or takes each patient's own.

        Raises :class:`BadInput` for covariates that the model needs, and for a route it does not cover.
        """
        people = population_of(self.model, covariates, etas)
        refused = sorted({dose.route for dose in asked.course.doses} - set(people.bioavailable))
        if refused:
            known = " and ".join(people.bioavailable)
            raise BadInput(Fault("route", route, f"{known} doses: {self.model.id} has no others") for route in refused)
        given = exogenous_many(people, asked.course, asked.days)
        area = auc_many(people, asked.course, *asked.judged)
        if asked.per_kg:
            weights = known_weights(covariates)
            given, area = given * weights[:, None], area * weights
        has_own = self.model.baseline.kind in _A_BASELINE_OF_ITS_OWN
        own = people.baseline_g_per_l if has_own else np.full(len(area), math.nan)
        return Found(given, own, area)

    def outside(self, covariates: CovariateTable) -> FloatArray:
        """1 where weight or age is known to lie outside the range that the model was built on, else 0."""
        built = self.model.built_on
        found = beyond(covariates.weight_kg, built.weight_kg) | beyond(covariates.age_years, built.age_years)
        return found.astype(np.float64)

    def described(self) -> Any:  # noqa: ANN401 - any JSON value
        return {"linear": encode(self.model)}


@dataclass(frozen=True)
class ChangingKinetics:
    """A linear model of people whose covariates all change as ``covariates`` says; they differ by their etas alone."""

    model: LinearModel
    variability: Variability
    covariates: CovariateCourse

    def levels(self, covariates: CovariateTable, etas: Mapping[str, FloatArray], asked: Asked) -> Found:
        """As of :class:`LinearKinetics`. The baseline is the one at the end of the judged cycle.

        Raises :class:`BadInput` also for doses per kilogram: the weight changes.
        """
        if asked.per_kg:
            raise BadInput([Fault("per_kg", "doses per kilogram of a weight that changes", "doses in grams")])
        curves = PersonCurves(self.model, self.covariates, _NOT_HANDED_IN, self.variability)
        curves.check(asked.course)
        columns = [etas[name] for name in self.variability.names]
        rows = np.stack(columns, axis=1) if columns else np.zeros((covariates.size, 0))
        end = np.array([np.nextafter(asked.judged[1], -math.inf)])
        has_own = self.model.baseline.kind in _A_BASELINE_OF_ITS_OWN
        own = curves.own(rows, end)[:, 0] if has_own else np.full(len(rows), math.nan)
        given = curves.exogenous(rows, asked.course, asked.days)
        return Found(given, own, curves.area(rows, asked.course, *asked.judged))

    def outside(self, covariates: CovariateTable) -> FloatArray:
        """1 for everybody where a weight or an age of the course lies outside the model's range, else 0."""
        alike = LinearKinetics(self.model, self.variability)
        found = alike.outside(tabled([held for _, held in self.covariates.changes])).max()
        return np.full(covariates.size, found)

    def described(self) -> Any:  # noqa: ANN401 - any JSON value
        return {
            "linear": encode(self.model),
            "changing": [[day, encode(held)] for day, held in self.covariates.changes],
        }


def known_weights(covariates: CovariateTable) -> FloatArray:
    """The weights (P,). Raises :class:`BadInput` where one is unknown."""
    missing = int(np.isnan(covariates.weight_kg).sum())
    if missing:
        found = f"unknown for {missing} of {covariates.size} people"
        raise BadInput([Fault("weight_kg", found, "a weight: doses are per kilogram")])
    return covariates.weight_kg


def beyond(values: FloatArray, limits: tuple[Decimal, ...]) -> np.ndarray[Any, np.dtype[np.bool_]]:
    """Where known values (P,) lie outside of limits; nowhere without limits."""
    if not limits:
        return np.zeros(values.shape, dtype=np.bool_)
    return np.asarray((values < float(min(limits))) | (values > float(max(limits))))
