"""The folder of an audit: what it is of, and where what was landed and decided stands."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ivigil.documents import BadInput, Fault, canonical_json, parse_json, write_whole

RUN, LANDED, DECISIONS = "run.json", "landed", "decisions"


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
