"""Tables in Apache Spark, for cohorts that outgrow one machine; an existing session is used where there is one."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import narwhals as nw
from pyspark.sql import types as pt  # type: ignore[import-not-found, unused-ignore]  # an extra: checked without it too

from ivigil.tables.engines import EngineName, Prepared
from ivigil.tables.expressions import Frame, Kind, Value
from ivigil.tables.spark.session import session

_TYPES: Mapping[Kind, Any] = {  # Any: pyspark may be absent when types are checked
    "truth": pt.BooleanType(),
    "number": pt.DoubleType(),
    "whole": pt.LongType(),
    "text": pt.StringType(),
}
_PATTERN_SIGNS = re.compile(r"([{}\[\]*?\\])")


class SparkEngine:
    """The Spark session that runs, one of the cluster at ``master``, or one of this machine with ``threads`` threads.

    Under spark-submit, where and with how much it runs is said there. Paths are those of files that every machine of
    the cluster sees in the same place.
    """

    name: EngineName = "spark"

    def __init__(self, threads: int | None = None, master: str | None = None) -> None:
        """Start Spark, or join the session there is."""
        self._session = session(threads, master)

    def table(self, kinds: Mapping[str, Kind], rows: Sequence[Sequence[Value]]) -> Frame:
        schema = pt.StructType([pt.StructField(name, _TYPES[kind], nullable=True) for name, kind in kinds.items()])
        return _frame(self._session.spark.createDataFrame([tuple(row) for row in rows], schema))

    def read_parquet(self, paths: Sequence[Path]) -> Frame:
        places = [_PATTERN_SIGNS.sub(r"\\\1", _place(path)) for path in paths]
        return _frame(self._session.spark.read.parquet(*places))

    def write_parquet(self, frame: Frame, path: Path) -> None:
        _native(frame).write.mode("overwrite").parquet(_place(path))

    def prepared(self, kinds: Mapping[str, Kind], made: Callable[[Frame], Frame]) -> Prepared:  # noqa: ARG002 - the files say
        return lambda paths, out: self.write_parquet(made(self.read_parquet(paths)), out)

    def rows(self, frame: Frame) -> list[tuple[Value, ...]]:
        return [tuple(row) for row in _native(frame).collect()]

    def kept(self, frame: Frame) -> Frame:
        return _frame(_native(frame).cache())

    def stop(self) -> None:
        self._session.stop()


def _place(path: Path) -> str:
    """A file of the file system; a path alone would be looked for in a cluster's own storage."""
    return f"file://{path.resolve().as_posix()}"


def _frame(table: Any) -> Frame:  # noqa: ANN401 - see above
    found: Frame = nw.from_native(table)
    return found


def _native(frame: Frame) -> Any:  # noqa: ANN401 - see above
    return frame.to_native()
