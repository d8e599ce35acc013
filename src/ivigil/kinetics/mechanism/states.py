"""Where a patient stands: the state of disease that a run starts from, and the places of a run's state."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum

from ivigil.documents import BadInput, Fault


class Place(IntEnum):
    """Where each part of a state stands. IgG in g/L of its compartment; the depot in g/L of V1.

    Autoantibody in units of its untreated level; platelets in 10*9/L; grip in kg; the rest as effects, 0 untreated.
    """

    GIVEN = 0
    GIVEN_OUTSIDE = 1
    OWN = 2
    OWN_OUTSIDE = 3
    DEPOT = 4
    ANTIBODY = 5
    ANTIBODY_OUTSIDE = 6
    LESS_SYNTHESIS = 7
    SLOW_BLOCK = 8
    TREG = 9
    CYTOKINES = 10
    NK = 11
    PLATELETS = 12
    GRIP = 13


@dataclass(frozen=True)
class Disease:
    """The state of disease before treatment, taken to be steady; ``None`` is not followed.

    ``antibody`` is in any unit that the reader likes, and 1 for a share of its untreated level.
    """

    platelets_10_9_per_l: float | None = None
    grip_kg: float | None = None
    antibody: float = 1.0

    def __post_init__(self) -> None:
        if faults := list(self._faults()):
            raise BadInput(faults)

    def _faults(self) -> Iterator[Fault]:
        for name, value in (("platelets_10_9_per_l", self.platelets_10_9_per_l), ("grip_kg", self.grip_kg)):
            if value is not None and not (math.isfinite(value) and value > 0):
                yield Fault(f"disease, {name}", f"{value:g}", "a number above 0, or none")
        if not (math.isfinite(self.antibody) and self.antibody >= 0):
            yield Fault("disease, antibody", f"{self.antibody:g}", "a number, 0 or more")
