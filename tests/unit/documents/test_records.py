"""Records become plain JSON values and come back equal."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Literal

from hypothesis import given
from hypothesis import strategies as st

from ivigil.documents import decode, encode


class Colour(Enum):
    RED = "red"
    BLUE = "blue"


@dataclass(frozen=True)
class Leaf:
    amount: Decimal
    colour: Colour = Colour.RED


@dataclass(frozen=True)
class Tree:
    """Every form of field that the knowledge uses, among them its own kind."""

    name: str
    required: tuple[str, ...]
    leaf: Leaf | None
    day: date | None = None
    count: int = 0
    sure: bool = False
    way: Literal["up", "down"] = "up"
    said: bool | str | None = None
    words: tuple[str, ...] = ("a", "b")
    maybe: int | None = 7
    leaves: tuple[Leaf, ...] = ()
    branches: tuple[Tree, ...] = ()
    by_name: Mapping[str, Leaf] | None = None
    optional_words: tuple[str, ...] | None = None


amounts = st.decimals(allow_nan=False, allow_infinity=False)
leaves = st.builds(Leaf, amounts, st.sampled_from(Colour))
words = st.lists(st.text(max_size=3), max_size=3).map(tuple)
trees = st.recursive(
    st.builds(
        Tree,
        st.text(max_size=5),
        words,
        st.none() | leaves,
        day=st.none() | st.dates(),
        count=st.integers(),
        sure=st.booleans(),
        way=st.sampled_from(["up", "down"]),
        said=st.none() | st.booleans() | st.text(max_size=3),
        words=words,
        maybe=st.none() | st.integers(),
        leaves=st.lists(leaves, max_size=2).map(tuple),
        by_name=st.none() | st.dictionaries(st.text(max_size=3), leaves, max_size=2),
        optional_words=st.none() | words,
    ),
    lambda inner: st.builds(replace, inner, branches=st.lists(inner, max_size=2).map(tuple)),
    max_leaves=4,
)


@given(trees)
def test_a_record_comes_back_equal_through_json(tree: Tree) -> None:
    assert decode(Tree, json.loads(json.dumps(encode(tree)))) == tree


@given(amounts)
def test_a_decimal_keeps_its_digits(amount: Decimal) -> None:
    assert str(decode(Leaf, encode(Leaf(amount))).amount) == str(amount)


def test_empty_fields_are_left_out_where_they_are_empty_by_default() -> None:
    leaf = {"amount": "1.50", "colour": "red"}
    assert encode(Tree("oak", (), Leaf(Decimal("1.50")))) == {
        "name": "oak",
        "required": [],
        "leaf": leaf,
        "count": 0,
        "sure": False,
        "way": "up",
        "words": ["a", "b"],
        "maybe": 7,
    }
    assert encode(Tree("oak", (), None, words=(), maybe=None)) == {
        "name": "oak",
        "required": [],
        "leaf": None,
        "count": 0,
        "sure": False,
        "way": "up",
        "words": [],
        "maybe": None,
    }


def test_values_inside_collections_are_encoded_too() -> None:
    assert encode({"a": (date(2026, 1, 2), Colour.BLUE)}) == {"a": ["2026-01-02", "blue"]}
