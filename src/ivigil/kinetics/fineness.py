"""How fine a grid each patient needs: a matter of that patient and the course, never of who else is asked about."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ivigil.documents import BadInput, Fault
from ivigil.kinetics.exponentials import FloatArray
from ivigil.kinetics.fcrn import FcRnPopulation
from ivigil.kinetics.fcrn_tables import Given, fastest_of, steepest_of
from ivigil.kinetics.grid import Fineness

# The coarsest grid is made for rates up to this, per day, which few people exceed; the next for half an octave more.
COARSEST_PER_DAY, LEVELS_AN_OCTAVE = 0.9, 2
# An infusion is stepped in two parts at least, and in twice as many each time it lifts IgG twice as far, from two
# widths of the bend of recycling on. All were chosen with the constants of ``grid``: see the script that it names.
PARTS, WIDTHS = 2, 2.0
_LEVELS = 24  # beyond twelve octaves a parameter is in another unit


def grids_of(people: FcRnPopulation, given: Given) -> NDArray[np.int64]:
    """The number of the grid of each patient, (P,). Raises :class:`BadInput` for a rate beyond every grid."""
    rates = np.maximum(fastest_of(people, given) / COARSEST_PER_DAY, 1.0)
    rises = np.maximum(steepest_of(people, given) / WIDTHS, 1.0)
    levels = np.ceil(np.log2(rates) * LEVELS_AN_OCTAVE)
    if (levels >= _LEVELS).any():
        raise BadInput([_too_fast(rates * COARSEST_PER_DAY)])
    doublings = np.minimum(np.ceil(np.log2(rises)), _LEVELS)
    numbers: NDArray[np.int64] = (levels + _LEVELS * doublings).astype(np.int64)
    return numbers


def fineness_of(grid: int) -> Fineness:
    """The grid of this number: for faster patients, and for steeper rises of IgG while an infusion runs."""
    doublings, level = divmod(grid, _LEVELS)
    return Fineness(COARSEST_PER_DAY * 2.0 ** (level / LEVELS_AN_OCTAVE), PARTS * 2**doublings)


def _too_fast(rates: FloatArray) -> Fault:
    one = int(np.argmax(rates))
    most = COARSEST_PER_DAY * 2.0 ** ((_LEVELS - 1) / LEVELS_AN_OCTAVE)
    found, expected = f"a rate of {rates[one]:g} per day", f"at most {most:g} per day"
    return Fault(f"patient {one + 1}", found, expected, "Flows are in L/day, volumes in L.")
