"""The cells of a Parquet file as texts, some rows at a time."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, time
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl


def text_columns(path: Path) -> tuple[str, ...]:
    """The columns of a Parquet file."""
    return tuple(pl.read_parquet_schema(path))


def text_rows(path: Path) -> Iterator[tuple[str | None, ...]]:
    """Each row as texts that read back as the same values; empty cells as ``None``."""
    for batch in pl.scan_parquet(path, glob=False).collect_batches(maintain_order=True):
        for row in batch.iter_rows():
            yield tuple(map(_text, row))


def _text(value: Any) -> str | None:  # noqa: ANN401 - a cell of any type
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (float, Decimal)):
        # Without an exponent: 1e-05 is how programs write, and no way to write a measurement.
        number = Decimal(repr(value)) if isinstance(value, float) else value
        return f"{number:f}"
    return value.isoformat() if isinstance(value, (date, time)) else str(value)
