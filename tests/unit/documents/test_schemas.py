"""A document is checked against its type, and each fault names the file, the line and the field."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import ClassVar, Literal

import jsonschema
import pytest

from ivigil.documents import BadInput, parse_yaml
from ivigil.documents.schemas import check, json_schema


@dataclass(frozen=True)
class Part:
    id: str
    weight: Decimal | None = None

    __pydantic_config__: ClassVar[dict[str, str]] = {"extra": "forbid"}


@dataclass(frozen=True)
class Whole:
    name: str
    kind: Literal["large", "small"]
    count: int
    since: date | None = None
    sure: bool = False
    means: bool | str | None = None
    parts: tuple[Part, ...] = ()
    notes: dict[str, str] | None = None

    __pydantic_config__: ClassVar[dict[str, str]] = {"extra": "forbid"}


GOOD = """
name: oak
kind: large
count: 3
since: 2026-11-20
sure: true
means: yes
parts:
  - {id: a, weight: 2.50}
  - {id: b}
notes: {first: NO}
"""


NO_SUCH_MONTH = "a valid date in the format YYYY-MM-DD, month value is outside expected range of 1-12"


def read(text: str) -> Whole:
    return check(Whole, *parse_yaml(text.encode(), "whole.yaml"))


def faults_of(text: str) -> list[str]:
    with pytest.raises(BadInput) as raised:
        read(text)
    return [f"{fault.where}: {fault.found}; {fault.expected}" for fault in raised.value.faults]


def test_a_good_document_becomes_a_record() -> None:
    assert read(GOOD) == Whole(
        name="oak",
        kind="large",
        count=3,
        since=date(2026, 11, 20),
        sure=True,
        means="yes",
        parts=(Part("a", Decimal("2.50")), Part("b")),
        notes={"first": "NO"},
    )


def test_decimals_keep_their_digits() -> None:
    digits = "0.12345678901234567890123456789"
    found = read(GOOD.replace("2.50", digits)).parts[0].weight
    assert str(found) == digits


def test_every_fault_is_listed_with_file_line_and_field() -> None:
    bad = """
name: 5
kind: huge
count: 3.0
since: 2026-13-01
sure: yes
means: [1]
parts:
  - {weight: heavy}
  - {id: b, wieght: 2}
  - c
notes: {first: 1}
colour: red
"""
    assert faults_of(bad) == [
        "whole.yaml, line 2, name: 5; text",
        "whole.yaml, line 3, kind: \"huge\"; 'large' or 'small'",
        "whole.yaml, line 4, count: 3.0; a whole number",
        f'whole.yaml, line 5, since: "2026-13-01"; {NO_SUCH_MONTH}',
        'whole.yaml, line 6, sure: "yes"; true or false',
        "whole.yaml, line 7, means: [1]; true or false or text",
        "whole.yaml, line 9, parts.0: no 'id'; this field",
        'whole.yaml, line 9, parts.0.weight: "heavy"; a number',
        "whole.yaml, line 10, parts.1.wieght: the field 'wieght'; only the fields of the schema",
        'whole.yaml, line 11, parts.2: "c"; keys with values',
        "whole.yaml, line 12, notes.first: 1; text",
        "whole.yaml, line 13, colour: the field 'colour'; only the fields of the schema",
    ]


@pytest.mark.parametrize("text", ["- a", "5", "text", "null"])
def test_a_document_that_is_no_mapping_is_one_fault(text: str) -> None:
    (fault,) = faults_of(text)
    assert fault.startswith("whole.yaml, line 1: ")
    assert fault.endswith("keys with values")


@pytest.mark.parametrize("weight", ["true", "[1]", ".inf", "NaN", "12:30", "five", "0x1F"])
def test_what_is_no_number_is_refused_where_one_is_expected(weight: str) -> None:
    (fault,) = faults_of(GOOD.replace("2.50", weight))
    assert "whole.yaml, line 9, parts.0.weight" in fault
    assert "number" in fault


@pytest.mark.parametrize("count", ["'3'", "3.5", "1e3", "true", "0o14"])
def test_what_is_no_whole_number_is_refused_where_one_is_expected(count: str) -> None:
    (fault,) = faults_of(GOOD.replace("count: 3", f"count: {count}"))
    assert "whole.yaml, line 4, count" in fault


def test_a_long_value_is_cut_short() -> None:
    (fault,) = faults_of(GOOD.replace("kind: large", f"kind: {'x' * 500}"))
    assert len(fault) < 150


def test_the_json_schema_accepts_what_the_check_accepts_and_refuses_an_unknown_field() -> None:
    schema = json_schema(Whole, "a whole")
    assert schema["title"] == "a whole"
    checker = jsonschema.Draft202012Validator(schema)
    checker.check_schema(schema)
    good = {"name": "oak", "kind": "large", "count": 3, "parts": [{"id": "a", "weight": "2.5"}]}
    assert checker.is_valid(good)
    assert not checker.is_valid({**good, "colour": "red"})
    assert not checker.is_valid({"name": "oak"})
