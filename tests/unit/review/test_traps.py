"""Traps of diagnosis: what looks like an indication and is not, or not surely, or is another one.

Each is a file under tests/data/traps, and expected.yaml there says what it must answer.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from tests.unit.review.judged import TODAY

from ivigil.documents import parse_yaml
from ivigil.explain.words import reason
from ivigil.facts import read_case
from ivigil.knowledge import Library, load
from ivigil.review import Decision, Judge

TRAPS = Path(__file__).parents[2] / "data" / "traps"
EXPECTED: dict[str, Any] = parse_yaml((TRAPS / "expected.yaml").read_bytes(), "expected.yaml")[0]
FEWEST = 25
FEWEST_IN_FHIR = 12


def with_family_history() -> list[str]:
    return [name for name in sorted(EXPECTED) if "FamilyMemberHistory" in (TRAPS / name).read_text("utf-8")]


def test_every_trap_has_a_row_and_every_row_a_trap() -> None:
    files = {path.name for path in TRAPS.iterdir()} - {"expected.yaml"}

    assert files == set(EXPECTED)


def test_there_are_enough_traps_half_of_them_in_fhir() -> None:
    assert len(EXPECTED) >= FEWEST
    assert len([name for name in EXPECTED if name.endswith(".json")]) >= FEWEST_IN_FHIR


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_trap(name: str) -> None:
    answers = EXPECTED[name]["answers"]

    decisions = judged((TRAPS / name).read_bytes(), name)

    assert [shown(decision) for decision in decisions] == [
        (one["indication"], one["verdict"], sorted(one["missing"])) for one in answers
    ]
    for decision, one in zip(decisions, answers, strict=True):
        unsaid = [words for words in one.get("says", ()) if words not in told(decision)]
        assert unsaid == []


@pytest.mark.parametrize("name", with_family_history())
def test_what_a_relative_had_changes_no_answer(name: str) -> None:
    bundle = json.loads((TRAPS / name).read_bytes())
    without = [one for one in bundle["entry"] if one["resource"]["resourceType"] != "FamilyMemberHistory"]

    alone = judged(json.dumps({**bundle, "entry": without}).encode(), name)

    assert [shown(one) for one in alone] == [shown(one) for one in judged((TRAPS / name).read_bytes(), name)]


@cache
def library() -> Library:
    return load()


@cache
def judge() -> Judge:
    return Judge(library())


def judged(content: bytes, name: str) -> tuple[Decision, ...]:
    """The decisions that `ivigil review` gives on a file, as of a fixed day."""
    case = read_case(content, name, library().vocabulary)
    return judge().decide(case, library().rule_sets["review-2015"], TODAY)


def shown(decision: Decision) -> tuple[str | None, str, list[str]]:
    missing = sorted(one.shown.fact.id for one in decision.missing)
    return decision.indication.id if decision.indication else None, decision.verdict, missing


def told(decision: Decision) -> str:
    """What a reader is told of the diagnosis: the reason, the warnings, the evidence, and what was not used."""
    evidence = decision.match.established.used if decision.match else ()
    written = [*(one.written for one in evidence), *(one.why for one in decision.ignored)]
    return "\n".join([reason(decision), *decision.warnings, *written])
