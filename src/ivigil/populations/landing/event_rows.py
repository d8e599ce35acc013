"""The table of what was stated: one row for each statement and diagnosis of a record, from which they can be had back.

``kind`` says what ``value`` is: ``truth``, ``number``, ``code``, ``date``; ``span`` and ``period`` lie between ``low``
and ``high``; ``codes`` are several possible options; ``unknown`` is what the record itself says is not known; and a
``diagnosis`` is a condition of the problem list. Numbers stand in ``value``, ``low`` and ``high`` digit for digit in
the fact's unit, and in ``number`` as the nearest floating-point number.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache

from ivigil.documents import canonical_json
from ivigil.facts import (
    Between,
    Catalogue,
    Diagnosis,
    Exactly,
    Extent,
    OneOf,
    Period,
    Standing,
    Statement,
    When,
)
from ivigil.facts import Value as Known
from ivigil.populations.landing.records import Record
from ivigil.tables import Kind, Value

EVENT_KINDS: Mapping[str, Kind] = {
    "patient": "text",
    "request": "text",  # the order that states it of itself; empty for the record's own
    "fact": "text",
    "kind": "text",
    "value": "text",
    "number": "number",
    "low": "text",
    "high": "text",
    "low_open": "truth",
    "high_open": "truth",
    "unit": "text",
    "time": "text",
    "first_day": "text",
    "last_day": "text",
    "moment": "text",
    "standing": "text",  # final or preliminary; of a diagnosis its state
    "undated_is_current": "truth",
    "written": "text",
    "origin": "text",
    "file": "text",
    "line": "whole",
}
Row = dict[str, Value]
DIAGNOSIS, SEPARATOR = "diagnosis", "|"
_STANDINGS = {one: one.name.lower() for one in Standing}


def event_rows(record: Record, catalogue: Catalogue) -> Iterator[Row]:
    """The rows of one record, in a stable order."""
    case = record.case
    for statement in case.statements:
        yield _placed(record, _statement(statement, catalogue, None), statement.origin)
    for request in case.requests:
        for statement in request.statements:
            yield _placed(record, _statement(statement, catalogue, request.origin), statement.origin)
    for diagnosis in case.diagnoses:
        yield _placed(record, _diagnosis(diagnosis), diagnosis.origin)


def _placed(record: Record, row: Row, origin: str) -> Row:
    # A contained resource stands in the line of the resource around it.
    place = record.places.get(origin) or record.places.get(origin.split("#", 1)[0])
    row["patient"], row["origin"] = record.patient, origin
    if place:
        row["file"], row["line"] = place.file, place.line
    return row


def _statement(given: Statement, catalogue: Catalogue, request: str | None) -> Row:
    return {
        "request": request,
        "fact": given.fact,
        "unit": catalogue[given.fact].unit,
        "standing": _STANDINGS[given.standing],
        "undated_is_current": given.undated_is_current,
        "written": given.written,
        **_extent(given.says),
        **_when(given.when),
    }


def _extent(extent: Extent | None) -> Row:
    if isinstance(extent, Exactly):
        return _exactly(extent.value)
    match extent:
        case None:
            return {"kind": "unknown"}
        case OneOf(values):
            return {"kind": "codes", "value": SEPARATOR.join(sorted(values))}
        case Between(low, high, low_open, high_open):
            ends = {"low": _text(low), "high": _text(high), "low_open": low_open, "high_open": high_open}
            return {"kind": "span", **ends}
        case Period(first, last):
            return {"kind": "period", "low": first.isoformat(), "high": last.isoformat()}


def _exactly(value: Known) -> Row:
    if isinstance(value, bool):
        return {"kind": "truth", "value": "true" if value else "false"}
    if isinstance(value, Decimal):
        return {"kind": "number", "value": str(value), "number": float(value)}
    if isinstance(value, date):
        return {"kind": "date", "value": value.isoformat()}
    return {"kind": "code", "value": value}


def _text(value: Decimal | None) -> str | None:
    return None if value is None else str(value)


def _when(when: When | None) -> Row:
    return {} if when is None else _days(when.first, when.last, when.moment)


@lru_cache(maxsize=4096)
def _days(first: date, last: date, moment: datetime | None) -> Row:
    """The cells of a date, which is that of much of a record."""
    at = moment.isoformat() if moment else None
    days: Row = {"first_day": first.isoformat(), "last_day": last.isoformat()}
    return {"time": at or str(When(first, last)), **days, "moment": at}


def _diagnosis(given: Diagnosis) -> Row:
    onset = _when(given.onset)
    value = {
        "codings": [[one.system, one.code, one.display] for one in given.codings],
        "text": given.text,
        "indication": given.indication,
        "onset": [onset.get(name) for name in ("first_day", "last_day", "moment")] if onset else None,
    }
    return {"kind": DIAGNOSIS, "value": canonical_json(value), "standing": given.state, **_when(given.when)}
