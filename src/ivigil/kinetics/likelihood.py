"""How well a person's etas agree with measured levels and with the model's population: the density to be explored.

Etas are worked on in standard form z (D, E), where the population is standard normal. The prior's weight w flattens it:
its precision is w times as large, so that 1 is the model as published and less lets the levels speak more.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from scipy.special import log_ndtr

from ivigil.documents import BadInput, Fault
from ivigil.kinetics.draws import FloatArray
from ivigil.kinetics.event_table import Subject
from ivigil.kinetics.own_baseline import own_baseline
from ivigil.kinetics.person_curves import PersonCurves
from ivigil.kinetics.residual import Residual, residual_of
from ivigil.kinetics.variability import variability_of
from ivigil.knowledge.kinetic_records import LinearModel

_LOG_ROOT_TWO_PI = 0.5 * math.log(2 * math.pi)
_FEWEST_DRAWS = 100


@dataclass(frozen=True)
class Fitting:
    """How to learn from levels. ``cv_percent`` and ``correlations`` override what the model prints of variability.

    ``assay`` stands in place of the model's residual error, ``baseline_g_per_l`` in place of its baseline.
    """

    seed: int = 0
    draws: int = 4000
    prior_weight: float = 1.0
    assay: Residual | None = None
    baseline_g_per_l: float | None = None
    cv_percent: Mapping[str, float] | None = None
    correlations: Mapping[tuple[str, str], float] | None = None

    def __post_init__(self) -> None:
        faults = []
        if not 0 <= self.prior_weight <= 1:
            expected = "0 (the levels alone) to 1 (the model as published)"
            faults.append(Fault("prior_weight", f"{self.prior_weight:g}", expected))
        if self.draws < _FEWEST_DRAWS:
            faults.append(Fault("draws", str(self.draws), f"{_FEWEST_DRAWS} or more"))
        if faults:
            raise BadInput(faults)


@dataclass(frozen=True)
class Likelihood:
    """The levels of one person under one model. Arrays (K,): days, levels, limits; a level below its limit is NaN."""

    curves: PersonCurves
    subject: Subject
    residual: Residual
    prior_weight: float
    days: FloatArray
    levels: FloatArray
    limits: FloatArray

    @property
    def size(self) -> int:
        """How many etas there are."""
        return self.curves.variability.size

    def of_levels(self, z: FloatArray) -> FloatArray:
        """The log density of all levels for each row of z (D, E): shape (D,); minus infinity where none is had."""
        if not self.days.size:
            return np.zeros(len(z))
        with np.errstate(all="ignore"):  # far out in z, parameters overflow: such rows are impossible, not errors
            found = self._each(self.curves.variability.etas(z)).sum(axis=1)
        return np.where(np.isnan(found), -math.inf, found)

    def of_people(self, z: FloatArray) -> FloatArray:
        """The log density of the flattened population: shape (D,); 0 throughout where its weight is 0."""
        weight = self.prior_weight
        scale = self.size * (0.5 * math.log(weight) - _LOG_ROOT_TWO_PI) if weight else 0.0
        found: FloatArray = scale - 0.5 * weight * (z * z).sum(axis=1)
        return found

    def of_both(self, z: FloatArray) -> FloatArray:
        """The log density of the posterior, up to its constant: shape (D,)."""
        return self.of_levels(z) + self.of_people(z)

    def _each(self, etas: FloatArray) -> FloatArray:
        given = self.curves.exogenous(etas, self.subject.course, self.days)
        expected = given + self.curves.own(etas, self.days)
        deviation = self.residual.deviation(given if self.curves.baseline.is_subtracted else expected)
        away = (self.levels - expected) / deviation
        measured = -0.5 * away * away - np.log(deviation) - _LOG_ROOT_TWO_PI
        # Of a level below its limit only that is known (method M3: Beal 2001, 10.1023/A:1012299115260).
        below = log_ndtr((self.limits - expected) / deviation)
        return np.where(np.isnan(self.levels), below, measured)


def likelihood_of(model: LinearModel, subject: Subject, fitting: Fitting) -> Likelihood:
    """The likelihood of a person's levels.

    Raises :class:`BadInput` where the model lacks what learning needs: covariates, a baseline, a residual error,
    variability between people.
    """
    residual = residual_of(model, fitting.assay)
    baseline = own_baseline(model, subject.course, subject.levels, fitting.baseline_g_per_l)
    knows = baseline.g_per_l is not None
    variability = variability_of(model, fitting.cv_percent, fitting.correlations, own_baseline=knows)
    if not variability.size:
        hint = "Hand in coefficients of variation, or take another model."
        raise BadInput([Fault(model.id, "no variability between people on record", "how people differ", hint)])
    curves = PersonCurves(model, subject.covariates, baseline, variability)
    curves.check(subject.course)
    # A level at the very time of a dose was taken before it.
    days = np.nextafter(np.array([level.at_day for level in baseline.levels], dtype=np.float64), -math.inf)
    if days.size and np.isnan(curves.own(np.zeros((1, variability.size)), days)).any():
        needed = [effect.covariate for effect in model.baseline.covariates]
        hint = "Hand in the person's own level before treatment, or the covariates of the model's baseline."
        raise BadInput([Fault("baseline_g_per_l", "none", f"{' and '.join(needed)}: {model.id} scales it", hint)])
    levels = [math.nan if level.g_per_l is None else level.g_per_l for level in baseline.levels]
    limits = [math.nan if level.limit_g_per_l is None else level.limit_g_per_l for level in baseline.levels]
    return Likelihood(
        curves,
        subject,
        residual,
        fitting.prior_weight,
        days,
        np.array(levels, dtype=np.float64),
        np.array(limits, dtype=np.float64),
    )
