"""Replays: with one criterion altered exactly those move whose verdict hangs on it, and it is named."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from ivigil.cli.app import run
from ivigil.knowledge import data_folder, load
from ivigil.populations import compile_rule_set
from ivigil.populations.audit.causes import Side, causes
from ivigil.review import Judge

NEW = "review-altered"
ADDED = """criteria:
  id: no-exchange
  text: Plasma exchange is contraindicated.
  rule: plasma_exchange = 'contraindicated'
  passage: {source: gilardin-2015, place: made up for a test}
"""
NO_CRITERIA = "criteria: null\nno_criteria: The source states no restriction for this use.\n"
HARDER, EASIER = "corticosteroids = 'failed'", "corticosteroids in {'failed', 'ongoing'}"


@pytest.fixture(scope="module")
def records(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("records") / "cohort"
    assert run(["synth", str(out), "--patients", "80", "--seed", "21"]) == 0
    return out


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The rule set of ivigil under another name, with a criterion for one use, and an easier one for another."""
    out = tmp_path_factory.mktemp("rules")
    shutil.copytree(data_folder() / "rule-sets" / "review-2015", out / "rule-sets" / NEW)
    replaced(out / "rule-sets" / NEW / "rule-set.yaml", "id: review-2015", f"id: {NEW}")
    replaced(out / "rule-sets" / NEW / "cidp.yaml", NO_CRITERIA, ADDED)
    replaced(out / "rule-sets" / NEW / "dermatomyositis.yaml", HARDER, EASIER)
    return out


def replaced(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1, (path, old)
    path.write_text(text.replace(old, new), encoding="utf-8")


@pytest.fixture(scope="module")
def audit(records: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("audit") / "out"
    assert run(["audit", str(records), str(out)]) == 0
    return out


@pytest.fixture(scope="module")
def under_both(records: Path, folder: Path, tmp_path_factory: pytest.TempPathFactory) -> pl.DataFrame:
    """Both verdicts of every row, each from an audit of its own."""
    root = tmp_path_factory.mktemp("both")
    for name in ("review-2015", NEW):
        assert run(["audit", str(records), str(root / name), "--rules", name, "--knowledge", str(folder)]) == 0
    old, new = (pl.read_parquet(root / name / "decisions" / "*.parquet") for name in ("review-2015", NEW))
    return old.join(new.select("row", then="verdict"), on="row")


def replayed(audit: Path, capsys: pytest.CaptureFixture[str], *more: str) -> dict[str, Any]:
    capsys.readouterr()
    assert run(["replay", str(audit), "--json", *more]) == 0
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


def test_exactly_those_move_whose_verdict_is_another_one(
    audit: Path, folder: Path, under_both: pl.DataFrame, capsys: pytest.CaptureFixture[str]
) -> None:
    found = replayed(audit, capsys, "--rules", NEW, "--knowledge", str(folder))
    expected = under_both.filter(pl.col("verdict") != pl.col("then")).sort("row")
    assert len(expected)
    assert [one["row"] for one in found["moved"]] == expected["row"].to_list()
    assert [one["verdict"]["before"] for one in found["moved"]] == expected["verdict"].to_list()
    assert [one["verdict"]["after"] for one in found["moved"]] == expected["then"].to_list()
    assert [one["milligrams"] for one in found["moved"]] == expected["milligrams"].to_list()
    assert found["rows"] == len(under_both)


def test_what_moves_them_is_a_criterion_that_was_altered(
    audit: Path, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    moved = replayed(audit, capsys, "--rules", NEW, "--knowledge", str(folder))["moved"]
    assert {one["indication"] for one in moved} <= {"cidp", "dermatomyositis"}
    for one in moved:
        name = "no-exchange" if one["indication"] == "cidp" else "steroid-resistant"
        criteria = [cause for cause in one["causes"] if cause["kind"] == "criterion"]
        assert [cause["id"] for cause in criteria] == [name]
        assert {cause["kind"] for cause in one["causes"]} <= {"criterion", "verdict table"}


def test_a_criterion_that_comes_out_otherwise_is_named(folder: Path) -> None:
    library = load([folder])
    judge = Judge(library)
    before, after = (Side(compile_rule_set(library.rule_sets[one], judge), judge) for one in ("review-2015", NEW))
    row = {"indication": "dermatomyositis", "established": True, "immunoglobulin_ordered": True}
    row |= {"request_phase": "initial", "disease_severe": True}
    found = causes({**row, "corticosteroids": "ongoing"}, before, after)
    assert [(one.kind, one.id, one.before, one.after) for one in found] == [
        ("criterion", "steroid-resistant", "not met", "met"),
        ("verdict table", "row", "not-qualified", "first-line-qualified"),
    ]
    assert causes({**row, "corticosteroids": "failed"}, before, after) == ()


def test_the_comparison_of_an_audit_finds_the_same(
    records: Path, folder: Path, under_both: pl.DataFrame, tmp_path: Path
) -> None:
    given = ["audit", str(records), str(tmp_path / "out"), "--compare", NEW, "--knowledge", str(folder), "--exact"]
    assert run(given) == 0
    tables = json.loads((tmp_path / "out" / "audit.json").read_text(encoding="utf-8"))["tables"]
    turned = {tuple(one["key"].values()): one for one in tables["verdict by other:verdict"]["groups"]}
    counted = under_both.group_by("verdict", "then").agg(
        pl.len().alias("rows"), pl.col("patient").n_unique(), pl.col("milligrams").sum()
    )
    assert {(one["verdict"], one["then"]) for one in counted.to_dicts()} == {
        (one["key"]["verdict"], one["key"]["other:verdict"]) for one in turned.values()
    }
    for one in counted.to_dicts():
        group = next(
            two
            for two in turned.values()
            if (two["key"]["verdict"], two["key"]["other:verdict"]) == (one["verdict"], one["then"])
        )
        assert (group["rows"], group["patients"], group["milligrams"]) == (
            one["rows"],
            one["patient"],
            one["milligrams"],
        )


def test_nothing_moves_under_the_same_rules(audit: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert replayed(audit, capsys, "--rules", "review-2015")["moved"] == []


def test_another_body_moves_by_standing_and_scope(audit: Path, capsys: pytest.CaptureFixture[str]) -> None:
    moved = replayed(audit, capsys, "--rules", "ontario-excerpt")["moved"]
    assert moved
    kinds = {cause["kind"] for one in moved for cause in one["causes"]}
    assert {"standing", "scope", "appraisal"} <= kinds
    assert all(one["causes"] for one in moved)


def test_in_words_and_as_a_page(audit: Path, folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    page = tmp_path / "moved.html"
    before = {path: path.stat().st_mtime_ns for path in audit.rglob("*")}
    assert run(["replay", str(audit), "--rules", NEW, "--knowledge", str(folder), "--html", str(page)]) == 0
    printed = capsys.readouterr().out
    assert "rows get another verdict" in " ".join(printed.split())
    assert "no-exchange" in printed
    assert "no-exchange" in page.read_text(encoding="utf-8")
    assert before == {path: path.stat().st_mtime_ns for path in audit.rglob("*")}


def test_all_that_is_wrong_is_told_at_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    wrong = ["replay", str(tmp_path / "none"), "--rules", "nobody", "--html", str(tmp_path / "no" / "such.html")]
    assert run(wrong) == 2
    said = capsys.readouterr().err
    assert "3 faults" in said
    assert "run.json" in said
    assert "'nobody'" in said
    assert "such.html" in said
