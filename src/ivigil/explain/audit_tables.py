"""Tables of an audit in HTML: figures, each row with the condition that finds its rows, and under it their names."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ivigil.explain.audit_words import HIDDEN, grams_words, number_words
from ivigil.explain.page import escape
from ivigil.populations.audit.counts import Group
from ivigil.populations.audit.report import Report


@dataclass(frozen=True)
class Line:
    """One row of a table: what it is of, its cells, and the group that it shows."""

    label: str
    cells: tuple[str, ...]
    group: Group | None = None
    total: bool = False


@dataclass(frozen=True)
class Shown:
    """A table: its name, the heads of its columns and its rows."""

    caption: str
    columns: tuple[str, ...]
    lines: tuple[Line, ...]


USE = ("patients", "requests", "grams", "share of grams", "rows without grams")


def use_line(label: str, group: Group, whole: Group, *, total: bool = False) -> Line:
    """What was used by a group: the columns of :data:`USE`."""
    figures = group.figures
    cells = (
        number_words(figures["patients"]),
        number_words(figures["requests"]),
        grams_words(figures["milligrams"]),
        share(figures["milligrams"], whole.figures["milligrams"]),
        number_words(figures["without_grams"]),
    )
    return Line(label, cells, group, total)


def share(part: int | None, whole: int | None) -> str:
    """A part in per cent, to a tenth."""
    if part is None or not whole:
        return HIDDEN if part is None else ""
    return f"{100 * part / whole:.1f}%"


def table_html(table: Shown, report: Report) -> str:
    """The table; where a page is narrow each cell names its column."""
    heads = "".join(f'<th scope="col">{escape(one)}</th>' for one in table.columns)
    with_rows = any(one.group for one in table.lines)
    where = '<th scope="col" class="where">rows of the decisions</th>' if with_rows else ""
    body = "\n".join(_row(line, table.columns, report, with_rows=with_rows) for line in table.lines)
    caption = f"<caption>{escape(table.caption)}</caption>" if table.caption else ""
    return (
        f'<div class="wide"><table class="audit">\n{caption}<thead><tr>{heads}{where}</tr></thead>\n'
        f"<tbody>\n{body}\n</tbody>\n</table></div>"
    )


def _row(line: Line, columns: Sequence[str], report: Report, *, with_rows: bool) -> str:
    hidden = line.group is not None and line.group.hidden
    texts = (HIDDEN, *("" for _ in line.cells[1:])) if hidden else line.cells
    cells = "".join(_cell(name, text) for name, text in zip(columns[1:], texts, strict=True))
    where = f'<td class="where" data-column="rows">{_where(line, report)}</td>' if with_rows else ""
    kind = ' class="total"' if line.total else ""
    return f'<tr{kind}><th scope="row">{escape(line.label)}</th>{cells}{where}</tr>'


def _cell(name: str, text: str) -> str:
    kind = ' class="hidden"' if text == HIDDEN else ""
    return f'<td data-column="{escape(name)}"{kind}>{escape(text)}</td>'


def _where(line: Line, report: Report) -> str:
    if line.group is None:
        return ""
    return f"<code>{escape(line.group.condition)}</code>{''.join(_listed(line.group, report))}"


def _rows(count: int) -> str:
    return "1 row" if count == 1 else f"{count} rows"


def _listed(group: Group, report: Report) -> Iterator[str]:
    rows = report.listed.get(group.cell, ())
    if not rows:
        return
    count = group.figures["rows"] or len(rows)
    which = f"the first {len(rows)} of {number_words(count)} rows" if count > len(rows) else _rows(len(rows))
    items = "".join(f"<li>{escape(one)}</li>" for one in rows)
    yield f"<details><summary>{which}</summary><ul>{items}</ul></details>"
