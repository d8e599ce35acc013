"""Meta-regression: as metafor's rma(mods = …), and refused where it cannot be had."""

import math

import numpy as np
import pytest
from tests.unit.synthesis.made_up import DOSE_OF, EIGHT, GROUP_OF, LABELS, PRINTED, REML, differences

from ivigil.documents import BadInput
from ivigil.synthesis.moderators import Categorical, Numeric
from ivigil.synthesis.options import Options
from ivigil.synthesis.pool import pool
from ivigil.synthesis.regression import regress

DOSE = Numeric("dose", DOSE_OF)
GROUP = Categorical("group", GROUP_OF, "a")
KNAPP = Options(tau2="DL", interval="hartung-knapp")


def test_a_number_and_a_category_by_reml() -> None:
    found = regress(EIGHT, [DOSE, GROUP])
    assert [one.name for one in found.coefficients] == ["intercept", "dose", "group: b", "group: c"]
    expected = [-1.47096082285, 0.057483271314, 0.183880358815, -2.1270875821]
    assert [one.effect.value for one in found.coefficients] == pytest.approx(expected, abs=REML)
    errors = [0.53849188268, 0.0443849437952, 0.432612414969, 1.27556196049]
    assert [one.se for one in found.coefficients] == pytest.approx(errors, abs=REML)
    p = [0.00630217866892, 0.195283165748, 0.670802834663, 0.0954013165387]
    assert [one.p for one in found.coefficients] == pytest.approx(p, abs=REML)
    assert found.moderators is not None
    assert (found.moderators.statistic, found.moderators.df) == (pytest.approx(25.8437611577, abs=REML), 3)
    assert (found.residual.q, found.residual.p) == pytest.approx((2.83881501785, 0.585151301729), abs=PRINTED)
    assert (found.residual.tau2, found.r2) == pytest.approx((0, 100), abs=REML)


def test_knapp_and_hartung_with_dersimonian_and_laird() -> None:
    found = regress(EIGHT, [DOSE], KNAPP)
    assert [one.effect.value for one in found.coefficients] == pytest.approx(
        [0.0648321856801, -0.0301909994888], abs=PRINTED
    )
    assert [one.se for one in found.coefficients] == pytest.approx([0.459911496233, 0.0186938637427], abs=PRINTED)
    assert [one.effect.low for one in found.coefficients] == pytest.approx(
        [-1.06053070493, -0.0759332362246], abs=PRINTED
    )
    assert found.moderators is not None
    assert (found.moderators.statistic, found.moderators.p) == pytest.approx(
        (2.60829576318, 0.157433134104), abs=PRINTED
    )
    assert (found.moderators.df, found.moderators.df2, found.df) == (1, 6, 6)
    spread = found.residual
    assert (spread.q, spread.tau2, spread.i2) == pytest.approx(
        (28.3735401917, 0.20905957555, 78.8535376288), abs=PRINTED
    )
    assert found.r2 == 0


def test_the_interval_of_the_residual_variance() -> None:
    found = regress(EIGHT, [DOSE]).residual
    assert (found.tau2_low, found.tau2_high) == pytest.approx((0.04703276073, 1.244198701), abs=PRINTED)
    assert (found.i2_low, found.i2_high) == pytest.approx((45.61987363478, 95.688231926), abs=PRINTED)
    assert found.h2 == pytest.approx(4.9463169269, abs=10 * REML)


@pytest.mark.parametrize("interval", ["normal", "hartung-knapp", "hartung-knapp-at-least-normal"])
@pytest.mark.parametrize("model", ["common", "random"])
def test_without_moderators_it_is_the_pooled_effect(model: str, interval: str) -> None:
    options = Options(model=model, tau2="DL", interval=interval)  # type: ignore[arg-type] # named by the parameters
    pooled, found = pool(EIGHT, options), regress(EIGHT, [], options)
    (mean,) = found.coefficients
    assert (mean.effect.value, mean.effect.low, mean.effect.high, mean.se, mean.p) == pytest.approx(
        (pooled.effect.value, pooled.effect.low, pooled.effect.high, pooled.se, pooled.p), abs=PRINTED
    )
    for name in ("q", "df", "p", "tau2", "i2", "h2"):
        assert getattr(found.residual, name) == pytest.approx(getattr(pooled.heterogeneity, name), abs=PRINTED)
    assert (found.moderators, found.r2) == (None, None)


def test_units_of_a_moderator_scale_its_coefficient_alone() -> None:
    tenth = Numeric("dose", {label: dose / 10 for label, dose in DOSE_OF.items()})
    one, other = regress(EIGHT, [DOSE], KNAPP), regress(EIGHT, [tenth], KNAPP)
    assert other.coefficients[1].effect.value == pytest.approx(10 * one.coefficients[1].effect.value, abs=PRINTED)
    assert other.coefficients[1].p == pytest.approx(one.coefficients[1].p, abs=PRINTED)
    assert other.residual.tau2 == pytest.approx(one.residual.tau2, abs=PRINTED)


def test_another_reference_tells_the_same_story() -> None:
    one, other = (regress(EIGHT, [Categorical("group", GROUP_OF, ref)], KNAPP) for ref in "ab")
    assert one.moderators is not None
    assert other.moderators is not None
    assert one.moderators.statistic == pytest.approx(other.moderators.statistic, abs=PRINTED)
    assert one.coefficients[1].effect.value == pytest.approx(-other.coefficients[1].effect.value, abs=PRINTED)


def test_a_calendar_year_costs_no_digits() -> None:
    year = Numeric("year", {label: 1980 + dose for label, dose in DOSE_OF.items()})
    one, other = regress(EIGHT, [DOSE], KNAPP), regress(EIGHT, [year], KNAPP)
    assert other.coefficients[1].effect.value == pytest.approx(one.coefficients[1].effect.value, rel=PRINTED)


def test_studies_exactly_on_a_line_leave_nothing_between_them() -> None:
    line = differences([2.0 * dose for dose in DOSE_OF.values()], [0.1] * 8)
    found = regress(line, [DOSE])
    assert found.coefficients[1].effect.value == pytest.approx(2.0, abs=PRINTED)
    assert found.residual.tau2 == 0
    assert found.r2 == 100
    knapp = regress(line, [DOSE], KNAPP).moderators
    assert knapp is not None
    assert knapp.p == pytest.approx(0, abs=PRINTED)


def test_what_a_moderator_lacks_is_listed_study_by_study() -> None:
    gappy = Numeric("dose", {LABELS[0]: 1.0, LABELS[1]: math.inf})
    with pytest.raises(BadInput) as raised:
        regress(EIGHT, [gappy, Categorical("group", GROUP_OF, "z")], Options(model="common", method="peto"))
    found = [fault.found for fault in raised.value.faults]
    assert len(found) == 6 + 1 + 1 + 1
    assert "no value for study 3" in found
    assert "reference z" in found


@pytest.mark.parametrize(
    "moderators",
    [
        [Numeric("flat", dict.fromkeys(LABELS, 3.0))],
        [DOSE, Numeric("twice the dose", {label: 2 * dose for label, dose in DOSE_OF.items()})],
        [GROUP, Numeric("in b", {label: float(group == "b") for label, group in GROUP_OF.items()})],
    ],
)
def test_moderators_that_cannot_be_told_apart_are_refused(moderators: list[Numeric | Categorical]) -> None:
    with pytest.raises(BadInput, match=moderators[-1].name):
        regress(EIGHT, moderators)


def test_too_few_studies_are_refused() -> None:
    pair = differences([0.1, 0.4], [0.1, 0.2])
    with pytest.raises(BadInput, match="more than 2"):
        regress(pair, [DOSE])


@pytest.mark.parametrize("twin", [DOSE, Categorical("dose", GROUP_OF, "a")])
def test_a_name_is_used_once(twin: Numeric | Categorical) -> None:
    with pytest.raises(BadInput, match="twice"):
        regress(EIGHT, [DOSE, twin])


def test_one_category_alone_says_nothing() -> None:
    with pytest.raises(BadInput, match="two categories"):
        regress(EIGHT, [Categorical("all", dict.fromkeys(LABELS, "a"), "a")])


def test_results_do_not_depend_on_the_order_of_studies() -> None:
    back = differences([*EIGHT.estimates[::-1]], [*EIGHT.variances[::-1]], LABELS[::-1])
    one, other = (regress(effects, [DOSE, GROUP], KNAPP) for effects in (EIGHT, back))
    pairs = zip(one.coefficients, other.coefficients, strict=True)
    assert np.allclose(*zip(*((a.effect.value, b.effect.value) for a, b in pairs), strict=True), atol=PRINTED)
