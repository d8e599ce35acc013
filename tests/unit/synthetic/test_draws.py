"""Random numbers by counting."""

from __future__ import annotations

import hashlib
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivigil.synthetic.draws import LARGEST_SEED, Draws, Weighted, limit

SEEDS = st.integers(0, LARGEST_SEED)
NUMBERS = st.integers(0, 10**9)
MANY = 4000
# With 4000 draws, five standard errors of a share are below this.
NEAR = 5 * 0.5 / MANY**0.5


@given(SEEDS, NUMBERS)
def test_a_stream_is_the_output_of_shake(seed: int, number: int) -> None:
    """By the standard library's own function, of a key that is written down: no other machine draws otherwise."""
    bytes_of = hashlib.shake_128(struct.pack("<QQI", seed, number, 0)).digest(8)
    draws = Draws(seed, number)
    assert [draws.word(), draws.word()] == [int.from_bytes(bytes_of[at : at + 4], "little") for at in (0, 4)]


@given(SEEDS, NUMBERS)
def test_a_stream_goes_on_and_does_not_repeat(seed: int, number: int) -> None:
    draws = Draws(seed, number)
    words = [draws.word() for _ in range(600)]
    assert words[:256] != words[256:512]
    assert words != [Draws(seed, number + 1).word() for _ in range(600)]


@given(SEEDS, st.floats(0, 1))
def test_a_chance_comes_as_often_as_its_share(seed: int, share: float) -> None:
    draws = Draws(seed, 0)
    found = sum(draws.chance(limit(share)) for _ in range(MANY)) / MANY
    assert abs(found - share) <= NEAR


@given(SEEDS, st.integers(-50, 50), st.integers(0, 100))
def test_a_whole_number_lies_within_its_ends(seed: int, low: int, width: int) -> None:
    draws = Draws(seed, 1)
    found = {draws.between(low, low + width) for _ in range(50 * (width + 1))}
    assert min(found) >= low
    assert max(found) <= low + width
    assert len(found) > width // 2


@given(SEEDS)
def test_normals_have_mean_0_and_spread_1(seed: int) -> None:
    draws = Draws(seed, 2)
    found = [draws.normal() for _ in range(MANY)]
    mean = sum(found) / MANY
    assert abs(mean) < 5 / MANY**0.5
    assert abs(sum((one - mean) ** 2 for one in found) / MANY - 1) < 0.1


@given(SEEDS, st.lists(st.integers(1, 9), min_size=1, max_size=5))
def test_things_come_by_weight(seed: int, weights: list[int]) -> None:
    weighted = Weighted([(at, float(weight)) for at, weight in enumerate(weights)], total=sum(weights) + 1)
    draws = Draws(seed, 3)
    found = [weighted.draw(draws) for _ in range(MANY)]
    for at, weight in enumerate([*weights, 1]):
        wanted = at if at < len(weights) else None
        assert abs(found.count(wanted) / MANY - weight / (sum(weights) + 1)) <= NEAR
    assert None not in {weighted.one(draws) for _ in range(200)}


@pytest.mark.parametrize("share", [0.0, 1.0])
def test_nothing_and_everything_are_exact(share: float) -> None:
    draws = Draws(1, 1)
    assert {draws.chance(limit(share)) for _ in range(1000)} == {bool(share)}
