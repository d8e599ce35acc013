"""Records of a search in words and as plain values: what was read, what was merged, and what a person must look at."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from ivigil.documents import encode
from ivigil.explain.layout import Row, Section
from ivigil.literature.duplicates import Merged
from ivigil.literature.near_duplicates import Near
from ivigil.literature.record import Read, Record
from ivigil.literature.screening import Entry, Joined, counts, decided_by

# As many as are screened at a sitting; the queue holds them all.
_SHOWN = 10


def record_sections(
    reads: Sequence[Read], groups: Sequence[Merged], near: Sequence[Near], joined: Joined | None
) -> Iterator[Section]:
    """Records of a search: what was read and kept apart, what to put right, and which records are or may be one."""
    yield Section("Read", tuple(Row(f"{one.name}: {one.format}, {_number(len(one.records))}") for one in reads))
    apart = tuple(
        Row(one.place, "kept apart", tuple(str(fault) for fault in one.faults))
        for read in reads
        for one in read.quarantined
    )
    remarks = [str(fault) for read in reads for fault in read.remarks] + list(joined.remarks if joined else ())
    remarks += [f"{one.record.title}: {said}" for one in groups for said in one.remarks if joined is None]
    several = tuple(
        Row(_named(one.record), "merged", tuple(each.place for each in one.members))
        for one in groups
        if len(one.members) > 1
    )
    alike = tuple(Row(one.why, "look", (_placed(one.first), _placed(one.second))) for one in near)
    for title, rows in (
        ("Records that cannot be used", apart),
        ("To put right", tuple(Row(one) for one in remarks)),
        ("Found several times", several),
        ("May be the same: not merged", alike),
    ):
        if rows:
            yield Section(title, rows)


def record_summary(reads: Sequence[Read], groups: Sequence[Merged], joined: Joined | None, queue: str | None) -> str:
    """How many records there are, in one line."""
    total = sum(len(one.records) for one in reads)
    apart = sum(len(one.quarantined) for one in reads)
    said = f"{_number(total)}, {len(groups)} after merging duplicates; {apart} kept apart."
    if joined is None:
        return said
    return f"{said} {queue}: {len(joined.added)} new, {len(joined.again)} found again, {len(joined.entries)} in all."


def record_values(
    reads: Sequence[Read], groups: Sequence[Merged], near: Sequence[Near], joined: Joined | None
) -> dict[str, Any]:
    """The same as plain values."""
    return {
        "files": [
            {
                "name": one.name,
                "format": one.format,
                "records": len(one.records),
                "quarantined": [encode(each) for each in one.quarantined],
                "remarks": [encode(each) for each in one.remarks],
            }
            for one in reads
        ],
        "records": [{**encode(one.record), "remarks": list(one.remarks)} for one in groups],
        "near": [{"why": one.why, "places": [one.first.place, one.second.place]} for one in near],
        "queue": {"added": list(joined.added), "again": list(joined.again), "entries": len(joined.entries)}
        if joined
        else None,
    }


def screening_sections(entries: Sequence[Entry], coming: Sequence[Entry], seed: int | None) -> list[Section]:
    """How far a queue is screened, and what comes next; ``seed`` is that of a ranking, where there was one."""
    rows = [Row(f"{count} {decision}") for decision, count in counts(entries).items()]
    rows += [Row(f"{count} decided by {name}") for name, count in decided_by(entries).items()]
    ahead = tuple(Row(f"{one.id}: {_named(one.record)}") for one in coming[:_SHOWN])
    title = "Next" if seed is None else f"Next, ranked (seed {seed}): a person decides"
    return [Section("Screened", tuple(rows)), Section(title, ahead)]


def _number(count: int) -> str:
    return f"{count} record{'s' if count != 1 else ''}"


def _named(record: Record) -> str:
    return f"{record.title} ({record.year})" if record.year else record.title


def _placed(record: Record) -> str:
    return f"{_named(record)} [{record.place}]"
