"""Cumulative meta-analysis, as metafor's cumul."""

import math

import pytest
from tests.unit.synthesis.made_up import DOSES, EIGHT, LABELS, REML

from ivigil.documents import BadInput
from ivigil.synthesis.cumulative import cumulative
from ivigil.synthesis.pool import pool


def test_studies_join_by_rising_order() -> None:
    found = cumulative(EIGHT, DOSES)
    assert [one.label[-1] for one in found] == ["1", "4", "7", "2", "5", "3", "6", "8"]
    assert [one.pooled.k for one in found] == list(range(1, 9))
    values = [-0.9, -0.807692307692, -0.610961669081, -0.479738614716, -0.357779587685, -0.441776480084]
    assert [one.pooled.effect.value for one in found[:6]] == pytest.approx(values, abs=REML)
    errors = [0.2, 0.166410058868, 0.194131549062, 0.173245032597, 0.17712396306, 0.185519615584]
    assert [one.pooled.se for one in found[:6]] == pytest.approx(errors, abs=REML)


def test_the_last_step_is_the_whole() -> None:
    assert cumulative(EIGHT, DOSES)[-1].pooled.effect.value == pytest.approx(pool(EIGHT).effect.value, abs=REML)


def test_studies_of_one_year_join_as_they_stand() -> None:
    assert tuple(one.label for one in cumulative(EIGHT, [2000] * 8)) == LABELS


def test_every_study_needs_a_place() -> None:
    with pytest.raises(BadInput, match="8, one for each"):
        cumulative(EIGHT, DOSES[1:])
    with pytest.raises(BadInput, match="study 3"):
        cumulative(EIGHT, [1, 2, math.nan, 4, 5, 6, 7, 8])
