"""Tables in Polars, lazily: the engine used unless another is asked for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import narwhals as nw
import polars as pl

from ivigil.tables.engines import EngineName
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
        schema = {name: _TYPES[kind] for name, kind in kinds.items()}
        return nw.from_native(pl.DataFrame(list(rows), schema=schema, orient="row").lazy())

    def read_parquet(self, paths: Sequence[Path]) -> Frame:
        return nw.from_native(pl.scan_parquet(list(paths), glob=False))

    def write_parquet(self, frame: Frame, path: Path) -> None:
        _native(frame).sink_parquet(path)

    def rows(self, frame: Frame) -> list[tuple[Value, ...]]:
        return _native(frame).collect(engine="streaming").rows()

    def kept(self, frame: Frame) -> Frame:
        return nw.from_native(_native(frame).collect(engine="streaming").lazy())

    def stop(self) -> None:
        """Nothing is held."""


def _native(frame: Frame) -> pl.LazyFrame:
    native: Any = frame.to_native()  # Any: narwhals does not know whose table it wraps
    assert isinstance(native, pl.LazyFrame)  # noqa: S101 - tells the type checker
    return native
