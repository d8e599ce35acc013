"""The report of an audit as one self-contained HTML page: no script, no outside request, for desk, phone and paper."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib.resources import files

from ivigil.explain.audit_care import care_sections
from ivigil.explain.audit_changes import change_sections
from ivigil.explain.audit_tables import share
from ivigil.explain.audit_use import section, use_sections
from ivigil.explain.audit_words import grams_words, number_words
from ivigil.explain.citing import NOT_A_DEVICE, cited
from ivigil.explain.page import document, escape
from ivigil.knowledge import RuleSet
from ivigil.populations.audit.report import Report

_HEADING = re.compile(r'<section id="([^"]+)">\n<h2>(.*?)</h2>')
_QUERY = """select count(distinct patient) as patients,
       count(distinct patient || '|' || request) as requests,
       sum(milligrams) / 1000 as grams
from 'decisions/*.parquet'
where indication = 'cidp' and verdict = 'supported'"""


def audit_page(report: Report) -> str:
    """One HTML document with every figure of the audit."""
    sections = [*use_sections(report), *care_sections(report), *change_sections(report), *_about(report)]
    style = "".join(
        files("ivigil.explain").joinpath(name).read_text(encoding="utf-8") for name in ("page.css", "audit.css")
    )
    links = "".join(f'<li><a href="#{anchor}">{title}</a></li>' for anchor, title in _headings(sections))
    body = "\n".join(
        [_opening(report), f'<nav class="contents" aria-label="Sections"><ul>{links}</ul></nav>', *sections, _footer()]
    )
    page = document(f"ivigil: audit of {report.of}", style, body)
    return page.replace("<main>", '<main class="audit">', 1)


def _headings(sections: list[str]) -> Iterator[tuple[str, str]]:
    return (match.groups() for one in sections if (match := _HEADING.match(one)))  # type: ignore[misc] # two groups


def _opening(report: Report) -> str:
    figures = "".join(
        f"<div><dt>{escape(name)}</dt><dd>{escape(words)}</dd></div>" for name, words in _headline(report)
    )
    span = " to ".join(dict.fromkeys(report.months))
    months = f" Requests from {escape(span)}." if span else ""
    return (
        f"<header>\n<h1>Audit of immunoglobulin requests: {escape(report.of)}</h1>\n"
        f"<p>Judged by {escape(_rules(report.rules))}.{months} Patients and requests are counted once in each row of a "
        "table.</p>\n"
        f'<dl class="headline">{figures}</dl>\n<p>{escape(_records(report))}</p>\n{_disclosed(report)}\n</header>'
    )


def _headline(report: Report) -> Iterator[tuple[str, str]]:
    whole = report.cohort.tables["verdict"].total
    yield "patients", number_words(whole.figures["patients"])
    yield "requests", number_words(whole.figures["requests"])
    yield "grams asked for", grams_words(whole.figures["milligrams"])
    for verdict, words in (("supported", "grams supported"), ("needs-information", "grams that need information")):
        group = next((one for one in report.cohort.tables["verdict"].groups if one.key == (verdict,)), None)
        yield words, share(group.figures["milligrams"] if group else 0, whole.figures["milligrams"])


def _records(report: Report) -> str:
    asked, judged, aside, others = (
        number_words(report.counts[name]) for name in ("requests", "judged", "quarantined", "lines_set_aside")
    )
    return (
        f"Of {asked} requests in the records {judged} were judged and {aside} set aside; {others} other lines, files "
        "or patients could not be read. What was set aside is listed, with the reasons, in quarantine.ndjson."
    )


def _disclosed(report: Report) -> str:
    policy = report.cohort.policy
    if policy is None:
        text = (
            "Everything is shown (--exact), figures of single patients and names of rows among it: this page is for "
            "those who may see the records."
        )
    else:
        text = (
            f"{policy.text} Here the limit is {policy.hide_up_to} patients. Dashed outlines stand for hidden figures "
            f"in the pictures. The limit and the rounding are those of {policy.passage.source}, adopted there on "
            f"{policy.valid_from.isoformat()}."
        )
    return f'<p class="note">{escape(text)}</p>'


def _rules(rules: RuleSet) -> str:
    head = rules.head
    return f"{head.title}, version {head.version} ({head.id}, hash {rules.hash[:12]})"


def _stays(report: Report) -> str:
    """What of an audit may be passed on."""
    if report.cohort.policy is None:
        return "They are about single patients, as this page is, and stay where they were made."
    return (
        "They are about single patients, and stay where they were made: this page and audit.json are what may be "
        "passed on."
    )


def _about(report: Report) -> Iterator[str]:
    words = (
        "Each row of a table names, as a condition, the rows of the decisions that it counts. The decisions are one "
        "row for each indication of each request; a request that names several counts a share of its milligrams in "
        f"each. {_stays(report)} In the folder of the audit, any tool that reads Parquet gives the figures again, "
        "DuckDB for one:"
    )
    yield section("Where each figure comes from", words, f"<pre>{escape(_QUERY)}</pre>", "figures")
    items = "".join(f"<li>{escape(one)}</li>" for one in _sources(report))
    hashes = f"Knowledge {report.library.hash[:12]}; {_rules(report.rules)}"
    hashes += f"; compared with {_rules(report.other)}" if report.other else ""
    yield section("Rules and sources", f"{hashes}.", f"<ul>{items}</ul>", "sources")


def _sources(report: Report) -> Iterator[str]:
    library, policy = report.library, report.cohort.policy
    names = [one.head.source for one in (report.rules, report.other) if one]
    names += [rule.passage.source for rule in library.audits.high_use.values()]
    if policy is not None:
        names += [policy.passage.source, policy.rounding_passage.source]
    return (cited(library.sources[one]) for one in dict.fromkeys(names))


def _footer() -> str:
    return f"<footer><p>{escape(NOT_A_DEVICE)}</p></footer>"
