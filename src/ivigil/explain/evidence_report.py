"""Evidence on one self-contained page: what is held in sections, and the pictures with their tables."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.resources import files

from ivigil.explain.evidence_page import Figure, figure_html, table_html
from ivigil.explain.layout import Section
from ivigil.explain.page import document, escape, row_html


def evidence_report(title: str, sections: Sequence[Section], figures: Sequence[Figure] = ()) -> str:
    """One HTML document with ``figures`` and after them ``sections``, without script."""
    style = files("ivigil.explain").joinpath("evidence.css").read_text(encoding="utf-8")
    shown = [one for one in sections if one.rows or one.table]
    body = "\n".join((*(figure_html(one) for one in figures), *(_section(one) for one in shown)))
    return document(f"ivigil: {title}", style, f"<h1>{escape(title)}</h1>\n{body}")


def _section(section: Section) -> str:
    table = table_html(section.table) if section.table and section.table.rows else ""
    rows = "\n".join(row_html(row) for row in section.rows)
    listed = f'<ul class="rows">\n{rows}\n</ul>' if rows else ""
    return f"<section>\n<h2>{escape(section.title)}</h2>\n{table}{listed}\n</section>"
