"""The commands from inside: what they print, where faults go, and their exit codes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.knowledge.own_rules import write_own_rules

from ivigil.cli import app
from ivigil.cli.app import run
from ivigil.knowledge import data_folder, load
from ivigil.knowledge.folder import KINDS

DAY = ["--today", "2026-11-20"]
GBS = '{"request": {"indication": "guillain-barre", "request_phase": "initial"}, "facts": {"days_since_onset": "6 d"}}'
NOTHING = '{"facts": {"weight": "70 kg"}}'


@pytest.fixture
def good(tmp_path: Path) -> str:
    path = tmp_path / "good.json"
    path.write_text(GBS, encoding="utf-8")
    return str(path)


def write(folder: Path, name: str, text: str) -> str:
    (folder / name).write_text(text, encoding="utf-8")
    return str(folder / name)


def answers(out: str) -> list[tuple[str, str]]:
    return [(read["case"], read["verdict"]) for read in map(json.loads, out.splitlines())]


# review


def test_a_judged_case_ends_with_0(good: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["review", good, *DAY]) == 0
    out, err = capsys.readouterr()
    assert "SUPPORTED" in out
    assert err == ""


def test_needing_information_ends_with_0(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["review", write(tmp_path, "nothing.json", NOTHING), "--json", *DAY]) == 0
    assert answers(capsys.readouterr().out) == [("nothing.json", "needs-information")]


def test_one_json_object_a_line_in_the_order_given(
    tmp_path: Path, good: str, capsys: pytest.CaptureFixture[str]
) -> None:
    nothing = write(tmp_path, "nothing.json", NOTHING)
    two = write(tmp_path, "two.json", '{"request": {"indication": ["myasthenia-gravis", "lupus"]}}')
    assert run(["review", nothing, good, two, "--json", *DAY]) == 0
    assert answers(capsys.readouterr().out) == [
        ("nothing.json", "needs-information"),
        ("good.json", "supported"),
        ("two.json", "needs-information"),
        ("two.json", "panel-review"),
    ]


def test_good_files_are_answered_beside_bad_ones_and_every_fault_is_told(
    tmp_path: Path, good: str, capsys: pytest.CaptureFixture[str]
) -> None:
    unknown = write(tmp_path, "unknown.yaml", "facts:\n  plateletz: 12 10*9/L\n  weight: 70 parsecs\n")
    broken = write(tmp_path, "broken.json", "{")
    absent = str(tmp_path / "absent.json")
    assert run(["review", unknown, good, broken, absent, "--json", *DAY]) == 2
    out, err = capsys.readouterr()
    assert answers(out) == [("good.json", "supported")]
    assert err.splitlines()[0] == "ivigil: 4 faults in what was given:"
    for words in (
        "unknown.yaml, line 2",
        "Did you mean platelets",
        "unknown.yaml, line 3",
        "broken.json",
        "absent.json",
    ):
        assert words in err


def test_a_folder_is_no_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["review", str(tmp_path), *DAY]) == 2
    assert "a file that can be read" in capsys.readouterr().err


def test_all_wrong_options_and_files_are_told_at_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    broken = write(tmp_path, "broken.json", "[1]")
    assert run(["review", broken, "--today", "tomorrow", "--rules", "review-2051"]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.splitlines()[0] == "ivigil: 3 faults in what was given:"
    assert "--today: found 'tomorrow'; expected a date such as 2026-11-20." in err
    assert "Did you mean review-2015?" in err
    assert "broken.json" in err


@pytest.mark.parametrize("day", ["2026-02-30", "20.11.2026", "2026-11", "", "0", "2026-11-20T10:00:00"])
def test_a_wrong_day(day: str, good: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["review", good, "--today", day]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.count("\n") == 2
    assert "--today" in err


def test_the_day_decides(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = GBS.replace('"days_since_onset": "6 d"', '"onset_date": "2026-11-14"')
    path = write(tmp_path, "onset.json", text)
    for day, verdict in (("2026-11-20", "supported"), ("2026-11-28", "supported"), ("2026-11-29", "not-supported")):
        assert run(["review", path, "--json", "--today", day]) == 0
        assert answers(capsys.readouterr().out) == [("onset.json", verdict)]


def test_all_rule_sets(tmp_path: Path, good: str, capsys: pytest.CaptureFixture[str]) -> None:
    own = str(write_own_rules(tmp_path / "own"))
    assert run(["review", good, "--json", "--rules", "all", "--knowledge", own, *DAY]) == 0
    read = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    answers = [(one["ruleset"]["id"], one["verdict"]) for one in read]
    assert answers == [
        ("house", "panel-review"),
        ("review-2015", "supported"),
        ("australia-excerpt", "panel-review"),
        ("ontario-excerpt", "panel-review"),
    ]


def test_all_rule_sets_are_compared(good: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["review", good, "--rules", "all", *DAY]) == 0
    out = capsys.readouterr().out
    for words in ("review-2015", "excerpt", "Standing", "Where sources differ", "not settled"):
        assert words in out


def test_faults_of_ones_own_rules_are_told(tmp_path: Path, good: str, capsys: pytest.CaptureFixture[str]) -> None:
    own = write_own_rules(tmp_path / "own")
    (own / "sources/harm-report.yaml").unlink()
    assert run(["review", good, "--knowledge", str(own), *DAY]) == 2
    assert "harm-report" in capsys.readouterr().err


# review --with


def test_answers_are_added(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    asked = write(tmp_path, "asked.json", '{"request": {"indication": "guillain-barre"}}')
    more = write(tmp_path, "more.yaml", "request: {request_phase: initial}\nfacts: {days_since_onset: 3 d}\n")
    assert run(["review", asked, "--json", *DAY]) == 0
    assert answers(capsys.readouterr().out) == [("asked.json", "needs-information")]
    assert run(["review", asked, "--with", more, "--json", *DAY]) == 0
    assert answers(capsys.readouterr().out) == [("asked.json with more.yaml", "supported")]


def test_several_answers_are_added_to_several_cases(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    asked = [write(tmp_path, f"{name}.json", '{"request": {"indication": "guillain-barre"}}') for name in "ab"]
    one = write(tmp_path, "one.yaml", "facts: {days_since_onset: 3 d}\n")
    two = write(tmp_path, "two.yaml", "request: {request_phase: initial}\n")
    assert run(["review", *asked, "--with", one, "--with", two, "--json", *DAY]) == 0
    assert [verdict for _, verdict in answers(capsys.readouterr().out)] == ["supported", "supported"]


def test_an_answer_that_cannot_be_read_silences_all(
    tmp_path: Path, good: str, capsys: pytest.CaptureFixture[str]
) -> None:
    bad = write(tmp_path, "bad.yaml", "facts: {weigth: 70 kg}\n")
    assert run(["review", good, "--with", bad, "--with", str(tmp_path / "absent.yaml"), *DAY]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert "2 faults" in err


def patient(folder: Path, name: str, patient_id: str) -> str:
    bundle = {
        "resourceType": "Bundle",
        "type": "collection",
        "entry": [{"resource": {"resourceType": "Patient", "id": patient_id}}],
    }
    return write(folder, name, json.dumps(bundle))


def test_answers_of_another_patient_are_refused_and_the_others_judged(
    tmp_path: Path, good: str, capsys: pytest.CaptureFixture[str]
) -> None:
    mine, other = patient(tmp_path, "mine.json", "1"), patient(tmp_path, "other.json", "2")
    answer = patient(tmp_path, "answer.json", "1")
    assert run(["review", other, mine, good, "--with", answer, "--json", *DAY]) == 2
    out, err = capsys.readouterr()
    assert [case for case, _ in answers(out)] == ["mine.json with answer.json", "good.json with answer.json"]
    assert "documents about one patient" in err


# review --html, --svg, --all


def test_a_page_is_written_whole(tmp_path: Path, good: str, capsys: pytest.CaptureFixture[str]) -> None:
    target = tmp_path / "answer.html"
    assert run(["review", good, "--html", str(target), "--svg", str(tmp_path / "answer.svg"), *DAY]) == 0
    assert "SUPPORTED" in capsys.readouterr().out
    assert target.read_text(encoding="utf-8").endswith("</html>\n")
    assert (tmp_path / "answer.svg").read_text(encoding="utf-8").rstrip().endswith("</svg>")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["answer.html", "answer.svg", "good.json"]


def test_a_page_that_cannot_be_written_leaves_nothing_behind(
    tmp_path: Path, good: str, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "a folder"
    folder.mkdir()
    for target in (folder, tmp_path / "absent" / "answer.html"):
        assert run(["review", good, str(tmp_path / "absent.json"), "--json", "--html", str(target), *DAY]) == 2
        out, err = capsys.readouterr()
        assert answers(out) == [("good.json", "supported")]
        assert "a file that can be written" in err
        assert "absent.json" in err
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a folder", "good.json"]
    assert list(folder.iterdir()) == []


def test_a_page_written_before_stays_where_nothing_could_be_judged(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target = tmp_path / "answer.html"
    target.write_text("the last answer", encoding="utf-8")
    assert run(["review", str(tmp_path / "absent.json"), "--html", str(target), *DAY]) == 2
    assert target.read_text(encoding="utf-8") == "the last answer"
    assert capsys.readouterr().out == ""


def test_all_shows_the_sources(good: str, capsys: pytest.CaptureFixture[str]) -> None:
    run(["review", good, *DAY])
    assert "10.1503/cmaj.130375" not in capsys.readouterr().out
    run(["review", good, "--all", *DAY])
    assert "10.1503/cmaj.130375" in capsys.readouterr().out


# facts, knowledge, cite


def test_facts_are_listed_with_unit_and_question(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["facts"]) == 0
    out = capsys.readouterr().out
    for fact in load().askable.facts.values():
        assert f"  {fact.id}" in out
        assert fact.question in out


def test_facts_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["facts", "--json"]) == 0
    assert [one["id"] for one in json.loads(capsys.readouterr().out)] == list(load().askable.facts)
    assert run(["facts", "weight", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["unit"] == "kg"


@pytest.mark.parametrize("fact", sorted(load().askable.facts))
def test_every_fact_is_shown(fact: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["facts", fact]) == 0
    out = capsys.readouterr().out
    assert out.startswith(f"{fact}: ")
    assert load().askable[fact].question in out
    assert "None" not in out


def test_knowledge_is_listed(capsys: pytest.CaptureFixture[str]) -> None:
    sets = load().rule_sets
    known = sets["review-2015"].appraisals
    assert run(["knowledge", "list"]) == 0
    out = capsys.readouterr().out
    assert all(out.count(key) == len(rules.appraisals) for key, rules in sets.items())
    assert run(["knowledge", "list", "--json"]) == 0
    rows = [row for row in json.loads(capsys.readouterr().out) if row["ruleset"] == "review-2015"]
    assert [row["indication"] for row in rows] == sorted(known)
    assert {row["indication"]: row["standing"] for row in rows} == {key: one.standing for key, one in known.items()}


@pytest.mark.parametrize("indication", sorted(load().indications))
def test_an_indication_is_shown(indication: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["knowledge", "show", indication]) == 0
    out = capsys.readouterr().out
    appraisal = load().rule_sets["review-2015"].appraisals[indication]
    assert appraisal.reason in out
    assert all(regimen.text in out for regimen in appraisal.regimens)
    assert ("by our reading" in out) == (appraisal.level is not None and appraisal.level.basis == "reading")
    assert run(["knowledge", "show", indication, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["indication"]["id"] == indication


@pytest.mark.parametrize("source", sorted(load().sources))
def test_a_source_is_cited(source: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["cite", source]) == 0
    assert load().sources[source].title in capsys.readouterr().out
    assert run(["cite", source, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["id"] == source


@pytest.mark.parametrize(
    ("command", "near"),
    [
        (["facts", "wieght"], "weight"),
        (["facts", "has:guillain-barr"], "has:guillain-barre"),
        (["cite", "gilardin-2016"], "gilardin-2015"),
        (["knowledge", "show", "guillain-bare"], "guillain-barre"),
        (["knowledge", "show", "zzz"], "There are: acquired-von-willebrand, alzheimer, "),
    ],
)
def test_an_unknown_id_is_met_with_those_that_come_near(
    command: list[str], near: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(command) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert near in err
    assert repr(command[-1]) in err


def test_a_folder_to_check_that_is_not_there(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["knowledge", "check", str(tmp_path / "absent")]) == 2
    assert "no such folder" in capsys.readouterr().err


def test_compiling_writes_what_is_shipped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    import shutil  # noqa: PLC0415

    copy = Path(shutil.copytree(data_folder(), tmp_path / "data", ignore=shutil.ignore_patterns("*.json")))
    monkeypatch.setattr("ivigil.cli.knowledge.data_folder", lambda: copy)
    assert run(["knowledge", "compile"]) == 0
    schemas = {kind.split("/")[-1] for kind in KINDS}
    assert f"compiled.json, {len(schemas)} schemas" in capsys.readouterr().out
    written = sorted(path.relative_to(copy) for path in copy.rglob("*.json"))
    assert written == sorted(path.relative_to(data_folder()) for path in data_folder().rglob("*.json"))
    for name in written:
        assert (copy / name).read_bytes() == (data_folder() / name).read_bytes()


def test_compiling_where_nothing_can_be_written(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse(*_: object) -> Path:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("ivigil.cli.knowledge.write_compiled", refuse)
    assert run(["knowledge", "compile"]) == 2
    assert "permission denied; expected a folder that can be written" in capsys.readouterr().err


# the command line itself


@pytest.mark.parametrize(
    "wrong",
    [
        [],
        ["reveiw"],
        ["review"],
        ["review", "--jsn", "x"],
        ["cite"],
        ["knowledge"],
        ["knowledge", "show"],
        ["facts", "a", "b"],
    ],
    ids=" ".join,
)
def test_wrong_use_ends_with_2_and_says_how(wrong: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        run(wrong)
    assert caught.value.code == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("usage: ivigil")


@pytest.mark.parametrize(
    "command", [[], ["review"], ["facts"], ["knowledge"], ["knowledge", "check"], ["cite"]], ids=" ".join
)
def test_help(command: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        run([*command, "--help"])
    assert caught.value.code == 0
    assert "usage: ivigil" in capsys.readouterr().out


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        run(["--version"])
    assert caught.value.code == 0
    assert capsys.readouterr().out.startswith("ivigil 0.")


def test_an_interrupted_command_ends_as_such(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(_: object) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr(app, "run", interrupted)
    with pytest.raises(SystemExit) as caught:
        app.main()
    assert caught.value.code == 130
