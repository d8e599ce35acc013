"""The totals of regimens by the days that an order asks for, as the dose plan of a single case has them."""

from __future__ import annotations

from decimal import Decimal

import pytest

from ivigil.dosing.aims import aims
from ivigil.knowledge import Library, Regimen, load
from ivigil.knowledge.records import Passage, Span
from ivigil.populations.exactness import enclosed
from ivigil.populations.measured import DAYS, GRIDS
from ivigil.populations.planning import recommended
from ivigil.populations.regimen_totals import per_kg
from ivigil.tables import column, start
from ivigil.units.amounts import as_decimal

PASSAGE = Passage("a-source", "somewhere")
ASKED = (None, *range(1, 41))
NONE = None


def regimen(total: tuple[str, str] | None, daily: tuple[str, str] | None, days: tuple[str, str] | None) -> Regimen:
    given = [Span(Decimal(one[0]), Decimal(one[1])) if one else None for one in (daily, days, total)]
    return Regimen("one", "One", "recommended", "intravenous", PASSAGE, *given)


MADE_UP = [
    regimen(("1", "2"), ("0.4", "1"), ("1", "5")),
    regimen(("1", "2"), ("0.4", "1"), NONE),
    regimen(("2", "2"), ("0.3", "0.3"), NONE),
    regimen(NONE, ("0.4", "0.6"), ("3", "5")),
    regimen(NONE, ("0.4", "0.4"), ("2", "4")),
    regimen(NONE, ("0.1", "0.2"), NONE),
    regimen(("0.4", "0.6"), NONE, NONE),
    regimen(NONE, NONE, ("2", "2")),
]


def totals(regimens: list[Regimen]) -> list[tuple[object, ...]]:
    """The lowest and the highest total for each number of days in :data:`ASKED`."""
    engine = start("polars")
    frame = engine.table({DAYS: "number"}, [(None if one is None else float(one),) for one in ASKED])
    days = enclosed(column(DAYS), GRIDS[DAYS], exactly=~column(DAYS).is_null())
    ends = per_kg(regimens, days)
    if ends is None:
        return [(None, None)] * len(ASKED)
    low, high = ends
    (exact_low, _), (_, exact_high) = low.ends, high.ends
    found = engine.rows(frame.select(low=exact_low, high=exact_high))
    scale = [Decimal(1).scaleb(-one.digits) for one in ends]
    return [
        tuple(None if end is None else int(str(end)) * unit for end, unit in zip(row, scale, strict=True))
        for row in found
    ]


def expected(regimens: list[Regimen], days: int | None) -> tuple[Decimal | None, Decimal | None]:
    found = [as_decimal(one.total) for regimen in regimens for one in aims(regimen, days) if one.total is not None]
    return min(found, default=None), max(found, default=None)


@pytest.mark.parametrize("one", MADE_UP, ids=range(len(MADE_UP)))
def test_each_number_of_days_has_the_totals_of_the_dose_plan(one: Regimen) -> None:
    assert totals([one]) == [expected([one], days) for days in ASKED]


def test_of_several_regimens_the_ends_count() -> None:
    assert totals(MADE_UP) == [expected(MADE_UP, days) for days in ASKED]


@pytest.fixture(scope="module")
def library() -> Library:
    return load()


def test_the_regimens_of_every_appraisal(library: Library) -> None:
    for rules in library.rule_sets.values():
        for appraisal in rules.appraisals.values():
            regimens = list(recommended(appraisal))
            assert totals(regimens) == [expected(regimens, days) for days in ASKED], appraisal.indication
