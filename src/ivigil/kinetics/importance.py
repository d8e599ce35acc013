"""Draws of a posterior by importance resampling: drawn where the density is thought to be, then weighted by what it is.

The proposal is a mixture of Student distributions at the tops of the density (Laplace) and the population itself, which
bounds the weights. Each part of the mixture gives its share of draws, and a draw is weighted against the whole mixture.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from scipy.special import gammaincinv, gammaln, logsumexp

from ivigil.kinetics.draws import FloatArray, normals, numbered, uniforms
from ivigil.kinetics.likelihood import Likelihood
from ivigil.kinetics.most_likely import Top

_FREEDOM = 5.0
# Somewhat wider than the density's top says: a proposal that is too narrow gives weights without bound.
_WIDER = 1.2
_POPULATION_SHARE = 0.25
_LEAST_CURVATURE = 1e-3
_REFITS = 3
# Below this share of all draws in effect, the proposal is fitted to the draws and drawn from again.
ENOUGH = 0.25


@dataclass(frozen=True)
class Weighted:
    """Draws z (D, E) with weights (D,) that add to 1, how many draws they are worth, and the log of the evidence."""

    z: FloatArray
    weights: FloatArray
    effective: float
    log_evidence: float


@dataclass(frozen=True)
class _Part:
    """A part of the mixture: its share of draws, centre (E,), factor (E, E) of its scale; no freedom is a normal."""

    share: float
    centre: FloatArray
    factor: FloatArray
    freedom: float | None

    def made(self, standard: FloatArray, scales: FloatArray) -> FloatArray:
        """Draws from standard normal numbers (D, E) and uniform ones (D,)."""
        if self.freedom is not None:
            chi_square = 2 * gammaincinv(self.freedom / 2, scales)
            standard = standard * np.sqrt(self.freedom / chi_square)[:, None]
        return np.asarray(self.centre + np.einsum("de,fe->df", standard, self.factor))

    def log_density(self, z: FloatArray) -> FloatArray:
        """The log density at each row of z (D, E): shape (D,)."""
        size = self.centre.size
        away = np.linalg.solve(self.factor, (z - self.centre).T)
        square = (away * away).sum(axis=0)
        scale = np.log(np.abs(np.diag(self.factor))).sum()
        if self.freedom is None:
            return np.asarray(-0.5 * square - 0.5 * size * math.log(2 * math.pi) - scale)
        freedom = self.freedom
        constant = gammaln((freedom + size) / 2) - gammaln(freedom / 2) - 0.5 * size * math.log(freedom * math.pi)
        return np.asarray(constant - scale - (freedom + size) / 2 * np.log1p(square / freedom))


def weighted_draws(likelihood: Likelihood, tops: Sequence[Top], seed: int, draws: int) -> Weighted:
    """Weighted draws of the posterior; the proposal is fitted again, a few times, while too few draws count."""
    found = _drawn(likelihood, _parts(likelihood, tops), seed, draws, occasion=0)
    for turn in range(1, _REFITS + 1):
        if found.effective >= ENOUGH * draws:
            break
        again = _drawn(likelihood, _refitted(likelihood, found), seed, draws, occasion=turn)
        found = max(found, again, key=lambda one: one.effective)
    return found


def resampled(found: Weighted, seed: int) -> FloatArray:
    """As many draws of equal weight (D, E): systematic resampling, from one random number."""
    count = len(found.weights)
    start = uniforms(seed, numbered(0, 1), 1, purpose="resampling")[0, 0]
    edges = np.cumsum(found.weights)
    places = np.searchsorted(edges / edges[-1], (np.arange(count) + start) / count, side="right")
    chosen: FloatArray = found.z[np.minimum(places, count - 1)]
    return chosen


def _drawn(likelihood: Likelihood, parts: Sequence[_Part], seed: int, draws: int, *, occasion: int) -> Weighted:
    standard = normals(seed, numbered(0, draws), likelihood.size, purpose="proposal", occasion=occasion)
    scales = uniforms(seed, numbered(0, draws), 1, purpose="scales", occasion=occasion)[:, 0]
    edges = np.rint(np.cumsum([0.0, *(part.share for part in parts)]) * draws).astype(int)
    spans = [slice(low, high) for low, high in pairwise(edges.tolist())]
    z = np.vstack([part.made(standard[span], scales[span]) for part, span in zip(parts, spans, strict=True)])
    shares = np.array([(span.stop - span.start) / draws for span in spans])
    with np.errstate(divide="ignore"):
        mixture = logsumexp([part.log_density(z) for part in parts], axis=0, b=shares[:, None])
    log_weights = likelihood.of_both(z) - mixture
    total = float(logsumexp(log_weights))
    weights = np.exp(log_weights - total)
    return Weighted(z, weights, float(1 / (weights * weights).sum()), total - math.log(draws))


def _parts(likelihood: Likelihood, tops: Sequence[Top]) -> list[_Part]:
    population = _population(likelihood)
    if not likelihood.days.size:
        return [_Part(1.0, population.centre, population.factor, None)]
    share = (1 - population.share) / len(tops)
    return [*(_Part(share, top.z, _factor(top.curvature), _FREEDOM) for top in tops), population]


def _population(likelihood: Likelihood) -> _Part:
    size = likelihood.size
    return _Part(_POPULATION_SHARE, np.zeros(size), np.eye(size) / math.sqrt(likelihood.prior_weight), None)


def _factor(curvature: FloatArray) -> FloatArray:
    """The factor of a scale from a curvature, whose flat directions are held to a width."""
    values, vectors = np.linalg.eigh(curvature)
    covariance = (vectors / np.maximum(values, _LEAST_CURVATURE)) @ vectors.T
    return np.linalg.cholesky(covariance) * _WIDER


def _refitted(likelihood: Likelihood, found: Weighted) -> list[_Part]:
    """A Student distribution with the mean and the covariance of weighted draws, beside the population."""
    centre = (found.weights[:, None] * found.z).sum(axis=0)
    away = found.z - centre
    covariance = (found.weights[:, None] * away).T @ away + np.eye(likelihood.size) * _LEAST_CURVATURE
    population = _population(likelihood)
    return [_Part(1 - population.share, centre, np.linalg.cholesky(covariance) * _WIDER, _FREEDOM), population]
