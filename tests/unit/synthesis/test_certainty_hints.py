"""Hints for GRADE: set by the rules that are given, and never a grade."""

import math
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivigil.documents import BadInput
from ivigil.knowledge.grading_records import GradeDomain, HintRule
from ivigil.knowledge.records import Passage
from ivigil.synthesis.certainty_hints import (
    Hint,
    ImprecisionRules,
    InconsistencyRules,
    imprecision_hints,
    inconsistency_hints,
    share_apart,
)
from ivigil.synthesis.effects import effects_of
from ivigil.synthesis.information_size import Aim, information_size
from ivigil.synthesis.options import Options
from ivigil.synthesis.pool import pool
from ivigil.synthesis.results import Effects
from ivigil.synthesis.rows import Reported, TwoByTwo

WEAK = (TwoByTwo("one", 10, 50, 12, 50), TwoByTwo("two", 8, 40, 9, 40))
CLEAR = (TwoByTwo("one", 10, 500, 60, 500), TwoByTwo("two", 9, 450, 50, 450))
AIM = Aim(baseline=0.2, reduction=0.25, alpha=0.05, power=0.8)


def rule(
    name: str, threshold: float | None = None, unit: str | None = None, domain: GradeDomain = "imprecision"
) -> HintRule:
    number = None if threshold is None else Decimal(str(threshold))
    return HintRule(name, domain, "a rule", Passage("a-source", "a place"), number, unit)


RULES = ImprecisionRules(
    no_difference=rule("null"),
    important=(rule("benefit", 0.75, "relative risk"), rule("harm", 1.25, "relative risk")),
    few_events=rule("events", 300, "events"),
    few_participants=rule("participants", 400, "participants"),
    information=rule("size"),
    aim=AIM,
)
SPREAD = InconsistencyRules(
    i2=(rule("i2-50", 50, "%", "inconsistency"), rule("i2-75", 75, "%", "inconsistency")),
    prediction=rule("prediction", domain="inconsistency"),
    apart=rule("apart", 50, "%", "inconsistency"),
)


def names(hints: tuple[Hint, ...]) -> list[str]:
    return [hint.rule for hint in hints]


def of(rows: tuple[TwoByTwo, ...]) -> Effects:
    return effects_of("RR", rows)


def reported(*pairs: tuple[float, float]) -> Effects:
    return effects_of("MD", [Reported(str(at), value, se=se) for at, (value, se) in enumerate(pairs)])


def test_a_weak_result_sets_every_hint() -> None:
    effects = of(WEAK)
    found = imprecision_hints(effects, pool(effects), RULES)
    assert names(found) == ["null", "benefit", "harm", "events", "participants", "size"]
    assert {hint.domain for hint in found} == {"imprecision"}
    assert dict(found[3].figures) == {"events": 39, "threshold": 300}
    assert "39 events" in found[3].text


def test_a_clear_result_sets_only_the_hint_of_few_events() -> None:
    effects = of(CLEAR)
    assert names(imprecision_hints(effects, pool(effects), replace(RULES, aim=replace(AIM, baseline=0.5)))) == [
        "events"
    ]


def test_no_rule_no_hint() -> None:
    effects = of(WEAK)
    assert imprecision_hints(effects, pool(effects), ImprecisionRules()) == ()
    assert inconsistency_hints(effects, pool(effects), InconsistencyRules()) == ()


def test_a_threshold_of_one_measure_is_not_borrowed_by_another() -> None:
    effects = effects_of("OR", WEAK)
    assert "benefit" not in names(imprecision_hints(effects, pool(effects), RULES))


def test_totals_that_a_study_does_not_tell_set_no_hint() -> None:
    effects = effects_of("RR", [*WEAK, Reported("no counts", 0.9, 0.3, 2.7)])
    assert names(imprecision_hints(effects, pool(effects), RULES)) == ["null", "benefit", "harm"]


def test_a_rule_of_another_domain_or_without_a_threshold_is_refused() -> None:
    effects = of(WEAK)
    rules = ImprecisionRules(few_events=rule("events"), no_difference=rule("null", domain="inconsistency"))
    with pytest.raises(BadInput) as raised:
        imprecision_hints(effects, pool(effects), rules)
    assert {fault.where for fault in raised.value.faults} == {"rule events", "rule null"}


def test_the_information_size_is_asked_of_an_aim() -> None:
    effects = of(WEAK)
    with pytest.raises(BadInput, match="aim"):
        imprecision_hints(effects, pool(effects), ImprecisionRules(information=rule("size")))


def test_studies_that_agree_set_no_hint_of_inconsistency() -> None:
    effects = reported((1.0, 0.2), (1.1, 0.2), (0.9, 0.2), (1.0, 0.3))
    assert inconsistency_hints(effects, pool(effects), SPREAD) == ()
    assert share_apart(effects, 0.95) == 0


def test_studies_far_apart_set_every_hint_with_the_highest_range_of_i2() -> None:
    effects = reported((0.2, 0.1), (1.0, 0.1), (1.8, 0.1), (2.6, 0.1))
    pooled = pool(effects)
    found = inconsistency_hints(effects, pooled, SPREAD)
    assert names(found) == ["i2-75", "prediction", "apart"]
    figures = dict(found[0].figures)
    assert figures["I² low"] <= figures["I²"] <= figures["I² high"]
    assert share_apart(effects, 0.95) == 100


def test_one_study_cannot_be_inconsistent() -> None:
    effects = reported((1.0, 0.2))
    assert inconsistency_hints(effects, pool(effects), SPREAD) == ()
    assert share_apart(effects, 0.95) is None


def test_a_common_effect_has_no_prediction_interval_to_speak_of() -> None:
    effects = reported((0.2, 0.1), (1.0, 0.1), (1.8, 0.1))
    assert "prediction" not in names(inconsistency_hints(effects, pool(effects, Options(model="common")), SPREAD))


def test_the_information_size_by_hand() -> None:
    # 20 % to 15 %: (1.959964 + 0.841621)² · (0.16 + 0.1275) / 0.05² = 902.6 in each arm.
    assert information_size(AIM) == pytest.approx(2 * 902.6, rel=1e-4)  # the deviates are written with six decimals


shares = st.floats(0.02, 0.98)


@given(baseline=shares, reduction=shares, power=st.floats(0.5, 0.95))
def test_more_power_needs_more_participants(baseline: float, reduction: float, power: float) -> None:
    one, other = (information_size(Aim(baseline, reduction, 0.05, at)) for at in (power, power + 0.02))
    assert 0 < one < other < math.inf


def test_an_aim_that_no_trial_can_have_is_refused_with_every_fault() -> None:
    with pytest.raises(BadInput) as raised:
        information_size(Aim(baseline=20, reduction=0, alpha=math.nan, power=0.8))
    assert [fault.where for fault in raised.value.faults] == ["alpha", "baseline", "reduction"]
