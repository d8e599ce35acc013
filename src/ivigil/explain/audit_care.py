"""Sections of an audit on doses, on what the record lacks, on hazards, on reviews and on high use."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ivigil.explain.audit_tables import Line, Shown, table_html
from ivigil.explain.audit_use import section
from ivigil.explain.audit_words import (
    HIDDEN,
    column_words,
    fact_label,
    grams_words,
    number_words,
    subject_label,
    value_label,
)
from ivigil.explain.page import escape
from ivigil.explain.words import capitalised
from ivigil.knowledge.audit_records import HighUse
from ivigil.populations.audit.columns import HIGH_USE, OVERDUE, REVIEW, REVIEWED_BY
from ivigil.populations.audit.counts import Group, Table
from ivigil.populations.audit.doses import ABOVE, BELOW, DOSE
from ivigil.populations.audit.doses import WITHIN as INSIDE
from ivigil.populations.audit.report import Report
from ivigil.populations.planning import HAZARD, UNPREPARED
from ivigil.populations.verdicts import MISSING

_COUNTS = ("patients", "requests")
_TOLD = ("above", "within", "below", "rows that cannot be told", "grams above")
_STATES = ("present", "unknown", "absent", "other-route")


def care_sections(report: Report) -> Iterator[str]:
    """The sections for which the decisions have columns."""
    yield from _doses(report)
    yield _missing(report)
    yield from _hazards(report)
    yield from _reviews(report)
    yield from _high_use(report)


def _counts(group: Group) -> tuple[str, ...]:
    return tuple(number_words(group.figures[one]) for one in _COUNTS)


def _by_value(table: Table, report: Report, heads: Sequence[str] = _COUNTS) -> str:
    """A table of one column, by its values."""
    (name,) = table.by
    lines = [
        Line(capitalised(value_label(name, one.key[0], report.library)), _counts(one), one) for one in table.groups
    ]
    return table_html(
        Shown(capitalised(subject_label(name, report.library)), (column_words(name), *heads), tuple(lines)), report
    )


def _doses(report: Report) -> Iterator[str]:
    check = report.cohort.tables.get("dose_check")
    rules = report.cohort.those(DOSE)
    if check is None and not rules:
        return
    words = (
        "The dose asked for against the recommended regimens of the rule set: by the recorded weight, and in grams by "
        "each weight rule. Saved is what a request asks for above the highest regimen; a difference of less than one "
        "rounding step is none, because doses are given in whole vials. A request that could not be told counts under "
        "the reason."
    )
    content = _by_value(check, report) if check else ""
    lines = [line for table in rules for line in _rule_lines(table, report)]
    columns = ("weight rule and dose", *_COUNTS, "grams asked for", "grams above")
    if lines:
        content += table_html(_by_rule(rules, report), report)
        detail = table_html(Shown("", columns, tuple(lines)), report)
        content += f"<details><summary>Each weight rule in detail, with its rows</summary>{detail}</details>"
    yield section("Doses", words, content, "doses")


def _by_rule(rules: Sequence[Table], report: Report) -> Shown:
    """A line for each weight rule: requests above, within and below, those that cannot be told, and what is above."""
    lines = []
    for table in rules:
        told = [_group(table, one) for one in (ABOVE, INSIDE, BELOW)]
        rest = [one for one in table.groups if one not in told]
        above = told[0].figures["saved_milligrams"] if told[0] else 0
        cells = (*map(_requests, told), _together(rest), grams_words(above))
        lines.append(Line(subject_label(table.by[0], report.library), cells))
    return Shown("Requests by each weight rule", ("weight rule", *_TOLD), tuple(lines))


def _together(groups: Sequence[Group]) -> str:
    """The requests of several groups: each counts in one of them for each indication that it names."""
    counts = [one.figures["rows"] for one in groups]
    return HIDDEN if None in counts else number_words(sum(one for one in counts if one is not None))


def _rule_lines(table: Table, report: Report) -> Iterator[Line]:
    (name,) = table.by
    rule = subject_label(name, report.library)
    first = (ABOVE, INSIDE, BELOW)
    for group in sorted(table.groups, key=lambda one: (_place(one.key[0], first), one.key[0] or "")):
        figures = group.figures
        saved = grams_words(figures["saved_milligrams"]) if group.key[0] == ABOVE else ""
        cells = (*_counts(group), grams_words(figures["milligrams"]), saved)
        yield Line(f"{rule}: {group.key[0] or 'not told'}", cells, group)


def _place(value: str | None, order: Sequence[str]) -> int:
    return order.index(value) if value in order else len(order)


def _missing(report: Report) -> str:
    lines = []
    for table in report.cohort.those(MISSING):
        group = next((one for one in table.groups if one.key == ("true",)), None)
        if group is not None:
            lines.append(Line(fact_label(table.by[0], report.library), _counts(group), group))
    words = (
        "Facts that may be what keeps the verdict of a request open, the most often missing first. A fact counts where "
        "some way of filling the gaps asks for it, so that the figures are upper limits; what settles one request is "
        "what ivigil review asks for."
    )
    content = table_html(Shown("", ("fact", *_COUNTS), tuple(lines)), report) if lines else "<p>Nothing is missing.</p>"
    return section("Missing in the record", words, content + _open_rows(report), "missing")


def _open_rows(report: Report) -> str:
    if not report.open_rows:
        return ""
    lacking = {one.row: [fact_label(name, report.library) for name in one.missing] for one in report.open_rows}
    items = "".join(
        f"<li>{escape(row)}: {escape(', '.join(names) or 'nothing')}</li>" for row, names in lacking.items()
    )
    count = len(report.open_rows)
    return f"<details><summary>Exactly what the first {count} open requests lack</summary><ul>{items}</ul></details>"


def _hazards(report: Report) -> Iterator[str]:
    found = report.cohort.those(HAZARD)
    if not found:
        return
    words = (
        "Risk factors of each hazard in the patients for whom immunoglobulin was asked: present where any is, unknown "
        "where none is but one may be; some hazards come with another route than the one asked for. Without "
        "precaution: a risk factor is present, and something that is to be measured or known before the infusion is "
        "not in the record; – where nothing is."
    )
    lines = [_hazard(table, report) for table in found]
    columns = ("hazard", "present", "unknown", "absent", "by another route", "without precaution")
    risk = report.cohort.tables.get("at_risk")
    content = _by_value(risk, report) if risk else ""
    content += table_html(Shown("Requests by hazard", columns, tuple(lines)), report)
    yield section("Hazards", words, content, "hazards")


def _hazard(table: Table, report: Report) -> Line:
    unprepared = report.cohort.tables.get(table.id.replace(HAZARD, UNPREPARED, 1))
    group = _group(unprepared, "true")
    cells = tuple(_requests(_group(table, state)) for state in _STATES)
    return Line(
        capitalised(subject_label(table.by[0], report.library)),
        (*cells, _requests(group) if unprepared else "–"),
        group,
    )


def _group(table: Table | None, value: str) -> Group | None:
    return next((one for one in table.groups if one.key == (value,)), None) if table else None


def _requests(group: Group | None) -> str:
    return number_words(0) if group is None else number_words(group.figures["requests"])


def _reviews(report: Report) -> Iterator[str]:
    words = (
        "Whether a continuing request comes with the response to what was given before. A review is overdue where none "
        "is recorded, and the months that a rule set gives for the first review have passed since the patient's first "
        "request for the indication in these records."
    )
    content = _by_value(report.cohort.tables[REVIEW], report)
    for table in report.cohort.those(REVIEWED_BY):
        shown = [one for one in table.groups if one.key[0] in {OVERDUE, "not yet due", "no interval"}]
        lines = [Line(capitalised(one.key[0] or ""), _counts(one), one) for one in shown]
        caption = f"By the intervals of: {subject_label(table.by[0], report.library)}"
        content += table_html(Shown(caption, ("review", *_COUNTS), tuple(lines)), report) if lines else ""
    yield section("Reviews", words, content, "reviews")


def _high_use(report: Report) -> Iterator[str]:
    found = report.cohort.those(HIGH_USE)
    if not found:
        return
    rules = report.library.audits.high_use
    lines = [line for table in found for line in _flagged(table, rules[table.by[0].removeprefix(HIGH_USE)])]
    said = (
        "Patients whose requests for one indication add up to more than a programme takes without a question. A flag "
        "asks for a look at the treatment; it is no verdict. A patient may have requests on both sides of the line."
    )
    notes = "".join(f"<p>{escape(one)}</p>" for one in dict.fromkeys(one.note for one in rules.values() if one.note))
    content = table_html(Shown("", ("rule", *_COUNTS), tuple(lines)), report)
    yield section("High use", said, content + notes, "high-use")


def _flagged(table: Table, rule: HighUse) -> Iterator[Line]:
    above = f"more than {number_words(int(rule.above_g))} g in {rule.in_months} months"
    for value, words in (("true", above), ("false", "no more than that")):
        group = _group(table, value)
        if group is not None:
            yield Line(f"{rule.title}: {words}", _counts(group), group)
