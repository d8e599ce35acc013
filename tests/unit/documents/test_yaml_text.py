"""YAML is read by version 1.2 and strictly: what looks like text stays text, and everything else is refused."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivigil.documents import BadInput, Place, parse_yaml
from ivigil.documents.yaml_text import _DEEPEST, _MOST_DIGITS


def value_of(text: str) -> object:
    return parse_yaml(text.encode(), "file.yaml")[0]


def faults_of(content: str | bytes) -> list[str]:
    with pytest.raises(BadInput) as raised:
        parse_yaml(content.encode() if isinstance(content, str) else content, "file.yaml")
    return [str(fault) for fault in raised.value.faults]


@pytest.mark.parametrize(
    "text",
    [
        "NO",
        "no",
        "yes",
        "on",
        "Off",
        "y",
        "True",
        "TRUE",
        "False",
        "Null",
        "NULL",
        "12:30",
        "0123",
        "-01",
        "0o14",
        "0x1F",
        "0b1",
        "1_000",
        ".5",
        "5.",
        ".inf",
        "-.INF",
        ".nan",
        "NaN",
        "1e",
        "1e1000",
        "2026-11-20",
        "2026-11-20T10:00:00Z",
        "1.2.3",
        "=",
        "١٢",
    ],
)
def test_what_other_readers_take_for_something_else_stays_text(text: str) -> None:
    assert value_of(f"key: {text}") == {"key": text}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("true", True),
        ("false", False),
        ("null", None),
        ("~", None),
        ("", None),
        ("0", 0),
        ("-17", -17),
        ("+5", 5),
        ("2.50", Decimal("2.50")),
        ("1e3", Decimal(1000)),
        ("-1.5E-3", Decimal("-0.0015")),
        ("0.1234567890123456789012345678901", Decimal("0.1234567890123456789012345678901")),
    ],
)
def test_plain_truths_nulls_and_numbers(text: str, expected: object) -> None:
    found = value_of(f"key: {text}")
    assert found == {"key": expected}
    assert isinstance(found, dict)
    assert type(found["key"]) is type(expected)


@pytest.mark.parametrize("text", ["true", "5", "2.5", "null", "", "~"])
def test_quotes_make_text(text: str) -> None:
    assert value_of(f"key: '{text}'") == {"key": text}
    assert value_of(f'key: "{text}"') == {"key": text}


def test_keys_are_text() -> None:
    assert value_of("1: a\ntrue: b\n'': c\nno: d\n") == {"1": "a", "true": "b", "": "c", "no": "d"}


def test_a_byte_order_mark_is_no_part_of_the_text() -> None:
    assert value_of("\ufeffkey: 1") == {"key": 1}


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("a: 1\nb: 2\na: 3", "file.yaml, line 3: found the key 'a' a second time"),
        ("1: a\n'1': b", "file.yaml, line 2: found the key '1' a second time"),
        ("a: {b: 1, b: 2}", "file.yaml, line 1: found the key 'b' a second time"),
        ("a: &x 5", "file.yaml, line 1: found the anchor &x"),
        ("a: &x [1]", "file.yaml, line 1: found the anchor &x"),
        ("&x a: 5", "file.yaml, line 1: found the anchor &x"),
        ("a: *x", "file.yaml, line 1: found the alias *x"),
        ("*x : 5", "file.yaml, line 1: found the alias *x"),
        ("a: !!str 5", "file.yaml, line 1: found the tag tag:yaml.org,2002:str"),
        ('a: !!int "5"', "file.yaml, line 1: found the tag tag:yaml.org,2002:int"),
        ("a: !!set {b, c}", "file.yaml, line 1: found the tag tag:yaml.org,2002:set"),
        ("a: !!omap [b: 1]", "file.yaml, line 1: found the tag tag:yaml.org,2002:omap"),
        ("a: ! 5", "file.yaml, line 1: found the tag !"),
        ("!!str a: 5", "file.yaml, line 1: found the tag tag:yaml.org,2002:str"),
        ("a: !!python/object/apply:os.system [ls]", "file.yaml, line 1: found the tag"),
        ("a:\n  <<: {b: 1}", "file.yaml, line 2: found the merge key <<"),
        ("? [a]\n: 1", "file.yaml, line 1: found a list or mapping as key"),
        ("? {a: 1}\n: 1", "file.yaml, line 1: found a list or mapping as key"),
        ("a: 1\n---\nb: 2", "file.yaml, line 2: found a second document"),
        ("a:\n\tb: 1", "file.yaml, line 2, column 1: found character '\\t'"),
        ("a: [1, 2", "file.yaml, line 1, column 9"),
        ("a: b: c", "file.yaml, line 1, column 5"),
        ('a: "\\ud800"', "file.yaml, line 1: found half of a surrogate pair"),
        ('"\\ud800": a', "file.yaml, line 1: found half of a surrogate pair"),
        ("", "file.yaml: found an empty file"),
        ("# nothing but words\n", "file.yaml: found an empty file"),
        ("a: \x00", "file.yaml: found unacceptable character #x0000"),
        ("a: " + "9" * (_MOST_DIGITS + 1), f"file.yaml, line 1: found a number of {_MOST_DIGITS + 1} digits"),
    ],
)
def test_a_fault_says_where_and_what(text: str, fault: str) -> None:
    (found,) = faults_of(text)
    assert found.startswith(fault)


def test_a_quoted_merge_key_is_text() -> None:
    assert value_of("'<<': 1") == {"<<": 1}


def test_bytes_that_are_not_text_are_refused() -> None:
    assert faults_of(b"a: \xff\n")[0].startswith("file.yaml: found bytes that are not text (at byte 3)")
    assert faults_of("a: 1".encode("utf-16"))[0].startswith("file.yaml: found bytes that are not text (at byte 0)")


def test_every_fault_is_reported_and_a_broken_end_does_not_hide_the_others() -> None:
    found = faults_of("a: &x 1\na: 2\nb: !t 3\nc: [")
    assert [fault.split(":", 1)[0] for fault in found] == [
        "file.yaml, line 1",
        "file.yaml, line 2",
        "file.yaml, line 3",
        "file.yaml, line 4, column 5",
    ]


@pytest.mark.parametrize("bracket", ["[", "{a: ", "- "])
def test_nesting_without_end_is_refused(bracket: str) -> None:
    assert "nested too deep" in faults_of(bracket * 100_000)[0]


def test_nesting_is_allowed_to_its_limit_and_no_further() -> None:
    innermost: object = value_of("[" * _DEEPEST + "1" + "]" * _DEEPEST)
    for _ in range(_DEEPEST):
        assert isinstance(innermost, list)
        (innermost,) = innermost
    assert innermost == 1
    assert "nested too deep" in faults_of("[" * (_DEEPEST + 1) + "1" + "]" * (_DEEPEST + 1))[0]


def test_a_bomb_of_aliases_is_refused_at_once() -> None:
    lines = ["a0: &a0 [x]", *(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 30))]
    assert "the anchor &a0" in faults_of("\n".join(lines))[0]


def test_places_are_those_of_the_lines() -> None:
    _, place = parse_yaml(b"a: 1\nb:\n  - x\n  - {c: 2,\n     d: 3}\n", "file.yaml")
    assert place.lines == {
        (): 1,
        ("a",): 1,
        ("b",): 3,
        ("b", 0): 3,
        ("b", 1): 4,
        ("b", 1, "c"): 4,
        ("b", 1, "d"): 5,
    }
    assert place.of(("b", 1, "d")) == "file.yaml, line 5, b.1.d"
    assert place.of(()) == "file.yaml, line 1"


def test_a_place_that_is_missing_is_that_of_what_it_is_missing_from() -> None:
    place = Place("file.yaml", {(): 1, ("a",): 7})
    assert place.of(("a", "b", 0)) == "file.yaml, line 7, a.b.0"
    assert Place("request").of(("a",)) == "request, a"
    assert Place("request").of(()) == "request"


plain_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(st.characters(codec="utf-8", exclude_categories=["C"])),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text("abc", min_size=1), inner, max_size=4),
    max_leaves=12,
)


@given(st.lists(plain_json, max_size=3))
def test_json_is_yaml(value: object) -> None:
    assert value_of(json.dumps(value)) == value
