"""Holds every kinetic target against its model, and writes ``targets.md``.

    python validation/kinetics/targets.py

A target passes where the model's value lies in the range that its record gives. One that is known to fail says so in
its record, with the reason, and stays in the table.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from ivigil.documents import write_whole
from ivigil.kinetics.scenarios import value
from ivigil.knowledge import load
from ivigil.knowledge.kinetic_records import KineticTarget
from ivigil.knowledge.library import Library

REPORT = Path(__file__).with_name("targets.md")
Outcome = Literal["pass", "expected failure", "FAIL", "passes though expected to fail", "not yet covered"]
DIGITS = 3
HEAD = """# Kinetic targets

Written by `python validation/kinetics/targets.py`; not to be edited. What the columns mean, and how the model was
calibrated, stands in [README.md](README.md). A figure that was *used in the fit* shows how well the fit went and counts
for nothing else. An *expected failure* is a known fault of the model: the reasons stand below the tables.
"""
COLUMNS = ("target", "what", "published", "model", "range", "read", "used in the fit", "outcome")
Row = tuple[str, ...]


@dataclass(frozen=True)
class Held:
    """A target beside what its model gives."""

    target: KineticTarget
    found: float | None

    @property
    def outcome(self) -> Outcome:
        """Whether the model's value lies in the range, and whether that was known."""
        if self.found is None:
            return "not yet covered"
        inside = float(self.target.low) <= self.found <= float(self.target.high)
        if self.target.expects == "fail":
            return "passes though expected to fail" if inside else "expected failure"
        return "pass" if inside else "FAIL"

    @property
    def counts(self) -> bool:
        """Whether it is a pass on a figure that the model had not seen."""
        return self.outcome == "pass" and not self.target.used_in_fit


def held(library: Library) -> tuple[Held, ...]:
    """Every target in order of id."""
    targets = sorted(library.kinetics.targets.values(), key=lambda one: one.id)
    return tuple(Held(one, value(library, one)) for one in targets)


def report(rows: Sequence[Held]) -> str:
    """The whole report in Markdown."""
    parts = [HEAD.rstrip(), summary(rows)]
    for title, chosen in _groups(rows):
        parts += [f"## {title}", _table(chosen)]
    parts += ["## Expected failures", _reasons(one for one in rows if one.target.expects == "fail")]
    parts += ["## Ranges of the others", _reasons(one for one in rows if one.target.expects == "pass")]
    return "\n\n".join(parts) + "\n"


def summary(rows: Sequence[Held]) -> str:
    """How many of what was not fitted pass, by model."""
    covered = [one for one in rows if one.found is not None and not one.target.used_in_fit]
    lines = [
        _line(("model", "not fitted, pass", "not fitted, expected failure", "not fitted, FAIL")),
        "|---|---|---|---|",
    ]
    for model in sorted({one.target.model for one in covered}):
        of = [one.outcome for one in covered if one.target.model == model]
        lines.append(_line((model, *(str(of.count(name)) for name in ("pass", "expected failure", "FAIL")))))
    return "\n".join(lines)


def _groups(rows: Sequence[Held]) -> Iterable[tuple[str, list[Held]]]:
    yield "Held out", [one for one in rows if one.found is not None and not one.target.used_in_fit]
    yield "Used in the fit", [one for one in rows if one.target.used_in_fit]
    yield "Not yet covered", [one for one in rows if one.found is None]


def _table(rows: Sequence[Held]) -> str:
    lines = [_line(COLUMNS), "|" + "---|" * len(COLUMNS)]
    lines += [_line(_cells(one)) for one in rows]
    return "\n".join(lines)


def _cells(one: Held) -> Row:
    target = one.target
    unit = "" if target.unit == "1" else f" {target.unit}"
    found = "" if one.found is None else shown(one.found)
    in_fit = "yes" if target.used_in_fit else "no"
    return (
        target.id,
        f"{target.text} ({target.model}, {target.species})",
        f"{target.published}{unit}",
        found,
        f"{target.low} to {target.high}",
        target.status,
        in_fit,
        one.outcome,
    )


def shown(found: float) -> str:
    """The model's value with three digits that count."""
    return f"{found:.{DIGITS}g}"


def _reasons(rows: Iterable[Held]) -> str:
    return "\n".join(f"- `{one.target.id}`: {one.target.why} Source: {one.target.passage.source}." for one in rows)


def _line(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "/") for cell in cells) + " |"


def main() -> int:
    """Writes the report and prints its summary; 1 where a target turned out otherwise than its record says."""
    rows = held(load())
    write_whole(REPORT, report(rows))
    print(summary(rows))
    wrong = [one for one in rows if one.outcome in {"FAIL", "passes though expected to fail"}]
    for one in wrong:
        print(f"{one.target.id}: {one.outcome}, {one.found:.4g} for {one.target.low} to {one.target.high}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
