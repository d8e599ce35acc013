"""How far studies differ beyond chance: Q, τ², I² and H², with intervals from the Q profile (Viechtbauer 2007).

Under a common effect I² and H² come from Q (Higgins and Thompson 2002); under varying effects from τ² and the
typical sampling variance, so that they go with the τ² that was used. For DerSimonian and Laird both are the same.
"""

from __future__ import annotations

from dataclasses import dataclass

from ivigil.synthesis.quantiles import chi2_exceeded_with, chi2_p
from ivigil.synthesis.residuals import Data, q_and_slope, tau2_where_q_is, trace_p
from ivigil.synthesis.results import FloatArray, Heterogeneity


@dataclass(frozen=True)
class Profile:
    """The interval of τ² by the Q profile, and the typical sampling variance, in the same squared units."""

    low: float
    high: float
    typical_variance: float


def heterogeneity_of_common(estimates: FloatArray, variances: FloatArray, level: float) -> Heterogeneity:
    """Where one effect is assumed: τ² is 0 by assumption and has no interval; that of I² is from the Q profile."""
    data = Data(estimates, variances)
    if data.df < 1:
        return ALONE
    q, _ = q_and_slope(data, 0.0)
    profile = q_profile(data, level)
    i2_low, i2_high = (percent_between(end, profile.typical_variance) for end in (profile.low, profile.high))
    return _from_q(q, data.df, i2_low, i2_high)


def heterogeneity_of_random(estimates: FloatArray, variances: FloatArray, tau2: float, level: float) -> Heterogeneity:
    """Where effects vary between studies with variance ``tau2``."""
    data = Data(estimates, variances)
    if data.df < 1:
        return ALONE
    q, _ = q_and_slope(data, 0.0)
    profile = q_profile(data, level)
    typical = profile.typical_variance
    return Heterogeneity(
        q=q,
        df=data.df,
        p=chi2_p(q, data.df),
        tau2=tau2,
        i2=percent_between(tau2, typical),
        h2=tau2 / typical + 1,
        tau2_low=profile.low,
        tau2_high=profile.high,
        i2_low=percent_between(profile.low, typical),
        i2_high=percent_between(profile.high, typical),
    )


def heterogeneity_from_q(q: float, df: int) -> Heterogeneity:
    """Where only Q is at hand (Mantel–Haenszel and Peto): no intervals."""
    return _from_q(q, df, None, None) if df > 0 else ALONE


def q_profile(data: Data, level: float) -> Profile:
    """The τ² at which Q meets the two quantiles of χ² for ``level``; both ends are 0 where Q is below them at 0."""
    tail = (1 - level) / 2
    high = tau2_where_q_is(data, chi2_exceeded_with(1 - tail, data.df))
    low = tau2_where_q_is(data, chi2_exceeded_with(tail, data.df))
    return Profile(low, high, data.df / trace_p(data, 1 / data.variances))


def percent_between(tau2: float, typical_variance: float) -> float:
    """I²: the part of all variance that lies between studies, per cent."""
    return 100 * tau2 / (tau2 + typical_variance)


def _from_q(q: float, df: int, i2_low: float | None, i2_high: float | None) -> Heterogeneity:
    i2 = 100 * max(0.0, q - df) / q if q > 0 else 0.0
    return Heterogeneity(q=q, df=df, p=chi2_p(q, df), tau2=0.0, i2=i2, h2=q / df, i2_low=i2_low, i2_high=i2_high)


ALONE = Heterogeneity(q=0.0, df=0, p=None, tau2=0.0, i2=0.0, h2=1.0)
