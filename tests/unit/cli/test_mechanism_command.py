"""``ivigil mechanism`` as a user types it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from ivigil.cli.app import run

COURSE = ("--weight", "70", "--per-kg", "1", "--count", "2", "--until", "21")


def values(capsys: pytest.CaptureFixture[str], *words: str) -> Any:  # noqa: ANN401 - JSON
    assert run(["mechanism", *words, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def error(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    assert run(["mechanism", *words]) == 2
    return capsys.readouterr().err


def test_every_action_of_the_figure_has_a_hypothesis(capsys: pytest.CaptureFixture[str]) -> None:
    held = values(capsys, "--hypotheses")
    assert len({one["action"] for one in held}) == 6
    assert {one["ships"] for one in held} == {"on", "off"}


def test_actions_apart_never_alter_igg(capsys: pytest.CaptureFixture[str]) -> None:
    runs = values(capsys, *COURSE, "--platelets", "6", "--apart")
    assert len(runs) == 8
    levels = [one["curves"]["IgG"] for one in runs.values()]
    assert all(one == pytest.approx(levels[0]) for one in levels)
    assert max(runs["all actions together"]["curves"]["platelets"]) > max(
        runs["none of the actions"]["curves"]["platelets"]
    )


def test_a_hypothesis_can_be_switched(capsys: pytest.CaptureFixture[str]) -> None:
    shipped = values(capsys, *COURSE)["as switched"]
    off = values(capsys, *COURSE, "--off", shipped["on"][0])["as switched"]
    assert set(off["on"]) == set(shipped["on"][1:])
    on = values(capsys, *COURSE, "--on", "nk-cell-loss")["as switched"]
    assert "nk-cell-loss" in on["on"]


def test_rivals_stand_side_by_side(capsys: pytest.CaptureFixture[str]) -> None:
    assert len(values(capsys, *COURSE, "--explanations")) > 1


def test_pictures_are_written_for_both_widths(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out, page = tmp_path / "m.svg", tmp_path / "m.html"
    values(capsys, *COURSE, "--grip", "10", "--svg", str(out), "--html", str(page))
    assert out.is_file()
    assert (tmp_path / "m.narrow.svg").is_file()
    assert "<script" not in page.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("words", "parts"),
    [
        (("--dose", "-1", "--weight", "700", "--platelets", "0"), ("--dose", "--weight", "--platelets")),
        (("--per-kg", "1"), ("--weight",)),
        ((), ("--dose, --per-kg",)),
        (("--dose", "70", "--on", "no-such"), ("no-such",)),
        (("--dose", "70", "--apart", "--explanations"), ("--apart, --explanations",)),
        (("--dose", "70", "--apart", "--off", "nk-cell-loss"), ("--on, --off",)),
    ],
)
def test_every_fault_is_told_at_once(
    words: tuple[str, ...], parts: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    said = error(capsys, *words)
    for part in parts:
        assert part in said
