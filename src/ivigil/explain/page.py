"""An answer as one self-contained HTML page: no script, no outside request, readable on a phone and on paper."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape as html_escape
from importlib.resources import files
from typing import TYPE_CHECKING

from ivigil.explain.layout import Answer, Row, Section, Table
from ivigil.explain.words import TONES, plain

if TYPE_CHECKING:
    from ivigil.explain.comparison import Aspect, Comparison


def page(answers: Sequence[Answer], title: str = "ivigil: decision", compared: Sequence[Comparison] = ()) -> str:
    """One HTML document with every comparison and every answer."""
    style = files("ivigil.explain").joinpath("page.css").read_text(encoding="utf-8")
    parts = [_comparison(one, number) for number, one in enumerate(compared, start=1)]
    parts += [_answer(answer, number) for number, answer in enumerate(answers, start=1)]
    return document(title, style, "\n".join(parts))


def document(title: str, style: str, body: str) -> str:
    """One HTML document that loads nothing and runs nothing; ``body`` and ``style`` are taken as they stand."""
    return (
        '<!DOCTYPE html>\n<html lang="en-GB">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
        f"<title>{escape(title)}</title>\n<style>\n{style}</style>\n</head>\n<body>\n<main>\n{body}\n</main>\n</body>\n</html>\n"
    )


def plan_page(title: str, sections: Sequence[Section]) -> str:
    """One HTML document with the sections of a plan alone."""
    style = files("ivigil.explain").joinpath("page.css").read_text(encoding="utf-8")
    body = "\n".join(_section(section) for section in sections)
    return document(f"ivigil: {title}", style, f"<article>\n<h1>{escape(title)}</h1>\n{body}\n</article>")


def _answer(answer: Answer, number: int) -> str:
    heading = f"answer-{number}"
    start = f'<p class="start">{escape(answer.may_start)}</p>' if answer.may_start else ""
    sections = "\n".join(_section(section) for section in answer.sections)
    footer = "".join(f"<p>{escape(line)}</p>" for line in answer.footer)
    return (
        f'<article aria-labelledby="{heading}">\n<header class="verdict {answer.verdict}">\n'
        f'<h1 id="{heading}"><span class="word">{escape(answer.verdict_words)}</span> {escape(answer.subject)}</h1>\n'
        f"<p>{escape(answer.reason)}</p>\n{start}\n</header>\n{sections}\n<footer>{footer}</footer>\n</article>"
    )


def _comparison(comparison: Comparison, number: int) -> str:
    heading = f"comparison-{number}"
    bodies = "".join(f'<th scope="col">{escape(body)}</th>' for body in comparison.bodies)
    rows = "\n".join(_aspect(one, comparison.bodies) for one in comparison.aspects)
    table = f"<table>\n<thead><tr><td></td>{bodies}</tr></thead>\n<tbody>\n{rows}\n</tbody>\n</table>"
    differing = _section(Section("Where sources differ", comparison.differences)) if comparison.differences else ""
    return (
        f'<article class="comparison" aria-labelledby="{heading}">\n'
        f'<h1 id="{heading}">{escape(comparison.subject)}: what each rule set says</h1>\n'
        f"<p>{escape(comparison.case)}</p>\n{table}\n{differing}\n</article>"
    )


def _aspect(aspect: Aspect, bodies: Sequence[str]) -> str:
    """A row of the comparison; ``data-body`` names each cell where a narrow page stacks them."""
    cells = "".join(
        f'<td data-body="{escape(body)}">{_lines(cell)}</td>' for body, cell in zip(bodies, aspect.cells, strict=True)
    )
    return f'<tr><th scope="row">{escape(aspect.name)}</th>{cells}</tr>'


def _lines(cell: Sequence[str]) -> str:
    return "".join(f"<p>{escape(line)}</p>" for line in cell) or '<p class="nothing">says nothing here</p>'


def _section(section: Section) -> str:
    rows = "\n".join(row_html(row) for row in section.rows)
    table = _table(section.table) if section.table else ""
    content = f"{section.picture or ''}{table}" + (f"<ul>\n{rows}\n</ul>" if rows else "")
    if section.folded:
        summary = f"{escape(section.title)} ({len(section.rows)})"
        return f"<details>\n<summary><h2>{summary}</h2></summary>\n{content}\n</details>"
    return f"<section>\n<h2>{escape(section.title)}</h2>\n{content}\n</section>"


def _table(table: Table) -> str:
    head = "".join(f'<th scope="col">{escape(column)}</th>' for column in table.columns)
    rows = "\n".join(_cells(row) for row in table.rows)
    body = f"<thead><tr>{head}</tr></thead>\n<tbody>\n{rows}\n</tbody>"
    return f'<div class="wide"><table class="figures">\n{body}\n</table></div>\n'


def _cells(row: Sequence[str]) -> str:
    first, *others = row
    cells = "".join(f"<td>{escape(cell)}</td>" for cell in others)
    return f'<tr><th scope="row">{escape(first)}</th>{cells}</tr>'


def row_html(row: Row) -> str:
    """A row as an item of a list, with what stands behind it and the rows inside it."""
    kind = TONES.get(row.tag or "", "plain")
    tag = f'<span class="tag {kind}">{escape(row.tag)}</span> ' if row.tag else ""
    details = "".join(f"<li>{escape(detail)}</li>" for detail in row.details)
    members = "".join(row_html(member) for member in row.members)
    inner = (f'<ul class="behind">{details}</ul>' if details else "") + (f"<ul>{members}</ul>" if members else "")
    return f"<li>{tag}{escape(row.text)}{inner}</li>"


def escape(text: str) -> str:
    """``text`` so that a page shows it and nothing else."""
    return html_escape(plain(text))
