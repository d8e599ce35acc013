"""Leave-one-out, as metafor's leave1out."""

from dataclasses import replace

import pytest
from tests.unit.synthesis.made_up import EIGHT, LABELS, REML, differences

from ivigil.documents import BadInput
from ivigil.synthesis.leave_out import leave_one_out
from ivigil.synthesis.pool import pool
from ivigil.synthesis.selection import chosen


def test_each_study_in_turn() -> None:
    found = leave_one_out(EIGHT)
    assert tuple(one.label for one in found) == LABELS
    values = [-0.576582815239, -0.71203746877, -0.538080125902, -0.644075184252]
    assert [one.pooled.effect.value for one in found[:4]] == pytest.approx(values, abs=REML)
    errors = [0.228268255004, 0.232183800913, 0.196588477511, 0.238113564786]
    assert [one.pooled.se for one in found[:4]] == pytest.approx(errors, abs=REML)
    variances = [0.249106377536, 0.256159499061, 0.188301830672, 0.287237379343]
    assert [one.pooled.heterogeneity.tau2 for one in found[:4]] == pytest.approx(variances, abs=REML)
    assert {one.pooled.k for one in found} == {7}


def test_two_studies_leave_one_and_one_leaves_none() -> None:
    pair = differences([0.1, 0.4], [0.1, 0.2])
    assert [one.pooled for one in leave_one_out(pair)] == [pool(chosen(pair, [1])), pool(chosen(pair, [0]))]
    with pytest.raises(BadInput, match="at least 2"):
        leave_one_out(chosen(pair, [0]))


def test_what_was_filled_goes_with_its_study() -> None:
    marked = replace(EIGHT, corrected=("study 2",))
    assert chosen(marked, [1, 2]).corrected == ("study 2",)
    assert chosen(marked, [0, 2]).corrected == ()
