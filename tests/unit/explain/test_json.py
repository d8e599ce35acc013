"""The JSON of a decision: its keys, and the same bytes on every run."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from tests.unit.explain.shown import SCRIPT, decisions

from ivigil.explain.as_json import as_json, decision_text

KEYS = [
    "verdict",
    "standing",
    "indication",
    "level_of_evidence",
    "reason",
    "criteria",
    "missing",
    "would_change",
    "may_start",
    "dose_check",
    "regimens",
    "alternatives",
    "sources",
    "warnings",
    "ignored",
    "ruleset",
]
DECISIONS = decisions()
DOCUMENT = """\
{"request": {"indication": ["myasthenia-gravis", "guillain-barre", "lupus nephritis"]},
 "facts": {"weight": ["70 kg", {"value": 71, "unit": "kg", "date": "2026-11-01"}],
           "corticosteroids": "failed", "platelets": "12 10*9/L"}}
"""


@pytest.mark.parametrize("name", sorted(DECISIONS))
def test_every_key_is_there(name: str) -> None:
    text = decision_text(DECISIONS[name])
    assert "\n" not in text
    read = json.loads(text)
    assert set(KEYS) <= set(read)
    assert list(read) == list(as_json(DECISIONS["supported"]))


@pytest.mark.parametrize("name", sorted(DECISIONS))
def test_the_same_bytes_again(name: str) -> None:
    assert decision_text(DECISIONS[name]) == decision_text(decisions()[name])


def answered(path: Path, seed: str) -> bytes:
    """What a process of its own prints, under one seed of its hashes."""
    command = [sys.executable, "-m", "ivigil", "review", str(path), "--json", "--today", "2026-11-20"]
    done = subprocess.run(command, capture_output=True, check=True, env={**os.environ, "PYTHONHASHSEED": seed})
    return done.stdout


def test_the_same_bytes_in_other_processes(tmp_path: Path) -> None:
    path = tmp_path / "case.json"
    path.write_text(DOCUMENT, encoding="utf-8")
    first = answered(path, "1")
    assert first.count(b"\n") == 3
    assert first == answered(path, "2") == answered(path, "12345")


def test_values_are_what_they_were() -> None:
    read = json.loads(decision_text(DECISIONS["supported"]))
    assert read["verdict"] == "supported"
    assert read["standing"] == "limited-evidence"
    assert read["indication"] == "alpha"
    assert read["level_of_evidence"] is None  # the level is that of the first-line standing
    assert read["may_start"] == "unknown"
    assert read["dose_check"] == "within"
    low_count = read["criteria"][0]
    assert low_count["truth"] == "met"
    (fact,) = low_count["facts"]
    assert (fact["id"], fact["value"], fact["unit"], fact["words"]) == ("platelets", 12, "10*9/L", "12 10*9/L")
    assert fact["statements"][0]["date"] == "2026-11-18"
    assert fact["statements"][0]["origin"].startswith("case.yaml, line ")
    assert low_count["trace"] == {"rule": "platelets < 30 '10*9/L'", "truth": "met", "operands": []}
    assert {one["id"]: one["truth"] for one in read["standing_exceptions"]} == {"clots": "not met", "pregnancy": "met"}
    assert {one["id"]: one["role"] for one in read["regimens"]} == {
        "daily": "recommended",
        "total-only": "recommended",
        "studied": "studied",
    }
    assert read["ruleset"]["id"] == "house"
    assert len(read["ruleset"]["hash"]) == len(read["ruleset"]["knowledge_hash"]) == 64
    assert any("700 kg" in warning for warning in read["warnings"])


def test_nothing_asked() -> None:
    read = json.loads(decision_text(DECISIONS["nothing"]))
    assert (read["verdict"], read["indication"], read["standing"], read["may_start"]) == (
        "needs-information",
        None,
        None,
        False,
    )
    assert [one["fact"] for one in read["missing"]] == ["request_indication"]


def test_a_question_carries_what_a_form_needs() -> None:
    read = json.loads(decision_text(DECISIONS["needs-information"]))
    (question,) = read["missing"]
    assert question["fact"] == "venous_thromboembolism"
    assert question["question"].endswith("?")
    assert question["kind"] == "truth"
    assert question["outcomes"] == [
        {"value": "yes", "verdicts": ["avoid"]},
        {"value": "no", "verdicts": ["supported"]},
    ]


def test_not_the_text_of_a_patient_but_its_escape_is_for_pages() -> None:
    """JSON carries the text as it is: escaping belongs to what shows it."""
    assert SCRIPT in json.loads(decision_text(DECISIONS["panel-review"]))["reason"]
