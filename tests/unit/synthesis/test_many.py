"""Many analyses at once: what is refused, and analyses of one study (agreement with ``pool`` is a property test)."""

from __future__ import annotations

import numpy as np
import pytest

from ivigil.documents import BadInput
from ivigil.synthesis import Options
from ivigil.synthesis.many import pool_many

ONES = np.ones((2, 3))
ALL = np.ones((2, 3), dtype=bool)


def faults(estimates: np.ndarray, variances: np.ndarray, mask: np.ndarray, options: Options | None = None) -> list[str]:
    with pytest.raises(BadInput) as raised:
        pool_many(estimates, variances, mask, options)
    return [fault.where for fault in raised.value.faults]


def test_every_bad_number_is_named() -> None:
    estimates, variances = ONES.copy(), ONES.copy()
    estimates[0, 1], variances[1, 2] = np.nan, 0
    assert faults(estimates, variances, ALL) == ["analysis 0, study 1", "analysis 1, study 2"]


def test_numbers_under_the_mask_do_not_matter() -> None:
    estimates, variances, mask = ONES.copy(), ONES.copy(), ALL.copy()
    estimates[0, 1], variances[0, 1], mask[0, 1] = np.nan, -1, False
    found = pool_many(estimates, variances, mask)
    assert found.k.tolist() == [2, 3]
    assert found.effect == pytest.approx(1)


def test_an_analysis_without_a_study_is_named() -> None:
    mask = ALL.copy()
    mask[1] = False
    assert faults(ONES, ONES, mask) == ["analysis 1"]


def test_shapes_must_agree() -> None:
    assert faults(ONES, ONES[:, :2], ALL) == ["arrays"]
    assert faults(ONES[0], ONES[0], ALL[0]) == ["arrays"]


def test_options_it_does_not_have_are_refused() -> None:
    options = Options(tau2="SJ", method="peto", level=95)
    assert faults(ONES, ONES, ALL, options) == ["option level", "option method", "option tau2"]


def test_one_study_is_its_own_result() -> None:
    found = pool_many(ONES[:1, :1], 0.04 * ONES[:1, :1], ALL[:1, :1], Options(interval="hartung-knapp"))
    assert (found.se[0], found.tau2[0], found.i2[0]) == (pytest.approx(0.2), 0, 0)
    assert np.isinf(found.df[0])
    assert np.isnan(found.p_heterogeneity[0])
