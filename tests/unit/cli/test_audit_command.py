"""``ivigil audit`` as a user types it: what is refused, and what is printed."""

from __future__ import annotations

from pathlib import Path

import pytest

from ivigil.cli.app import run


@pytest.fixture(scope="module")
def records(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("records") / "cohort"
    assert run(["synth", str(out), "--patients", "15", "--seed", "4"]) == 0
    return out


def test_all_that_is_wrong_is_told_at_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "out"
    given = ["--rules", "nobody", "--compare", "neither", "--today", "soon", "--workers", "0", "--hide-up-to", "few"]
    assert run(["audit", str(tmp_path / "none"), str(out), *given]) == 2
    said = capsys.readouterr().err
    for word in ("--rules", "--compare", "--today", "--workers", "--hide-up-to", str(tmp_path / "none")):
        assert word in said
    assert not out.exists()


def test_the_same_rules_are_no_comparison(records: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["audit", str(records), str(tmp_path / "out"), "--compare", "review-2015"]) == 2
    assert "another rule set" in capsys.readouterr().err


def test_what_is_printed_adds_up(records: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["audit", str(records), str(tmp_path / "out"), "--exact"]) == 0
    words = capsys.readouterr().out.replace("\u202f", "").split()
    asked, judged, aside = (int(words[place]) for place in (0, 3, 6))
    assert asked == judged + aside
    assert words[-1] == str(tmp_path / "out" / "report.html")


def test_another_run_in_the_folder_is_left_alone(
    records: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    assert run(["audit", str(records), str(out)]) == 0
    before = {path: path.read_bytes() for path in out.rglob("*") if path.is_file()}
    capsys.readouterr()
    assert run(["audit", str(records), str(out), "--rules", "ontario-excerpt"]) == 2
    assert "run.json, rules" in capsys.readouterr().err
    assert before == {path: path.read_bytes() for path in out.rglob("*") if path.is_file()}
    assert run(["audit", str(records), str(out)]) == 0
    assert before == {path: path.read_bytes() for path in out.rglob("*") if path.is_file()}


def test_a_folder_of_something_else_is_left_alone(
    records: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "letter.txt").write_text("dear", encoding="utf-8")
    assert run(["audit", str(records), str(tmp_path)]) == 2
    assert "not empty" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]


def test_a_place_can_hide_more_and_never_less(records: Path, tmp_path: Path) -> None:
    def hidden(limit: str) -> int:
        out = tmp_path / limit
        assert run(["audit", str(records), str(out), "--hide-up-to", limit]) == 0
        return (out / "audit.json").read_text(encoding="utf-8").count('"hidden": true')

    assert hidden("1") == hidden("7") < hidden("14")


def test_patients_without_requests_make_an_empty_report(
    records: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "in").mkdir()
    patients = (records / "Patient-0000.ndjson").read_text(encoding="utf-8")
    (tmp_path / "in" / "Patient.ndjson").write_text(patients, encoding="utf-8")
    for more in ([], ["--exact", "--compare", "ontario-excerpt"]):
        out = tmp_path / f"out{len(more)}"
        assert run(["audit", str(tmp_path / "in"), str(out), *more]) == 0
        assert "0 requests = 0 judged + 0 set aside" in capsys.readouterr().out
        assert run(["replay", str(out), "--rules", "ontario-excerpt"]) == 0
        assert "0 of 0 rows get another verdict" in " ".join(capsys.readouterr().out.split())
