"""Random numbers by counting: numpy's own bits, whatever the block, and the distributions that models ask for."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.kinetics.linear_models import on_record

from ivigil.documents import BadInput
from ivigil.kinetics.draws import normals, numbered, uniforms, words
from ivigil.kinetics.variability import Variability, drawn, log_variance, spread, variability_of

MANY = 40_000
# Five standard errors of a mean, a variance or a covariance of 40,000 numbers of variance 1: a false alarm in millions.
SAMPLED = 5 * math.sqrt(2 / MANY)
EXACT = 1e-12

seeds = st.integers(0, 2**64 - 1)
occasions = st.integers(0, 2**32)


@given(seed=seeds, patient=st.integers(0, 2**63), count=st.integers(1, 11), occasion=occasions)
def test_the_bits_are_those_of_numpy(seed: int, patient: int, count: int, occasion: int) -> None:
    theirs = np.random.Philox(
        key=np.array([seed, patient], dtype=np.uint64), counter=np.array([0, occasion, 2, 0], dtype=np.uint64)
    ).random_raw(count)
    ours = words(seed, np.array([patient], dtype=np.uint64), count, purpose="assay", occasion=occasion)
    assert np.array_equal(ours[0], theirs)


@given(seed=seeds, cuts=st.lists(st.integers(0, 40), max_size=4), count=st.integers(1, 6))
def test_blocks_and_their_order_do_not_matter(seed: int, cuts: list[int], count: int) -> None:
    whole = normals(seed, numbered(0, 40), count, purpose="etas")
    edges = sorted({0, 40, *cuts})
    pieces = {low: normals(seed, numbered(low, high - low), count, purpose="etas") for low, high in pairwise(edges)}
    assert np.array_equal(np.vstack([pieces[low] for low in sorted(pieces)]), whole)
    shuffled = np.random.default_rng(1).permutation(40).astype(np.uint64)
    assert np.array_equal(normals(seed, shuffled, count, purpose="etas"), whole[shuffled.astype(int)])


@given(seed=seeds, count=st.integers(1, 9), more=st.integers(1, 9))
def test_a_longer_stream_begins_with_the_shorter_one(seed: int, count: int, more: int) -> None:
    longer = uniforms(seed, numbered(3, 2), count + more, purpose="etas")
    assert np.array_equal(longer[:, :count], uniforms(seed, numbered(3, 2), count, purpose="etas"))


def test_seeds_purposes_and_occasions_have_streams_of_their_own() -> None:
    people = numbered(0, 4)
    drawn_words = [
        words(1, people, 8, purpose="etas"),
        words(2, people, 8, purpose="etas"),
        words(1, people, 8, purpose="covariates"),
        words(1, people, 8, purpose="etas", occasion=1),
    ]
    assert len(np.unique(np.concatenate(drawn_words))) == 4 * 4 * 8


def test_uniforms_never_reach_their_ends_and_normals_are_normal() -> None:
    found = uniforms(7, numbered(0, MANY), 1, purpose="etas")[:, 0]
    assert 0 < found.min() < found.max() < 1
    standard = normals(7, numbered(0, MANY), 2, purpose="etas")
    assert abs(standard.mean()) < SAMPLED
    assert abs(np.cov(standard.T) - np.eye(2)).max() < SAMPLED


@pytest.mark.parametrize("seed", [-1, 2**64])
def test_a_seed_that_is_none_is_refused(seed: int) -> None:
    with pytest.raises(BadInput, match="seed"):
        words(seed, numbered(0, 1), 1, purpose="etas")
    with pytest.raises(BadInput, match="occasion"):
        words(1, numbered(0, 1), 1, purpose="etas", occasion=-1)


def test_etas_have_the_variances_and_correlations_asked_for() -> None:
    held = spread({"CL": 40.0, "Vc": 20.0, "Q": 90.0}, {"CL", "Vc", "Q"}, {("CL", "Vc"): 0.6, ("Vc", "Q"): -0.3})
    etas = drawn(held, 11, numbered(0, MANY))
    variances = [log_variance(cv) for cv in (40.0, 20.0, 90.0)]
    assert (held.factor @ held.factor.T).diagonal() == pytest.approx(variances, rel=EXACT)
    correlations = np.corrcoef(etas.T)
    assert abs(correlations - np.array([[1, 0.6, 0], [0.6, 1, -0.3], [0, -0.3, 1]])).max() < SAMPLED
    assert etas.var(axis=0) == pytest.approx(variances, rel=SAMPLED)


def test_the_apparent_cv_is_that_of_the_log_normal_factor() -> None:
    etas = drawn(spread({"CL": 50.0}, {"CL"}), 3, numbered(0, MANY))[:, 0]
    factors = np.exp(etas)
    assert factors.std() / factors.mean() == pytest.approx(0.5, abs=0.02)  # the tail of exp makes it rough


@given(cut=st.integers(1, 39))
def test_correlated_etas_do_not_depend_on_blocks(cut: int) -> None:
    held = spread({"CL": 40.0, "Vc": 20.0}, {"CL", "Vc"}, {("CL", "Vc"): 0.5})
    parts = [drawn(held, 5, numbered(0, cut)), drawn(held, 5, numbered(cut, 40 - cut))]
    assert np.array_equal(np.vstack(parts), drawn(held, 5, numbered(0, 40)))


def test_a_model_prints_its_variability_and_the_user_overrides_it() -> None:
    zhang = on_record("zhang-2020")
    assert set(variability_of(zhang).names) == {"CL", "Vc", "Q", "Vp", "F_sc", "ka"}
    fewer = variability_of(zhang, {"Vp": 0.0, "CL": 10.0})
    assert "Vp" not in fewer.names
    assert fewer.factor[fewer.names.index("CL"), fewer.names.index("CL")] ** 2 == pytest.approx(math.log(1.01))
    assert "baseline" in variability_of(on_record("cheng-2025")).names
    assert "baseline" not in variability_of(on_record("cheng-2025"), own_baseline=True).names


@pytest.mark.parametrize(
    ("cv_percent", "correlations", "said"),
    [
        ({"Foo": 1.0}, None, "Foo"),
        ({"CL": -1.0}, None, "CL"),
        ({"CL": math.nan}, None, "CL"),
        ({}, {("CL", "F_sc2"): 0.1}, "F_sc2"),
        ({}, {("CL", "Vc"): 1.0}, "between -1 and 1"),
        ({}, {("CL", "Vc"): 0.1, ("Vc", "CL"): 0.1}, "twice"),
        ({}, {("CL", "Vc"): 0.9, ("Vc", "Q"): 0.9, ("CL", "Q"): -0.9}, "positive definite"),
    ],
)
def test_variability_that_cannot_be_is_refused(
    cv_percent: dict[str, float], correlations: dict[tuple[str, str], float] | None, said: str
) -> None:
    with pytest.raises(BadInput, match=said):
        variability_of(on_record("zhang-2020"), cv_percent, correlations)


def test_nobody_differs_without_variability() -> None:
    nothing = variability_of(on_record("landersdorfer-2013"))
    assert isinstance(nothing, Variability)
    assert nothing.size == 0
    assert drawn(nothing, 1, numbered(0, 3)).shape == (3, 0)
