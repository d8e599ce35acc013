"""Reading one task: every line looked at, what may matter put aside by patient, what is unreadable by reason."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from ivigil.documents import BadInput
from ivigil.populations.landing.bundles import read_bundle
from ivigil.populations.landing.decoding import NotJson, TooDeepError, Unexpected
from ivigil.populations.landing.lines import Batch, Spoilt, lines_of
from ivigil.populations.landing.mapping import TableMapping
from ivigil.populations.landing.peek import Peek, kind_of_line, kinds_in, look_at
from ivigil.populations.landing.pieces import Piece, Task, part_of
from ivigil.populations.landing.quarantine import beginning
from ivigil.populations.landing.relevance import (
    ANSWERS,
    MAY_ORDER,
    ORDERS,
    SHARED,
    SPEAKS,
    STUB,
    Relevance,
    are_never_read,
    why_unread,
)
from ivigil.populations.landing.spill import QUARANTINE_PART, SHARED_PART, Kept, Spill, Spoiled
from ivigil.populations.landing.stubs import stub_of
from ivigil.populations.landing.subjects import Named, named, reference_of, subject_of
from ivigil.populations.landing.table_rows import Cells, SpoiltRow, rows_of

# What becomes of the lines: of no bearing on any decision, kept for now, or set aside.
NO_BEARING, KEPT, ASIDE = "no_bearing", "kept", "quarantined"
_BUNDLE = "Bundle"
_OF_PATIENTS = frozenset({ORDERS, MAY_ORDER, ANSWERS})
# What is read in the end only of those who ask.
_LEFT = frozenset({SPEAKS, STUB})
# What does not name its patient as the others do.
_NAMED_OTHERWISE = frozenset({"Patient", "Medication"})
Stretch = tuple[int, int, int]  # the number of a line, and where it begins and ends in a batch
# The references to patients that are remembered: exports give the lines of a patient close together.
_REMEMBERED = 50_000


def sift(task: Task, folder: Path, relevance: Relevance, parts: int, mapping: TableMapping | None = None) -> None:
    """Read the pieces of a task into a spill file of ``folder``."""
    sifting = _Sifting(Spill(folder, task.number), relevance, parts, mapping)
    for piece in task.pieces:
        sifting.read(piece)
    sifting.spill.finish(sifting.lines, sifting.counts, task.stamp)


@dataclass
class _Sifting:
    """One task being read."""

    spill: Spill
    relevance: Relevance
    parts: int
    mapping: TableMapping | None
    lines: dict[int, int] = field(default_factory=dict)
    counts: Counter[str] = field(default_factory=Counter)
    owners: dict[bytes, tuple[str, int]] = field(default_factory=dict)
    unread: bool = False  # whether the last lines were all of types that are never read

    def read(self, piece: Piece) -> None:
        self.lines[piece.number] = 0
        match piece.source.form:
            case "lines":
                self.stretch(piece)
            case "bundle":
                self.bundle(piece)
            case "table":
                self.table(piece)
            case "unread":
                self.file_aside(piece, "its name and its beginning say of no form that is read")

    def stretch(self, piece: Piece) -> None:
        source = piece.source
        for found in lines_of(source.path, piece.start, piece.end, packed=source.packed):
            if isinstance(found, Batch):
                self.batch(piece, found)
            else:
                self.spoilt(piece.number, found)

    def batch(self, piece: Piece, found: Batch) -> None:
        self.lines[piece.number] = found.first + len(found.ends) - 1
        if self.unread:
            # Exports hold one type a file, so that what follows is likely to be of no bearing too.
            kinds = kinds_in(found)
            self.unread = kinds is not None and are_never_read(kinds)
        if self.unread:
            self.counts[NO_BEARING] += len(found.ends)
        else:
            self.looked_at(piece, found, look_at(found))

    def looked_at(self, piece: Piece, found: Batch, lines: Sequence[Peek | None]) -> None:
        bearing = self.relevance.bearing(lines)
        self.unread = not bearing and are_never_read(frozenset(one.kind for one in lines if one is not None))
        dropped, ends = len(found.ends) - len(bearing), found.ends
        left: dict[tuple[str, bytes], list[int]] = {}
        for place, seen, why in bearing:
            if seen is not None and why in _LEFT and seen.kind not in _NAMED_OTHERWISE:
                left.setdefault((why, bytes(seen.subject) or bytes(seen.patient)), []).append(place)
                continue
            record = Kept("", why, piece.number, found.first + place, None, found.line(place))
            owner = self.owner(_written(seen)) if seen is not None and why in _OF_PATIENTS else None
            if owner is None:
                dropped += self.closely(record, seen)
            else:
                self.keep(owner[1], msgspec.structs.replace(record, patient=owner[0]))
        self.counts[NO_BEARING] += dropped
        for (why, written), places in left.items():
            of_one = [(found.first + place, ends[place - 1] + 1 if place else 0, ends[place]) for place in places]
            self.of_one(piece, found, Kept("", why, piece.number, 0, None, b""), written, of_one)

    def of_one(self, piece: Piece, found: Batch, like: Kept, written: bytes, places: Sequence[Stretch]) -> None:
        """Put aside lines about one patient, or, where they can be read again, only where they stand."""
        owner = self.owner(written)
        if owner is not None and not piece.source.packed:
            left = tuple((number, found.at + start, end - start) for number, start, end in places)
            self.counts[KEPT if like.why == SPEAKS else NO_BEARING] += len(left)
            self.spill.put(owner[1], msgspec.structs.replace(like, patient=owner[0], line=left[0][0], left=left))
            return
        for number, start, end in places:
            record = msgspec.structs.replace(like, line=number, body=found.text[start:end])
            if owner is None:
                self.of_patient(record)
            else:
                self.keep(owner[1], msgspec.structs.replace(record, patient=owner[0]))

    def closely(self, record: Kept, seen: Peek | None) -> bool:
        """Put a line where it belongs that needs more than a glance; whether it has no bearing."""
        return self.unpeeked(record) if seen is None else self.one(record, seen.kind)

    def owner(self, written: bytes) -> tuple[str, int] | None:
        """The patient that a reference names, with the part; ``None`` where a closer look is needed."""
        return self.owners.get(written) or (self.looked_up(written) if written else None)

    def looked_up(self, written: bytes) -> tuple[str, int] | None:
        try:
            patient = subject_of(Named(subject=reference_of(written)))
        except Unexpected:
            return None
        if patient is None:
            return None
        if len(self.owners) >= _REMEMBERED:
            self.owners.clear()
        return self.owners.setdefault(written, (patient, part_of(patient, self.parts)))

    def unpeeked(self, record: Kept) -> bool:
        """Put a line where it belongs that is no JSON, or not of the expected shape; whether it has no bearing."""
        try:
            kind = kind_of_line(record.body).kind
        except TooDeepError as error:
            self.aside(record, str(error))
            return False
        except Unexpected:
            kind = None
        except NotJson as error:
            if record.body.strip():
                self.aside(record, f"it is not JSON ({str(error)[:80]})")
            return False
        return self.one(msgspec.structs.replace(record, why=why_unread(kind) or ""), kind)

    def one(self, record: Kept, kind: object) -> bool:
        """Put one line where it belongs; whether it has no bearing."""
        if not isinstance(kind, str) or not kind:
            self.aside(record, "it is no FHIR resource")
        elif kind == _BUNDLE:
            self.aside(record, "it is a Bundle, and not the one resource that a line holds")
        elif record.why == SHARED or (record.why == STUB and kind == "Medication"):
            self.keep(SHARED_PART, record)
        elif record.why:
            self.of_patient(record)
        else:
            return True
        return False

    def of_patient(self, record: Kept) -> None:
        """Put aside what names a patient."""
        try:
            patient = subject_of(named(record.body))
        except Unexpected:
            patient = None
        if patient is not None:
            self.keep(part_of(patient, self.parts), msgspec.structs.replace(record, patient=patient))
        elif record.why == STUB:
            self.counts[NO_BEARING] += 1
        else:
            self.aside(record, "it names no patient")

    def keep(self, part: int, record: Kept, *, again: bool = False) -> None:
        if record.why == STUB:
            self.counts[NO_BEARING] += 1
            self.spill.put(part, msgspec.structs.replace(record, body=stub_of(record.body)))
        else:
            self.counts[KEPT] += not again
            self.spill.put(part, record)

    def bundle(self, piece: Piece) -> None:
        """Put aside the entries of a Bundle; a file that is none is set aside as a whole."""
        try:
            entries = read_bundle(piece.source, self.relevance)
        except BadInput as error:
            self.file_aside(piece, "; ".join(f"found {one.found}; expected {one.expected}" for one in error.faults))
            return
        self.lines[piece.number] = max((one.number for one in entries), default=0)
        for entry in entries:
            record = Kept(entry.patient or "", entry.why or "", piece.number, entry.number, entry.url, entry.body)
            if entry.aside is not None:
                self.aside(record, entry.aside)
            elif entry.why is None:
                self.counts[NO_BEARING] += 1
            else:
                self.keep(part_of(record.patient, self.parts), record, again=entry.again)

    def table(self, piece: Piece) -> None:
        """Put aside each row of a mapped table."""
        assert self.mapping is not None  # noqa: S101 - no table is a source without one
        number = 0
        try:
            for number, row in enumerate(rows_of(piece.source), 1):
                self.row(piece.number, number, row, self.mapping.patient)
        except BadInput as error:
            self.file_aside(piece, "; ".join(f"found {one.found}; expected {one.expected}" for one in error.faults))
        self.lines[piece.number] = number

    def row(self, piece: int, number: int, row: Cells | SpoiltRow, named_in: str) -> None:
        record = Kept("", ORDERS, piece, number, None, b"")
        if isinstance(row, SpoiltRow):
            self.aside(record, str(row))
            return
        record = msgspec.structs.replace(record, body=msgspec.json.encode(row), patient=row.get(named_in, ""))
        if record.patient:
            self.keep(part_of(record.patient, self.parts), record)
        else:
            self.aside(record, "it names no patient")

    def spoilt(self, piece: int, found: Spoilt) -> None:
        self.lines[piece] = found.number if found.is_line else found.number - 1
        self.counts[ASIDE] += found.is_line
        line = found.number if found.is_line else None
        self.spill.put(QUARANTINE_PART, Spoiled(piece, line, found.reason, found.begins))

    def aside(self, record: Kept, reason: str) -> None:
        self.counts[ASIDE] += 1
        self.spill.put(QUARANTINE_PART, Spoiled(record.piece, record.line, reason, beginning(record.body)))

    def file_aside(self, piece: Piece, reason: str) -> None:
        self.spill.put(QUARANTINE_PART, Spoiled(piece.number, None, reason, ""))


def _written(seen: Peek) -> bytes:
    """How a line refers to its patient; a Patient refers to none."""
    return b"" if seen.kind == "Patient" else bytes(seen.subject) or bytes(seen.patient)
