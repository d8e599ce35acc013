"""Landing an input: every line looked at once, what matters put aside by patient, then each part of the patients."""

from __future__ import annotations

import json
import shutil
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from ivigil.documents import canonical_json, write_whole
from ivigil.knowledge import Library
from ivigil.populations.landing import sifting, spill
from ivigil.populations.landing.counts import Files, Landed, Lines, Patients, Requests, landed_from
from ivigil.populations.landing.jobs import LandPart, Sift, sendable
from ivigil.populations.landing.mapping import TableMapping, read_mapping
from ivigil.populations.landing.parts import Place, is_landed, part_counts
from ivigil.populations.landing.pieces import Task, tasks_of
from ivigil.populations.landing.progress import Progress, Silent
from ivigil.populations.landing.quarantine import FILE, LINE, PATIENT, REQUEST, Quarantined, as_lines
from ivigil.populations.landing.records import Pieces
from ivigil.populations.landing.runs import Run, claim, run_of
from ivigil.populations.landing.sources import find_sources
from ivigil.populations.landing.spill import QUARANTINE_PART, SHARED_PART, Block, Contents
from ivigil.populations.landing.table_rows import check_headers
from ivigil.populations.landing.workers import Workers

# To start a process takes as long as to read some megabytes.
_WORTH_A_PROCESS = 24 * 1024 * 1024


def land(
    inputs: Sequence[Path],
    out: Path,
    library: Library,
    *,
    today: date | None = None,
    workers: int = 1,
    mapping: Path | None = None,
    progress: Progress | None = None,
    meanwhile: Callable[[], object] | None = None,
) -> Landed:
    """Land ``inputs`` (folders or files) in the folder ``out``, which may hold the same landing cut short.

    Requests are judged as of the day on which they were written; ``today`` is for those without a date. ``mapping``
    says what the columns of CSV and Parquet files mean. The tables do not depend on ``workers``. ``meanwhile`` is done
    here while other processes land, if there are any. Raises :class:`BadInput` where nothing that is read is given, or
    ``out`` holds a landing of something else.
    """
    columns = read_mapping(mapping, library) if mapping is not None else None
    sources = find_sources(inputs, mapped=columns is not None)
    if columns is not None:
        check_headers(sources, columns)
    run = run_of(sources, library, today, mapping)
    claim(run, out)
    with Workers(workers, meanwhile) as ready:
        place = Place(out / ".landing", out)
        return _Landing(run, place, library, columns, ready, progress or Silent()).land()


@dataclass
class _Landing:
    """One landing."""

    run: Run
    place: Place
    library: Library
    mapping: TableMapping | None
    workers: Workers
    progress: Progress

    def land(self) -> Landed:
        written = self.place.out / "landing.json"
        if not written.is_file():
            tasks = tasks_of(self.run.sources)
            if any(spill.is_stale(self.place.work, one.number, one.stamp) for one in tasks):
                shutil.rmtree(self.place.work)
            self.place.work.mkdir(parents=True, exist_ok=True)
            self._read(tasks)
            contents = [spill.contents(self.place.work, one.number) for one in tasks]
            pieces = _pieces(tasks, contents)
            self._land_parts(contents, pieces)
            self._finish(contents, pieces)
        shutil.rmtree(self.place.work, ignore_errors=True)
        return landed_from(json.loads(written.read_bytes()), self.place.out)

    def _read(self, tasks: Sequence[Task]) -> None:
        waiting = [one for one in tasks if not spill.is_done(self.place.work, one.number)]
        total, left = (sum(one.size for one in each) for each in (tasks, waiting))
        self.progress.begin("reading", total, total - left)
        job = Sift(self.place.work, sendable(self.library), self.run.parts, self.mapping)
        for task in self.workers.done(job, waiting, here=left < _WORTH_A_PROCESS):
            self.progress.advance(task.size)

    def _land_parts(self, contents: Sequence[Contents], pieces: Pieces) -> None:
        blocks = _by_part(contents)
        waiting = [one for one in range(self.run.parts) if not is_landed(self.place.work, one)]
        self.progress.begin("landing", self.run.parts, self.run.parts - len(waiting))
        shared = blocks.get(SHARED_PART, ())
        job = LandPart(self.place, sendable(self.library), self.run.today, pieces, shared, blocks, self.mapping)
        for _ in self.workers.done(job, waiting, last=True):
            self.progress.advance(1)

    def _finish(self, contents: Sequence[Contents], pieces: Pieces) -> None:
        """Write what was set aside, and last the counts."""
        parts = [part_counts(self.place.work, one) for one in range(self.run.parts)]
        later = {one for part in parts for one in part.aside}
        blocks = _by_part(contents).get(QUARANTINE_PART, ())
        aside = [*(_placed(one, pieces) for one in spill.spoiled_in(self.place.work, blocks)), *later]
        unread = {one.file for one in aside if one.what == FILE}
        files = Files(len(self.run.sources), len(unread), sum(one.size for one in self.run.sources))
        by_what = Counter(one.what for one in later)
        patients = (sum(one.with_requests for one in parts), sum(one.without_requests for one in parts))
        landed = Landed(
            self.place.out,
            self.run.parts,
            files,
            _lines(contents, by_what[LINE]),
            Patients(*patients, by_what[PATIENT]),
            Requests(sum(one.landed for one in parts), by_what[REQUEST], sum(one.rows for one in parts)),
        )
        write_whole(landed.quarantine, as_lines(aside))
        write_whole(self.place.out / "landing.json", canonical_json(landed.as_json(), indent=1) + "\n")


def _lines(contents: Sequence[Contents], later: int) -> Lines:
    """What became of the lines; ``later`` were kept at first and then could not be read after all."""
    counted: Counter[str] = Counter()
    for one in contents:
        counted.update(one.counts)
    return Lines(counted[sifting.NO_BEARING], counted[sifting.KEPT] - later, counted[sifting.ASIDE] + later)


def _placed(one: spill.Spoiled, pieces: Pieces) -> Quarantined:
    if one.line is None:
        return Quarantined(pieces.sources[one.piece].name, None, FILE, one.reason, one.begins)
    place = pieces.place(one.piece, one.line)
    return Quarantined(place.file, place.line, LINE, one.reason, one.begins)


def _pieces(tasks: Sequence[Task], contents: Sequence[Contents]) -> Pieces:
    """Where each piece stands: the lines of a file's earlier pieces come before those of the next."""
    lines = {piece: count for one in contents for piece, count in one.lines.items()}
    before: dict[int, int] = {}
    read: Counter[str] = Counter()
    sources = {piece.number: piece.source for task in tasks for piece in task.pieces}
    for piece, source in sorted(sources.items()):
        before[piece] = read[source.name]
        read[source.name] += lines[piece]
    return Pieces(sources, before)


def _by_part(contents: Sequence[Contents]) -> dict[int, tuple[Block, ...]]:
    found: dict[int, list[Block]] = defaultdict(list)
    for one in contents:
        for block in one.blocks:
            found[block.part].append(block)
    return {part: tuple(blocks) for part, blocks in found.items()}
