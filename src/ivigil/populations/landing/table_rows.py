"""The rows of CSV and Parquet files, as texts by column, in bounded memory."""

from __future__ import annotations

import csv
import gzip
import zlib
from collections.abc import Iterator, Mapping, Sequence
from typing import IO

from ivigil.documents import BadInput, Fault
from ivigil.populations.landing.mapping import TableMapping
from ivigil.populations.landing.sources import Source

Cells = Mapping[str, str]
# What reading a file that is damaged, or of another kind than its name says, may raise.
_FAULTS = (OSError, EOFError, UnicodeDecodeError, csv.Error, zlib.error)


class SpoiltRow(ValueError):  # noqa: N818 - read aloud: "a spoilt row"
    """A row that does not fit the header; the message says how."""


def header_of(source: Source) -> tuple[str, ...]:
    """The columns of a table. Raises :class:`BadInput` where there are none that can be read."""
    if _is_parquet(source):
        return _parquet_header(source)
    try:
        with _opened(source) as file:
            return tuple(next(csv.reader(file, strict=True), ()))
    except _FAULTS as error:
        raise _no_table(source, error) from None


def _parquet_header(source: Source) -> tuple[str, ...]:
    from ivigil.tables.polars.texts import text_columns  # noqa: PLC0415 - loads an engine

    try:
        return text_columns(source.path)
    except Exception as error:  # noqa: BLE001 - an engine raises errors of its own for a file that is not Parquet
        raise _no_table(source, error) from None


def _no_table(source: Source, error: Exception) -> BadInput:
    return BadInput([Fault(source.name, str(error).split("\n", 1)[0][:120], "CSV in UTF-8, or Parquet")])


def check_headers(sources: Sequence[Source], mapping: TableMapping) -> None:
    """Raise :class:`BadInput` for every column of ``mapping`` that a table lacks."""
    faults: list[Fault] = []
    for source in sources:
        try:
            header = header_of(source)
        except BadInput as error:
            faults += error.faults
            continue
        absent = [one for one in mapping.columns if one not in header]
        faults += [Fault(f"{source.name}, column {one}", "no such column", ", ".join(header)[:200]) for one in absent]
    if faults:
        raise BadInput(faults)


def rows_of(source: Source) -> Iterator[Cells | SpoiltRow]:
    """Each row below the header; empty cells are left out. Raises :class:`BadInput` where a file goes on illegibly."""
    if _is_parquet(source):
        from ivigil.tables.polars.texts import text_rows  # noqa: PLC0415 - loads an engine

        header = header_of(source)
        for row in text_rows(source.path):
            yield {name: cell for name, cell in zip(header, row, strict=True) if cell is not None and cell.strip()}
    else:
        yield from _csv_rows(source)


def _csv_rows(source: Source) -> Iterator[Cells | SpoiltRow]:
    try:
        with _opened(source) as file:
            rows = csv.reader(file, strict=True)
            header = tuple(next(rows, ()))
            for row in rows:
                if row:
                    yield _row(header, row)
    except _FAULTS as error:
        raise _no_table(source, error) from None


def _row(header: tuple[str, ...], row: list[str]) -> Cells | SpoiltRow:
    if len(row) != len(header):
        return SpoiltRow(f"it has {len(row)} cells, and the header {len(header)}")
    return {name: cell.strip() for name, cell in zip(header, row, strict=True) if cell.strip()}


def _is_parquet(source: Source) -> bool:
    return source.name.lower().endswith(".parquet")


def _opened(source: Source) -> IO[str]:
    if source.packed:
        return gzip.open(source.path, "rt", encoding="utf-8-sig", newline="")
    return source.path.open("rt", encoding="utf-8-sig", newline="")
