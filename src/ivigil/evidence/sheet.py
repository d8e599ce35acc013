"""An extraction sheet: studies in a CSV table, one a row, read strictly with every fault by row.

docs/how-to/extract-a-study.md describes the columns.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePath

from ivigil.documents import BadInput, Fault
from ivigil.evidence.pooling import Pooling
from ivigil.evidence.sheet_columns import column_faults, measure_fault
from ivigil.evidence.sheet_rows import PERIODS, SheetRow, label_part, labelled, row_of
from ivigil.literature.table import Table, read_table
from ivigil.synthesis.effects import effects_of
from ivigil.synthesis.measures import MEASURES, Measure
from ivigil.synthesis.options import Options
from ivigil.synthesis.pool import pool
from ivigil.synthesis.results import Better

__all__ = ["Sheet", "SheetRow", "read_sheet", "sheet_pooling"]

# Numbers of these can be pooled only where every study measures in one unit; the others are free of units.
_WITH_UNIT = ("MD",)


@dataclass(frozen=True)
class Sheet:
    """The studies of a sheet, in its order, as data for one measure."""

    name: str
    measure: Measure
    rows: tuple[SheetRow, ...]
    unit: str | None = None


def read_sheet(content: bytes, name: str, measure: str | None = None) -> Sheet:
    """The sheet in ``content``, a CSV table called ``name``, as data for ``measure`` (a name of ``MEASURES``).

    Without ``measure`` the sheet names it in its column ``measure``. Raises :class:`BadInput` with every fault.
    """
    table = read_table(content, name)
    kind, faults = _measure(table, name, measure)
    if kind is None:
        raise BadInput([*table.faults, *faults])
    faults += [*table.faults, *column_faults(table.columns, kind, name)]
    rows = []
    for line in table.lines:
        row, wrong = row_of(line, kind, table.columns, name)
        faults += wrong
        if row is not None:
            rows.append(row)
    faults += [*_twice(table, name), *_mixed_units(table, kind, name)]
    if faults:
        raise BadInput(faults)
    return Sheet(name, kind, tuple(rows), next((one.unit for one in rows if one.unit), None))


def sheet_pooling(sheet: Sheet, options: Options, better: Better | None = None) -> Pooling:
    """The studies of ``sheet`` pooled by ``options``.

    Raises :class:`BadInput` where a comparison is pooled without saying what is better, and where no study gives an
    effect.
    """
    if better is None and sheet.measure.compares:
        raise BadInput([Fault("--better", "nothing", "higher or lower", "Without it no side can be called better.")])
    effects = effects_of(sheet.measure.name, [one.row for one in sheet.rows], options.zero_cells)
    if not len(effects.estimates):
        reasons = "; ".join(f"{one.label}: {one.reason}" for one in effects.left_out)
        raise BadInput([Fault(sheet.name, "no study that gives an effect", "at least one", reasons)])
    return Pooling(
        title=PurePath(sheet.name).name,
        outcome=f"{sheet.measure.words}, {sheet.unit}" if sheet.unit else sheet.measure.words,
        a_name="a" if sheet.measure.compares else "",
        b_name="b" if sheet.measure.compares else "",
        better=better or "higher",
        effects=effects,
        pooled=pool(effects, options),
        years={one.label: float(one.year) for one in sheet.rows if one.year is not None},
        groups={one.label: one.subgroup for one in sheet.rows if one.subgroup},
        moderators={one.label: one.moderators for one in sheet.rows if one.moderators},
        notes=tuple(_notes(sheet)),
    )


def _notes(sheet: Sheet) -> Iterator[str]:
    for one in sheet.rows:
        if one.compared == PERIODS:
            yield f"{one.label}: periods of a crossover taken as if they were separate arms"
    if len({one.of for one in sheet.rows}) > 1:
        yield "Some studies give final values and others changes from baseline."


def _measure(table: Table, name: str, given: str | None) -> tuple[Measure | None, list[Fault]]:
    """The measure that all rows are data for."""
    written = {line["measure"]: line.number for line in reversed(table.lines) if line["measure"]}
    faults = [
        measure_fault(one, f"{name}, line {line}, measure") for one, line in written.items() if one not in MEASURES
    ]
    if given is not None and given not in MEASURES:
        faults.append(measure_fault(given, "measure"))
    if faults:
        return None, faults
    wanted = given or next(iter(sorted(written, key=lambda one: written[one])), None)
    if wanted is None:
        hint = "Say --measure RR, or add a column measure."
        return None, [Fault(name, "no measure", f"one of {', '.join(MEASURES)}", hint)]
    others = [(line, one) for one, line in written.items() if one != wanted]
    return MEASURES[wanted], [
        Fault(f"{name}, line {line}, measure", one, f"{wanted}, as everywhere", "Keep one measure in a sheet.")
        for line, one in sorted(others)
    ]


def _twice(table: Table, name: str) -> Iterator[Fault]:
    first: dict[str, int] = {}
    for line in table.lines:
        label = labelled(label_part(line), line["year"]).casefold()
        before = first.setdefault(label, line.number)
        if label_part(line) and before != line.number:
            hint = "A study counts once: give two comparisons of one study names of their own, with no arm in both."
            found = f"{label_part(line)!r} again (line {before})"
            yield Fault(f"{name}, line {line.number}, study", found, "each study once", hint)


def _mixed_units(table: Table, measure: Measure, name: str) -> Iterator[Fault]:
    if measure.name not in _WITH_UNIT or "unit" not in table.columns or not table.lines:
        return
    first = table.lines[0]
    for line in table.lines[1:]:
        if line["unit"] != first["unit"]:
            expected = (
                f"{first['unit']!r}, as on line {first.number}" if first["unit"] else f"none, as on line {first.number}"
            )
            hint = f"Convert the figures, or pool {measure.name} of one unit at a time."
            yield Fault(
                f"{name}, line {line.number}, unit", repr(line["unit"]) if line["unit"] else "nothing", expected, hint
            )
