"""A line is read fast or strictly, and either way as strictly."""

from __future__ import annotations

import json

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ivigil.documents import BadInput, parse_json
from ivigil.populations.landing.json_lines import parse_line

# What a strict reader may see otherwise, cut into lines that are otherwise well.
PIECES = [
    b'"a":1,"a":2,',
    b'"modifierExtension":1,',
    b'"\\u006d":1,',
    b'"x":1.50,',
    b'"x":-0.0,',
    b'"x":-0,',
    b'"x":1E+5,',
    b'"x":1e5,',
    b'"x":0.0000001,',
    b'"x":18446744073709551616,',
    b'"x":1E+99999999999999999999,',
    b'"x":NaN,',
    b'"x":"\\ud800",',
    b'"x":"\\/",',
    b'"x":"\x01",',
    b'"x":"\xff",',
    b'"x":"\xed\xa0\x80",',
    '"x":"é\u2028",'.encode(),
    b'"x":' + b"1" * 4000 + b",",
    b'"x":' + b"1" * 4001 + b",",
    b'"x":0.' + b"1" * 3999 + b",",
    b'"x":' + b"[" * 300 + b"]" * 300 + b",",
    b'"x":' + b"[" * 1200 + b"]" * 1200 + b",",
    b" ",
    b"\r",
    b"\xef\xbb\xbf",
    b"}",
    b'"',
]
jsons = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=3), inner, max_size=4),
    max_leaves=12,
)
compact = jsons.map(lambda one: json.dumps({"a": one}, ensure_ascii=False, separators=(",", ":")).encode())


def read(line: bytes) -> object:
    """What a line gives, told apart to the last digit, or its fault."""
    try:
        return repr(parse_json(line, "a.ndjson, line 1"))
    except BadInput as error:
        return error.faults


def read_as_line(line: bytes) -> tuple[object, bool]:
    try:
        value, is_plain = parse_line(line, "a.ndjson, line 1")
    except BadInput as error:
        return error.faults, False
    return repr(value), is_plain


@given(compact, st.lists(st.tuples(st.sampled_from(PIECES), st.integers(0, 40)), max_size=2))
@example(b'{"a":1.0}', [])
def test_a_line_is_read_as_any_document(line: bytes, pieces: list[tuple[bytes, int]]) -> None:
    for piece, at in pieces:
        line = line[: at or 1] + piece + line[at or 1 :]
    found, is_plain = read_as_line(line)
    assert found == read(line)
    if is_plain:
        assert (b'"modifierExtension":' in line) == ("'modifierExtension':" in str(found))


@pytest.mark.parametrize("piece", PIECES)
def test_each_piece_is_read_as_any_document(piece: bytes) -> None:
    line = b"{" + piece + b'"b":[{"c":"d"}]}'
    assert read_as_line(line)[0] == read(line)


@pytest.mark.parametrize(
    ("line", "is_plain"),
    [
        (b'{"id":"a","value":59.50,"list":[1,null,true]}', True),
        ('{"words":"é"}'.encode(), True),
        (b' {"id":"a"}\r', True),
        (b'{"id": "a"}', False),
        (b'{"modifier\\u0045xtension":[]}', False),
        (b'{"value":1e2}', False),
    ],
)
def test_a_line_is_plain_where_it_stands_as_it_would_be_written(line: bytes, is_plain: bool) -> None:  # noqa: FBT001
    assert read_as_line(line)[1] is is_plain
