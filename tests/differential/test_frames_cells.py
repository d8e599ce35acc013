"""Cells of tables say what extents say: to the last digit on the side of every constant, and back."""

from __future__ import annotations

import sys
from decimal import Decimal, localcontext

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from tests.differential.frames_drawn import as_settled
from tests.property.rule_strategies import CATALOGUE, COMPARATORS, HIGHEST, extents_of

from ivigil.criteria import evaluate, partition
from ivigil.criteria.evaluate import leaf_truth
from ivigil.criteria.frames import FactColumns, as_float, cell_kinds, cells, extent_of, open_classes, truth_expression
from ivigil.criteria.frames.numbers import held, stands_for
from ivigil.criteria.tree import Comparator, Compare, Within
from ivigil.facts import Between, Exactly, Fact, OneOf
from ivigil.facts.extent import narrowed
from ivigil.tables import EngineName, start

FREE = Fact("free", "Free", "quantity", "group", "?", unit="g/L")
TINY = Decimal(1).scaleb(-40)
CONSTANTS = st.decimals(-1000, 1000, allow_nan=False, places=3)
facts = st.sampled_from(sorted(CATALOGUE.facts))


@given(facts, st.data())
def test_an_extent_comes_back(name: str, data: st.DataObject) -> None:
    fact = CATALOGUE[name]
    extent = as_settled(fact, data.draw(extents_of(fact)))
    row = cells(fact, extent)
    assert row.keys() == cell_kinds(fact).keys()
    if isinstance(extent, Between):
        extent = None if extent.low is None and extent.high is None else narrowed(extent)
        if isinstance(extent, Between):  # whether nothing is left out tells nothing
            low_open, high_open = (
                extent.low_open and extent.low is not None,
                extent.high_open and extent.high is not None,
            )
            extent = Between(extent.low, extent.high, low_open, high_open)
    assert extent_of(fact, row) == extent


@given(st.floats(allow_nan=False, allow_infinity=False), st.floats(allow_nan=False, allow_infinity=False))
def test_floats_stand_for_decimals_in_the_same_order(one: float, other: float) -> None:
    assert (one < other) == (stands_for(one) < stands_for(other))
    assert held(stands_for(one)) == one


@given(st.decimals(-1000, 1000, allow_nan=False).map(lambda value: value.normalize()))
def test_fifteen_digits_are_held(value: Decimal) -> None:
    assume(len(value.as_tuple().digits) <= sys.float_info.dig)
    assume(abs(value) > TINY or value == 0)
    assert stands_for(as_float(value)) == value


@given(CONSTANTS, st.integers(-1, 1), st.sampled_from(COMPARATORS))
def test_no_digit_is_lost_beside_a_constant(constant: Decimal, step: int, comparator: Comparator) -> None:
    """A value so near a constant that a float cannot tell them apart stays on its side of it."""
    with localcontext(prec=60):
        value = constant + step * TINY
    again = extent_of(FREE, cells(FREE, Exactly(value)))
    leaf = Compare("free", comparator, constant)
    assert leaf_truth(leaf, again) is leaf_truth(leaf, Exactly(value))
    inside = Within("free", constant, constant + 1)
    assert leaf_truth(inside, again) is leaf_truth(inside, Exactly(value))
    part = partition(FREE, [leaf, inside])
    assert part.allowed(again) == part.allowed(Exactly(value))


@given(CONSTANTS, CONSTANTS, st.integers(-1, 1), st.booleans(), st.sampled_from(COMPARATORS))
def test_no_digit_is_lost_at_the_ends_of_a_span(
    one: Decimal,
    other: Decimal,
    step: int,
    is_open: bool,  # noqa: FBT001 - drawn
    comparator: Comparator,
) -> None:
    low, high = sorted((one, other))
    assume(low < high)
    with localcontext(prec=60):
        given_span = Between(low + step * TINY, high + step * TINY, is_open, is_open)
    again = extent_of(FREE, cells(FREE, given_span))
    for constant in (low, high):
        leaf = Compare("free", comparator, constant)
        assert leaf_truth(leaf, again) is leaf_truth(leaf, given_span)


def test_near_constants_in_a_table() -> None:
    engine = start("polars")
    constant = Decimal("30.1")
    with localcontext(prec=60):
        extents = [Exactly(constant + step * TINY) for step in (-1, 0, 1)]
    rows = [[*cells(FREE, extent).values()] for extent in extents]
    columns = FactColumns(CATALOGUE.extended({"free": FREE}), cell_kinds(FREE))
    frame = engine.table(cell_kinds(FREE), rows)
    for comparator in COMPARATORS:
        leaf = Compare("free", comparator, constant)
        found = [truth for (truth,) in engine.rows(frame.select(truth=truth_expression(leaf, columns)))]
        assert found == [evaluate(leaf, {"free": extent}).truth.value == "met" for extent in extents]


def test_a_constant_with_too_many_digits_is_refused() -> None:
    with pytest.raises(ValueError, match="more digits than a number of a table holds"):
        as_float(Decimal("0.12345678901234567890"))


def test_codes_that_are_no_option_tell_nothing() -> None:
    fact = CATALOGUE["treatment"]
    assert cells(fact, OneOf(frozenset({"something else"}))) == {"treatment": None, "treatment__may": None}
    assert extent_of(fact, {"treatment__may": 0}) is None
    assert extent_of(fact, {}) is None


@pytest.mark.parametrize("engine_name", ["polars", "duckdb"])
def test_cells_that_tell_nothing_open_every_class(engine_name: EngineName) -> None:
    """A code that is no option, bits of no option, and a span beyond what is plausible: as of a single case."""
    engine = start(engine_name)
    treatment, weight = CATALOGUE["treatment"], CATALOGUE["weight"]
    columns = FactColumns(CATALOGUE, {**cell_kinds(treatment), **cell_kinds(weight)})
    parts = [partition(treatment, []), partition(weight, [Compare("weight", "<", Decimal(1))])]
    opened = {f"{part.fact} {place}": one for part in parts for place, one in enumerate(open_classes(part, columns))}
    kinds = {**cell_kinds(treatment), **cell_kinds(weight)}
    beyond = cells(weight, Between(HIGHEST + 1, HIGHEST + 2))
    rows = [
        ("no option", None, *beyond.values()),
        (None, 0, *beyond.values()),
        ("tried", None, *cells(weight, None).values()),
    ]
    found = engine.rows(engine.table(kinds, rows).select(**opened))
    assert parts[1].allowed(Between(HIGHEST + 1, HIGHEST + 2)) == (0, 1)
    assert found[:2] == [(True,) * 6] * 2
    assert found[2] == (True, False, False, False, True, True)
