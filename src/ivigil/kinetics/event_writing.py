"""Event tables written so that they read back to the same people: see ``event_table``."""

from __future__ import annotations

import csv
import io

from ivigil.kinetics.doses import Dose
from ivigil.kinetics.event_columns import UNITS
from ivigil.kinetics.event_table import EventTable, Observed, Subject

_WRITTEN = ("ID", "TIME", "AMT", "DUR", "ROUTE", "EVID", "DV", "MDV", "BLQ", "LLOQ", "WT", "LBM", "AGE", "IGM", "SAD")


def write_events(table: EventTable) -> str:
    """The table as CSV, with the units of :data:`UNITS` in its header; it reads back to the same people."""
    made = io.StringIO(newline="")
    writer = csv.writer(made, lineterminator="\n")
    writer.writerow([f"{name} [{UNITS[name]}]" if name in UNITS else name for name in _WRITTEN])
    for subject in table.subjects:
        for row in _written(subject):
            writer.writerow([subject.id, *(row.get(name, ".") for name in _WRITTEN[1:])])
    return made.getvalue()


def _written(subject: Subject) -> list[dict[str, str]]:
    """Rows in order of time; at one time covariates first, then levels, which are taken before a dose."""
    rows = [(day, 0, {"EVID": "2", "MDV": "1"}) for day, _ in subject.covariates.changes]
    rows += [(level.at_day, 1, _level_cells(level)) for level in subject.levels]
    rows += [(dose.at_day, 2, _dose_cells(dose)) for dose in subject.course.doses]
    rows.sort(key=lambda row: row[:2])
    return [{"TIME": repr(float(day)), **cells, **_covariate_cells(subject, day)} for day, _, cells in rows]


def _dose_cells(dose: Dose) -> dict[str, str]:
    hours = {"DUR": repr(float(dose.hours))} if dose.hours else {}
    return {"AMT": repr(float(dose.grams)), "ROUTE": dose.route, "EVID": "1", "MDV": "1", **hours}


def _level_cells(level: Observed) -> dict[str, str]:
    limit = {"LLOQ": repr(float(level.limit_g_per_l))} if level.limit_g_per_l is not None else {}
    if level.g_per_l is None:
        return {"EVID": "0", "MDV": "0", "BLQ": "1", **limit}
    return {"EVID": "0", "MDV": "0", "BLQ": "0", "DV": repr(float(level.g_per_l)), **limit}


def _covariate_cells(subject: Subject, day: float) -> dict[str, str]:
    held = subject.covariates.at(day)
    known = {"WT": held.weight_kg, "LBM": held.lean_body_mass_kg, "AGE": held.age_years, "IGM": held.igm_g_per_l}
    cells = {name: repr(float(value)) for name, value in known.items() if value is not None}
    if held.secondary_deficiency is not None:
        cells["SAD"] = str(int(held.secondary_deficiency))
    return cells
