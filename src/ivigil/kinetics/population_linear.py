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
from ivigil.kinetics.individuals import CovariateTable, population_of
from ivigil.kinetics.linear import auc_many, exogenous_many
from ivigil.kinetics.population import Asked, Found
from ivigil.kinetics.variability import Variability
from ivigil.knowledge.kinetic_records import LinearModel

# Under the other conventions a figure on record is the middle of the patients studied, and nobody's baseline.
_A_BASELINE_OF_ITS_OWN = frozenset({"fixed", "estimated"})


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
