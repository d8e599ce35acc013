"""An audit as JSON: every figure of its report, each with the condition that finds its rows in the decisions."""

from __future__ import annotations

from typing import Any

from ivigil.documents import canonical_json, encode
from ivigil.knowledge import RuleSet
from ivigil.populations.audit.counts import Group, Table
from ivigil.populations.audit.report import Report

FORMAT = 1


def audit_text(report: Report) -> str:
    """The JSON file of an audit; a figure that is not shown is ``null``, and its group says ``hidden``."""
    return canonical_json(_values(report), indent=1) + "\n"


def _values(report: Report) -> dict[str, Any]:
    policy = report.cohort.policy
    return {
        "format": FORMAT,
        "of": report.of,
        "rules": _rules(report.rules),
        "compared_with": _rules(report.other) if report.other else None,
        "knowledge_hash": report.library.hash,
        "months": list(report.months),
        "counts": dict(report.counts),
        "exact": report.exact,
        "disclosure": encode(policy) if policy else None,
        "tables": {name: _table(table, report) for name, table in report.cohort.tables.items()},
        "open_rows": [{"row": one.row, "missing": list(one.missing)} for one in report.open_rows],
    }


def _rules(rules: RuleSet) -> dict[str, str]:
    head = rules.head
    return {"id": head.id, "title": head.title, "version": head.version, "hash": rules.hash, "source": head.source}


def _table(table: Table, report: Report) -> dict[str, Any]:
    return {
        "by": list(table.by),
        "groups": [_group(one, table, report) for one in table.groups],
        "margins": [_group(one, table, report) for one in table.margins],
        "total": _group(table.total, table, report),
    }


def _group(group: Group, table: Table, report: Report) -> dict[str, Any]:
    found: dict[str, Any] = {"where": group.condition, **group.figures}
    if group.key:
        found["key"] = dict(sorted(group.cell))  # in an order that does not change from run to run
    if group.hidden:
        found["hidden"] = True
    rows = report.listed.get(group.cell) if group in table.groups else None
    return found | ({"first_rows": list(rows)} if rows else {})
