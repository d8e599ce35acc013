"""Rows that a table leaves to the row evaluator, worked out and put back: see ``exact_needed`` in ``planned_columns``.

They are few: who asks for a third of a dose that lies on a limit, whose body mass index cannot be, whose recorded sex
no formula knows.
"""

from __future__ import annotations

from collections.abc import Mapping

from ivigil.criteria.frames import Cell
from ivigil.populations.compiled import STANDING, RuleSetDiagram
from ivigil.populations.planned_columns import planned_kinds
from ivigil.populations.planned_rows import left_over_in
from ivigil.populations.planning import EXACT_NEEDED
from ivigil.tables import Engine, Expr, Frame, Kind, column, kinds_of
from ivigil.tables.expressions import certainly, first_known, one_of, where
from ivigil.tables.grouping import joined_where_there, those

_EXACT = "exact "


def filled(planned: Frame, requests: Frame, plan: RuleSetDiagram, engine: Engine, key: str) -> Frame:
    """``planned`` with no row left: those that need it by the single-case evaluators, in no order.

    ``requests`` is the table that it was made of; ``key`` is a column of both that tells all rows apart. ``planned`` is
    worked out to find those rows, and so is best one that the engine keeps.
    """
    left = engine.rows(those(planned, column(EXACT_NEEDED)).select(key, STANDING))
    standings = {str(row): str(standing) for row, standing in left}
    if not standings:
        return planned
    rows = _rows(those(requests, one_of(column(key), list(standings))), engine)
    exact = {str(row[key]): left_over_in(row, plan, standings[str(row[key])]) for row in rows}
    return _put_back(planned, exact, engine, {key: "text", **planned_kinds(plan.library)})


def _rows(frame: Frame, engine: Engine) -> list[dict[str, Cell]]:
    names = list(kinds_of(frame))
    return [dict(zip(names, row, strict=True)) for row in engine.rows(frame)]


def _put_back(planned: Frame, exact: Mapping[str, Mapping[str, Cell]], engine: Engine, kinds: dict[str, Kind]) -> Frame:
    key, names = next(iter(kinds)), list(next(iter(exact.values())))
    columns = {key: kinds[key], **{_EXACT + name: kinds[name] for name in names}}
    table = engine.table(columns, [(row, *(cells[name] for name in names)) for row, cells in exact.items()])
    wide = joined_where_there(planned, table, [key])
    left = certainly(column(EXACT_NEEDED))
    put = {name: _either(left, column(_EXACT + name), column(name)) for name in names}
    return wide.with_columns(**put).select(*kinds_of(planned))


def _either(condition: Expr, then: Expr, otherwise: Expr) -> Expr:
    """One of two values by a definite condition, also where the one that is meant is unknown."""
    return first_known((where(condition, then), where(~condition, otherwise)))
