"""A landing in a process of its own, in small stretches and parts, that kills itself at a given point: run by tests."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from ivigil.knowledge import load
from ivigil.populations.landing import Silent, land, parts, pieces, runs, spill

STRETCH, PART = 2000, 6000  # bytes


def kill_at(count: int) -> Callable[[], None]:
    """Something to call that ends the process, as nothing can prevent, at the call number ``count``."""
    calls = [0]

    def called() -> None:
        calls[0] += 1
        if calls[0] == count:
            os.kill(os.getpid(), signal.SIGKILL)

    return called


class KillsItself(Silent):
    """Counts what is done, and ends there."""

    def __init__(self, count: int) -> None:
        self.count = kill_at(count)

    def advance(self, done: int) -> None:  # noqa: ARG002 - how much does not matter here
        self.count()


def before(module: Any, name: str, count: int) -> None:  # noqa: ANN401 - a module or class that has ``name``
    """Let the process end just before the call number ``count`` of a function."""
    plain, counted = getattr(module, name), kill_at(count)

    def killing(*given: object, **more: object) -> object:
        counted()
        return plain(*given, **more)

    setattr(module, name, killing)


def small() -> None:
    """Make tasks and parts so small that a little input has many of them."""
    pieces.tasks_of.__defaults__ = (STRETCH,)
    runs.parts_for = lambda sources: pieces.parts_for(sources, PART)  # type: ignore[assignment]


def main() -> None:
    """Arguments: the input, the folder, the workers, where to end (``none``, ``advance``, …) and at which call."""
    folder, out, workers, where, count = sys.argv[1:]
    small()
    if where == "spill":
        before(spill.Spill, "finish", int(count))
    elif where == "list":
        before(spill, "write_whole", int(count))
    elif where == "table":
        before(parts, "write_table", int(count))
    progress = KillsItself(int(count)) if where == "advance" else Silent()
    land([Path(folder)], Path(out), load(), today=date(2026, 12, 1), workers=int(workers), progress=progress)


if __name__ == "__main__":
    main()
