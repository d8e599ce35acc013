"""JSON is read strictly: what a lenient reader would guess at is refused."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivigil.documents import BadInput, parse_json
from ivigil.documents.json_text import _MOST_DIGITS


@pytest.mark.parametrize(
    ("content", "place_and_found"),
    [
        (b"", "a.json, line 1, column 1: found an empty file"),
        (b" \n ", "found an empty file"),
        (b"{'a': 1}", "a.json, line 1, column 2: found text that is not JSON"),
        (b'{"a": 1,\n "b": 2,}', "a.json, line 2"),
        (b'{"a": 1} {"b": 2}', "a.json, line 1, column 10: found text that is not JSON (extra data)"),
        (b'{"b": 0, "b": 1, "a": 1, "a": 2}', "a.json: found the key 'a' twice in one object"),
        (b'[{"x": {"k": 1, "k": 1}}]', "a.json: found the key 'k' twice in one object"),
        (b"[NaN]", "a.json: found the value NaN, which is not JSON"),
        (b"Infinity", "a.json: found the value Infinity"),
        (b"-Infinity", "a.json: found the value -Infinity"),
        (b'"\xff"', "a.json: found bytes that are not text (at byte 1)"),
        (b'"\xed\xa0\x80"', "a.json: found bytes that are not text (at byte 1)"),
        ('{"a": 1}'.encode("utf-16"), "a.json: found bytes that are not text (at byte 0)"),
        (rb'{"a": "\ud800"}', "a.json: found half of a surrogate pair"),
        (rb'{"\uDC00": 1}', "a.json: found half of a surrogate pair"),
        (b"[" * 100_000, "a.json: found objects nested too deep"),
        (b'{"a":' * 100_000, "a.json: found objects nested too deep"),
        (b"9" * (_MOST_DIGITS + 1), f"a.json: found a number of {_MOST_DIGITS + 1} digits"),
        (b"0." + b"9" * _MOST_DIGITS, f"a.json: found a number of {_MOST_DIGITS + 2} digits"),
        (b"1e99999999999999999999", "a.json: found the number 1e99999999999999999999, whose exponent is too large"),
        (b"01", "a.json, line 1, column 2: found text that is not JSON"),
        (b'"tab\tinside"', "a.json, line 1"),
    ],
)
def test_refused(content: bytes, place_and_found: str) -> None:
    with pytest.raises(BadInput) as raised:
        parse_json(content, "a.json")
    (fault,) = raised.value.faults
    assert place_and_found in str(fault)


def test_a_byte_order_mark_is_no_part_of_the_text() -> None:
    assert parse_json(b"\xef\xbb\xbf[1]", "a.json") == [1]


def test_a_whole_surrogate_pair_is_a_character() -> None:
    assert parse_json(rb'"\ud83d\ude00"', "a.json") == "\N{GRINNING FACE}"


def test_an_escaped_backslash_before_ud_is_no_surrogate() -> None:
    assert parse_json(rb'"\\ud800"', "a.json") == r"\ud800"


@pytest.mark.parametrize("digits", ["0.1", "2.50", "1E-7", "0.12345678901234567890123456789012345"])
def test_numbers_with_a_point_keep_every_digit(digits: str) -> None:
    found = parse_json(digits.encode(), "a.json")
    assert isinstance(found, Decimal)
    assert str(found) == digits


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(st.characters(codec="utf-8")),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text("abc"), inner, max_size=4),
    max_leaves=12,
)


@given(values, st.booleans())
def test_what_json_wrote_is_read_back(value: object, ascii_only: bool) -> None:  # noqa: FBT001 - drawn
    assert parse_json(json.dumps(value, ensure_ascii=ascii_only).encode(), "a.json") == value
