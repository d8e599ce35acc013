"""Event tables in the form that NONMEM made common: one row a dose, a level or a change, read with every fault by row.

.. code-block:: text

    ID,TIME [d],AMT [g],DUR [h],ROUTE,EVID,DV [g/L],WT [kg]
    1,-7,.,.,.,0,5.1,70
    1,0,35,4,IV,1,.,70

``TIME`` is a number of the unit stated, or a date; dates count from the person's first dose. ``.`` is a missing value.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby, pairwise
from typing import Any

from ivigil.documents import BadInput, Fault
from ivigil.kinetics.doses import LONGEST_OVERLAP_DAYS, Course, Dose, Route, dose_faults, overlaps
from ivigil.kinetics.event_columns import Column, columns_of
from ivigil.kinetics.event_rows import DOSED, OBSERVED, EventRow, RowReading
from ivigil.kinetics.outside import outside
from ivigil.kinetics.people import CovariateCourse, Covariates
from ivigil.knowledge.kinetic_records import LinearModel

_SECONDS_A_DAY = 86400.0
_MOST_ADDITIONAL = 100_000
_UNKNOWN = Covariates(weight_kg=None)


@dataclass(frozen=True)
class Observed:
    """A measured level of total IgG in g/L on a day. ``g_per_l`` is ``None`` where it lies below ``limit_g_per_l``."""

    at_day: float
    g_per_l: float | None
    limit_g_per_l: float | None = None

    @property
    def is_below_limit(self) -> bool:
        """Whether only its limit of quantification is known."""
        return self.g_per_l is None


@dataclass(frozen=True)
class Subject:
    """One person of a table: what was given, what was measured, and the covariates from each day on."""

    id: str
    course: Course
    covariates: CovariateCourse
    levels: tuple[Observed, ...] = ()


@dataclass(frozen=True)
class EventTable:
    """The people of a table, in its order."""

    name: str
    subjects: tuple[Subject, ...]


def read_events(
    content: bytes,
    name: str,
    *,
    units: Mapping[str, str] | None = None,
    compartments: Mapping[str, Route] | None = None,
    ignored: Sequence[str] = (),
) -> EventTable:
    """The people of a CSV table called ``name``.

    ``units`` states units that the header does not; ``compartments`` says which route a number in CMT is; ``ignored``
    columns are left out. Raises :class:`BadInput` with every fault of every row, and nothing is read in part.
    """
    lines = _lines(content, name)
    columns, faults = columns_of(lines[0][1], f"{name}, {lines[0][0]}", units or {}, ignored)
    if faults:
        raise BadInput(faults)
    rows, faults = _rows(lines, name, columns, compartments or {})
    people = [list(group) for _, group in groupby(rows, key=lambda row: row.who)]
    faults += _apart(people)
    made = [_subject(group, faults) for group in people]
    if faults:
        raise BadInput(faults)
    return EventTable(name, tuple(made))


def flags(table: EventTable, model: LinearModel, indication: str | None = None) -> tuple[str, ...]:
    """Who lies outside what the model was built on, and why: the person's id, then the reason; each once."""
    said = (
        f"{subject.id}: {reason}"
        for subject in table.subjects
        for _, covariates in subject.covariates.changes
        for reason in outside(model, covariates, subject.course, indication)
    )
    return tuple(dict.fromkeys(said))


def _lines(content: bytes, name: str) -> list[tuple[str, list[str]]]:
    """Each line that holds something, with its place. The first is the header."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadInput([Fault(name, f"byte {error.start} that is not UTF-8", "a CSV table in UTF-8")]) from None
    try:
        reader = csv.reader(io.StringIO(text, newline=""), strict=True)
        lines = [(f"row {reader.line_num}", cells) for cells in reader if any(cell.strip() for cell in cells)]
    except csv.Error as error:
        raise BadInput([Fault(name, str(error), "a CSV table with commas")]) from None
    if not lines:
        raise BadInput([Fault(name, "nothing", "a header and rows")])
    return lines


def _rows(
    lines: list[tuple[str, list[str]]], name: str, columns: Mapping[str, Column], compartments: Mapping[str, Route]
) -> tuple[list[EventRow], list[Fault]]:
    rows: list[EventRow] = []
    faults: list[Fault] = []
    for place, cells in lines[1:]:
        where = f"{name}, {place}"
        if len(cells) != len(lines[0][1]):
            faults.append(Fault(where, f"{len(cells)} cells", f"{len(lines[0][1])}, as in the header"))
            continue
        reading = RowReading(columns, cells, where)
        rows.append(reading.read(compartments))
        faults += reading.faults
    return rows, faults


def _apart(people: Sequence[Sequence[EventRow]]) -> Iterator[Fault]:
    seen: set[str] = set()
    for group in people:
        if group[0].who in seen:
            yield Fault(f"{group[0].where}, ID", f"{group[0].who} again", "the rows of a person together")
        seen.add(group[0].who)


def _subject(rows: list[EventRow], faults: list[Fault]) -> Subject:
    """One person. What is wrong with rows that are each sound goes to ``faults``."""
    found = list(_time_faults(rows))
    faults += found
    if found or any(row.at is None for row in rows):
        return Subject(rows[0].who, Course(), CovariateCourse(((0.0, _UNKNOWN),)))
    timed = _in_days(rows)
    doses = [(dose, row.where) for day, row in timed if row.event == DOSED for dose in _doses(day, row, faults)]
    doses.sort(key=lambda pair: pair[0].at_day)
    impossible = [fault for dose, where in doses for fault in dose_faults(dose, where)]
    course = Course() if impossible else Course(tuple(dose for dose, _ in doses))
    faults += _overlapping(course, [where for _, where in doses])
    return Subject(rows[0].who, course, _covariates(timed), tuple(_levels(timed)))


def _time_faults(rows: Sequence[EventRow]) -> Iterator[Fault]:
    first_dose = next((place for place, row in enumerate(rows) if row.event == DOSED), None)
    for place, row in enumerate(rows):
        if row.is_undated:
            yield _undated(row, is_early=first_dose is None or place < first_dose)
    given = [row for row in rows if row.at is not None]
    for one, other in pairwise(given):
        if isinstance(one.at, datetime) != isinstance(other.at, datetime):
            yield Fault(f"{other.where}, TIME", "a date among numbers of days", "dates or numbers, for a whole person")
        elif _is_before(other.at, one.at):
            yield Fault(f"{other.where}, TIME", "a time before the row above", "the rows of a person in order of time")


def _is_before(one: Any, other: Any) -> bool:  # noqa: ANN401 - both are numbers, or both are dates
    return bool(one < other)


def _undated(row: EventRow, *, is_early: bool) -> Fault:
    if row.event == OBSERVED and is_early:
        hint = "Say when it was taken: a level before the first dose counts by its distance to it."
        return Fault(f"{row.where}, TIME", "a level before the first dose without a date", "a day or a date", hint)
    return Fault(f"{row.where}, TIME", "none", "a day or a date")


def _in_days(rows: Sequence[EventRow]) -> list[tuple[float, EventRow]]:
    """Rows with their days; dates count from the first dose, or the first row where there is none."""
    origin = next((row.at for row in rows if row.event == DOSED), rows[0].at)
    days = []
    for row in rows:
        if isinstance(row.at, datetime) and isinstance(origin, datetime):
            days.append(((row.at - origin).total_seconds() / _SECONDS_A_DAY, row))
        elif isinstance(row.at, float):
            days.append((row.at, row))
    return days


def _doses(day: float, row: EventRow, faults: list[Fault]) -> Iterator[Dose]:
    if row.more > _MOST_ADDITIONAL:
        faults.append(Fault(f"{row.where}, ADDL", str(row.more), f"at most {_MOST_ADDITIONAL} additional doses"))
        return
    first = Dose(day, row.grams, row.route, row.hours)
    for number in range(row.more + 1):
        yield replace(first, at_day=day + number * row.interval_days)


def _overlapping(course: Course, places: Sequence[str]) -> Iterator[Fault]:
    for first, second, days in overlaps(course):
        if days > LONGEST_OVERLAP_DAYS:
            found = f"an infusion that runs {days:.3g} days beside that of {places[first - 1]}"
            yield Fault(places[second - 1], found, "infusions that share a day at most", "Check the dates and rates.")


def _levels(timed: Sequence[tuple[float, EventRow]]) -> Iterator[Observed]:
    for day, row in timed:
        if row.event == OBSERVED and (row.is_below or row.level_g_per_l is not None):
            yield Observed(day, None if row.is_below else row.level_g_per_l, row.limit_g_per_l)


def _covariates(timed: Sequence[tuple[float, EventRow]]) -> CovariateCourse:
    """Covariates from each day on. A cell that is missing keeps what the person's rows above say."""
    changes: dict[float, Covariates] = {}
    held = _UNKNOWN
    for day, row in timed:
        now = replace(held, **(row.covariates or {}))
        if now != held or not changes:
            changes[day] = held = now
    return CovariateCourse(tuple(changes.items()))
