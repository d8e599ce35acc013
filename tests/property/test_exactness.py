"""Amounts of tables compare as the exact decimals do, or say that they cannot tell."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal, localcontext
from fractions import Fraction
from math import floor

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ivigil.criteria.frames.numbers import held, lower
from ivigil.populations.exactness import (
    FINEST,
    Amount,
    Grid,
    at_most,
    below,
    constant,
    enclosed,
    first_amount,
    steps_below,
)
from ivigil.tables import Engine, EngineName, Expr, column, start
from ivigil.tables.arithmetic import MOST

KG = Grid(9, 700)
PER_KG = Grid(4, 100)
COARSE = Grid(3, 700)
# How near a product lies to a limit that it cannot be told from: the coarser of the two grids, times the other amount.
BESIDE = Fraction(2 * 700, 10**PER_KG.digits)
# On the grid, beside it, and with more digits than a float holds.
DIGITS = st.sampled_from((1, 4, 9, 11, 25))
WEIGHTS = DIGITS.flatmap(lambda places: st.decimals(Decimal("0.1"), 699, places=places))
DOSES = st.sampled_from((2, 4, 6)).flatmap(lambda places: st.decimals(Decimal("0.01"), 10, places=places))
FACTORS = st.sampled_from([Decimal(one) for one in ("0.4", "1.2", "2.3", "0.9055123", "0.3937007874015748")])
STEPS = st.sampled_from((Decimal(5), Decimal("2.5"), Decimal(10)))
Row = tuple[Decimal, Decimal]


@pytest.fixture(scope="module", params=["polars", "duckdb"])
def engine(request: pytest.FixtureRequest) -> Engine:
    name: EngineName = request.param
    return start(name)


def answers(engine: Engine, rows: Sequence[Row], **asked: Expr) -> list[tuple[object, ...]]:
    """Expressions over the columns ``kg`` and ``dose``, for values that are cells as a table would have them."""
    cells = [(number, *_cell(kg), *_cell(dose)) for number, (kg, dose) in enumerate(rows)]
    names = {f"{name}{part}": kind for name in ("kg", "dose") for part, kind in (("", "number"), (" exactly", "truth"))}
    frame = engine.table({"number": "whole", **names}, cells)  # type: ignore[arg-type] # kinds, as spelled above
    return [row[1:] for row in sorted(engine.rows(frame.select("number", **asked)))]


def _cell(value: Decimal) -> tuple[float, bool]:
    return (value_of, True) if (value_of := held(value)) is not None else (lower(value, is_open=False).value, False)


def amount(name: str, grid: Grid) -> Amount:
    return enclosed(column(name), grid, exactly=column(f"{name} exactly"))


ROWS = st.lists(st.tuples(WEIGHTS, DOSES), min_size=1, max_size=20)


@settings(max_examples=30)
@given(ROWS, st.data())
def test_products_compare_as_decimals_do(engine: Engine, rows: list[Row], data: st.DataObject) -> None:
    """Against a limit that one of the rows lies on, exactly or nearly; what is undecided lies right beside it."""
    kg, dose = data.draw(st.sampled_from(rows))
    with localcontext(prec=80):
        limit = round(kg * dose, 8)
    product = amount("kg", KG).with_each(amount("dose", PER_KG))
    found = answers(engine, rows, most=at_most(product, constant(limit)), below=below(product, constant(limit)))
    for (one, other), (most, less) in zip(rows, found, strict=True):
        exact = Fraction(one) * Fraction(other)
        assert most in {None, exact <= Fraction(limit)}
        assert less in {None, exact < Fraction(limit)}
        assert None not in (most, less) or not (on_grid(one, KG) and on_grid(other, PER_KG))
        assert most is not None or abs(exact - Fraction(limit)) < BESIDE


def on_grid(value: Decimal, grid: Grid) -> bool:
    return value == round(value, grid.digits)


@settings(max_examples=30)
@given(ROWS, FACTORS, st.data())
def test_constants_of_any_length_compare_as_decimals_do(
    engine: Engine, rows: list[Row], factor: Decimal, data: st.DataObject
) -> None:
    chosen, _ = data.draw(st.sampled_from(rows))
    with localcontext(prec=80):
        limit = round(chosen * factor, 8)
    scaled = amount("kg", COARSE).times(factor)
    found = answers(engine, rows, most=at_most(scaled, constant(limit)))
    for (one, _), (most,) in zip(rows, found, strict=True):
        assert most in {None, Fraction(one) * Fraction(factor) <= Fraction(limit)}
        assert most is not None or not (on_grid(one, COARSE) and factor == round(factor, FINEST))


@settings(max_examples=30)
@given(ROWS, STEPS)
def test_whole_steps_are_counted_exactly(engine: Engine, rows: list[Row], step: Decimal) -> None:
    product = amount("kg", KG).with_each(amount("dose", PER_KG))
    low, high = steps_below(product.plus(step / 2), step)
    for (kg, dose), (least, most) in zip(rows, answers(engine, rows, low=low, high=high), strict=True):
        exact = floor(Fraction(kg) * Fraction(dose) / Fraction(step) + Fraction(1, 2))
        assert int(str(least)) <= exact <= int(str(most))
        assert least == most or not (on_grid(kg, KG) and on_grid(dose, PER_KG))


@settings(max_examples=30)
@given(ROWS, st.decimals(-200, 200, places=3))
def test_sums_and_differences_enclose_the_exact_ones(engine: Engine, rows: list[Row], term: Decimal) -> None:
    kg, dose = amount("kg", KG), amount("dose", PER_KG)
    made = {"sum": kg.plus(dose).plus(term), "rest": kg.minus(dose).times(Decimal(1))}
    ends = {f"{name} {place}": end for name, one in made.items() for place, end in enumerate(one.ends)}
    for (one, other), found in zip(rows, answers(engine, rows, **ends), strict=True):
        low, high, least, most = (Fraction(int(str(end)), 10**9) for end in found)
        assert low <= Fraction(one) + Fraction(other) + Fraction(term) <= high
        assert least <= Fraction(one) - Fraction(other) <= most
        assert high - low <= Fraction(1, 1000)


def test_a_dose_on_its_limit_is_told_from_one_beside_it(engine: Engine) -> None:
    """0.4 g/kg at 70.3 kg is 28.12 g, although 0.4 times 70.3 as floats is not 28.12."""
    grams = Grid(6, 10000)
    asked = enclosed(column("kg"), grams, exactly=column("kg exactly"))
    limit = constant(Decimal("70.3")).times(Decimal("0.4"))
    rows = [(Decimal(one), Decimal(1)) for one in ("28.12", "28.119999", "28.120001", "28.1200000000001")]
    found = answers(engine, rows, least=at_most(limit, asked), most=at_most(asked, limit))
    assert found == [(True, True), (False, True), (True, False), (None, None)]


def test_the_first_that_is_known_counts(engine: Engine) -> None:
    known = amount("kg", KG).only(column("kg") > 1)
    found = answers(
        engine,
        [(Decimal(2), Decimal(1)), (Decimal(1), Decimal(1))],
        one=first_amount([known, constant(Decimal("0.5"))]).value,
    )
    assert found == [(2.0,), (0.5,)]


def test_what_64_bits_do_not_hold_is_refused() -> None:
    kg = constant(Decimal(700)).finer(9)
    with pytest.raises(ValueError, match="64 bits"):
        kg.finer(17)
    assert kg.most.scaleb(15) < MOST < kg.most.scaleb(17)
