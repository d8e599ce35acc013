"""One thing broken at a time: the fault names the file, the line or field, what was found and what is expected."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from ivigil.cli.app import run
from ivigil.documents import BadInput, Fault
from ivigil.knowledge import data_folder
from ivigil.knowledge.building import build
from ivigil.knowledge.folder import Folder, files_of, read_folder
from ivigil.review.worked import run_cases

GBS = "rule-sets/review-2015/guillain-barre.yaml"
MG = "rule-sets/review-2015/myasthenia-gravis.yaml"
ITP = "rule-sets/review-2015/immune-thrombocytopenia.yaml"
RULE = "  rule: days_since_onset <= 14 'd'\n"
SHIPPED = {entry.place.name: entry for entry in read_folder(data_folder()).entries}
PASSAGE = "    passage: {source: gilardin-2015, place: here}\n"


@dataclass(frozen=True)
class Broken:
    """One replacement in one file, and words that the fault must hold: where, what was found, what was expected."""

    name: str
    file: str
    old: str
    new: str
    where: str
    found: str
    expected: str

    def __str__(self) -> str:
        return self.name


def members(kind: str, *conditions: str) -> str:
    """A group of criteria in place of the rule of Guillain–Barré syndrome."""
    lines = [f"  {kind}:\n"]
    for index, condition in enumerate(conditions):
        lines += [f"    - id: part-{index}\n      text: Part\n      rule: walks_unaided\n  {PASSAGE}", condition]
    return "".join(lines)


IF_ADULT = "      applies_when: age >= 18 'a'\n"
BROKEN = [
    Broken(
        "unknown fact that shows a precaution",
        "hazards/haemolysis.yaml",
        "    shown_by: [haemoglobin]\n",
        "    shown_by: [haemoglobine]\n",
        "shown_by",
        "haemoglobine",
        "a fact's id",
    ),
    Broken(
        "unknown fact in a rule",
        GBS,
        RULE,
        "  rule: days_since_onse <= 14 'd'\n",
        "criteria.rule",
        "days_since_onse",
        "rules.md",
    ),
    Broken(
        "wrong unit in a rule", GBS, RULE, "  rule: days_since_onset <= 14 'kg'\n", "criteria.rule", "kg", "rules.md"
    ),
    Broken(
        "a rule that is no sentence",
        GBS,
        RULE,
        "  rule: days_since_onset <=\n",
        "criteria.rule",
        "cannot be read",
        "rules.md",
    ),
    Broken(
        "a tautology",
        GBS,
        RULE,
        "  rule: age < 18 'a' or age >= 18 'a'\n",
        "criteria.rule",
        "whatever age may be",
        "three-valued logic",
    ),
    Broken(
        "a hidden tautology",
        GBS,
        RULE,
        "  rule: (walks_unaided or pregnant) or not walks_unaided\n",
        "criteria.rule",
        "whatever",
        "three-valued logic",
    ),
    Broken(
        "a source that does not exist",
        GBS,
        "passage: {source: gilardin-2015,",
        "passage: {source: gilardin-2016,",
        "passage",
        "gilardin-2016",
        "sources/",
    ),
    Broken(
        "a nested source that does not exist",
        GBS,
        'choice between immunoglobulin and plasmapheresis"}',
        'end"}\n    when: walks_unaided\n  - {id: other, text: Other, passage: {source: nowhere, place: x}}\n#',
        "alternatives.1.passage",
        "nowhere",
        "sources/",
    ),
    Broken(
        "file name and id differ", "sources/qin-2010.yaml", "id: qin-2010", "id: qin-2011", "id", "qin-2011", "qin-2010"
    ),
    Broken(
        "file name and indication differ",
        GBS,
        "indication: guillain-barre\n",
        "indication: guillain\n",
        "indication",
        "'guillain'",
        "guillain-barre",
    ),
    Broken(
        "rule set in another folder",
        "rule-sets/review-2015/rule-set.yaml",
        "id: review-2015",
        "id: review-2016",
        "id",
        "review-2016",
        "review-2015",
    ),
    Broken(
        "a code in two roles",
        "indications/guillain-barre.yaml",
        'code: G61.9, display: "Inf',
        'code: G61.0, display: "Inf',
        "",
        "G61.0 in names too",
        "each code in one role",
    ),
    Broken(
        "a code of two indications",
        "indications/guillain-barre.yaml",
        'code: "231445"',
        'code: "589"',
        "names",
        "myasthenia-gravis too",
        "one indication",
    ),
    Broken(
        "a name of two indications",
        "indications/guillain-barre.yaml",
        "  - GBS\n",
        "  - MG\n",
        "synonyms",
        "'mg'",
        "one indication",
    ),
    Broken(
        "both a rule and a group", GBS, RULE, RULE + members("all_of", ""), "criteria", "rule and all_of", "exactly one"
    ),
    Broken("neither a rule nor a group", GBS, RULE, "", "criteria", "neither", "exactly one"),
    Broken(
        "a rule without its passage",
        MG,
        '  passage: {source: gilardin-2015, place: "Neurologic disorders, myasthenia gravis"}\n  rule:',
        "  rule:",
        "",
        "without its passage",
        "states it",
    ),
    Broken(
        "a group that may vanish",
        GBS,
        RULE,
        members("any_of", IF_ADULT, IF_ADULT),
        "criteria.any_of",
        "only members that may not apply",
        "always applies",
    ),
    Broken(
        "a group of groups that may vanish",
        GBS,
        RULE,
        f"  any_of:\n    - id: inner\n      text: Inner\n      all_of:\n        - id: deep\n          text: Deep\n"
        f"          rule: walks_unaided\n          applies_when: age >= 18 'a'\n      {PASSAGE}",
        "criteria.any_of",
        "only members that may not apply",
        "always applies",
    ),
    Broken(
        "a criterion id twice",
        GBS,
        RULE,
        members("all_of", "").replace("part-0", "within-two-weeks"),
        "criteria",
        "'within-two-weeks' twice",
        "each id once",
    ),
    Broken(
        "no criteria and no word of it",
        ITP,
        "no_criteria: The source states no restriction for immune "
        "thrombocytopenia, neither a platelet count nor bleeding.\n",
        "",
        "criteria",
        "neither",
        "none are stated",
    ),
    Broken(
        "criteria and the word that there are none",
        GBS,
        "level:\n",
        "no_criteria: None.\nlevel:\n",
        "criteria",
        "both",
        "none are stated",
    ),
    Broken(
        "outside, without saying where it belongs",
        MG,
        "standing: first-line",
        "standing: outside-rule-set",
        "belongs_to",
        "none",
        "where the request belongs",
    ),
    Broken(
        "a standing that is none",
        MG,
        "standing: first-line",
        "standing: second-line",
        "standing",
        "second-line",
        "first-line",
    ),
    Broken(
        "confirmed without a source",
        "claims/s12-pemphigus-combination.yaml",
        "status: not checked",
        "status: confirmed",
        "check.status",
        "'confirmed' without",
        "not checked",
    ),
    Broken(
        "a claim of no indication",
        "claims/s15-itp-similar-to-steroids.yaml",
        "indication: immune-thrombocytopenia",
        "indication: itp",
        "indication",
        "'itp'",
        "indication",
    ),
    Broken(
        "a regimen names a missing claim",
        ITP,
        "    claims: [s14-itp-80-percent]\n",
        "    claims: [s99-nothing]\n",
        "regimens.0.claims.0",
        "s99-nothing",
        "claims/",
    ),
    Broken(
        "an outcome names a missing claim",
        ITP,
        "claims: [s14-itp-80-percent, s15-itp-similar-to-steroids]\nurgency",
        "claims: [s99-nothing]\nurgency",
        "outcomes.0.claims.0",
        "s99-nothing",
        "claims/",
    ),
    Broken(
        "a dose from high to low",
        GBS,
        "daily_g_per_kg: {low: 0.4, high: 0.4}",
        "daily_g_per_kg: {low: 0.5, high: 0.4}",
        "regimens.0.daily_g_per_kg",
        "empty",
        "low at most high",
    ),
    Broken(
        "a dose of nothing",
        MG,
        "total_g_per_kg: {low: 1, high: 1}",
        "total_g_per_kg: {low: 0, high: 1}",
        "regimens.1.total_g_per_kg",
        "not above 0",
        "above 0",
    ),
    Broken(
        "a total that is not daily dose times days",
        GBS,
        "total_g_per_kg: {low: 2, high: 2}",
        "total_g_per_kg: {low: 1, high: 1}",
        "regimens.0.total_g_per_kg",
        "another total",
        "agree",
    ),
    Broken("two regimens of one id", MG, "id: one-gram", "id: two-grams", "", "'two-grams' twice", "each id once"),
    Broken(
        "an empty plausible range",
        "facts/ferritin.yaml",
        "min: 0, max: 200000",
        "min: 200000, max: 0",
        "range",
        "empty",
        "min below max",
    ),
    Broken(
        "a number without plausible range",
        "facts/days_to_surgery.yaml",
        "range:",
        "#range:",
        "range",
        "none",
        "a plausible range",
    ),
    Broken("a unit that is none", "facts/ferritin.yaml", "unit: ug/L\n", "unit: stones\n", "unit", "stones", "UCUM"),
    Broken(
        "a plausible range without source",
        "facts/ferritin.yaml",
        "max: 200000, source: ivigil-plausibility",
        "max: 200000, source: hearsay",
        "range.source",
        "hearsay",
        "sources/",
    ),
    Broken(
        "a fact derived from nothing",
        "facts/days_since_onset.yaml",
        "of: [onset_date]",
        "of: [onset_day]",
        "derived.0.of.0",
        "onset_day",
        "another fact",
    ),
    Broken(
        "options from nowhere",
        "facts/g_csf.yaml",  # no rule names it: a rule over a fact without options is a fault of its own
        "options_from: treatment-result",
        "options_from: treatment-results",
        "options_from",
        "treatment-results",
        "option set",
    ),
    Broken(
        "an option twice",
        "facts/response_to_immunoglobulin.yaml",
        "id: not-adequate",
        "id: adequate",
        "options",
        "'adequate' twice",
        "each id once",
    ),
    Broken(
        "a row of the table lost",
        "policy/verdicts.yaml",
        "standing = 'harmful'\"",
        "standing = 'harmful' and phase = 'initial'\"",
        "rows",
        "0 rows for",
        "exactly one row",
    ),
    Broken(
        "two rows of the table overlap",
        "policy/verdicts.yaml",
        "standing = 'harmful'\"",
        "standing in {'harmful', 'unlisted'}\"",
        "rows",
        "2 rows for",
        "exactly one row",
    ),
    Broken(
        "a column that is none",
        "policy/verdicts.yaml",
        "standing = 'unlisted'",
        "ranking = 'unlisted'",
        "",
        "ranking",
        "rules.md",
    ),
    Broken("a rounding step of nothing", "policy/rounding.yaml", "step_g: 5", "step_g: 0", "step_g", "0", "above 0"),
    Broken("NO is not a truth", "facts/ferritin.yaml", "id: ferritin\n", "id: NO\n", "id", "'NO'", "'ferritin'"),
    Broken(
        "yes is not a truth",
        GBS,
        "urgency:\n",
        "outcome_is_transient: yes\nurgency:\n",
        "",
        "outcome_is_transient",
        "fields of the schema",
    ),
    Broken(
        "yes where a truth belongs",
        GBS,
        "    claims: [s04-gbs-disability-grade]\nurgency",
        "    transient: yes\nurgency",
        "outcomes.1.transient",
        '"yes"',
        "true or false",
    ),
    Broken(
        "a number in quotes", "facts/ferritin.yaml", "days: 14", 'days: "14"', "recency.days", '"14"', "whole number"
    ),
    Broken(
        "a year with a leading zero",
        "sources/qin-2010.yaml",
        "year: 2010",
        "year: 02010",
        "year",
        '"02010"',
        "whole number",
    ),
    Broken(
        "a time that is not a number",
        "sources/qin-2010.yaml",
        "year: 2010",
        "year: 12:30",
        "year",
        '"12:30"',
        "whole number",
    ),
    Broken(
        "a code that is not text",
        "indications/guillain-barre.yaml",
        'code: "231445"',
        "code: 231445",
        "names.2.code",
        "231445",
        "text",
    ),
    Broken(
        "a key twice",
        "facts/ferritin.yaml",
        "unit: ug/L\n",
        "unit: ug/L\nunit: ug/L\n",
        "",
        "'unit' a second time",
        "each key once",
    ),
    Broken(
        "an unknown key", "facts/ferritin.yaml", "unit: ug/L\n", "units: ug/L\n", "units", "'units'", "only the fields"
    ),
    Broken("a missing key", "facts/ferritin.yaml", "label: Ferritin\n", "", "", "no 'label'", "this field"),
    Broken("a file that is no YAML", "facts/ferritin.yaml", "range: {", "range: {{", "", "", "YAML"),
    Broken(
        "a date that is none",
        "sources/qin-2010.yaml",
        'retrieved: "2026-11-22"',
        'retrieved: "2026-13-22"',
        "retrieved",
        "2026-13-22",
        "",
    ),
]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return Path(shutil.copytree(data_folder(), tmp_path / "data", ignore=shutil.ignore_patterns("*.json")))


def replace(data: Path, file: str, old: str, new: str) -> None:
    path = data / file
    text = path.read_text(encoding="utf-8")
    assert old in text, f"{file} does not hold {old!r}"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def read(folder: Path) -> Folder:
    """``folder`` read anew where it differs from what is shipped."""
    changed = folder.with_name(f"{folder.name} changed")
    entries = []
    for path in files_of(folder):
        name = path.relative_to(folder).as_posix()
        if name in SHIPPED and path.read_bytes() == (data_folder() / name).read_bytes():
            entries.append(SHIPPED[name])
        else:
            (changed / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(path, changed / name)
    fresh = read_folder(changed)
    return Folder(folder, [*entries, *fresh.entries], fresh.faults)


def faults_of(*folders: Path) -> tuple[Fault, ...]:
    with pytest.raises(BadInput) as caught:
        build([read(folder) for folder in folders])
    return caught.value.faults


def test_the_copy_is_sound_before_anything_is_broken(data: Path) -> None:
    folder = read_folder(data)
    assert run_cases(folder, build([folder])) == []


def test_enough_kinds_are_broken() -> None:
    assert len({broken.name for broken in BROKEN}) == len(BROKEN) >= 25


@pytest.mark.parametrize("broken", BROKEN, ids=str)
def test_a_fault_is_named_with_its_place(broken: Broken, data: Path) -> None:
    replace(data, broken.file, broken.old, broken.new)
    faults = faults_of(data)
    telling = [
        fault
        for fault in faults
        if fault.where.startswith(broken.file)
        and broken.where in fault.where.split(", ")[-1]
        and broken.found in fault.found
        and broken.expected in fault.expected
    ]
    assert telling, "\n".join(str(fault) for fault in faults)
    assert_line_is_right(telling[0], (data / broken.file).read_text(encoding="utf-8"), broken.new)
    # What lies beside the broken place is not complained of.
    assert {fault.where.split(",")[0] for fault in faults} <= {broken.file, *ALSO_TOLD.get(broken.name, ())}


def assert_line_is_right(fault: Fault, text: str, new: str) -> None:
    """The line named is that of the field (a block begins below its key), or lies where the fault was put in."""
    named = re.search(r", line ([0-9]+)", fault.where)
    assert named, fault.where
    number = int(named[1])
    near = text[: text.index(new)].count("\n") + 1 if new else 0
    key = [part for part in fault.where.split(", ")[-1].split(".") if part.isidentifier()][-1:]
    lines = text.splitlines()[max(number - 2, 0) : number]
    missing = number == 1 and fault.found == "none"
    assert missing or abs(number - near) <= 1 or any(f"{word}:" in line for word in key for line in lines), (
        f"{fault}: {lines}"
    )


# Where one fault rightly shows in a second file.
ALSO_TOLD = {
    "a code of two indications": ("indications/myasthenia-gravis.yaml",),
    "a name of two indications": ("indications/myasthenia-gravis.yaml",),
}


def test_several_faults_in_several_files_are_listed_at_once(data: Path) -> None:
    replace(data, "facts/ferritin.yaml", "unit: ug/L\n", "units: ug/L\n")
    replace(data, "facts/ferritin.yaml", "label: Ferritin\n", "")
    replace(data, "sources/qin-2010.yaml", "year: 2010", "year: soon")
    (data / "stray.yaml").write_text("id: stray\n", encoding="utf-8")
    told = [fault.where.split(",")[0] for fault in faults_of(data)]
    assert told == ["facts/ferritin.yaml", "facts/ferritin.yaml", "sources/qin-2010.yaml", "stray.yaml"]


def test_rules_and_references_are_told_together(data: Path) -> None:
    replace(data, GBS, RULE, "  rule: days_since_onse <= 14 'd'\n")
    replace(data, MG, "  rule: myasthenia_worsening or", "  rule: myasthenia_worsening and or")
    replace(data, ITP, "    claims: [s14-itp-80-percent]\n", "    claims: [s99-nothing]\n")
    replace(data, "facts/ferritin.yaml", "unit: ug/L\n", "unit: stones\n")
    told = {fault.where.split(",")[0] for fault in faults_of(data)}
    assert told == {GBS, MG, ITP, "facts/ferritin.yaml"}


@pytest.mark.parametrize(
    "place", ["stray.yaml", "rules/x.yaml", "rule-sets/x.yaml", "facts/deep/x.yaml", "policy/x.yaml"]
)
def test_a_file_in_no_known_place(place: str, data: Path) -> None:
    (data / place).parent.mkdir(parents=True, exist_ok=True)
    (data / place).write_text("id: x\n", encoding="utf-8")
    (fault,) = faults_of(data)
    assert (fault.where, fault.found) == (place, "a file in no known place")
    assert "rule-sets" in fault.expected


def test_an_appraisal_without_rule_set(data: Path) -> None:
    path = data / "rule-sets/other/guillain-barre.yaml"
    path.parent.mkdir()
    shutil.copy(data / GBS, path)
    (fault,) = faults_of(data)
    assert fault.where == "rule-sets/other/guillain-barre.yaml"
    assert "no rule set" in fault.found


@pytest.mark.parametrize(
    "file", ["sources/qin-2010.yaml", "facts/ferritin.yaml", "policy/verdicts.yaml", "policy/rounding.yaml"]
)
def test_a_second_record_of_one_id_in_a_further_folder(file: str, data: Path, tmp_path: Path) -> None:
    more = tmp_path / "more" / file
    more.parent.mkdir(parents=True)
    shutil.copy(data / file, more)
    (fault,) = faults_of(data, tmp_path / "more")
    assert fault.where == file
    assert fault.found.startswith("a second ")
    assert fault.expected == "a new id"


def test_another_folder_cannot_make_a_rule_set_say_more(data: Path, tmp_path: Path) -> None:
    more = tmp_path / "more" / "rule-sets/review-2015/guillain-barre.yaml"
    more.parent.mkdir(parents=True)
    shutil.move(data / GBS, more)
    (fault,) = faults_of(data, tmp_path / "more")
    assert "no rule set" in fault.found


def test_a_circle_of_derivations_in_which_one_is_compared(data: Path) -> None:
    """A daily dose that follows from the total, which follows from the daily dose, would be compared with itself."""
    both = "of: [request_total_dose, request_infusion_days]"
    replace(data, "facts/request_daily_dose.yaml", f"{both}, only_if_missing: true", both)
    (fault,) = faults_of(data)
    assert fault.where.startswith("facts/request_daily_dose.yaml, line 11")
    assert "not derived from this one" in fault.expected


def test_facts_that_stand_in_for_each_other_are_no_fault(data: Path) -> None:
    assert "only_if_missing" in (data / "facts/request_daily_dose.yaml").read_text(encoding="utf-8")
    assert build([read(data)]).catalogue.leads_to("request_daily_dose") >= {"request_total_dose", "request_daily_dose"}


def test_a_fact_derived_from_itself(data: Path) -> None:
    replace(data, "facts/days_since_onset.yaml", "of: [onset_date]", "of: [days_since_onset]")
    (fault,) = faults_of(data)
    assert fault.where.startswith("facts/days_since_onset.yaml, line 9")


@pytest.mark.parametrize("file", ["policy/verdicts.yaml", "policy/rounding.yaml", "terminology/immunoglobulin.yaml"])
def test_what_must_be_there_once_is_missed(file: str, data: Path) -> None:
    (data / file).unlink()
    assert any(fault.found.startswith("no ") for fault in faults_of(data))


def test_an_appraisal_without_cases(data: Path) -> None:
    path = data / MG
    text = path.read_text(encoding="utf-8")
    path.write_text(text[: text.index("cases:")] + "cases: []\n", encoding="utf-8")
    (fault,) = faults_of(data)
    assert (fault.where.split(",")[0], fault.where.split(" ")[-1], fault.found) == (MG, "cases", "none")


WRONG_ANSWERS = [
    ("missing: [], may_start", "missing: [weight], may_start", "missing ()"),
    ("missing: [days_since_onset], may_start", "missing: [onset_date], may_start", "missing ('days_since_onset',)"),
    ("{verdict: not-supported, may", "{verdict: supported, may", "verdict not-supported"),
    ('may_start: "true", dose', "may_start: unknown, dose", "may_start true"),
    ("dose_check: outside", "dose_check: within", "dose_check outside"),
]


@pytest.mark.parametrize(("old", "new", "found"), WRONG_ANSWERS, ids=lambda value: value[:30])
def test_a_worked_case_with_a_wrong_answer(old: str, new: str, found: str, data: Path) -> None:
    replace(data, GBS, old, new)
    folder = read(data)
    (fault,) = run_cases(folder, build([folder]))
    assert fault.where.startswith(f"{GBS}, case ")
    assert fault.found == found


def test_worked_cases_that_cannot_be_read_are_all_told(data: Path) -> None:
    replace(data, GBS, "facts: {days_since_onset: 6 d}", "facts: {days_since_onsets: 6 d}")
    replace(data, MG, "facts: {myasthenia_worsening: true}", "facts: {myasthenia_worsening: yes}")
    folder = read(data)
    faults = run_cases(folder, build([folder]))
    assert [fault.where.split(",")[0] for fault in faults] == [GBS, MG]
    assert "days_since_onsets" in faults[0].found
    assert faults[1].expected == "true or false"


def test_a_worked_case_about_another_indication(data: Path) -> None:
    replace(data, GBS, "request: {indication: guillain-barre,", "request: {indication: myasthenia-gravis,")
    folder = read(data)
    (fault,) = run_cases(folder, build([folder]))
    assert (fault.found, fault.expected) == ("0 decisions on guillain-barre", "one")


def breaking(file: str, text: str) -> Callable[[Path], None]:
    def broken(folder: Path) -> None:
        (folder / file).parent.mkdir(parents=True, exist_ok=True)
        (folder / file).write_text(text, encoding="utf-8")

    return broken


def test_the_command_lists_every_fault_and_ends_with_2(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    breaking("sources/a.yaml", "id: b\ntitle: T\nkind: article\nread: abstract\nretrieved: 2026-01-01\n")(tmp_path)
    breaking("sources/c.yaml", "id: c\ntitle: T\nkind: booklet\nread: abstract\nretrieved: 2026-01-01\n")(tmp_path)
    breaking("elsewhere.yaml", "id: x\n")(tmp_path)
    assert run(["knowledge", "check", str(tmp_path)]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.splitlines()[0] == "ivigil: 3 faults in what was given:"
    assert "sources/a.yaml, line 1, id: found 'b'; expected 'a', as the file is named." in err
    assert "sources/c.yaml, line 3, kind" in err
    assert "elsewhere.yaml" in err
