"""``ivigil simulate`` and ``ivigil individualise`` as a user types them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from ivigil.cli.app import run

PERSON = ("--indication", "cidp", "--weight", "82", "--age", "50", "--own", "10")
COURSE = ("--per-kg", "1", "--every", "21", "--count", "4")
LEVELS = "day,igg [g/L]\n0,8.0\n21,11.2\n42,12.5\n63,12.9\n"


def values(capsys: pytest.CaptureFixture[str], *words: str) -> Any:  # noqa: ANN401 - JSON
    assert run([*words, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def error(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    assert run([*words]) == 2
    return capsys.readouterr().err


def test_the_models_that_are_held_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    held = {one["id"] for one in values(capsys, "simulate", "--models")}
    assert {"tortorici-2021", "zhang-2020", "li-2022", "competition-70kg"} <= held


def test_twice_the_dose_rises_twice_as_far(capsys: pytest.CaptureFixture[str]) -> None:
    one = values(capsys, "simulate", *PERSON, "--dose", "40", "--every", "21", "--count", "3")[0]
    two = values(capsys, "simulate", *PERSON, "--dose", "80", "--every", "21", "--count", "3")[0]
    assert two["intervals"][-1]["trough"] == pytest.approx(2 * one["intervals"][-1]["trough"])
    assert two["half_lives"] == one["half_lives"]


def test_a_missed_dose_lowers_the_trough_and_uses_less(capsys: pytest.CaptureFixture[str]) -> None:
    every = values(capsys, "simulate", *PERSON, *COURSE)[0]
    missed = values(capsys, "simulate", *PERSON, *COURSE, "--miss", "4")[0]
    assert missed["taken_up_g"] == pytest.approx(every["taken_up_g"] * 3 / 4)
    assert missed["intervals"][-1]["trough"] < every["intervals"][-1]["trough"]


def test_another_persons_baseline_is_not_put_in_place_of_ones_own(capsys: pytest.CaptureFixture[str]) -> None:
    words = ("simulate", "--indication", "cidp", "--weight", "82", *COURSE)
    assert values(capsys, *words)[0]["own_g_per_l"] is None
    assert values(capsys, *words, "--own", "9")[0]["own_g_per_l"] == 9


def test_two_models_stand_side_by_side(capsys: pytest.CaptureFixture[str]) -> None:
    models = ("--model", "zhang-2020", "--model", "navarro-mora-2022")
    found = values(capsys, "simulate", *models, "--weight", "70", "--dose", "35", "--every", "28", "--count", "3")
    assert [one["model"] for one in found] == ["zhang-2020", "navarro-mora-2022"]


def test_a_population_is_the_same_for_any_number_of_threads(capsys: pytest.CaptureFixture[str]) -> None:
    words = ("simulate", *PERSON, *COURSE, "--population", "500", "--weight-cv", "20", "--rise", "3")
    one, two = (values(capsys, *words, "--workers", count) for count in ("1", "2"))
    assert one == two
    assert one["people"] == 500
    assert 0 < one["reached"][0]["share"] < 1
    assert values(capsys, *words, "--seed", "2")["quantiles"] != one["quantiles"]


def test_people_are_written_as_parquet(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    polars = pytest.importorskip("polars")
    out = tmp_path / "people.parquet"
    values(capsys, "simulate", *PERSON, *COURSE, "--population", "300", "--parquet", str(out))
    assert polars.read_parquet(out).height == 300


def test_pictures_are_written_for_both_widths(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out, page = tmp_path / "curve.svg", tmp_path / "page.html"
    values(capsys, "simulate", *PERSON, *COURSE, "--trough", "12", "--svg", str(out), "--html", str(page))
    assert out.read_text(encoding="utf-8").startswith("<svg")
    assert (tmp_path / "curve.narrow.svg").is_file()
    assert "<script" not in page.read_text(encoding="utf-8")


def test_levels_find_the_dose_that_reaches_a_target(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    levels = tmp_path / "levels.csv"
    levels.write_text(LEVELS, encoding="utf-8")
    plan = ("--vials", "60,70,80,90", "--intervals", "21,28", "--trough", "12", "--from-day", "84", "--draws", "500")
    found = values(capsys, "individualise", str(levels), *PERSON[:6], *COURSE, *plan)
    chances = {(one["dose_g"], one["interval_days"]): one["probability"] for one in found["doses"][0]["candidates"]}
    assert len(chances) == 8
    assert chances[90, 21] >= chances[60, 21]
    assert chances[90, 21] >= chances[90, 28]
    assert found["models"][0]["own"]["g_per_l"] == 8


@pytest.mark.parametrize(
    ("words", "parts"),
    [
        (
            ("--weight", "820", "--dose", "-3", "--every", "0", "--count", "x"),
            ("--weight", "--dose", "--every", "--count"),
        ),
        (("--model", "no-such", "--dose", "3"), ("no-such",)),
        (("--dose", "3", "--per-kg", "1"), ("--dose, --per-kg",)),
        ((), ("--dose, --per-kg",)),
        (("--dose", "30", "--every", "21"), ("--every, --count",)),
        (("--dose", "30", "--route", "facilitated-subcutaneous"), ("route",)),
    ],
)
def test_every_fault_is_told_at_once(
    words: tuple[str, ...], parts: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    said = error(
        capsys, "simulate", "--indication", "cidp", *(() if "--weight" in words else ("--weight", "82")), *words
    )
    for part in parts:
        assert part in said


def test_a_model_that_needs_more_asks_for_it(capsys: pytest.CaptureFixture[str]) -> None:
    said = error(capsys, "simulate", "--model", "li-2024-mmn", "--weight", "80", "--dose", "80")
    assert "lean_body_mass_kg" in said


def test_faults_of_levels_and_options_are_told_together(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    levels = tmp_path / "levels.csv"
    levels.write_text("day,igg\n0,8\n", encoding="utf-8")
    said = error(capsys, "individualise", str(levels), *PERSON, "--dose", "-1", "--vials", "10")
    for part in ("levels.csv", "--dose", "--intervals", "--from-day"):
        assert part in said


def test_the_own_igg_falls_beside_what_is_given(capsys: pytest.CaptureFixture[str]) -> None:
    found = values(capsys, "simulate", "--model", "competition-70kg", "--weight", "70", "--own", "10", *COURSE)[0]
    assert found["endogenous_g_per_l"][0] == pytest.approx(10)
    assert min(found["endogenous_g_per_l"]) < 8
    last = found["intervals"][-1]
    assert last["trough"] == pytest.approx(last["given"] + last["own"])


def test_a_problem_is_handed_on_as_petab(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("libsbml")
    levels, out = tmp_path / "levels.csv", tmp_path / "petab"
    levels.write_text(LEVELS, encoding="utf-8")
    values(capsys, "individualise", str(levels), *PERSON, *COURSE, "--draws", "200", "--petab", str(out))
    assert {"measurements.tsv", "parameters.tsv", "model.xml"} <= {path.name for path in out.iterdir()}


def test_people_differ_by_weight_alone_in_the_recycling_model(capsys: pytest.CaptureFixture[str]) -> None:
    words = ("simulate", "--model", "competition-70kg", "--weight", "75", "--own", "8", *COURSE, "--population", "200")
    alike, spread = values(capsys, *words), values(capsys, *words, "--weight-cv", "20")
    assert len(set(alike["quantiles"]["trough"])) == 1
    assert len(set(spread["quantiles"]["trough"])) == 5
