"""From the pooling scale to what a reader sees, and back."""

from __future__ import annotations

import math

import pytest

from ivigil.synthesis import MEASURES, pooled_scale, shown, shown_double_arcsine
from ivigil.synthesis.proportions import double_arcsine

ROUND_TRIP = 1e-12  # of numbers near 1, through two transcendental functions
BY_METAFOR = 0.2136666005917  # transf.ipft.hm(0.5, targs = list(ni = c(10, 40))), metafor 3.8-1
PRINTED = 1e-12


@pytest.mark.parametrize("name", MEASURES)
@pytest.mark.parametrize("value", [0.05, 0.3, 0.9])
def test_there_and_back(name: str, value: float) -> None:
    measure = MEASURES[name]
    assert shown(measure, pooled_scale(measure, value)) == pytest.approx(value, rel=ROUND_TRIP)


def test_no_difference_is_shown_as_one_for_a_ratio_and_zero_for_a_difference() -> None:
    seen = {name: shown(one, one.null) for name, one in MEASURES.items() if one.null is not None}
    assert {name for name, value in seen.items() if value == 1} == {"RR", "OR", "PETO", "ROM", "HR"}
    assert set(seen.values()) == {0, 1}


def test_ends_of_the_scale() -> None:
    assert pooled_scale(MEASURES["RR"], 0) == -math.inf
    assert math.isnan(pooled_scale(MEASURES["RR"], -1))
    assert pooled_scale(MEASURES["ZCOR"], 1) == math.inf
    assert math.isnan(pooled_scale(MEASURES["ZCOR"], 1.5))
    assert math.isnan(pooled_scale(MEASURES["PAS"], 1.5))
    assert shown(MEASURES["RR"], 1000) == math.inf
    assert shown(MEASURES["PLO"], -1000) == 0
    assert shown(MEASURES["PAS"], 2) == 1


def test_a_double_arcsine_comes_back_at_the_size_it_was_made_with() -> None:
    for events in range(13):
        made = double_arcsine(events / 12, 12)
        assert shown_double_arcsine(made, [12]) == pytest.approx(events / 12, abs=ROUND_TRIP)


def test_a_double_arcsine_uses_the_harmonic_mean_of_the_sizes() -> None:
    assert shown_double_arcsine(0.5, [10, 40]) == pytest.approx(shown_double_arcsine(0.5, [16]), rel=ROUND_TRIP)
    assert shown_double_arcsine(0.5, [10, 40]) == pytest.approx(BY_METAFOR, rel=PRINTED)
    assert shown_double_arcsine(-1, [16]) == 0
    assert shown_double_arcsine(2, [16]) == 1
