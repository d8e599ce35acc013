"""An analysis run again: where it stands to the published figure, and what cannot take part."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from math import exp, log

import pytest
from tests.unit.evidence.made_up import (
    PLACE,
    analysis,
    counted,
    holding,
    joining,
    missing,
    own,
    published,
    result,
    study,
)

from ivigil.documents import canonical_json
from ivigil.evidence.rows import used_in
from ivigil.evidence.running import rounds_to, run
from ivigil.explain.evidence_json import ran_values
from ivigil.knowledge.analysis_records import BaselineRisk
from ivigil.knowledge.study_records import ArmCount, ArmMean, ReportedEffect, Study
from ivigil.synthesis.options import Options

TWO = (counted("one", (20, 40), (10, 40)), counted("two", (30, 60), (15, 60), 2004))


def test_two_tables_of_the_same_ratio_pool_to_it() -> None:
    ran = run(analysis(TWO), holding(TWO))
    assert ran.pooled is not None
    assert exp(ran.pooled.effect.value) == pytest.approx(2, rel=1e-12)  # both tables have it exactly
    assert ran.pooled.heterogeneity.q == pytest.approx(0, abs=1e-12)
    assert [line.label for line in ran.lines] == ["one 2000", "two 2004"]
    assert ran.standing == "nothing published"


@pytest.mark.parametrize(
    ("stated", "lacks", "standing"),
    [
        (("2.00", "1.35", "2.96"), False, "reproduced"),
        (("2.01", "1.35", "2.96"), False, "differs"),
        (("2.00", "1.35", "2.96"), True, "data missing"),
    ],
)
def test_only_the_printed_figure_from_all_studies_is_a_reproduction(
    stated: tuple[str, str, str],
    lacks: bool,  # noqa: FBT001 - a table's column
    standing: str,
) -> None:
    one = analysis(TWO, published=published(*stated), missing=(missing("three"),) if lacks else ())
    assert run(one, holding(TWO)).standing == standing


def test_a_study_without_figures_is_missing_whatever_the_others_come_to() -> None:
    words = study("words", replace(result(), says="better"))
    held = (*TWO, words)
    ran = run(analysis(held, published=published("2.00", "1.35", "2.96")), holding(held))
    assert ran.standing == "data missing"
    assert "words 2000" in ran.why


def test_no_difference_is_json_too() -> None:
    same = (counted("same", (5, 25), (5, 25)),)
    ran = run(analysis(same, baseline=BaselineRisk(Decimal("0.2"), "made up", PLACE)), holding(same))
    needed = ran_values(ran)["absolute"]["needed"]["value"]
    assert (needed["kind"], needed["number"]) == ("no difference", None)
    assert canonical_json(ran_values(ran))


def test_fewer_trials_than_the_published_figure_pools_are_no_reproduction() -> None:
    three = replace(published("2.00", "1.35", "2.96"), trials=3)
    ran = run(analysis(TWO, published=three), holding(TWO))
    assert (ran.standing, "1 of 3 trials" in ran.why) == ("data missing", True)
    assert run(analysis(TWO, published=replace(three, trials=2)), holding(TWO)).standing == "reproduced"


def test_a_study_that_joined_is_not_in_the_published_figure() -> None:
    same = joining(counted("three", (1000, 2000), (500, 2000)), "made-up")
    ran = run(analysis(TWO, published=published("2.0", "1", "3")), holding((*TWO, same)))
    assert (ran.standing, "three 2000" in ran.why) == ("differs", True)


def test_an_analysis_that_lacks_a_study_is_never_reproduced_on_record() -> None:
    for one in own().evidence.analyses.values():
        ran = run(one, own())
        assert not (one.missing and ran.standing == "reproduced"), one.id


def test_a_published_figure_of_another_measure_differs() -> None:
    one = analysis(TWO, measure="OR", published=published("2.00", "1.35", "2.96"))
    assert run(one, holding(TWO)).standing == "differs"


def test_without_figures_there_is_no_effect() -> None:
    words = (study("words", replace(result(), says="better")),)
    ran = run(analysis(words), holding(words))
    assert (ran.standing, ran.pooled, ran.lines) == ("no effect", None, ())


def test_a_study_can_join_from_its_own_side() -> None:
    third = joining(counted("three", (10, 20), (5, 20), 1990), "made-up")
    held = (*TWO, third)
    labels = [one.label for one in used_in(analysis(TWO), holding(held))]
    assert labels == ["three 1990", "one 2000", "two 2004"]


CROSSED_MEANS = result(
    "crossover, periods as arms",
    means=(
        ArmMean("ivig", Decimal(5), Decimal(2), 10, "final value"),
        ArmMean("placebo", Decimal(4), Decimal(2), 10, "final value"),
    ),
)
CHANGES = result(
    means=(
        ArmMean("ivig", Decimal(5), Decimal(2), 10, "change"),
        ArmMean("placebo", Decimal(4), Decimal(2), 10, "change"),
    )
)
PAIRED = result("crossover, paired", counts=(ArmCount("ivig", 5, 10), ArmCount("placebo", 2, 10)))


@pytest.mark.parametrize(
    ("found", "measure", "word"),
    [
        (study("a", CROSSED_MEANS), "MD", "crossover"),
        (study("b", CROSSED_MEANS), "SMD", "crossover"),
        (study("c", CHANGES), "SMD", "changes"),
        (study("d", PAIRED), "RR", "paired"),
    ],
)
def test_designs_that_arm_figures_cannot_carry_are_left_out_with_the_reason(
    found: Study, measure: str, word: str
) -> None:
    used = used_in(analysis((found,), measure), holding((found,)))[0]
    assert used.row is None
    assert used.left_out is not None
    assert word in used.left_out.reason


def test_changes_give_a_mean_difference() -> None:
    found = study("c", CHANGES)
    ran = run(analysis((found,), "MD"), holding((found,)))
    assert ran.pooled is not None
    assert ran.pooled.effect.value == pytest.approx(1)


def test_counts_by_period_are_pooled_with_a_remark() -> None:
    found = study(
        "x", result("crossover, periods as arms", counts=(ArmCount("ivig", 5, 10), ArmCount("placebo", 2, 10)))
    )
    ran = run(analysis((found,)), holding((found,)))
    assert ran.pooled is not None
    assert any("paired" in one for one in ran.remarks)


def test_a_reported_effect_goes_before_counts_of_the_same_arms() -> None:
    effect = ReportedEffect("RR", Decimal("1.50"), "ivig", "placebo", Decimal("1.00"), Decimal("2.25"))
    counts = (ArmCount("ivig", 5, 10), ArmCount("placebo", 2, 10))
    found = study("x", result(counts=counts, effect=effect))
    ran = run(analysis((found,)), holding((found,)))
    assert ran.pooled is not None
    assert ran.pooled.effect.value == pytest.approx(log(1.5))


def test_absolute_effects_come_from_the_baseline_named() -> None:
    one = analysis(TWO, baseline=BaselineRisk(Decimal("0.25"), "of the trials", PLACE))
    ran = run(one, holding(TWO))
    assert ran.absolute is not None
    assert ran.absolute.with_treatment.value == pytest.approx(0.5)


def test_other_options_than_the_analysis_names_are_used_and_told() -> None:
    options = Options(model="random", tau2="DL", interval="hartung-knapp")
    ran = run(analysis(TWO), holding(TWO), options)
    assert ran.pooled is not None
    assert ran.pooled.options == options


@pytest.mark.parametrize(
    ("value", "printed", "holds"),
    [
        (2.404, "2.40", True),
        (2.406, "2.40", False),
        (0.00599, "0.006", True),
        (11.4999, "11", True),
        (11.51, "11", False),
    ],
)
def test_a_value_is_compared_at_the_digits_printed(
    value: float,
    printed: str,
    holds: bool,  # noqa: FBT001 - what is expected
) -> None:
    assert rounds_to(value, Decimal(printed)) is holds
