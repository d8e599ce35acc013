"""How people differ, beyond what a model prints: coefficients of variation, and which parameters go together."""

from __future__ import annotations

import math
from argparse import ArgumentParser, _ArgumentGroup
from collections.abc import Iterator
from dataclasses import dataclass, field

from ivigil.cli.numbers import Numbers
from ivigil.documents import Fault


@dataclass(frozen=True)
class Spread:
    """Coefficients of variation in per cent by parameter, and correlations of pairs; what is not named is printed."""

    cv_percent: dict[str, float] = field(default_factory=dict)
    correlations: dict[tuple[str, str], float] = field(default_factory=dict)

    @property
    def given(self) -> bool:
        """Whether anything is handed in."""
        return bool(self.cv_percent or self.correlations)


def add_spread(group: ArgumentParser | _ArgumentGroup) -> None:
    """The options of spread; parameters have the names of the model, such as CL, or baseline."""
    about = "how far a parameter differs between people, as CL:30; in place of the model's"
    group.add_argument("--cv", action="append", default=[], metavar="NAME:PERCENT", help=about)
    about = "how two parameters go together, as CL,Vc:0.5; models print none"
    group.add_argument("--correlation", action="append", default=[], metavar="NAME,NAME:R", help=about)


def spread_of(numbers: Numbers) -> Spread:
    """The spread that is handed in; what cannot be read is among the faults of ``numbers``."""
    given, faults = numbers.given, numbers.faults
    cvs = dict(_pairs("--cv", given.cv, "a name and per cent, such as CL:30", faults))
    correlations: dict[tuple[str, str], float] = {}
    expected = "two names and a number between -1 and 1, such as CL,Vc:0.5"
    for names, value in _pairs("--correlation", given.correlation, expected, faults):
        one, comma, other = (part.strip() for part in names.partition(","))
        if comma and one and other and -1 < value < 1:
            correlations[one, other] = value
        else:
            faults.append(Fault("--correlation", f"{names}:{value:g}", expected))
    return Spread(cvs, correlations)


def _pairs(option: str, texts: list[str], expected: str, faults: list[Fault]) -> Iterator[tuple[str, float]]:
    for text in texts:
        name, _, figure = text.rpartition(":")
        try:
            value = float(figure)
        except ValueError:
            value = math.nan
        if name and math.isfinite(value):
            yield name.strip(), value
        else:
            faults.append(Fault(option, repr(text), expected))
