"""``ivigil predictive-check`` as a user types it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from tests.unit.kinetics.made_levels import made_up

from ivigil.cli.app import run
from ivigil.kinetics.event_writing import write_events

WORDS = ("--model", "zhang-2020", "--replicates", "150")


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "events.csv"
    path.write_text(write_events(made_up(24, 5, limit=4.0)), encoding="utf-8")
    return path


def values(capsys: pytest.CaptureFixture[str], *words: str) -> Any:  # noqa: ANN401 - JSON
    assert run(["predictive-check", *words, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def error(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    assert run(["predictive-check", *words]) == 2
    return capsys.readouterr().err


def test_a_table_is_checked_and_said_in_numbers(table: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = values(capsys, str(table), *WORDS)
    assert (found["people"], found["levels"], found["replicates"], found["seed"]) == (24, 144, 150, 1)
    assert sum(group["levels"] for group in found["groups"]) == 144
    assert found["below_limit"] > 0
    assert all(one["people"] for one in found["outside"])
    assert run(["predictive-check", str(table), *WORDS]) == 0
    said = capsys.readouterr().out
    for words in ("24 people", "below limit", "A model, not a measurement"):
        assert words in said


def test_the_answer_is_the_same_for_any_threads_and_another_for_another_seed(
    table: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    one, two = (values(capsys, str(table), *WORDS, "--workers", count) for count in ("1", "2"))
    assert one == two
    assert values(capsys, str(table), *WORDS, "--seed", "2")["groups"] != one["groups"]


def test_groups_are_made_as_asked(table: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert len(values(capsys, str(table), *WORDS, "--groups", "3")["groups"]) == 3
    found = values(capsys, str(table), *WORDS, "--by", "since-dose", "--edges", "0,7,21", "--corrected")
    assert [group["first"] >= edge for group, edge in zip(found["groups"], (0, 7, 21), strict=True)] == [True] * 3
    assert found["corrected"]


def test_pictures_are_written_for_both_widths(table: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out, page = tmp_path / "check.svg", tmp_path / "page.html"
    values(capsys, str(table), *WORDS, "--svg", str(out), "--html", str(page))
    assert out.read_text(encoding="utf-8").startswith("<svg")
    assert (tmp_path / "check.narrow.svg").is_file()
    assert "<script" not in page.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("words", "parts"),
    [
        (("--replicates", "3", "--seed", "x", "--workers", "0"), ("--replicates", "--seed", "--workers", "--model")),
        (("--model", "no-such", "--groups", "0", "--edges", "7,x"), ("no-such", "--groups", "--edges")),
        (("--model", "zhang-2020", "--groups", "2", "--edges", "7,3"), ("--groups, --edges", "rising")),
        (("--model", "zhang-2020", "--model", "luo-2020"), ("one model",)),
        (("--model", "competition-70kg"), ("recycling",)),
        (("--model", "luo-2020"), ("residual error",)),
        (("--model", "zhang-2020", "--svg", "/no/such/c.svg"), ("c.svg", "c.narrow.svg")),
    ],
)
def test_every_fault_is_told_at_once(
    words: tuple[str, ...], parts: tuple[str, ...], table: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    said = error(capsys, str(table), *words)
    for part in parts:
        assert part in said


def test_faults_of_the_table_are_told_with_their_rows(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "slips.csv"
    path.write_text("ID,TIME [d],AMT [g],ROUTE,DV [g/L],WT [kg]\na,0,-5,IV,.,70\nb,3,.,.,x,70\n", encoding="utf-8")
    said = error(capsys, str(path), *WORDS, "--seed", "-1")
    for part in ("row 2, AMT", "row 3, DV", "--seed"):
        assert part in said
    path.write_text("ID,TIME [d],AMT [g],ROUTE,DV [mg/dL],WT [kg]\na,0,5,IV,.,700\na,3,.,.,90000,.\n", encoding="utf-8")
    said = error(capsys, str(path), *WORDS)
    for part in ("a, day 0, weight_kg", "a, day 3, level"):
        assert part in said
    assert "no-such.csv" in error(capsys, "no-such.csv", *WORDS)
