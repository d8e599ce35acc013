"""The order of a case: told by its head where that is enough, and by the whole of it where it is not."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from ivigil.facts import Coding, Diagnosis, Exactly, Reason, Request, Standing, Statement
from ivigil.facts.case import arranged, each_once
from ivigil.facts.when import When, parse_when

FEW = st.sampled_from("ab")
WHENS: list[When | None] = [None, *map(parse_when, ("2026", "2026-01", "2026-01-01", "2026-01-01T10:00:00Z"))]
dated = st.sampled_from(WHENS)
values = st.sampled_from([None, Exactly(Decimal("1.0")), Exactly(Decimal("1.00")), Exactly(value=True), Exactly("x")])
statements = st.builds(Statement, FEW, values, FEW, FEW, dated, st.sampled_from(Standing), st.booleans())
codings = st.lists(st.builds(Coding, FEW, FEW, FEW), max_size=2).map(tuple)
states = st.sampled_from(["confirmed", "refuted"])
reasons = st.builds(Reason, FEW, st.none() | FEW, codings, st.none() | FEW, states, dated)
diagnoses = st.builds(Diagnosis, FEW, codings, st.none() | FEW, states, dated)
requests = st.builds(
    Request, FEW, dated, reasons=st.lists(reasons, max_size=2).map(tuple), statements=st.lists(statements).map(tuple)
)
found = st.one_of(*(st.lists(each, max_size=6) for each in (statements, reasons, diagnoses, requests)))


@given(found)
def test_the_head_is_what_the_order_begins_with(given_: list[Statement]) -> None:
    by_order = sorted(given_, key=lambda one: one.order)
    assert list(arranged(given_)) == by_order
    assert [one.head for one in by_order] == sorted(one.head for one in given_)


@given(found)
def test_each_stands_once(given_: list[Statement]) -> None:
    once = each_once(given_)
    assert set(once) == set(given_)
    assert len(once) == len(set(given_))
    assert list(once) == list(arranged(once))


def test_a_statement_written_twice_is_one_though_its_digits_differ() -> None:
    one, other = (Statement("level", Exactly(Decimal(value)), "1 g/L", "Observation/1") for value in ("1.0", "1.00"))
    assert each_once([one, other]) == (one,)


def test_a_statement_and_its_moment_are_told_apart() -> None:
    early, late = (
        When(at.date(), at.date(), at) for at in (datetime(2026, 1, 1, hour, tzinfo=UTC) for hour in (9, 10))
    )
    given_ = [Statement("level", None, "?", "Observation/1", when) for when in (late, early)]
    assert [one.when for one in each_once(given_)] == [early, late]
