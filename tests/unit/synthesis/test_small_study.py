"""Tests of funnel asymmetry: as metafor's regtest and ranktest, and as R's lm fits Harbord's and Peters' lines."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import pytest
from tests.unit.synthesis.made_up import EIGHT, FEW, PRINTED, REML, TABLES, VALUES, VARIANCES, differences

from ivigil.documents import BadInput
from ivigil.knowledge.grading_records import HintRule
from ivigil.synthesis.effects import effects_of
from ivigil.synthesis.options import Options
from ivigil.synthesis.results import Effects, Estimate
from ivigil.synthesis.rows import TwoByTwo
from ivigil.synthesis.small_study import SmallStudyTest, begg, egger, egger_mixed, harbord, peters

ODDS = effects_of("OR", TABLES)
FLAT = differences([0.1, 0.2, 0.3], [0.1, 0.1, 0.1])


def figures(test: SmallStudyTest) -> tuple[float, ...]:
    limit = test.limit or Estimate(0, 0, 0)
    return (test.statistic, test.p, limit.value, limit.low, limit.high)


def test_egger() -> None:
    found = egger(EIGHT, FEW)
    expected = (-2.78838132859, 0.0316450240881, 0.308488094174, -0.360440525973, 0.977416714321)
    assert figures(found) == pytest.approx(expected, abs=PRINTED)
    assert (found.of, found.df) == ("t", 6)


def test_egger_with_mixed_effects() -> None:
    found = egger_mixed(EIGHT, FEW)
    expected = (-3.15240125455, 0.00161933581135, 0.287344539865, -0.277367617814, 0.852056697544)
    assert figures(found) == pytest.approx(expected, abs=10 * REML)
    assert (found.of, found.df) == ("z", None)
    assert egger_mixed(EIGHT, FEW, Options(interval="hartung-knapp")).of == "t"


def test_begg_is_exact_without_ties() -> None:
    found = begg(EIGHT, FEW)
    assert (found.statistic, found.p) == pytest.approx((-0.571428571429, 0.0610119047619), abs=PRINTED)
    assert found.exact


def test_begg_is_approximate_with_ties() -> None:
    tied = differences(VALUES, [*VARIANCES[:4], 0.04, *VARIANCES[5:]])
    found = begg(tied, FEW)
    assert (found.statistic, found.p) == pytest.approx((-0.54554472559, 0.0614649096074), abs=PRINTED)
    assert not found.exact


def test_harbord() -> None:
    found = harbord(ODDS, FEW)
    assert found.slope is not None
    assert (*figures(found)[:3], found.slope.value) == pytest.approx(
        (-19.4626763283, 4.10899862276e-05, -0.0142279050722, -1.57412910374), abs=PRINTED
    )


def test_harbord_needs_counts_alone() -> None:
    assert figures(harbord(ODDS, FEW)) == figures(harbord(effects_of("RR", TABLES), FEW))


def test_peters() -> None:
    found = peters(ODDS, FEW)
    assert found.slope is not None
    assert (*figures(found)[:3], found.slope.value) == pytest.approx(
        (-4.6510147399, 0.00965413023535, -0.405322116989, -42.6176089324), abs=PRINTED
    )


@pytest.mark.parametrize("test", [harbord, peters])
def test_a_table_without_events_says_nothing(test: Callable[[Effects, HintRule], SmallStudyTest]) -> None:
    further = effects_of("OR", [*TABLES, TwoByTwo("nobody", 0, 30, 0, 30)])
    assert figures(test(further, FEW)) == figures(test(ODDS, FEW))


def test_few_studies_are_remarked_by_a_rule_with_a_source() -> None:
    found = egger(EIGHT, FEW)
    assert found.remark is not None
    assert "8 studies, fewer than the 10" in found.remark
    assert found.rule == "few"
    assert egger(EIGHT, replace(FEW, threshold=Decimal(8))).remark is None


def test_swapping_the_arms_turns_the_sign() -> None:
    turned = effects_of("OR", [TwoByTwo(row.label, row.events_b, row.n_b, row.events_a, row.n_a) for row in TABLES])
    for test in (egger, egger_mixed, begg, harbord, peters):
        one, other = test(ODDS, FEW), test(turned, FEW)
        assert other.statistic == pytest.approx(-one.statistic, abs=REML)
        assert other.p == pytest.approx(one.p, abs=REML)


def test_studies_of_one_size_or_too_few_are_refused() -> None:
    for test in (egger, egger_mixed, begg):
        with pytest.raises(BadInput, match="precision"):
            test(FLAT, FEW)
        with pytest.raises(BadInput, match="at least 3"):
            test(differences([0.1, 0.2], [0.1, 0.2]), FEW)


def test_tables_are_asked_for() -> None:
    for test in (harbord, peters):
        with pytest.raises(BadInput):
            test(EIGHT, FEW)
    with pytest.raises(BadInput, match="expected OR"):
        peters(effects_of("RR", TABLES), FEW)


def test_one_study_with_all_the_weight_leaves_no_ranks() -> None:
    with pytest.raises(BadInput, match="all the weight"):
        begg(differences([0.1, 0.2, 0.3], [1e-20, 1.0, 2.0]), FEW)
