"""What the measured levels of one person say of this person's parameters under a published model.

The posterior is drawn by importance resampling, or by walkers where too few weighted draws count. The same seed gives
the same draws, and the order of levels does not matter. Without levels the posterior is the population.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

from ivigil.documents import BadInput, Fault
from ivigil.kinetics.doses import Course
from ivigil.kinetics.draws import FloatArray
from ivigil.kinetics.event_table import Subject
from ivigil.kinetics.importance import Weighted, resampled, weighted_draws
from ivigil.kinetics.likelihood import Fitting, Likelihood, likelihood_of
from ivigil.kinetics.most_likely import MostLikely, tops_of
from ivigil.kinetics.outside import outside
from ivigil.kinetics.person_curves import PersonCurves
from ivigil.kinetics.residual import Residual
from ivigil.kinetics.walkers import walked
from ivigil.knowledge.kinetic_records import LinearModel

Method = Literal["importance resampling", "walkers"]
# With fewer draws in effect, the ends of a 90 % band rest on a handful of them.
_FEWEST_EFFECTIVE = 0.05


@dataclass(frozen=True)
class Posterior:
    """Draws of one person's etas (D, E) of equal weight, and how they were come by.

    ``effective`` is how many independent draws they are worth. ``log_evidence`` is the log density of the levels under
    the model, comparable between models of the same levels. ``outside`` says where the model was not built on such a
    person or course.
    """

    model_id: str
    etas: FloatArray
    most_likely: MostLikely
    method: Method
    effective: float
    log_evidence: float
    curves: PersonCurves
    residual: Residual
    course: Course
    outside: tuple[str, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """The parameters that the columns of ``etas`` are of."""
        return self.curves.variability.names


def posterior(
    model: LinearModel, subject: Subject, fitting: Fitting | None = None, *, indication: str | None = None
) -> Posterior:
    """The posterior of a person's parameters, given doses, covariates and levels.

    Raises :class:`BadInput` where the model cannot be used for this person (see ``likelihood_of``), and for a prior
    weight of 0, which leaves no distribution: levels alone do not bound a clearance.
    """
    held = fitting or Fitting()
    if held.prior_weight == 0:
        hint = "With 0 there is a most likely value only: see most_likely."
        raise BadInput([Fault("prior_weight", "0", "a weight above 0, up to 1", hint)])
    likelihood = likelihood_of(model, _in_order(subject), held)
    tops = tops_of(likelihood, held.seed)
    found = weighted_draws(likelihood, tops, held.seed, held.draws)
    z, method, effective = _drawn(likelihood, found, held)
    variability = likelihood.curves.variability
    best = variability.etas(tops[0].z[None, :])[0].tolist()
    reasons = {
        reason: None
        for _, covariates in subject.covariates.changes
        for reason in outside(model, covariates, subject.course, indication)
    }
    return Posterior(
        model_id=model.id,
        etas=variability.etas(z),
        most_likely=MostLikely(dict(zip(variability.names, best, strict=True)), tops[0].log_density, len(tops) - 1),
        method=method,
        effective=effective,
        log_evidence=found.log_evidence,
        curves=likelihood.curves,
        residual=likelihood.residual,
        course=subject.course,
        outside=tuple(reasons),
    )


def moments(found: Posterior) -> Mapping[str, tuple[float, float]]:
    """The mean and the standard deviation of each eta."""
    means, deviations = found.etas.mean(axis=0).tolist(), found.etas.std(axis=0).tolist()
    return {name: (mean, deviation) for name, mean, deviation in zip(found.names, means, deviations, strict=True)}


def _drawn(likelihood: Likelihood, found: Weighted, fitting: Fitting) -> tuple[FloatArray, Method, float]:
    z = resampled(found, fitting.seed)
    if found.effective >= _FEWEST_EFFECTIVE * fitting.draws:
        return z, "importance resampling", found.effective
    path = walked(likelihood, z, fitting.seed, fitting.draws)
    return path.z, "walkers", path.effective


def _in_order(subject: Subject) -> Subject:
    """Levels in one order, so that sums round alike however they were handed in."""
    order = sorted(subject.levels, key=lambda one: (one.at_day, one.g_per_l or 0.0, one.limit_g_per_l or 0.0))
    return replace(subject, levels=tuple(order))
