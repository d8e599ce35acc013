"""Landing one part: its patients read, and their tables written."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from pathlib import Path

from ivigil.documents import BadInput, canonical_json, write_whole
from ivigil.knowledge import Library
from ivigil.populations.landing.counts import part_file
from ivigil.populations.landing.drugs import Drugs
from ivigil.populations.landing.event_rows import EVENT_KINDS, event_rows
from ivigil.populations.landing.mapped import RowReader
from ivigil.populations.landing.mapping import TableMapping
from ivigil.populations.landing.quarantine import PATIENT, Quarantined
from ivigil.populations.landing.recall import recalled
from ivigil.populations.landing.records import Pieces, RecordReader, by_patient
from ivigil.populations.landing.relevance import REQUESTING
from ivigil.populations.landing.request_rows import RequestRows, request_kinds
from ivigil.populations.landing.spill import Block, Kept, kept_in
from ivigil.review import Judge
from ivigil.tables import Kind, Value, start

Row = dict[str, Value]


@dataclass(frozen=True)
class Place:
    """Where a landing works: its spill files, and the folder that it fills."""

    work: Path
    out: Path


@dataclass(frozen=True)
class PartCounts:
    """What one part came to."""

    with_requests: int
    without_requests: int
    landed: int
    rows: int
    aside: tuple[Quarantined, ...]


class Table:
    """Rows being gathered; columns that a row lacks are empty."""

    def __init__(self, kinds: Mapping[str, Kind]) -> None:
        """Begin without rows."""
        self.kinds = kinds
        self.rows: list[tuple[Value, ...]] = []
        self._empty: dict[str, Value] = dict.fromkeys(kinds)

    def add(self, rows: Iterable[Row]) -> None:
        """Add rows whose columns are all the table's."""
        # Of two dictionaries joined, the columns keep the places of the first.
        self.rows += [tuple((self._empty | row).values()) for row in rows]


@dataclass
class PartLander:
    """Lands parts under one library."""

    place: Place
    library: Library
    today: date | None
    pieces: Pieces
    shared: Sequence[Block]
    mapping: TableMapping | None = None
    _drugs: list[Drugs] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Prepare to judge: once for all parts."""
        self.judge = Judge(self.library)
        self.kinds = request_kinds(self.library)

    def land(self, part: int, blocks: Sequence[Block]) -> None:
        """Write the tables of a part, and last what it came to."""
        landing = _Part(self._reader(), self)
        landing.add_all(list(kept_in(self.place.work, blocks)))
        write_table(part_file(self.place.out, "events", part), landing.events)
        write_table(part_file(self.place.out, "requests", part), landing.rows)
        write_whole(_counts_file(self.place.work, part), canonical_json(asdict(landing.counts())))

    def _reader(self) -> RecordReader | RowReader:
        if self.mapping is not None:
            return RowReader(self.library.vocabulary, self.mapping, self.pieces)
        return RecordReader(self.library.vocabulary, self._shared(), self.pieces)

    def _shared(self) -> Drugs:
        if not self._drugs:
            self._drugs.append(Drugs.of(kept_in(self.place.work, self.shared)))
        return self._drugs[0]


class _Part:
    """One part being landed."""

    def __init__(self, reader: RecordReader | RowReader, lander: PartLander) -> None:
        self.reader, self.lander = reader, lander
        self.requests = RequestRows(lander.judge, lander.today)
        self.rows, self.events = Table(lander.kinds), Table(EVENT_KINDS)
        self.aside: list[Quarantined] = []
        self.with_requests = self.without = 0

    def add_all(self, kept: Sequence[Kept]) -> None:
        """Add whoever may ask; of the others, who are most, nothing is read."""
        asking = {one.patient for one in kept if one.why in REQUESTING and self.reader.may_request(one)}
        self.without += len({one.patient for one in kept} - asking)
        wanted = recalled((one for one in kept if one.patient in asking), self.reader.pieces)
        for patient, resources in by_patient(wanted).items():
            self.add(patient, resources)

    def add(self, patient: str, kept: Sequence[Kept]) -> None:
        try:
            record = self.reader.read(patient, kept)
        except BadInput as error:
            place = self.reader.pieces.place(kept[0].piece, kept[0].line)
            reason = "; ".join(f"found {one.found}; expected {one.expected}" for one in error.faults)
            self.aside.append(Quarantined(place.file, place.line, PATIENT, reason, patient))
            return
        if not record.case.requests:
            self.without += 1
            return
        self.with_requests += 1
        self.events.add(event_rows(record, self.lander.library.askable))
        self.rows.add(self.requests.of(record))

    def counts(self) -> PartCounts:
        aside = tuple(sorted({*self.aside, *self.reader.aside, *self.requests.aside}, key=lambda one: one.place))
        return PartCounts(self.with_requests, self.without, self.requests.landed, len(self.rows.rows), aside)


def write_table(path: Path, table: Table) -> None:
    """A table as Parquet, written whole or not at all."""
    engine = start("polars")
    draft = path.with_name(f".{path.name}.draft")
    path.parent.mkdir(parents=True, exist_ok=True)
    engine.write_parquet(engine.table(table.kinds, table.rows), draft)
    draft.replace(path)


def is_landed(work: Path, part: int) -> bool:
    """Whether a part is written."""
    return _counts_file(work, part).is_file()


def part_counts(work: Path, part: int) -> PartCounts:
    """What a part that is written came to."""
    found = json.loads(_counts_file(work, part).read_bytes())
    return PartCounts(**{**found, "aside": tuple(Quarantined(**one) for one in found["aside"])})


def _counts_file(work: Path, part: int) -> Path:
    return work / f"part-{part:06d}.json"
