"""Who a virtual population is: everybody alike, the people of a table, or a spread of weights stated by the user.

No distribution of a clinic's people is built in: one has to be handed in.
"""

from __future__ import annotations

import hashlib
import math
from dataclasses import dataclass, field, fields
from typing import Any

import numpy as np

from ivigil.documents import BadInput, Fault
from ivigil.kinetics.draws import FloatArray, normals, numbered
from ivigil.kinetics.individuals import CovariateTable, tabled
from ivigil.kinetics.people import Covariates
from ivigil.kinetics.variability import log_variance


@dataclass(frozen=True)
class Alike:
    """Everybody has the same covariates; they differ by their etas only."""

    covariates: Covariates

    def rows(self, _seed: int, _first: int, count: int) -> CovariateTable:
        """The same covariates, so many times."""
        return _repeated(self.covariates, count)

    def described(self) -> Any:  # noqa: ANN401 - any JSON value
        return {"alike": [getattr(self.covariates, one.name) for one in fields(self.covariates)]}


@dataclass(frozen=True)
class Listed:
    """The people of a table, from its first row on; with ``again`` it is read over and over."""

    table: CovariateTable
    again: bool = False

    def rows(self, _seed: int, first: int, count: int) -> CovariateTable:
        """Rows of the table. Raises :class:`BadInput` where it ends before."""
        size = self.table.size
        if not size or (not self.again and first + count > size):
            hint = "Ask for fewer people, or read the table over and over."
            raise BadInput([Fault("people", f"a table of {size}", f"{first + count} rows or more", hint)])
        places = (np.arange(first, first + count) % size).astype(np.intp)
        return CovariateTable(*(getattr(self.table, one.name)[places] for one in fields(self.table)))

    def described(self) -> Any:  # noqa: ANN401 - any JSON value
        held = b"".join(getattr(self.table, one.name).tobytes() for one in fields(self.table))
        return {"table": hashlib.sha256(held).hexdigest(), "again": self.again}


@dataclass(frozen=True)
class WeightSpread:
    """Body weights drawn log-normal around a median, all else alike. Both figures are the user's."""

    median_kg: float
    cv_percent: float
    otherwise: Covariates = field(default_factory=lambda: Covariates(weight_kg=None))

    def __post_init__(self) -> None:
        held = {"median_kg": self.median_kg, "cv_percent": self.cv_percent}
        faults = [
            Fault(name, f"{value:g}", "a number above 0")
            for name, value in held.items()
            if not (math.isfinite(value) and value > 0)
        ]
        if faults:
            raise BadInput(faults)

    def rows(self, seed: int, first: int, count: int) -> CovariateTable:
        """A weight of their own for each, by number."""
        standard: FloatArray = normals(seed, numbered(first, count), 1, purpose="covariates")[:, 0]
        weights = self.median_kg * np.exp(math.sqrt(log_variance(self.cv_percent)) * standard)
        alike = _repeated(self.otherwise, count)
        others = (getattr(alike, one.name) for one in fields(alike)[1:])
        return CovariateTable(weights, *others)

    def described(self) -> Any:  # noqa: ANN401 - any JSON value
        return {"spread": [self.median_kg, self.cv_percent], **Alike(self.otherwise).described()}


def _repeated(covariates: Covariates, count: int) -> CovariateTable:
    one = tabled([covariates])
    return CovariateTable(*(np.repeat(getattr(one, column.name), count) for column in fields(one)))
