"""A cluster of Spark on this machine: a master and two workers, each a process of its own, on the loopback only."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path

from ivigil.tables import EngineMissingError

LOOPBACK = "127.0.0.1"
WORKERS = 2
PATIENCE = 90.0  # seconds; a process that has not said by then that it is there never will
MEMORY = "512m"
# Each worker has room for one executor of one core, and no work begins before both are there.
BOTH = {
    "spark.executor.cores": "1",
    "spark.executor.memory": MEMORY,
    "spark.scheduler.minRegisteredResourcesRatio": "1.0",
    "spark.scheduler.maxRegisteredResourcesWaitingTime": f"{PATIENCE:.0f}s",
    "spark.ui.enabled": "false",
    "spark.sql.adaptive.enabled": "false",  # for so few rows it only takes time
    "spark.sql.shuffle.partitions": "2",
}


def spark_home() -> Path:
    """Where Spark lies, with its programs. Raises ``EngineMissingError`` where it or Java is missing."""
    found = find_spec("pyspark")
    if found is None or found.origin is None:
        raise EngineMissingError("spark needs the package pyspark: install ivigil[spark]")
    from ivigil.tables.spark.session import demand_java  # noqa: PLC0415 - imports pyspark

    demand_java()
    return Path(found.origin).parent


@dataclass(frozen=True)
class Cluster:
    """Where the master listens, where Spark lies, and where each worker keeps what its executors say."""

    master: str
    home: Path
    folders: tuple[Path, ...]
    settings: dict[str, str] = field(default_factory=lambda: dict(BOTH))

    @property
    def options(self) -> list[str]:
        """The settings as options of spark-submit."""
        return [word for name, value in self.settings.items() for word in ("--conf", f"{name}={value}")]

    def environment(self) -> dict[str, str]:
        """For a driver: bound to the loopback, and with no Python that a worker could start."""
        return {
            **surroundings(self.home),
            "PYSPARK_PYTHON": str(self.home / "no-python-on-workers"),
            "PYSPARK_DRIVER_PYTHON": sys.executable,
        }

    def tasks_done(self) -> list[int]:
        """By worker: how many parts of work its executors finished."""
        logs = ([log.read_text(encoding="utf-8") for log in folder.rglob("stderr")] for folder in self.folders)
        return [sum(len(re.findall(r"Finished task", text)) for text in texts) for texts in logs]


def surroundings(home: Path) -> dict[str, str]:
    """The environment of every process of the cluster; settings of this machine's own Spark stay out."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("SPARK_", "PYSPARK_"))}
    return {**kept, "SPARK_HOME": str(home), "SPARK_LOCAL_IP": LOOPBACK, "SPARK_DAEMON_MEMORY": "256m"}


@contextmanager
def running_cluster(home: Path, folder: Path) -> Iterator[Cluster]:
    """A cluster that is there until the block is left."""
    folders = tuple(folder / f"worker-{number}" for number in range(WORKERS))
    with ExitStack() as processes:
        options = ["--host", LOOPBACK, "--port", "0", "--webui-port", "0"]
        log = processes.enter_context(daemon(home, folder / "master.log", ["master.Master", *options]))
        address = said(log, rf"Starting Spark master at (spark://{LOOPBACK}:\d+)")
        for place in folders:
            work = ["--cores", "1", "--memory", MEMORY, "--work-dir", str(place), address]
            words = ["worker.Worker", *options, *work]
            said(processes.enter_context(daemon(home, place.with_suffix(".log"), words)), "Successfully registered")
        yield Cluster(address, home, folders)


@contextmanager
def daemon(home: Path, log: Path, words: Sequence[str]) -> Iterator[Path]:
    """A master or a worker with what it says in ``log``; ended when the block is left."""
    command = [str(home / "bin" / "spark-class"), f"org.apache.spark.deploy.{words[0]}", *words[1:]]
    with log.open("wb") as out, subprocess.Popen(command, env=surroundings(home), stdout=out, stderr=out) as process:
        try:
            yield log
        finally:
            process.terminate()
            try:
                process.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                process.kill()


def said(log: Path, pattern: str) -> str:
    """What ``pattern`` finds in ``log``, waited for: its first group, or all of it."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        text = log.read_text(encoding="utf-8", errors="replace")
        if found := re.search(pattern, text):
            return found[found.re.groups]
        time.sleep(0.2)
    raise TimeoutError(
        f"{log.name} never said {pattern!r}: {log.read_text(encoding='utf-8', errors='replace')[-2000:]}"
    )
