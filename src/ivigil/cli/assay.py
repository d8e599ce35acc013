"""The error of an assay, from the options that state it."""

from __future__ import annotations

from ivigil.cli.numbers import Numbers
from ivigil.kinetics.residual import Residual

_PERCENT = 100


def assay_of(numbers: Numbers) -> Residual | None:
    """The error of an assay that is handed in, in place of a model's residual error; ``None`` where none is."""
    cv, deviation = numbers.number("assay_cv"), numbers.number("assay_sd")
    return None if cv is None and deviation is None else Residual(deviation or 0.0, (cv or 0.0) / _PERCENT)
