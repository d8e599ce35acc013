"""What one measurement adds: the residual error of a model, or the error of an assay handed in instead of it.

A measured level is normal around the true one, with the variance additive² + (proportional · level)². A model's
residual error holds all that it leaves unexplained; an assay's error alone is less, and bands made with it are too
narrow by what the model misses.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from ivigil.documents import BadInput, Fault
from ivigil.kinetics.draws import FloatArray
from ivigil.knowledge.kinetic_records import LinearModel


@dataclass(frozen=True)
class Residual:
    """Standard deviations of a measured level: one in g/L, and one as a share of the level. Not both 0."""

    additive_g_per_l: float = 0.0
    proportional: float = 0.0

    def __post_init__(self) -> None:
        held = {"additive_g_per_l": self.additive_g_per_l, "proportional": self.proportional}
        faults = [
            Fault(f"residual, {name}", f"{value:g}", "a standard deviation, 0 or more")
            for name, value in held.items()
            if not (math.isfinite(value) and value >= 0)
        ]
        if not faults and not any(held.values()):
            faults.append(Fault("residual", "no error at all", "a standard deviation above 0"))
        if faults:
            raise BadInput(faults)

    def deviation(self, levels: FloatArray) -> FloatArray:
        """The standard deviation in g/L of a measurement at each of ``levels``, any shape."""
        found: FloatArray = np.hypot(self.additive_g_per_l, self.proportional * levels)
        return found


def residual_of(model: LinearModel, assay: Residual | None = None) -> Residual:
    """The model's residual error, or ``assay`` where one is handed in.

    Raises :class:`BadInput` where the model has none that can be used.
    """
    if assay is not None:
        return assay
    held = model.residual
    found = None
    if held is None or (held.additive_sd_g_per_l is None and held.proportional_sd is None):
        found = "no residual error on record" if held is None or held.usable else "a residual error of unclear meaning"
    elif not held.usable:
        found = "a residual error of unclear meaning"
    if found is not None or held is None:
        hint = "Hand in the error of your assay, or take another model."
        raise BadInput([Fault(model.id, found or "no residual error on record", "standard deviations", hint)])
    return Residual(float(held.additive_sd_g_per_l or 0), float(held.proportional_sd or 0))
