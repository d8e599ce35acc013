"""Several models of one person side by side, each with the weight that the levels leave it.

A model's weight after the levels is its weight before them times the density it gives to these levels (its evidence).
Evidences compare only where every model explains the same levels.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import logsumexp

from ivigil.documents import BadInput, Fault
from ivigil.kinetics.doses import Course
from ivigil.kinetics.draws import FloatArray
from ivigil.kinetics.event_table import Subject
from ivigil.kinetics.likelihood import Fitting
from ivigil.kinetics.posterior import Posterior, posterior
from ivigil.knowledge.kinetic_records import LinearModel


@dataclass(frozen=True)
class Averaged:
    """Posteriors under several models, and the weight of each; the weights add to 1."""

    members: tuple[Posterior, ...]
    weights: tuple[float, ...]

    @property
    def course(self) -> Course:
        """What the person was given."""
        return self.members[0].course


def alone(found: Posterior) -> Averaged:
    """One posterior as an average of itself."""
    return Averaged((found,), (1.0,))


def averaged(
    models: Sequence[LinearModel],
    subject: Subject,
    fitting: Fitting | None = None,
    *,
    prior_weights: Mapping[str, float] | None = None,
    indication: str | None = None,
) -> Averaged:
    """Posteriors of a person under each model, weighted; ``prior_weights`` by id are equal where not handed in.

    Raises :class:`BadInput` with every reason that a model cannot be used for this person, and where models take
    different levels as data: one that needs the person's own baseline uses up the level before treatment.
    """
    before = _before(models, prior_weights)
    members = _each(models, subject, fitting, indication)
    counts = {found.model_id: len(found.curves.baseline.levels) for found in members}
    if len(set(counts.values())) > 1:
        found = ", ".join(f"{name} takes {count}" for name, count in counts.items())
        hint = "Hand in the person's own level before treatment for all of them."
        raise BadInput([Fault("models", f"different numbers of levels: {found}", "the same levels for each", hint)])
    with np.errstate(divide="ignore"):
        logs = np.log(before) + np.array([found.log_evidence for found in members])
    weights = np.exp(logs - logsumexp(logs))
    return Averaged(tuple(members), tuple(weights.tolist()))


def weighted_quantiles(values: FloatArray, weights: FloatArray, shares: Sequence[float]) -> FloatArray:
    """Quantiles of values (N, ...) with weights (N,): shape (len(shares), ...).

    The sorted values stand in the middles of their weights, and between middles a straight line is taken: with equal
    weights that is Hazen's rule.
    """
    flat = values.reshape(len(values), -1)
    order = np.argsort(flat, axis=0, kind="stable")
    found = np.empty((len(shares), flat.shape[1]))
    for column in range(flat.shape[1]):
        held = weights[order[:, column]]
        middles = (np.cumsum(held) - held / 2) / held.sum()
        found[:, column] = np.interp(shares, middles, flat[order[:, column], column])
    return found.reshape(len(shares), *values.shape[1:])


def row_weights(found: Averaged) -> FloatArray:
    """The weight of each draw when those of all members stand in one column: they add to 1."""
    return np.concatenate(
        [
            np.full(len(one.etas), weight / len(one.etas))
            for one, weight in zip(found.members, found.weights, strict=True)
        ]
    )


def _before(models: Sequence[LinearModel], prior_weights: Mapping[str, float] | None) -> FloatArray:
    names = [model.id for model in models]
    held = dict(prior_weights) if prior_weights is not None else dict.fromkeys(names, 1.0)
    faults = [Fault("models", "none", "one model at least")] if not names else []
    faults += [Fault("models", f"{name} twice", "each model once") for name in set(names) if names.count(name) > 1]
    faults += [Fault("prior_weights", name, "a weight for each of the models") for name in set(names) ^ set(held)]
    faults += [
        Fault(f"prior_weights, {name}", f"{value:g}", "0 or more")
        for name, value in held.items()
        if not (math.isfinite(value) and value >= 0)
    ]
    if not faults and sum(held.values()) == 0:
        faults.append(Fault("prior_weights", "0 for every model", "a weight above 0"))
    if faults:
        raise BadInput(faults)
    weights = np.array([held[name] for name in names])
    made: FloatArray = weights / weights.sum()
    return made


def _each(
    models: Sequence[LinearModel], subject: Subject, fitting: Fitting | None, indication: str | None
) -> list[Posterior]:
    found: list[Posterior] = []
    faults: list[Fault] = []
    for model in models:
        try:
            found.append(posterior(model, subject, fitting, indication=indication))
        except BadInput as error:
            faults += [Fault(f"{model.id}, {one.where}", one.found, one.expected, one.hint) for one in error.faults]
    if faults:
        raise BadInput(faults)
    return found
