"""A command run with the memory of all its processes watched."""

from __future__ import annotations

import json
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_EVERY = 0.05  # seconds
_GIB = 2**20  # of the kB in which Linux counts


@dataclass(frozen=True)
class Done:
    """What a command printed, and the most memory that its processes held at one time; none where it is not known."""

    lines: tuple[str, ...]
    peak_gib: float | None

    @property
    def last(self) -> Mapping[str, Any]:
        """The last line, which is JSON."""
        found: Mapping[str, Any] = json.loads(self.lines[-1])
        return found


def watched(command: Sequence[str], environment: Mapping[str, str]) -> Done:
    """Run ``command`` to its end. Raises ``RuntimeError`` with what it said where it fails."""
    with subprocess.Popen(  # noqa: S603 - the benchmark's own programs
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        watch = _Watch(process.pid)
        watch.start()
        out, err = process.communicate()
        watch.ended.set()
    if process.returncode:
        message = f"{' '.join(command)}: {err[-2000:]}"
        raise RuntimeError(message)
    return Done(tuple(out.splitlines()), watch.peak / _GIB if watch.peak else None)


class _Watch(threading.Thread):
    """Adds up, time and again, what a process and all that descend from it hold; of shared memory each its part."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self.pid, self.peak, self.ended = pid, 0, threading.Event()

    def run(self) -> None:
        while not self.ended.is_set():
            self.peak = max(self.peak, sum(map(_held, _family(self.pid))))
            time.sleep(_EVERY)


def _family(pid: int) -> list[int]:
    try:
        tasks = [*Path(f"/proc/{pid}/task").iterdir()]
        children = [int(one) for task in tasks for one in (task / "children").read_text().split()]
    except (OSError, ValueError):  # it has ended meanwhile, or this is no Linux
        return [pid]
    return [pid, *(one for child in children for one in _family(child))]


def _held(pid: int) -> int:
    try:
        text = Path(f"/proc/{pid}/smaps_rollup").read_text()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in text.splitlines() if line.startswith("Pss:")), 0)
