"""How people differ under a model: log-normal factors on its parameters, and how these go together.

A parameter of one person is the typical one times ``exp(eta)``; the etas are normal around 0 with the variance
ln(1 + CV²) of the apparent coefficient of variation that a model prints, and with the correlations handed in, none
where none are: the reviews print no covariances.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from ivigil.documents import BadInput, Fault
from ivigil.kinetics.draws import FloatArray, Purpose, Words, normals
from ivigil.kinetics.parameters import BASELINE
from ivigil.knowledge.kinetic_records import LinearModel

_PERCENT = 100.0
# A correlation matrix whose least eigenvalue is smaller says that one eta follows from the others.
_LEAST_EIGENVALUE = 1e-10


@dataclass(frozen=True)
class Variability:
    """Names of E parameters that differ between people, and the factor (E, E), lower left, of their covariance.

    ``standard @ factor.T`` makes etas of standard normal numbers (P, E).
    """

    names: tuple[str, ...]
    factor: FloatArray

    @property
    def size(self) -> int:
        """How many etas a person has."""
        return len(self.names)

    def etas(self, standard: FloatArray) -> FloatArray:
        """Etas (P, E) of standard normal numbers (P, E), each row worked alone and in one order."""
        columns = [
            sum((standard[:, place] * self.factor[row, place] for place in range(row + 1)), np.zeros(len(standard)))
            for row in range(self.size)
        ]
        return np.stack(columns, axis=1) if columns else np.zeros((len(standard), 0))

    def named(self, etas: FloatArray) -> dict[str, FloatArray]:
        """The columns of etas (P, E) by the names of their parameters."""
        return {name: etas[:, place] for place, name in enumerate(self.names)}


def log_variance(cv_percent: float) -> float:
    """The variance of eta that an apparent coefficient of variation stands for: ln(1 + CV²)."""
    return math.log1p((cv_percent / _PERCENT) ** 2)


def variability_of(
    model: LinearModel,
    cv_percent: Mapping[str, float] | None = None,
    correlations: Mapping[tuple[str, str], float] | None = None,
    *,
    own_baseline: bool = False,
) -> Variability:
    """The variability a model prints; ``cv_percent`` overrides or adds parameters, and 0 takes one out.

    With ``own_baseline`` the person's own is known, and the model's is not there to vary. Raises :class:`BadInput` for
    a parameter the model does not have, and correlations that cannot be.
    """
    printed = {str(one.name): one.cv_percent for one in model.parameters}
    if model.baseline.g_per_l is not None and not own_baseline:
        printed[BASELINE] = model.baseline.cv_percent
    known = set(printed)
    held = {name: float(value) for name, value in printed.items() if value is not None}
    return spread(held | dict(cv_percent or {}), known, correlations)


def spread(
    cv_percent: Mapping[str, float],
    known: set[str],
    correlations: Mapping[tuple[str, str], float] | None = None,
) -> Variability:
    """Variability from coefficients of variation by name, in their order. Raises :class:`BadInput` as above."""
    faults = [*_cv_faults(cv_percent, known)]
    held = {name: value for name, value in cv_percent.items() if value != 0}
    faults += _correlation_faults(correlations or {}, set(held))
    if faults:
        raise BadInput(faults)
    names = tuple(held)
    deviations = np.sqrt([log_variance(held[name]) for name in names])
    matrix = _correlation_matrix(names, correlations or {})
    if names and np.linalg.eigvalsh(matrix)[0] < _LEAST_EIGENVALUE:
        expected = "correlations that can hold at the same time"
        raise BadInput([Fault("correlations", "a matrix that is not positive definite", expected)])
    return Variability(names, deviations[:, None] * np.linalg.cholesky(matrix) if names else np.zeros((0, 0)))


def drawn(
    variability: Variability, seed: int, patients: Words, *, purpose: Purpose = "etas", occasion: int = 0
) -> FloatArray:
    """The etas of patients (P,) by number: shape (P, E). A patient's are the same in every block."""
    return variability.etas(normals(seed, patients, variability.size, purpose=purpose, occasion=occasion))


def _correlation_matrix(names: tuple[str, ...], correlations: Mapping[tuple[str, str], float]) -> FloatArray:
    matrix = np.eye(len(names))
    for (one, other), value in correlations.items():
        row, column = names.index(one), names.index(other)
        matrix[row, column] = matrix[column, row] = value
    return matrix


def _cv_faults(cv_percent: Mapping[str, float], known: set[str]) -> Iterator[Fault]:
    for name, value in cv_percent.items():
        if name not in known:
            yield Fault("cv_percent", repr(name), ", ".join(sorted(known)))
        elif not (math.isfinite(value) and value >= 0):
            yield Fault(f"cv_percent, {name}", f"{value:g}", "a coefficient of variation in per cent, 0 or more")


def _correlation_faults(correlations: Mapping[tuple[str, str], float], known: set[str]) -> Iterator[Fault]:
    for (one, other), value in correlations.items():
        where = f"correlations, {one} and {other}"
        if not {one, other} <= known or one == other:
            yield Fault(where, "a pair without variability of its own", f"two of {', '.join(sorted(known))}")
        elif not -1 < value < 1:
            yield Fault(where, f"{value:g}", "a number between -1 and 1")
        elif (other, one) in correlations:
            yield Fault(where, "the pair twice", "each pair once")
