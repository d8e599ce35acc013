"""What is given, as options and as tables of events: what commands make of it, and what they write back."""

from __future__ import annotations

import json
import math
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from ivigil.cli.app import run
from ivigil.kinetics.event_table import Subject, read_events

HEAD = "ID,TIME [d],AMT [g],DUR [h],ROUTE,EVID,DV [g/L],WT [kg],AGE [a]\n"
TABLE = (
    f"{HEAD}a,-7,.,.,.,0,10.2,82,50\na,0,82,5,IV,1,.,82,.\na,21,82,5,IV,1,.,.,.\na,40,.,.,.,2,.,60,.\n"
    "a,42,60,5,IV,1,.,.,.\na,62.9,.,.,.,0,12.5,.,.\na,63,20,1,SC,1,.,.,.\n"
)
MODEL = ("--model", "tortorici-2021")
PERSON = (*MODEL, "--indication", "cidp", "--weight", "82", "--age", "50")
REGULAR = ("--dose", "80", "--every", "21", "--count", "4")
# LSODA at a relative tolerance of 1e-10, over infusions that start and stop.
ODE_AGREES = 1e-6


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "events.csv"
    path.write_text(TABLE, encoding="utf-8")
    return path


def values(capsys: pytest.CaptureFixture[str], *words: str) -> Any:  # noqa: ANN401 - JSON
    assert run([*words, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def one(capsys: pytest.CaptureFixture[str], *words: str) -> Any:  # noqa: ANN401 - JSON
    return values(capsys, "simulate", *words)[0]


def error(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    assert run([*words]) == 2
    return capsys.readouterr().err


def doses(found: Any) -> list[tuple[float, float, str]]:  # noqa: ANN401 - JSON
    return [(dose["at_day"], dose["grams"], dose["route"]) for dose in found["doses"]]


def by_ode(days: list[float]) -> list[float]:
    """The table's curve, from the equations of the model and the table written out by hand.

    Tortorici 2021: CL 0.435·(WT/70)^0.75, Vc 4.69·(WT/70)^1.0 and so on are read from the file of the model, whose
    figures a spec test holds; the system, its inputs and the step of the weight are made here.
    """
    from ivigil.knowledge import load  # noqa: PLC0415 - the file of the model alone would do, this reads it checked

    held = {str(each.name): each for each in load().kinetics.models["tortorici-2021"].parameters}
    inputs = [
        (0.0, 82.0, 5 / 24, "IV"),
        (21.0, 82.0, 5 / 24, "IV"),
        (42.0, 60.0, 5 / 24, "IV"),
        (63.0, 20.0, 1 / 24, "SC"),
    ]

    def at(name: str, weight: float) -> float:
        value = float(held[name].value)
        for effect in held[name].covariates:
            value *= (weight / float(effect.reference or 0)) ** float(effect.exponent or 0)
        return value

    def slope(_: float, grams: np.ndarray[Any, Any], weight: float, iv: float, sc: float) -> list[float]:
        depot, central, far = grams
        leaving, across = at("CL", weight) / at("Vc", weight), at("Q", weight)
        out, back = across / at("Vc", weight) * central, across / at("Vp", weight) * far
        taken = at("ka", weight) * depot
        return [at("F_sc", weight) * sc - taken, iv + taken - leaving * central - out + back, out - back]

    edges = sorted({0.0, 40.0, *days, *(day for day, *_ in inputs), *(day + runs for day, _, runs, _ in inputs)})
    state, found = np.zeros(3), {}
    for low, high in pairwise([*edges, edges[-1] + 1]):
        weight = 82.0 if low < 40 else 60.0
        found[low] = state[1] / at("Vc", weight)
        if high - low < 1e-9:  # the same moment, rounded in two ways
            continue
        rates = {
            route: math.fsum(g / runs for day, g, runs, by in inputs if by == route and day <= low < day + runs)
            for route in ("IV", "SC")
        }
        arguments = (weight, rates["IV"], rates["SC"])
        solved = solve_ivp(slope, (low, high), state, "LSODA", args=arguments, rtol=1e-10, atol=1e-12)
        state = solved.y[:, -1]
    return [found[day] for day in days]


def test_covariates_of_a_table_change_the_curve_as_the_equations_say(
    table: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = one(capsys, *MODEL, "--events", str(table), "--until", "90")
    curve = dict(zip(found["day"], found["given_g_per_l"], strict=True))
    days = sorted(day for day in curve if day >= 0)[1::3]
    expected = by_ode(days)
    assert [curve[day] for day in days] == pytest.approx(expected, rel=ODE_AGREES, abs=ODE_AGREES)
    steady = table.with_name("steady.csv")
    steady.write_text(TABLE.replace("a,40,.,.,.,2,.,60,.\n", ""), encoding="utf-8")
    other = one(capsys, *MODEL, "--events", str(steady), "--until", "90")
    assert other["intervals"][0] == pytest.approx(found["intervals"][0])
    assert other["intervals"][-1]["trough"] != pytest.approx(found["intervals"][-1]["trough"])


def test_a_table_is_written_that_reads_back_to_the_same_person(
    table: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out.csv"
    found = one(capsys, *MODEL, "--events", str(table), "--events-out", str(out))
    (read,), (written,) = (read_events(path.read_bytes(), path.name).subjects for path in (table, out))
    assert (written.course, written.levels) == (read.course, read.levels)
    assert written.covariates == read.covariates
    assert one(capsys, *MODEL, "--events", str(out)) == found


def test_options_and_the_table_they_write_are_the_same_course(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out.csv"
    said = one(capsys, *PERSON, *REGULAR, "--miss", "2", "--shift", "3:2.5", "--until", "90", "--events-out", str(out))
    read = one(capsys, *PERSON[:4], "--events", str(out), "--until", "90")
    assert {**read, "outside": None} == {**said, "outside": None}
    subject: Subject = read_events(out.read_bytes(), out.name).subjects[0]
    assert subject.covariates.at(0).weight_kg == 82


def test_doses_keep_the_numbers_they_were_planned_with(capsys: pytest.CaptureFixture[str]) -> None:
    moved = one(capsys, *PERSON, *REGULAR, "--shift", "1:30", "--shift", "2:1", "--miss", "3")
    assert doses(moved) == [(22, 80, "intravenous"), (30, 80, "intravenous"), (63, 80, "intravenous")]


def test_a_switch_changes_route_dose_and_interval_from_its_day(capsys: pytest.CaptureFixture[str]) -> None:
    switch = ("--switch-day", "42", "--switch-dose", "20", "--switch-every", "7", "--switch-count", "2")
    found = one(capsys, *PERSON, *REGULAR, *switch, "--switch-route", "subcutaneous")
    assert doses(found) == [
        *((0, 80, "intravenous"), (21, 80, "intravenous")),
        *((42, 20, "subcutaneous"), (49, 20, "subcutaneous")),
    ]
    assert found["intervals"][-1]["to_day"] == 56
    same = one(capsys, *PERSON, *REGULAR, "--route", "subcutaneous", *switch)
    assert {route for _, _, route in doses(same)} == {"subcutaneous"}


def test_concentration_and_rate_say_how_long_each_dose_runs(capsys: pytest.CaptureFixture[str]) -> None:
    words = (*PERSON, *REGULAR, "--loading", "40", "--rate", "200")
    found = one(capsys, *words, "--concentration", "100")
    assert [dose["hours"] for dose in found["doses"]] == pytest.approx([2.0, 4.0, 4.0, 4.0, 4.0])
    thin = one(capsys, *words, "--concentration", "50")
    assert [dose["hours"] for dose in thin["doses"]] == pytest.approx([4.0, 8.0, 8.0, 8.0, 8.0])
    assert thin["intervals"][-1]["highest"] < found["intervals"][-1]["highest"]


def test_each_target_is_judged_on_the_last_interval(capsys: pytest.CaptureFixture[str]) -> None:
    words = (*PERSON, *REGULAR, "--trough", "12", "--rise", "1", "--exposure", "1000")
    without, own = one(capsys, *words), one(capsys, *words, "--own", "10")
    assert [each["reached"] for each in without["wanted"]] == [None, True, False]
    assert [each["reached"] for each in own["wanted"]] == [True, True, False]
    last = own["intervals"][-1]
    assert [each["found"] for each in own["wanted"]] == [last["trough_of_all"], last["trough"], last["area"]]


def test_the_share_of_people_that_reach_each_target(capsys: pytest.CaptureFixture[str]) -> None:
    words = ("simulate", *PERSON, *REGULAR, "--own", "10", "--population", "400", "--rise")
    few, many = (values(capsys, *words, rise, "--trough", "10", "--exposure", "100") for rise in ("3", "0.1"))
    shares = {each["target"]["quantity"]: each["share"] for each in few["reached"]}
    assert shares["trough"] == 1
    assert 0 < shares["rise"] < 1
    assert 0 < shares["area above baseline"] <= 1
    assert next(each["share"] for each in many["reached"] if each["target"]["quantity"] == "rise") > shares["rise"]


def test_a_population_follows_the_covariates_of_a_table(table: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ("simulate", *MODEL, "--own", "10", "--population", "600", "--until", "84", "--rise", "1")
    found = values(capsys, *words, "--events", str(table))
    typical = one(capsys, *MODEL, "--own", "10", "--events", str(table), "--until", "84")["intervals"][-1]
    assert found["quantiles"]["rise"][2] == pytest.approx(typical["trough"], rel=0.1)
    assert found["quantiles"]["area"][2] == pytest.approx(typical["area"], rel=0.1)
    assert values(capsys, *words, "--events", str(table), "--workers", "2") == found
    assert "--weight-cv" in error(capsys, *words, "--events", str(table), "--weight-cv", "20")


def test_levels_of_a_table_are_learnt_from_as_from_their_own_file(
    table: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    plan = ("--vials", "20,30", "--intervals", "7", "--from-day", "77", "--exposure", "25", "--rise", "3")
    words = ("individualise", *MODEL, *plan, "--draws", "300")
    found = values(capsys, *words, "--events", str(table))
    alone, levels = tmp_path / "alone.csv", tmp_path / "levels.csv"
    kept = [line for line in TABLE.splitlines() if ",0,1" not in line or ",IV," in line or ",SC," in line]
    alone.write_text("\n".join(kept).replace("a,0,82,5,IV,1,.,82,.", "a,0,82,5,IV,1,.,82,50") + "\n", encoding="utf-8")
    levels.write_text("day,igg [g/L]\n-7,10.2\n62.9,12.5\n", encoding="utf-8")
    assert values(capsys, *words[:1], str(levels), *words[1:], "--events", str(alone)) == found
    chances = [each["candidates"][0]["probability"] for each in found["doses"]]
    assert [each["target"]["quantity"] for each in found["doses"]] == ["rise", "area above baseline"]
    assert all(0 <= chance <= 1 for chance in chances)


@pytest.mark.parametrize(
    ("words", "parts"),
    [
        (("--shift", "x", "--shift", "9:1", "--miss", "7,1.5"), ("--shift", "dose 9", "dose 7", "--miss")),
        (("--shift", "2:1", "--shift", "2:2", "--miss", "2"), ("dose 2 twice", "dose 2 in both")),
        (("--concentration", "100"), ("--concentration, --rate",)),
        (("--concentration", "0", "--rate", "x", "--hours", "2"), ("--concentration", "--rate", "--hours")),
        (("--switch-dose", "20", "--switch-route", "subcutaneous"), ("--switch-day, --switch-every, --switch-count",)),
        (("--hours", "1000"), ("days beside dose 1",)),
        (("--until", "-3"), ("--until",)),
        (("--svg", "/no/such/folder/c.svg"), ("c.svg", "c.narrow.svg")),
    ],
)
def test_what_a_course_cannot_be_is_told_at_once(
    words: tuple[str, ...], parts: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    said = error(capsys, "simulate", *PERSON, *REGULAR, *words)
    for part in parts:
        assert part in said
    assert all(said.count(f"\n  {line}") == 1 for line in said.split("\n  ")[1:])


def test_a_table_says_all_and_options_beside_it_are_refused(table: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ("--events", str(table), "--weight", "70", "--dose", "5", "--miss", "1", "--shift", "1:1")
    said = error(capsys, "simulate", *MODEL, *words)
    for part in ("--dose", "--miss", "--shift"):
        assert part in said
    assert "--weight" in error(capsys, "simulate", *MODEL, "--events", str(table), "--weight", "70")


def test_what_nobody_has_in_a_table_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "slips.csv"
    path.write_text(TABLE.replace("10.2,82,50", "1020,820,500"), encoding="utf-8")
    said = error(capsys, "simulate", *MODEL, "--events", str(path))
    for part in ("weight_kg", "age_years", "level"):
        assert part in said


@pytest.mark.parametrize("words", [("simulate", "--model", "competition-70kg"), ("mechanism",)])
def test_a_weight_that_changes_is_no_question_for_a_model_that_holds_it(
    words: tuple[str, ...], table: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "--events" in error(capsys, *words, "--events", str(table))


def test_levels_are_asked_for_once(table: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "LEVELS.csv" in error(capsys, "individualise", *PERSON, *REGULAR)
    levels = tmp_path / "levels.csv"
    levels.write_text("day,igg [g/L]\n0,8.0\n", encoding="utf-8")
    assert "one of them" in error(capsys, "individualise", str(levels), *MODEL, "--events", str(table))


# How people differ, and what else acts


def test_parameters_that_go_together_narrow_or_widen_a_population(capsys: pytest.CaptureFixture[str]) -> None:
    words = ("simulate", *PERSON, *REGULAR, "--own", "10", "--population", "1500")
    apart, together = (values(capsys, *words, "--correlation", f"CL,Vc:{one}") for one in ("-0.9", "0.9"))
    low, *_, high = apart["quantiles"]["rise"]
    less, *_, more = together["quantiles"]["rise"]
    assert high - low > more - less
    alike = values(capsys, *words, "--cv", "CL:0", "--cv", "Vc:0")
    assert len({round(one, 9) for one in alike["quantiles"]["rise"]}) == 1


def test_an_inhibitor_lowers_own_and_given_igg(capsys: pytest.CaptureFixture[str]) -> None:
    words = ("--model", "competition-70kg", "--weight", "70", "--own", "10", *REGULAR)
    plain, held = one(capsys, *words), one(capsys, *words, "--occupied", "7:0.8")
    assert held["intervals"][-1]["trough"] < plain["intervals"][-1]["trough"]
    assert held["intervals"][-1]["own"] < plain["intervals"][-1]["own"]
    before = [place for place, day in enumerate(plain["day"]) if day <= 7]
    assert [held["given_g_per_l"][place] for place in before] == pytest.approx(
        [plain["given_g_per_l"][place] for place in before]
    )


@pytest.mark.parametrize(
    ("words", "parts"),
    [
        (("--population", "10", "--cv", "CL", "--correlation", "CL:0.5", "--seed", "x"), ("--cv", "--corr", "--seed")),
        (("--population", "10", "--cv", "nothing:20"), ("nothing",)),
        (("--population", "10", "--correlation", "CL,Vc:1"), ("--correlation",)),
        (
            ("--cv", "CL:20", "--weight-cv", "20", "--parquet", "p.pq"),
            ("for --cv", "for --weight-cv", "for --parq"),
        ),
        (("--occupied", "7"), ("--occupied",)),
        (("--occupied", "7:1.5"), ("--occupied",)),
        (("--occupied", "7:0.5"), ("recycling",)),
    ],
)
def test_spread_that_cannot_be_is_told(
    words: tuple[str, ...], parts: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    said = error(capsys, "simulate", *PERSON, *REGULAR, *words)
    for part in parts:
        assert part in said
