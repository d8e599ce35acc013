"""The words of ``ivigil evidence``: its commands and their options."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Callable
from typing import Any

_FOLDER = "a folder of your own studies or rules to add"
_SHEET = "an analysis on record, or a CSV extraction sheet"

Add = Callable[[Any, str, str, str], ArgumentParser]


def add_evidence(commands: Any, add: Add) -> None:  # noqa: ANN401 - argparse names this type privately
    """Add ``evidence`` and what is below it to ``commands``; ``add`` makes one command."""
    about = "Open the studies behind a recommendation, pool them again, and check every claim."
    made: ArgumentParser = commands.add_parser("evidence", help=about, description=about)
    inner = made.add_subparsers(title="commands", metavar="COMMAND", required=True)
    _list(inner, add)
    _show(inner, add)
    _pool(inner, add)
    _check(inner, add)
    _import(inner, add)
    _screen(inner, add)
    _query(inner, add)
    _verify(inner, add)


def _list(inner: Any, add: Add) -> None:  # noqa: ANN401
    made = add(inner, "list", "ivigil.cli.evidence:list_all", "List analyses, and the studies held by indication.")
    _usual(made)


def _show(inner: Any, add: Add) -> None:  # noqa: ANN401
    about = "Show what is held on an indication, or one study, analysis or claim."
    made = add(inner, "show", "ivigil.cli.evidence:show", about)
    made.add_argument("id", metavar="ID", help="an indication such as cidp, or the id of a study, analysis or claim")
    made.add_argument("--html", metavar="OUT", help="write one self-contained HTML page, with a forest plot each")
    _usual(made)


def _pool(inner: Any, add: Add) -> None:  # noqa: ANN401
    made = add(inner, "pool", "ivigil.cli.evidence_pool:pool_one", "Pool the studies of an analysis again.")
    made.add_argument("what", metavar="ANALYSIS|CSV", help=_SHEET)
    made.add_argument("--measure", metavar="NAME", help="such as RR, OR, RD, MD, SMD or HR; a sheet needs one")
    made.add_argument("--model", choices=("common", "random"), help="one common effect, or effects that vary")
    made.add_argument("--method", choices=("inverse-variance", "mantel-haenszel", "peto"), help="what weighs studies")
    made.add_argument("--tau2", choices=("DL", "PM", "REML", "ML", "HE", "SJ", "EB", "HS"), help="estimator of τ²")
    made.add_argument("--interval", choices=("normal", "hartung-knapp", "hartung-knapp-at-least-normal"))
    made.add_argument("--prediction", choices=("t-k-2", "t-k-1", "normal"), help="of the prediction interval")
    made.add_argument("--zero-cells", choices=("none", "metafor", "revman"), help="what is done with empty cells")
    made.add_argument("--level", metavar="PERCENT", help="confidence level of every interval, such as 95")
    made.add_argument("--better", choices=("higher", "lower"), help="which is good, for a sheet")
    made.add_argument("--more", action="store_true", help="leave-one-out, cumulative and small-study analyses too")
    made.add_argument("--moderator", action="append", default=[], metavar="COLUMN", help="meta-regression on a column")
    made.add_argument("--forest", metavar="OUT", help="write the forest plot as SVG, and as OUT.narrow.svg for a phone")
    made.add_argument("--funnel", metavar="OUT", help="write the funnel plot as SVG")
    made.add_argument("--html", metavar="OUT", help="write one self-contained page with every picture and its table")
    made.add_argument("--snapshot", metavar="OUT", help="write inputs, options and result with their hash")
    made.add_argument("--sign-with", metavar="KEY", help="sign the snapshot with this Ed25519 private key (PEM)")
    made.add_argument("--today", metavar="DATE", help="the day that a snapshot bears, such as 2026-11-20")
    _usual(made)


def _check(inner: Any, add: Add) -> None:  # noqa: ANN401
    about = "Run every check of every claim again, and print what agrees, differs or cannot be checked."
    made = add(inner, "check", "ivigil.cli.evidence:check", about)
    made.add_argument("--all", action="store_true", help="each claim in words too")
    _usual(made)


def _import(inner: Any, add: Add) -> None:  # noqa: ANN401
    about = "Read a search's records, or an extraction sheet and say what its studies move."
    made = add(inner, "import", "ivigil.cli.evidence_import:import_file", about)
    made.add_argument("file", nargs="+", metavar="FILE", help="RIS, PubMed, MEDLINE, ClinicalTrials.gov or CSV")
    made.add_argument("--analysis", metavar="ID", help="the analysis that the studies of a sheet join")
    made.add_argument("--queue", metavar="OUT", help="write the records, duplicates merged, as a screening queue")
    _usual(made)


def _screen(inner: Any, add: Add) -> None:  # noqa: ANN401
    about = "Order a screening queue so that records like those a person included come first."
    made = add(inner, "screen", "ivigil.cli.evidence_import:screen", about)
    made.add_argument("queue", metavar="QUEUE", help="the queue that import wrote, with the decisions of a person")
    made.add_argument("--rank", action="store_true", help="rank what is undecided with ASReview (extra screening)")
    made.add_argument("--seed", type=int, default=1, metavar="N", help="seed of the ranking (1)")
    made.add_argument("--out", metavar="OUT", help="write the queue in its new order")
    _usual(made)


def _query(inner: Any, add: Add) -> None:  # noqa: ANN401
    made = add(inner, "query", "ivigil.cli.evidence_import:query", "Print a literature search, ready for PubMed.")
    made.add_argument("indication", nargs="?", metavar="INDICATION", help="whose names the search is for")
    made.add_argument("--query", metavar="ID", help="the search, where there are several")
    _usual(made)


def _verify(inner: Any, add: Add) -> None:  # noqa: ANN401
    made = add(inner, "verify", "ivigil.cli.evidence:verify", "Say whether a snapshot is whole, and who signed it.")
    made.add_argument("file", metavar="SNAPSHOT", help="what pool --snapshot wrote")
    made.add_argument("--key", metavar="KEY", help="the public key (PEM) of who should have signed it")
    made.add_argument("--json", action="store_true", help="as JSON")


def _usual(made: ArgumentParser) -> None:
    made.add_argument("--json", action="store_true", help="as JSON")
    made.add_argument("--knowledge", action="append", default=[], metavar="DIR", help=_FOLDER)
