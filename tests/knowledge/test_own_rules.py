"""A folder of one's own rules is checked, loaded and judged by, beside ivigil's own."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.knowledge.own_rules import RULES, write_own_rules

from ivigil.cli.app import run
from ivigil.documents import BadInput
from ivigil.knowledge import Library, every_criterion, load


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_own_rules(tmp_path_factory.mktemp("own"))


@pytest.fixture(scope="module")
def library(folder: Path) -> Library:
    return load([folder])


def test_both_rule_sets_stand_side_by_side(library: Library) -> None:
    assert set(library.rule_sets) - set(load().rule_sets) == {RULES}
    assert "review-2015" in library.rule_sets
    assert set(library.rule_sets[RULES].appraisals) == {"alpha", "beta", "gamma", "delta", "epsilon"}
    assert library.notes == ()


def test_ivigils_own_rules_keep_their_hash(library: Library) -> None:
    own = load()
    assert library.rule_sets["review-2015"] == own.rule_sets["review-2015"]
    assert library.hash != own.hash


def test_every_rule_of_the_folder_is_parsed(library: Library) -> None:
    for text in (
        "platelets < 30 '10*9/L'",
        "days_to_surgery <= 7 'd'",
        "age >= 18 'a'",
        "venous_thromboembolism",
        "corticosteroids = 'failed'",
        "life_threatening_bleeding",
    ):
        assert text in library.trees


def test_nested_criteria_are_walked_groups_first(library: Library) -> None:
    criteria = library.rule_sets[RULES].appraisals["alpha"].criteria
    assert criteria is not None
    assert [one.id for one in every_criterion(criteria)] == ["both", "low-count", "reason", "bleeding", "surgery"]


def test_the_check_runs_the_cases(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["knowledge", "check", str(folder)]) == 0
    # The rule set, two sources, six indications and five appraisals.
    assert capsys.readouterr().out == "Sound: 14 files, 5 appraisals, 5 worked cases answered as stated.\n"


def test_the_check_of_a_folder_does_not_run_ivigils_own_cases(
    folder: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    (tmp_path / "sources").mkdir()
    source = (folder / "sources/harm-report.yaml").read_text(encoding="utf-8")
    (tmp_path / "sources/harm-report.yaml").write_text(source, encoding="utf-8")
    assert run(["knowledge", "check", str(tmp_path)]) == 0
    assert capsys.readouterr().out == "Sound: 1 file, 0 appraisals, 0 worked cases answered as stated.\n"


def test_ivigils_own_knowledge_is_sound(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["knowledge", "check"]) == 0
    assert capsys.readouterr().out.startswith("Sound")


@pytest.mark.parametrize(
    ("request_text", "verdict"),
    [
        ("{indication: beta}", "not-supported"),
        ("{indication: gamma}", "avoid"),
        ("{indication: delta}", "out-of-scope"),
        ("{indication: zeta}", "panel-review"),
        ("{indication: guillain-barre}", "panel-review"),
    ],
)
def test_review_by_ones_own_rules(
    request_text: str, verdict: str, folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    case = tmp_path / "case.yaml"
    case.write_text(f"request: {request_text}\n", encoding="utf-8")
    given = ["review", str(case), "--knowledge", str(folder), "--rules", RULES, "--json", "--today", "2026-11-20"]
    assert run(given) == 0
    assert f'"verdict": "{verdict}"' in capsys.readouterr().out


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(BadInput) as caught:
        load([tmp_path / "no", tmp_path / "neither"])
    assert [fault.found for fault in caught.value.faults] == ["no such folder", "no such folder"]


def test_two_folders_may_be_added(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "sources").mkdir()
    source = (folder / "sources/harm-report.yaml").read_text(encoding="utf-8").replace("harm-report", "more-harm")
    (tmp_path / "sources/more-harm.yaml").write_text(source, encoding="utf-8")
    library = load([folder, tmp_path])
    assert {"more-harm", "harm-report", "gilardin-2015"} <= set(library.sources)


def test_a_rule_set_may_round_in_its_own_way(tmp_path: Path) -> None:
    folder = write_own_rules(tmp_path / "own")
    text = "id: rounding\nstep_g: 20\ntext: Whole vials of 20 g.\nsource: house-protocol\n"
    (folder / "rule-sets/house/rounding.yaml").write_text(text, encoding="utf-8")
    known = load((folder,))
    assert known.rule_sets[RULES].rounding is not None
    assert known.rule_sets[RULES].rounding.step_g == 20
    assert known.rule_sets["review-2015"].rounding is None
    assert known.rounding == load().rounding
    assert known.rule_sets[RULES].hash != load((write_own_rules(tmp_path / "plain"),)).rule_sets[RULES].hash


def test_a_file_that_would_not_be_read_is_a_fault(tmp_path: Path) -> None:
    folder = write_own_rules(tmp_path / "own")
    (folder / "sources/late.yml").write_text("id: late\n", encoding="utf-8")
    with pytest.raises(BadInput, match=r"sources/late\.yml.*\.yaml"):
        load((folder,))
