"""Volumes, exchange and absorption of the published models at 70 kg, and their geometric means."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from ivigil.kinetics.parameters import LinearParameters, parameters_of
from ivigil.kinetics.people import Covariates
from ivigil.knowledge.library import Library

# Two compartments, adults. Those of children and of newborns are left out: neither tells of 70 kg.
MODELS = (
    "landersdorfer-2013",
    "li-2022",
    "luo-2020",
    "navarro-mora-2022",
    "tortorici-2019",
    "tortorici-2021",
    "zhang-2020",
)
# Those whose bioavailability is taken: not the one built on the trial that a target of the dose factor comes from.
UNDER_THE_SKIN = tuple(name for name in MODELS if name != "li-2022")
WEIGHT_KG = 70.0


@dataclass(frozen=True)
class Volumes:
    """Typical figures at 70 kg: volumes in L, exchange in L/day, absorption a day, bioavailability under the skin."""

    central_l: float
    peripheral_l: float
    between_l_per_day: float
    absorption_per_day: float
    bioavailable: float


def mean_volumes(library: Library) -> Volumes:
    """The geometric means of the published models."""
    people = [at_70_kg(library, name) for name in MODELS]
    skin = [at_70_kg(library, name) for name in UNDER_THE_SKIN]
    return Volumes(
        central_l=_mean([one.central_l for one in people]),
        peripheral_l=_mean([one.peripheral_l for one in people]),
        between_l_per_day=_mean([one.between_l_per_day for one in people]),
        absorption_per_day=_mean([one.absorption_per_day for one in skin if one.absorption_per_day]),
        bioavailable=_mean([one.bioavailable["subcutaneous"] for one in skin if "subcutaneous" in one.bioavailable]),
    )


def volumes_of(library: Library, name: str) -> Volumes:
    """The volumes and the exchange of one published model, with the mean absorption."""
    one = at_70_kg(library, name)
    return replace(
        mean_volumes(library),
        central_l=one.central_l,
        peripheral_l=one.peripheral_l,
        between_l_per_day=one.between_l_per_day,
    )


def at_70_kg(library: Library, name: str) -> LinearParameters:
    """A model's typical person of 70 kg; where lean body mass is the covariate, of the mass it refers to."""
    model = library.kinetics.models[name]
    effects = (effect for one in model.parameters for effect in one.covariates)
    lean = next((effect.reference for effect in effects if effect.covariate == "lean body mass"), None)
    mass = None if lean is None else float(lean)
    return parameters_of(model, Covariates(WEIGHT_KG, lean_body_mass_kg=mass, secondary_deficiency=False))


def _mean(values: Sequence[float]) -> float:
    return math.exp(math.fsum(math.log(value) for value in values) / len(values))
