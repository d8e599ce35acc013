"""Draws of a posterior by walkers that stretch along one another, where importance weights fail.

The stretch move of Goodman and Weare 2010 (10.2140/camcos.2010.5.65): half of the walkers move along lines to the other
half, so that the shape of the density does not matter. Every number comes from the walker and the step alone.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from ivigil.kinetics.draws import FloatArray, numbered, uniforms
from ivigil.kinetics.likelihood import Likelihood

_WALKERS = 100
_SETTLING = 300
# Between a half and twice the line: the paper's range.
_STRETCH = 2.0
_EVERY = 5
# How many correlation times an estimated one must fit into the window it is estimated from (Sokal's rule).
_WINDOW = 5.0


@dataclass(frozen=True)
class Walked:
    """Draws z (D, E), how many independent ones they are worth, and the share of moves taken."""

    z: FloatArray
    effective: float
    accepted: float


def walked(likelihood: Likelihood, start: FloatArray, seed: int, draws: int) -> Walked:
    """``draws`` draws or a few more, from walkers that begin at rows of ``start`` (D, E)."""
    at = _spread_out(start, seed)
    height = likelihood.of_both(at)
    kept: list[FloatArray] = []
    taken = 0
    steps = _SETTLING + _EVERY * math.ceil(draws / _WALKERS)
    for step in range(steps):
        random = uniforms(seed, numbered(0, _WALKERS), 3, purpose="walk", occasion=step + 1)
        for half in (0, 1):
            taken += _move(likelihood, at, height, random, half=half)
        if step >= _SETTLING and (step - _SETTLING) % _EVERY == 0:
            kept.append(at.copy())
    path = np.array(kept)
    return Walked(path.reshape(-1, at.shape[1]), _effective(path), taken / (steps * _WALKERS))


def _spread_out(start: FloatArray, seed: int) -> FloatArray:
    """Walkers at evenly chosen rows, a little apart so that no two stand on one point."""
    rows = np.linspace(0, len(start) - 1, _WALKERS).astype(int)
    apart = uniforms(seed, numbered(0, _WALKERS), start.shape[1], purpose="walk") - 0.5
    width = np.maximum(start.std(axis=0), 1e-3)
    moved: FloatArray = start[rows] + 0.1 * width * apart
    return moved


def _move(likelihood: Likelihood, at: FloatArray, height: FloatArray, random: FloatArray, *, half: int) -> int:
    """Move one half of the walkers in place; how many moved."""
    middle = _WALKERS // 2
    mine = np.arange(middle) + half * middle
    others = (1 - half) * middle + (random[mine, 0] * middle).astype(int)
    stretch = ((_STRETCH - 1) * random[mine, 1] + 1) ** 2 / _STRETCH
    there = at[others] + stretch[:, None] * (at[mine] - at[others])
    then = likelihood.of_both(there)
    gain = (at.shape[1] - 1) * np.log(stretch) + then - height[mine]
    moves = np.log(random[mine, 2]) < gain
    at[mine[moves]], height[mine[moves]] = there[moves], then[moves]
    return int(moves.sum())


def _effective(path: FloatArray) -> float:
    """Independent draws in a path (S, W, E): all draws over the longest correlation time of any eta."""
    times = [_correlation_time(path[:, :, eta]) for eta in range(path.shape[2])]
    return float(path.shape[0] * path.shape[1] / max(times, default=1.0))


def _correlation_time(path: FloatArray) -> float:
    """The integrated correlation time in kept steps, its sum cut at a window of a few such times."""
    away = path - path.mean()
    variance = float((away * away).mean())
    if variance == 0:
        return float(len(path))
    total = 1.0
    for lag in range(1, len(path) // 2):
        total += 2 * float((away[lag:] * away[:-lag]).mean()) / variance
        if lag >= _WINDOW * total:
            break
    return max(total, 1.0)
