"""Counting decisions: tables of groups, each with the condition that finds its rows again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from ivigil.populations.audit.disclosure import EVERYBODY, Cell, Line
from ivigil.tables import Engine, Expr, Frame, Value, column
from ivigil.tables.grouping import distinct, grouped, rows, total, whole_truth

# What is counted of every group. ``milligrams`` adds up each request's share; ``without_grams`` counts rows whose
# grams are not known, and which the milligrams leave out.
PATIENTS, REQUESTS, ROWS, MILLIGRAMS, WITHOUT_GRAMS = "patients", "requests", "rows", "milligrams", "without_grams"
# The column that tells requests apart: a request's own name is unique among those of its patient.
ORDER = "order"
Figures = Mapping[str, int | None]


@dataclass(frozen=True)
class Group:
    """The rows with one combination of values, and what was counted of them; ``None`` where it is not shown."""

    cell: Cell
    key: tuple[str | None, ...]
    figures: Figures
    hidden: bool = False

    @property
    def condition(self) -> str:
        """What finds its rows in the decisions, in SQL."""
        return condition_of(self.cell)


@dataclass(frozen=True)
class Table:
    """Decisions counted by one column or two; ``by`` names the columns of ``key``.

    ``margins`` are the sums of a table by two columns. ``adds_up`` says that every row counts in exactly one group.
    """

    id: str
    by: tuple[str, ...]
    groups: tuple[Group, ...]
    total: Group
    within: Cell = EVERYBODY
    margins: tuple[Group, ...] = ()
    adds_up: bool = True

    def lines(self) -> Iterator[Line]:
        """The sums that it shows."""
        if not self.adds_up:
            return
        if len(self.by) == 1:
            yield Line(self.total.cell, tuple(one.cell for one in self.groups))
            return
        for margin in self.margins:
            yield Line(margin.cell, tuple(one.cell for one in self.groups if margin.cell <= one.cell))
        for name in self.by:
            yield Line(self.total.cell, tuple(one.cell for one in self.margins if _is_by(one, name, self.within)))

    def cells(self) -> Iterator[Group]:
        """Everything that it shows."""
        yield self.total
        yield from self.margins
        yield from self.groups


def _is_by(group: Group, name: str, within: Cell) -> bool:
    return any(column_name == name for column_name, _ in group.cell - within)


def condition_of(cell: Cell) -> str:
    """The rows of a cell as a condition on the columns of the decisions, in SQL."""
    parts = [f"{_name(name)} is null" if value is None else f"{_name(name)} = {_text(value)}" for name, value in cell]
    return " and ".join(sorted(parts)) or "true"


def _name(name: str) -> str:
    return name if name.isidentifier() and name.islower() else '"' + name.replace('"', '""') + '"'


def _text(value: str) -> str:
    return value if value in {"true", "false"} else "'" + value.replace("'", "''") + "'"


def measures() -> dict[str, Expr]:
    """What is counted of every group of decisions."""
    known = total(whole_truth(~column("milligrams").is_null()))
    return {
        PATIENTS: distinct("patient"),
        REQUESTS: distinct(ORDER),
        ROWS: rows(),
        MILLIGRAMS: total(column("milligrams")),
        WITHOUT_GRAMS: rows() - known,
    }


def counted(engine: Engine, frame: Frame, by: Sequence[str], more: Mapping[str, Expr] | None = None) -> list[Group]:
    """``frame`` counted by the columns ``by``, in order of their values, unknown ones last."""
    answers = {**measures(), **(more or {})}
    found = [_group(row, by, tuple(answers)) for row in engine.rows(grouped(frame, by, **answers))]
    return sorted(found, key=lambda one: [(part is None, part or "") for part in one.key])


def _group(row: Sequence[Value], by: Sequence[str], names: Sequence[str]) -> Group:
    key = tuple(map(spelled, row[: len(by)]))
    figures = {name: int(value or 0) for name, value in zip(names, row[len(by) :], strict=True)}
    return Group(frozenset(zip(by, key, strict=True)), key, figures)


def spelled(value: Value) -> str | None:
    """A value of a column as conditions spell it."""
    return None if value is None else str(value).lower() if isinstance(value, bool) else str(value)


def by_one(
    engine: Engine, frame: Frame, name: str, whole: Group | None = None, more: Mapping[str, Expr] | None = None
) -> Table:
    """``frame`` counted by one column, and as a ``whole``, which is counted where it is not given."""
    total = whole or counted(engine, frame, [], more)[0]
    return Table(name, (name,), tuple(counted(engine, frame, [name], more)), total)


def by_two(engine: Engine, frame: Frame, first: str, second: str) -> Table:
    """``frame`` counted by two columns, by each of them, and as a whole."""
    margins = (*counted(engine, frame, [first]), *counted(engine, frame, [second]))
    groups = tuple(counted(engine, frame, [first, second]))
    (total,) = counted(engine, frame, [])
    return Table(f"{first} by {second}", (first, second), groups, total, margins=margins)
