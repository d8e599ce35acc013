"""How fast bulk FHIR is read and landed, against DuckDB's bare ``read_json`` on the same files.

Run ``python benchmarks/populations_reading.py [RECORDS [OF THEM ASKING [FOLDER]]]`` from a set-up checkout; 20,000
records (4 GB), of which 200 ask for immunoglobulin, unless said otherwise. A record of the background has some 240
resources, most of which no rule asks for, as records have; with FOLDER, the lines of that bulk export are copied, under
other ids, instead of made-up ones. DuckDB only finds the columns that are named to it, by two threads; landing looks at
every line by two processes, keeps what may matter, reads that into cases and writes both tables. The best of three runs
is told for each, in a process of its own, from the files on: both programs are loaded by then. The time of all
processors is told beside that on the clock, because two processes and two threads share them differently on machines
that are busy. Nothing is asserted.
"""

from __future__ import annotations

import json
import re
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from ivigil.knowledge import load
from ivigil.populations.landing import land

RECORDS, ASKING, SEED, RUNS, CORES = 20_000, 200, 7, 3, 2
TODAY = date(2026, 12, 1)
PARTS = ("code", "subject", "patient", "component", "valueQuantity", "medicationCodeableConcept")
COLUMNS = dict.fromkeys(PARTS, "JSON") | dict.fromkeys(
    ("resourceType", "id", "status", "effectiveDateTime", "authoredOn"), "VARCHAR"
)
# What a record of 240 resources is made of, and the codes under which it stands: most have no bearing on a request.
MAKE_UP = {
    "Observation": (140, "http://loinc.org", ("8302-2", "29463-7", "8867-4", "9279-1", "8480-6", "2339-0", "6299-2")),
    "Encounter": (32, "http://snomed.info/sct", ("162673000", "185345009")),
    "Procedure": (24, "http://snomed.info/sct", ("430193006", "710824005")),
    "Immunization": (12, "http://hl7.org/fhir/sid/cvx", ("140", "113")),
    "DiagnosticReport": (12, "http://loinc.org", ("51990-0", "57698-3")),
    "MedicationRequest": (10, "http://www.nlm.nih.gov/research/umls/rxnorm", ("310965", "314076", "860975")),
    "Condition": (8, "http://snomed.info/sct", ("444814009", "195662009", "59621000")),
    "AllergyIntolerance": (1, "http://snomed.info/sct", ("419474003",)),
}
_ID = re.compile(rb"([0-9a-f]{8})(-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})")
_FILES = 2  # of each type


def write_background(folder: Path, records: int) -> None:
    """Records that no one asks immunoglobulin for."""
    for file in range(_FILES):
        people = range(file, records, _FILES)
        with (folder / f"Patient.{file}.ndjson").open("w") as out:
            out.writelines(f"{json.dumps(_patient(one))}\n" for one in people)
        for kind in MAKE_UP:
            with (folder / f"{kind}.{file}.ndjson").open("w") as out:
                out.writelines(f"{json.dumps(one)}\n" for person in people for one in _resources(kind, person))


def _patient(person: int) -> dict[str, Any]:
    name = [{"use": "official", "family": f"Made{person}", "given": ["Up"]}]
    address = [{"line": [f"{person} Some Street"], "city": "Nowhere", "country": "XX"}]
    return {
        **_head("Patient", person, 0),
        "name": name,
        "address": address,
        "gender": "female" if person % 2 else "male",
        "birthDate": f"{1930 + person % 80}-05-17",
    }


def _head(kind: str, person: int, number: int) -> dict[str, Any]:
    identity = f"{person:08d}-0000-4000-8000-{number:012d}" if kind == "Patient" else f"{kind[:3]}{person}-{number}"
    tag = [{"system": "https://example.org/tags", "code": "made-up"}]
    text = f"<div xmlns='http://www.w3.org/1999/xhtml'>{kind} {number} of a made-up record, with words beside it.</div>"
    return {"resourceType": kind, "id": identity, "meta": {"tag": tag}, "text": {"status": "generated", "div": text}}


def _resources(kind: str, person: int) -> Iterator[dict[str, Any]]:
    count, system, codes = MAKE_UP[kind]
    for number in range(count):
        day = (TODAY - timedelta(days=37 * number + person % 30)).isoformat()
        display = f"Something recorded under {codes[number % len(codes)]}"
        concept = {
            "coding": [{"system": system, "code": codes[number % len(codes)], "display": display}],
            "text": display,
        }
        about = {"reference": f"Patient/{person:08d}-0000-4000-8000-{0:012d}"}
        yield {
            **_head(kind, person, number),
            "status": "final" if kind == "Observation" else "completed",
            "medicationCodeableConcept" if kind == "MedicationRequest" else "code": concept,
            "patient" if kind in {"AllergyIntolerance", "Immunization"} else "subject": about,
            "encounter": {"reference": f"Encounter/Enc{person}-{number % 32}"},
            "effectiveDateTime": f"{day}T09:30:00+01:00",
            "issued": f"{day}T09:30:00.000+01:00",
            "valueQuantity": {
                "value": 60 + number / 7,
                "unit": "kg",
                "system": "http://unitsofmeasure.org",
                "code": "kg",
            },
        }


def copy_background(given: Path, folder: Path, records: int) -> None:
    """The lines of a bulk export under other ids, until there are as many patients as wanted."""
    content = {path.stem: path.read_bytes().rstrip(b"\n") + b"\n" for path in sorted(given.glob("*.ndjson"))}
    copies = max(1, records // max(1, content["Patient"].count(b"\n")))
    for copy in range(copies):
        other = copy * 2654435761 & 0xFFFFFFFF
        for name, lines in content.items():
            with (folder / f"{name}.{copy % _FILES}.ndjson").open("ab") as out:
                out.write(_ID.sub(lambda found, other=other: b"%08x" % (int(found[1], 16) ^ other) + found[2], lines))


def write_asking(folder: Path, patients: int) -> None:
    """Made-up patients who ask for immunoglobulin, among the others."""
    made = folder.with_name("asking")
    command = [sys.executable, "-m", "ivigil", "synth", "--patients", str(patients), "--seed", str(SEED), str(made)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)  # noqa: S603 - ivigil itself
    for path in made.glob("*.ndjson"):
        path.rename(folder / f"asking-{path.name}")


def bare(folder: Path) -> int:
    """DuckDB's ``read_json`` with columns named beforehand; how many lines it found."""
    import duckdb  # noqa: PLC0415 - not in the process that lands

    connection = duckdb.connect(config={"threads": CORES})
    columns = ", ".join(f"{name}: '{kind}'" for name, kind in COLUMNS.items())
    counts = ", ".join(f"count({name})" for name in COLUMNS)
    source = f"read_json('{folder}/*.ndjson', format = 'newline_delimited', columns = {{{columns}}})"
    found = connection.execute(f"SELECT count(*), {counts} FROM {source}").fetchone()  # noqa: S608 - our own names
    assert found is not None  # noqa: S101 - a count is one row
    return int(found[0])


def landed(folder: Path) -> int:
    """Landing from nothing; how many lines it accounted for."""
    out = folder.with_name("out")
    shutil.rmtree(out, ignore_errors=True)
    return land([folder], out, _library(), today=TODAY, workers=CORES).lines.total


_library = cache(load)


@dataclass(frozen=True)
class Timed:
    """What a run answered, and how long it took: on the clock, and of all processors together."""

    seconds: float
    processor: float
    lines: int


WAYS: dict[str, tuple[str, Callable[[Path], int]]] = {
    "bare": ("DuckDB, bare read_json", bare),
    "landed": ("ivigil, landed", landed),
}


def alone(way: str, folder: Path) -> Timed:
    """The fastest of some runs in a process of their own."""
    command = [sys.executable, __file__, way, str(folder)]
    return Timed(*json.loads(subprocess.run(command, check=True, capture_output=True).stdout))  # noqa: S603 - this file


def timed(run: Callable[[Path], int], folder: Path) -> tuple[float, float, int]:
    """The seconds of one run, those of all processors, and what it answered."""
    began, spent = time.perf_counter(), _processor_seconds()
    lines = run(folder)
    return time.perf_counter() - began, _processor_seconds() - spent, lines


def _processor_seconds() -> float:
    used = [resource.getrusage(whose) for whose in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def compare(folder: Path) -> Table:
    """The table of results."""
    size = sum(path.stat().st_size for path in folder.iterdir()) / 1e6
    table = Table(
        "", "resources", "MB", "s", "CPU s", "a second", "MB/s", "of DuckDB's", "by CPU", title="Reading bulk FHIR"
    )
    found = {name: alone(way, folder) for way, (name, _) in WAYS.items()}
    first = next(iter(found.values()))
    for name, one in found.items():
        amounts = (f"{one.lines:,}", f"{size:,.0f}", f"{one.seconds:.2f}", f"{one.processor:.2f}")
        rates = (f"{one.lines / one.seconds:,.0f}", f"{size / one.seconds:,.0f}")
        shares = (f"{first.seconds / one.seconds:.0%}", f"{first.processor / one.processor:.0%}")
        table.add_row(name, *amounts, *rates, *shares)
    return table


def main(records: int = RECORDS, asking: int = ASKING, given: Path | None = None, /) -> None:
    """Print the table."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "in"
        folder.mkdir()
        if given is None:
            write_background(folder, records)
        else:
            copy_background(given, folder, records)
        write_asking(folder, asking)
        Console(width=120).print(compare(folder))


if __name__ == "__main__":
    if sys.argv[1:] and sys.argv[1] in WAYS:
        print(json.dumps(min(timed(WAYS[sys.argv[1]][1], Path(sys.argv[2])) for _ in range(RUNS))))
    else:
        main(*(int(one) for one in sys.argv[1:3]), *(Path(one) for one in sys.argv[3:4]))
