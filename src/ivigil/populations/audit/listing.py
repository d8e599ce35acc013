"""Which rows stand behind a figure: listed for those who may see them, as far as a limit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ivigil.populations.audit.cohort import Cohort
from ivigil.populations.audit.counts import spelled
from ivigil.populations.audit.disclosure import Cell
from ivigil.populations.compiled import RuleSetDiagram
from ivigil.populations.rows import missing_in
from ivigil.review import Judge
from ivigil.tables import Engine, Frame, Value, column
from ivigil.tables.expressions import one_of
from ivigil.tables.grouping import ordered, place_within, those

LIMIT = 20
_OPEN = "needs-information"
_PLACE = "place among its group"


@dataclass(frozen=True)
class OpenRow:
    """A row whose verdict is open, and the facts that could settle it, the most decisive first."""

    row: str
    missing: tuple[str, ...]


def listed_rows(engine: Engine, decisions: Frame, cohort: Cohort) -> Mapping[Cell, tuple[str, ...]]:
    """By group of every table: its first rows."""
    found: dict[Cell, list[str]] = {}
    for table in cohort.tables.values():
        placed = decisions.with_columns(**{_PLACE: place_within("row", *table.by)})
        first = those(placed, column(_PLACE) <= LIMIT).select(*table.by, "row")
        for *values, row in sorted(engine.rows(first), key=lambda one: str(one[-1])):
            found.setdefault(frozenset(zip(table.by, map(spelled, values), strict=True)), []).append(str(row))
    return {cell: tuple(dict.fromkeys(rows)) for cell, rows in found.items()}


def open_rows(
    engine: Engine, decisions: Frame, requests: Frame, plan: RuleSetDiagram, judge: Judge
) -> tuple[OpenRow, ...]:
    """The first rows whose verdict is open, each with exactly the facts that the row evaluator asks for."""
    waiting = those(decisions, (column("verdict") == _OPEN) & one_of(column("indication"), plan.appraised))
    chosen = [str(row[0]) for row in engine.rows(ordered(waiting.select("row"), "row").head(LIMIT))]
    rows = rows_named(engine, requests, chosen)
    return tuple(OpenRow(name, missing_in(rows[name], plan, judge)) for name in chosen)


def rows_named(engine: Engine, requests: Frame, names: Sequence[str]) -> dict[str, dict[str, Value]]:
    """Rows of the requests, each by its name, with every cell."""
    columns = requests.collect_schema().names()
    found = engine.rows(those(requests, one_of(column("row"), list(names)))) if names else []
    return {str(one["row"]): one for one in (dict(zip(columns, row, strict=True)) for row in found)}
