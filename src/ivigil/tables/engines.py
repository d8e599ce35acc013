"""The engines that hold tables: Polars, DuckDB and Spark, each started by name and used in the same way."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Literal, Protocol, get_args

from ivigil.tables.expressions import Frame, Kind, Value

EngineName = Literal["polars", "duckdb", "spark"]
ENGINES: tuple[EngineName, ...] = get_args(EngineName)
# From Parquet files to another one: what was prepared is worked out for them.
Prepared = Callable[[Sequence[Path], Path], None]
_EXTRA: Mapping[EngineName, str] = {"polars": "populations", "duckdb": "populations", "spark": "spark"}
_LIBRARY: Mapping[EngineName, str] = {"polars": "polars", "duckdb": "duckdb", "spark": "pyspark"}


class EngineMissingError(RuntimeError):
    """An engine whose library is not installed, or, for Spark, that has no Java or whose cluster does not answer."""


class Engine(Protocol):
    """What every engine does."""

    @property
    def name(self) -> EngineName:
        """Which engine it is."""

    def table(self, kinds: Mapping[str, Kind], rows: Sequence[Sequence[Value]]) -> Frame:
        """A small table from rows of Python values."""

    def read_parquet(self, paths: Sequence[Path]) -> Frame:
        """The rows of Parquet files with the same columns; nothing is read yet."""

    def write_parquet(self, frame: Frame, path: Path) -> None:
        """Work out ``frame`` and write it; Polars and DuckDB write a file, Spark a folder of files."""

    def prepared(self, kinds: Mapping[str, Kind], made: Callable[[Frame], Frame]) -> Prepared:
        """What ``made`` makes of tables with these columns, to be worked out as often as there are such files.

        Polars, for which a plan of thousands of expressions takes longer than a small table, makes it here and now.
        """

    def rows(self, frame: Frame) -> list[tuple[Value, ...]]:
        """Work out ``frame``, which is small, and bring its rows here."""

    def kept(self, frame: Frame) -> Frame:
        """``frame`` worked out once, to be used several times."""

    def stop(self) -> None:
        """Give back what the engine holds."""


def start(name: EngineName, *, threads: int | None = None, master: str | None = None) -> Engine:
    """The engine ``name``; ``threads`` limits DuckDB and Spark, while Polars takes its number from the environment.

    ``master`` is where Spark runs, such as ``spark://host:7077`` or ``yarn``; without it, on this machine, or where
    spark-submit says. Raises ``EngineMissingError`` where the engine is not installed or does not start.
    """
    try:
        return _started(name, threads, master)
    except ModuleNotFoundError as error:
        raise EngineMissingError(_lacking(name, error.name)) from error


def demand(name: EngineName) -> None:
    """Raise ``EngineMissingError`` where the libraries of an engine are not installed; none of them is loaded."""
    missing = next((one for one in ("narwhals", _LIBRARY[name]) if find_spec(one) is None), None)
    if missing is not None:
        raise EngineMissingError(_lacking(name, missing))


def _lacking(name: EngineName, package: str | None) -> str:
    return f"{name} needs the package {package}: install ivigil[{_EXTRA[name]}]"


def _started(name: EngineName, threads: int | None, master: str | None) -> Engine:
    match name:
        case "polars":
            from ivigil.tables.polars.engine import PolarsEngine  # noqa: PLC0415 - loaded only when it is used

            return PolarsEngine()
        case "duckdb":
            from ivigil.tables.duckdb.engine import DuckEngine  # noqa: PLC0415 - the same

            return DuckEngine(threads)
        case "spark":
            from ivigil.tables.spark.engine import SparkEngine  # noqa: PLC0415 - the same

            return SparkEngine(threads, master)
