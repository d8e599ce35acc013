"""Tables in Apache Spark, for cohorts that outgrow one machine; an existing session is used where there is one."""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import narwhals as nw
import pyspark.sql as ps  # type: ignore[import-not-found, unused-ignore]  # an extra: checked without it too
from pyspark.sql import types as pt  # type: ignore[import-not-found, unused-ignore]  # the same

from ivigil.tables.engines import EngineMissingError, EngineName
from ivigil.tables.expressions import Frame, Kind, Value

_TYPES: Mapping[Kind, Any] = {  # Any: pyspark may be absent when types are checked
    "truth": pt.BooleanType(),
    "number": pt.DoubleType(),
    "whole": pt.LongType(),
    "text": pt.StringType(),
}


class SparkEngine:
    """The Spark session that runs, or one of this machine with ``threads`` threads (two unless said otherwise)."""

    name: EngineName = "spark"

    def __init__(self, threads: int | None = None) -> None:
        """Start Spark, or join the session there is."""
        running = ps.SparkSession.getActiveSession()
        self._own = running is None
        self._session: Any = running or _local(threads or 2)  # Any: see above

    def table(self, kinds: Mapping[str, Kind], rows: Sequence[Sequence[Value]]) -> Frame:
        schema = pt.StructType([pt.StructField(name, _TYPES[kind], nullable=True) for name, kind in kinds.items()])
        return _frame(self._session.createDataFrame([tuple(row) for row in rows], schema))

    def read_parquet(self, paths: Sequence[Path]) -> Frame:
        return _frame(self._session.read.parquet(*(str(path) for path in paths)))

    def write_parquet(self, frame: Frame, path: Path) -> None:
        _native(frame).write.mode("overwrite").parquet(str(path))

    def rows(self, frame: Frame) -> list[tuple[Value, ...]]:
        return [tuple(row) for row in _native(frame).collect()]

    def kept(self, frame: Frame) -> Frame:
        return _frame(_native(frame).cache())

    def stop(self) -> None:
        if self._own:
            self._session.stop()


def _local(threads: int) -> Any:  # noqa: ANN401 - see above
    if shutil.which("java") is None:
        raise EngineMissingError("Spark needs Java: none was found on the path")
    builder = ps.SparkSession.builder.master(f"local[{threads}]").appName("ivigil")
    # A page of a run is of no use in a command, and one machine has no need of 200 parts for each exchange of rows.
    return (
        builder.config("spark.ui.enabled", "false")
        .config("spark.sql.shuffle.partitions", str(threads))
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.driver.host", "127.0.0.1")
        .getOrCreate()
    )


def _frame(table: Any) -> Frame:  # noqa: ANN401 - see above
    found: Frame = nw.from_native(table)
    return found


def _native(frame: Frame) -> Any:  # noqa: ANN401 - see above
    return frame.to_native()
