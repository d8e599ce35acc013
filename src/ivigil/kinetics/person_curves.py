"""The curves that one person may have under a model: levels for many draws of the person's etas at once."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from ivigil.kinetics.doses import Course
from ivigil.kinetics.draws import FloatArray
from ivigil.kinetics.individuals import population_of, tabled
from ivigil.kinetics.linear import LinearPopulation, auc_many, exogenous_many
from ivigil.kinetics.linear_light import refuse_unmodelled
from ivigil.kinetics.own_baseline import OwnBaseline
from ivigil.kinetics.parameters import parameters_of
from ivigil.kinetics.people import CovariateCourse, Covariates
from ivigil.kinetics.variability import Variability
from ivigil.kinetics.varying_many import auc_varying_many, exogenous_varying_many
from ivigil.knowledge.kinetic_records import LinearModel


@dataclass(frozen=True)
class PersonCurves:
    """One person under one model, with the parameters in which this person may differ from the typical one."""

    model: LinearModel
    covariates: CovariateCourse
    baseline: OwnBaseline
    variability: Variability

    def check(self, course: Course) -> None:
        """Raise :class:`BadInput` for a covariate the model needs, or a route it does not cover."""
        for _, held in self.covariates.changes:
            refuse_unmodelled(parameters_of(self.model, held), course)

    def exogenous(self, etas: FloatArray, course: Course, days: FloatArray) -> FloatArray:
        """The level of given IgG in g/L for each row of etas (D, E) on each day (T,): shape (D, T)."""
        if len(self.covariates.changes) == 1:
            return exogenous_many(self.population(etas), course, days)
        named = self.variability.named(etas)
        found = exogenous_varying_many(self.model, self.covariates, named, course, days)
        return np.array(np.broadcast_to(found, (len(etas), days.size)))

    def own(self, etas: FloatArray, days: FloatArray) -> FloatArray:
        """The person's own IgG in g/L: shape (D, T); NaN where the model has none and none was handed in."""
        if self.baseline.g_per_l is not None:
            return np.full((len(etas), days.size), self.baseline.g_per_l)
        found = np.empty((len(etas), days.size))
        starts = [-np.inf, *(day for day, _ in self.covariates.changes[1:]), np.inf]
        for (low, high), (_, held) in zip(pairwise(starts), self.covariates.changes, strict=True):
            holding = (days >= low) & (days < high)
            if holding.any():
                found[:, holding] = self.population(etas, held).baseline_g_per_l[:, None]
        return found

    def total(self, etas: FloatArray, course: Course, days: FloatArray) -> FloatArray:
        """The level of all IgG: shape (D, T)."""
        return self.exogenous(etas, course, days) + self.own(etas, days)

    def area(self, etas: FloatArray, course: Course, from_day: float, to_day: float) -> FloatArray:
        """The area under the given IgG alone, in g·day/L: shape (D,)."""
        if len(self.covariates.changes) == 1:
            return auc_many(self.population(etas), course, from_day, to_day)
        named = self.variability.named(etas)
        found = auc_varying_many(self.model, self.covariates, named, course, (from_day, to_day))
        return np.array(np.broadcast_to(found, len(etas)))

    def population(self, etas: FloatArray, covariates: Covariates | None = None) -> LinearPopulation:
        """The parameters for each row of etas, at the covariates that hold first where none are given."""
        held = covariates or self.covariates.changes[0][1]
        return population_of(self.model, tabled([held]), self.variability.named(etas))
