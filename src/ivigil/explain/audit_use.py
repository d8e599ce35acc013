"""Sections of an audit on use: by indication, standing, level, verdict, phase, site and month."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ivigil.explain.audit_tables import USE, Shown, table_html, use_line
from ivigil.explain.audit_words import HIDDEN, column_words, grams_words, value_label
from ivigil.explain.bar_chart import Bar, Part, bars_across, bars_upright
from ivigil.explain.page import escape
from ivigil.explain.words import STANDINGS, capitalised
from ivigil.populations.audit.counts import Group, Table
from ivigil.populations.audit.report import Report

STANDING_COLOURS = {
    "first-line": "#1a7f37",
    "recommended": "#0f766e",
    "limited-evidence": "#0b5394",
    "not-recommended": "#d1641b",
    "harmful": "#8e1a2b",
    "outside-rule-set": "#6e7781",
    "unlisted": "#b08800",
}
_PLAIN = "#0b5394"
_VERDICT_COLOURS = {
    "supported": "#1a7f37",
    "not-supported": "#d1641b",
    "avoid": "#8e1a2b",
    "panel-review": "#b08800",
    "out-of-scope": "#6e7781",
    "needs-information": "#5b4b8a",
}
_TITLES = {
    "indication": ("By indication", "Grams and patients by the indication that each request names."),
    "standing": ("By standing", "By the standing that the rule set gives the use."),
    "evidence_level": ("By level of evidence", "By the level that the rule set states for the use, in its own scheme."),
    "verdict": ("By verdict", "What the rule set says of each request, from what the record holds."),
    "request_phase": ("By phase", "First requests and continued treatment."),
    "site": ("By site", "By the place that the order names."),
    "month": ("By month", "By the month in which the order was written."),
}
_VERDICTS = "The verdicts on the requests for each indication."
_COLOURS: Mapping[str, Mapping[str, str]] = {"standing": STANDING_COLOURS, "verdict": _VERDICT_COLOURS}


def use_sections(report: Report) -> Iterator[str]:
    """One section for each way of dividing what was asked for."""
    for name, (title, words) in _TITLES.items():
        table = report.cohort.tables[name]
        yield section(title, words, f"{_picture(table, report)}{table_html(_shown(table, report), report)}", name)
    yield _verdicts_by_indication(report)


def section(title: str, words: str, content: str, anchor: str) -> str:
    """A section under its heading; ``words`` say what is counted."""
    return f'<section id="{escape(anchor)}">\n<h2>{escape(title)}</h2>\n<p>{escape(words)}</p>\n{content}\n</section>'


def _shown(table: Table, report: Report) -> Shown:
    (name,) = table.by
    rows = sorted(table.groups, key=_order) if name != "month" else table.groups
    lines = [use_line(value_label(name, one.key[0], report.library), one, table.total) for one in rows]
    lines.append(use_line("All", table.total, table.total, total=True))
    return Shown("", (column_words(name), *USE), tuple(lines))


def _order(group: Group) -> tuple[int, list[str]]:
    """The most grams first, what is not shown last."""
    return -(group.figures["milligrams"] if group.figures["milligrams"] is not None else -1), [
        one or "~" for one in group.key
    ]


def _picture(table: Table, report: Report) -> str:
    (name,) = table.by
    if len(table.groups) < 2:  # noqa: PLR2004 - one bar compares with nothing
        return ""
    title = f"Grams {_TITLES[name][0].lower()}"
    if name == "month":
        bars = [_bar(one, name, report) for one in table.groups]
        drawn = [bars_upright(title, bars, narrow=narrow) for narrow in (False, True)]
    else:
        rows = [one for one in sorted(table.groups, key=_order) if not one.hidden]
        bars = [_by_standing(one, report) if name == "indication" else _bar(one, name, report) for one in rows]
        bars += _others(len(table.groups) - len(rows))
        legend = _legend(bars) if name == "indication" else []
        drawn = [bars_across(title, bars, legend, narrow=narrow) for narrow in (False, True)]
    return figure(f"{title}. The numbers stand in the table below.", drawn)


def figure(caption: str, drawn: list[str]) -> str:
    """A picture for either width of page."""
    wide, narrow = drawn
    return (
        f'<figure><div class="plot-wide">{wide}</div><div class="plot-narrow">{narrow}</div>'
        f"<figcaption>{escape(caption)}</figcaption></figure>"
    )


def _bar(group: Group, name: str, report: Report) -> Bar:
    milligrams = group.figures["milligrams"]
    label = value_label(name, group.key[0], report.library)
    colour = _COLOURS.get(name, {}).get(group.key[0] or "", _PLAIN)
    parts = () if milligrams is None else (Part(milligrams, colour),)
    return Bar(capitalised(label), parts, _grams(milligrams))


def _others(count: int) -> list[Bar]:
    """The groups that are not shown, as one."""
    return [Bar(f"{count} other{'s' if count > 1 else ''}", (), HIDDEN)] if count else []


def _by_standing(group: Group, report: Report) -> Bar:
    """A bar in the colours of its standings; grey where they are not shown apart."""
    bar = _bar(group, "indication", report)
    if not bar.parts:
        return bar
    inner = [one for one in report.cohort.tables["indication by standing"].groups if one.key[0] == group.key[0]]
    if any(one.hidden for one in inner):
        return Bar(bar.label, (Part(bar.value, "#9aa4b2", "several standings"),), bar.words)
    parts = [Part(one.figures["milligrams"] or 0, *_standing(one.key[1])) for one in inner]
    return Bar(bar.label, tuple(parts), bar.words)


def _standing(name: str | None) -> tuple[str, str]:
    words: Mapping[str, str] = STANDINGS
    return STANDING_COLOURS.get(name or "", "#9aa4b2"), words.get(name or "", "none")


def _legend(bars: list[Bar]) -> list[Part]:
    used = {part.name: part for bar in bars for part in bar.parts if part.value}
    order = [*STANDINGS.values(), "several standings"]
    return [used[one] for one in order if one in used]


def _grams(milligrams: int | None) -> str:
    return grams_words(milligrams) if milligrams is None else f"{grams_words(milligrams)} g"


def _verdicts_by_indication(report: Report) -> str:
    table = report.cohort.tables["indication by verdict"]
    labels = {one.cell: value_label("indication", one.key[0], report.library) for one in table.groups}
    order = sorted(table.groups, key=lambda one: (labels[one.cell], one.key[1] or ""))
    lines = [
        use_line(f"{labels[one.cell]}: {value_label('verdict', one.key[1], report.library)}", one, table.total)
        for one in order
    ]
    shown = Shown("", ("indication and verdict", *USE), tuple(lines))
    content = f"<details><summary>{len(lines)} combinations</summary>{table_html(shown, report)}</details>"
    return section("Verdicts by indication", _VERDICTS, content, "indication-by-verdict")
