"""What a course will do to this person, as far as the levels tell: curves with bands from draws of the posterior."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from ivigil.documents import BadInput, Fault
from ivigil.kinetics.averaging import Averaged, alone, row_weights, weighted_quantiles
from ivigil.kinetics.doses import Course
from ivigil.kinetics.draws import FloatArray, normals, numbered
from ivigil.kinetics.posterior import Posterior

Shown = Literal["total", "above baseline"]
SHARES = (0.05, 0.25, 0.5, 0.75, 0.95)


@dataclass(frozen=True)
class Forecast:
    """Quantiles (Q, T) in g/L of a person's level on ``days`` (T,).

    ``shown`` is the total IgG or what stands above the person's own baseline; ``of_measurements`` says whether the
    error of one measurement is in the bands, so that they are where a measured level will fall.
    """

    days: FloatArray
    shares: tuple[float, ...]
    levels: FloatArray
    shown: Shown
    of_measurements: bool


def forecast(
    found: Posterior | Averaged,
    course: Course,
    days: FloatArray,
    *,
    shares: Sequence[float] = SHARES,
    shown: Shown = "total",
    measured_with: int | None = None,
) -> Forecast:
    """The bands of a person's level under ``course``, which holds the doses of the past too.

    ``measured_with`` is a seed: with it each draw gets the error of a measurement. Raises :class:`BadInput` for a
    route that a model does not cover, shares that are none, and a total where the baseline is unknown.
    """
    outside = [share for share in shares if not 0 < share < 1]
    if outside:
        raise BadInput(Fault("shares", f"{share:g}", "a number between 0 and 1") for share in outside)
    held = alone(found) if isinstance(found, Posterior) else found
    levels = np.vstack([_levels(one, course, days, shown, measured_with) for one in held.members])
    made = weighted_quantiles(levels, row_weights(held), shares)
    return Forecast(days, tuple(shares), made, shown, measured_with is not None)


def drawn_levels(found: Posterior, course: Course, days: FloatArray, shown: Shown = "total") -> FloatArray:
    """The level on each day (T,) for each draw of the posterior: shape (D, T). Raises as :func:`forecast`."""
    found.curves.check(course)
    given = found.curves.exogenous(found.etas, course, days)
    if shown == "above baseline":
        return given
    own = found.curves.own(found.etas, days)
    if np.isnan(own).any():
        hint = "Hand in the person's own level before treatment."
        raise BadInput([Fault(found.model_id, "a baseline that is unknown", "one, for the level of all IgG", hint)])
    return given + own


def _levels(found: Posterior, course: Course, days: FloatArray, shown: Shown, measured_with: int | None) -> FloatArray:
    levels = drawn_levels(found, course, days, shown)
    if measured_with is None:
        return levels
    is_subtracted = found.curves.baseline.is_subtracted
    error_of = drawn_levels(found, course, days, "above baseline" if is_subtracted else "total")
    noise = normals(measured_with, numbered(0, len(levels)), days.size, purpose="assay")
    return levels + found.residual.deviation(error_of) * noise
