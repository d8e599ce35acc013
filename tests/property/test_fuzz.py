"""Mutated examples: each is judged or refused with a clear error, never a traceback (see tests/fuzz_long.py)."""

from __future__ import annotations

from collections import Counter

import pytest
from tests.fuzz_long import examples, large, mutant, outcome

MUTANTS = 400


def test_mutants_are_judged_or_refused() -> None:
    found = Counter(outcome(mutant(seed)) for seed in range(MUTANTS))

    # Both kinds occur, or the mutations would show nothing.
    assert found["judged"] > MUTANTS / 4
    assert found["refused"] > MUTANTS / 20


@pytest.mark.parametrize("share", [0.1, 0.3, 0.5, 0.7, 0.9, 0.99])
def test_truncated_examples_are_refused(share: float) -> None:
    for content in examples():
        assert outcome(content[: int(len(content) * share)]) == "refused"


def test_a_large_bundle_is_judged() -> None:
    assert outcome(large(2)) == "judged"
