"""How far ivigil's synthesis and the pinned values of metafor agree, value by value.

Run as a script it prints the largest difference of each section; ``tests/differential/test_metafor.py`` asserts that
none exceeds its tolerance.
"""

from __future__ import annotations

import json
import math
import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, cast, get_args

from datasets import DataSet, data_sets
from sections import SECTIONS

from ivigil.synthesis.options import IntervalMethod

PINNED = Path(__file__).parent / "pinned.json"

# Formulas and roots of one equation: both sides are exact but for rounding, which a pin of twelve digits, a division
# by a small weight and the stopping of a root (1e-14 of its range for metafor) enlarge to far less than this.
CLOSED_FORM = 1e-8
# Restricted and plain maximum likelihood: at its top the likelihood is flat, and where two iterations stop on it
# differs by about the root of the rounding of the likelihood itself.
LIKELIHOOD = 1e-6
_BY_LIKELIHOOD = ("REML", "ML")
# Differences are shares of the pinned value, but of no less than this: an interval end near 0 is the difference of two
# numbers of the size of the effects, and carries their rounding. Variances of risk differences are above it.
FLOOR = 1e-5
# I² is in per cent: below one of them, a hundredth of a millionth of a per cent says nothing.
FLOOR_PER_CENT = 1.0

# Where ivigil does otherwise on purpose; the test also fails where one of these has come to agree.
_OWN_CENTRE = (
    "With all studies but one trimmed, that one is its own centre: its distance is 0 but for rounding, which metafor "
    "takes for a distance above 0, and ivigil for none. The number missing is the same."
)
# Where the likelihood is highest at τ² = 0, metafor's scoring stops at about 1e-14 of τ², and ivigil at 0.
_EXPLAINS_NOTHING = (
    "The variance left to explain is that 1e-14: metafor gives a share of 100 per cent of it, ivigil none."
)
_NOT_QUITE_NONE = "That 1e-14 stands beside sampling variances of 1e-6, so that I² is not 0 to eight digits."
_SCORED = ("EB/normal", "ML/normal", *(f"REML/{one}" for one in get_args(IntervalMethod)))
DEPARTURES = {
    **{
        f"{of}/trim-and-fill/{tau2}/L0/se of it": _OWN_CENTRE
        for of in ("cidp-response/RR", "myasthenia-effects/MD", "nirsevimab-hernia/PETO")
        for tau2 in ("common", "DL", "REML")
    },
    **{f"sepsis-mortality/RR/regression/product/{fit}/model/r2": _EXPLAINS_NOTHING for fit in _SCORED},
    "nirsevimab-bronchiolitis/RD/pooled/metafor/EB/normal/0.95/i2": _NOT_QUITE_NONE,
}


@dataclass(frozen=True)
class Compared:
    """One value of both sides; ``of`` is data set, measure and section, ``name`` what stands at which path."""

    of: str
    name: str
    metafor: float | None
    ivigil: float | None
    tolerance: float

    @property
    def difference(self) -> float:
        """The difference as a share of the pinned value, or of the floor where that is more."""
        if self.metafor is None or self.ivigil is None:
            return 0.0 if self.metafor is self.ivigil else math.inf
        if math.isnan(self.ivigil):
            return math.inf
        floor = FLOOR_PER_CENT if self.name.endswith("i2") else FLOOR
        return abs(self.metafor - self.ivigil) / max(floor, abs(self.metafor))

    @property
    def path(self) -> str:
        return f"{self.of}/{self.name}"

    @property
    def is_departure(self) -> bool:
        """Whether the two differ on purpose here."""
        return self.path in DEPARTURES

    @property
    def agrees(self) -> bool:
        return self.difference <= self.tolerance

    def __str__(self) -> str:
        return f"{self.path}: metafor {self.metafor}, ivigil {self.ivigil}, {self.difference:.1e} apart"


@cache
def pinned() -> Mapping[str, Any]:
    """The file of pins."""
    return cast("Mapping[str, Any]", json.loads(PINNED.read_text(encoding="utf-8")))


@cache
def compared(data: DataSet) -> tuple[Compared, ...]:
    """Every pinned value of one data set beside ivigil's."""
    return tuple(_compared(data))


def _compared(data: DataSet) -> Iterator[Compared]:
    for of, pins in pinned()["values"].items():
        name, measure, section = of.split("/")
        if name != data.id:
            continue
        for what, metafor, ivigil in SECTIONS[section](data, measure, pins):
            tolerance = LIKELIHOOD if set(what.split("/")) & set(_BY_LIKELIHOOD) else CLOSED_FORM
            yield Compared(of, what, metafor, ivigil, tolerance)


def main() -> int:
    """Prints the largest difference of each section, and every value beyond its tolerance."""
    largest: dict[str, float] = defaultdict(float)
    counts: dict[str, int] = defaultdict(int)
    apart: list[Compared] = []
    for data in data_sets():
        for one in compared(data):
            if one.is_departure:
                continue
            section = one.of.split("/")[2] + (" by likelihood" if one.tolerance == LIKELIHOOD else "")
            largest[section] = max(largest[section], one.difference)
            counts[section] += 1
            apart += [] if one.agrees else [one]
    for section in sorted(largest):
        print(f"{section:45} {counts[section]:6} values, largest difference {largest[section]:.1e}")
    for one in apart:
        print(one)
    return 1 if apart else 0


if __name__ == "__main__":
    sys.exit(main())
