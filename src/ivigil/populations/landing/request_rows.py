"""The table of requests: one row for each indication that each request names, with what was known on its day."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from ivigil.criteria.frames import cells
from ivigil.facts import Case, Request, Settled, Statement
from ivigil.knowledge import Library, has
from ivigil.populations.compiled import ESTABLISHED, INDICATION
from ivigil.populations.landing.knowing import Knowing
from ivigil.populations.landing.quarantine import REQUEST, Quarantined
from ivigil.populations.landing.records import Record
from ivigil.populations.rows import known_cells, known_kinds
from ivigil.review import Judge
from ivigil.review.compiled import ORDERED
from ivigil.review.match import Match
from ivigil.tables import Kind, Value

Row = dict[str, Value]
# A request for something that no indication of the library answers to.
NOT_LISTED = "not listed"
REQUEST_KEYS: Mapping[str, Kind] = {
    "row": "text",
    "patient": "text",
    "request": "text",
    "authored": "text",
    "index_date": "text",
    "month": "text",
    "site": "text",
    "reason": "text",
    "matched": "text",
    "file": "text",
    "line": "whole",
    INDICATION: "text",
    ESTABLISHED: "truth",
}


def request_kinds(library: Library) -> dict[str, Kind]:
    """Every column of the table of requests, with its kind."""
    return {**REQUEST_KEYS, **known_kinds(library.askable)}


@dataclass(frozen=True)
class _Asked:
    """One thing that a request asks for: an indication, a reason that is none, or nothing."""

    match: Match | None = None
    reason: str | None = None

    @property
    def onset(self) -> tuple[Statement, ...]:
        """The dates on which its diagnosis is said to have begun."""
        return self.match.onset if self.match is not None else ()

    @property
    def indication(self) -> str | None:
        if self.match is not None:
            return self.match.indication.id
        return NOT_LISTED if self.reason is not None else None


@dataclass(frozen=True)
class _Question:
    """One request, the day as of which it is judged, and what is known of the patient."""

    name: str
    case: Case
    request: Request
    day: date
    knowing: Knowing


@dataclass
class RequestRows:
    """Makes the rows of requests; a request that cannot be dated is added to ``aside``."""

    judge: Judge
    today: date | None = None
    aside: list[Quarantined] = field(default_factory=list)
    landed: int = 0

    def of(self, record: Record) -> list[Row]:
        """The rows of one record, each with a name of its own, in order of name."""
        knowing = Knowing(record.case, self.judge.library.askable)
        rows = [row for request in record.case.requests for row in self._request(record, request, knowing)]
        seen: Counter[Value] = Counter()
        for row in rows:
            seen[row["row"]] += 1
            row["row"] = f"{row['row']}#{seen[row['row']]}" if seen[row["row"]] > 1 else row["row"]
        return sorted(rows, key=lambda row: str(row["row"]))

    def _request(self, record: Record, request: Request, knowing: Knowing) -> Iterator[Row]:
        day = index_date(request, self.today)
        place = record.places.get(request.origin)
        if day is None:
            file, line = (place.file, place.line) if place else (record.patient, None)
            self.aside.append(Quarantined(file, line, REQUEST, "the order has no date", request.origin))
            return
        self.landed += 1
        common = {
            "patient": record.patient,
            "request": request.origin,
            "authored": str(request.authored) if request.authored else None,
            "index_date": day.isoformat(),
            "month": day.isoformat()[:7],
            "site": record.sites.get(request.origin),
            "file": place.file if place else None,
            "line": place.line if place else None,
        }
        question = _Question(f"{record.patient}|{request.origin}", record.case, request, day, knowing)
        known: dict[tuple[Statement, ...], Mapping[str, Settled]] = {}
        for asked in self._asked(question):
            if asked.onset not in known:
                known[asked.onset] = knowing.known((*request.statements, *asked.onset), day)
            yield {**common, **self._row(question, asked, known[asked.onset])}

    def _asked(self, question: _Question) -> list[_Asked]:
        # Of all that is known, matching asks only whether diagnoses are established, which follows from nothing else.
        answers = question.knowing.answers(question.request.statements, question.day, self._has)
        matching = self.judge.matcher.matching(question.case, question.request, answers)
        found = [_Asked(match, str(match.reason)) for match in matching.matches]
        found += [_Asked(None, str(reason)) for reason in matching.unlisted]
        return found or [_Asked()]

    @cached_property
    def _has(self) -> frozenset[str]:
        return frozenset(has(one) for one in self.judge.library.indications)

    def _row(self, question: _Question, asked: _Asked, known: Mapping[str, Settled]) -> Row:
        """What is known with a view to one indication."""
        match = asked.match
        catalogue = self.judge.library.askable
        own = {} if match is None else cells(catalogue[has(match.indication.id)], match.established.extent)
        return {
            **known_cells(known, catalogue),
            **own,
            "row": f"{question.name}|{asked.indication if match else asked.reason or ''}",
            "reason": asked.reason,
            "matched": match.how if match else None,
            INDICATION: asked.indication,
            ESTABLISHED: next(iter(own.values()), None),
            **({ORDERED: True} if question.request.medication_named else {}),
        }


def index_date(request: Request, today: date | None) -> date | None:
    """The day as of which a request is judged: that on which it was written, of a partial date the last."""
    return request.authored.last if request.authored else today
