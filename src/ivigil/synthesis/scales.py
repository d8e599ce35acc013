"""From the scale an effect is pooled on to the one a reader sees, and back."""

from __future__ import annotations

import math
from collections.abc import Iterable

from ivigil.synthesis.measures import Measure
from ivigil.synthesis.proportions import double_arcsine


def shown(measure: Measure, value: float) -> float:
    """What a reader sees of a ``value`` on the pooling scale: a ratio, a proportion, a correlation, or itself.

    Without the sizes of the studies the double arcsine is turned as in large studies; :func:`shown_double_arcsine`
    does it for sizes.
    """
    match measure.scale:
        case "log":
            return _exp(value)
        case "logit":
            return 1 / (1 + math.exp(-value)) if value >= 0 else math.exp(value) / (1 + math.exp(value))
        case "arcsine" | "double-arcsine":
            return math.sin(min(max(value, 0.0), math.pi / 2)) ** 2
        case "fisher-z":
            return math.tanh(value)
        case _:
            return value


def pooled_scale(measure: Measure, value: float) -> float:
    """The inverse of :func:`shown`; ``nan`` for a value that the scale does not hold (a ratio of 0 is ``-inf``)."""
    match measure.scale:
        case "log":
            return _log(value)
        case "logit":
            return _log(value) - _log(1 - value)
        case "arcsine" | "double-arcsine":
            return math.asin(math.sqrt(value)) if 0 <= value <= 1 else math.nan
        case "fisher-z":
            return (
                math.atanh(value) if abs(value) < 1 else math.copysign(math.inf, value) if abs(value) == 1 else math.nan
            )
        case _:
            return value


def shown_double_arcsine(value: float, sizes: Iterable[float]) -> float:
    """The proportion behind a pooled double arcsine, at the harmonic mean of the sizes of the studies (Miller 1978)."""
    reciprocals = [1 / size for size in sizes]
    n = len(reciprocals) / sum(reciprocals)
    if value <= double_arcsine(0.0, n):
        return 0.0
    if value >= double_arcsine(1.0, n):
        return 1.0
    sine = math.sin(2 * value)
    root = math.sqrt(max(0.0, 1 - (sine + (sine - 1 / sine) / n) ** 2))
    return 0.5 * (1 - math.copysign(root, math.cos(2 * value)))


def _exp(value: float) -> float:
    try:
        return math.exp(value)
    except OverflowError:
        return math.inf


def _log(value: float) -> float:
    if value == 0:
        return -math.inf
    return math.log(value) if value > 0 else math.nan
