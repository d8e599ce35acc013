"""Numbers as a picture prints them: values in few figures, intervals, per cents and the marks of an axis."""

from __future__ import annotations

from math import floor, isfinite, log10

_SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
_MINUS = str.maketrans("-", "−")
# Beyond these a number is read more easily as a power of ten.
_LEAST, _MOST = 0.001, 100_000


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


def per_cent(share: float) -> str:
    """A per cent to a tenth, less a bare ``.0``: ``48.2 %``, ``0 %``."""
    return f"{share:.1f}".removesuffix(".0").translate(_MINUS) + " %"


def level_words(level: float) -> str:
    """``95 %`` for a confidence level of 0.95."""
    return f"{level * 100:.10g} %"


def tick_words(value: float) -> str:
    """A mark of an axis: ``0.2``, ``10``, ``10⁻⁵``."""
    if value and not _LEAST <= abs(value) < _MOST:
        digits, exponent = f"{value:.3e}".split("e")
        lead = "" if float(digits) == 1 else f"{float(digits):g}×".translate(_MINUS)
        return f"{lead}10{str(int(exponent)).translate(_SUPERSCRIPTS)}"
    return f"{value:.6g}".translate(_MINUS)
