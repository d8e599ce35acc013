"""What holds of every pooled effect, whatever the studies: orders, arms, units, scales and the shapes of arrays."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import get_args

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivigil.documents import BadInput
from ivigil.synthesis import (
    Effects,
    IntervalMethod,
    Method,
    Model,
    OneProportion,
    Options,
    Pooled,
    Reported,
    Tau2,
    TwoByTwo,
    TwoMeans,
    ZeroCells,
    effects_of,
    lines_of,
    pool,
    shown_double_arcsine,
)
from ivigil.synthesis.many import pool_many
from ivigil.synthesis.proportions import double_arcsine
from ivigil.synthesis.residuals import Data, q_and_slope

SUMMED = 1e-9  # sums in another order, and an iteration that begins from them
TOGETHER = 1e-10  # the same steps on columns of an array and on one vector

options = st.builds(
    Options,
    model=st.sampled_from(get_args(Model)),
    tau2=st.sampled_from(get_args(Tau2)),
    interval=st.sampled_from(get_args(IntervalMethod)),
)


@st.composite
def tables(draw: st.DrawFn, *, empty: bool = True) -> TwoByTwo:
    n_a, n_b = draw(st.integers(2, 60)), draw(st.integers(2, 60))
    least = 0 if empty else 1
    return TwoByTwo("study", draw(st.integers(least, n_a - least)), n_a, draw(st.integers(least, n_b - least)), n_b)


@st.composite
def means(draw: st.DrawFn) -> TwoMeans:
    values, spreads = st.integers(-50, 50), st.integers(1, 30)
    return TwoMeans("study", *(float(draw(one)) for one in (values, spreads, st.integers(2, 90)) * 2))


@st.composite
def differences(draw: st.DrawFn, least: int = 2) -> Effects:
    k = draw(st.integers(least, 12))
    values = draw(st.lists(st.integers(-300, 300), min_size=k, max_size=k))
    errors = draw(st.lists(st.integers(5, 150), min_size=k, max_size=k))
    rows = [
        Reported(f"study {at}", y / 100, se=se / 100) for at, (y, se) in enumerate(zip(values, errors, strict=True))
    ]
    return effects_of("MD", rows)


def numbers_of(found: Pooled) -> list[float]:
    spread = found.heterogeneity
    return [
        found.effect.value,
        found.effect.low,
        found.effect.high,
        found.se,
        found.p,
        spread.q,
        spread.tau2,
        spread.i2,
    ]


def chosen(effects: Effects, order: list[int]) -> Effects:
    return replace(
        effects,
        rows=tuple(effects.rows[at] for at in order),
        estimates=effects.estimates[order],
        variances=effects.variances[order],
    )


@given(differences(), options, st.randoms(use_true_random=False))
def test_the_order_of_studies_never_matters(effects: Effects, how: Options, random: object) -> None:
    order = list(range(len(effects.rows)))
    random.shuffle(order)  # type: ignore[attr-defined] # Hypothesis's own Random
    first, second = pool(effects, how), pool(chosen(effects, order), how)
    assert numbers_of(second) == pytest.approx(numbers_of(first), rel=SUMMED, abs=SUMMED)
    assert second.weights == pytest.approx([first.weights[at] for at in order], rel=SUMMED, abs=SUMMED)


@given(
    rows=st.lists(tables(), min_size=2, max_size=8),
    measure=st.sampled_from(["RR", "OR", "RD", "PETO"]),
    zero_cells=st.sampled_from(get_args(ZeroCells)),
    by_tables=st.booleans(),
)
def test_swapping_the_arms_flips_the_effect(
    rows: list[TwoByTwo], measure: str, zero_cells: ZeroCells, *, by_tables: bool
) -> None:
    of_tables: Method = "peto" if measure == "PETO" else "mantel-haenszel"
    method: Method = of_tables if by_tables else "inverse-variance"
    how = Options(model="common", method=method, zero_cells=zero_cells)
    swapped = [TwoByTwo(row.label, row.events_b, row.n_b, row.events_a, row.n_a) for row in rows]
    forth, back = (_pooled(measure, one, how) for one in (rows, swapped))
    assert (forth is None) == (back is None)
    if forth is not None and back is not None:
        assert back.effect.value == pytest.approx(-forth.effect.value, rel=SUMMED, abs=SUMMED)
        assert back.effect.low == pytest.approx(-forth.effect.high, rel=SUMMED, abs=SUMMED)
        assert (back.k, back.heterogeneity.q) == pytest.approx((forth.k, forth.heterogeneity.q), rel=SUMMED, abs=SUMMED)


def _pooled(measure: str, rows: list[TwoByTwo], how: Options) -> Pooled | None:
    try:
        return pool(effects_of(measure, rows, how.zero_cells), how)
    except BadInput:  # no table is left, or an arm has no event
        return None


@given(differences(), options)
def test_a_variance_of_zero_is_a_common_effect(effects: Effects, how: Options) -> None:
    random = pool(effects, replace(how, model="random"))
    common = pool(effects, replace(how, model="common"))
    if random.heterogeneity.tau2 == 0:
        assert (random.effect, random.se, random.weights) == (common.effect, common.se, common.weights)
    else:
        # Weights even out: the most precise study weighs less, and without Hartung–Knapp nothing is more certain.
        assert max(random.weights) <= max(common.weights) * (1 + SUMMED)
        assert how.interval != "normal" or random.se > common.se


@given(st.lists(means(), min_size=2, max_size=8), st.sampled_from([0.001, 2.0, 1000.0]), options)
def test_units_scale_a_mean_difference_and_leave_a_standardised_one(
    rows: list[TwoMeans], factor: float, how: Options
) -> None:
    scaled = [
        replace(
            row, mean_a=factor * row.mean_a, sd_a=factor * row.sd_a, mean_b=factor * row.mean_b, sd_b=factor * row.sd_b
        )
        for row in rows
    ]
    was, now = (pool(effects_of("MD", one), how) for one in (rows, scaled))
    assert now.effect.value == pytest.approx(factor * was.effect.value, rel=SUMMED, abs=factor * SUMMED)
    assert now.se == pytest.approx(factor * was.se, rel=SUMMED, abs=factor * SUMMED)
    assert now.heterogeneity.tau2 == pytest.approx(factor**2 * was.heterogeneity.tau2, rel=1e-6, abs=factor**2 * SUMMED)
    was, now = (pool(effects_of("SMD", one), how) for one in (rows, scaled))
    assert numbers_of(now) == pytest.approx(numbers_of(was), rel=1e-6, abs=SUMMED)


@given(differences(), st.floats(-5, 5))
def test_a_study_that_knows_nothing_does_not_move_a_common_effect(effects: Effects, value: float) -> None:
    how = Options(model="common")
    vague = effects_of("MD", [*effects.rows, Reported("vague", value, se=1e7)])
    assert pool(vague, how).effect.value == pytest.approx(pool(effects, how).effect.value, abs=1e-9)


@given(differences(), st.floats(-10, 10), options)
def test_adding_the_same_to_all_shifts_the_effect(effects: Effects, shift: float, how: Options) -> None:
    was, now = pool(effects, how), pool(replace(effects, estimates=effects.estimates + shift), how)
    moved = [now.effect.value - shift, now.effect.low - shift, now.effect.high - shift, now.se]
    assert moved == pytest.approx([was.effect.value, was.effect.low, was.effect.high, was.se], rel=1e-7, abs=1e-7)


@given(differences(), options)
def test_weights_sum_to_a_hundred_and_the_effect_lies_among_the_studies(effects: Effects, how: Options) -> None:
    found = pool(effects, how)
    assert sum(found.weights) == pytest.approx(100)
    assert min(found.weights) > 0
    # The mean of equal numbers may miss them by the last digit.
    assert effects.estimates.min() - SUMMED <= found.effect.value <= effects.estimates.max() + SUMMED
    assert [line.weight for line in lines_of(effects, found)] == list(found.weights)


@given(differences(), options)
def test_hartung_knapp_at_least_normal_is_never_narrower(effects: Effects, how: Options) -> None:
    normal, plain, at_least = (pool(effects, replace(how, interval=one)) for one in get_args(IntervalMethod))
    assert at_least.se == pytest.approx(max(normal.se, plain.se), rel=1e-12)
    width = at_least.effect.high - at_least.effect.low
    assert width >= (normal.effect.high - normal.effect.low) * (1 - 1e-12)


@given(differences())
def test_the_q_profile_meets_its_quantiles(effects: Effects) -> None:
    spread = pool(effects).heterogeneity
    assert spread.tau2_low is not None
    assert spread.tau2_high is not None
    assert 0 <= spread.tau2_low <= spread.tau2_high
    data = Data(effects.estimates, effects.variances)
    wide = pool(effects, Options(level=0.99)).heterogeneity
    assert wide.tau2_high is not None
    assert wide.tau2_high >= spread.tau2_high
    if spread.tau2_low > 0:
        above, below = q_and_slope(data, spread.tau2_low * (1 - 1e-6))[0], q_and_slope(data, spread.tau2_low)[0]
        assert above > below


@given(differences(), options)
def test_a_prediction_interval_holds_the_normal_interval(effects: Effects, how: Options) -> None:
    found = pool(effects, replace(how, model="random", interval="normal"))
    if found.prediction is not None:
        assert found.prediction[0] <= found.effect.low
        assert found.prediction[1] >= found.effect.high


@given(
    st.lists(differences(least=1), min_size=1, max_size=6),
    st.sampled_from(["DL", "PM", "REML"]),
    st.sampled_from(get_args(IntervalMethod)),
    st.sampled_from(get_args(Model)),
)
def test_many_at_once_are_pooled_as_one_by_one(
    analyses: list[Effects], tau2: Tau2, interval: IntervalMethod, model: Model
) -> None:
    how = Options(model=model, tau2=tau2, interval=interval)
    widest = max(len(one.rows) for one in analyses)
    mask = np.array([[at < len(one.rows) for at in range(widest)] for one in analyses])
    y, v = (np.full(mask.shape, np.nan) for _ in range(2))
    for row, one in enumerate(analyses):
        y[row, : len(one.rows)], v[row, : len(one.rows)] = one.estimates, one.variances
    found = pool_many(y, v, mask, how)
    single = [pool(one, how) for one in analyses]
    at_once = np.column_stack([found.effect, found.low, found.high, found.se, found.p, found.q, found.tau2, found.i2])
    np.testing.assert_allclose(at_once, [numbers_of(one) for one in single], rtol=TOGETHER, atol=TOGETHER)
    assert found.k.tolist() == [one.k for one in single]


@given(tables(empty=False))
def test_a_double_arcsine_returns_to_its_proportion(row: TwoByTwo) -> None:
    effects = effects_of("PFT", [OneProportion("one", row.events_a, row.n_a)])
    found = pool(effects, Options(model="common"))
    assert shown_double_arcsine(found.effect.value, [row.n_a]) == pytest.approx(row.events_a / row.n_a, abs=1e-9)
    assert double_arcsine(row.events_a / row.n_a, row.n_a) == pytest.approx(found.effect.value)


@given(st.lists(tables(empty=False), min_size=1, max_size=6), st.sampled_from(["RR", "OR", "RD"]))
def test_conventions_agree_where_no_cell_is_empty(rows: list[TwoByTwo], measure: str) -> None:
    how = [Options(model="common", method="mantel-haenszel", zero_cells=one) for one in get_args(ZeroCells)]
    found = [pool(effects_of(measure, rows, one.zero_cells), one) for one in how]
    assert len({(one.effect, one.se, one.heterogeneity) for one in found}) == 1


@given(tables(empty=False), st.integers(2, 5))
def test_copies_of_a_table_only_make_it_surer(row: TwoByTwo, copies: int) -> None:
    for measure in ("RR", "OR", "RD"):
        effects = effects_of(measure, [row] * copies)
        found = pool(effects, Options(model="common", method="mantel-haenszel"))
        alone = pool(effects_of(measure, [row]), Options(model="common", method="mantel-haenszel"))
        assert found.effect.value == pytest.approx(alone.effect.value, rel=1e-9, abs=1e-12)
        assert found.se == pytest.approx(alone.se / math.sqrt(copies), rel=1e-9)
        assert found.heterogeneity.q == pytest.approx(0, abs=1e-12)
