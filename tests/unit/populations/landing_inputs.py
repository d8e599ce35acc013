"""Small bulk exports for the tests of landing, and what landing makes of them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from tests.unit.readers.records import GBS, WEIGHT, Json, daily, library, observation, order, patient, quantity

from ivigil.facts import Case
from ivigil.facts.gathering import Gathering
from ivigil.facts.readers.bundle import read_resources
from ivigil.facts.readers.fhir_values import origin_of
from ivigil.facts.readers.references import Item
from ivigil.populations.landing import Landed, land
from ivigil.populations.landing.drugs import Drugs
from ivigil.populations.landing.pieces import tasks_of
from ivigil.populations.landing.recall import recalled
from ivigil.populations.landing.records import Pieces, RecordReader, by_patient
from ivigil.populations.landing.relevance import Relevance
from ivigil.populations.landing.sifting import sift
from ivigil.populations.landing.sources import find_sources
from ivigil.populations.landing.spill import SHARED_PART, contents, kept_in
from ivigil.tables import start
from ivigil.tables.expressions import kinds_of

TODAY = date(2026, 12, 1)
Rows = list[dict[str, Any]]


def ndjson(resources: Iterable[Json]) -> bytes:
    return b"".join(json.dumps(one).encode() + b"\n" for one in resources)


def export(folder: Path, *resources: Json) -> Path:
    """A bulk export with a file for each type."""
    folder.mkdir(parents=True, exist_ok=True)
    for kind in {one["resourceType"] for one in resources}:
        of_kind = [one for one in resources if one["resourceType"] == kind]
        (folder / f"{kind}.ndjson").write_bytes(ndjson(of_kind))
    return folder


def asking(folder: Path, people: int) -> Path:
    """An export of people of different weights, for each of whom one order is written."""
    found: list[Json] = []
    for number in range(people):
        about = {"subject": {"reference": f"Patient/p{number}"}}
        weighed = observation(f"w{number}", WEIGHT, quantity(40 + number, "kg"), **about)
        found += [patient(f"p{number}"), weighed, order(f"o{number}", **about, reasonCode=[GBS], **daily(30))]
    return export(folder, *found)


def landed(inputs: Path, out: Path, *, today: date | None = TODAY, mapping: Path | None = None) -> Landed:
    return land([inputs], out, library(), today=today, mapping=mapping)


def rows(paths: Iterable[Path]) -> Rows:
    """The rows of Parquet files."""
    frame = start("polars").read_parquet(tuple(paths))
    names = tuple(kinds_of(frame))
    return [dict(zip(names, row, strict=True)) for row in start("polars").rows(frame)]


def requests(found: Landed) -> Rows:
    return rows(found.request_files)


def quarantined(found: Landed) -> Rows:
    return [json.loads(line) for line in found.quarantine.read_text().splitlines()]


def kept_cases(folder: Path, work: Path) -> Mapping[str, Case]:
    """The case of each patient, read from what landing keeps."""
    tasks = tasks_of(find_sources([folder], mapped=False))
    work.mkdir(parents=True, exist_ok=True)
    for task in tasks:
        sift(task, work, Relevance(library().vocabulary), 1)
    blocks = [block for task in tasks for block in contents(work, task.number).blocks]
    pieces = {piece.number: piece.source for task in tasks for piece in task.pieces}
    drugs = Drugs.of(kept_in(work, [one for one in blocks if one.part == SHARED_PART]))
    reader = RecordReader(library().vocabulary, drugs, Pieces(pieces, dict.fromkeys(pieces, 0)))
    kept = by_patient(recalled(kept_in(work, [one for one in blocks if one.part == 0]), reader.pieces))
    return {patient: reader.read(patient, group).case for patient, group in kept.items()}


def whole_case(resources: Iterable[Json], patient: str | None) -> Case:
    """The case that the reader of single records makes of everything."""
    items = [Item(origin_of(one), one) for one in resources]
    return read_resources(items, Gathering(patient or "record"), library().vocabulary, patient, past_orders=True)


def said(case: Case) -> tuple[object, ...]:
    """All of a case that a decision can rest on."""
    return case.statements, case.requests, case.diagnoses
