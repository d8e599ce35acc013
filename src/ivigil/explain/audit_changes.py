"""The section of an audit on what another rule set would change: verdict by verdict, and which indications move."""

from __future__ import annotations

from collections.abc import Iterator

from ivigil.explain.audit_tables import USE, Line, Shown, table_html, use_line
from ivigil.explain.audit_use import section
from ivigil.explain.audit_words import HIDDEN, value_label
from ivigil.explain.words import capitalised
from ivigil.populations.audit.judging import MOVED, OTHER
from ivigil.populations.audit.report import Report

_MATRIX = f"verdict by {OTHER}verdict"


def change_sections(report: Report) -> Iterator[str]:
    """Nothing without a second rule set."""
    table = report.cohort.tables.get(_MATRIX)
    if table is None or report.other is None:
        return
    library = report.library
    words = [[value_label("verdict", verdict, library) for verdict in one.key] for one in table.groups]
    lines = [
        use_line(f"{capitalised(now)} → {then}", one, table.total)
        for (now, then), one in zip(words, table.groups, strict=True)
    ]
    moved = report.cohort.tables[f"indication by {MOVED}"]
    movers = [one for one in moved.groups if one.key[1] == "true"]
    seen = [one for one in movers if not one.hidden]
    by_indication = [use_line(value_label("indication", one.key[0], library), one, moved.total) for one in seen]
    if others := len(movers) - len(seen):
        by_indication.append(Line(f"{others} other{'s' if others > 1 else ''}", (HIDDEN, "", "", "", "")))
    content = table_html(Shown("Verdict now → verdict then", ("verdicts", *USE), tuple(lines)), report)
    if by_indication:
        shown = Shown("Requests that get another verdict", ("indication", *USE), tuple(by_indication))
        content += table_html(shown, report)
    head = report.other.head
    said = (
        f"What each request would be told by {head.title}, version {head.version} ({head.id}). Which criterion moves a "
        f"request: ivigil replay OUT --rules {head.id}."
    )
    yield section("What another rule set changes", said, content, "changes")
