"""The Spark session in which tables are judged: one that runs already, one of a cluster, or one of this machine.

Only the driver runs Python. What the workers are sent are expressions of Spark's own, so that they need neither Python
nor ivigil.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyspark.sql as ps  # type: ignore[import-not-found, unused-ignore]  # an extra: checked without it too

from ivigil.tables.engines import EngineMissingError

# Set by spark-submit in the process it starts; where to run is then said there.
_SUBMITTED = "PYSPARK_GATEWAY_PORT"
_THREADS = 2
# What expressions mean, wherever the session comes from: names as other engines tell them apart, and sums that are too
# large or texts that are no number are errors, never quietly unknown.
_MEANING: Mapping[str, str] = {
    "spark.sql.caseSensitive": "true",
    "spark.sql.ansi.enabled": "true",
    "spark.sql.session.timeZone": "UTC",
}
# Plans of thousands of expressions: nobody reads their text, which takes longer to write than they take to run.
_SHORT: Mapping[str, str] = {"spark.sql.maxPlanStringLength": "1000"}
# Noting for each of thousands of expressions where in Python it was written takes longer than all else on the driver.
_QUICK: Mapping[str, str] = {"spark.python.sql.dataFrameDebugging.enabled": "false"}


@dataclass(frozen=True)
class Session:
    """A session, and whether it was started here and so ends here."""

    spark: Any  # pyspark may be absent when types are checked
    is_own: bool

    def stop(self) -> None:
        """End a session that was started here."""
        if self.is_own:
            self.spark.stop()


def session(threads: int | None, master: str | None) -> Session:
    """The session that runs; without one, a new one at ``master``, or where spark-submit says, or on this machine.

    Raises ``EngineMissingError`` where there is no Java, or the cluster does not answer.
    """
    running = ps.SparkSession.getActiveSession()
    if running is not None:
        return Session(_settled(running.newSession()), is_own=False)
    demand_java()
    return Session(_settled(_started(_settings(threads, master))), is_own=True)


def _settings(threads: int | None, master: str | None) -> dict[str, str]:
    if master is not None:
        return {**_QUICK, "spark.master": master}
    return dict(_QUICK) if _SUBMITTED in os.environ else {**_QUICK, **_here(threads or _THREADS)}


def _here(threads: int) -> dict[str, str]:
    """One machine needs no 200 parts for each exchange of rows, and no second look at a plan while it runs.

    A command tells of its own progress.
    """
    return {
        "spark.master": f"local[{threads}]",
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.log.level": "ERROR",
        "spark.sql.shuffle.partitions": str(threads),
        "spark.sql.adaptive.enabled": "false",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.host": "127.0.0.1",
    }


def _started(settings: Mapping[str, str]) -> Any:  # noqa: ANN401 - see above
    builder = ps.SparkSession.builder.appName("ivigil")
    for name, value in settings.items():
        builder = builder.config(name, value)
    try:
        return builder.getOrCreate()
    except Exception as error:  # Spark raises whatever its Java raised
        where = settings.get("spark.master", "the master given to spark-submit")
        message = f"Spark did not start at {where}: {_reason(error)}"
        raise EngineMissingError(message) from error


def _reason(error: Exception) -> str:
    """The line of an error of Java that says why; the rest is where in Spark it was noticed."""
    said = getattr(error, "java_exception", None) or error
    return str(said).strip().partition("\n")[0]


def _settled(spark: Any) -> Any:  # noqa: ANN401 - see above
    for name, value in {**_MEANING, **_SHORT}.items():
        spark.conf.set(name, value)
    return spark


def demand_java() -> None:
    """Raise ``EngineMissingError`` where there is no Java."""
    home = os.environ.get("JAVA_HOME")
    if home is None and shutil.which("java") is None:
        raise EngineMissingError("Spark needs Java: none was found on the path, and JAVA_HOME is not set")
    if home is not None and shutil.which("java", path=Path(home) / "bin") is None:
        raise EngineMissingError(f"Spark needs Java: there is none in {home}, where JAVA_HOME says it is")
