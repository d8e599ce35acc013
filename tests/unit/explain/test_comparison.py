"""Several rule sets side by side: every one has its column, nothing is settled, pages stay self-contained."""

from __future__ import annotations

from datetime import date

import pytest
from tests.unit.review.judged import case_of

from ivigil.explain.comparison import comparisons
from ivigil.explain.page import page
from ivigil.explain.terminal import render_comparison
from ivigil.knowledge import load
from ivigil.review import Judge

TODAY = date(2026, 11, 20)
KNOWN = load()
JUDGE = Judge(KNOWN)
SETS = sorted(KNOWN.rule_sets)
STIFF = "request: {indication: stiff-person, request_phase: initial}\n"
TWO = "request: {indication: [relapsing-remitting-ms, inclusion-body-myositis], request_phase: initial}\n"


def compared(text: str):  # noqa: ANN201 - a tuple of Comparison
    case = case_of(text)
    return comparisons(one for key in SETS for one in JUDGE.decide(case, KNOWN.rule_sets[key], TODAY))


@pytest.mark.parametrize("text", [STIFF, TWO])
def test_every_rule_set_has_a_column_and_every_line_a_cell_for_each(text: str) -> None:
    for one in compared(text):
        assert [body.split()[0] for body in one.bodies] == SETS
        assert all(len(aspect.cells) == len(SETS) for aspect in one.aspects)
        assert all(any(aspect.cells) for aspect in one.aspects)


def test_excerpts_say_so_and_the_conflict_is_shown_not_settled() -> None:
    (stiff,) = compared(STIFF)
    assert [("excerpt" in body) for body in stiff.bodies] == [
        KNOWN.rule_sets[key].head.scope == "excerpt" for key in SETS
    ]
    (difference,) = [row for row in stiff.differences if "months" in row.text]
    assert difference.tag == "not settled"
    assert len(difference.members) >= 2


@pytest.mark.parametrize(
    "indication",
    ["relapsing-remitting-ms", "inclusion-body-myositis", "pemphigus", "immune-thrombocytopenia", "stiff-person"],
)
def test_the_known_conflicts_are_held(indication: str) -> None:
    assert KNOWN.differences_on(indication)
    (one,) = compared(f"request: {{indication: {indication}}}\n")
    assert one.differences


def test_two_indications_of_one_request_are_two_comparisons() -> None:
    assert [one.subject for one in compared(TWO)] == [
        "Inclusion body myositis",
        "Relapsing–remitting multiple sclerosis",
    ]


def test_a_page_holds_every_body_and_nothing_from_outside() -> None:
    text = page([], compared=compared(STIFF))
    for key in SETS:
        assert key in text
    assert "<script" not in text
    assert "src=" not in text
    assert text == page([], compared=compared(STIFF))


def test_a_terminal_shows_a_column_for_each() -> None:
    from io import StringIO  # noqa: PLC0415

    from rich.console import Console  # noqa: PLC0415

    console = Console(file=StringIO(), width=160)
    console.print(render_comparison(compared(STIFF)[0]))
    out = console.file.getvalue()  # type: ignore[attr-defined] # a StringIO
    assert all(key in out for key in SETS)
