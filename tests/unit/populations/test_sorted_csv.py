"""A table has one text: whatever the engine, the order of its rows, and the signs in its cells."""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.differential.frames_drawn import engine_named, engines

from ivigil.populations.sorted_csv import sorted_csv
from ivigil.tables import Engine, Kind, Value, start

KINDS: dict[str, Kind] = {"t": "text", "b": "truth", "n": "number", "w": "whole"}
Row = tuple[Value, ...]
ROWS: list[Row] = [
    ("a", True, 0.1, 1),
    ("", False, 1e22, -1),
    (None, None, None, None),
    ('x, "y"\nz', True, -0.5, 2**40),
    ("é", False, 1 / 3, 0),
]
rows = st.lists(
    st.tuples(
        st.none() | st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=4),
        st.none() | st.booleans(),
        st.none() | st.floats(allow_nan=False, allow_infinity=False),
        st.none() | st.integers(-(2**60), 2**60),
    )
)


@pytest.fixture(scope="module", params=engines())
def engine(request: pytest.FixtureRequest) -> Iterator[Engine]:
    found = engine_named(request.param)
    yield found
    found.stop()


def text_of(engine: Engine, given_rows: list[Row]) -> str:
    return sorted_csv(engine, engine.table(KINDS, given_rows))


def test_every_engine_gives_the_same_text(engine: Engine) -> None:
    assert text_of(engine, ROWS) == (
        "t,b,n,w\n"
        '"",false,1e+22,-1\n'
        '"x, ""y""\nz",true,-0.5,1099511627776\n'
        ",,,\n"
        "a,true,0.1,1\n"
        "é,false,0.3333333333333333,0\n"
    )


@given(rows, st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(some: list[Row], rng: random.Random) -> None:
    engine = start("polars")
    assert text_of(engine, rng.sample(some, len(some))) == text_of(engine, some)


@given(rows)
def test_nothing_is_lost(some: list[Row]) -> None:
    """Read as CSV the cells come back; only an empty text and an unknown one look alike to a plain reader."""
    read = list(csv.reader(io.StringIO(text_of(start("polars"), some), newline="")))
    again = [(text, {"": None, "true": True, "false": False}[truth], n, w) for text, truth, n, w in read[1:]]
    plain = [(t or "", b, "" if n is None else repr(n), "" if w is None else repr(w)) for t, b, n, w in some]
    assert read[0] == list(KINDS)
    assert sorted(map(repr, again)) == sorted(map(repr, plain))


@given(rows, rows)
def test_tables_that_differ_have_other_texts(some: list[Row], others: list[Row]) -> None:
    engine = start("polars")
    assert (text_of(engine, some) == text_of(engine, others)) == (sorted(map(repr, some)) == sorted(map(repr, others)))
