"""One run of an audit in its folder: each part judged, and none twice where it was stopped."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path

from ivigil.populations.audit.folder import DECISIONS, requests_in
from ivigil.populations.audit.judging import Judging, decisions
from ivigil.populations.landing.progress import Progress

_DONE = "_SUCCESS"  # what Spark leaves in a folder that it has finished
_SPARK = "spark"


def judge_parts(by: Judging, out: Path, progress: Progress) -> None:
    """Judge every part that has not been judged. Spark judges all at once."""
    parts = requests_in(out)
    target = out / DECISIONS
    if by.engine.name == _SPARK:
        progress.begin("judging", 1, int((target / _DONE).exists()))
        if not (target / _DONE).exists():
            _judge_together(by, parts, target)
            progress.advance(1)
        return
    target.mkdir(exist_ok=True)
    waiting = [one for one in parts if not (target / one.name).exists()]
    progress.begin("judging", len(parts), len(parts) - len(waiting))
    for part in waiting:
        _judge_part(by, part, target / part.name)
        progress.advance(1)


def _judge_together(by: Judging, parts: Sequence[Path], target: Path) -> None:
    """All parts in the same two steps; what is in a file cannot be lost with a machine of the cluster."""
    rows = target.with_suffix(".rows")
    by.rows(parts, rows)
    _decide(by, parts, rows, target)
    shutil.rmtree(rows)


def _judge_part(by: Judging, part: Path, target: Path) -> None:
    """One part in two steps, of which the first is kept in a file; the decisions stand whole or not at all."""
    rows, unfinished = target.with_suffix(".rows"), target.with_suffix(".unfinished")
    by.rows([part], rows)
    _decide(by, [part], rows, unfinished)
    rows.unlink()
    unfinished.replace(target)


def _decide(by: Judging, parts: Sequence[Path], rows: Path, target: Path) -> None:
    requests, planned = by.engine.read_parquet(parts), by.engine.read_parquet([rows])
    by.engine.write_parquet(decisions(planned, requests, by.made, by.engine), target)
