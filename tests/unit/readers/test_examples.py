"""Each example under tests/data gives the decisions that its row in expected.yaml was worked out to have."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from ivigil.documents import BadInput, parse_yaml
from ivigil.facts import read_case
from ivigil.knowledge import Library, load
from ivigil.review import Decision, Judge

DATA = Path(__file__).parents[2] / "data"
EXPECTED: dict[str, Any] = parse_yaml((DATA / "expected.yaml").read_bytes(), "expected.yaml")[0]


@pytest.fixture(scope="module")
def library() -> Library:
    return load([DATA / "knowledge-extra"])


def test_every_example_has_a_row() -> None:
    files = {path.name for path in DATA.iterdir() if path.is_file()} - {"expected.yaml"}

    assert files == set(EXPECTED)
    assert len([name for name in files if name.endswith(".json")]) >= 14


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_example(name: str, library: Library) -> None:
    row = EXPECTED[name]
    content = (DATA / name).read_bytes()
    if "fault" in row:
        with pytest.raises(BadInput, match=row["fault"]):
            read_case(content, name, library.vocabulary)
        return
    case = read_case(content, name, library.vocabulary)
    rules = library.rule_sets[row.get("rules", "review-2015")]

    decisions = Judge(library).decide(case, rules, date.fromisoformat(row["today"]))

    assert [shown(decision) for decision in decisions] == [with_sorted_missing(one) for one in row["decisions"]]


def with_sorted_missing(row: dict[str, Any]) -> dict[str, Any]:
    return {**row, "missing": sorted(row["missing"])}


def shown(decision: Decision) -> dict[str, Any]:
    truths = {"met": "true", "not met": "false", "unknown": "unknown"}
    return {
        "indication": decision.indication.id if decision.indication else None,
        "verdict": decision.verdict,
        "may_start": truths[decision.may_start.truth.value],
        "dose_check": decision.dose.result,
        "missing": sorted(missing.shown.fact.id for missing in decision.missing),
    }


def test_all_verdicts_are_shown() -> None:
    verdicts = {row["verdict"] for one in EXPECTED.values() for row in one.get("decisions", ())}

    assert verdicts == {
        "supported",
        "not-supported",
        "avoid",
        "panel-review",
        "out-of-scope",
        "needs-information",
    }
