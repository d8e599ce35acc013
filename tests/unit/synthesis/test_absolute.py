"""Absolute effects from a baseline risk, and the numbers needed to treat."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivigil.documents import BadInput
from ivigil.synthesis.absolute import Relative, Risk, absolute_effect, numbers_needed

THREE_DIGITS = 0.0005  # the pinned figures are printed with three decimals
ROUNDING = 1e-12  # a handful of operations on numbers near 1
CIDP = Relative("RR", 2.40, 1.72, 3.36)
NONE = Relative("RR", 1.0, 1.0, 1.0)

risks = st.floats(0.01, 0.99)
ratios = st.floats(0.05, 20)


def point(measure: str, value: float) -> Relative:
    return Relative(measure, value, value, value)


def test_the_risk_of_the_seed_for_cidp() -> None:
    found = absolute_effect(CIDP, 0.183, "higher").with_treatment
    assert (found.value, found.low, found.high) == pytest.approx((0.439, 0.315, 0.615), abs=THREE_DIGITS)


def test_the_exchange_transfusions_of_haemolytic_disease_of_the_newborn() -> None:
    found = absolute_effect(Relative("RR", 0.35, 0.25, 0.49), 0.329, "lower")
    assert round(found.with_treatment.per_1000[0]) == 115
    assert found.needed.value.kind == "benefit"
    assert not found.needed.through_infinity


@pytest.mark.parametrize(
    ("measure", "value", "risk", "expected"),
    [
        ("RR", 0.5, 0.4, 0.2),
        ("OR", 0.5, 0.4, 0.25),  # odds 2/3 become 1/3
        ("PETO", 0.5, 0.4, 0.25),
        ("HR", 2.0, 0.4, 0.64),  # 0.6 survive, twice over 0.36
        ("RD", -0.1, 0.4, 0.3),
    ],
)
def test_each_measure_by_hand(measure: str, value: float, risk: float, expected: float) -> None:
    found = absolute_effect(point(measure, value), risk, "lower")
    assert found.with_treatment.value == pytest.approx(expected, abs=ROUNDING)
    assert found.difference.value == pytest.approx(expected - risk, abs=ROUNDING)
    assert not found.capped


def test_a_risk_is_held_within_its_range_and_the_answer_says_so() -> None:
    found = absolute_effect(Relative("RR", 1.5, 1.2, 3.0), 0.5, "lower")
    assert found.with_treatment == Risk(0.75, pytest.approx(0.6), 1.0)
    assert found.capped
    assert absolute_effect(point("RD", -0.3), 0.2, "lower").with_treatment.value == 0


def test_altmans_interval_runs_through_infinity() -> None:
    # Altman's example as a letter about it repeats it: 10 % fewer, from 5 % more to 25 % fewer.
    found = numbers_needed(Risk(-0.10, -0.25, 0.05), "lower")
    assert (found.value.kind, found.value.number) == ("benefit", pytest.approx(10))
    assert (found.best.kind, found.best.number) == ("benefit", pytest.approx(4))
    assert (found.worst.kind, found.worst.number) == ("harm", pytest.approx(20))
    assert found.through_infinity


def test_where_more_events_are_good_the_ends_change_places() -> None:
    found = numbers_needed(Risk(0.10, -0.05, 0.25), "higher")
    assert (found.best.kind, found.best.number) == ("benefit", 4)
    assert (found.worst.kind, found.worst.number) == ("harm", 20)


@pytest.mark.parametrize("measure", ["RR", "OR", "PETO", "HR"])
@given(risk=st.floats(0, 1))
def test_no_effect_changes_nothing(measure: str, risk: float) -> None:
    found = absolute_effect(point(measure, 1.0), risk, "lower")
    assert found.difference.value == pytest.approx(0, abs=ROUNDING)


def test_no_difference_needs_infinitely_many() -> None:
    needed = absolute_effect(NONE, 0.25, "lower").needed
    assert (needed.value.kind, needed.value.number) == ("no difference", math.inf)


@pytest.mark.parametrize("measure", ["RR", "OR", "HR"])
@given(risk=risks, one=ratios, other=ratios)
def test_a_larger_ratio_never_gives_a_smaller_risk(measure: str, risk: float, one: float, other: float) -> None:
    low, high = sorted((one, other))
    found = [absolute_effect(point(measure, each), risk, "lower").with_treatment.value for each in (low, high)]
    assert found[0] <= found[1] + ROUNDING


@given(ratio=ratios)
def test_ratios_of_every_kind_agree_where_the_risk_is_tiny(ratio: float) -> None:
    tiny = 1e-7
    found = [
        absolute_effect(point(each, ratio), tiny, "lower").with_treatment.value / tiny for each in ("OR", "HR", "RR")
    ]
    assert found[:2] == pytest.approx([found[2]] * 2, rel=1e-4)  # they part in the order of ratio times risk


@given(risk=risks, ratio=ratios)
def test_benefit_and_harm_change_places_with_what_is_better(risk: float, ratio: float) -> None:
    kinds = {absolute_effect(point("OR", ratio), risk, better).needed.value.kind for better in ("lower", "higher")}
    assert kinds in ({"benefit", "harm"}, {"no difference"})


def test_every_fault_is_named_at_once() -> None:
    with pytest.raises(BadInput) as raised:
        absolute_effect(Relative("MD", -1.0, 2.0, math.nan), 18.3, "lower")
    assert {fault.where for fault in raised.value.faults} == {"baseline", "measure", "interval", "value", "high"}


def test_a_difference_in_per_cent_is_refused() -> None:
    with pytest.raises(BadInput, match="per cent"):
        absolute_effect(point("RD", 35.0), 0.2, "lower")
