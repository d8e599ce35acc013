"""Writes ``pinned.json`` anew: what metafor gives for every data set of ``data``.

    python validation/metafor/regenerate.py 2026-12-01

The date is that of the run and only says when the pins were made. It needs ``Rscript`` and the package metafor.
"""

from __future__ import annotations

import csv
import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from datasets import DataSet, data_sets, digest

from ivigil.documents import write_whole

HERE = Path(__file__).parent
PINNED = HERE / "pinned.json"


def main(arguments: Sequence[str]) -> int:
    """Runs the oracle and writes the pins; says on the terminal what it could not fit."""
    if len(arguments) != 1:
        print("usage: regenerate.py DATE, the date of the run such as 2026-12-01", file=sys.stderr)
        return 2
    made = date.fromisoformat(arguments[0])
    rscript = shutil.which("Rscript")
    if rscript is None:
        print("Rscript was not found; the pins need R with the package metafor.", file=sys.stderr)
        return 1
    with tempfile.TemporaryDirectory() as folder:
        write_tables(data_sets(), Path(folder))
        run = subprocess.run(  # noqa: S603 - our own script
            [rscript, str(HERE / "oracle.R"), folder], capture_output=True, text=True, check=False
        )
    if run.returncode:
        print(run.stderr, file=sys.stderr)
        return 1
    values = dict(_value(line) for line in run.stdout.splitlines())
    write_whole(PINNED, pinned_text(made, _versions(run.stderr), values))
    print(run.stderr, end="")
    print(f"{len(values)} values of {len(data_sets())} data sets")
    return 0


def write_tables(sets: Sequence[DataSet], folder: Path) -> None:
    """The data sets as CSV files, and a manifest of what each is."""
    with (folder / "manifest.csv").open("w", encoding="utf-8", newline="") as file:
        manifest = csv.writer(file)
        manifest.writerow(["id", "kind", "measures", "order", "group", "moderators"])
        for one in sets:
            roles = [one.order or "", one.group or "", " ".join(one.moderators)]
            manifest.writerow([one.id, one.kind, " ".join(one.measures), *roles])
    for one in sets:
        with (folder / f"{one.id}.csv").open("w", encoding="utf-8", newline="") as file:
            table = csv.writer(file)
            table.writerow(one.columns)
            table.writerows([str(row[name]) for name in one.columns] for row in one.table)


def pinned_text(made: date, versions: dict[str, str], values: dict[str, list[float | None]]) -> str:
    """The pins as JSON with sorted keys, one path a line, so that a change shows as the lines it touches."""
    head = {"data_digest": digest(), "made": {"date": made.isoformat(), **versions}}
    lines = [f"  {json.dumps(key)}: {json.dumps(value, sort_keys=True)}," for key, value in sorted(head.items())]
    sections: dict[str, list[str]] = {}
    for path, value in sorted(values.items()):
        section, rest = _parted(path)
        sections.setdefault(section, []).append(f"{json.dumps(rest)}: {json.dumps(value)}")
    shown = [f"  {json.dumps(name)}: {{\n{_joined(inside)}\n  }}" for name, inside in sections.items()]
    return "\n".join(["{", *lines, '  "values": {', ",\n".join(shown), "  }", "}"]) + "\n"


def _parted(path: str) -> tuple[str, str]:
    """The data set, the measure and the section of a path, and what is left of it."""
    parts = path.split("/")
    return "/".join(parts[:3]), "/".join(parts[3:])


def _joined(lines: Sequence[str]) -> str:
    return ",\n".join(f"    {line}" for line in lines)


def _value(line: str) -> tuple[str, list[float | None]]:
    path, _, numbers = line.partition("\t")
    return path, [None if one == "null" else _number(one) for one in numbers.split()]


def _number(text: str) -> float:
    value = float(text)
    return int(value) if value.is_integer() and "e" not in text else value


def _versions(said: str) -> dict[str, str]:
    words = [line.split() for line in said.splitlines()]
    return {name: next(line[1] for line in words if line[:1] == [name]) for name in ("R", "metafor")}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
