"""Thousands of meta-analyses at once: inverse variance, one row of an array for each, with the answers of ``pool``."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import chdtrc, ndtr, ndtri, stdtr, stdtrit

from ivigil.documents import BadInput, Fault
from ivigil.synthesis.many_tau2 import MANY_TAU2, Table, mean_and_spread
from ivigil.synthesis.options import Options
from ivigil.synthesis.results import FloatArray


@dataclass(frozen=True, eq=False)
class ManyPooled:
    """One entry for each analysis, all of shape ``(A,)``, on the pooling scale.

    ``k`` counts its studies; ``df`` is infinite for a normal interval; ``p_heterogeneity`` is ``nan`` for one study;
    ``converged`` tells whether the estimator of τ² came to rest.
    """

    k: NDArray[np.int64]
    effect: FloatArray
    low: FloatArray
    high: FloatArray
    se: FloatArray
    statistic: FloatArray
    p: FloatArray
    df: FloatArray
    q: FloatArray
    p_heterogeneity: FloatArray
    tau2: FloatArray
    i2: FloatArray
    converged: NDArray[np.bool_]


def pool_many(
    estimates: FloatArray, variances: FloatArray, mask: NDArray[np.bool_], options: Options | None = None
) -> ManyPooled:
    """Pool each row of ``estimates`` and ``variances``, of shape ``(A, k)``, over the studies that ``mask`` holds.

    By inverse variance; τ² by DL, PM or REML. Raises ``BadInput`` for other options, shapes that differ, an analysis
    without a study, and values that are no effect with a variance above 0.
    """
    chosen = options or Options()
    table = _table(estimates, variances, mask, chosen)
    tau2, converged = _tau2(table, chosen)
    total, effect, scatter = mean_and_spread(table, tau2)
    _, _, q = mean_and_spread(table, np.zeros_like(tau2))
    se, df = _standard_error(table, total, scatter, chosen)
    reach = _critical(chosen.level, df) * se
    statistic = _over(effect, se)
    return ManyPooled(
        k=table.k,
        effect=effect,
        low=effect - reach,
        high=effect + reach,
        se=se,
        statistic=statistic,
        p=2 * np.where(np.isinf(df), ndtr(-abs(statistic)), stdtr(_finite(df), -abs(statistic))),
        df=df,
        q=q,
        p_heterogeneity=np.where(table.k > 1, chdtrc(np.maximum(table.df, 1), q), np.nan),
        tau2=tau2,
        i2=_i2(table, q, tau2, chosen),
        converged=converged,
    )


def _table(estimates: FloatArray, variances: FloatArray, mask: NDArray[np.bool_], options: Options) -> Table:
    faults = [*_option_faults(options), *_array_faults(estimates, variances, mask)]
    if faults:
        raise BadInput(faults)
    return Table(np.where(mask, estimates, 0.0), np.where(mask, variances, np.inf), mask.sum(axis=1))


def _option_faults(options: Options) -> list[Fault]:
    faults = []
    if options.method != "inverse-variance":
        faults.append(Fault("option method", options.method, "inverse-variance, where many are pooled at once"))
    if options.model == "random" and options.tau2 not in MANY_TAU2:
        faults.append(
            Fault("option tau2", options.tau2, f"one of {', '.join(MANY_TAU2)}, where many are pooled at once")
        )
    if not 0 < options.level < 1:
        faults.append(Fault("option level", f"{options.level:g}", "a confidence level between 0 and 1"))
    return faults


def _array_faults(estimates: FloatArray, variances: FloatArray, mask: NDArray[np.bool_]) -> list[Fault]:
    shapes = {np.shape(one) for one in (estimates, variances, mask)}
    if len(shapes) > 1 or np.ndim(estimates) != 2:  # noqa: PLR2004 - analyses and studies
        return [Fault("arrays", f"shapes {sorted(shapes)}", "one shape (analyses, studies) for all three")]
    bad = mask & ~(np.isfinite(estimates) & np.isfinite(variances) & (np.nan_to_num(variances) > 0))
    faults = [
        Fault(f"analysis {row}, study {column}", "no effect with a variance above 0", "two numbers, or a mask")
        for row, column in np.argwhere(bad).tolist()
    ]
    empty = np.flatnonzero(~mask.any(axis=1)).tolist()
    return faults + [Fault(f"analysis {row}", "no study", "one study or more") for row in empty]


def _tau2(table: Table, options: Options) -> tuple[FloatArray, NDArray[np.bool_]]:
    if options.model == "common":
        return np.zeros(len(table.k)), np.ones(len(table.k), dtype=np.bool_)
    return MANY_TAU2[options.tau2](table)


def _standard_error(
    table: Table, total: FloatArray, scatter: FloatArray, options: Options
) -> tuple[FloatArray, FloatArray]:
    """Standard errors and degrees of freedom; one study keeps the normal interval."""
    several = table.df > 0
    if options.interval == "normal":
        return 1 / np.sqrt(total), np.full(len(total), np.inf)
    factor = np.where(several, scatter / np.maximum(table.df, 1), 1.0)
    if options.interval == "hartung-knapp-at-least-normal":
        factor = np.maximum(factor, 1.0)
    return np.sqrt(factor / total), np.where(several, table.df, np.inf)


def _critical(level: float, df: FloatArray) -> FloatArray:
    upper = 0.5 + level / 2
    if np.isinf(df).all():
        return np.full(df.shape, ndtri(upper))
    kinds, place = np.unique(_finite(df), return_inverse=True)
    return np.where(np.isinf(df), ndtri(upper), stdtrit(kinds, upper)[place])


def _finite(df: FloatArray) -> FloatArray:
    return np.where(np.isinf(df), 1.0, df)


def _over(value: FloatArray, se: FloatArray) -> FloatArray:
    infinite = np.where(value == 0, 0.0, np.copysign(np.inf, value))
    return np.divide(value, se, out=infinite, where=se > 0)


def _i2(table: Table, q: FloatArray, tau2: FloatArray, options: Options) -> FloatArray:
    if options.model == "common":
        excess = np.maximum(q - table.df, 0.0)
        return 100 * np.divide(excess, q, out=np.zeros_like(q), where=(q > 0) & (table.df > 0))
    weights = 1 / table.variances
    total = weights.sum(axis=1)
    trace = total - (weights**2).sum(axis=1) / total
    alone = table.df < 1
    typical = np.where(alone, 1.0, table.df / np.where(alone, 1.0, trace))
    return 100 * tau2 / (tau2 + typical)
