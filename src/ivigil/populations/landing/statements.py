"""From rows of the table of what was stated back to the statements and diagnoses of a case."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal

from ivigil.facts import (
    Between,
    Coding,
    Diagnosis,
    Exactly,
    Extent,
    OneOf,
    Period,
    Standing,
    Statement,
    Value,
    When,
)
from ivigil.populations.landing.event_rows import DIAGNOSIS, SEPARATOR, Row
from ivigil.tables import Value as Cell


def statements_in(rows: Iterable[Row], request: str | None = None) -> tuple[Statement, ...]:
    """The statements that rows hold: the record's own, or those of one request."""
    return tuple(
        Statement(
            fact=str(row["fact"]),
            says=_extent_in(row),
            written=str(row["written"]),
            origin=str(row["origin"]),
            when=_when_in(row.get("first_day"), row.get("last_day"), row.get("moment")),
            standing=Standing[str(row["standing"]).upper()],
            undated_is_current=bool(row["undated_is_current"]),
        )
        for row in rows
        if row["kind"] != DIAGNOSIS and row.get("request") == request
    )


def diagnoses_in(rows: Iterable[Row]) -> tuple[Diagnosis, ...]:
    """The diagnoses that rows hold."""
    return tuple(_diagnosis_in(row) for row in rows if row["kind"] == DIAGNOSIS)


def _diagnosis_in(row: Row) -> Diagnosis:
    value = json.loads(str(row["value"]))
    return Diagnosis(
        origin=str(row["origin"]),
        codings=tuple(Coding(*one) for one in value["codings"]),
        text=value["text"],
        state=row["standing"],  # type: ignore[arg-type] # one of the states, as it was written
        when=_when_in(row.get("first_day"), row.get("last_day"), row.get("moment")),
        indication=value["indication"],
        onset=_when_in(*value["onset"]) if value["onset"] else None,
    )


def _when_in(first: Cell, last: Cell, moment: Cell) -> When | None:
    if first is None:
        return None
    at = datetime.fromisoformat(str(moment)) if moment else None
    return When(date.fromisoformat(str(first)), date.fromisoformat(str(last)), at)


def _extent_in(row: Row) -> Extent | None:
    value, (low, high) = str(row.get("value")), (row.get(name) for name in ("low", "high"))
    match row["kind"]:
        case "unknown":
            return None
        case "codes":
            return OneOf(frozenset(value.split(SEPARATOR)))
        case "span":
            return Between(_decimal(low), _decimal(high), bool(row["low_open"]), bool(row["high_open"]))
        case "period":
            return Period(date.fromisoformat(str(low)), date.fromisoformat(str(high)))
        case kind:
            return Exactly(_VALUES[str(kind)](value))


_VALUES: Mapping[str, Callable[[str], Value]] = {
    "truth": lambda written: written == "true",
    "number": Decimal,
    "code": str,
    "date": date.fromisoformat,
}


def _decimal(value: Cell) -> Decimal | None:
    return None if value is None else Decimal(str(value))
