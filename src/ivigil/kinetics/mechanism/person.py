"""The typical person of the recycling model, whom scenarios and fits ask."""

from __future__ import annotations

from ivigil.documents import BadInput, Fault
from ivigil.kinetics.fcrn import FcRnParameters, parameters_of
from ivigil.knowledge.kinetic_records import FcRnModel
from ivigil.knowledge.library import Library


def recycling_model(library: Library) -> FcRnModel:
    """The recycling model of the library: the first by id. Raises :class:`BadInput` where there is none."""
    held = library.kinetics.fcrn
    if not held:
        raise BadInput([Fault("fcrn-models", "none", "a recycling model")])
    return held[min(held)]


def typical(library: Library, weight_kg: float, own_g_per_l: float | None = None) -> FcRnParameters:
    """A person of ``weight_kg``, with the model's own IgG or the level given, in g/L."""
    return parameters_of(recycling_model(library), weight_kg, own_g_per_l)
