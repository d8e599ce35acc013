"""Meta-regression: how the effect varies with something known of each study, as in ``rma(mods = …)`` of metafor."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from ivigil.documents import BadInput, Fault
from ivigil.synthesis.heterogeneity import heterogeneity_from_q, percent_between, q_profile
from ivigil.synthesis.least_squares import is_full_rank, orthonormal
from ivigil.synthesis.measures import Measure
from ivigil.synthesis.mixed_model import (
    Coefficient,
    MixedFit,
    WaldTest,
    coefficients_of,
    in_standard_errors,
    method_faults,
    mixed_fit,
    tau2_of,
    wald,
)
from ivigil.synthesis.moderators import Moderator, columns_of, moderator_faults
from ivigil.synthesis.options import Options
from ivigil.synthesis.residuals import Data, q_and_slope
from ivigil.synthesis.results import Effects, FloatArray, Heterogeneity

INTERCEPT = "intercept"
_DEFAULTS = Options()


@dataclass(frozen=True)
class Regression:
    """A fitted meta-regression.

    The first coefficient is the intercept; each other is what one unit of a moderator, or a category against its
    reference, adds on the pooling scale. ``moderators`` tests them all (QM); ``None`` without any. ``residual`` holds
    QE and the heterogeneity they leave. ``r2`` is the share of the variance between studies that they account for, in
    per cent; ``None`` without moderators, with a common effect, or where there was no variance to account for.
    ``tau2_without`` is τ² without moderators. ``df`` are those of t, where t is used.
    """

    measure: Measure
    options: Options
    k: int
    coefficients: tuple[Coefficient, ...]
    moderators: WaldTest | None
    residual: Heterogeneity
    r2: float | None
    tau2_without: float
    df: float | None = None
    warnings: tuple[str, ...] = ()


def regress(effects: Effects, moderators: Sequence[Moderator], options: Options = _DEFAULTS) -> Regression:
    """The meta-regression of ``effects`` on ``moderators`` with an intercept; without moderators, the pooled effect.

    Raises ``BadInput`` where a moderator lacks a study, moderators cannot be told apart, the studies are too few, or
    the method of ``options`` is not inverse variance.
    """
    if faults := (*moderator_faults(effects.labels, moderators), *method_faults(options)):
        raise BadInput(faults)
    names, design = _design(effects, moderators)
    if unusable := _design_fault(names, design):
        raise BadInput([unusable])
    model = mixed_fit(effects, design, options)
    without, _ = tau2_of(effects, design[:, :1], options)
    return Regression(
        effects.measure,
        options,
        k=len(effects.rows),
        coefficients=coefficients_of(names, model),
        moderators=_moderator_test(model) if moderators else None,
        residual=_residual(effects, design, model),
        r2=_explained(model.tau2, without) if moderators else None,
        tau2_without=without,
        df=model.t_df,
        warnings=model.warnings,
    )


def _design(effects: Effects, moderators: Sequence[Moderator]) -> tuple[tuple[str, ...], FloatArray]:
    columns = [(INTERCEPT, np.ones(len(effects.rows)))]
    for moderator in moderators:
        columns.extend(columns_of(effects.labels, moderator))
    names, values = zip(*columns, strict=True)
    return tuple(names), np.column_stack(values)


def _design_fault(names: tuple[str, ...], design: FloatArray) -> Fault | None:
    """Why the design cannot be fitted, if so; of columns that cannot be told apart, the first that adds nothing."""
    k, p = design.shape
    if k <= p:
        hint = "Take fewer moderators, or merge categories."
        return Fault("studies", str(k), f"more than {p}, the number of coefficients", hint)
    for width in range(1, p + 1):
        if not is_full_rank(design[:, :width]):
            hint = "It is constant, or the moderators before it determine it: leave one of them out."
            return Fault(
                f"moderator {names[width - 1]}", "nothing of its own", "moderators that can be told apart", hint
            )
    return None


def _moderator_test(model: MixedFit) -> WaldTest:
    """The Wald test of every coefficient but the intercept."""
    slopes = model.fit.coefficients[1:]
    q = float(slopes @ np.linalg.solve(model.fit.covariance[1:, 1:], slopes))
    return wald(in_standard_errors(q, model.scale), len(slopes), model)


def _residual(effects: Effects, design: FloatArray, model: MixedFit) -> Heterogeneity:
    """QE with its p value, and what of the total variance is heterogeneity that the design leaves."""
    data = Data(effects.estimates, effects.variances, orthonormal(design))
    q, _ = q_and_slope(data, 0.0)
    profile = q_profile(data, model.options.level)
    typical = profile.typical_variance
    i2_low, i2_high = (percent_between(end, typical) for end in (profile.low, profile.high))
    found = replace(heterogeneity_from_q(q, data.df), i2_low=i2_low, i2_high=i2_high)
    if model.options.model == "common":
        return found
    i2, h2 = percent_between(model.tau2, typical), 1 + model.tau2 / typical
    return replace(found, tau2=model.tau2, i2=i2, h2=h2, tau2_low=profile.low, tau2_high=profile.high)


def _explained(residual: float, without: float) -> float | None:
    return max(0.0, 100 * (without - residual) / without) if without > 0 else None
