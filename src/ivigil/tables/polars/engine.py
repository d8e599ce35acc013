"""Tables in Polars, lazily: the engine used unless another is asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import narwhals as nw
import polars as pl
from polars.io.plugins import register_io_source

from ivigil.tables.engines import EngineName, Prepared
from ivigil.tables.expressions import Frame, Kind, Value

_TYPES: Mapping[Kind, type[pl.DataType]] = {
    "truth": pl.Boolean,
    "number": pl.Float64,
    "whole": pl.Int64,
    "text": pl.String,
}


class PolarsEngine:
    """Polars' streaming engine: what a table needs in memory does not grow with its rows."""

    name: EngineName = "polars"

    def table(self, kinds: Mapping[str, Kind], rows: Sequence[Sequence[Value]]) -> Frame:
        return nw.from_native(pl.DataFrame(list(rows), schema=_schema(kinds), orient="row").lazy())

    def read_parquet(self, paths: Sequence[Path]) -> Frame:
        return nw.from_native(pl.scan_parquet(list(paths), glob=False))

    def write_parquet(self, frame: Frame, path: Path) -> None:
        _native(frame).sink_parquet(path)

    def prepared(self, kinds: Mapping[str, Kind], made: Callable[[Frame], Frame]) -> Prepared:
        source = _FilesToCome()
        # Within one plan the same files are read, so that what reads them twice may read them once.
        table = register_io_source(source.batches, schema=_schema(kinds), is_pure=True)
        planned = made(nw.from_native(table))

        def write(paths: Sequence[Path], out: Path) -> None:
            source.paths = list(paths)
            self.write_parquet(planned, out)

        return write

    def rows(self, frame: Frame) -> list[tuple[Value, ...]]:
        return _native(frame).collect(engine="streaming").rows()

    def kept(self, frame: Frame) -> Frame:
        return nw.from_native(_native(frame).collect(engine="streaming").lazy())

    def stop(self) -> None:
        """Nothing is held."""


@dataclass
class _FilesToCome:
    """A table that is read from whatever files are named when a plan over it is worked out."""

    paths: list[Path] = field(default_factory=list)

    def batches(
        self, columns: list[str] | None, predicate: pl.Expr | None, rows: int | None, _size: int | None
    ) -> Iterator[pl.DataFrame]:
        """The columns and rows that the plan makes use of."""
        found = pl.scan_parquet(self.paths, glob=False)
        found = found if predicate is None else found.filter(predicate)
        found = found if columns is None else found.select(columns)
        yield (found if rows is None else found.head(rows)).collect(engine="streaming")


def _schema(kinds: Mapping[str, Kind]) -> dict[str, type[pl.DataType]]:
    return {name: _TYPES[kind] for name, kind in kinds.items()}


def _native(frame: Frame) -> pl.LazyFrame:
    native: Any = frame.to_native()  # Any: narwhals does not know whose table it wraps
    assert isinstance(native, pl.LazyFrame)  # noqa: S101 - tells the type checker
    return native
