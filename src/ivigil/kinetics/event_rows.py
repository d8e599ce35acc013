"""One row of an event table, read strictly: a dose, a level, or a change of covariates."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from ivigil.documents import Fault
from ivigil.kinetics.doses import ROUTES, Route
from ivigil.kinetics.event_columns import UNITS, Column
from ivigil.units import convert, is_sane

_MISSING = frozenset({"", ".", "NA"})
_SHORT: Mapping[str, Route] = {"iv": "intravenous", "sc": "subcutaneous", "fsc": "facilitated subcutaneous"}
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2})?)?")
_BELOW = re.compile(r"<\s*(?P<limit>[0-9.]+)")
_ABOVE_0 = frozenset({"II", "WT", "LBM", "IGM"})
_COVARIATES: Mapping[str, str] = {
    "WT": "weight_kg",
    "LBM": "lean_body_mass_kg",
    "IGM": "igm_g_per_l",
    "AGE": "age_years",
}
# How far RATE times DUR may lie from AMT: files print a few digits.
_AGREES = 1e-3
OBSERVED, DOSED, OTHER = 0, 1, 2


@dataclass(frozen=True)
class EventRow:
    """A row as read: its place, whose it is, when, and what it says. Fields that it leaves open are ``None``."""

    where: str
    who: str
    at: float | datetime | None
    event: int
    is_undated: bool = False
    grams: float = 0.0
    hours: float = 0.0
    route: Route = "intravenous"
    more: int = 0
    interval_days: float = 0.0
    level_g_per_l: float | None = None
    limit_g_per_l: float | None = None
    is_below: bool = False
    covariates: Mapping[str, Any] | None = None  # fields of Covariates: numbers, and one truth


class RowReading:
    """One reading of one row; each method keeps what fits and notes a fault for what does not."""

    def __init__(self, columns: Mapping[str, Column], cells: Sequence[str], where: str) -> None:
        self.columns, self.cells, self.where = columns, cells, where
        self.faults: list[Fault] = []

    def read(self, compartments: Mapping[str, Route]) -> EventRow:
        event = self.event()
        is_dose = event == DOSED
        grams = self.amount() if is_dose else 0.0
        level, limit, below = self.level() if event == OBSERVED else (None, self.number("LLOQ"), False)
        more = self.whole("ADDL") or 0
        interval = self.number("II")
        if is_dose and more and interval is None:
            self.fault("II", "none", "the days between the additional doses of ADDL")
        if self.whole("SS"):
            self.fault("SS", "a dose at steady state", "the doses themselves", "Write the earlier doses out.")
        return EventRow(
            self.where,
            self.who(),
            self.time(),
            event,
            self.text("TIME") is None,
            grams,
            hours=self.hours(grams) if is_dose else 0.0,
            route=self.route(compartments) if is_dose else "intravenous",
            more=more,
            interval_days=interval or 0.0,
            level_g_per_l=level,
            limit_g_per_l=limit,
            is_below=below,
            covariates=self.covariates(),
        )

    def fault(self, name: str, found: str, expected: str, hint: str = "") -> None:
        self.faults.append(Fault(f"{self.where}, {name}", found, expected, hint))

    def text(self, name: str) -> str | None:
        """What a cell holds; ``None`` for a missing one."""
        column = self.columns.get(name)
        cell = self.cells[column.place].strip() if column else ""
        return None if cell in _MISSING else cell

    def number(self, name: str, text: str | None = None) -> float | None:
        """A quantity in the unit that ivigil uses, 0 or more."""
        cell = text if text is not None else self.text(name)
        value = self.decimal(name, cell)
        if value is None:
            return None
        unit = self.columns[name].unit
        held = float(convert(value, unit, UNITS[name])) if unit else float(value)
        if name != "TIME" and (held < 0 or (held == 0 and name in _ABOVE_0)):
            self.fault(name, cell or "", "a number above 0" if name in _ABOVE_0 else "0 or more")
            return None
        return held

    def decimal(self, name: str, cell: str | None) -> Decimal | None:
        if cell is None:
            return None
        try:
            value = Decimal(cell)
        except InvalidOperation:
            self.fault(name, repr(cell), "a number, or . where there is none")
            return None
        if not is_sane(value):
            self.fault(name, cell, "a number of a size that a measurement has")
            return None
        return value

    def whole(self, name: str) -> int | None:
        value = self.decimal(name, self.text(name))
        if value is not None and (value < 0 or value != value.to_integral_value()):
            self.fault(name, str(value), "a whole number, 0 or more")
            return None
        return None if value is None else int(value)

    def who(self) -> str:
        found = self.text("ID")
        if found is None:
            self.fault("ID", "none", "whose row it is")
        return found or ""

    def time(self) -> float | datetime | None:
        """A number of days, or a date. A missing one is told by the table, which knows what stands around it."""
        cell = self.text("TIME")
        if cell is not None and _DATE.fullmatch(cell):
            try:
                return datetime.fromisoformat(cell).replace(tzinfo=UTC)
            except ValueError:
                self.fault("TIME", repr(cell), "a date that exists, such as 2026-02-28")
                return None
        if cell is not None and self.columns["TIME"].unit is None:
            self.fault("TIME", f"{cell}, without a unit", "TIME [d], or dates", "State the unit in the header.")
            return None
        return self.number("TIME", cell)

    def event(self) -> int:
        """What kind of row it is: as EVID says, else a dose where there is an amount and a level where there is one."""
        stated = self.whole("EVID")
        if stated is not None and stated not in {OBSERVED, DOSED, OTHER}:
            self.fault("EVID", str(stated), "0 a level, 1 a dose, or 2 a change of covariates")
        amount = self.text("AMT") not in {None, "0"}
        if stated is None:
            return DOSED if amount else OBSERVED if self.text("DV") or self.text("BLQ") else OTHER
        if amount and stated != DOSED:
            self.fault("AMT", f"{self.text('AMT')} with EVID {stated}", "EVID 1 for a dose")
        return stated

    def amount(self) -> float:
        grams = self.number("AMT")
        if grams is None:
            if self.text("AMT") is None:
                self.fault("AMT", "none", "the amount of the dose")
            return 0.0
        if grams == 0:
            self.fault("AMT", "0", "a dose above 0")
        return grams

    def hours(self, grams: float) -> float:
        rate, hours = self.number("RATE"), self.number("DUR")
        if not rate:
            return hours or 0.0
        if hours is not None and abs(rate * hours - grams) > _AGREES * grams:
            self.fault("DUR", f"{hours:g} h at {rate:g} g/h", f"what makes {grams:g} g", "Give RATE or DUR.")
        return hours if hours is not None else grams / rate

    def route(self, compartments: Mapping[str, Route]) -> Route:
        stated, compartment = self.text("ROUTE"), self.text("CMT")
        if stated is not None:
            for route in ROUTES:
                if stated.lower() == route or _SHORT.get(stated.lower()) == route:
                    return route
            self.fault("ROUTE", repr(stated), f"{', '.join(ROUTES)}, IV, SC or FSC")
        elif compartment is None:
            self.fault("ROUTE", "none", f"{', '.join(ROUTES)}, IV, SC or FSC")
        elif compartment in compartments:
            return compartments[compartment]
        else:
            hint = "State ROUTE, or hand in which compartment is which."
            self.fault("CMT", compartment, ", ".join(compartments) or "a compartment whose route is known", hint)
        return "intravenous"

    def level(self) -> tuple[float | None, float | None, bool]:
        """The level, the limit of quantification, and whether it lies below it."""
        limit, cell, flagged = self.number("LLOQ"), self.text("DV"), bool(self.whole("BLQ"))
        if self.whole("MDV"):
            return None, limit, False
        below = _BELOW.fullmatch(cell) if cell else None
        if below:
            return None, self.number("DV", below["limit"]), True
        if flagged:
            if limit is None:
                self.fault("LLOQ", "none", "the limit that the level lies below")
            return None, limit, True
        if cell is None:
            self.fault("DV", "none", "a level, or MDV 1, or BLQ 1 with its limit")
        return self.number("DV"), limit, False

    def covariates(self) -> Mapping[str, Any]:
        held: dict[str, Any] = {}
        for name, field in _COVARIATES.items():
            value = self.number(name)
            if value is not None:
                held[field] = value
        deficiency = self.whole("SAD")
        if deficiency is not None:
            if deficiency > 1:
                self.fault("SAD", str(deficiency), "1 with a secondary antibody deficiency, else 0")
            held["secondary_deficiency"] = bool(deficiency)
        return held
