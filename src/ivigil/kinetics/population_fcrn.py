"""The FcRn model as a population asks it: volumes and flows by weight, and the spread between people that is handed in.

The model is a calibration to published means: it knows nothing of how people differ. Coefficients of variation are the
user's, by the names of its figures, such as ``{"uptake": 30, "own IgG": 40}``; without them people differ by weight.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from threading import Lock
from typing import Any

import numpy as np

from ivigil.documents import encode
from ivigil.kinetics.doses import Course
from ivigil.kinetics.draws import FloatArray
from ivigil.kinetics.fcrn import FcRnPopulation, parameters_of
from ivigil.kinetics.individuals import CovariateTable
from ivigil.kinetics.population import Asked, Found
from ivigil.kinetics.population_linear import known_weights
from ivigil.kinetics.solving import Engine, engine_named, solve
from ivigil.kinetics.variability import Variability, spread
from ivigil.knowledge.kinetic_records import FcRnModel

_SPREADING = {
    *("central volume", "peripheral volume", "exchange", "uptake", "receptor", "affinity"),
    *("absorption", "own IgG"),
}
# Gauss-Legendre between doses, closer after them: twelve nodes a stretch are exact far beyond the solver's error.
_NODES, _NODE_WEIGHTS = np.polynomial.legendre.leggauss(12)
_CLOSER_DAYS = (1.0, 5.0)
# The simplest of numba's threading layers ends the program where two threads start a kernel at the same time.
_ONE_AT_A_TIME = Lock()


@dataclass(frozen=True)
class FcRnKinetics:
    """The FcRn model with the spread handed in; ``own_g_per_l`` stands in place of the model's own IgG.

    ``engine`` is the fastest one installed where none is asked for.
    """

    model: FcRnModel
    variability: Variability = field(default_factory=lambda: fcrn_variability({}))
    own_g_per_l: float | None = None
    engine: Engine | None = None

    def levels(self, covariates: CovariateTable, etas: Mapping[str, FloatArray], asked: Asked) -> Found:
        """All IgG above what stood before treatment, and that level. Raises :class:`BadInput` for unknown weights."""
        people = self._people(known_weights(covariates), etas)
        nodes, weights = _area_nodes(asked.course, *asked.judged)
        days = np.unique(np.concatenate([asked.days, nodes]))
        times = covariates.weight_kg if asked.per_kg else None
        with _ONE_AT_A_TIME:
            total = solve(people, asked.course, days, times=times, engine=self.engine).total_g_per_l
        above = total - people.endogenous_g_per_l[:, None]
        columns = np.searchsorted(days, nodes)
        area = sum(
            (above[:, one] * weight for one, weight in zip(columns, weights, strict=True)), np.zeros(people.size)
        )
        given = np.ascontiguousarray(above[:, np.searchsorted(days, asked.days)])
        return Found(given, people.endogenous_g_per_l, area)

    def outside(self, covariates: CovariateTable) -> FloatArray:
        """Nobody: the model has no people that it was built on, but a weight at which its figures stand."""
        return np.zeros(covariates.size)

    def described(self) -> Any:  # noqa: ANN401 - any JSON value
        return {"fcrn": encode(self.model), "own": self.own_g_per_l, "engine": engine_named(self.engine)}

    def _people(self, weights: FloatArray, etas: Mapping[str, FloatArray]) -> FcRnPopulation:
        typical = parameters_of(self.model, None, self.own_g_per_l)
        figures = {one.name: float(one.value) for one in self.model.figures}
        ratio = weights / figures["reference weight"]
        flows, volumes = ratio ** figures["exponent of flows"], ratio ** figures["exponent of volumes"]

        def each(value: float | None, name: str, scale: FloatArray) -> FloatArray:
            factor = np.exp(etas[name]) if name in etas else np.ones(weights.size)
            return np.asarray((value or 0.0) * scale * factor)

        alike = np.ones(weights.size)
        return FcRnPopulation(
            central_l=each(typical.central_l, "central volume", volumes),
            peripheral_l=each(typical.peripheral_l, "peripheral volume", volumes),
            between_l_per_day=each(typical.between_l_per_day, "exchange", flows),
            uptake_l_per_day=each(typical.uptake_l_per_day, "uptake", flows),
            receptor_g_per_l=each(typical.receptor_g_per_l, "receptor", alike),
            affinity_g_per_l=each(typical.affinity_g_per_l, "affinity", alike),
            absorption_per_day=each(typical.absorption_per_day, "absorption", alike),
            bioavailable={route: alike * share for route, share in typical.bioavailable.items()},
            endogenous_g_per_l=each(typical.endogenous_g_per_l, "own IgG", alike),
        )


def fcrn_variability(
    cv_percent: Mapping[str, float], correlations: Mapping[tuple[str, str], float] | None = None
) -> Variability:
    """The spread of the model's figures that a user states, by name. Raises :class:`BadInput` as ``spread`` does."""
    return spread(cv_percent, _SPREADING, correlations)


def _area_nodes(course: Course, from_day: float, to_day: float) -> tuple[FloatArray, list[float]]:
    """Days and weights that integrate a level over the cycle."""
    turns = {day for dose in course.doses for day in (dose.at_day, dose.ends_at_day)}
    edges = turns | {day + later for day in (*turns, from_day) for later in _CLOSER_DAYS}
    inside = sorted({from_day, to_day, *(day for day in edges if from_day < day < to_day)})
    spans = [(low, high) for low, high in pairwise(inside) if not math.isclose(low, high, abs_tol=1e-9)]
    days = np.concatenate([_NODES * ((high - low) / 2) + (high + low) / 2 for low, high in spans])
    weights = np.concatenate([_NODE_WEIGHTS * ((high - low) / 2) for low, high in spans])
    return days, weights.tolist()
