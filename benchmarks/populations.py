"""How fast a population is judged: from bulk FHIR to decisions, by each engine and by other programs, in one run.

Run ``python benchmarks/populations.py [PATIENTS [OF THEM BY PEERS [PARSED ROWS]]]`` from a set-up checkout; 20,000, 500
and 1,000,000 unless said otherwise. Everybody gets the same made-up patients, with all the dirt that ``ivigil synth``
makes. ivigil lands every resource and judges every request by all appraisals of one rule set, with dose and hazards.

An answer is the decision on one indication of one request. The peers answer less: three indications, each with criteria
that need an age, the latest value of a laboratory test and a truth, are checked for the orders that name them by a
code; and the resources are sorted by patient for them beforehand. They are the engine of CQL (npm ``@cqframework/cql``,
``cql-execution``, ``cql-exec-fhir``; fetched into a scratch folder, or in the one that ``IVIGIL_CQL`` names; left out
where there is no npm) on the CQL that ivigil writes of the same criteria, and plain Python. How many of their
three-valued answers are ivigil's is told beside them; they take no values given as a limit (<5) and no dates without a
day.

Each runs in processes of its own, whose peak memory is told. Spark is left out where it is not installed. The second
table is of rows already parsed: see ``populations_frames.py``. Nothing is asserted.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from populations_bundles import write_bundles
from populations_cql import PEERS, codes_naming, criteria_of, write_cql
from populations_frames import engines
from populations_parts import THREADS
from populations_watch import Done, watched
from rich.console import Console
from rich.table import Table

from ivigil.criteria.frames import FactColumns, truth_expression
from ivigil.knowledge import load
from ivigil.populations.audit.folder import requests_in
from ivigil.tables import column, kinds_of, start

PATIENTS, BY_PEERS, ROWS, SEED = 20_000, 500, 1_000_000, 7
HERE = Path(__file__).parent
PACKAGES = ("@cqframework/cql@5.3.0", "cql-execution@3.3.2", "cql-exec-fhir@2.2.0")
CQL = "CQL (cql-execution)"
Answers = Mapping[tuple[str, str], bool | None]  # by request and indication


@dataclass(frozen=True)
class Amount:
    """How much there is to read."""

    patients: int
    resources: int
    size: int


@dataclass(frozen=True)
class Line:
    """A line of the table: seconds for an amount, with the memory and what there is to say."""

    name: str
    amount: Amount
    seconds: float
    peak_gib: float | None
    answers: int = 0
    says: str = ""


def main(arguments: Sequence[str]) -> None:
    """Make the patients, time everybody, print the tables."""
    usual = (PATIENTS, BY_PEERS, ROWS)
    patients, by_peers, rows = (*map(int, arguments), *usual[len(arguments) :])
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        records = made_up(patients, folder)
        lines = [*ours(records, folder), *peers(records, folder, by_peers)]
    show(lines)
    run([sys.executable, str(HERE / "populations_frames.py"), str(rows)])


def run(command: Sequence[str]) -> None:
    """Run a program to its end; it prints for itself."""
    subprocess.run(command, check=True)  # noqa: S603 - the benchmark's own programs


def tell(sentence: str) -> None:
    """What is being done, for whoever waits."""
    print(sentence, file=sys.stderr, flush=True)


def made_up(patients: int, folder: Path) -> Path:
    """The records of so many made-up patients."""
    tell(f"making {patients:,} patients")
    records = folder / "records"
    run([sys.executable, "-m", "ivigil", "synth", "--patients", str(patients), "--seed", str(SEED), str(records)])
    return records


def amount_of(files: Iterable[Path], patients: int) -> Amount:
    """What stands in files of which each line is a resource."""
    lines, size = 0, 0
    for path in files:
        with path.open("rb") as opened:
            lines += sum(1 for _ in opened)
        size += path.stat().st_size
    return Amount(patients, lines, size)


def part(*words: str) -> Done:
    """One part of ivigil's way, in a process of its own."""
    tell(" ".join(("timing", *words[:2])))
    environment = {**os.environ, "POLARS_MAX_THREADS": str(THREADS)}
    return watched([sys.executable, str(HERE / "populations_parts.py"), *words], environment)


def ours(records: Path, folder: Path) -> list[Line]:
    """The bare reading of DuckDB as a measure, landing, and judging by each engine."""
    patients = sum(1 for path in records.glob("Patient*.ndjson") for _ in path.open("rb"))
    amount = amount_of(records.glob("*.ndjson"), patients)
    bare, landed = part("reading", str(records)), part("landing", str(records), str(folder / "out"))
    lines = [
        Line("DuckDB read_json alone", amount, bare.last["seconds"], bare.peak_gib, says="the columns, counted"),
        Line("ivigil: reading and landing", amount, landed.last["seconds"], landed.peak_gib),
    ]
    return lines + [one for name in engines() for one in judged_by(name, amount, landed, folder / "out")]


def judged_by(name: str, amount: Amount, landed: Done, out: Path) -> list[Line]:
    """Judging alone, and all the way from the records."""
    shutil.rmtree(out / "decisions", ignore_errors=True)
    done, rows = part("judging", name, str(out)), int(landed.last["rows"])
    starting, seconds = done.last["starting"], done.last["seconds"]
    peaks = [one for one in (done.peak_gib, landed.peak_gib) if one is not None]
    whole = landed.last["seconds"] + starting + seconds
    return [
        Line(f"ivigil, {name}: judging", amount, seconds, done.peak_gib, rows, f"after {starting:.1f} s to start"),
        Line(f"ivigil, {name}", amount, whole, max(peaks, default=None), rows, "records to decisions"),
    ]


def peers(records: Path, folder: Path, wanted: int) -> list[Line]:
    """The peers on the first of the patients."""
    bundles = folder / "bundles.ndjson"
    tell(f"sorting the resources of {wanted:,} patients for the peers")
    amount = Amount(*write_bundles(records, bundles, wanted))
    library = load([PEERS / "knowledge"])
    rules = library.rule_sets["peers"]
    cql = folder / "cql"
    write_cql(library, rules, cql)
    codes = folder / "codes.json"
    codes.write_text(json.dumps({one: codes_naming(library, one) for one in rules.appraisals}))
    known = our_answers(folder / "out")
    tell("timing plain Python")
    plain = watched([sys.executable, str(HERE / "populations_plain.py"), str(bundles), str(codes)], os.environ)
    lines = peer("plain Python over parsed FHIR", amount, plain, known)
    return lines + by_cql(amount, [str(cql), str(bundles)], folder, known)


def by_cql(amount: Amount, words: Sequence[str], folder: Path, known: Answers) -> list[Line]:
    """The engine of CQL, where npm can bring it."""
    packages = os.environ.get("IVIGIL_CQL") or fetched(folder / "npm")
    if packages is None:
        tell("the engine of CQL was left out: there is no npm that could bring it")
        return []
    tell("timing CQL")
    done = watched(["node", str(PEERS / "run.mjs"), packages, *words], os.environ)
    return peer(CQL, amount, done, known)


def fetched(folder: Path) -> str | None:
    """A folder with the packages of npm, or ``None`` where it brings none."""
    npm = shutil.which("npm")
    if npm is None or shutil.which("node") is None:
        return None
    folder.mkdir()
    (folder / "package.json").write_text("{}")
    command = [npm, "install", "--no-audit", "--no-fund", "--ignore-scripts", "--silent", *PACKAGES]
    done = subprocess.run(command, cwd=folder, check=False)  # noqa: S603 - npm with names of our own
    return str(folder) if done.returncode == 0 else None


def peer(name: str, amount: Amount, done: Done, known: Answers) -> list[Line]:
    """A peer's lines: judging alone and all the way, with how many of its answers are ivigil's."""
    answers = [json.loads(line) for line in done.lines[:-1] if line.startswith("{")]
    both = [one for one in answers if (one["request"], one["indication"]) in known]
    same = sum(known[one["request"], one["indication"]] == one["answer"] for one in both)
    reading, judging = done.last["reading"], done.last["judging"]
    return [
        Line(f"{name}: judging", amount, judging, done.peak_gib, len(answers)),
        Line(name, amount, reading + judging, done.peak_gib, len(answers), f"{same} of {len(both)} answers agree"),
    ]


def our_answers(out: Path) -> Answers:
    """What ivigil finds of the criteria that the peers are given."""
    library = load([PEERS / "knowledge"])
    engine = start("polars")
    requests = engine.read_parquet(requests_in(out))
    columns = FactColumns(library.askable, kinds_of(requests))
    found: dict[tuple[str, str], bool | None] = {}
    for indication, tree in criteria_of(library, library.rule_sets["peers"]).items():
        mine = requests.filter(column("indication") == indication)
        for request, truth in engine.rows(mine.select("request", truth=truth_expression(tree, columns))):
            found[str(request).partition("/")[2], indication] = None if truth is None else bool(truth)
    return found


def show(lines: Sequence[Line]) -> None:
    """The table; who judges alone stands beside CQL judging, who reads too beside CQL all the way."""
    title = f"{lines[0].amount.patients:,} patients, {lines[0].amount.resources:,} resources; {THREADS} threads"
    table = Table(title=title)
    for name in ("", "s", "patients/s", "resources/s", "MB/s", "answers/s", "peak GiB", "times CQL", ""):
        table.add_column(name, justify="right" if name else "left")
    for one in lines:
        table.add_row(*cells(one, lines))
    Console(width=150).print(table)


def cells(one: Line, lines: Sequence[Line]) -> list[str]:
    """One row of the table. *Times CQL* compares answers a second."""
    like = f"{CQL}: judging" if one.name.endswith(": judging") else CQL
    pace = next((other.answers / other.seconds for other in lines if other.name == like), None)
    speed = one.answers / one.seconds
    return [
        one.name,
        f"{one.seconds:,.2f}",
        f"{one.amount.patients / one.seconds:,.0f}",
        f"{one.amount.resources / one.seconds:,.0f}",
        f"{one.amount.size / one.seconds / 1e6:,.1f}",
        f"{speed:,.0f}" if one.answers else "",
        "" if one.peak_gib is None else f"{one.peak_gib:.2f}",
        f"{speed / pace:,.1f}" if pace and one.answers else "",
        one.says,
    ]


if __name__ == "__main__":
    main(sys.argv[1:])
