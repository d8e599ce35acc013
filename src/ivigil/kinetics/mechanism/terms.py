"""The few shapes that the actions are made of, on plain numbers or on arrays."""

from __future__ import annotations

import math

import numpy as np

from ivigil.kinetics.exponentials import FloatArray


def saturating(amount: float, half: float, steepness: float = 1.0) -> float:
    """The share, 0 to 1, of the greatest effect at an ``amount`` of 0 or more (Hill): one half at ``half``."""
    if amount <= 0.0:
        return 0.0
    return 1.0 / (1.0 + math.pow(half / amount, steepness))


def saturating_many(amount: FloatArray, half: FloatArray | float, steepness: float = 1.0) -> FloatArray:
    """:func:`saturating` of arrays that fit each other."""
    # At an amount of 0, or a half without end, the ratio is infinite and the share 0, as it should be.
    with np.errstate(divide="ignore", over="ignore"):
        share: FloatArray = 1.0 / (1.0 + np.power(half / np.maximum(amount, 0.0), steepness))
    return share


def unbound(total: float, binder: float, affinity: float) -> float:
    """What stays free of ``total`` beside ``binder`` at equilibrium (quadratic binding); all in one unit.

    Two forms of one root, each without cancellation on its side.
    """
    if total <= 0.0 or binder <= 0.0:
        return total
    spare = binder + affinity - total
    root = math.hypot(spare, 2.0 * math.sqrt(affinity * total))
    return 2.0 * affinity * total / (spare + root) if spare > 0.0 else (root - spare) / 2.0


def binder_for(bound_share: float, total: float, affinity: float) -> float:
    """How much binder holds ``bound_share`` of ``total`` at equilibrium: the inverse of :func:`unbound`."""
    return total * bound_share + affinity * bound_share / (1.0 - bound_share)


def approach(state: float, goal: float, per_day: float) -> float:
    """How fast a state moves that makes for ``goal`` with a first-order rate."""
    return per_day * (goal - state)
