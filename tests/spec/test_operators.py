"""The truth tables of the operators."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from tests.spec.tables import CATALOGUE, head_of, rows_of, truth_named

from ivigil.criteria import Truth, conjunction, disjunction, negation, parse_rule, restricted
from ivigil.criteria.truth import exclusive, implication

NOT = """
| a              | not a          |
|----------------|----------------|
| met            | not met        |
| not met        | met            |
| unknown        | unknown        |
| not applicable | not applicable |
"""

AND = """
| and            | met     | not met | unknown | not applicable |
|----------------|---------|---------|---------|----------------|
| met            | met     | not met | unknown | met            |
| not met        | not met | not met | not met | not met        |
| unknown        | unknown | not met | unknown | unknown        |
| not applicable | met     | not met | unknown | not applicable |
"""

OR = """
| or             | met | not met | unknown | not applicable |
|----------------|-----|---------|---------|----------------|
| met            | met | met     | met     | met            |
| not met        | met | not met | unknown | not met        |
| unknown        | met | unknown | unknown | unknown        |
| not applicable | met | not met | unknown | not applicable |
"""

XOR = """
| xor     | met     | not met | unknown |
|---------|---------|---------|---------|
| met     | not met | met     | unknown |
| not met | met     | not met | unknown |
| unknown | unknown | unknown | unknown |
"""

IMPLIES = """
| implies | met | not met | unknown |
|---------|-----|---------|---------|
| met     | met | not met | unknown |
| not met | met | met     | met     |
| unknown | met | unknown | unknown |
"""

APPLIES_WHEN = """
| applies when | met            | not met        | unknown        | not applicable |
|--------------|----------------|----------------|----------------|----------------|
| met          | met            | not met        | unknown        | not applicable |
| not met      | not applicable | not applicable | not applicable | not applicable |
| unknown      | unknown        | unknown        | unknown        | not applicable |
"""

PRECEDENCE = """
| written                               | is read as                              |
|---------------------------------------|-----------------------------------------|
| `not ill and warned`                  | `(not ill) and warned`                  |
| `ill or warned and has:a-disease`     | `ill or (warned and has:a-disease)`     |
| `ill xor warned or has:a-disease`     | `(ill xor warned) or has:a-disease`     |
| `ill or warned implies has:a-disease` | `(ill or warned) implies has:a-disease` |
| `ill implies warned implies ill`      | `(ill implies warned) implies ill`      |
| `ill and score > 3 or warned`         | `(ill and (score > 3)) or warned`       |
| `score between 1 and 3 and ill`       | `(score between 1 and 3) and ill`       |
| `not not ill`                         | `not (not ill)`                         |
"""

BINARY: list[tuple[str, Callable[[Truth, Truth], Truth]]] = [
    (AND, lambda one, other: conjunction([one, other])),
    (OR, lambda one, other: disjunction([one, other])),
    (XOR, exclusive),
    (IMPLIES, implication),
    (APPLIES_WHEN, restricted),
]


@pytest.mark.parametrize(("table", "operator"), BINARY, ids=[head_of(table)[0] for table, _ in BINARY])
def test_binary_operators(table: str, operator: Callable[[Truth, Truth], Truth]) -> None:
    others = [truth_named(name) for name in head_of(table)[1:]]
    for name, *expected in rows_of(table):
        assert [operator(truth_named(name), other).value for other in others] == expected


@pytest.mark.parametrize("table", [AND, OR, XOR, IMPLIES])
def test_a_table_is_complete(table: str) -> None:
    assert [row[0] for row in rows_of(table)] == head_of(table)[1:]
    assert set(head_of(table)[1:]) >= {"met", "not met", "unknown"}


def test_not() -> None:
    for name, negated in rows_of(NOT):
        assert negation(truth_named(name)).value == negated
    assert len(rows_of(NOT)) == len(Truth)


@pytest.mark.parametrize(("rule", "bracketed"), rows_of(PRECEDENCE))
def test_precedence(rule: str, bracketed: str) -> None:
    assert parse_rule(rule, CATALOGUE) == parse_rule(bracketed, CATALOGUE)
