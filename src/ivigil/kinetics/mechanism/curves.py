"""The curves that a run shows, by name and unit."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from ivigil.kinetics.exponentials import FloatArray
from ivigil.kinetics.mechanism.states import Place
from ivigil.kinetics.mechanism.system import System

Reading = Callable[[System, Sequence[float]], float]

# Shares and indices are of the untreated state: 1 where immunoglobulin does nothing.
UNITS: Mapping[str, str] = {
    "IgG": "g/L",
    "exogenous IgG": "g/L",
    "rise of IgG": "g/L",
    "autoantibody": "share of the untreated level",
    "free autoantibody": "share of the untreated level",
    "phagocytosis": "share of the untreated rate",
    "complement deposition": "share of the untreated rate",
    "regulatory T cells": "share of the untreated index",
    "cytokine antagonists": "share of the untreated index",
    "natural killer cells": "share of the untreated index",
    "platelets": "10*9/L",
    "grip strength": "kg",
}


def curves_of(system: System, states: FloatArray) -> Mapping[str, FloatArray]:
    """Each curve (T,) of states (T, places); platelets and grip strength where the disease has them."""
    names = [name for name in UNITS if _is_followed(name, system)]
    rows = [[_READINGS[name](system, state) for name in names] for state in states.tolist()]
    table = np.asarray(rows, dtype=np.float64)
    return {name: table[:, place] for place, name in enumerate(names)}


def _is_followed(name: str, system: System) -> bool:
    if name == "platelets":
        return system.disease.platelets_10_9_per_l is not None
    return name != "grip strength" or system.disease.grip_kg is not None


def _of_untreated(system: System, antibody: float) -> float:
    return antibody / system.disease.antibody if system.disease.antibody else 0.0


_READINGS: Mapping[str, Reading] = {
    "IgG": lambda _, state: state[Place.GIVEN] + state[Place.OWN],
    "exogenous IgG": lambda _, state: state[Place.GIVEN],
    "rise of IgG": lambda system, state: system.rise(state),
    "autoantibody": lambda system, state: _of_untreated(system, state[Place.ANTIBODY]),
    "free autoantibody": lambda system, state: _of_untreated(system, system.free(state)),
    "phagocytosis": lambda system, state: 1.0 - system.block(state),
    "complement deposition": lambda system, state: 1.0 - system.held_deposition(state),
    "regulatory T cells": lambda _, state: 1.0 + state[Place.TREG],
    "cytokine antagonists": lambda _, state: 1.0 + state[Place.CYTOKINES],
    "natural killer cells": lambda _, state: 1.0 - state[Place.NK],
    "platelets": lambda _, state: state[Place.PLATELETS],
    "grip strength": lambda _, state: state[Place.GRIP],
}
