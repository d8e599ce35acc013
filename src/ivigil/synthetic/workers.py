"""Several processes, each of which writes whole runs; what is written does not depend on how many there are."""

from __future__ import annotations

import gc
import multiprocessing
import signal
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from multiprocessing.queues import Queue
from multiprocessing.synchronize import Event
from queue import Empty

from ivigil.documents import BadInput, Fault
from ivigil.synthetic.plan import Plan
from ivigil.synthetic.recipe import Recipe
from ivigil.synthetic.runs import Place, Written, write_run

Run = tuple[int, range]
_LOOK_EVERY_S = 0.2


class _StopError(Exception):
    """The parent process wants no more."""


def write_runs(
    recipe: Recipe, place: Place, runs: Sequence[Run], workers: int, told: Callable[[Written], None]
) -> None:
    """Write every run; ``told`` is each block as it is made. Raises :class:`BadInput` where a process was ended."""
    context = multiprocessing.get_context()
    news: Queue[Written] = context.Queue()
    stop = context.Event()
    pool = ProcessPoolExecutor(min(workers, len(runs)), context, _begin, (recipe, place, news, stop))
    try:
        waiting: set[Future[None]] = {pool.submit(_write, one) for one in runs}
        while waiting:
            done, waiting = wait(waiting, _LOOK_EVERY_S, FIRST_COMPLETED)
            _tell(news, told)
            for one in done:
                one.result()
    except BrokenProcessPool:
        hint = "Run it again: it goes on with what is not there yet."
        raise BadInput(
            [Fault(str(place.out), "a worker process that was ended", "workers that end by themselves", hint)]
        ) from None
    finally:
        stop.set()
        pool.shutdown(cancel_futures=True)
        _tell(news, told)


def _tell(news: Queue[Written], told: Callable[[Written], None]) -> None:
    while True:
        try:
            told(news.get_nowait())
        except Empty:
            return


class _Worker:
    """What a worker process writes with."""

    plan: Plan
    place: Place
    news: Queue[Written]
    stop: Event


def _begin(recipe: Recipe, place: Place, news: Queue[Written], stop: Event) -> None:
    """Set a worker up. An interruption is the parent's to see: it then asks its workers to stop."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _Worker.plan, _Worker.place, _Worker.news, _Worker.stop = recipe.plan(), place, news, stop
    gc.freeze()  # what all patients share is not looked through again


def _write(run: Run) -> None:
    def told(made: Written) -> None:
        if _Worker.stop.is_set():
            raise _StopError
        _Worker.news.put(made)

    write_run(_Worker.plan, _Worker.place, run[0], run[1], told)
