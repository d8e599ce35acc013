"""``ivigil synth`` as a user types it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ivigil.cli.app import run
from ivigil.synthetic.figures import figures


def test_a_cohort_is_written_and_then_is_there(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    wanted = ["synth", str(tmp_path / "out"), "--patients", "12", "--seed", "3"]
    assert run(wanted) == 0
    assert "12 made-up patients written" in capsys.readouterr().out
    assert (tmp_path / "out" / "Patient-0000.ndjson").read_text(encoding="utf-8").count("\n") == 12
    assert run(wanted) == 0
    assert "already" in capsys.readouterr().out


def test_numbers_as_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    wanted = ["synth", str(tmp_path / "out"), "--patients", "5", "--files", "2", "--gzip", "--json"]
    assert run(wanted) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["patients"], found["files"], found["written_now"]["patients"]) == (5, 2, 5)
    assert sorted(path.name for path in (tmp_path / "out").glob("Patient*")) == [
        "Patient-0000.ndjson.gz",
        "Patient-0001.ndjson.gz",
    ]


def test_every_kind_of_dirt_is_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["synth", "--kinds"]) == 0
    printed = capsys.readouterr().out.splitlines()
    assert [line.split()[2] for line in printed] == [one.id for one in figures().dirt.kinds]
    assert run(["synth", "--kinds", "--json"]) == 0
    assert len(json.loads(capsys.readouterr().out)) == len(printed)


def test_shares_are_taken_in_their_order(tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert run(["synth", str(out), "--patients", "40", "--share", "all=0", "--share", "no-birth-date=1"]) == 0
    assert "birthDate" not in (out / "Patient-0000.ndjson").read_text(encoding="utf-8")
    assert "entered-in-error" not in (out / "Observation-0000.ndjson").read_text(encoding="utf-8")


def test_all_faults_are_told_at_once(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["synth", "--patients", "0", "--seed", "x", "--files", "-1", "--share", "stale"]) == 2
    printed = capsys.readouterr().err
    assert "5 faults" in printed
    for option in ("--patients", "--seed", "--files", "--share", "OUT"):
        assert option in printed


@pytest.mark.parametrize(
    ("more", "told"),
    [
        (["--share", "nonsense=0.1"], "--kinds"),
        (["--share", "stale=1.5"], "from 0 to 1"),
        (["--rules", "nonsense"], "review-2015"),
        (["--seed", str(2**64)], "--seed"),
        (["--files", "9", "--patients", "4"], "no more files than patients"),
        (["--background", "nowhere"], "no bulk FHIR"),
        (["--knowledge", "nowhere"], "no such folder"),
    ],
)
def test_a_fault_says_what_was_expected_and_nothing_is_made(
    more: list[str], told: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["synth", str(tmp_path / "out"), *more]) == 2
    assert told in capsys.readouterr().err
    assert not (tmp_path / "out").exists()
