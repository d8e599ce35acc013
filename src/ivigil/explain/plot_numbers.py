"""Numbers as a picture of evidence prints them: effects, intervals, p values, per cents and the marks of an axis."""

from __future__ import annotations

import re
from math import isfinite

from ivigil.explain.plot_figures import figure, interval
from ivigil.synthesis.measures import Measure
from ivigil.synthesis.results import Estimate
from ivigil.synthesis.scales import shown

NOT_ESTIMABLE = "not estimable"
_HYPHEN = re.compile(r"(?<![\w.)−])-(?=[\d.])")
_SMALLEST_P = 0.001


def seen(measure: Measure, value: float) -> float:
    """``value`` of the pooling scale as a reader sees it; infinite where it is too large to write."""
    try:
        return float(shown(measure, value))
    except OverflowError:
        return float("inf")


def estimable(effect: Estimate | None) -> bool:
    """Whether there is a value that can be drawn."""
    return effect is not None and isfinite(effect.value)


def effect_words(measure: Measure, effect: Estimate | None) -> str:
    """``0.36 [0.16, 0.80]`` as a reader sees it, or that it cannot be estimated."""
    if effect is None or not isfinite(effect.value):
        return NOT_ESTIMABLE
    ends = interval(seen(measure, effect.low), seen(measure, effect.high))
    return f"{figure(seen(measure, effect.value))} {ends}"


def p_words(p: float) -> str:
    """``p = 0.33``, ``p < 0.001``."""
    if p < _SMALLEST_P:
        return f"p < {_SMALLEST_P:g}"
    return f"p = {p:.2f}" if p >= 0.095 else f"p = {p:.3f}"  # noqa: PLR2004 - below, two figures need three decimals


def weight_words(share: float) -> str:
    """A weight, always to a tenth so that a column of them lines up: ``25.0 %``."""
    return f"{share:.1f} %"


def printed(data: str) -> str:
    """Data of an arm with a minus sign for each hyphen before a number."""
    return _HYPHEN.sub("−", data)


def begun(words: str) -> str:
    """``words`` as they begin a sentence; a sign such as τ stays as it is."""
    return words[:1].upper() + words[1:] if words[:1].isascii() else words
