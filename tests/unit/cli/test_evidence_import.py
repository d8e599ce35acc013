"""Import, screening and queries as a reader meets them."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

import pytest

from ivigil.cli import output
from ivigil.cli.app import run
from ivigil.knowledge import load
from ivigil.literature.screening import read_queue

EXAMPLES = Path(__file__).parents[3] / "examples" / "evidence"
RECORDS = [str(EXAMPLES / name) for name in ("search.ris", "pubmed.xml", "trials.json")]
SHEET = str(EXAMPLES / "new-study.csv")
SOURCE = """id: our-register
title: Register of our hospital (an example, no evidence)
kind: project
read: own work
retrieved: 2026-11-01
"""


@pytest.fixture
def ours(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    (tmp_path / "ours" / "sources").mkdir(parents=True)
    (tmp_path / "ours" / "sources" / "our-register.yaml").write_text(SOURCE, encoding="utf-8")
    # Checking a folder takes seconds: the test below asks for the same one twice.
    monkeypatch.setattr(output, "load", cache(load))
    return str(tmp_path / "ours")


def test_records_are_merged_and_queued(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    queue = tmp_path / "queue.csv"
    assert run(["evidence", "import", *RECORDS, "--queue", str(queue)]) == 1
    out = capsys.readouterr().out
    assert "6 records, 4 after merging duplicates; 1 kept apart." in out
    assert "4 new, 0 found again, 4 in all" in out
    assert len(read_queue(queue.read_bytes(), "q")) == 4


def test_importing_again_keeps_what_a_person_decided(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    queue = tmp_path / "queue.csv"
    run(["evidence", "import", RECORDS[0], "--queue", str(queue)])
    written = queue.read_text(encoding="utf-8")
    queue.write_text(written.replace("undecided,,,", "include,,A. Person,", 1), encoding="utf-8")
    assert run(["evidence", "import", *RECORDS[1:], "--queue", str(queue), "--json"]) == 0
    assert "A. Person" in queue.read_text(encoding="utf-8")
    values = json.loads(capsys.readouterr().out.split("in all.\n", 1)[1])
    assert (len(values["queue"]["added"]), len(values["queue"]["again"])) == (1, 2)
    assert [one["format"] for one in values["files"]] == ["PubMed XML", "ClinicalTrials.gov"]


def test_a_sheet_says_what_it_moves(ours: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["evidence", "import", SHEET, "--analysis", "cidp-response", "--knowledge", ours]) == 0
    out = capsys.readouterr().out
    assert "Example study A 2026" in " ".join(out.split())
    assert "before" in out
    assert "after" in out
    assert run(["evidence", "import", SHEET, "--analysis", "cidp-response", "--knowledge", ours, "--json"]) == 0
    (moved,) = json.loads(capsys.readouterr().out)["moved"]
    assert moved["analysis"] == "cidp-response"
    assert moved["after"]["result"]["k"] == moved["before"]["result"]["k"] + 1


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([SHEET], "--analysis: found nothing"),
        ([SHEET, "--analysis", "cidp-respons"], "Did you mean cidp-response"),
        ([SHEET, RECORDS[0], "--analysis", "cidp-response"], "records beside a sheet"),
        ([SHEET, "--analysis", "cidp-response", "--queue", "q.csv"], "--queue"),
        ([SHEET, "--analysis", "cidp-response"], "source: found our-register"),
        ([RECORDS[0], "--analysis", "cidp-response"], "records of a search"),
        (["nowhere.ris"], "No such file"),
        ([RECORDS[0], "--queue", "nowhere/queue.csv"], "a file that can be written"),
    ],
)
def test_wrong_use_is_refused(words: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["evidence", "import", *words]) == 2
    assert said in capsys.readouterr().err


def test_every_file_is_looked_at_before_anything_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("one.ris", "two.ris"):
        (tmp_path / name).write_bytes(b"nonsense")
    assert run(["evidence", "import", str(tmp_path / "one.ris"), str(tmp_path / "two.ris")]) == 2
    assert "2 faults" in capsys.readouterr().err


def test_a_queue_is_shown_and_ordered(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    queue, out = tmp_path / "queue.csv", tmp_path / "ordered.csv"
    run(["evidence", "import", *RECORDS, "--queue", str(queue)])
    queue.write_text(
        queue.read_text(encoding="utf-8").replace("undecided,,,", "exclude,,A. Person,", 1), encoding="utf-8"
    )
    capsys.readouterr()
    assert run(["evidence", "screen", str(queue), "--out", str(out), "--json"]) == 0
    values = json.loads(capsys.readouterr().out)
    assert values["counts"] == {"include": 0, "exclude": 1, "undecided": 3}
    assert values["by"] == {"A. Person": 1}
    before, after = (read_queue(path.read_bytes(), "q") for path in (queue, out))
    assert after[-1] == before[0]
    assert set(before) == set(after)
    assert run(["evidence", "import", str(queue)]) == 2
    assert "a screening queue" in capsys.readouterr().err


def test_a_query_is_printed_with_its_version(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["evidence", "query", "cidp"]) == 0
    out = capsys.readouterr().out
    assert "(seed-box-1, version 1)" in out
    assert '"chronic inflammatory demyelinating polyneuropathy"' in out
    assert run(["evidence", "query", "cidp", "--query", "seed-box-1", "--json"]) == 0
    values = json.loads(capsys.readouterr().out)
    assert values["pubmed"] in out
    assert values["source"] == "gilardin-2015"


@pytest.mark.parametrize(
    ("words", "said"),
    [([], "no indication"), (["cidpp"], "Did you mean cidp"), (["cidp", "--query", "seed"], "the id of a query")],
)
def test_a_query_that_cannot_be_made(words: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["evidence", "query", *words]) == 2
    assert said in capsys.readouterr().err
