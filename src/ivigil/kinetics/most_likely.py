"""The most likely parameters of a person (MAP): the top of the posterior, by BFGS from several starts and Newton steps.

Gradients are central differences, worked for all etas in one call of the vectorised density.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize

from ivigil.documents import BadInput, Fault
from ivigil.kinetics.draws import FloatArray, normals, numbered
from ivigil.kinetics.event_table import Subject
from ivigil.kinetics.likelihood import Fitting, Likelihood, likelihood_of
from ivigil.knowledge.kinetic_records import LinearModel

# Central differences lose least near the cube root, and second ones near the fourth root, of a double's last digit.
_STEP, _WIDE_STEP = 1e-5, 1e-3
_DRAWN_STARTS, _KEPT_STARTS = 64, 3
# Where the population reaches: etas far beyond it are no starting points.
_MOST_NEWTON_STEPS = 20
_STILL = 1e-9
_IMPOSSIBLE = 1e12
# A curvature this small beside a population's, which is 1, says that the levels leave a direction open.
_FLAT = 1e-6
# Tops closer than this, in standard deviations of the population, are one.
_APART = 0.05


@dataclass(frozen=True)
class Top:
    """A top of the density: z (E,), its log density, and the curvature (E, E) of the negative log density there."""

    z: FloatArray
    log_density: float
    curvature: FloatArray


@dataclass(frozen=True)
class MostLikely:
    """The most likely etas by name, their log density, and other tops that starts led to."""

    etas: Mapping[str, float]
    log_density: float
    other_tops: int


def most_likely(model: LinearModel, subject: Subject, fitting: Fitting | None = None) -> MostLikely:
    """The MAP estimate of a person; with a prior weight of 0 the maximum likelihood.

    Raises :class:`BadInput` as ``likelihood_of``, and where weight 0 leaves a parameter open.
    """
    held = fitting or Fitting()
    likelihood = likelihood_of(model, subject, held)
    tops = tops_of(likelihood, held.seed)
    etas = likelihood.curves.variability.etas(tops[0].z[None, :])[0]
    named = dict(zip(likelihood.curves.variability.names, etas.tolist(), strict=True))
    return MostLikely(named, tops[0].log_density, len(tops) - 1)


def tops_of(likelihood: Likelihood, seed: int) -> tuple[Top, ...]:
    """The tops found, the highest first."""
    found: list[Top] = []
    for start in _starts(likelihood, seed):
        top = _climbed(likelihood, start)
        if all(np.abs(top.z - other.z).max() > _APART for other in found):
            found.append(top)
    best = sorted(found, key=lambda top: -top.log_density)
    if np.linalg.eigvalsh(best[0].curvature)[0] < _FLAT:
        hint = "Add levels, or give the prior some weight."
        raise BadInput([Fault("levels", "too few to settle every parameter", "levels that do", hint)])
    return tuple(best)


def curvature_at(likelihood: Likelihood, z: FloatArray) -> FloatArray:
    """The second derivatives (E, E) of the negative log density at z (E,), by central differences."""
    steps = np.eye(z.size) * _WIDE_STEP
    pairs = [(one, other) for one in steps for other in steps]
    points = [z + a * one + b * other for one, other in pairs for a, b in ((1, 1), (1, -1), (-1, 1), (-1, -1))]
    values = likelihood.of_both(np.array(points)).reshape(z.size, z.size, 4)
    second = (values[..., 0] - values[..., 1] - values[..., 2] + values[..., 3]) / (4 * _WIDE_STEP**2)
    found: FloatArray = -(second + second.T) / 2
    return found


def _starts(likelihood: Likelihood, seed: int) -> FloatArray:
    """The typical person, and the best of some people drawn from the population."""
    people = normals(seed, numbered(0, _DRAWN_STARTS), likelihood.size, purpose="starts")
    best = np.argsort(-likelihood.of_both(people), kind="stable")[:_KEPT_STARTS]
    return np.vstack([np.zeros((1, likelihood.size)), people[best]])


def _climbed(likelihood: Likelihood, start: FloatArray) -> Top:
    def downhill(z: FloatArray, /, *_: object) -> tuple[float, FloatArray]:
        return _with_slope(likelihood, z)

    found = minimize(downhill, start, method="BFGS", jac=True)
    z = np.asarray(found.x, dtype=np.float64)
    for _ in range(_MOST_NEWTON_STEPS):
        moved = _newton(likelihood, z)
        if moved is None:
            break
        z = moved
    return Top(z, float(likelihood.of_both(z[None, :])[0]), curvature_at(likelihood, z))


def _with_slope(likelihood: Likelihood, z: FloatArray) -> tuple[float, FloatArray]:
    """The negative log density and its gradient."""
    steps = np.eye(z.size) * _STEP
    values = -likelihood.of_both(np.vstack([z[None, :], z + steps, z - steps]))
    if not np.isfinite(values).all():
        return _IMPOSSIBLE, np.zeros(z.size)
    slope = (values[1 : z.size + 1] - values[z.size + 1 :]) / (2 * _STEP)
    return float(values[0]), slope


def _newton(likelihood: Likelihood, z: FloatArray) -> FloatArray | None:
    """One Newton step, where it leads on and upwards."""
    height, slope = _with_slope(likelihood, z)
    curvature = curvature_at(likelihood, z)
    if not np.isfinite(curvature).all() or np.linalg.eigvalsh(curvature)[0] < _FLAT or not math.isfinite(height):
        return None
    step = np.linalg.solve(curvature, slope)
    moved: FloatArray = np.asarray(z - step, dtype=np.float64)
    if np.abs(step).max() < _STILL or _with_slope(likelihood, moved)[0] > height:
        return None
    return moved
