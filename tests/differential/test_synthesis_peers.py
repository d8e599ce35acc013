"""Pooled effects against statsmodels and PyMetaAnalysis, where both agree with metafor on what is to be computed.

Not compared: statsmodels' standardised differences (another variance) and its negative τ²; PyMetaAnalysis's
REML where the likelihood has two tops.
"""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from meta_analyze import meta_analysis, meta_binary, meta_continuous
from statsmodels.stats.contingency_tables import StratifiedTable
from statsmodels.stats.meta_analysis import combine_effects

from ivigil.synthesis import Effects, Options, Pooled, Reported, TwoByTwo, TwoMeans, effects_of, pool
from ivigil.synthesis.likelihood import log_likelihood
from ivigil.synthesis.residuals import Data

CLOSE = 1e-8  # what metafor and the peers were found to share; their roots end at 1e-10 or later
ITERATED = 1e-6  # a restricted likelihood is flat at its top
FEW = settings(max_examples=25)  # the peers take about a millisecond an analysis

studies = st.lists(
    st.tuples(st.integers(-300, 300), st.integers(5, 150)), min_size=3, max_size=12, unique_by=lambda one: one[0]
)
cells = st.lists(
    st.tuples(st.integers(1, 19), st.integers(20, 60), st.integers(1, 19), st.integers(20, 60)), min_size=2, max_size=8
)


def effects_from(drawn: list[tuple[int, int]]) -> Effects:
    return effects_of("MD", [Reported(str(at), y / 100, se=se / 100) for at, (y, se) in enumerate(drawn)])


def main_numbers(found: Pooled) -> list[float]:
    spread = found.heterogeneity
    return [found.effect.value, found.se, found.effect.low, found.effect.high, spread.q, spread.tau2]


@FEW
@given(studies)
def test_dersimonian_laird_and_paule_mandel_as_statsmodels(drawn: list[tuple[int, int]]) -> None:
    effects = effects_from(drawn)
    for tau2, name in (("DL", "dl"), ("PM", "iterated")):
        found = pool(effects, Options(tau2=tau2))  # type: ignore[arg-type] # two of its names
        theirs = combine_effects(effects.estimates, effects.variances, method_re=name, atol=1e-14, maxiter=1000)
        if theirs.tau2 > 0:
            expected = [theirs.mean_effect_re, theirs.sd_eff_w_re, theirs.tau2, theirs.q]
            ours = [found.effect.value, found.se, found.heterogeneity.tau2, found.heterogeneity.q]
            assert ours == pytest.approx(expected, rel=CLOSE, abs=CLOSE)


@FEW
@given(studies, st.sampled_from(["normal", "hartung-knapp"]))
def test_inverse_variance_as_pymetaanalysis(drawn: list[tuple[int, int]], interval: str) -> None:
    effects = effects_from(drawn)
    theirs_interval = {"normal": "normal", "hartung-knapp": "HK"}[interval]
    for tau2, tolerance in (("DL", CLOSE), ("PM", CLOSE), ("REML", ITERATED)):
        found = pool(effects, Options(tau2=tau2, interval=interval))  # type: ignore[arg-type] # names of both
        theirs = meta_analysis(
            effect=effects.estimates,
            variance=effects.variances,
            tau2_method=tau2,
            ci_method=theirs_interval,
            atol=1e-13,
        )
        if tau2 == "REML" and not _on_one_top(effects, found.heterogeneity.tau2, float(theirs.tau2)):
            continue
        expected = [theirs.estimate, theirs.standard_error, theirs.ci_low, theirs.ci_high]
        expected += [theirs.heterogeneity.q, theirs.tau2]
        assert main_numbers(found) == pytest.approx(expected, rel=tolerance, abs=tolerance)


def _on_one_top(effects: Effects, ours: float, theirs: float) -> bool:
    """Whether both climbed the same top; where they did not, ours has to be the higher one."""
    if ours == pytest.approx(theirs, rel=1e-3, abs=1e-6):
        return True
    data = Data(effects.estimates, effects.variances)
    heights = [log_likelihood(data, tau2, restricted=True) for tau2 in (ours, theirs)]
    assert heights[0] > heights[1]
    return False


@FEW
@given(cells)
def test_mantel_haenszel_and_peto_as_both_peers(drawn: list[tuple[int, int, int, int]]) -> None:
    rows = [TwoByTwo(str(at), *one) for at, one in enumerate(drawn)]
    events_a, n_a, events_b, n_b = np.array(drawn).T
    for measure, method in (("RR", "MH"), ("OR", "MH"), ("RD", "MH"), ("PETO", "Peto")):
        ours = "peto" if measure == "PETO" else "mantel-haenszel"
        found = pool(effects_of(measure, rows), Options(model="common", method=ours))  # type: ignore[arg-type] # names of both
        theirs = meta_binary(
            event_treat=events_a,
            n_treat=n_a,
            event_control=events_b,
            n_control=n_b,
            measure="OR" if measure == "PETO" else measure,
            method=method,
        )
        assert found.effect.value == pytest.approx(theirs.estimate, rel=CLOSE, abs=CLOSE)
        assert found.se == pytest.approx(theirs.standard_error, rel=CLOSE)
    table = np.array([[events_a, n_a - events_a], [events_b, n_b - events_b]])
    stratified = StratifiedTable(table.astype(float))
    ratio = pool(effects_of("OR", rows), Options(model="common", method="mantel-haenszel"))
    assert ratio.effect.value == pytest.approx(stratified.logodds_pooled, rel=CLOSE, abs=CLOSE)
    assert ratio.se == pytest.approx(stratified.logodds_pooled_se, rel=CLOSE)


@FEW
@given(
    st.lists(
        st.tuples(
            st.integers(-50, 50), st.integers(1, 30), st.integers(3, 90),
            st.integers(-50, 50), st.integers(1, 30), st.integers(3, 90),
        ),
        min_size=2,
        max_size=8,
    )
)  # fmt: skip
def test_means_as_pymetaanalysis(drawn: list[tuple[int, int, int, int, int, int]]) -> None:
    rows = [TwoMeans(str(at), *map(float, one)) for at, one in enumerate(drawn)]
    mean_a, sd_a, n_a, mean_b, sd_b, n_b = np.array(drawn, dtype=float).T
    for measure in ("MD", "SMD"):
        found = pool(effects_of(measure, rows), Options(tau2="DL"))
        theirs = meta_continuous(
            mean_treat=mean_a,
            sd_treat=sd_a,
            n_treat=n_a.astype(int),
            mean_control=mean_b,
            sd_control=sd_b,
            n_control=n_b.astype(int),
            measure=measure,
            tau2_method="DL",
        )
        assert found.effect.value == pytest.approx(theirs.estimate, rel=CLOSE, abs=CLOSE)
        assert found.se == pytest.approx(theirs.standard_error, rel=CLOSE)
