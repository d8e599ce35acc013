"""Rules and rows drawn for the engines of tables, and the engines that this machine has."""

from __future__ import annotations

import os
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.property.rule_strategies import CATALOGUE, extents_of, leaves_of, nodes, trees

from ivigil.criteria import Tree
from ivigil.criteria.frames import Cell, cell_kinds, cells
from ivigil.criteria.tree import Leaf
from ivigil.facts import Between, Exactly, Extent, Fact, OneOf
from ivigil.facts.extent import whole
from ivigil.tables import ENGINES, Engine, EngineMissingError, EngineName, Kind, start

# Set where Spark has to be there: a run that skips it then fails.
REQUIRED = "IVIGIL_REQUIRE_SPARK"

Row = dict[str, Extent | None]
FACTS = tuple(CATALOGUE.facts.values())


@dataclass
class Drawn:
    """All rules and all rows that were drawn: every rule is asked of every row."""

    rules: list[Tree] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)


def as_settled(fact: Fact, extent: Extent | None) -> Extent | None:
    """Settling leaves of a count only the whole numbers."""
    return whole(extent) if fact.kind == "count" and extent is not None else extent


@st.composite
def rows(draw: st.DrawFn) -> Row:
    return {name: as_settled(fact, draw(extents_of(fact))) for name, fact in CATALOGUE.facts.items()}


def drawn(examples: int) -> Drawn:
    """Rules with rows, a few for each example; each rule once, and two leaves about every fact."""
    found = Drawn()

    @settings(max_examples=examples, database=None)
    @given(
        st.lists(trees(), min_size=3, max_size=5), st.tuples(*map(leaves_of, FACTS * 2)), st.lists(rows(), max_size=4)
    )
    def collect(rules: list[Tree], leaves: tuple[Leaf, ...], some: list[Row]) -> None:
        found.rules += [*rules, *leaves]
        found.rows += some

    collect()
    return Drawn(list(dict.fromkeys(found.rules)), found.rows)


def described(fact: Fact, extent: Extent | None) -> str:
    """The kind of a fact with the pattern of empty and filled cells that an extent leaves."""
    match extent:
        case None:
            pattern = "unknown"
        case Exactly():
            pattern = "known"
        case OneOf(values):
            pattern = "several" if len(values) > 1 else "one of one"
        case Between(low, high):
            pattern = f"{'from' if low is not None else ''}{' to' if high is not None else ''}".strip() or "unbounded"
        case _:
            pattern = "period"
    return f"{fact.kind} {pattern}"


def node_names(rules: Sequence[Tree]) -> Iterator[str]:
    """The types of all nodes, with the comparator and the kind of fact where they have one."""
    for tree in rules:
        for node in nodes(tree):
            parts = [type(node).__name__, getattr(node, "comparator", "")]
            fact = getattr(node, "fact", None)
            yield " ".join([*filter(None, parts), *([CATALOGUE[fact].kind] if fact else [])])


def kinds_of_facts(facts: Sequence[Fact]) -> dict[str, Kind]:
    """All columns that ``facts`` may fill."""
    return {name: kind for fact in facts for name, kind in cell_kinds(fact).items()}


def cells_of(facts: Sequence[Fact], row: Row) -> list[Cell]:
    """The cells of one row, in the order of the columns."""
    return [cell for fact in facts for cell in cells(fact, row.get(fact.id)).values()]


def engine_named(name: EngineName) -> Engine:
    """The engine, or a skip that says why."""
    with skipped_where_missing(name):
        return start(name)


@contextmanager
def skipped_where_missing(name: EngineName) -> Iterator[None]:
    """A test that goes on only where the engine is there."""
    try:
        yield
    except EngineMissingError as error:
        if os.environ.get(REQUIRED):
            raise
        message = f"{name.upper()} WAS NOT TESTED: {error}"
        warnings.warn(message, stacklevel=4)
        pytest.skip(message)


def engines() -> tuple[EngineName, ...]:
    return ENGINES
