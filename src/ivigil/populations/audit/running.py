"""One run of an audit in its folder: what it is of, which parts are judged, and what was done before it was stopped."""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from ivigil.documents import BadInput, Fault, canonical_json, parse_json, write_whole
from ivigil.populations.audit.judging import Plans, decisions, planned_rows
from ivigil.populations.landing.progress import Progress
from ivigil.tables import Engine

RUN, LANDED, DECISIONS = "run.json", "landed", "decisions"
_DONE = "_SUCCESS"  # what Spark leaves in a folder that it has finished
_SPARK = "spark"


def begin(out: Path, run: Mapping[str, Any]) -> None:
    """Make ``out`` the folder of ``run``, or go on with it there. Raises :class:`BadInput` where it is another's."""
    text = canonical_json(run, indent=2) + "\n"
    path = out / RUN
    if path.is_file():
        _same(path, run)
    elif out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise BadInput([Fault(str(out), "no folder of an audit, and not empty", "a new or an empty folder")])
    else:
        out.mkdir(parents=True, exist_ok=True)
        write_whole(path, text)


def _same(path: Path, run: Mapping[str, Any]) -> None:
    """The fault names what differs, each."""
    before = run_of(path.parent)
    keys = sorted({*before, *run})
    hint = "Give another folder for OUT; nothing was changed."
    faults = [
        Fault(f"{path}, {key}", _short(before.get(key)), f"{_short(run.get(key))}, as this run is of", hint)
        for key in keys
        if before.get(key) != run.get(key)
    ]
    if faults:
        raise BadInput(faults)


def _short(value: object) -> str:
    text = canonical_json(value)
    return text if len(text) <= 80 else f"{text[:77]}…"  # noqa: PLR2004 - a line of a terminal


def run_of(out: Path) -> dict[str, Any]:
    """What the run in ``out`` is of. Raises :class:`BadInput` where there is none."""
    path = out / RUN
    if not path.is_file():
        raise BadInput([Fault(str(path), "no such file", "the folder of an audit: ivigil audit IN OUT")])
    found = parse_json(path.read_bytes(), str(path))
    if not isinstance(found, dict):
        raise BadInput([Fault(str(path), "no object", "what ivigil audit wrote")])
    return found


def requests_in(out: Path) -> list[Path]:
    """The landed parts of the requests, in order."""
    return sorted((out / LANDED / "requests").glob("part-*.parquet"))


def decisions_in(out: Path) -> list[Path]:
    """The files of the decisions, in order."""
    return sorted((out / DECISIONS).glob("*.parquet"))


def judge_parts(engine: Engine, out: Path, made: Plans, progress: Progress) -> None:
    """Judge every part that has not been judged. Spark judges all at once."""
    parts = requests_in(out)
    target = out / DECISIONS
    if engine.name == _SPARK:
        progress.begin("judging", 1, int((target / _DONE).exists()))
        if not (target / _DONE).exists():
            _judge_together(engine, parts, target, made)
            progress.advance(1)
        return
    target.mkdir(exist_ok=True)
    waiting = [one for one in parts if not (target / one.name).exists()]
    progress.begin("judging", len(parts), len(parts) - len(waiting))
    for part in waiting:
        _judge_part(engine, part, target / part.name, made)
        progress.advance(1)


def _judge_together(engine: Engine, parts: Sequence[Path], target: Path, made: Plans) -> None:
    """All parts in the same two steps; what is in a file cannot be lost with a machine of the cluster."""
    requests = engine.read_parquet(parts)
    rows = target.with_suffix(".rows")
    engine.write_parquet(planned_rows(requests, made), rows)
    engine.write_parquet(decisions(engine.read_parquet([rows]), requests, made, engine), target)
    shutil.rmtree(rows)


def _judge_part(engine: Engine, part: Path, target: Path, made: Plans) -> None:
    """One part in two steps, of which the first is kept in a file; the decisions stand whole or not at all."""
    requests = engine.read_parquet([part])
    rows, unfinished = target.with_suffix(".rows"), target.with_suffix(".unfinished")
    engine.write_parquet(planned_rows(requests, made), rows)
    engine.write_parquet(decisions(engine.read_parquet([rows]), requests, made, engine), unfinished)
    rows.unlink()
    unfinished.replace(target)
