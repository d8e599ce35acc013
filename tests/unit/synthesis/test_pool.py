"""Pooling by inverse variance: pinned to metafor 3.8-1, and the cases at the edge."""

from __future__ import annotations

import pytest
from tests.unit.synthesis.made_up import VALUES, VARIANCES, differences

from ivigil.documents import BadInput
from ivigil.synthesis import IntervalMethod, OneCorrelation, Options, Reported, effects_of, pool

PRINTED = 1e-9  # metafor's REML, its threshold at 1e-13, seen through a square root and a quantile
ALL = differences(VALUES, VARIANCES)
HK: IntervalMethod = "hartung-knapp"
AT_LEAST: IntervalMethod = "hartung-knapp-at-least-normal"


def near(*expected: float) -> object:
    return pytest.approx(expected, rel=PRINTED)


def test_a_common_effect() -> None:
    found = pool(ALL, Options(model="common"))
    spread = found.heterogeneity
    assert (found.effect.value, found.se, spread.q, spread.i2, spread.h2) == near(
        -0.37989700202317, 0.08137136173254, 28.68257617558702, 75.59493973920655, 4.09751088222672
    )
    assert (found.prediction, spread.tau2, spread.tau2_low, found.k) == (None, 0, None, 8)


@pytest.mark.parametrize(
    ("interval", "expected"),
    [
        ("normal", (-0.614139218588410, 0.199676438533499, -1.005497846675294, -0.222780590501525, 0.002100287946797)),
        (HK, (-0.61413921858841, 0.21293477004690, -1.11764993984865, -0.11062849732817, 0.02351127151828)),
        (AT_LEAST, (-0.61413921858841, 0.21293477004690, -1.11764993984865, -0.11062849732817, 0.02351127151828)),
    ],
)
def test_effects_that_vary(interval: IntervalMethod, expected: tuple[float, ...]) -> None:
    found = pool(ALL, Options(interval=interval))
    assert (found.effect.value, found.se, found.effect.low, found.effect.high, found.p) == near(*expected)
    assert found.df == (None if interval == "normal" else 7)


def test_weights() -> None:
    assert pool(ALL).weights == near(
        15.470679244827,
        16.772280149073,
        7.701239385447,
        12.956901390003,
        16.095207838756,
        10.555681971741,
        14.892806406054,
        5.555203614100,
    )


def test_prediction_intervals() -> None:
    assert pool(ALL).prediction == near(-1.8560244598223, 0.6277460226455)
    assert pool(ALL, Options(prediction="normal")).prediction == near(-1.6088829992486, 0.3806045620718)
    knapp = pool(ALL, Options(interval=HK, prediction="t-k-1"))
    assert knapp.prediction == near(-1.8269377435645, 0.5986593063877)


def test_the_q_profile() -> None:
    spread = pool(ALL).heterogeneity
    assert (spread.tau2, spread.tau2_low, spread.tau2_high) == near(0.2177177089284, 0.05116699121859, 1.736843066629)
    assert (spread.i2, spread.i2_low, spread.i2_high) == near(78.7505682859495, 46.55174880074090, 96.728249859760)
    assert spread.h2 == pytest.approx(4.7060082050984, rel=PRINTED)


def test_one_study_is_its_own_result() -> None:
    for options in (Options(), Options(interval=HK), Options(model="common")):
        found = pool(differences([0.4], [0.04]), options)
        assert (found.effect.value, found.se) == pytest.approx((0.4, 0.2))
        assert (found.weights, found.df) == ((100.0,), None)
        assert (found.heterogeneity.p, found.heterogeneity.tau2_high, found.prediction) == (None, None, None)
        assert any("one study only" in warning for warning in found.warnings)


def test_two_studies_have_no_prediction_interval_of_t_k_2() -> None:
    pair = differences([0.1, 0.9], [0.04, 0.05])
    assert pool(pair).prediction is None
    assert any("too few studies for a prediction" in warning for warning in pool(pair).warnings)
    assert pool(pair, Options(prediction="t-k-1")).prediction is not None


def test_a_variance_of_zero_is_said() -> None:
    found = pool(differences([0.30, 0.31, 0.32], [0.04, 0.05, 0.06]))
    assert any("τ² (REML) is 0" in warning for warning in found.warnings)
    assert found.heterogeneity.tau2_low == found.heterogeneity.tau2_high == 0


def test_a_narrow_hartung_knapp_interval_is_said() -> None:
    alike = differences([0.30, 0.31, 0.32], [0.04, 0.05, 0.06])
    assert any("agree more than chance" in warning for warning in pool(alike, Options(interval=HK)).warnings)
    assert pool(alike, Options(interval=AT_LEAST)).se == pytest.approx(pool(alike).se)


def test_equal_effects_leave_hartung_knapp_no_error() -> None:
    found = pool(differences([0.5, 0.5, 0.5], [0.04, 0.05, 0.06]), Options(interval=HK))
    assert (found.se, found.p, found.effect.low) == (0.0, 0.0, 0.5)
    nothing = pool(differences([0.0, 0.0, 0.0], [0.04, 0.05, 0.06]), Options(interval=HK))
    assert (nothing.statistic, nothing.p) == (0.0, 1.0)


def test_the_level_widens_every_interval() -> None:
    narrow, wide = (pool(ALL, Options(level=level)) for level in (0.9, 0.99))
    assert wide.effect.low < narrow.effect.low
    assert wide.effect.high > narrow.effect.high
    assert wide.heterogeneity.tau2_high is not None
    assert narrow.heterogeneity.tau2_high is not None
    assert wide.heterogeneity.tau2_high > narrow.heterogeneity.tau2_high
    assert wide.p == narrow.p


def test_nothing_to_pool_is_refused_with_the_reasons() -> None:
    with pytest.raises(BadInput, match="only: a correlation of 1 or -1"):
        pool(effects_of("COR", [OneCorrelation("only", 1, 8)]))


@pytest.mark.parametrize(
    ("options", "where"),
    [
        (Options(level=95), "option level"),
        (Options(tau2="XX"), "option tau2"),  # type: ignore[arg-type] # what a file may hold
        (Options(method="mantel-haenszel"), "option model"),
        (Options(method="peto", model="common", interval=HK), "option interval"),
    ],
)
def test_options_that_cannot_be_are_refused(options: Options, where: str) -> None:
    with pytest.raises(BadInput, match=where):
        pool(ALL, options)


def test_tables_are_needed_for_mantel_haenszel() -> None:
    rows = [Reported("one", 0.5, se=0.2)]
    with pytest.raises(BadInput, match="row 1, one"):
        pool(effects_of("RR", rows), Options(method="mantel-haenszel", model="common"))
    with pytest.raises(BadInput, match="one of RR, OR, RD"):
        pool(ALL, Options(method="mantel-haenszel", model="common"))
    with pytest.raises(BadInput, match="the measure PETO"):
        pool(ALL, Options(method="peto", model="common"))
