"""``ivigil evidence import``, ``screen`` and ``query``: what is found, what a person screens, and the search itself."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Sequence
from pathlib import Path

from ivigil.cli.files import content_of, write
from ivigil.cli.output import library, say, unknown_id
from ivigil.documents import BadInput, Fault, canonical_json, encode
from ivigil.explain.record_sections import record_sections, record_summary, record_values, screening_sections
from ivigil.explain.terminal import print_sections
from ivigil.knowledge import Library
from ivigil.knowledge.search_records import SearchQuery
from ivigil.literature.duplicates import Merged, without_duplicates
from ivigil.literature.near_duplicates import near_duplicates
from ivigil.literature.ranking import asreview_ranker, ranked
from ivigil.literature.reading import format_of, read_records
from ivigil.literature.record import Read
from ivigil.literature.screening import COLUMNS, Entry, Joined, counts, decided_by, queue_text, read_queue, with_search
from ivigil.literature.search import search_of
from ivigil.literature.table import read_table


def import_file(given: Namespace) -> int:
    """Read records of a search, or a sheet of studies. Exit 1 where a record could not be used."""
    contents = {name: content_of(Path(name)) for name in dict.fromkeys(given.file)}
    sheets = [name for name, content in contents.items() if _is_sheet(content, name)]
    if not sheets:
        return _records(given, contents)
    faults = [Fault(name, "records beside a sheet", "one or the other") for name in contents if name not in sheets]
    if given.queue:
        faults.append(Fault("--queue", given.queue, "none with a sheet", "A queue holds records of a search."))
    if faults:
        raise BadInput(faults)
    return _sheets(given, contents)


def screen(given: Namespace) -> int:
    """Say how far a queue is screened, and what comes next; with ``--rank`` in the order of ASReview."""
    entries = read_queue(content_of(Path(given.queue)), given.queue)
    order = ranked(entries, asreview_ranker(), given.seed) if given.rank else _undecided_first(entries)
    if given.out:
        write(Path(given.out), queue_text(order))
    coming = [one for one in order if one.decision == "undecided"]
    if given.json:
        values = {"counts": counts(entries), "by": decided_by(entries), "ranked": given.rank, "seed": given.seed}
        say(canonical_json({**values, "next": [one.id for one in coming]}, indent=2))
        return 0
    print_sections(
        given.queue, screening_sections(entries, coming, given.seed if given.rank else None), everything=True
    )
    return 0


def query(given: Namespace) -> int:
    """Print a search with the names of an indication in it."""
    known = library(given.knowledge)
    if given.indication is not None and given.indication not in known.indications:
        raise unknown_id("indication", given.indication, tuple(known.indications))
    indication = known.indications[given.indication] if given.indication else None
    chosen = _query(given.query, known)
    search = search_of(chosen, indication)
    if given.json:
        source = {"source": chosen.passage.source, "place": chosen.passage.place}
        say(canonical_json({**encode(search), **source, "databases": list(chosen.databases)}, indent=2))
        return 0
    # Not laid out: a query is copied from here, and must not be broken into lines.
    say(f"{search.title} ({search.id}, version {search.version})")
    say(f"For: {', '.join(chosen.databases)} [{chosen.passage.source}: {chosen.passage.place}]")
    say(f"\nPubMed\n{search.pubmed}\n\nCochrane Library\n{search.cochrane}\n")
    for remark in search.remarks:
        say(remark)
    return 0


def _records(given: Namespace, contents: dict[str, bytes]) -> int:
    if given.analysis:
        hint = "Screen the records first, then extract the figures of a study into a sheet."
        raise BadInput([Fault("--analysis", "records of a search", "an extraction sheet", hint)])
    reads = _all_read(contents)
    groups = without_duplicates(record for one in reads for record in one.records)
    near = near_duplicates([one.record for one in groups])
    joined = _queued(Path(given.queue), groups) if given.queue else None
    if given.json:
        say(canonical_json(record_values(reads, groups, near, joined), indent=2))
    else:
        print_sections("Records", list(record_sections(reads, groups, near, joined)), everything=True)
        say(record_summary(reads, groups, joined, given.queue))
    return int(any(one.quarantined for one in reads))


def _all_read(contents: dict[str, bytes]) -> list[Read]:
    reads, faults = list[Read](), list[Fault]()
    for name, content in contents.items():
        try:
            reads.append(read_records(content, name))
        except BadInput as error:
            faults += error.faults
    if faults:
        raise BadInput(faults)
    return reads


def _queued(path: Path, groups: Sequence[Merged]) -> Joined:
    """The records in the queue at ``path``, which may be there with decisions in it."""
    entries = read_queue(content_of(path), str(path)) if path.exists() else ()
    joined = with_search(entries, (one.record for one in groups))
    write(path, queue_text(joined.entries))
    return joined


def _sheets(given: Namespace, contents: dict[str, bytes]) -> int:
    # Numbers are loaded for sheets alone: reading records needs none.
    from ivigil.evidence.moved import moved_by  # noqa: PLC0415
    from ivigil.evidence.sheet import read_sheet  # noqa: PLC0415
    from ivigil.evidence.sheet_studies import sheet_as_studies, with_studies  # noqa: PLC0415
    from ivigil.explain.evidence_json import moved_values  # noqa: PLC0415
    from ivigil.explain.evidence_sections import moved_sections  # noqa: PLC0415

    known = library(given.knowledge)
    if not given.analysis:
        hint = f"There are: {', '.join(sorted(known.evidence.analyses))}. To pool a sheet alone: ivigil evidence pool."
        raise BadInput([Fault("--analysis", "nothing", "the analysis that the studies join", hint)])
    if given.analysis not in known.evidence.analyses:
        raise unknown_id("analysis", given.analysis, tuple(known.evidence.analyses))
    analysis = known.evidence.analyses[given.analysis]
    held = frozenset(known.evidence.studies)
    for name, content in contents.items():
        studies = sheet_as_studies(read_sheet(content, name, analysis.measure), analysis, known)
        known = with_studies(studies, known)
    moved = moved_by(frozenset(known.evidence.studies) - held, known)
    if given.json:
        say(canonical_json({"moved": [moved_values(one) for one in moved]}, indent=2))
        return 0
    print_sections(analysis.id, [section for one in moved for section in moved_sections(one)], everything=True)
    return 0


def _is_sheet(content: bytes, name: str) -> bool:
    if format_of(content) is not None:
        return False
    try:
        columns = read_table(content, "").columns
    except BadInput:
        return False
    if columns == COLUMNS:
        raise BadInput([Fault(name, "a screening queue", "records or a sheet", "To merge a search into it: --queue.")])
    return len(columns) > 1


def _query(wanted: str | None, known: Library) -> SearchQuery:
    queries = known.evidence.queries
    if wanted is None and len(queries) == 1:
        return next(iter(queries.values()))
    if wanted is None:
        raise BadInput([Fault("--query", "nothing", f"one of {', '.join(sorted(queries))}")])
    if wanted not in queries:
        raise unknown_id("query", wanted, tuple(queries))
    return queries[wanted]


def _undecided_first(entries: Sequence[Entry]) -> tuple[Entry, ...]:
    return tuple(sorted(entries, key=lambda one: one.decision != "undecided"))
