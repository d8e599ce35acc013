"""Draw the pictures of the documentation again: ``python docs/pictures/make.py`` from a set-up checkout."""

from __future__ import annotations

from pathlib import Path

from ivigil.cli.app import run

ROOT = Path(__file__).parents[2]
FIRST = ROOT / "examples" / "first.json"


def main() -> int:
    """Write each picture beside this file."""
    return run(["review", str(FIRST), "--today", "2026-11-20", "--svg", str(Path(__file__).with_name("first.svg"))])


if __name__ == "__main__":
    raise SystemExit(main())
