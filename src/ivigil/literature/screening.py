"""A screening queue: what a search found, and what named persons decided of it. No program ever decides.

The queue is one CSV file, so that it can be screened in any table program. It is written whole and read strictly.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal, cast

from ivigil.documents import BadInput, Fault
from ivigil.literature.duplicates import Merged, author_key, title_key, without_duplicates
from ivigil.literature.record import Record, doi_of, nct_of, pmid_of, year_of
from ivigil.literature.table import Line, read_table, table_text, unsafe

Decision = Literal["include", "exclude", "undecided"]
DECISIONS: tuple[Decision, ...] = ("include", "exclude", "undecided")
COLUMNS = (
    "id",
    "title",
    "year",
    "decision",
    "reason",
    "by",
    "authors",
    "journal",
    "doi",
    "pmid",
    "nct",
    "language",
    "types",
    "url",
    "source",
    "place",
    "abstract",
)
# Collaborations sign with thousands of names; only the first is ever compared.
_MOST_AUTHORS = 10
_QUEUED = "queue:"


@dataclass(frozen=True)
class Entry:
    """A record to be screened. ``by`` names the person who decided; nobody has while it is undecided."""

    id: str
    record: Record
    decision: Decision = "undecided"
    reason: str | None = None
    by: str | None = None


@dataclass(frozen=True)
class Joined:
    """A queue with a search merged into it: the entries, which are new, and which the search found again."""

    entries: tuple[Entry, ...]
    added: tuple[str, ...]
    again: tuple[str, ...]
    remarks: tuple[str, ...] = ()


def read_queue(content: bytes, name: str) -> tuple[Entry, ...]:
    """The entries of a queue in their order. Raises :class:`BadInput` with every fault by line."""
    table = read_table(content, name)
    missing = [Fault(name, f"no column {one!r}", "the columns of a screening queue") for one in _absent(table.columns)]
    unknown = [one for one in table.columns if one and one not in COLUMNS]
    faults = [
        *table.faults,
        *missing,
        *(Fault(name, f"the column {one!r}", "only those of a queue") for one in unknown),
    ]
    faults += [fault for line in table.lines for fault in _of_line(line, f"{name}, line {line.number}")]
    faults += _twice(table.lines, name)
    if faults:
        raise BadInput(faults)
    return tuple(_entry(line) for line in table.lines)


def queue_text(entries: Iterable[Entry]) -> str:
    """``entries`` as the CSV that :func:`read_queue` reads, beginning with the mark that tells Excel it is UTF-8."""
    return "\ufeff" + table_text(COLUMNS, (_cells(one) for one in entries))


def with_search(entries: Sequence[Entry], records: Iterable[Record]) -> Joined:
    """``entries`` with what a search found: new records are added undecided, decisions and their order stay.

    A record that is there already brings its ids and a longer abstract. Two entries that a new record shows to be one
    both stay, as a person may have decided each, and a remark says so.
    """
    held = {f"{_QUEUED}{one.id}; {one.record.place}": one for one in entries}
    marked = [replace(one.record, place=place) for place, one in held.items()]
    found, remarks, added = dict[str, Entry](), list[str](), list[Entry]()
    again = []
    for group in without_duplicates([*marked, *records]):
        known = [held[one.place] for one in group.members if one.place in held]
        remarks += [f"{group.record.title}: {said}" for said in group.remarks]
        if not known:
            added.append(_new(group, {*(one.id for one in entries), *(one.id for one in added)}))
        elif len(known) > 1:
            remarks.append(f"{' and '.join(sorted(one.id for one in known))} are one record, and both stay")
        elif len(group.members) > 1:
            again.append(known[0].id)
            found[known[0].id] = replace(known[0], record=_enriched(group, held))
    kept = (found.get(one.id, one) for one in entries)
    return Joined((*kept, *added), tuple(one.id for one in added), tuple(sorted(again)), tuple(remarks))


def counts(entries: Iterable[Entry]) -> dict[str, int]:
    """How many entries are included, excluded and undecided."""
    found = Counter(one.decision for one in entries)
    return {decision: found[decision] for decision in DECISIONS}


def decided_by(entries: Iterable[Entry]) -> dict[str, int]:
    """How many entries each person decided, by name."""
    return dict(sorted(Counter(one.by for one in entries if one.by and one.decision != "undecided").items()))


def _new(group: Merged, taken: set[str]) -> Entry:
    wanted = _id(group.record)
    free = (
        wanted
        if wanted not in taken
        else next(name for number in range(2, len(taken) + 3) if (name := f"{wanted}-{number}") not in taken)
    )
    return Entry(free, group.record)


def _id(record: Record) -> str:
    for kind, ids in (("pmid", record.pmids), ("doi", record.dois), ("nct", record.ncts)):
        if ids:
            return ids[0].lower() if kind == "nct" else f"{kind}-{ids[0]}"
    text = f"{title_key(record)}|{author_key(record)}|{record.year}"
    return f"title-{hashlib.sha256(text.encode()).hexdigest()[:12]}"


def _enriched(group: Merged, held: dict[str, Entry]) -> Record:
    """The merged record with the places where its members were read, the queue itself being none."""
    places = {
        part
        for one in group.members
        for part in (held[one.place].record.place if one.place in held else one.place).split("; ")
    }
    return replace(group.record, place="; ".join(sorted(places)))


def _cells(one: Entry) -> dict[str, str]:
    record = one.record
    return {
        "id": one.id,
        "title": record.title,
        "year": str(record.year or ""),
        "decision": one.decision,
        "reason": one.reason or "",
        "by": one.by or "",
        "authors": _listed(record.authors[:_MOST_AUTHORS]),
        "journal": record.journal or "",
        # DOIs may hold a semicolon, never a blank.
        "doi": " ".join(record.dois),
        "pmid": " ".join(record.pmids),
        "nct": " ".join(record.ncts),
        "language": record.language or "",
        "types": _listed(record.publication_types),
        "url": record.url or "",
        "source": record.source,
        "place": record.place,
        "abstract": record.abstract or "",
    }


def _listed(names: Iterable[str]) -> str:
    return "; ".join(name.replace(";", ",") for name in names)


def _entry(line: Line) -> Entry:
    cell = {name: unsafe(line[name]) for name in COLUMNS}
    record = Record(
        source=cell["source"],
        place=cell["place"],
        title=cell["title"],
        dois=tuple(cell["doi"].split()),
        pmids=tuple(cell["pmid"].split()),
        ncts=tuple(cell["nct"].split()),
        authors=_parts(cell["authors"]),
        year=int(cell["year"]) if cell["year"] else None,
        journal=cell["journal"] or None,
        abstract=cell["abstract"] or None,
        language=cell["language"] or None,
        publication_types=_parts(cell["types"]),
        url=cell["url"] or None,
    )
    decision = cast("Decision", cell["decision"] or "undecided")
    return Entry(cell["id"], record, decision, cell["reason"] or None, cell["by"] or None)


def _parts(cell: str) -> tuple[str, ...]:
    return tuple(part for one in cell.split(";") if (part := one.strip()))


def _absent(columns: Sequence[str]) -> list[str]:
    return [one for one in COLUMNS if one not in columns]


def _of_line(line: Line, place: str) -> Iterator[Fault]:
    for name in ("id", "title"):
        if not line[name]:
            yield Fault(f"{place}, {name}", "nothing", f"the {name} of a record", "Leave what import wrote as it is.")
    decision = line["decision"]
    if decision not in {"", *DECISIONS}:
        yield Fault(f"{place}, decision", repr(decision), f"one of {', '.join(DECISIONS)}")
    elif decision in {"include", "exclude"} and not line["by"]:
        hint = "A decision belongs to a person: write the name in the column by."
        yield Fault(f"{place}, by", "nothing", "who decided", hint)
    if line["year"] and (year_of(line["year"]) is None or len(line["year"]) != len("2000")):
        yield Fault(f"{place}, year", repr(line["year"]), "a year of four digits, or nothing")
    for name, read in (("doi", doi_of), ("pmid", pmid_of), ("nct", nct_of)):
        for text in unsafe(line[name]).split():
            if read(text) != text:
                yield Fault(f"{place}, {name}", repr(text), "the id as import wrote it")


def _twice(lines: Iterable[Line], name: str) -> list[Fault]:
    found = Counter(line["id"] for line in lines if line["id"])
    return [Fault(name, f"the id {one!r} {count} times", "each once") for one, count in found.items() if count > 1]
