"""``ivigil reactions`` from inside: what it lists and shows, what it makes of a reaction, and how it refuses."""

from __future__ import annotations

import io
import json
import re
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from tests.unit.explain.test_page import Reader

from ivigil.cli.app import run
from ivigil.knowledge import load

DEFINITIONS = load().reaction_definitions
HAEMOLYSIS, OVERLOAD = "canadian-ivig-haemolysis", "isbt-taco-2018"
DEFINITE = ["--definition", HAEMOLYSIS, "--onset-hours", "72"]
SIGNS = ("haemoglobin-fall", "direct-antiglobulin-test", "lactate-dehydrogenase", "bilirubin")
DEFINITE += [part for sign in SIGNS for part in ("--sign", f"{sign}=yes")]
WHOLE = [
    *DEFINITE,
    *("--severity", "nhsn-grades-1-3-1:2", "--imputability", "isbt-grades-2011:probable"),
    *("--product", "privigen-us", "--lot", "NO", "--rate", "120.5", "--volume", "350"),
]
FILE = f"""\
definition: {OVERLOAD}
signs: {{respiratory-distress: true, biomarker: unknown}}
onset_hours: -0.5
severity: {{definition: nhsn-grades-1-3-1, grade: "1"}}
answers:
  isbt-taco-2011: {{tachycardia: true}}
"""

Capture = pytest.CaptureFixture[str]


def said(capsys: Capture, *arguments: str) -> str:
    """What a command says when all is well."""
    assert run(["reactions", *arguments]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    return out


def answered(capsys: Capture, *arguments: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(said(capsys, "assess", *arguments, "--json"))
    return found


def refused(capsys: Capture, *arguments: str) -> list[str]:
    """The faults of a command, one a line; nothing else is said."""
    assert run(["reactions", *arguments]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    head, *faults = err.splitlines()
    assert head == f"ivigil: {len(faults)} fault{'s' * (len(faults) != 1)} in what was given:"
    assert all("expected" in fault for fault in faults)
    return [fault.strip() for fault in faults]


def given(tmp_path: Path, text: str, name: str = "reaction.yaml") -> str:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return str(path)


# Definitions


def test_every_definition_is_listed_with_its_hazard_and_what_it_grades(capsys: Capture) -> None:
    lines = said(capsys, "list").splitlines()
    assert [line.split()[0] for line in lines] == sorted(DEFINITIONS)
    for line, (_, one) in zip(lines, sorted(DEFINITIONS.items()), strict=True):
        assert (one.hazard or "any hazard") in line
        assert f"{one.body}, {one.version}" in line
        assert ("certainty" in line, "severity" in line) == (bool(one.levels), bool(one.severity))
        assert ("imputability" in line, "remembered" in line) == (bool(one.imputability), one.status == "remembered")
    assert [one["id"] for one in json.loads(said(capsys, "list", "--json"))] == sorted(DEFINITIONS)


@pytest.mark.parametrize("name", sorted(DEFINITIONS))
def test_a_definition_is_shown_with_all_that_it_holds(
    name: str, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "100")
    one, out = DEFINITIONS[name], " ".join(said(capsys, "show", name).split())
    for sign in one.signs:
        assert f"{sign.text.rstrip('.')}? answered as {sign.id}" in out
    for text in [*(grade.text for grade in (*one.severity, *one.imputability)), *one.notes, one.passage.source]:
        assert " ".join(text.split()) in out
    assert ("Caution, not verified" in out) == (one.status == "remembered")
    assert json.loads(said(capsys, "show", name, "--json"))["id"] == name


def test_an_unknown_definition_is_refused_with_a_hint(capsys: Capture) -> None:
    (fault,) = refused(capsys, "show", "isbt-taco-2019")
    assert "isbt-taco-2018" in fault


# What a reaction comes to


def test_the_three_axes_stand_apart_each_by_its_own_scheme(capsys: Capture) -> None:
    found = answered(capsys, *WHOLE)
    assert (found["certainty"]["definition"], found["certainty"]["level"]) == (HAEMOLYSIS, "definitive")
    assert (found["severity"]["definition"], found["severity"]["grade"]) == ("nhsn-grades-1-3-1", "2")
    assert (found["imputability"]["definition"], found["imputability"]["grade"]) == ("isbt-grades-2011", "probable")
    assert not [key for key in found if "score" in key]
    assert found["knowledge_hash"] == load().hash
    assert {one["id"]: one["applies"] for one in found["changes"]} == {
        "haemolysis-reduced-isoagglutinins": "met",
        "haemolysis-watch": "met",
    }


def test_what_is_left_out_is_not_graded_and_asked_for(capsys: Capture) -> None:
    found = answered(capsys, "--definition", HAEMOLYSIS)
    assert (found["severity"], found["imputability"], found["certainty"]["level"]) == (None, None, None)
    asked = {one["sign"] for one in found["questions"]}
    assert asked == {None, *(one.id for one in DEFINITIONS[HAEMOLYSIS].signs)}
    # What haemolysis changes, it changes at every severity: nothing has to be asked.
    assert {one["applies"] for one in found["changes"]} == {"met"}
    graded_apart = answered(capsys, "--definition", "isbt-anaphylaxis")
    assert {one["id"]: one["applies"] for one in graded_apart["changes"]}["anaphylaxis-specialist"] == "unknown"
    assert [one["id"] for one in graded_apart["changes"] if one["question"]] == ["anaphylaxis-specialist"]
    out = said(capsys, "assess", "--definition", HAEMOLYSIS)
    assert out.count("Not graded.") == 2
    assert "--onset-hours HOURS" in out


def test_the_question_of_each_answer_is_named_as_it_is_given(capsys: Capture) -> None:
    """Every option that an answer names can be given, until nothing is left to ask."""
    arguments = ["--definition", OVERLOAD]
    for _ in range(40):
        out = said(capsys, "assess", *arguments)
        asked = re.search(r"(--sign|--answer) (\S+)=yes|(--onset-hours) HOURS", out)
        if asked is None:
            break
        arguments += ["--onset-hours", "1"] if asked[3] else [asked[1], f"{asked[2]}=no"]
    found = answered(capsys, *arguments)
    assert (found["questions"], found["certainty"]["level"]) == ([], None)


def test_every_other_definition_of_the_hazard_stands_beside_it(capsys: Capture) -> None:
    asked = ["--definition", OVERLOAD, "--onset-hours", "2", "--sign", "respiratory-distress=yes"]
    found = answered(capsys, *asked)
    hazard = DEFINITIONS[OVERLOAD].hazard
    beside = {one["definition"] for one in found["other_definitions"]}
    assert beside == {key for key, one in DEFINITIONS.items() if one.hazard == hazard} - {OVERLOAD}
    three = ("respiratory-distress", "tachycardia", "hypertension", "positive-fluid-balance")
    more = [part for sign in three for part in ("--answer", f"isbt-taco-2011.{sign}=yes")]
    levels = {one["definition"]: one["level"] for one in answered(capsys, *asked, *more)["other_definitions"]}
    assert levels == {"isbt-taco-2011": "definitive", "nhsn-taco-2016": None}


def test_an_answer_of_unknown_is_no_answer(capsys: Capture) -> None:
    plain = answered(capsys, "--definition", OVERLOAD)
    unknown = answered(
        capsys,
        "--definition",
        OVERLOAD,
        "--sign",
        "biomarker=unknown",
        "--answer",
        "isbt-taco-2011.tachycardia=unknown",
    )
    assert {**unknown, "record": None} == {**plain, "record": None}
    assert unknown["record"]["signs"] == {"biomarker": "unknown"}


@pytest.mark.parametrize("name", sorted(DEFINITIONS))
def test_words_end_with_a_person_who_decides(name: str, capsys: Capture) -> None:
    out = said(capsys, "assess", "--definition", name)
    assert "a person decides" in " ".join(out.split()[-20:])
    assert not re.search(r"\bNone\b|Truth\.|Decimal", out)
    assert len(said(capsys, "assess", "--definition", name, "--all")) > len(out)


def test_a_place_shows_its_own_protocol_and_ivigil_none(tmp_path: Path, capsys: Capture) -> None:
    source = "id: ours\ntitle: Ours\nkind: guideline\nread: own work\nretrieved: 2026-11-22\n"
    ladder = "reaction_ladder:\n  - {severity: any, text: Our first step.}\n"
    for folder, name, text in (
        ("sources", "ours", source),
        ("policy", "formulary", f"id: formulary\ntitle: Ours\nsource: ours\n{ladder}"),
    ):
        (tmp_path / folder).mkdir()
        given(tmp_path / folder, text, f"{name}.yaml")
    assert answered(capsys, *DEFINITE)["reaction_ladder"] == []
    assert "own protocol" not in said(capsys, "assess", *DEFINITE)
    own = [*DEFINITE, "--knowledge", str(tmp_path)]
    assert answered(capsys, *own)["reaction_ladder"] == [{"severity": "any", "text": "Our first step."}]
    assert "Our first step." in said(capsys, "assess", *own)


def test_the_page_is_self_contained_and_says_what_the_terminal_says(tmp_path: Path, capsys: Capture) -> None:
    target = tmp_path / "reaction.html"
    said(capsys, "assess", *WHOLE, "--lot", "<script>", "--html", str(target))
    text = target.read_text(encoding="utf-8")
    read = Reader(text)
    assert (read.misnested, read.open) == ([], [])
    assert not {"script", "link", "img", "iframe", "form"} & {name for name, _ in read.elements}
    shown = " ".join(read.text)
    for words in ("Definitive.", "Grade 2: Severe", "Probable: ", "applies", "<script>", "a person decides"):
        assert words in shown


# Files


def test_a_file_and_the_same_options_are_one_reaction(tmp_path: Path, capsys: Capture) -> None:
    options = ["--definition", OVERLOAD, "--sign", "respiratory-distress=yes", "--sign", "biomarker=unknown"]
    options += [
        "--onset-hours",
        "-0.5",
        "--severity",
        "nhsn-grades-1-3-1:1",
        "--answer",
        "isbt-taco-2011.tachycardia=yes",
    ]
    assert answered(capsys, given(tmp_path, FILE)) == answered(capsys, *options)


def test_options_go_before_the_file_and_add_to_it(tmp_path: Path, capsys: Capture) -> None:
    options = [
        "--sign",
        "biomarker=yes",
        "--sign",
        "fluid-overload=no",
        "--severity",
        "isbt-grades-2011:3",
        "--lot",
        "7",
    ]
    found = answered(capsys, given(tmp_path, FILE), *options)["record"]
    assert found["signs"] == {"respiratory-distress": True, "fluid-overload": False, "biomarker": True}
    assert (found["severity"]["grade"], found["lot"], found["onset_hours"]) == ("3", "7", -0.5)
    assert found["answers"] == {"isbt-taco-2011": {"tachycardia": True}}


@pytest.mark.parametrize("ending", ["yaml", "yml", "json"])
def test_what_is_written_reads_back_to_the_same_bytes(ending: str, tmp_path: Path, capsys: Capture) -> None:
    first, second = tmp_path / f"first.{ending}", tmp_path / f"second.{ending}"
    answer = answered(capsys, *WHOLE, "--out", str(first))
    assert answered(capsys, str(first), "--out", str(second)) == answer
    assert first.read_bytes() == second.read_bytes()
    assert answer["record"]["lot"] == "NO"
    assert answered(capsys, str(first), "--sign", "spherocytes=no", "--out", str(first))["record"] != answer["record"]
    assert first.read_bytes() != second.read_bytes()
    assert {one.name for one in tmp_path.iterdir()} == {first.name, second.name}


def test_a_record_of_one_form_is_that_of_the_other(tmp_path: Path, capsys: Capture) -> None:
    for name in ("one.yaml", "one.json"):
        said(capsys, "assess", *WHOLE, "--out", str(tmp_path / name))
    assert answered(capsys, str(tmp_path / "one.yaml")) == answered(capsys, str(tmp_path / "one.json"))


@pytest.mark.parametrize("content", [FILE, json.dumps({"definition": OVERLOAD})], ids=["yaml", "json"])
def test_standard_input_holds_either_form(content: str, capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(content.encode())))
    assert answered(capsys, "-")["record"]["definition"] == OVERLOAD


# What cannot be meant

BAD_FILES = {
    "a key that is not one": ("defintion: x\n", "line 1, defintion", "Did you mean definition?"),
    "a list": ("[]\n", "line 1", "keys with values"),
    "no definition": ("lot: A\n", "line 1", "no definition"),
    "an unknown definition": ("definition: isbt-taco-2019\n", "line 1, definition", "isbt-taco-2018"),
    "YAML's old yes": (
        f"definition: {OVERLOAD}\nsigns: {{biomarker: yes}}\n",
        "line 2, signs.biomarker",
        "true, false",
    ),
    "a grade as number": (
        f"definition: {OVERLOAD}\nseverity: {{definition: nhsn-grades-1-3-1, grade: 1}}\n",
        "line 2, severity.grade",
        'Write "1" in quotes.',
    ),
    "half a grade": (f"definition: {OVERLOAD}\nseverity: {{grade: '1'}}\n", "line 2, severity", "no 'definition'"),
    "a grade too much": (
        f"definition: {OVERLOAD}\nseverity: {{definition: nhsn-grades-1-3-1, grade: '1', score: '9'}}\n",
        "line 2, severity.score",
        "definition, grade",
    ),
    "a lot as number": (f"definition: {OVERLOAD}\nlot: 123\n", "line 2, lot", 'Write "123" in quotes.'),
    "a rate with its unit": (
        f"definition: {OVERLOAD}\nrate_at_onset_ml_per_h: 120 mL/h\n",
        "line 2, rate_at_onset_ml_per_h",
        "without a unit",
    ),
    "a rate below none": (
        f"definition: {OVERLOAD}\nrate_at_onset_ml_per_h: -1\n",
        "line 2, rate_at_onset_ml_per_h",
        "0 or more",
    ),
    "a size of nothing": (f"definition: {OVERLOAD}\nonset_hours: 1e99\n", "line 2, onset_hours", "of a size"),
    "a sign of another": (
        f"definition: {OVERLOAD}\nsigns: {{tachycardia: true}}\n",
        "line 2, signs.tachycardia",
        "asked by isbt-taco-2011",
    ),
    "a scheme of another hazard": (
        f"definition: {OVERLOAD}\nseverity: {{definition: kdigo-aki-2012, grade: '1'}}\n",
        "line 2, severity",
        "nhsn-grades-1-3-1",
    ),
    "an answer to itself": (
        f"definition: {OVERLOAD}\nanswers: {{{OVERLOAD}: {{biomarker: true}}}}\n",
        f"line 2, answers.{OVERLOAD}.biomarker",
        "another definition",
    ),
    "an answer to nothing": (
        f"definition: {OVERLOAD}\nanswers: {{isbt-taco-2011: {{}}}}\n",
        "line 2, answers.isbt-taco-2011",
        "signs of this definition",
    ),
    "an answer to no sign": (
        f"definition: {OVERLOAD}\nanswers: {{isbt-taco-2011: {{tachykardia: true}}}}\n",
        "line 2, answers.isbt-taco-2011.tachykardia",
        "Did you mean tachycardia?",
    ),
    "an answer that is a sign": (
        "definition: nhsn-taco-2016\nanswers: {isbt-taco-2011: {positive-fluid-balance: true}}\n",
        "line 2, answers.isbt-taco-2011.positive-fluid-balance",
        "State it as a sign of nhsn-taco-2016.",
    ),
    "a key twice": (f"definition: {OVERLOAD}\nlot: A\nlot: B\n", "line 3", "a second time"),
}


@pytest.mark.parametrize("name", sorted(BAD_FILES))
def test_a_faulty_file_is_refused_at_its_line(name: str, tmp_path: Path, capsys: Capture) -> None:
    text, place, words = BAD_FILES[name]
    (fault,) = refused(capsys, "assess", given(tmp_path, text))
    assert fault.startswith(f"reaction.yaml, {place}:")
    assert words in fault


BAD_OPTIONS = {
    "--sign": ["biomarker", "biomarker=maybe", "=yes"],
    "--sign biomarkers": ["biomarkers=yes"],
    "--answer": ["tachycardia=yes", "isbt-taco-2011.=yes", ".tachycardia=no", "isbt-taco-2011.tachycardia"],
    "--answer isbt-taco.tachycardia": ["isbt-taco.tachycardia=yes"],
    "--onset-hours": ["soon", "1h", "nan", "true", "9" * 5000],
    "--rate": ["-1", "fast"],
    "--volume": ["-0.1", "inf"],
    "--severity": ["2", ":2", "nhsn-grades-1-3-1:", "nhsn-grades-1-3-1:9", "nowhere:1", "kdigo-aki-2012:1"],
    "--imputability": ["certain", "nhsn-allergic-1-3-1:definite", "kdigo-aki-2012:1"],
    "--product": ["privigen"],
    "--lot": ["A\udcff"],
    "--out": ["reaction", "reaction.txt"],
}


@pytest.mark.parametrize(("place", "value"), [(place, one) for place, each in BAD_OPTIONS.items() for one in each])
def test_an_option_that_cannot_be_meant_is_refused_by_its_name(place: str, value: str, capsys: Capture) -> None:
    (fault,) = refused(capsys, "assess", "--definition", OVERLOAD, place.split(maxsplit=1)[0], value)
    assert fault.startswith(f"{place}:")


def test_every_fault_of_file_and_options_is_told_at_once(tmp_path: Path, capsys: Capture) -> None:
    text = f"definition: {OVERLOAD}\nsigns: {{biomarkers: true}}\nlots: A\n"
    options = ["--sign", "a=maybe", "--rate", "-1", "--product", "privigen", "--out", "x"]
    faults = refused(capsys, "assess", given(tmp_path, text), *options)
    wanted = ["--out", "--product", "--rate", "--sign", "reaction.yaml, line 2", "reaction.yaml, line 3"]
    assert [fault.startswith(place) for fault, place in zip(faults, wanted, strict=True)] == [True] * 6


def test_a_sign_that_is_given_twice_is_refused_even_with_one_answer(capsys: Capture) -> None:
    twice = ["--sign", "biomarker=yes"] * 2
    (fault,) = refused(capsys, "assess", "--definition", OVERLOAD, *twice)
    assert "biomarker once" in fault


@pytest.mark.parametrize("options", [[], ["--sign", "x=yes"]], ids=["nothing", "a sign alone"])
def test_a_reaction_without_definition_is_refused(options: list[str], capsys: Capture) -> None:
    (fault,) = refused(capsys, "assess", *options)
    assert fault.startswith("the options: found no definition;")
    assert "ivigil reactions list" in fault


def test_a_file_that_cannot_be_read_is_the_only_fault(tmp_path: Path, capsys: Capture) -> None:
    for path in (tmp_path, tmp_path / "absent.yaml"):
        (fault,) = refused(capsys, "assess", str(path))
        assert "a file that can be read" in fault


@pytest.mark.parametrize("option", ["--out", "--html"])
def test_what_cannot_be_written_is_a_fault(option: str, tmp_path: Path, capsys: Capture) -> None:
    (fault,) = refused(capsys, "assess", *DEFINITE, option, str(tmp_path / "absent" / "reaction.json"))
    assert "a file that can be written" in fault


def test_nothing_is_written_of_a_reaction_that_is_refused(tmp_path: Path, capsys: Capture) -> None:
    targets = ["--out", str(tmp_path / "one.yaml"), "--html", str(tmp_path / "one.html")]
    assert refused(capsys, "assess", *WHOLE, "--sign", "spherocytes=maybe", *targets)
    assert not list(tmp_path.iterdir())


# What it loads


def test_an_answer_in_json_loads_no_heavy_library() -> None:
    code = f"from ivigil.cli.app import run\nassert run(['reactions', 'assess', *{DEFINITE!r}, '--json']) == 0"
    script = f"{code}\nimport sys\nsys.exit(bool({{'yaml', 'pydantic', 'rich', 'lark'}} & {{*sys.modules}}))"
    assert subprocess.run([sys.executable, "-c", script], capture_output=True, check=False).returncode == 0
