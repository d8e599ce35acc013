"""The mixed-effects model behind meta-regression: effects that vary with a design, and beyond it by tau2.

Weighted least squares with weights 1/(v + tau2) (Viechtbauer 2010, J Stat Softw 36(3)); intervals by the normal
distribution, or by t with the variances scaled as by Knapp and Hartung (Stat Med 2003;22:2693).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy.special import fdtrc

from ivigil.documents import Fault
from ivigil.synthesis.least_squares import Fit, orthonormal, weighted_fit
from ivigil.synthesis.options import Options
from ivigil.synthesis.quantiles import chi2_p, critical, two_sided_p
from ivigil.synthesis.results import Effects, Estimate, FloatArray
from ivigil.synthesis.tau2 import between_study_variance


@dataclass(frozen=True)
class Coefficient:
    """A coefficient with its interval on the pooling scale; ``statistic`` is z, or t where the model has ``t_df``."""

    name: str
    effect: Estimate
    se: float
    statistic: float
    p: float


@dataclass(frozen=True)
class WaldTest:
    """A test of several coefficients at once: a chi-squared, or F where ``df2`` is given (Knapp and Hartung)."""

    statistic: float
    df: int
    p: float
    df2: int | None = None


@dataclass(frozen=True, eq=False)
class MixedFit:
    """A fitted model: the weighted fit, what its variances are scaled by, and its residual degrees of freedom."""

    fit: Fit
    tau2: float
    converged: bool
    scale: float
    df: int
    options: Options

    @property
    def t_df(self) -> float | None:
        return None if self.options.interval == "normal" else float(self.df)

    @property
    def covariance(self) -> FloatArray:
        return np.asarray(self.fit.covariance * self.scale, dtype=np.float64)

    @property
    def warnings(self) -> tuple[str, ...]:
        return () if self.converged else (f"the estimator {self.options.tau2} of τ² did not come to rest",)


def mixed_fit(effects: Effects, design: FloatArray, options: Options) -> MixedFit:
    """The model of ``effects`` on ``design`` ``(k, p)``, of full rank and with more studies than columns."""
    tau2, converged = tau2_of(effects, design, options)
    fit = weighted_fit(effects.estimates, 1 / (effects.variances + tau2), design)
    df = design.shape[0] - design.shape[1]
    scale = 1.0 if options.interval == "normal" else fit.residual / df
    if options.interval == "hartung-knapp-at-least-normal":
        scale = max(1.0, scale)
    return MixedFit(fit, tau2, converged, scale=scale, df=df, options=options)


def tau2_of(effects: Effects, design: FloatArray, options: Options) -> tuple[float, bool]:
    """The variance between studies that ``design`` leaves, and whether its estimator came to rest."""
    if options.model == "common":
        return 0.0, True
    found = between_study_variance(effects.estimates, effects.variances, options.tau2, orthonormal(design))
    return found.value, found.converged


def coefficients_of(names: tuple[str, ...], model: MixedFit) -> tuple[Coefficient, ...]:
    """The coefficients of ``model`` under ``names``, one for each column of its design."""
    errors = np.sqrt(np.diag(model.covariance))
    return tuple(
        _coefficient(name, float(value), float(se), model)
        for name, value, se in zip(names, model.fit.coefficients, errors, strict=True)
    )


def wald(q: float, df: int, model: MixedFit) -> WaldTest:
    """The test of a quadratic form ``q`` in ``df`` coefficients of ``model``."""
    if model.t_df is None:
        return WaldTest(q, df, chi2_p(q, df))
    return WaldTest(q / df, df, float(fdtrc(df, model.df, q / df)), model.df)


def method_faults(options: Options) -> tuple[Fault, ...]:
    """Why ``options`` cannot be those of a mixed-effects model, if so."""
    if options.method == "inverse-variance":
        return ()
    hint = "Mantel-Haenszel and Peto pool one common effect and know no such model."
    return (Fault("method", options.method, "inverse-variance", hint),)


def _coefficient(name: str, value: float, se: float, model: MixedFit) -> Coefficient:
    reach = critical(model.options.level, model.t_df) * se
    statistic = in_standard_errors(value, se)
    effect = Estimate(value, value - reach, value + reach)
    return Coefficient(name, effect, se, statistic, two_sided_p(statistic, model.t_df))


def in_standard_errors(value: float, se: float) -> float:
    """``value`` over ``se``; where studies lie exactly on the model, 0 stays 0 and anything else is infinite."""
    if se > 0:
        return value / se
    return math.copysign(math.inf, value) if value else 0.0
