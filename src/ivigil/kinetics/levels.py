"""Measured IgG read from a table: when, how much in which unit, and whether below the limit of quantification.

.. code-block:: text

    date,igg [g/L],lloq [g/L]          day,igg,unit
    2026-01-05,<0.3,.                  -7,512,mg/dL
    2026-02-02T08:30,9.1,.             28,9.1,g/L

``date`` or ``day`` says when: dates count from ``day_0``, the date that the doses' days count from. A level at the very
time of a dose was taken before it; so was one dated on a dose's day, where the dose has no time of day.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal, InvalidOperation

from ivigil.documents import BadInput, Fault
from ivigil.kinetics.event_table import Observed
from ivigil.units import UnitError, convert, is_sane, parse_unit, spelled

UNIT = "g/L"
_UNITS = "g/L or mg/dL"
_SECONDS_A_DAY = 86400.0
_MISSING = frozenset({"", ".", "NA"})
_NAMES = ("date", "day", "igg", "unit", "lloq", "blq")
_CELL = re.compile(r"\s*(?P<name>[^\[\]()]+?)\s*(?:[\[(]\s*(?P<unit>.*?)\s*[\])])?\s*")
_BELOW = re.compile(r"<\s*(?P<limit>.+)")
_TRUTHS: Mapping[str, bool] = {"0": False, "1": True, "no": False, "yes": True, "false": False, "true": True}


@dataclass(frozen=True)
class _Header:
    """Where each column is, the units that the header states, and the date that day 0 is."""

    places: Mapping[str, int]
    units: Mapping[str, str]
    day_0: date | None
    plausible: tuple[Decimal, Decimal] | None


def read_levels(
    content: bytes,
    name: str,
    *,
    day_0: date | None = None,
    plausible: tuple[Decimal, Decimal] | None = None,
) -> tuple[Observed, ...]:
    """The levels of one person from a CSV table called ``name``, in g/L and in the order of days.

    ``day_0`` is the date that the days of the doses count from, and is needed for dates; ``plausible`` is the range in
    g/L that a level can have, such as that of the fact ``igg_level``. Raises :class:`BadInput` with every fault of
    every row: a time or a unit that is not stated, no number, a level that nobody has.
    """
    rows = _rows(content, name)
    header, faults = _header(rows[0][1], f"{name}, {rows[0][0]}", day_0, plausible)
    if faults:
        raise BadInput(faults)
    found: list[Observed] = []
    for place, cells in rows[1:]:
        reading = _Row(header, cells, f"{name}, {place}", len(rows[0][1]))
        level = reading.level()
        faults += reading.faults
        found += [level] if level else []
    if faults:
        raise BadInput(faults)
    return tuple(sorted(found, key=lambda level: level.at_day))


def _rows(content: bytes, name: str) -> list[tuple[str, list[str]]]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadInput([Fault(name, f"byte {error.start} that is not UTF-8", "a CSV table in UTF-8")]) from None
    try:
        reader = csv.reader(io.StringIO(text, newline=""), strict=True)
        rows = [(f"row {reader.line_num}", cells) for cells in reader if any(cell.strip() for cell in cells)]
    except csv.Error as error:
        raise BadInput([Fault(name, str(error), "a CSV table with commas")]) from None
    if not rows:
        raise BadInput([Fault(name, "nothing", "a header and rows")])
    return rows


def _header(
    cells: Sequence[str], where: str, day_0: date | None, plausible: tuple[Decimal, Decimal] | None
) -> tuple[_Header, list[Fault]]:
    places: dict[str, int] = {}
    units: dict[str, str] = {}
    faults: list[Fault] = []
    for place, cell in enumerate(cells):
        match = _CELL.fullmatch(cell)
        name = match["name"].lower() if match else ""
        if name not in _NAMES:
            faults.append(Fault(f"{where}, {cell.strip() or 'a cell without a name'}", "an unknown column", _listed()))
        elif name in places:
            faults.append(Fault(f"{where}, {name}", "the column twice", "each column once"))
        else:
            places[name] = place
            if match and match["unit"]:
                units[name] = spelled(match["unit"])
    return _Header(places, units, day_0, plausible), faults + list(_header_faults(places, units, where, day_0))


def _header_faults(
    places: Mapping[str, int], units: Mapping[str, str], where: str, day_0: date | None
) -> Iterator[Fault]:
    if "igg" not in places:
        yield Fault(where, "no column igg", "the levels")
    if ("date" in places) == ("day" in places):
        hint = "A level counts by its distance to the doses, also one before the first of them."
        yield Fault(where, "both date and day" if "date" in places else "no column date or day", "one of them", hint)
    if "date" in places and day_0 is None:
        yield Fault(where, "dates", "the date that the days of the doses count from", "Hand in day 0.")
    if "igg" not in units and "unit" not in places:
        yield Fault(f"{where}, igg", "no unit", _UNITS, "State it beside the name as igg [g/L], or in a column unit.")
    for name, unit in units.items():
        if name not in ("igg", "lloq"):
            yield Fault(f"{where}, {name}", f"the unit {unit}", "no unit: the column holds no level")
        elif not _fits(unit):
            yield Fault(f"{where}, {name}", f"the unit {unit}", _UNITS)


def _listed() -> str:
    return ", ".join(_NAMES)


def _fits(unit: str) -> bool:
    try:
        return parse_unit(unit).fits(parse_unit(UNIT))
    except UnitError:
        return False


class _Row:
    """One reading of one row; each method keeps what fits and notes a fault for what does not."""

    def __init__(self, header: _Header, cells: Sequence[str], where: str, width: int) -> None:
        self.header, self.cells, self.where, self.width = header, cells, where, width
        self.faults: list[Fault] = []

    def level(self) -> Observed | None:
        if len(self.cells) != self.width:
            self.fault("", f"{len(self.cells)} cells", f"{self.width}, as in the header")
            return None
        at_day, below = self.at_day(), self.is_flagged()
        cell, limit = self.text("igg"), self.amount("lloq", self.text("lloq"))
        match = _BELOW.fullmatch(cell) if cell else None
        if match:
            below, limit, cell = True, self.amount("igg", match["limit"]), None
        if below and limit is None and not self.faults:
            self.fault("lloq", "none", "the limit that the level lies below")
        if not below and cell is None:
            self.fault("igg", "none", "a level, or < and the limit it lies below")
        value = None if below else self.amount("igg", cell)
        if at_day is None or self.faults:
            return None
        return Observed(at_day, value, limit)

    def fault(self, name: str, found: str, expected: str, hint: str = "") -> None:
        self.faults.append(Fault(f"{self.where}, {name}" if name else self.where, found, expected, hint))

    def text(self, name: str) -> str | None:
        place = self.header.places.get(name)
        cell = self.cells[place].strip() if place is not None else ""
        return None if cell in _MISSING else cell

    def is_flagged(self) -> bool:
        cell = self.text("blq")
        if cell is not None and cell.lower() not in _TRUTHS:
            self.fault("blq", repr(cell), "1 where the level lies below lloq, else 0")
        return _TRUTHS.get((cell or "0").lower(), False)

    def at_day(self) -> float | None:
        name = "date" if "date" in self.header.places else "day"
        cell = self.text(name)
        if cell is None:
            self.fault(name, "a level without a date", f"a {name}", "Also before the first dose: its distance counts.")
            return None
        return self.dated(cell) if name == "date" else self.numbered(cell)

    def numbered(self, cell: str) -> float | None:
        value = self.decimal("day", cell)
        return None if value is None else float(value)

    def dated(self, cell: str) -> float | None:
        try:
            moment = datetime.fromisoformat(cell)
        except ValueError:
            self.fault("date", repr(cell), "a date such as 2026-01-31, with a time 2026-01-31T08:30 where known")
            return None
        if moment.tzinfo is not None:
            self.fault("date", repr(cell), "a local time, without a zone: the doses have none")
            return None
        origin = datetime.combine(self.header.day_0 or date.min, time(), UTC)
        return (moment.replace(tzinfo=UTC) - origin).total_seconds() / _SECONDS_A_DAY

    def unit(self, name: str) -> str | None:
        """The unit of a level; a limit has that of the level where it states none."""
        beside, stated = self.header.units.get(name) or self.header.units.get("igg"), self.text("unit")
        unit = spelled(stated) if stated else beside
        if unit is None or not _fits(unit):
            self.fault("unit", repr(stated) if stated else "none", _UNITS)
            return None
        if stated and beside and unit != beside:
            self.fault("unit", f"{stated}, and {beside} in the header", "one unit")
            return None
        return unit

    def amount(self, name: str, cell: str | None) -> float | None:
        """A level in g/L, 0 or more."""
        value = self.decimal(name, cell)
        unit = self.unit(name) if value is not None else None
        if value is None or unit is None:
            return None
        held = convert(value, unit, UNIT)
        if held < 0 or (held == 0 and name == "lloq"):
            self.fault(name, cell or "", "a number above 0" if name == "lloq" else "0 or more")
            return None
        low, high = self.header.plausible or (held, held)
        if not low <= held <= high:
            self.fault(name, f"{cell} {unit}", f"{low:g} to {high:g} g/L", "Check the unit.")
        return float(held)

    def decimal(self, name: str, cell: str | None) -> Decimal | None:
        if cell is None:
            return None
        try:
            value = Decimal(cell)
        except InvalidOperation:
            self.fault(name, repr(cell), "a number")
            return None
        if not is_sane(value):
            self.fault(name, cell, "a number of a size that a measurement has")
            return None
        return value
