"""The audit of a cohort: its decisions counted in every way that the report shows, small numbers hidden."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from ivigil.knowledge.audit_records import Disclosure
from ivigil.populations.audit.columns import HIGH_USE, REVIEW, REVIEWED_BY
from ivigil.populations.audit.counts import ORDER, Group, Table, by_one, by_two, counted, spelled
from ivigil.populations.audit.disclosure import Cell, enough, hidden_cells
from ivigil.populations.audit.doses import DOSE, SAVED, dose_columns
from ivigil.populations.audit.judging import LEVEL, MOVED, OTHER
from ivigil.populations.planning import HAZARD, UNPREPARED
from ivigil.populations.verdicts import MISSING
from ivigil.tables import Engine, Frame, column, kinds_of
from ivigil.tables.expressions import joined_text
from ivigil.tables.grouping import combinations, grouped, how_many, total

# Whose rows overlap in any way they like, and for which sums across tables are looked through.
_CUBE = ("indication", "standing", LEVEL, "verdict", "site", "month", f"{OTHER}verdict", MOVED)
_ONE_WAY = ("indication", "standing", LEVEL, "verdict", "site", "month", "request_phase")
_TWO_WAY = (("indication", "standing"), ("indication", "verdict"))


@dataclass(frozen=True)
class Cohort:
    """All tables of an audit, by id; ``policy`` where small numbers are hidden."""

    tables: Mapping[str, Table]
    policy: Disclosure | None

    def those(self, start: str) -> tuple[Table, ...]:
        """The tables whose id begins so, in order."""
        return tuple(one for name, one in self.tables.items() if name.startswith(start))


def counted_cohort(engine: Engine, decisions: Frame, policy: Disclosure | None) -> Cohort:
    """``decisions`` counted; what ``policy`` hides is taken out."""
    frame = decisions.with_columns(**{ORDER: joined_text([column("patient"), column("request")], "|")})
    tables = {one.id: one for one in _tables(engine, frame)}
    if policy is None:
        return Cohort(tables, None)
    cells = {group.cell: group.figures["patients"] or 0 for table in tables.values() for group in table.cells()}
    lines = [line for table in tables.values() for line in table.lines()]
    hidden = hidden_cells(cells, lines, _atoms(engine, frame), policy.hide_up_to)
    shown = _Showing(hidden, policy)
    return Cohort({name: shown.table(table) for name, table in tables.items()}, policy)


def _tables(engine: Engine, frame: Frame) -> Iterator[Table]:
    there = kinds_of(frame)
    (everybody,) = counted(engine, frame, [])
    for name in _ONE_WAY:
        yield by_one(engine, frame, name, everybody)
    for first, second in _TWO_WAY:
        yield by_two(engine, frame, first, second)
    for name in _flags(there, ("dose_check", "at_risk", REVIEW, REVIEWED_BY, HAZARD, UNPREPARED, HIGH_USE)):
        yield by_one(engine, frame, name, everybody)
    for name in dose_columns(there):
        yield by_one(engine, frame, name, more={"saved_milligrams": total(column(name.replace(DOSE, SAVED, 1)))})
    for name in _missing(engine, frame, there):
        yield by_one(engine, frame, name, everybody)
    if MOVED in there:
        yield by_two(engine, frame, "verdict", f"{OTHER}verdict")
        yield by_two(engine, frame, "indication", MOVED)


def _flags(there: Mapping[str, str], starts: Sequence[str]) -> list[str]:
    return [
        name for start in starts for name in there if name == start or (start[-1] == ":" and name.startswith(start))
    ]


def _missing(engine: Engine, frame: Frame, there: Mapping[str, str]) -> list[str]:
    """The facts that are missing anywhere, the most often missing first."""
    names = [name for name in there if name.startswith(MISSING)]
    if not names:
        return []
    (counts,) = engine.rows(grouped(frame, [], **{name: how_many(column(name)) for name in names}))
    often = {name: int(count or 0) for name, count in zip(names, counts, strict=True)}
    return sorted((name for name in names if often[name]), key=lambda name: (-often[name], name))


def _atoms(engine: Engine, frame: Frame) -> list[Cell]:
    there = kinds_of(frame)
    names = [name for name in _CUBE if name in there]
    rows = engine.rows(combinations(frame, names))
    return enough([frozenset(zip(names, map(spelled, row), strict=True)) for row in rows])


@dataclass(frozen=True)
class _Showing:
    """What a policy leaves of figures: none of a hidden group; counts rounded, and grams to whole grams."""

    hidden: frozenset[Cell]
    policy: Disclosure

    def table(self, table: Table) -> Table:
        return replace(
            table,
            groups=tuple(map(self.group, table.groups)),
            margins=tuple(map(self.group, table.margins)),
            total=self.group(table.total),
        )

    def group(self, group: Group) -> Group:
        if group.cell in self.hidden:
            return replace(group, figures=dict.fromkeys(group.figures), hidden=True)
        return replace(group, figures={name: self._figure(name, value) for name, value in group.figures.items()})

    def _figure(self, name: str, value: int | None) -> int | None:
        step = 1000 if name.endswith("milligrams") else self.policy.round_to
        return None if value is None else (2 * value + step) // (2 * step) * step
