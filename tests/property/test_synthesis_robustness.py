"""What holds of every analysis around a pooled effect, whatever the studies.

Drawn studies differ in precision and in effect; orders, units and duplicates are drawn with them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import sqrt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ivigil.knowledge.grading_records import HintRule
from ivigil.knowledge.records import Passage
from ivigil.synthesis.cumulative import cumulative
from ivigil.synthesis.effects import effects_of
from ivigil.synthesis.leave_out import leave_one_out
from ivigil.synthesis.moderators import Categorical, Numeric
from ivigil.synthesis.options import Options
from ivigil.synthesis.pool import pool
from ivigil.synthesis.regression import regress
from ivigil.synthesis.results import Effects
from ivigil.synthesis.rows import Reported
from ivigil.synthesis.selection import chosen
from ivigil.synthesis.small_study import begg, egger
from ivigil.synthesis.subgroups import Variance, pool_subgroups
from ivigil.synthesis.trim_fill import Estimator, Side, trim_and_fill

CLOSE = 1e-8  # closed forms in another order of summation, over studies whose weights differ a thousandfold
ITERATED = 1e-6  # where τ² is the end of an iteration, its last digits depend on the order of summation
FEW = HintRule("few", "publication bias", "a rule", Passage("a-source", "a place"), Decimal(10), "studies")
EXAMPLES = settings(max_examples=30)  # each draws and pools several times

# Effects and errors on a coarse grid: studies tie often, and none is so close to another that rounding decides.
effect = st.integers(-30, 30).map(lambda at: at / 10)
error = st.integers(1, 30).map(lambda at: at / 10)
option = st.sampled_from(
    [
        Options(model="common"),
        Options(tau2="DL"),
        Options(tau2="PM"),
        Options(tau2="DL", interval="hartung-knapp"),
        Options(tau2="REML"),
    ]
)
variance = st.sampled_from(["separate", "common"])


@dataclass(frozen=True)
class Drawn:
    """Studies with something known of each, in two orders."""

    values: tuple[float, ...]
    errors: tuple[float, ...]
    doses: tuple[float, ...]
    groups: tuple[str, ...]
    order: tuple[int, ...]

    @property
    def labels(self) -> tuple[str, ...]:
        return tuple(f"study {at}" for at in range(len(self.values)))

    @property
    def effects(self) -> Effects:
        return mean_differences(self.labels, self.values, self.errors)

    @property
    def shuffled(self) -> Effects:
        return chosen(self.effects, self.order)

    @property
    def dose_of(self) -> dict[str, float]:
        return dict(zip(self.labels, self.doses, strict=True))

    @property
    def group_of(self) -> dict[str, str]:
        return dict(zip(self.labels, self.groups, strict=True))


def mean_differences(labels: Sequence[str], values: Sequence[float], errors: Sequence[float]) -> Effects:
    return effects_of("MD", [Reported(*row[:2], se=row[2]) for row in zip(labels, values, errors, strict=True)])


@st.composite
def studies(draw: st.DrawFn) -> Drawn:
    """Five to nine studies, two at least in each of two subgroups, of more than one precision and dose."""
    k = draw(st.integers(5, 9))
    values = draw(st.lists(effect, min_size=k, max_size=k))
    errors = draw(st.lists(error, min_size=k, max_size=k).filter(lambda held: len(set(held)) > 1))
    doses = draw(st.lists(st.integers(1, 9), min_size=k, max_size=k).filter(lambda held: len(set(held)) > 1))
    groups = ("a", "a", "b", "b", *draw(st.lists(st.sampled_from("ab"), min_size=k - 4, max_size=k - 4)))
    order = draw(st.permutations(range(k)))
    return Drawn(tuple(values), tuple(errors), tuple(map(float, doses)), groups, tuple(order))


@EXAMPLES
@given(drawn=studies(), options=option, variance=variance)
def test_the_order_of_studies_never_matters_to_subgroups(drawn: Drawn, options: Options, variance: Variance) -> None:
    one, other = (pool_subgroups(each, drawn.group_of, options, variance) for each in (drawn.effects, drawn.shuffled))
    for a, b in zip(one.groups, other.groups, strict=True):
        assert (a.effect.value, a.se, a.tau2) == pytest.approx((b.effect.value, b.se, b.tau2), abs=ITERATED)
        assert set(a.labels) == set(b.labels)


@EXAMPLES
@given(drawn=studies(), options=option)
def test_the_order_of_studies_never_matters_to_a_regression(drawn: Drawn, options: Options) -> None:
    dose = [Numeric("dose", drawn.dose_of)]
    one, other = (regress(each, dose, options) for each in (drawn.effects, drawn.shuffled))
    for a, b in zip(one.coefficients, other.coefficients, strict=True):
        assert (a.effect.value, a.se) == pytest.approx((b.effect.value, b.se), abs=ITERATED)


@EXAMPLES
@given(drawn=studies(), options=option)
def test_the_order_of_studies_never_matters_to_leaving_out(drawn: Drawn, options: Options) -> None:
    one, other = ({x.label: x.pooled for x in leave_one_out(each, options)} for each in (drawn.effects, drawn.shuffled))
    for label, pooled in one.items():
        assert pooled.effect.value == pytest.approx(other[label].effect.value, abs=ITERATED)


@EXAMPLES
@given(drawn=studies())
def test_the_order_of_studies_never_matters_to_funnels(drawn: Drawn) -> None:
    for test in (egger, begg):
        one, other = (test(each, FEW) for each in (drawn.effects, drawn.shuffled))
        if np.isfinite(one.statistic) and abs(one.statistic) < 1 / ITERATED:  # not where all lie on one line
            assert one.p == pytest.approx(other.p, abs=ITERATED)
    one, other = (trim_and_fill(each, Options(model="common"), side="left") for each in (drawn.effects, drawn.shuffled))
    assert one.missing == other.missing
    assert one.pooled.effect.value == pytest.approx(other.pooled.effect.value, abs=CLOSE)


@EXAMPLES
@given(drawn=studies(), options=option, variance=variance)
def test_one_subgroup_is_the_whole(drawn: Drawn, options: Options, variance: Variance) -> None:
    (only,) = pool_subgroups(drawn.effects, dict.fromkeys(drawn.labels, "all"), options, variance).groups
    whole = pool(drawn.effects, options)
    assert (only.effect.value, only.se, only.tau2) == pytest.approx(
        (whole.effect.value, whole.se, whole.heterogeneity.tau2), abs=ITERATED
    )


@EXAMPLES
@given(drawn=studies(), options=option)
def test_a_regression_without_moderators_is_the_pooled_effect(drawn: Drawn, options: Options) -> None:
    (mean,), whole = regress(drawn.effects, [], options).coefficients, pool(drawn.effects, options)
    assert (mean.effect.value, mean.effect.low, mean.se) == pytest.approx(
        (whole.effect.value, whole.effect.low, whole.se), abs=ITERATED
    )


@EXAMPLES
@given(drawn=studies(), options=option)
def test_leaving_out_a_study_that_stands_twice_restores_the_original(drawn: Drawn, options: Options) -> None:
    twice = chosen(drawn.effects, [*range(len(drawn.values)), 0])
    assert leave_one_out(twice, options)[-1].pooled == pool(drawn.effects, options)
    assert leave_one_out(twice, options)[0].pooled.effect.value == pytest.approx(
        pool(drawn.effects, options).effect.value, abs=ITERATED
    )


@EXAMPLES
@given(drawn=studies(), options=option)
def test_the_last_of_the_cumulative_steps_is_the_whole(drawn: Drawn, options: Options) -> None:
    steps = cumulative(drawn.effects, drawn.doses, options)
    assert [step.at for step in steps] == sorted(drawn.doses)
    assert steps[-1].pooled.effect.value == pytest.approx(pool(drawn.effects, options).effect.value, abs=ITERATED)


@EXAMPLES
@given(
    half=st.lists(st.tuples(effect, error), min_size=2, max_size=5),
    centre=effect,
    middle=st.integers(0, 1),
    estimator=st.sampled_from(["L0", "R0"]),
    side=st.sampled_from(["left", "right"]),
)
def test_a_symmetric_funnel_lacks_no_study(
    half: list[tuple[float, float]],
    centre: float,
    middle: int,
    estimator: Estimator,
    side: Side,
) -> None:
    pairs = [(centre + sign * away, se) for away, se in half for sign in (-1, 1)] + [(centre, 0.5)] * middle
    effects = mean_differences([str(at) for at in range(len(pairs))], *zip(*pairs, strict=True))
    found = trim_and_fill(effects, Options(model="common"), estimator, side)
    assert found.missing == 0
    assert found.pooled.effect.value == pytest.approx(centre, abs=CLOSE)


@EXAMPLES
@given(drawn=studies(), options=option, scale=st.sampled_from([0.01, 7.0, 1000.0]))
def test_units_scale_coefficients_and_never_p_values(drawn: Drawn, options: Options, scale: float) -> None:
    scaled = mean_differences(drawn.labels, [scale * at for at in drawn.values], [scale * at for at in drawn.errors])
    group = [Categorical("group", drawn.group_of, "a")] if "b" in drawn.groups else []
    one, other = (regress(each, group, options) for each in (drawn.effects, scaled))
    for a, b in zip(one.coefficients, other.coefficients, strict=True):
        assert b.effect.value / scale == pytest.approx(a.effect.value, abs=ITERATED)
        assert b.p == pytest.approx(a.p, abs=sqrt(ITERATED))  # a p value near its steepest doubles small errors
