"""A table that goes through steps carries along what is read later, and nothing else."""

from __future__ import annotations

import pytest

from ivigil.tables import Engine, EngineName, Frame, column, literal, start
from ivigil.tables.expressions import first_known, one_of, where
from ivigil.tables.steps import columns_read, stepped


@pytest.fixture(params=["polars", "duckdb"])
def engine(request: pytest.FixtureRequest) -> Engine:
    name: EngineName = request.param
    return start(name)


def table(engine: Engine) -> Frame:
    return engine.table({"a": "whole", "b": "whole", "c": "text"}, [(1, 2, "x"), (3, 4, None)])


def test_a_step_reads_what_the_ones_before_it_added(engine: Engine) -> None:
    steps = [
        {"sum": column("a") + column("b"), "unread": column("c")},
        {"twice 2.5": column("sum") * 2},
        {"last": column("twice 2.5") + 1},
    ]
    found = stepped(table(engine), steps, ("a", "b", "c"), {"a", "last"})
    assert found.collect_schema().names() == ["a", "last"]
    assert sorted(engine.rows(found)) == [(1, 7), (3, 15)]


def test_a_step_may_put_something_in_the_place_of_a_column(engine: Engine) -> None:
    found = stepped(
        table(engine), [{"a": column("a") + 1}, {"b": column("a") * column("b")}], ("a", "b", "c"), {"a", "b"}
    )
    assert sorted(engine.rows(found)) == [(2, 4), (4, 16)]


def test_every_column_that_is_read_is_found() -> None:
    expression = first_known((where(one_of(column("a"), ["x"]) & ~column("b").is_null(), column("c")), literal("d")))
    assert set(columns_read(expression)) == {"a", "b", "c"}
