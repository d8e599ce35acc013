"""CSV tables read strictly, every fault by line, and written so that no table program takes a cell for a formula."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from ivigil.documents import BadInput, Fault

# A cell that begins so is a formula to a table program (OWASP, "CSV Injection").
_FORMULA = re.compile(r"'*[=+\-@\t\r]")
_DELIMITERS = (",", ";", "\t")
_SAVE = "Save it as CSV in UTF-8."


@dataclass(frozen=True)
class Line:
    """A row: the line of the file that it begins on, and its cells by column, without blanks around them."""

    number: int
    cells: Mapping[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells.get(column, "")


@dataclass(frozen=True)
class Table:
    """A table with its columns in order; rows that do not fit the header are in ``faults`` instead of ``lines``."""

    columns: tuple[str, ...]
    lines: tuple[Line, ...]
    delimiter: str = ","
    faults: tuple[Fault, ...] = ()


def read_table(content: bytes, name: str) -> Table:
    """The table in ``content``: a header, then rows with a cell for each column.

    Comma, semicolon and tab part cells, whichever the header has first. Raises :class:`BadInput` where there is no
    header to read the rows by.
    """
    text = _text(content, name)
    delimiter = _delimiter(text)
    rows, broken = _rows(text, delimiter, name)
    if not rows:
        raise BadInput(broken or [Fault(name, "an empty file", "a header and rows below it")])
    line, header = rows[0]
    columns = _trimmed(header)
    faults = [*broken, *_of_header(columns, f"{name}, line {line}")]
    if len(rows) == 1 and not broken:
        faults.append(Fault(name, "a header without a row", "at least one row below it"))
    lines = []
    for number, cells in rows[1:]:
        wrong = list(_of_row(cells, columns, f"{name}, line {number}", delimiter))
        faults += wrong
        if not wrong:
            lines.append(Line(number, dict(zip(columns, cells, strict=False))))
    return Table(tuple(columns), tuple(lines), delimiter, tuple(faults))


def table_text(columns: Sequence[str], rows: Iterable[Mapping[str, str]]) -> str:
    """``rows`` as CSV; a cell that a table program would take for a formula has an apostrophe before it."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([safe(row.get(column, "")) for column in columns] for row in rows)
    return out.getvalue()


def safe(cell: str) -> str:
    """``cell`` so that it is text to every table program; :func:`unsafe` gives it back."""
    return f"'{cell}" if _FORMULA.match(cell) else cell


def unsafe(cell: str) -> str:
    """What :func:`safe` was given."""
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell


def _text(content: bytes, name: str) -> str:
    if content[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        raise BadInput([Fault(name, "UTF-16", "CSV in UTF-8", _SAVE)])
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        found = f"bytes that are not UTF-8 (at byte {error.start})"
        raise BadInput([Fault(name, found, "CSV in UTF-8", _SAVE)]) from None


def _delimiter(text: str) -> str:
    header = next((line for line in re.split(r"[\r\n]+", text) if line.strip()), "")
    places = {header.index(one): one for one in _DELIMITERS if one in header}
    return places[min(places)] if places else ","


def _rows(text: str, delimiter: str, name: str) -> tuple[list[tuple[int, list[str]]], list[Fault]]:
    """Every row that is not blank with the line it begins on, up to where the text is no CSV."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    rows: list[tuple[int, list[str]]] = []
    before = 0
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                rows.append((before + 1, [cell.strip() for cell in cells]))
            before = reader.line_num
    except csv.Error as error:
        hint = 'A quotation mark inside a cell is written twice: "".'
        return rows, [Fault(f"{name}, line {before + 1}", f"a row that is not CSV ({error})", "CSV", hint)]
    return rows, []


def _trimmed(header: list[str]) -> list[str]:
    """The header without the empty cells that table programs leave at its end."""
    while header and not header[-1]:
        header = header[:-1]
    return [name.lower() for name in header]


def _of_header(columns: list[str], place: str) -> Iterator[Fault]:
    for number, name in enumerate(columns, 1):
        if not name:
            yield Fault(f"{place}, column {number}", "a column without a name", "a name for every column")
    for name, count in Counter(columns).items():
        if name and count > 1:
            yield Fault(place, f"the column {name!r} {count} times", "each column once")


def _of_row(cells: list[str], columns: list[str], place: str, delimiter: str) -> Iterator[Fault]:
    too_many = any(cells[len(columns) :])
    if len(cells) < len(columns) or too_many:
        hint = "A decimal comma parts a number in two: write 1.5." if too_many and delimiter == "," else ""
        yield Fault(place, f"{len(cells)} cells", f"{len(columns)}, one for each column", hint)
        return
    for name, cell in zip(columns, cells, strict=False):
        if any(unicodedata.category(sign) in {"Cc", "Cs"} and sign not in "\n\r\t" for sign in cell):
            yield Fault(f"{place}, {name}", "a control character", "text", "Type the cell again.")
