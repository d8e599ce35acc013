"""Tables in DuckDB, in memory unless they outgrow it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import count
from pathlib import Path
from typing import Any

import duckdb
import narwhals as nw

from ivigil.tables.engines import EngineName, Prepared
from ivigil.tables.expressions import Frame, Kind, Value

_TYPES: Mapping[Kind, str] = {"truth": "BOOLEAN", "number": "DOUBLE", "whole": "BIGINT", "text": "VARCHAR"}

_ROWS_AT_ONCE = 50


class DuckEngine:
    """A DuckDB connection of its own."""

    name: EngineName = "duckdb"

    def __init__(self, threads: int | None = None) -> None:
        """Connect to a new database."""
        self._connection = duckdb.connect(config={} if threads is None else {"threads": threads})
        self._numbers = count()

    def table(self, kinds: Mapping[str, Kind], rows: Sequence[Sequence[Value]]) -> Frame:
        name = self._new_name()
        columns = ", ".join(f"{_quoted(one)} {_TYPES[kind]}" for one, kind in kinds.items())
        self._connection.execute(f"CREATE TABLE {name} ({columns})")
        marks = f"({', '.join('?' for _ in kinds)})"
        for start in range(0, len(rows), _ROWS_AT_ONCE):
            some = rows[start : start + _ROWS_AT_ONCE]
            values = ", ".join(marks for _ in some)
            statement = f"INSERT INTO {name} VALUES {values}"  # noqa: S608 - the name and the marks are ours
            self._connection.execute(statement, [value for row in some for value in row])
        return self._frame(self._connection.table(name))

    def read_parquet(self, paths: Sequence[Path]) -> Frame:
        return self._frame(self._connection.read_parquet([str(path) for path in paths]))

    def write_parquet(self, frame: Frame, path: Path) -> None:
        _native(frame).write_parquet(str(path), compression="zstd")

    def prepared(self, kinds: Mapping[str, Kind], made: Callable[[Frame], Frame]) -> Prepared:  # noqa: ARG002 - the files say
        return lambda paths, out: self.write_parquet(made(self.read_parquet(paths)), out)

    def rows(self, frame: Frame) -> list[tuple[Value, ...]]:
        return _native(frame).fetchall()

    def kept(self, frame: Frame) -> Frame:
        name = self._new_name()
        _native(frame).create(name)
        return self._frame(self._connection.table(name))

    def stop(self) -> None:
        self._connection.close()

    def _new_name(self) -> str:
        return f"table_{next(self._numbers)}"

    def _frame(self, relation: duckdb.DuckDBPyRelation) -> Frame:
        return nw.from_native(relation)


def _native(frame: Frame) -> duckdb.DuckDBPyRelation:
    native: Any = frame.to_native()  # Any: narwhals does not know whose table it wraps
    assert isinstance(native, duckdb.DuckDBPyRelation)  # noqa: S101 - tells the type checker
    return native


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
