"""The same work done here or by several processes: what comes out does not depend on which."""

from __future__ import annotations

import gc
import os
import pickle
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from itertools import islice
from multiprocessing import get_context, parent_process
from pathlib import Path
from typing import Any, Literal, Self, TypeVar

Piece = TypeVar("Piece")
# Pieces in the hands of each worker: enough that it does not wait for the next.
_AHEAD = 2
_ALLOCATIONS = 100_000


class Workers:
    """Processes that are started when they are first needed, and serve one job after the other."""

    def __init__(self, count: int, meanwhile: Callable[[], object] | None = None) -> None:
        """Start nothing yet; ``meanwhile`` is done here, once, as soon as the last job has been handed out."""
        self.count, self.meanwhile = count, meanwhile
        self._pool: ProcessPoolExecutor | None = None
        self._jobs = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._pool is not None:
            self._pool.shutdown(wait=True, cancel_futures=True)

    def done(
        self, job: Callable[[Piece], None], pieces: Sequence[Piece], *, here: bool = False, last: bool = False
    ) -> Iterator[Piece]:
        """Each of ``pieces`` once ``job`` has been done on it, in any order; ``here`` is without other processes.

        After the ``last`` job, what is to be done meanwhile: even one piece then goes to another process.
        """
        busy = 1 if last and self.meanwhile is not None else len(pieces) - 1
        if here or not pieces or min(self.count - 1, busy) < 1:
            for piece in pieces:
                job(piece)
                yield piece
        else:
            yield from self._handed_out(job, pieces, last=last)

    def _handed_out(self, job: Callable[[Piece], None], pieces: Sequence[Piece], *, last: bool) -> Iterator[Piece]:
        self._jobs += 1
        number, packed = self._jobs, pickle.dumps(job)
        waiting: dict[Future[None], Piece] = {}
        rest = iter(pieces)
        while True:
            for piece in islice(rest, self.count * _AHEAD - len(waiting)):
                waiting[self._started().submit(_work, number, packed, piece)] = piece
            if not waiting:
                return
            if last and self.meanwhile is not None:
                self.meanwhile()
                self.meanwhile = None
            for future in wait(waiting, return_when=FIRST_COMPLETED).done:
                future.result()
                yield waiting.pop(future)

    def _started(self) -> ProcessPoolExecutor:
        if self._pool is None:
            self._pool = ProcessPoolExecutor(self.count, get_context(_way_to_start()), initializer=_begin)
        return self._pool


def _way_to_start() -> Literal["fork", "spawn"]:
    """How to start a process: as a copy of this one, which takes no time, or anew.

    A copy of a process with several threads could hold the lock of one of them for ever.
    """
    threads = Path("/proc/self/task")
    return "fork" if threads.is_dir() and len(list(threads.iterdir())) == 1 else "spawn"


# The job of this process, unpacked once, by its number.
_jobs: dict[int, Callable[[Any], None]] = {}  # Any: what a job is done on


def _begin() -> None:
    """Make a process ready: an interrupt is for its parent to see, and it ends when that is gone.

    It looks for garbage seldom, and not among what it was born with: to look at an object copies its page.
    """
    gc.freeze()
    gc.set_threshold(_ALLOCATIONS)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _work(number: int, packed: bytes, piece: Any) -> None:  # noqa: ANN401 - what the job is done on
    if number not in _jobs:
        _jobs.clear()
        _jobs[number] = pickle.loads(packed)  # noqa: S301 - packed by the parent a moment ago
    _jobs[number](piece)
