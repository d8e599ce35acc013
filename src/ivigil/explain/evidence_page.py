"""Pictures of evidence as one self-contained page: the wide or the narrow picture, and all its numbers as a table."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files

from ivigil.explain.layout import Table
from ivigil.explain.page import escape

_INTERVAL = re.compile(r"\[[^\[\]]{1,24}\]")


@dataclass(frozen=True)
class Figure:
    """A picture in SVG, its narrow version where it has one, and every number of it as a table."""

    title: str
    wide: str
    table: Table
    narrow: str | None = None


def evidence_page(title: str, figures: Sequence[Figure], tables: Sequence[tuple[str, Table]] = ()) -> str:
    """One HTML document with ``figures``, and before them ``tables`` under their headings, without script."""
    style = files("ivigil.explain").joinpath("evidence.css").read_text(encoding="utf-8")
    body = "\n".join([*(_section(name, table) for name, table in tables), *map(figure_html, figures)])
    return (
        '<!DOCTYPE html>\n<html lang="en-GB">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
        f"<title>{escape(title)}</title>\n<style>\n{style}</style>\n</head>\n<body>\n<main>\n"
        f"<h1>{escape(title)}</h1>\n{body}\n</main>\n</body>\n</html>\n"
    )


def figure_html(figure: Figure) -> str:
    """The picture for either width, one of which ``evidence.css`` shows, above its folded table."""
    drawn = f'<div class="plot-wide">{figure.wide}</div>' if figure.narrow else figure.wide
    if figure.narrow:
        drawn += f'<div class="plot-narrow">{figure.narrow}</div>'
    return (
        f"<figure>\n{drawn}\n<details>\n<summary>Numbers of “{escape(figure.title)}” as a table</summary>\n"
        f"{table_html(figure.table)}\n</details>\n</figure>"
    )


def _section(title: str, table: Table) -> str:
    return f"<section>\n<h2>{escape(title)}</h2>\n{table_html(table)}\n</section>"


def table_html(table: Table) -> str:
    """``table`` with its first column as headings of rows; each cell names its column where a page stacks them."""
    head = "".join(f'<th scope="col">{escape(one)}</th>' for one in table.columns)
    rows = "\n".join(_row(table.columns, row) for row in table.rows)
    return f'<div class="wide"><table>\n<thead><tr>{head}</tr></thead>\n<tbody>\n{rows}\n</tbody>\n</table></div>'


def _held(cell: str) -> str:
    """``cell`` with each short interval kept on one line."""
    return _INTERVAL.sub(r'<span class="held">\g<0></span>', escape(cell))


def _row(columns: Sequence[str], row: Sequence[str]) -> str:
    pairs = zip(columns[1:], row[1:], strict=True)
    cells = "".join(f'<td data-column="{escape(column)}">{_held(cell)}</td>' for column, cell in pairs)
    return f'<tr><th scope="row">{escape(row[0])}</th>{cells}</tr>'
