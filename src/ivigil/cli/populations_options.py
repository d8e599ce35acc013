"""The words of the commands on populations."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Callable
from typing import Any

Add = Callable[[Any, str, str, str], ArgumentParser]


def add_populations(commands: Any, add: Add) -> None:  # noqa: ANN401 - argparse names this type privately
    """Add the commands on populations to ``commands``; ``add`` makes one command."""
    _synth(commands, add)
    _audit(commands, add)
    _replay(commands, add)


def _synth(commands: Any, add: Add) -> None:  # noqa: ANN401
    about = "Write made-up patients as bulk FHIR, to try things out with: never evidence, and no person's record."
    made = add(commands, "synth", "ivigil.cli.synth:synth", about)
    made.add_argument("out", nargs="?", metavar="OUT", help="a new folder; one that was begun goes on where it stopped")
    made.add_argument("--patients", metavar="N", default="100", help="how many patients (100)")
    made.add_argument("--seed", metavar="S", default="1", help="seed: the same one makes the same patients (1)")
    made.add_argument("--files", metavar="N", help="files of each type (one for every 10,000 patients)")
    made.add_argument("--gzip", action="store_true", help="pack the files")
    made.add_argument("--workers", metavar="N", help="processes; what is written is the same (as many as processors)")
    made.add_argument("--background", metavar="DIR", help="bulk FHIR whose patients' records are mixed in")
    about = "how often a kind of dirt occurs, from 0 to 1; all=0 for clean records"
    made.add_argument("--share", action="append", default=[], metavar="KIND=SHARE", help=about)
    made.add_argument("--kinds", action="store_true", help="list the kinds of dirt with their shares")
    about = "rule set whose criteria are met or not in known shares (review-2015)"
    made.add_argument("--rules", metavar="ID", default="review-2015", help=about)
    made.add_argument("--json", action="store_true", help="as JSON")
    made.add_argument("--knowledge", action="append", default=[], metavar="DIR", help="your own folder to add")


def _audit(commands: Any, add: Add) -> None:  # noqa: ANN401
    about = "Judge every request for immunoglobulin in the records of many patients, and write a report on them."
    made = add(commands, "audit", "ivigil.cli.audit:audit", about)
    made.add_argument("input", metavar="IN", help="a folder of FHIR NDJSON or Bundles, or a table (with --mapping)")
    made.add_argument("out", metavar="OUT", help="a new folder; a run that was stopped goes on in its own")
    made.add_argument("--rules", metavar="ID", default="review-2015", help="rule set to judge by (review-2015)")
    made.add_argument("--compare", metavar="ID", help="a second rule set: what would it change?")
    engines = ("polars", "duckdb", "spark")
    made.add_argument("--engine", choices=engines, default="polars", help="what works out the tables (polars)")
    _master(made)
    made.add_argument("--today", metavar="DATE", help="the day as of which orders without a date are judged")
    made.add_argument("--mapping", metavar="FILE", help="what the columns of a CSV or Parquet table mean")
    made.add_argument("--exact", action="store_true", help="hide nothing: for those who may see the records")
    made.add_argument("--hide-up-to", metavar="N", help="hide figures of up to N patients, where that is more")
    made.add_argument("--workers", metavar="N", help="processes that read; the tables are the same")
    made.add_argument("--knowledge", action="append", default=[], metavar="DIR", help="your own folder to add")


def _replay(commands: Any, add: Add) -> None:  # noqa: ANN401
    about = "Judge an earlier audit again under other rules: which requests move, and which criterion moves each."
    made = add(commands, "replay", "ivigil.cli.replay:replay", about)
    made.add_argument("out", metavar="OUT", help="the folder of an audit; nothing in it is changed")
    made.add_argument("--rules", metavar="ID", required=True, help="the rule set to judge by now")
    made.add_argument("--engine", choices=("polars", "duckdb", "spark"), default="polars", help="as in ivigil audit")
    _master(made)
    made.add_argument("--json", action="store_true", help="as JSON")
    made.add_argument("--html", metavar="OUT", help="write one self-contained HTML page")
    made.add_argument("--all", action="store_true", help="list every request that moves")
    made.add_argument("--knowledge", action="append", default=[], metavar="DIR", help="your own folder to add")


def _master(made: ArgumentParser) -> None:
    about = "where Spark runs, such as spark://host:7077 (this machine, or where spark-submit says)"
    made.add_argument("--master", metavar="URL", help=about)
