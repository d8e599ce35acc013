"""Whether small studies show other effects than large ones: regression and rank tests of funnel asymmetry.

Asymmetry has more reasons than unpublished studies (Sterne, BMJ 2011;343:d4002), so a test never says why. With few
studies it says little: the number below which a result carries that remark comes from a rule with its source.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy import stats

from ivigil.documents import BadInput, Fault
from ivigil.knowledge.grading_records import HintRule
from ivigil.synthesis.least_squares import is_full_rank, weighted_fit
from ivigil.synthesis.mixed_model import coefficients_of, in_standard_errors, method_faults, mixed_fit
from ivigil.synthesis.options import Options
from ivigil.synthesis.quantiles import critical, two_sided_p
from ivigil.synthesis.results import Effects, Estimate, FloatArray
from ivigil.synthesis.rows import TwoByTwo

Name = Literal["Egger", "Egger, mixed effects", "Begg", "Harbord", "Peters"]
Statistic = Literal["t", "z", "Kendall's tau"]
_DEFAULTS = Options()
FEWEST = 3  # a line through two studies leaves nothing to judge it by


@dataclass(frozen=True)
class SmallStudyTest:
    """One test of funnel asymmetry.

    ``slope`` is how much the effect changes with what stands for smallness (``None`` for Begg), and ``limit`` the
    effect of an infinitely large study where the test gives one; both on the pooling scale. ``exact`` tells a rank test
    whose p value is exact. ``remark`` is there where the studies are fewer than ``rule``, the id of a rule, asks for.
    """

    name: Name
    k: int
    statistic: float
    of: Statistic
    p: float
    df: float | None = None
    slope: Estimate | None = None
    limit: Estimate | None = None
    exact: bool = False
    remark: str | None = None
    rule: str | None = None


def egger(effects: Effects, few: HintRule, level: float = 0.95) -> SmallStudyTest:
    """Egger's test: effects on their standard errors, weighed by precision, with a dispersion (BMJ 1997;315:629)."""
    line = _Line(effects.estimates, 1 / effects.variances, np.sqrt(effects.variances))
    return _line_test("Egger", line, few, level)


def egger_mixed(effects: Effects, few: HintRule, options: Options = _DEFAULTS) -> SmallStudyTest:
    """Egger's test as a meta-regression on the standard errors, with τ² (Sterne and Egger 2005)."""
    errors = np.sqrt(effects.variances)
    if faults := (*_line_faults(errors), *method_faults(options)):
        raise BadInput(faults)
    model = mixed_fit(effects, _with_intercept(errors), options)
    limit, slope = coefficients_of(("limit", "slope"), model)
    return SmallStudyTest(
        "Egger, mixed effects",
        len(errors),
        slope.statistic,
        "z" if model.t_df is None else "t",
        slope.p,
        df=model.t_df,
        slope=slope.effect,
        limit=limit.effect,
        remark=_remark(len(errors), few),
        rule=few.id,
    )


def begg(effects: Effects, few: HintRule) -> SmallStudyTest:
    """Begg and Mazumdar's rank correlation of standardised effects with their variances (Biometrics 1994;50:1088).

    The p value is exact where no two studies tie, else by the normal distribution.
    """
    v = effects.variances
    if faults := _line_faults(v):
        raise BadInput(faults)
    weights = 1 / v
    centre = weights @ effects.estimates / weights.sum()
    spread = v - 1 / weights.sum()
    if not (spread > 0).all():
        hint = "One study all but decides the result, so that it cannot lie away from it."
        raise BadInput([Fault("studies", "one study with all the weight", "studies that share the weight", hint)])
    deviates = (effects.estimates - centre) / np.sqrt(spread)
    exact = all(len(np.unique(one)) == len(v) for one in (deviates, v))
    found = stats.kendalltau(deviates, v, method="exact" if exact else "asymptotic")
    tau, p = float(found.statistic), float(found.pvalue)
    return SmallStudyTest(
        "Begg", len(v), tau, "Kendall's tau", p, exact=exact, remark=_remark(len(v), few), rule=few.id
    )


def harbord(effects: Effects, few: HintRule, level: float = 0.95) -> SmallStudyTest:
    """Harbord's test of two-by-two tables: efficient score over its root information, on that root.

    Harbord, Egger and Sterne (Stat Med 2006;25:3443); the score is that of the log odds ratio, its information the
    variance of the events with all margins fixed. Tables where nobody or everybody had the event take no part.
    """
    events, n, n_a, events_a, _ = _informative(effects)
    score = events_a - events * n_a / n
    information = n_a * (n - n_a) * events * (n - events) / (n**2 * (n - 1))
    line = _Line(score / information, information, 1 / np.sqrt(information))
    return _line_test("Harbord", line, few, level)


def peters(effects: Effects, few: HintRule, level: float = 0.95) -> SmallStudyTest:
    """Peters' test: log odds ratios on one over the number of participants (JAMA 2006;295:676).

    Each study is weighed by the information of its events, 1/(1/events + 1/others).
    """
    if effects.measure.name != "OR":
        hint = "Harbord's and Egger's tests take other measures."
        raise BadInput([Fault("measure", effects.measure.name, "OR", hint)])
    events, n, _, _, estimates = _informative(effects)
    return _line_test("Peters", _Line(estimates, events * (n - events) / n, 1 / n), few, level)


@dataclass(frozen=True, eq=False)
class _Line:
    """What a regression test fits: ``effects`` on ``smallness`` with ``weights``, all of shape ``(k,)``."""

    effects: FloatArray
    weights: FloatArray
    smallness: FloatArray


def _line_test(name: Name, line: _Line, few: HintRule, level: float) -> SmallStudyTest:
    """The t test of the slope in a weighted regression whose dispersion is estimated."""
    if faults := _line_faults(line.smallness):
        raise BadInput(faults)
    k = len(line.effects)
    fit = weighted_fit(line.effects, line.weights, _with_intercept(line.smallness))
    errors = np.sqrt(np.diag(fit.covariance) * fit.residual / (k - 2))
    reach = critical(level, k - 2) * errors
    limit, slope = (
        Estimate(float(at), float(at - by), float(at + by)) for at, by in zip(fit.coefficients, reach, strict=True)
    )
    t = in_standard_errors(slope.value, float(errors[1]))
    p = two_sided_p(t, k - 2)
    return SmallStudyTest(name, k, t, "t", p, df=k - 2, slope=slope, limit=limit, remark=_remark(k, few), rule=few.id)


def _with_intercept(values: FloatArray) -> FloatArray:
    return np.column_stack([np.ones(len(values)), values])


def _informative(effects: Effects) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray, FloatArray]:
    """Events, participants, participants and events of arm a, and effects, of the tables that say something."""
    if other := [row.label for row in effects.rows if not isinstance(row, TwoByTwo)]:
        raise BadInput([Fault(label, "no counts", "a two-by-two table") for label in other])
    tables = [(row, at) for row, at in zip(effects.rows, effects.estimates, strict=True) if isinstance(row, TwoByTwo)]
    figures = [(r.events_a + r.events_b, r.n_a + r.n_b, r.n_a, r.events_a, float(at)) for r, at in tables]
    events, n, n_a, events_a, estimates = np.array([one for one in figures if 0 < one[0] < one[1]]).reshape(-1, 5).T
    return events, n, n_a, events_a, estimates


def _line_faults(smallness: FloatArray) -> tuple[Fault, ...]:
    if len(smallness) < FEWEST:
        return (Fault("studies", str(len(smallness)), f"at least {FEWEST}", "Fewer make no funnel."),)
    if not is_full_rank(_with_intercept(smallness)):
        hint = "Studies of one size show nothing of small ones."
        return (Fault("studies", "all of the same precision", "studies that differ in precision", hint),)
    return ()


def _remark(k: int, few: HintRule) -> str | None:
    """That the test has little power, where there are fewer studies than the rule asks for."""
    if few.threshold is None or k >= few.threshold:
        return None
    return f"{k} studies, fewer than the {few.threshold} that this test needs to have power; its result says little"
