"""``ivigil dose``, ``infuse`` and ``hazards`` from inside: what they answer, and how they refuse."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from tests.knowledge.own_rules import write_own_rules
from tests.unit.explain.test_page import Reader

from ivigil.cli.app import run
from ivigil.knowledge import load

COMMANDS = ("dose", "infuse", "hazards")
DAY = ["--today", "2026-11-20"]
WEIGHED = ["--weight", "82", "--height", "175", "--sex", "male", "--age", "70"]
ORDERED = [*WEIGHED, "--per-kg", "2", "--days", "5", "--product", "octagam-10-us"]
HEAD = {"format", "case", "today", "knowledge_hash"}
PATIENT = '{"facts": {"weight": "82 kg", "height": "175 cm", "sex": "male", "age": "40 a"}}'

Capture = pytest.CaptureFixture[str]


def said(capsys: Capture, *arguments: str) -> str:
    """What a command says when all is well."""
    assert run([*arguments, *DAY]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    return out


def answered(capsys: Capture, *arguments: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(said(capsys, *arguments, "--json"))
    return found


def refused(capsys: Capture, *arguments: str) -> list[str]:
    """The faults of a command, one a line; nothing else is said."""
    assert run([*arguments, *DAY]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    head, *faults = err.splitlines()
    assert head == f"ivigil: {len(faults)} fault{'s' * (len(faults) != 1)} in what was given:"
    assert all("expected" in fault for fault in faults)
    return faults


def infusion(found: dict[str, Any]) -> dict[str, Any]:
    (only,) = found["infusion"]
    assert isinstance(only, dict)
    return only


def plans_by_rule(found: dict[str, Any], regimen: str) -> dict[str, Any]:
    return {one["rule"]: one for one in found["dose"]["proposals"] if one["regimen"] == regimen}


# What is answered


@pytest.mark.parametrize(
    ("command", "keys"),
    [
        ("dose", {"dose", "infusion"}),
        ("infuse", {"infusion", "at_risk", "products", "product_overrides"}),
        ("hazards", {"hazards", "at_risk", "checklist", "products", "product_overrides", "frequencies"}),
    ],
)
def test_json_has_the_keys_that_are_documented(command: str, keys: set[str], capsys: Capture) -> None:
    found = answered(capsys, command, *ORDERED)
    assert HEAD | keys <= {*found}
    assert (found["case"], found["today"]) == ("the options", "2026-11-20")
    assert found["knowledge_hash"] == load().hash
    documented = (Path(__file__).parents[3] / "docs/reference/json.md").read_text(encoding="utf-8")
    assert not [key for key in found if f"`{key}`" not in documented and key not in {"knowledge_hash", "frequencies"}]


def test_a_dose_is_the_weight_of_each_rule_times_the_dose_per_kg(capsys: Capture) -> None:
    found = answered(capsys, "dose", *ORDERED)
    weights = {one["rule"]: one for one in found["dose"]["weight_rules"]}
    assert {*weights} == {*load().weight_rules}
    courses = {rule: one["courses"][0] for rule, one in plans_by_rule(found, "as-asked").items()}
    assert Decimal(courses["actual"]["total_g"]) == 164
    for rule, course in courses.items():
        (weight,) = weights[rule]["weights"]
        assert Decimal(course["unrounded_g"]) == pytest.approx(2 * Decimal(weight["weight_kg"]), abs=Decimal("0.001"))
        assert sum(map(Decimal, course["daily_g"])) == pytest.approx(Decimal(course["total_g"]), abs=Decimal("0.001"))


def test_the_regimens_of_an_indication_are_planned(capsys: Capture) -> None:
    found = answered(capsys, "dose", *WEIGHED, "--indication", "guillain-barre")
    regimens = load().rule_sets["review-2015"].appraisals["guillain-barre"].regimens
    wanted = {one.id for one in regimens if one.role == "recommended"}
    assert {one["regimen"] for one in found["dose"]["proposals"]} == wanted
    assert {one["regimen"] for one in answered(capsys, "dose", *WEIGHED)["dose"]["proposals"]} == set()


def test_the_steps_hold_the_dose_and_keep_to_the_caps(capsys: Capture) -> None:
    found = infusion(answered(capsys, "infuse", *ORDERED))
    assert sum(map(Decimal, found["doses_g"])) == 164
    days = found["intravenous"]["days"]
    assert [day["day"] for day in days] == [1, 2, 3, 4, 5]
    for day, dose in zip(days, found["doses_g"], strict=True):
        assert Decimal(day["volume_ml"]) == Decimal(dose) * 10
        assert Decimal(day["steps"][-1]["volume_so_far_ml"]) == Decimal(day["volume_ml"])
        assert max(Decimal(step["rate"]["ml_per_kg_per_h"]) for step in day["steps"]) == Decimal("1.8")
    assert {cap["id"]: cap["applies"] for cap in found["intravenous"]["caps"]}["at-risk"] == "met"


def test_a_start_dates_the_steps_and_the_checklist(capsys: Capture) -> None:
    start = ["--start", "2026-11-23T09:00"]
    days = infusion(answered(capsys, "infuse", *ORDERED, *start))["intravenous"]["days"]
    assert [day["steps"][0]["starts"] for day in days] == [f"2026-11-{day}T09:00:00" for day in range(23, 28)]
    during = [one for one in answered(capsys, "hazards", *ORDERED, *start)["checklist"] if one["phase"] == "during"]
    assert {(one["from"], one["to"]) for one in during} == {("2026-11-23", "2026-11-27")}


def test_hazards_are_those_of_the_patient(capsys: Capture) -> None:
    found = answered(capsys, "hazards", *WEIGHED, "--fact", "diabetes=false", "--fact", "heart_failure=yes")
    factors = {(hazard["id"], one["id"]): one["state"] for hazard in found["hazards"] for one in hazard["risk_factors"]}
    assert factors["acute-renal-failure", "age-over-65"] == "present"
    assert factors["acute-renal-failure", "diabetes"] == "absent"
    assert factors["acute-renal-failure", "sepsis"] == "unknown"
    assert found["at_risk"] == "met"
    hydrating = [one for one in found["checklist"] if "hydration" in one["levers"]]
    assert {one["state"] for one in hydrating} == {"withheld"}
    assert {*found["frequencies"]} == {hazard["id"] for hazard in found["hazards"]}


@pytest.mark.parametrize("command", COMMANDS)
def test_words_are_said_for_the_same_plan(command: str, capsys: Capture) -> None:
    out = said(capsys, command, *ORDERED)
    assert "the options" in out.splitlines()[0]
    assert "None" not in out
    assert len(said(capsys, command, *ORDERED, "--all")) >= len(out)


@pytest.mark.parametrize("form", [[], ["--json"]], ids=["words", "json"])
@pytest.mark.parametrize("command", COMMANDS)
def test_the_same_bytes_come_again(command: str, form: list[str], capsys: Capture) -> None:
    assert said(capsys, command, *ORDERED, *form) == said(capsys, command, *ORDERED, *form)


@pytest.mark.parametrize(
    ("option", "values"),
    [("--weight", ["82", "82 kg", "82kg", "82000 g"]), ("--height", ["175", "175 cm", "1.75 m"])],
)
def test_a_number_alone_is_in_the_unit_of_the_option(option: str, values: list[str], capsys: Capture) -> None:
    rest = {"--weight": "82", "--height": "175", "--sex": "male", "--age": "40"}
    answers = [
        answered(capsys, "dose", *(part for pair in {**rest, option: value}.items() for part in pair))
        for value in values
    ]
    assert all(one["dose"] == answers[0]["dose"] for one in answers)
    assert {one["state"] for one in answers[0]["dose"]["weight_rules"]} == {"certain"} or option == "--weight"


def test_pounds_are_converted(capsys: Capture) -> None:
    found = answered(capsys, "dose", "--weight", "181 lb")
    (actual,) = [one for one in found["dose"]["weight_rules"] if one["rule"] == "actual"]
    assert actual["weights"][0]["weight_kg"] == "82.100219"


def test_yes_and_no_are_answers(capsys: Capture) -> None:
    for value, state in (("true", "met"), ("yes", "met"), ("TRUE", "met"), ("false", "unknown"), ("no", "unknown")):
        assert answered(capsys, "hazards", "--fact", f"diabetes={value}")["at_risk"] == state


# What is not known


def test_a_missing_weight_is_a_question_and_no_fault(capsys: Capture) -> None:
    found = answered(capsys, "dose", "--per-kg", "2", "--days", "5", "--product", "octagam-10-us")
    needs = plans_by_rule(found, "as-asked")["actual"]
    assert (needs["courses"], needs["needs"]) == ([], ["weight"])
    assert "weight" in infusion(found)["needs"]
    assert infusion(found)["intravenous"] is None
    assert load().askable["weight"].label.casefold() in said(capsys, "dose", "--per-kg", "2").casefold()


@pytest.mark.parametrize("command", COMMANDS)
def test_nothing_at_all_is_no_fault(command: str, capsys: Capture) -> None:
    assert said(capsys, command)
    assert answered(capsys, command)


# Products


@pytest.mark.parametrize(
    ("region", "labels"),
    [
        ([], ["octagam-10-ch", "octagam-10-eu", "octagam-10-us"]),
        (["--region", "US"], ["octagam-10-us"]),
        (["--region", "eu"], ["octagam-10-eu"]),
    ],
)
def test_a_product_without_its_region_means_every_label(region: list[str], labels: list[str], capsys: Capture) -> None:
    found = answered(capsys, "infuse", *WEIGHED, "--total", "160", "--days", "5", "--product", "octagam-10", *region)
    assert [one["product"] for one in found["infusion"]] == labels
    out = said(capsys, "infuse", "--product", "octagam-10", *region)
    assert re.findall(r"Octagam 10%, label ([A-Z]+)", out) == [label[-2:].upper() for label in labels]


def test_a_label_that_is_named_twice_is_planned_once(capsys: Capture) -> None:
    found = answered(capsys, "infuse", "--product", "octagam-10-us", "--product", "octagam-10")
    labels = [one["product"] for one in found["infusion"]]
    assert len(labels) == len({*labels})


def test_the_region_narrows_the_products(capsys: Capture) -> None:
    found = answered(capsys, "infuse", "--region", "uk")
    assert {one["region"] for one in found["products"]} == {"UK"}


def test_the_pump_limits_every_rate(capsys: Capture) -> None:
    days = infusion(answered(capsys, "infuse", *ORDERED, "--pump", "60"))["intravenous"]["days"]
    assert {max(Decimal(step["rate"]["ml_per_h"]) for step in day["steps"]) for day in days} == {60}
    assert {"pump" in day["binding_caps"] for day in days} == {True}


def test_the_volume_of_a_day_is_kept_to(capsys: Capture) -> None:
    days = infusion(answered(capsys, "infuse", *ORDERED, "--volume-per-day", "300"))["intravenous"]["days"]
    assert sum(Decimal(day["volume_ml"]) for day in days) == pytest.approx(Decimal(1640), abs=Decimal("0.001"))
    assert max(Decimal(day["volume_ml"]) for day in days) <= 300


# A case in a file


def test_options_are_added_to_a_case_in_a_file(tmp_path: Path, capsys: Capture) -> None:
    path = tmp_path / "case.json"
    path.write_text(PATIENT, encoding="utf-8")
    asked = ["--per-kg", "2", "--days", "5"]
    from_file = answered(capsys, "dose", str(path), *asked)
    from_options = answered(capsys, "dose", *WEIGHED[:6], "--age", "40", *asked)
    assert from_file["dose"] == from_options["dose"]
    assert from_file["case"].startswith("case.json")


def test_the_indication_of_a_case_in_a_file_is_that_of_the_plan(tmp_path: Path, capsys: Capture) -> None:
    path = tmp_path / "case.json"
    path.write_text(PATIENT[:-1] + ', "request": {"indication": "guillain-barre"}}', encoding="utf-8")
    from_file = answered(capsys, "dose", str(path))
    from_options = answered(capsys, "dose", *WEIGHED[:6], "--age", "40", "--indication", "guillain-barre")
    assert from_options["dose"]["proposals"]
    assert from_file["dose"] == from_options["dose"]


def test_a_file_that_cannot_be_read_is_told_beside_a_wrong_option(tmp_path: Path, capsys: Capture) -> None:
    faults = refused(capsys, "dose", str(tmp_path / "absent.json"), "--pump", "0")
    assert [name for name in ("absent.json", "--pump") if not any(name in fault for fault in faults)] == []


# A page


@pytest.mark.parametrize("command", COMMANDS)
def test_a_page_holds_the_whole_plan_and_asks_nothing_elsewhere(command: str, tmp_path: Path, capsys: Capture) -> None:
    target = tmp_path / "plan.html"
    said(capsys, command, *ORDERED, "--html", str(target))
    text = target.read_text(encoding="utf-8")
    read = Reader(text)
    assert (read.misnested, read.open) == ([], [])
    assert not {"script", "link", "img", "iframe", "object", "form", "base", "use"} & {
        name for name, _ in read.elements
    }
    for _, attributes in read.elements:
        assert not {"src", "href", "xlink:href", "srcset", "action", "style"} & {*attributes}
        assert not [name for name in attributes if name.startswith("on")]
    assert {*re.findall(r"[a-z]+://[^\s\"'<]+", text)} <= {"http://www.w3.org/2000/svg"}
    assert not re.search(r"url\(|@import", text)
    assert "default-src 'none'" in text


@pytest.mark.parametrize("command", ["dose", "infuse"])
def test_the_page_of_an_infusion_has_its_table_and_its_picture(command: str, tmp_path: Path, capsys: Capture) -> None:
    target = tmp_path / "plan.html"
    said(capsys, command, *ORDERED, "--html", str(target))
    text = target.read_text(encoding="utf-8")
    (picture,) = re.findall(r"<svg.*?</svg>", text, re.DOTALL)
    root = ET.fromstring(picture)  # noqa: S314 - made here
    assert root[0].text
    steps = infusion(answered(capsys, command, *ORDERED))["intravenous"]["days"][0]["steps"]
    for step in steps:
        assert f">{step['rate']['shown_ml_per_h']}<" in text
    assert text.count("<table") == (2 if command == "dose" else 1)


def test_a_page_is_the_same_bytes_on_every_run(tmp_path: Path, capsys: Capture) -> None:
    pages = [tmp_path / "one.html", tmp_path / "two.html"]
    for page in pages:
        said(capsys, "infuse", *ORDERED, "--html", str(page))
    assert pages[0].read_bytes() == pages[1].read_bytes()


@pytest.mark.parametrize("form", [[], ["--json"]], ids=["words", "json"])
def test_a_page_that_cannot_be_written_is_a_fault(form: list[str], tmp_path: Path, capsys: Capture) -> None:
    (fault,) = refused(capsys, "dose", *WEIGHED, "--html", str(tmp_path / "absent" / "plan.html"), *form)
    assert "a file that can be written" in fault


# What cannot be meant

BAD = [
    (["--weight", "-82"], "--weight"),
    (["--weight", "0"], "--weight"),
    (["--weight", "700"], "--weight"),
    (["--weight", "80 g"], "--weight"),
    (["--weight", "heavy"], "weight"),
    (["--weight", ""], "weight"),
    (["--weight", "82 cm"], "weight"),
    (["--weight", "²"], "weight"),
    (["--height", "1.75"], "--height"),
    (["--height", "-175"], "--height"),
    (["--age", "200"], "--age"),
    (["--age", "-1"], "--age"),
    (["--sex", "woman"], "sex"),
    (["--product", "octagam-100"], "octagam-100"),
    (["--product", "octagam-10", "--region", "AU"], "octagam-10"),
    (["--region", "Mars"], "--region"),
    (["--weight-rule", "ontarian"], "ontario"),
    (["--protocol", "labrador"], "labrador"),
    (["--indication", "guillain"], "guillain"),
    (["--rules", "review-2051"], "review-2015"),
    (["--weight", "80", "--per-kg", "20"], "--per-kg"),
    (["--weight", "80", "--per-kg", "-2"], "--per-kg"),
    (["--weight", "80", "--daily-per-kg", "20"], "--daily-per-kg"),
    (["--weight", "80", "--total", "16000"], "--total"),
    (["--days", "0"], "--days"),
    (["--days", "2.5"], "--days"),
    (["--route", "rectal"], "route"),
    (["--start", "nonsense"], "--start"),
    (["--start", "2026-02-30T09:00"], "--start"),
    (["--pump", "0"], "--pump"),
    (["--pump", "-5"], "--pump"),
    (["--pump", "nan"], "--pump"),
    (["--pump", "inf"], "--pump"),
    (["--pump", "fast"], "--pump"),
    (["--volume-per-day", "0"], "--volume-per-day"),
    (["--sites", "0"], "--sites"),
    (["--sites", "1.5"], "--sites"),
    (["--fact", "heart_failure"], "heart_failure"),
    (["--fact", "=true"], "--fact"),
    (["--fact", "heart_faliure=true"], "heart_faliure"),
    (["--fact", "heart_failure=perhaps"], "heart_failure"),
    (["--fact", "weight=82"], "weight"),
    (["--today", "tomorrow"], "--today"),
]


@pytest.mark.parametrize(
    ("options", "named"), BAD, ids=lambda value: " ".join(value) if isinstance(value, list) else ""
)
def test_one_wrong_option_is_one_clear_fault(options: list[str], named: str, capsys: Capture) -> None:
    given = options if "--today" in options else [*options, *DAY]
    assert run(["dose", *given]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    head, *faults = err.splitlines()
    assert head == "ivigil: 1 fault in what was given:"
    assert len(faults) == 1
    assert named in faults[0]
    assert "expected" in faults[0]


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("form", [[], ["--json"]], ids=["words", "json"])
def test_every_command_refuses_alike(command: str, form: list[str], capsys: Capture) -> None:
    faults = refused(capsys, command, "--weight", "700", *form)
    assert faults == refused(capsys, "dose", "--weight", "700")


RIGHT = ("--weight", "80")


@pytest.mark.parametrize(
    "options",
    [
        {"--pump": "0", "--start": "nonsense"},
        {"--region": "Mars", "--product": "octagam-100", "--weight-rule": "ontarian", "--protocol": "labrador"},
        {"--pump": "0", "--fact": "heart_failure"},
        {"--rules": "review-2051", "--sites": "0"},
        {"--indication": "guillain", "--start": "nonsense"},
        {"--weight": "700", "--height": "1.75"},
        {"--weight": "80", "--height": "-1", "--per-kg": "20"},
        {"--weight": "heavy", "--sex": "woman"},
        {"--weight": "-82", "--pump": "0"},
        {"--per-kg": "20", "--start": "nonsense"},
        {"--height": "1.75", "--fact": "heart_failure"},
        {"--weight": "heavy", "--height": "1.75"},
        {"--rules": "review-2051", "--indication": "guillain"},
        {"--weight": "heavy", "--fact": "heart_failure"},
        {"--days": "2.5", "--route": "rectal", "--product": "octagam-100"},
    ],
    ids=" ".join,
)
def test_all_wrong_options_are_told_at_once(options: dict[str, str], capsys: Capture) -> None:
    faults = refused(capsys, "infuse", *(part for pair in options.items() for part in pair))
    places = [fault.strip().partition(": found ")[0] for fault in faults]
    for option, value in options.items():
        if (option, value) != RIGHT:
            assert any(is_of(option, place) for place in places), option


def is_of(option: str, place: str) -> bool:
    """Whether the place of a fault names an option: by itself or by its kind."""
    words = option.removeprefix("--")
    kind = {"--rules": "rule set", "--protocol": "rate protocol"}.get(option, words.replace("-", " "))
    return place in {option, kind}


def test_a_wrong_day_hides_no_other_fault(capsys: Capture) -> None:
    assert run(["dose", "--today", "tomorrow", "--per-kg", "20", "--weight", "700", "--pump", "0"]) == 2
    (_, *faults) = capsys.readouterr().err.splitlines()
    assert [fault.strip().partition(": found ")[0] for fault in faults] == ["--per-kg", "--pump", "--today", "--weight"]


def test_while_the_day_is_not_known_no_date_is_taken_for_one_to_come(capsys: Capture) -> None:
    """Nor is an age: the birth date may be right."""
    given = ["--today", "tomorrow", "--fact", "birth_date=1980-06-15", "--fact", "onset_date=2999-01-01"]
    assert run(["dose", *given]) == 2
    (head, fault) = capsys.readouterr().err.splitlines()
    assert "--today" in fault
    assert "1 fault" in head


@pytest.mark.parametrize(
    ("given", "option"),
    [
        (["--total", "1600", "--weight", "80"], "--total"),
        (["--daily", "800", "--weight", "80"], "--daily"),
    ],
)
def test_a_dose_above_every_regimen_is_refused_in_grams_too(given: list[str], option: str, capsys: Capture) -> None:
    """1,600 g at 80 kg are the 20 g/kg that are refused as such."""
    assert any(option in fault for fault in refused(capsys, "infuse", *given))


def test_a_fault_names_the_option_that_was_given(capsys: Capture) -> None:
    (fault,) = refused(capsys, "dose", "--weight", "80", "--daily-per-kg", "2", "--days", "5")
    assert "--daily-per-kg" in fault


@pytest.mark.parametrize(
    ("given", "places"),
    [
        (["--weight", "80", "--daily", "160", "--days", "5"], ["--daily"]),
        (["--weight", "80", "--total", "1600", "--days", "5"], ["--total"]),
        (["--daily-per-kg", "2", "--days", "366"], ["--daily-per-kg"]),
        (["--per-kg", "20", "--days", "1"], ["--per-kg"]),
        (["--weight", "80", "--per-kg", "20", "--total", "1600"], ["--per-kg", "--total"]),
        (["--weight", "80", "--fact", "request_total_dose=1600 g"], ["--fact request_total_dose"]),
    ],
    ids=" ".join,
)
def test_a_dose_above_every_regimen_is_told_once_where_it_is_stated(
    given: list[str], places: list[str], capsys: Capture
) -> None:
    faults = refused(capsys, "dose", *given)
    assert [fault.strip().partition(": found ")[0] for fault in faults] == places
    assert all("3.5 g/kg" in fault or "2 g/kg a day" in fault for fault in faults)


def test_the_highest_dose_of_a_regimen_is_not_refused(capsys: Capture) -> None:
    said(capsys, "dose", "--weight", "80", "--per-kg", "3.5", "--days", "7")
    said(capsys, "dose", "--weight", "80", "--daily", "160", "--days", "1")


def test_from_one_value_alone_may_follow_what_no_patient_has(capsys: Capture) -> None:
    (fault,) = refused(capsys, "dose", "--fact", "birth_date=1850-01-01")
    assert "--fact birth_date" in fault
    assert "age" in fault


@pytest.mark.parametrize("given", [["--weight", "unknown"], ["--fact", "diabetes=unknown"]], ids=" ".join)
def test_that_something_is_not_known_is_an_answer(given: list[str], capsys: Capture) -> None:
    without, stated = (answered(capsys, "hazards", *each) for each in ([], given))
    assert stated == without


@pytest.mark.parametrize("fact", ["weight=700 kg", "height=1.75 cm", "creatinine=-5 mg/dL"])
def test_a_fact_that_no_patient_has_is_refused_like_an_option(fact: str, capsys: Capture) -> None:
    (fault,) = refused(capsys, "dose", "--fact", fact)
    assert fact.partition("=")[0] in fault


@pytest.mark.parametrize(
    "options",
    [
        ["--weight", "80", "--fact", "weight=81 kg"],
        ["--sex", "male", "--fact", "sex=female"],
        ["--fact", "diabetes=true", "--fact", "diabetes=false"],
    ],
    ids=" ".join,
)
def test_two_values_of_one_fact_are_refused(options: list[str], capsys: Capture) -> None:
    refused(capsys, "dose", *options)


@pytest.mark.parametrize(
    ("option", "value"),
    [("--start", "9999-12-31T23:00"), ("--volume-per-day", "1e-30"), ("--pump", "1e-999999")],
)
def test_a_number_or_a_date_out_of_all_reach_is_refused(option: str, value: str, capsys: Capture) -> None:
    (fault,) = refused(capsys, "infuse", *ORDERED, option, value)
    assert option in fault


def test_a_weight_given_now_takes_the_place_of_an_older_one(tmp_path: Path, capsys: Capture) -> None:
    path = tmp_path / "case.yaml"
    path.write_text("facts:\n  weight: {value: 82, unit: kg, date: 2026-10-01}\n", encoding="utf-8")
    found = answered(capsys, "dose", str(path), "--weight", "90")
    (actual,) = [each for each in found["dose"]["weight_rules"] if each["rule"] == "actual"]
    assert [each["weight_kg"] for each in actual["weights"]] == ["90"]


def test_what_no_patient_has_is_told_of_a_file_too(tmp_path: Path, capsys: Capture) -> None:
    path = tmp_path / "case.json"
    path.write_text('{"facts": {"weight": "700 kg"}}', encoding="utf-8")
    run(["dose", str(path), *DAY])
    assert "700" in "".join(capsys.readouterr())


SLIPS = """\
request: {indication: cidp, request_phase: initial, request_total_dose: 160 g, request_infusion_days: 4 d}
facts:
  weight: {value: 80, unit: kg, date: 2026-11-01}
  height: 1.75 cm
  age: [50 a, 60 a]
"""


@pytest.mark.parametrize("command", COMMANDS)
def test_a_plan_warns_of_a_file_as_a_review_does(command: str, tmp_path: Path, capsys: Capture) -> None:
    path = tmp_path / "case.yaml"
    path.write_text(SLIPS, encoding="utf-8")
    warned = answered(capsys, command, str(path))["warnings"]
    assert warned == answered(capsys, "review", str(path))["warnings"]
    assert len(warned) == 2
    words = said(capsys, command, str(path))
    assert "1.75 cm" in words
    assert "disagrees with itself" in " ".join(words.split())
    assert answered(capsys, command, *ORDERED)["warnings"] == []
    assert "Warnings" not in said(capsys, command, *ORDERED)


def test_a_plan_and_a_review_find_the_same_dose_and_the_same_risks(tmp_path: Path, capsys: Capture) -> None:
    path = tmp_path / "case.yaml"
    path.write_text(SLIPS, encoding="utf-8")
    reviewed = answered(capsys, "review", str(path), "--product", "octagam-10-us")
    for command, keys in (("dose", ["infusion"]), ("hazards", ["hazards", "at_risk", "checklist"])):
        found = answered(capsys, command, str(path), "--product", "octagam-10-us")
        assert [found[key] for key in keys] == [reviewed[key] for key in keys]
        assert command != "dose" or {**reviewed["dose"], **found["dose"]} == reviewed["dose"]
    factors = {(one["id"], each["id"]): each["state"] for one in reviewed["hazards"] for each in one["risk_factors"]}
    assert factors["acute-renal-failure", "high-dose"] == "present"
    assert factors["thromboembolism", "daily-dose"] == "present"


def test_a_dose_of_a_file_above_every_regimen_is_told_with_its_place(tmp_path: Path, capsys: Capture) -> None:
    path = tmp_path / "case.yaml"
    path.write_text(SLIPS.replace("160 g", "1600 g"), encoding="utf-8")
    (fault,) = refused(capsys, "dose", str(path))
    assert "case.yaml, line 1, request.request_total_dose" in fault


def test_a_slip_beside_a_file_that_cannot_be_read_is_told_too(tmp_path: Path, capsys: Capture) -> None:
    faults = refused(capsys, "dose", str(tmp_path / "absent.json"), "--weight", "700")
    assert len(faults) == 2


def test_the_dose_of_the_options_counts_whichever_indication_is_named(tmp_path: Path, capsys: Capture) -> None:
    path = tmp_path / "case.yaml"
    path.write_text("request: {indication: cidp}\nfacts: {weight: 80 kg}\n", encoding="utf-8")
    asked = ["--total", "80", "--days", "2", "--product", "octagam-10-us"]
    for indication in ([], ["--indication", "guillain-barre"]):
        found = answered(capsys, "infuse", str(path), *asked, *indication)
        assert infusion(found)["doses_g"] == ["40", "40"]


def test_of_several_requests_the_first_is_planned_and_that_is_said(tmp_path: Path, capsys: Capture) -> None:
    path = tmp_path / "case.yaml"
    each = "{{indication: cidp, request_total_dose: {} g, request_infusion_days: 2 d}}"
    both = f"requests: [{each.format(80)}, {each.format(120)}]\nfacts: {{weight: 80 kg}}\n"
    path.write_text(both, encoding="utf-8")
    found = answered(capsys, "infuse", str(path), "--product", "octagam-10-us")
    assert infusion(found)["doses_g"] == ["40", "40"]
    (warning,) = found["warnings"]
    assert "first of several requests" in warning


def test_grams_are_looked_at_beside_a_dose_per_kg(capsys: Capture) -> None:
    """400 g at 80 kg are 5 g/kg, and not the 2 g/kg that stand beside them."""
    (fault,) = refused(capsys, "infuse", "--weight", "80", "--per-kg", "2", "--total", "400", "--days", "5")
    assert "--total" in fault


@pytest.mark.parametrize("wrong", [["--wieght", "80"], ["--weight"], ["a.json", "b.json"]], ids=" ".join)
@pytest.mark.parametrize("command", COMMANDS)
def test_wrong_use_ends_with_2_and_says_how(command: str, wrong: list[str], capsys: Capture) -> None:
    with pytest.raises(SystemExit) as caught:
        run([command, *wrong])
    assert caught.value.code == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("usage: ivigil")


# Between the routes

SKIN = ["--total", "15", "--days", "1", "--weight", "70", "--age", "40"]
HIZENTRA = ["--from-product", "hizentra-us"]


def test_a_dose_under_the_skin_is_moved_to_the_vein(capsys: Capture) -> None:
    words = [*SKIN, *HIZENTRA, "--iv-every-weeks", "4", "--product", "gamunex-c-us"]
    found = infusion(answered(capsys, "infuse", *words))
    assert found["switch"]["to"] == "intravenous"
    assert found["switch"]["is_inverse"]
    weekly, factor = Decimal(str(found["switch"]["weekly_g"])), Decimal(str(found["switch"]["factor"]))
    assert float(weekly * factor) == pytest.approx(15)
    assert found["intravenous"] is not None
    assert run(["dose", *words, "--today", "2026-11-22"]) == 0
    said = " ".join(capsys.readouterr().out.split())
    assert "by the inverse of its label's factor" in said
    assert "A week: 15 g under the skin before" in said


@pytest.mark.parametrize(
    ("words", "parts"),
    [
        (HIZENTRA, ("--product", "--iv-every-weeks")),
        ([*HIZENTRA, "--product", "privigen-us", "--iv-every-weeks", "0"], ("--iv-every-weeks",)),
        (["--from-product", "privigen-us", "--sc-every-weeks", "x"], ("privigen-us", "--sc-every-weeks")),
        (["--from-product", "hizentra"], ("hizentra-eu or hizentra-us",)),
        (["--from-product", "no-such"], ("no-such",)),
    ],
)
def test_a_switch_that_cannot_be_meant_is_told(words: list[str], parts: tuple[str, ...], capsys: Capture) -> None:
    assert run(["infuse", *SKIN, *words]) == 2
    said = capsys.readouterr().err
    for part in parts:
        assert part in said


# One's own place

FORMULARY = """\
id: formulary
title: What the house has
source: house-protocol
region: US
products: [octagam-10-us]
weight_rule: ontario
pump_ml_per_h: 90
price_per_g: 40
currency: GBP
reaction_ladder:
  - {severity: mild, text: Halve the rate.}
"""


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    folder = write_own_rules(tmp_path_factory.mktemp("own"))
    (folder / "policy").mkdir()
    (folder / "policy/formulary.yaml").write_text(FORMULARY, encoding="utf-8")
    return ["--knowledge", str(folder)]


def test_the_formulary_of_a_folder_is_kept_to(place: list[str], capsys: Capture) -> None:
    given = [*WEIGHED, "--fact", "pregnant=false", "--indication", "guillain-barre", "--product", "octagam-10-us"]
    found = answered(capsys, "dose", *given, *place)
    by_rule = plans_by_rule(found, "five-days")["ontario"]["courses"][0]
    assert infusion(found)["doses_g"] == by_rule["daily_g"]
    days = infusion(found)["intravenous"]["days"]
    assert max(Decimal(step["rate"]["ml_per_h"]) for day in days for step in day["steps"]) == 90


def test_the_ladder_of_the_place_is_in_the_json_as_in_the_words(place: list[str], capsys: Capture) -> None:
    assert answered(capsys, "hazards", *place).get("reaction_ladder") == [
        {"severity": "mild", "text": "Halve the rate."}
    ]


# As a process


def test_as_a_process() -> None:
    command = [sys.executable, "-m", "ivigil", "infuse", *ORDERED, *DAY, "--json"]
    done = subprocess.run(command, capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (0, b"")
    assert infusion(json.loads(done.stdout))["product"] == "octagam-10-us"
    wrong = subprocess.run([*command, "--pump", "0"], capture_output=True, check=False)
    assert (wrong.returncode, wrong.stdout) == (2, b"")
    assert b"--pump" in wrong.stderr
    assert b"Traceback" not in wrong.stderr
