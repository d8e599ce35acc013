"""Pooling by inverse variance, under a common effect or effects that vary, with normal or Hartung–Knapp intervals.

Hartung and Knapp 2001; Sidik and Jonkman 2002. ``hartung-knapp-at-least-normal`` lets the scatter of the studies widen
the standard error, never narrow it (Knapp and Hartung 2003).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from ivigil.synthesis.cautions import inverse_variance_warnings
from ivigil.synthesis.heterogeneity import heterogeneity_of_common, heterogeneity_of_random
from ivigil.synthesis.options import IntervalMethod, Options
from ivigil.synthesis.prediction import prediction_interval
from ivigil.synthesis.quantiles import critical, two_sided_p
from ivigil.synthesis.results import Effects, Estimate, FloatArray, Heterogeneity, Pooled
from ivigil.synthesis.tau2 import Tau2Found, between_study_variance


@dataclass(frozen=True)
class Mean:
    """A weighted mean, its standard error, and the degrees of freedom of its t, ``None`` for the normal."""

    value: float
    se: float
    df: float | None


def pool_by_inverse_variance(effects: Effects, options: Options) -> Pooled:
    """The pooled effect of one study or more."""
    y, v = effects.estimates, effects.variances
    found = _tau2(effects, options)
    weights = 1 / (v + found.value)
    mean = weighted_mean(y, weights, options.interval)
    spread = _heterogeneity(y, v, found, options)
    prediction = prediction_interval(mean.value, mean.se, found.value, len(y), options)
    return pooled_from(
        effects,
        options,
        mean,
        k=len(y),
        weights=weights,
        heterogeneity=spread,
        prediction=prediction,
        warnings=inverse_variance_warnings(effects, options, found, prediction, mean.se),
    )


def weighted_mean(estimates: FloatArray, weights: FloatArray, interval: IntervalMethod) -> Mean:
    """The mean of ``estimates`` with ``weights``, both ``(k,)``; a single study keeps the normal interval."""
    total = float(weights.sum())
    value = float(weights @ estimates) / total
    df = len(estimates) - 1
    if interval == "normal" or df < 1:
        return Mean(value, math.sqrt(1 / total), None)
    scatter = float(weights @ (estimates - value) ** 2) / df
    if interval == "hartung-knapp-at-least-normal":
        scatter = max(1.0, scatter)
    return Mean(value, math.sqrt(scatter / total), float(df))


def pooled_from(
    effects: Effects,
    options: Options,
    mean: Mean,
    *,
    k: int,
    weights: FloatArray,
    heterogeneity: Heterogeneity,
    prediction: tuple[float, float] | None = None,
    warnings: tuple[str, ...] = (),
) -> Pooled:
    """The result of ``k`` studies around ``mean``, tested against no difference (0 where none is compared)."""
    reach = critical(options.level, mean.df) * mean.se
    statistic = _over(mean.value - (effects.measure.null or 0.0), mean.se)
    return Pooled(
        measure=effects.measure,
        options=options,
        k=k,
        effect=Estimate(mean.value, mean.value - reach, mean.value + reach),
        se=mean.se,
        statistic=statistic,
        p=two_sided_p(statistic, mean.df),
        weights=tuple((100 * (weights / weights.sum())).tolist()),
        heterogeneity=heterogeneity,
        df=mean.df,
        prediction=prediction,
        warnings=warnings,
    )


def _over(value: float, se: float) -> float:
    """``value`` in standard errors; where the studies leave none, no difference is 0 and any other is infinite."""
    if se > 0:
        return value / se
    return 0.0 if value == 0 else math.copysign(math.inf, value)


def _tau2(effects: Effects, options: Options) -> Tau2Found:
    if options.model == "common":
        return Tau2Found(0.0, converged=True, at_zero=False)
    return between_study_variance(effects.estimates, effects.variances, options.tau2)


def _heterogeneity(y: FloatArray, v: FloatArray, found: Tau2Found, options: Options) -> Heterogeneity:
    if options.model == "common":
        return heterogeneity_of_common(y, v, options.level)
    return heterogeneity_of_random(y, v, found.value, options.level)
