"""The parameters of many people under a published linear model at once, as arrays.

The same formulas as ``parameters.parameters_of``, which answers for one person: covariates (P,) and etas (P,) in,
a :class:`~ivigil.kinetics.linear.LinearPopulation` out. Where either is one value it holds for everybody.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields

import numpy as np

from ivigil.documents import BadInput, Fault
from ivigil.kinetics.draws import FloatArray
from ivigil.kinetics.linear import LinearPopulation
from ivigil.kinetics.parameters import BASELINE, COVARIATE_FIELDS, ROUTE_SHARES, needed_covariates
from ivigil.kinetics.people import Covariates
from ivigil.knowledge.kinetic_records import CovariateEffect, LinearModel


@dataclass(frozen=True)
class CovariateTable:
    """The covariates of P people, each an array (P,); NaN is unknown, and a deficiency is 1 or 0."""

    weight_kg: FloatArray
    lean_body_mass_kg: FloatArray
    igm_g_per_l: FloatArray
    secondary_deficiency: FloatArray
    age_years: FloatArray

    @property
    def size(self) -> int:
        """How many people."""
        return len(self.weight_kg)

    def rows(self, places: slice) -> CovariateTable:
        """The people at these places."""
        return CovariateTable(*(getattr(self, one.name)[places] for one in fields(self)))

    def person(self, place: int) -> Covariates:
        """One of them, with ``None`` for what is unknown."""
        held = {one.name: float(getattr(self, one.name)[place]) for one in fields(self)}
        known = {name: value for name, value in held.items() if not math.isnan(value)}
        deficiency = known.pop("secondary_deficiency", None)
        return Covariates(
            weight_kg=known.pop("weight_kg", None),
            secondary_deficiency=None if deficiency is None else bool(deficiency),
            **known,
        )


def tabled(people: Sequence[Covariates]) -> CovariateTable:
    """People as columns."""
    return CovariateTable(
        *(
            np.array([math.nan if (value := getattr(one, field.name)) is None else float(value) for one in people])
            for field in fields(CovariateTable)
        )
    )


def population_of(
    model: LinearModel, covariates: CovariateTable, etas: Mapping[str, FloatArray] | None = None
) -> LinearPopulation:
    """The parameters of people (P,). An unknown baseline is NaN.

    Raises :class:`BadInput` with every covariate that the model needs and that is unknown for somebody.
    """
    faults = list(_unknown(model, covariates))
    if faults:
        raise BadInput(faults)
    held = dict(etas or {})
    size = np.broadcast_shapes((covariates.size,), *(one.shape for one in held.values()))
    values = {
        str(one.name): float(one.value) * _factor(one.covariates, covariates) * _spread(held, one.name)
        for one in model.parameters
    }

    def column(name: str, otherwise: float = 0.0) -> FloatArray:
        return np.array(np.broadcast_to(values.get(name, np.array([otherwise])), size))

    clearance = column("CL") if "CL" in values else column("kel") * column("Vc")
    shares = {route: column(name) for name, route in ROUTE_SHARES.items() if name in values}
    has_two = model.compartments > 1
    return LinearPopulation(
        clearance_l_per_day=clearance,
        central_l=column("Vc"),
        between_l_per_day=column("Q") if has_two else np.zeros(size),
        peripheral_l=column("Vp") if has_two else np.zeros(size),
        absorption_per_day=column("ka"),
        bioavailable={"intravenous": np.ones(size), **shares},
        baseline_g_per_l=np.array(np.broadcast_to(_baseline(model, covariates, held), size)),
    )


def _factor(effects: Sequence[CovariateEffect], covariates: CovariateTable) -> FloatArray:
    found = np.ones(covariates.size)
    for effect in effects:
        value = getattr(covariates, COVARIATE_FIELDS[effect.covariate])
        if effect.factor is not None:
            found = found * np.where(np.isnan(value), math.nan, np.where(value > 0, float(effect.factor), 1.0))
        else:
            found = found * (value / float(effect.reference or 1)) ** float(effect.exponent or 0)
    return found


def _spread(etas: Mapping[str, FloatArray], name: str) -> FloatArray:
    return np.exp(etas[name]) if name in etas else np.ones(1)


def _baseline(model: LinearModel, covariates: CovariateTable, etas: Mapping[str, FloatArray]) -> FloatArray:
    if model.baseline.g_per_l is None:
        return np.array([math.nan])
    return float(model.baseline.g_per_l) * _factor(model.baseline.covariates, covariates) * _spread(etas, BASELINE)


def _unknown(model: LinearModel, covariates: CovariateTable) -> Iterator[Fault]:
    for name in needed_covariates(model):
        missing = int(np.isnan(getattr(covariates, name)).sum())
        if missing:
            found = "unknown" if covariates.size == 1 else f"unknown for {missing} of {covariates.size} people"
            yield Fault(name, found, f"a value: {model.id} scales by it", "Take a model that does not, or give it.")
