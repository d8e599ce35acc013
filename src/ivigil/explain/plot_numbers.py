"""Numbers as a picture of evidence prints them: effects, intervals, p values, per cents and the marks of an axis."""

from __future__ import annotations

import re
from math import floor, isfinite, log10

from ivigil.synthesis.measures import Measure
from ivigil.synthesis.results import Estimate
from ivigil.synthesis.scales import shown

_SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
_MINUS = str.maketrans("-", "−")
NOT_ESTIMABLE = "not estimable"
_HYPHEN = re.compile(r"(?<![\w.)−])-(?=[\d.])")
# Beyond these a number is read more easily as a power of ten.
_LEAST, _MOST = 0.001, 100_000
_SMALLEST_P = 0.001


def seen(measure: Measure, value: float) -> float:
    """``value`` of the pooling scale as a reader sees it; infinite where it is too large to write."""
    try:
        return float(shown(measure, value))
    except OverflowError:
        return float("inf")


def figure(value: float) -> str:
    """A value in three figures or two decimals, whichever is fewer: ``0.067``, ``0.36``, ``12.5``, ``140``, ``∞``."""
    if not isfinite(value):
        return "–" if value != value else "∞" if value > 0 else "−∞"  # noqa: PLR0124 - NaN alone differs from itself
    size = abs(value)
    if size and not _LEAST <= size < _MOST:
        return _power(value)
    return f"{value:.{_decimals(size)}f}".translate(_MINUS)


def _decimals(size: float) -> int:
    """Two; fewer for large numbers, and more for small ones so that two figures remain."""
    if size >= 100:  # noqa: PLR2004 - three figures before the point
        return 0
    if size >= 10:  # noqa: PLR2004 - two figures before it
        return 1
    return 2 if not size or size >= 0.1 else 1 - floor(log10(size))  # noqa: PLR2004 - where two decimals are two figures


def _power(value: float) -> str:
    digits, exponent = f"{value:.1e}".split("e")
    return f"{digits.translate(_MINUS)}×10{str(int(exponent)).translate(_SUPERSCRIPTS)}"


def interval(low: float, high: float) -> str:
    """``[0.16, 0.80]``."""
    return f"[{figure(low)}, {figure(high)}]"


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


def per_cent(share: float) -> str:
    """A per cent to a tenth, less a bare ``.0``: ``48.2 %``, ``0 %``."""
    return f"{share:.1f}".removesuffix(".0").translate(_MINUS) + " %"


def level_words(level: float) -> str:
    """``95 %`` for a confidence level of 0.95."""
    return f"{level * 100:.6g} %"


def weight_words(share: float) -> str:
    """A weight, always to a tenth so that a column of them lines up: ``25.0 %``."""
    return f"{share:.1f} %"


def printed(data: str) -> str:
    """Data of an arm with a minus sign for each hyphen before a number."""
    return _HYPHEN.sub("−", data)


def begun(words: str) -> str:
    """``words`` as they begin a sentence; a sign such as τ stays as it is."""
    return words[:1].upper() + words[1:] if words[:1].isascii() else words


def tick_words(value: float) -> str:
    """A mark of an axis: ``0.2``, ``10``, ``10⁻⁵``."""
    if value and not _LEAST <= abs(value) < _MOST:
        digits, exponent = f"{value:.3e}".split("e")
        lead = "" if float(digits) == 1 else f"{float(digits):g}×".translate(_MINUS)
        return f"{lead}10{str(int(exponent)).translate(_SUPERSCRIPTS)}"
    return f"{value:.6g}".translate(_MINUS)
