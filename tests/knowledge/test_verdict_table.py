"""The verdict table says what the project set itself: complete, disjoint, row by row."""

from __future__ import annotations

from itertools import product

import pytest

from ivigil.criteria import Truth, evaluate
from ivigil.facts import Exactly
from ivigil.knowledge import Library, load
from ivigil.knowledge.columns import COLUMNS

VALUES = {name: fact.option_ids() for name, fact in COLUMNS.facts.items()}


@pytest.fixture(scope="module")
def library() -> Library:
    return load()


def expected(asked: str, scope: str, standing: str, qualifying: str, phase: str, response: str) -> str:
    """The verdict, written anew from the words of the table."""
    if asked == "nothing":
        return "needs-information"
    fixed = {
        "not-recommended": "not-supported",
        "harmful": "avoid",
        "outside-rule-set": "out-of-scope",
        "unlisted": "panel-review",
    }
    if standing in fixed:
        return fixed[standing]
    if scope == "excerpt":
        return "panel-review"
    if phase == "continuing":
        return "supported" if response == "adequate" else "not-supported"
    return "not-supported" if qualifying == "not-met" else "supported"


def test_exactly_one_row_holds_everywhere_and_says_the_right_verdict(library: Library) -> None:
    combinations = list(product(*VALUES.values()))
    assert len(combinations) == 2 * 2 * 7 * 4 * 2 * 2
    for values in combinations:
        given = {name: Exactly(value) for name, value in zip(VALUES, values, strict=True)}
        holding = [
            row for row in library.verdicts.rows if evaluate(library.column_trees[row.when], given).truth is Truth.MET
        ]
        assert [row.verdict for row in holding] == [expected(*values)], given


def test_every_row_is_needed(library: Library) -> None:
    used = set()
    for values in product(*VALUES.values()):
        given = {name: Exactly(value) for name, value in zip(VALUES, values, strict=True)}
        used |= {
            row.id
            for row in library.verdicts.rows
            if evaluate(library.column_trees[row.when], given).truth is Truth.MET
        }
    assert used == {row.id for row in library.verdicts.rows}


def test_an_excerpt_never_supports(library: Library) -> None:
    supporting = [library.column_trees[row.when] for row in library.verdicts.rows if row.verdict == "supported"]
    for values in product(*VALUES.values()):
        given = {name: Exactly(value) for name, value in zip(VALUES, values, strict=True)}
        given["scope"] = Exactly("excerpt")
        assert {evaluate(tree, given).truth for tree in supporting} == {Truth.NOT_MET}


def test_limited_evidence_is_told_apart_from_first_line(library: Library) -> None:
    rows = {row.id: row for row in library.verdicts.rows}
    assert "limited" in rows["limited-qualified"].reason
    assert rows["limited-qualified"].verdict == rows["first-line-qualified"].verdict == "supported"
