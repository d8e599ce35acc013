"""Floor 0: tables of any size behind one door: expressions that mean the same on Polars, DuckDB and Spark.

Needs the extra ``populations`` (``spark`` for Spark). An engine's library is imported when that engine is started.
"""

from ivigil.tables.engines import ENGINES, Engine, EngineMissingError, EngineName, Prepared, demand, start
from ivigil.tables.expressions import Expr, Frame, Kind, Value, column, kinds_of, literal, unknown

__all__ = [
    "ENGINES",
    "Engine",
    "EngineMissingError",
    "EngineName",
    "Expr",
    "Frame",
    "Kind",
    "Prepared",
    "Value",
    "column",
    "demand",
    "kinds_of",
    "literal",
    "start",
    "unknown",
]
