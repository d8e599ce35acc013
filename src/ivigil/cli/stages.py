"""Bars for long work in stages, on standard error: how far, how fast, and how long it will still take."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

from ivigil.populations.landing.progress import Silent


class Stages(Protocol):
    """What long work tells of itself."""

    def begin(self, stage: str, total: int, done: int) -> None:
        """A stage begins; ``done`` of ``total`` stood already."""

    def advance(self, done: int) -> None:
        """So much more of the stage is done."""


@contextmanager
def stages() -> Iterator[Stages]:
    """Bars while the work goes on; nothing where nobody looks."""
    if not sys.stderr.isatty():
        yield Silent()
        return
    from rich.console import Console  # noqa: PLC0415 - only where somebody looks
    from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeRemainingColumn  # noqa: PLC0415

    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.fields[rate]}"), TimeRemainingColumn())

    class _Bars:
        def __init__(self, bars: Progress) -> None:
            self.bars, self.current, self.is_bytes = bars, TaskID(0), False

        def begin(self, stage: str, total: int, done: int) -> None:
            self.is_bytes = stage == "reading"
            self.current = self.bars.add_task(stage, total=total, completed=done, rate="")

        def advance(self, done: int) -> None:
            self.bars.update(self.current, advance=done)
            speed = next((one.speed for one in self.bars.tasks if one.id == self.current), None)
            if speed:
                rate = f"{speed / 1e6:,.1f} MB/s" if self.is_bytes else f"{speed:,.1f} parts/s"
                self.bars.update(self.current, rate=rate)

    with Progress(*columns, console=Console(stderr=True), transient=True) as bars:
        yield _Bars(bars)
