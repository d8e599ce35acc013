"""Reading the tables that are tests and documentation at once, and the facts they speak of."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from ivigil.criteria import Truth
from ivigil.facts import Between, Catalogue, Exactly, Extent, Fact, OneOf
from ivigil.facts.definition import Bounds, Option


def rows_of(table: str) -> list[list[str]]:
    """The cells of each row of a Markdown table, less its two lines of head."""
    return [cells_of(line) for line in table.strip().splitlines()[2:]]


def head_of(table: str) -> list[str]:
    return cells_of(table.strip().splitlines()[0])


def cells_of(line: str) -> list[str]:
    return [cell.strip().strip("`") for cell in line.strip().strip("|").split("|")]


def table_of(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A Markdown table."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def truth_named(name: str) -> Truth:
    return Truth(name)


def _number(fact: str, label: str, unit: str | None, highest: int) -> Fact:
    bounds = Bounds(Decimal(0), Decimal(highest), "none: made up for this page")
    return Fact(fact, label, "count" if unit is None else "quantity", "example", "?", unit=unit, range=bounds)


_FACTS = (
    Fact("ill", "Ill", "truth", "example", "?"),
    Fact("warned", "Warned", "truth", "example", "?"),
    Fact("has:a-disease", "A disease", "truth", "example", "?"),
    Fact(
        "treatment",
        "Treatment",
        "code",
        "example",
        "?",
        options=(Option("failed", "failed"), Option("refused", "refused"), Option("worked", "worked")),
    ),
    Fact("onset", "Onset", "date", "example", "?"),
    _number("age", "Age", "a", 120),
    _number("weight", "Weight", "kg", 300),
    _number("height", "Height", "cm", 250),
    _number("level", "Level", "g/L", 100),
    _number("cells", "Cells", "10*9/L", 2000),
    _number("waiting", "Waiting", "d", 1000),
    _number("dose", "Dose", "g/kg/d", 10),
    _number("share", "Share", "%", 100),
    _number("score", "Score", None, 10),
)
CATALOGUE = Catalogue({fact.id: fact for fact in _FACTS})

_KNOWN = re.compile(r"(?P<fact>\S+) (?P<sign>=|<|<=|>|>=|in) (?P<value>.+)")


def known_from(text: str) -> dict[str, Extent]:
    """What ``ill = true; weight < 50; treatment in failed, refused`` says of each fact; ``nothing`` says nothing."""
    if text == "nothing":
        return {}
    return dict(_extent(part.strip()) for part in text.split(";"))


def _extent(text: str) -> tuple[str, Extent]:
    match = _KNOWN.fullmatch(text)
    assert match is not None, text
    fact, sign, value = match["fact"], match["sign"], match["value"]
    if sign == "in":
        return fact, OneOf(frozenset(value.split(", ")))
    if sign != "=":
        bound, strict = Decimal(value), len(sign) == 1
        below = Between(None, bound, high_open=strict)
        return fact, below if sign[0] == "<" else Between(bound, None, low_open=strict)
    kind = CATALOGUE[fact].kind
    return fact, Exactly(value == "true" if kind == "truth" else value if kind == "code" else Decimal(value))
