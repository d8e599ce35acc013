"""Subgroups and the test of their difference, as metafor and RevMan do it."""

import pytest
from tests.unit.synthesis.made_up import EIGHT, GROUP_OF, LABELS, PRINTED, REML, TABLES, differences

from ivigil.documents import BadInput
from ivigil.synthesis.effects import effects_of
from ivigil.synthesis.moderators import Categorical
from ivigil.synthesis.options import Options
from ivigil.synthesis.pool import pool
from ivigil.synthesis.regression import regress
from ivigil.synthesis.subgroups import Subgroups, Variance, pool_subgroups

COMMON = Options(model="common")
KNAPP = Options(interval="hartung-knapp")


def values(found: Subgroups) -> list[float]:
    return [one.effect.value for one in found.groups]


def errors(found: Subgroups) -> list[float]:
    return [one.se for one in found.groups]


def difference(found: Subgroups) -> tuple[float, float]:
    assert found.difference is not None
    return found.difference.statistic, found.difference.p


def test_separate_variances_by_reml() -> None:
    found = pool_subgroups(EIGHT, GROUP_OF)
    assert [one.name for one in found.groups] == ["a", "b", "c"]
    assert found.groups[0].labels == ("study 1", "study 4")
    assert values(found) == pytest.approx([-0.807692307692, -0.122170012473, -1.34172661871], abs=REML)
    assert errors(found) == pytest.approx([0.166410058868, 0.113072331812, 0.293821264125], abs=REML)
    assert difference(found) == pytest.approx((22.1913280943, 1.51779924081e-05), abs=REML)


def test_a_common_variance_by_reml() -> None:
    found = pool_subgroups(EIGHT, GROUP_OF, variance="common")
    assert values(found) == pytest.approx([-0.8045582621, -0.122200708367, -1.34368587605], abs=REML)
    assert errors(found) == pytest.approx([0.172685866895, 0.105182807331, 0.296369438188], abs=REML)
    assert [one.tau2 for one in found.groups] == pytest.approx([0.00373386093387] * 3, abs=REML)
    assert difference(found) == pytest.approx((22.5980070247, 1.2385259873e-05), abs=10 * REML)


def test_a_common_variance_with_hartung_and_knapp_gives_f() -> None:
    found = pool_subgroups(EIGHT, GROUP_OF, KNAPP, "common")
    assert errors(found) == pytest.approx([0.158078434275, 0.0962854331649, 0.271299658728], abs=REML)
    assert difference(found) == pytest.approx((13.4836814088, 0.00967515620593), abs=10 * REML)
    assert found.difference is not None
    assert (found.difference.df, found.difference.df2) == (2, 5)


@pytest.mark.parametrize("variance", ["separate", "common"])
def test_a_common_effect_knows_no_variance_to_share(variance: Variance) -> None:
    found = pool_subgroups(EIGHT, GROUP_OF, COMMON, variance)
    assert values(found) == pytest.approx([-0.807692307692, -0.122580645161, -1.34172661871], abs=PRINTED)
    assert difference(found) == pytest.approx((24.1664578544, 5.65353849136e-06), abs=PRINTED)


def test_heterogeneity_of_a_common_effect_splits_into_within_and_between() -> None:
    found = pool_subgroups(EIGHT, GROUP_OF, COMMON)
    within = sum(one.alone.heterogeneity.q for one in found.groups)
    assert within + difference(found)[0] == pytest.approx(pool(EIGHT, COMMON).heterogeneity.q, abs=PRINTED)


@pytest.mark.parametrize("variance", ["separate", "common"])
@pytest.mark.parametrize("options", [Options(), Options(tau2="DL"), COMMON, KNAPP])
def test_one_subgroup_is_the_whole(options: Options, variance: Variance) -> None:
    found = pool_subgroups(EIGHT, dict.fromkeys(LABELS, "all"), options, variance)
    whole, (only,) = pool(EIGHT, options), found.groups
    assert (only.effect.value, only.effect.low, only.effect.high, only.se, only.p, only.tau2) == pytest.approx(
        (whole.effect.value, whole.effect.low, whole.effect.high, whole.se, whole.p, whole.heterogeneity.tau2), abs=REML
    )
    assert found.difference is None


@pytest.mark.parametrize("options", [Options(tau2="DL"), Options(tau2="DL", interval="hartung-knapp"), COMMON])
def test_a_common_variance_is_a_meta_regression_on_the_subgroup(options: Options) -> None:
    found = pool_subgroups(EIGHT, GROUP_OF, options, "common")
    line = regress(EIGHT, [Categorical("group", GROUP_OF, "a")], options)
    assert line.moderators is not None
    assert difference(found) == pytest.approx((line.moderators.statistic, line.moderators.p), abs=PRINTED)


def test_tables_pooled_by_mantel_and_haenszel_have_subgroups_too() -> None:
    effects = effects_of("RR", TABLES)
    options = Options(model="common", method="mantel-haenszel")
    groups = {row.label: "small" if row.n_a < 60 else "large" for row in TABLES}
    found = pool_subgroups(effects, groups, options)
    a, b = found.groups
    q = (a.effect.value - b.effect.value) ** 2 / (a.se**2 + b.se**2)
    assert difference(found)[0] == pytest.approx(q, abs=PRINTED)
    with pytest.raises(BadInput, match="inverse-variance"):
        pool_subgroups(effects, groups, options, "common")


def test_every_study_needs_a_subgroup() -> None:
    with pytest.raises(BadInput) as raised:
        pool_subgroups(EIGHT, dict.fromkeys(LABELS[2:], "a"))
    assert [fault.where for fault in raised.value.faults] == ["subgroup of study 1", "subgroup of study 2"]


def test_subgroups_of_one_study_each_share_no_variance() -> None:
    with pytest.raises(BadInput, match="separate"):
        pool_subgroups(EIGHT, {label: label for label in LABELS}, variance="common")


def test_subgroups_without_any_error_differ_or_do_not() -> None:
    groups = dict(zip(LABELS, "aabbaabb", strict=True))
    same = differences([1.0] * 8, [0.1] * 8)
    apart = differences([1.0, 1.0, 2.0, 2.0] * 2, [0.1] * 8)
    assert [difference(pool_subgroups(one, groups, KNAPP))[1] for one in (same, apart)] == [1, 0]
