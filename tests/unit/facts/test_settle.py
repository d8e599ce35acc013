"""Settling: which of several statements counts, and what follows from it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from ivigil.facts import Between, Catalogue, Exactly, Extent, Fact, Standing, Statement, derive, settle, warnings_of
from ivigil.facts.definition import Bounds, Derived
from ivigil.facts.settle import Settled
from ivigil.facts.when import When, on, parse_when

TODAY = date(2026, 11, 20)
PLAUSIBLE = Bounds(Decimal(0), Decimal(100), "a-source")
CATALOGUE = Catalogue(
    {
        fact.id: fact
        for fact in (
            Fact("level", "Level", "quantity", "group", "?", unit="g/L", range=PLAUSIBLE),
            Fact("count", "Count", "count", "group", "?", range=PLAUSIBLE),
            Fact("ever", "Ever", "truth", "group", "?", choose="any-true"),
            Fact("born", "Born", "date", "group", "?"),
            Fact(
                "age",
                "Age",
                "quantity",
                "group",
                "?",
                unit="a",
                range=PLAUSIBLE,
                derived=(Derived("years-since", ("born",)),),
            ),
        )
    }
)
DATES = st.sampled_from(
    [
        None,
        *map(parse_when, ("2026-11", "2026-11-18", "2026-11-19", "2026-11-19T08:00:00Z", "2026-11-19T12:00:00+08:00")),
    ]
)


def say(fact: str, says: Extent | None, when: When | None = None, standing: Standing = Standing.FINAL) -> Statement:
    return Statement(fact, says, "as written", f"o{when}{says}", when, standing)


def settled(*statements: Statement) -> Settled:
    return settle(statements, CATALOGUE, TODAY)[statements[0].fact]


def is_later(one: Statement, other: Statement) -> bool:
    """The definition that the quick search for the newest has to agree with."""
    if one.when is None or other.when is None:
        return False
    if one.when.moment and other.when.moment:
        return one.when.moment > other.when.moment
    return one.when.first > other.when.last


@given(st.lists(st.tuples(DATES, st.integers(0, 3)), min_size=1, max_size=6))
def test_what_none_is_later_than_counts(given_: list[tuple[When | None, int]]) -> None:
    statements = [say("level", Exactly(Decimal(value)), when) for when, value in given_]
    kept = [one for one in statements if not any(is_later(other, one) for other in statements)]
    values = {one.says for one in kept}

    assert settled(*statements).extent == (values.pop() if len(values) == 1 else None)


def test_a_truth_that_ever_held_stays_true() -> None:
    then, now = say("ever", Exactly(value=True), on(date(2010, 1, 1))), say("ever", Exactly(value=False), on(TODAY))

    assert settled(then, now).value is True


def test_a_span_that_holds_no_plausible_value_is_implausible() -> None:
    assert settled(say("level", Between(None, Decimal(0), high_open=True))).why_unknown == "implausible"
    assert settled(say("level", Between(Decimal(100), None))).extent == Between(Decimal(100), None)
    assert settled(say("count", Between(Decimal(3), Decimal(4), low_open=True, high_open=True))).extent is None
    assert settled(say("count", Exactly(Decimal("3.5")))).why_unknown == "implausible"


def test_spans_that_touch_agree_on_one_value() -> None:
    assert settled(say("count", Between(None, Decimal(3))), say("count", Between(Decimal(3), None))).value == Decimal(3)


def test_a_recorded_age_must_agree_with_the_date_of_birth() -> None:
    born = say("born", Exactly(date(1980, 6, 15)))
    right, wrong = say("age", Exactly(Decimal(46)), on(TODAY)), say("age", Exactly(Decimal(64)), on(TODAY))

    assert derive(settle([born, right], CATALOGUE, TODAY), CATALOGUE, TODAY)["age"].value == Decimal(46)
    assert derive(settle([born, wrong], CATALOGUE, TODAY), CATALOGUE, TODAY)["age"].why_unknown == "conflicting"


def test_warnings_of_many_values_stay_short() -> None:
    high = [Statement("level", Exactly(Decimal(500 + one)), f"{one}", f"o{one}") for one in range(1000)]
    split = [Statement("level", Exactly(Decimal(one)), f"{one}", f"o{one}") for one in range(100)]

    assert len(warnings_of(CATALOGUE, settle(high, CATALOGUE, TODAY))) == 6
    assert "and 95 more" in warnings_of(CATALOGUE, settle(split, CATALOGUE, TODAY))[0]
