"""The answer on a terminal and as a picture of one."""

from __future__ import annotations

import re
from dataclasses import replace
from io import StringIO
from xml.etree import ElementTree as ET

import pytest
from rich.console import Console
from tests.unit.explain.shown import SCRIPT, decisions

from ivigil.explain.answer import answer
from ivigil.explain.layout import Answer, Row, Section
from ivigil.explain.terminal import render, terminal_svg

DECISIONS = decisions()
ANSWERS = {name: answer(decision) for name, decision in DECISIONS.items()}
WIDTHS = [60, 80, 100]


def printed(shown: Answer, width: int, *, everything: bool = False) -> str:
    console = Console(width=width, file=StringIO(), highlight=False, force_terminal=False)
    console.print(render(shown, everything=everything))
    file = console.file
    assert isinstance(file, StringIO)
    return file.getvalue()


def squeezed(text: str) -> str:
    """``text`` without line breaks, frames and spaces, so that wrapping does not matter."""
    return re.sub(r"[\s│╭╮╰╯─]", "", text)


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", sorted(ANSWERS))
def test_verdict_criteria_and_questions_are_shown(name: str, width: int) -> None:
    shown = ANSWERS[name]
    text = printed(shown, width)
    assert max(len(line) for line in text.splitlines()) <= width
    assert squeezed(shown.verdict_words.upper()) in squeezed(text)
    assert squeezed(shown.reason) in squeezed(text)
    for section in shown.sections:
        if not section.folded:
            assert section.title in text
    for title in ("Criteria", "Missing, the most decisive first"):
        for row in next((section.rows for section in shown.sections if section.title == title), ()):
            first = row.text.split()[0]
            assert first in text
            assert row.tag
            assert row.tag in text


@pytest.mark.parametrize("width", WIDTHS)
def test_folded_sections_show_with_all(width: int) -> None:
    shown = ANSWERS["supported"]
    assert "shown with --all" in squeezed(printed(shown, width)).replace("shownwith--all", "shown with --all")
    whole = printed(shown, width, everything=True)
    assert "\nSources\n" in re.sub(r" +\n", "\n", whole)
    assert "shown with" not in whole


def test_a_narrow_terminal_does_not_crash() -> None:
    for width in (10, 20, 30):
        assert "SUPPORTED" in squeezed(printed(ANSWERS["supported"], width)) or width < 20


def test_a_record_cannot_steer_the_terminal_or_its_markup() -> None:
    hostile = "\x1b[2J[bold red]x[/bold red]\x07\r"
    row = Row(hostile, None, (hostile,), (Row(hostile),))
    shown = Answer("supported", "supported", hostile, hostile, hostile, (Section("Criteria", (row,)),), (hostile,))
    text = printed(shown, 100)
    assert not set(text) & {"\x1b", "\x07", "\r"}
    assert "[bold red]x[/bold red]" in text


def test_a_script_is_only_text() -> None:
    assert squeezed(SCRIPT) in squeezed(printed(ANSWERS["panel-review"], 100))


@pytest.mark.parametrize("name", sorted(ANSWERS))
def test_the_picture_is_whole_and_loads_nothing(name: str) -> None:
    text = terminal_svg(ANSWERS[name], "ivigil review")
    root = ET.fromstring(text)  # noqa: S314 - made here
    tags = {element.tag.rpartition("}")[2] for element in root.iter()}
    assert not tags & {"script", "image", "a", "foreignObject", "use"}
    assert "@import" not in text
    assert "@font-face" not in text
    assert "url(" not in re.sub(r"url\(#[^)]*\)", "", text)
    assert re.findall(r"https?://[^\"' )]+", text) == ["http://www.w3.org/2000/svg"]
    assert not [name for element in root.iter() for name in element.attrib if name.rpartition("}")[2] == "href"]
    words = squeezed("".join(root.itertext())).replace("\xa0", "")
    assert squeezed(ANSWERS[name].verdict_words.upper()) in words


def test_the_picture_is_the_same_again() -> None:
    shown = ANSWERS["supported"]
    assert terminal_svg(shown, "a title") == terminal_svg(replace(shown), "a title")
