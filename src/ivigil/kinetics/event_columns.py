"""The columns of an event table: their names, what they measure, and in which unit a file states them.

A quantity's unit stands beside its name, as in ``AMT [g]`` or ``DV (mg/dL)``, or is handed in with the file. A column
of quantities whose unit is stated nowhere is refused: a dose in milligrams read as grams would be a thousand times
too large.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from ivigil.documents import Fault
from ivigil.units import UnitError, parse_unit, spelled

# What each quantity is read as; docs and written tables use the same units.
UNITS: Mapping[str, str] = {
    "TIME": "d",
    "AMT": "g",
    "RATE": "g/h",
    "DUR": "h",
    "II": "d",
    "DV": "g/L",
    "LLOQ": "g/L",
    "WT": "kg",
    "LBM": "kg",
    "AGE": "a",
    "IGM": "g/L",
}
PLAIN = ("ID", "ROUTE", "CMT", "EVID", "MDV", "BLQ", "ADDL", "SS", "SAD")
_ALIASES = {"WEIGHT": "WT", "BW": "WT", "DURATION": "DUR", "DATE": "TIME", "BLOQ": "BLQ"}
_CELL = re.compile(r"\s*(?P<name>[^\[\](){}]+?)\s*(?:[\[(]\s*(?P<unit>.*?)\s*[\])])?\s*")


@dataclass(frozen=True)
class Column:
    """A column: its name, the cell that holds it, and the unit its numbers are stated in."""

    name: str
    place: int
    unit: str | None


def columns_of(
    head: Sequence[str], where: str, units: Mapping[str, str], ignored: Sequence[str]
) -> tuple[dict[str, Column], list[Fault]]:
    """The columns of a header row by name, and everything wrong with it."""
    found: dict[str, Column] = {}
    faults: list[Fault] = list(_unused(units, where))
    for place, cell in enumerate(head):
        match = _CELL.fullmatch(cell)
        given = match["name"].upper() if match else cell.strip().upper()
        name = _ALIASES.get(given, given)
        if cell.strip() in ignored or given in ignored:
            continue
        if name not in UNITS and name not in PLAIN:
            faults.append(_unknown(cell, where))
        elif name in found:
            faults.append(Fault(f"{where}, {name}", "the column twice", "each column once"))
        else:
            found[name] = Column(name, place, match["unit"] if match else None)
    faults += [
        Fault(where, f"no column {name}", "ID and TIME at least") for name in ("ID", "TIME") if name not in found
    ]
    return _with_units(found, where, units, faults)


def _with_units(
    found: dict[str, Column], where: str, units: Mapping[str, str], faults: list[Fault]
) -> tuple[dict[str, Column], list[Fault]]:
    stated: dict[str, Column] = {}
    for name, column in found.items():
        handed = units.get(name)
        unit = column.unit or handed
        faults += list(_unit_faults(column, handed, where))
        stated[name] = Column(name, column.place, spelled(unit) if unit else None)
    return stated, faults


def _unit_faults(column: Column, handed: str | None, where: str) -> Iterator[Fault]:
    place, wanted = f"{where}, {column.name}", UNITS.get(column.name)
    if wanted is None:
        if column.unit:
            yield Fault(place, f"the unit {column.unit}", "no unit: the column holds no quantity")
        return
    if column.unit and handed and spelled(column.unit) != spelled(handed):
        yield Fault(place, f"{column.unit}, and {handed} handed in", "one unit")
    unit = column.unit or handed
    # Dates need no unit: the rows say whether TIME holds numbers, and its unit is asked for there.
    if unit is None and column.name != "TIME":
        yield Fault(place, "no unit", f"a unit such as {column.name} [{wanted}]", "State it beside the column's name.")
    if unit is not None and not _fits(unit, wanted):
        yield Fault(place, f"the unit {unit}", f"a unit that converts to {wanted}")


def _fits(unit: str, wanted: str) -> bool:
    try:
        return parse_unit(spelled(unit)).fits(parse_unit(wanted))
    except UnitError:
        return False


def _unused(units: Mapping[str, str], where: str) -> Iterator[Fault]:
    for name in units:
        if name not in UNITS:
            yield Fault(f"{where}, units", repr(name), ", ".join(UNITS))


def _unknown(cell: str, where: str) -> Fault:
    known = ", ".join((*PLAIN, *UNITS))
    return Fault(
        f"{where}, {cell.strip() or 'a cell without a name'}", "an unknown column", known, "Or ignore it by name."
    )
