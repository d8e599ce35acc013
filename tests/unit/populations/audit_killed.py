"""An audit in a process of its own, of small parts, that kills itself at a given point: run by tests."""

from __future__ import annotations

import sys

from landing_killed import before, small

from ivigil.cli import audit_report
from ivigil.cli.app import run
from ivigil.populations.audit import running

POINTS = {"deciding": (running, "_decide"), "writing": (audit_report, "audit_text")}


def main() -> None:
    """Arguments: the input, the folder, where to end (``none`` or one of the points) and before which call."""
    folder, out, where, count = sys.argv[1:]
    small()
    if where in POINTS:
        before(*POINTS[where], int(count))
    sys.exit(run(["audit", folder, out, "--workers", "1"]))


if __name__ == "__main__":
    main()
