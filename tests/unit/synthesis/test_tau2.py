"""The variance between studies: eight estimators, pinned and at their own equations."""

from __future__ import annotations

from typing import cast, get_args

import numpy as np
import pytest
from tests.unit.synthesis.made_up import DOSES, VALUES, VARIANCES

from ivigil.documents import BadInput
from ivigil.synthesis import Tau2, between_study_variance
from ivigil.synthesis.likelihood import by_maximum_likelihood, log_likelihood, searched
from ivigil.synthesis.residuals import Data, q_and_slope, trace_p, trace_pp

Y, V = np.array(VALUES), np.array(VARIANCES)
X = np.column_stack([np.ones(8), DOSES])
PRINTED = 1e-10  # ten of the digits metafor 3.8-1 prints with its threshold at 1e-13: its iterations leave that much

# Without and with DOSES as a moderator.
BY_METAFOR = {
    "DL": (0.1819701779751, 0.2090595755504),
    "PM": (0.2689599357990, 0.1944585979587),
    "REML": (0.2177177089284, 0.2212475990811),
    "ML": (0.1682296714395, 0.1570424838041),
    "HE": (0.3312500000000, 0.1431978785104),
    "SJ": (0.3130280571112, 0.2275099716530),
    "EB": (0.2689599357990, 0.1944585979587),
    "HS": (0.1369455108187, 0.1348992913189),
}


@pytest.mark.parametrize("method", get_args(Tau2))
def test_estimators_agree_with_metafor(method: Tau2) -> None:
    alone, with_dose = BY_METAFOR[method]
    assert between_study_variance(Y, V, method).value == pytest.approx(alone, rel=PRINTED)
    assert between_study_variance(Y, V, method, X).value == pytest.approx(with_dose, rel=PRINTED)


@pytest.mark.parametrize("method", get_args(Tau2))
def test_a_design_of_ones_is_no_design(method: Tau2) -> None:
    alone, ones = (between_study_variance(Y, V, method, design) for design in (None, np.ones((8, 1))))
    assert ones.value == pytest.approx(alone.value, rel=1e-12)  # two ways of summing the same numbers


@pytest.mark.parametrize("method", get_args(Tau2))
def test_studies_that_agree_leave_no_variance(method: Tau2) -> None:
    found = between_study_variance(np.full(5, 0.3), V[:5], method)
    assert (found.value, found.converged, found.at_zero) == (0.0, True, True)


@pytest.mark.parametrize("method", get_args(Tau2))
def test_one_study_has_no_variance_between(method: Tau2) -> None:
    assert between_study_variance(Y[:1], V[:1], method).value == 0
    assert between_study_variance(Y[:2], V[:2], method, X[:2]).value == 0


def test_paule_mandel_makes_q_its_degrees_of_freedom() -> None:
    found = between_study_variance(Y, V, "PM")
    q, _ = q_and_slope(Data(Y, V), found.value)
    assert q == pytest.approx(7, rel=1e-14)  # the root to the precision of a double


@pytest.mark.parametrize("restricted", [True, False])
@pytest.mark.parametrize("design", [None, X])
def test_the_likelihood_is_highest_there(design: np.ndarray | None, *, restricted: bool) -> None:
    data = Data(Y, V, design)
    found, reached = by_maximum_likelihood(data, 0.0, restricted=restricted)
    top = log_likelihood(data, found, restricted=restricted)
    assert reached
    assert all(log_likelihood(data, tau2, restricted=restricted) < top for tau2 in np.geomspace(1e-4, 10, 40))
    by_search, _ = searched(data, restricted=restricted)
    assert by_search == pytest.approx(found, rel=1e-6)  # a flat top: half of the digits of a double


def test_scoring_that_would_swing_for_ever_comes_to_rest() -> None:
    # Precise studies that agree and an imprecise one: Fisher's steps alone jump between 0 and far beyond the top.
    y, v = np.array([0.0, 0.2, 0.21, 3.0]), np.array([1e-4, 1e-4, 0.5, 0.6])
    found = between_study_variance(y, v, "REML")
    assert found.converged
    top = log_likelihood(Data(y, v), found.value, restricted=True)
    assert all(log_likelihood(Data(y, v), tau2, restricted=True) <= top for tau2 in np.geomspace(1e-6, 10, 60))


def test_traces_are_those_of_the_matrix() -> None:
    for design in (None, X):
        columns = np.ones((8, 1)) if design is None else design
        weights = 1 / (V + 0.1)
        w = np.diag(weights)
        p = w - w @ columns @ np.linalg.inv(columns.T @ w @ columns) @ columns.T @ w
        data = Data(Y, V, design)
        assert trace_p(data, weights) == pytest.approx(np.trace(p), rel=1e-11)  # after an inverse
        assert trace_pp(data, weights) == pytest.approx(np.trace(p @ p), rel=1e-11)
        assert q_and_slope(data, 0.1) == pytest.approx((Y @ p @ Y, Y @ p @ p @ Y), rel=1e-11)


def test_a_design_that_repeats_itself_is_refused() -> None:
    with pytest.raises(BadInput, match="independent columns"):
        between_study_variance(Y, V, "DL", np.column_stack([np.ones(8), np.full(8, 2.0)]))


def test_an_unknown_estimator_is_refused() -> None:
    with pytest.raises(BadInput, match="one of DL"):
        between_study_variance(Y, V, cast("Tau2", "XX"))
