"""Rows of a mapped table into the case of their patient, by the reader of ivigil's own flat form."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from ivigil.documents import BadInput, Place
from ivigil.facts import Case, Request, Statement
from ivigil.facts.readers.flat import read_flat
from ivigil.facts.readers.vocabulary import Vocabulary
from ivigil.populations.landing.mapping import FactColumn, IndicationColumn, TableMapping
from ivigil.populations.landing.quarantine import LINE, Quarantined, beginning
from ivigil.populations.landing.records import Origin, Pieces, Record
from ivigil.populations.landing.relevance import ORDERS
from ivigil.populations.landing.spill import Kept

_COMPARATORS = ("<=", ">=", "<", ">")
_TRUTHS = {"true": True, "false": False}


@dataclass
class RowReader:
    """Reads the rows of one part; what cannot be read is added to ``aside``."""

    vocabulary: Vocabulary
    mapping: TableMapping
    pieces: Pieces
    aside: list[Quarantined] = field(default_factory=list)

    def may_request(self, one: Kept) -> bool:
        """Every row is a request."""
        return one.why == ORDERS

    def read(self, patient: str, kept: Sequence[Kept]) -> Record:
        """The requests of a patient, each with what its row states; what has a date is the record's."""
        read = [found for one in kept if (found := self._row(one)) is not None]
        requests = tuple(request for case, _, _ in read for request in case.requests)
        statements = {statement for case, _, _ in read for statement in case.statements}
        case = Case(
            name=patient,
            statements=tuple(sorted(statements, key=lambda one: one.order)),
            requests=tuple(sorted(requests, key=lambda one: one.order)),
            warnings=tuple(sorted({warning for case, _, _ in read for warning in case.warnings})),
            patient=patient,
        )
        places = {request.origin: place for case, place, _ in read for request in case.requests}
        places |= {statement.origin: place for case, place, _ in read for statement in case.statements}
        sites = {request.origin: site for case, _, site in read for request in case.requests}
        return Record(patient, case, places, sites)

    def _row(self, one: Kept) -> tuple[Case, Origin, str | None] | None:
        place = self.pieces.place(one.piece, one.line)
        cells: dict[str, str] = json.loads(one.body)
        name = f"{place.file}, row {place.line}"
        try:
            case = read_flat(self.mapping_of(cells), Place(name), self.vocabulary)
        except BadInput as error:
            reason = "; ".join(_said(fault.where, name, fault.found, fault.expected) for fault in error.faults)
            self.aside.append(Quarantined(place.file, place.line, LINE, reason, beginning(one.body)))
            return None
        origin = cells.get(self.mapping.request or "", name)
        return _named(case, name, origin), place, cells.get(self.mapping.site or "")

    def mapping_of(self, cells: dict[str, str]) -> dict[str, Any]:
        """A row as a flat document."""
        dated: dict[str, Any] = {}
        stated: dict[str, Any] = {}
        for name, column in self.mapping.facts.items():
            if column.column in cells:
                given = _stated(cells, column)
                (dated if "date" in given else stated)[name] = given
        request = {**stated, **_indication(cells, self.mapping.indication)}
        authored = cells.get(self.mapping.authored or "")
        return {"facts": dated, "request": {**request, **({"date": authored} if authored else {})}}


def _stated(cells: dict[str, str], column: FactColumn) -> dict[str, Any]:
    written = cells[column.column]
    given: dict[str, Any] = {"value": column.values.get(written, written)}
    if column.values and written not in column.values:
        # Not one of the words that the mapping gives a meaning: no value of any fact is spelled so.
        given = {"value": [written]}
    elif column.unit is not None:
        given = _measured(written, column.unit)
    elif written in _TRUTHS:
        given = {"value": _TRUTHS[written]}
    when = cells.get(column.date or "")
    return {**given, **({"date": when} if when else {})}


def _measured(written: str, unit: str) -> dict[str, Any]:
    comparator = next((one for one in _COMPARATORS if written.startswith(one)), None)
    value = written.removeprefix(comparator or "").strip()
    return {"value": value, "unit": unit, **({"comparator": comparator} if comparator else {})}


def _indication(cells: dict[str, str], column: IndicationColumn | None) -> dict[str, Any]:
    written = cells.get(column.column) if column else None
    if column is None or written is None:
        return {}
    return {"indication": {"system": column.system, "code": written} if column.system else written}


def _said(where: str, name: str, found: str, expected: str) -> str:
    return f"{where.removeprefix(f'{name}, ')}: found {found}; expected {expected}"


def _named(case: Case, name: str, origin: str) -> Case:
    """The case of a row, whose request has the origin that the table gives it."""
    statements = tuple(replace(one, origin=name) for one in case.statements)
    return replace(case, statements=statements, requests=tuple(_request(one, name, origin) for one in case.requests))


def _request(request: Request, name: str, origin: str) -> Request:
    stated: tuple[Statement, ...] = tuple(replace(one, origin=name) for one in request.statements)
    reasons = tuple(replace(one, origin=origin) for one in request.reasons)
    return replace(request, origin=origin, reasons=reasons, statements=stated)
