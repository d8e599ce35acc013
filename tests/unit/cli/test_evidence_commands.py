"""``ivigil evidence`` as a user types it: words, JSON, pictures, snapshots, and one error for all that is wrong."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from ivigil.cli.app import run

SHEET = "study,year,events_a,n_a,events_b,n_b\nOne,2001,4,40,9,41\nTwo,2005,7,55,12,52\nThree,2010,3,33,8,35\n"


def values(capsys: pytest.CaptureFixture[str], *words: str) -> Any:  # noqa: ANN401 - JSON
    assert run(["evidence", *words, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def said(capsys: pytest.CaptureFixture[str], *words: str, code: int = 0) -> str:
    assert run(["evidence", *words]) == code
    captured = capsys.readouterr()
    return captured.out if code == 0 else captured.err


def test_every_analysis_and_study_is_listed(capsys: pytest.CaptureFixture[str]) -> None:
    held = values(capsys, "list")
    assert {one["analysis"]["id"] for one in held["analyses"]} >= {"cidp-response", "kawasaki-early", "gbs-change"}
    assert sum(held["studies"].values()) > 60
    assert "cidp-response" in said(capsys, "list")


@pytest.mark.parametrize("wanted", ["cidp", "cidp-response", "hahn-1996", "s01-cidp-improvement"])
def test_whatever_has_an_id_can_be_shown(wanted: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert "improvement" in said(capsys, "show", wanted).lower()
    assert values(capsys, "show", wanted)


def test_an_unknown_id_is_told_with_what_comes_near(capsys: pytest.CaptureFixture[str]) -> None:
    assert "cidp-response" in said(capsys, "show", "cidp-respons", code=2)


def test_every_claim_is_checked(capsys: pytest.CaptureFixture[str]) -> None:
    found = values(capsys, "check")
    assert len(found["claims"]) == 37
    assert sum(found["counts"].values()) == 37
    cidp = next(one for one in found["claims"] if one["claim"]["id"] == "s01-cidp-improvement")
    assert [figure["stated"] for figure in cidp["computed"][0]["figures"]] == [44, 32, 62]
    assert "37 claims:" in said(capsys, "check")


def test_options_take_the_place_of_the_conventions_of_an_analysis(capsys: pytest.CaptureFixture[str]) -> None:
    own = values(capsys, "pool", "kawasaki-early")
    other = values(capsys, "pool", "kawasaki-early", "--method", "mantel-haenszel", "--level", "90")
    assert own["options"]["method"] == "inverse-variance"
    assert (other["options"]["method"], other["options"]["model"]) == ("mantel-haenszel", "common")
    assert other["options"]["level"] == 0.9
    assert other["result"]["estimate"] != own["result"]["estimate"]


def test_a_sheet_is_pooled_like_an_analysis(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "mine.csv"
    path.write_text(SHEET, encoding="utf-8")
    found = values(capsys, "pool", str(path), "--measure", "RR", "--better", "lower", "--more")
    assert found["result"]["k"] == 3
    assert len(found["more"]["leave_one_out"]) == 3
    assert {"Egger", "Begg"} <= {one["name"] for one in found["more"]["small_study"]}


def test_pictures_and_page_are_written_and_load_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    forest, page = tmp_path / "forest.svg", tmp_path / "page.html"
    said(
        capsys,
        "pool",
        "cidp-response",
        "--forest",
        str(forest),
        "--html",
        str(page),
        "--funnel",
        str(tmp_path / "f.svg"),
    )
    assert "Hahn 1996" in forest.read_text(encoding="utf-8")
    assert (tmp_path / "forest.narrow.svg").is_file()
    text = page.read_text(encoding="utf-8")
    assert text.count("<figure>") >= 4
    assert "<script" not in text
    assert "default-src 'none'" in text


def test_the_same_bytes_each_time(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("one", "two"):
        said(capsys, "show", "kawasaki", "--html", str(tmp_path / name))
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()


def test_a_snapshot_is_whole_until_it_is_changed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    kept = tmp_path / "kept.json"
    said(capsys, "pool", "kawasaki-early", "--snapshot", str(kept), "--today", "2026-11-22")
    assert "whole" in said(capsys, "verify", str(kept))
    kept.write_text(kept.read_text(encoding="utf-8").replace('"events_a": 6', '"events_a": 7'), encoding="utf-8")
    assert run(["evidence", "verify", str(kept)]) == 1
    assert "changed since it was written" in capsys.readouterr().out


@pytest.mark.parametrize("option", ["--forest", "--funnel", "--html", "--snapshot"])
@pytest.mark.parametrize("place", ["", "no-such-folder/x", "/dev/null"])
def test_what_cannot_be_written_is_told_before_anything_is(
    option: str, place: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    good = tmp_path / "good.svg"
    words = ("pool", "kawasaki-early", "--forest", str(good), "--today", "2026-11-22", option, str(tmp_path / place))
    assert str(tmp_path / place) in said(capsys, *words, code=2)
    assert not list(tmp_path.iterdir())


def test_a_sheet_is_not_written_over(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "mine.csv"
    path.write_text(SHEET, encoding="utf-8")
    out = str(tmp_path / "one.html")
    words = ("pool", str(path), "--measure", "RR", "--better", "lower")
    assert "read too" in said(capsys, *words, "--forest", str(path), code=2)
    assert "named twice" in said(capsys, *words, "--html", out, "--funnel", out, code=2)
    assert path.read_text(encoding="utf-8") == SHEET


@pytest.mark.parametrize(
    ("option", "value"), [("--better", "lower"), ("--level", "0.95"), ("--tau2", "PM"), ("--prediction", "normal")]
)
def test_an_option_that_would_not_be_heeded_is_refused(
    option: str, value: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert f"{option}: found" in said(capsys, "pool", "cidp-response", option, value, code=2)


@pytest.mark.parametrize("wanted", ["CIDP", "hahn-1996", "s01-cidp-improvement", "cidp-response"])
def test_whatever_is_shown_can_be_a_page(wanted: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    page = tmp_path / "page.html"
    said(capsys, "show", wanted, "--html", str(page))
    assert "improve" in page.read_text(encoding="utf-8").lower()


def test_no_table_makes_a_phone_scroll_sideways(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    page = tmp_path / "page.html"
    said(capsys, "show", "immune-thrombocytopenia", "--html", str(page))
    heading = re.search(r"thead \{([^}]*position: absolute[^}]*)\}", page.read_text(encoding="utf-8"))
    # Its words lie beyond the edge of a narrow page unless it is held to a width.
    assert heading is not None
    assert {"width: 1px", "overflow: hidden"} <= {one.strip() for one in heading[1].split(";")}


def test_a_sheet_need_not_be_called_csv(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "mine.tsv"
    path.write_text(SHEET.replace(",", "\t"), encoding="utf-8")
    assert values(capsys, "pool", str(path), "--measure", "RR", "--better", "lower")["result"]["k"] == 3


def test_people_of_a_crossover_trial_are_counted_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    page = tmp_path / "page.html"
    said(capsys, "show", "cidp", "--html", str(page))
    # 28, 30, 53 and 117 took part; the trial of 30 prints its two periods as arms of 30.
    assert ">228<" in page.read_text(encoding="utf-8")


def test_no_hyphen_stands_for_a_minus(capsys: pytest.CaptureFixture[str]) -> None:
    text = said(capsys, "show", "gbs-change") + said(capsys, "show", "cidp") + said(capsys, "check", "--all")
    assert not re.findall(r"(?<![\w.)\]−–])-\d", text)


def test_every_fault_of_a_command_is_told_at_once(capsys: pytest.CaptureFixture[str]) -> None:
    words = ("pool", "no-such", "--level", "195", "--measure", "RR", "--method", "peto", "--model", "random")
    error = said(capsys, *words, "--snapshot", "x.json", code=2)
    for part in ("no-such", "--level", "--measure", "--method", "--today"):
        assert part in error


@pytest.mark.parametrize("content", ["", "{}", '{"format": "other"}', "no json"])
def test_a_file_that_is_no_snapshot_is_refused(
    content: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "x.json"
    path.write_text(content, encoding="utf-8")
    assert "x.json" in said(capsys, "verify", str(path), code=2)


def test_new_studies_of_a_folder_join_an_analysis(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "own" / "studies"
    folder.mkdir(parents=True)
    (folder / "new-2026.yaml").write_text(
        "id: new-2026\nname: New\nyear: 2026\ndesign: randomised parallel trial\ncondition: Kawasaki disease\n"
        "arms:\n  - {id: a, treatment: immunoglobulin}\n  - {id: b, treatment: aspirin}\n"
        "results:\n  - id: r\n    outcome: coronary abnormality\n    better: lower\n    compared: parallel arms\n"
        "    verified: figure read\n    passage: {source: gilardin-2015, place: made up}\n"
        "    counts:\n      - {arm: a, events: 10, n: 100}\n      - {arm: b, events: 30, n: 100}\n"
        "passage: {source: gilardin-2015, place: made up}\n"
        "joins:\n  - {analysis: kawasaki-early, result: r, a: a, b: b}\n",
        encoding="utf-8",
    )
    found = values(capsys, "pool", "kawasaki-early", "--knowledge", str(tmp_path / "own"))
    assert found["result"]["k"] == 3
