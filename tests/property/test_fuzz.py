"""Mutated examples: each is judged or refused with a clear error, never a traceback (see tests/fuzz_long.py)."""

from __future__ import annotations

import json
import random
from collections import Counter
from typing import Any

import pytest
from tests.fuzz_long import TODAY, change, examples, judge, large, library, mutant, outcome

from ivigil.documents import BadInput
from ivigil.explain.as_json import decision_text
from ivigil.facts import read_case

MUTANTS = 400


def changed(seed: int) -> tuple[dict[str, Any], random.Random]:
    rng = random.Random(seed)  # noqa: S311 - repeatable, not secret
    document = json.loads(rng.choice(examples()))
    for _ in range(rng.randint(1, 4)):
        change(document, rng)
    return document, rng


def answers(document: dict[str, Any]) -> list[str]:
    try:
        case = read_case(json.dumps(document).encode(), "mutant.json", library().vocabulary)
    except BadInput as error:
        return [str(error)]
    decisions = judge().decide(case, library().rule_sets["review-2015"], TODAY)
    return [decision_text(decision) for decision in decisions]


def test_mutants_are_judged_or_refused() -> None:
    found = Counter(outcome(mutant(seed)) for seed in range(MUTANTS))

    # Both kinds occur, or the mutations would show nothing.
    assert found["judged"] > MUTANTS / 4
    assert found["refused"] > MUTANTS / 20


def test_the_answer_to_a_mutant_does_not_depend_on_the_order_of_its_entries() -> None:
    compared = 0
    for seed in range(MUTANTS):
        document, rng = changed(seed)
        entries = document.get("entry")
        if isinstance(entries, list):
            shuffled = {**document, "entry": rng.sample(entries, len(entries))}
            assert answers(document) == answers(shuffled), seed
            compared += 1

    assert compared > MUTANTS / 2


@pytest.mark.parametrize("share", [0.1, 0.3, 0.5, 0.7, 0.9, 0.99])
def test_truncated_examples_are_refused(share: float) -> None:
    for content in examples():
        assert outcome(content[: int(len(content) * share)]) == "refused"


def test_a_large_bundle_is_judged() -> None:
    assert outcome(large(2)) == "judged"
