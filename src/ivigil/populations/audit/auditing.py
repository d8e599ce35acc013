"""A whole audit: what was landed is judged part by part, counted, and put together for the report."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from ivigil.knowledge import Library, RuleSet
from ivigil.knowledge.audit_records import Disclosure
from ivigil.populations.audit.cohort import counted_cohort
from ivigil.populations.audit.judging import plans
from ivigil.populations.audit.listing import listed_rows, open_rows
from ivigil.populations.audit.report import Report
from ivigil.populations.audit.running import decisions_in, judge_parts, requests_in
from ivigil.populations.landing.counts import Landed
from ivigil.populations.landing.progress import Progress
from ivigil.review import Judge
from ivigil.tables import Engine

DISCLOSURE = "disclosure"


@dataclass(frozen=True)
class Question:
    """What is audited, by which rules, and up to how many patients a figure is hidden; ``None`` hides nothing."""

    of: str
    library: Library
    rules: RuleSet
    other: RuleSet | None = None
    policy: Disclosure | None = None


def policy_of(library: Library, *, exact: bool, at_least: int | None = None) -> Disclosure | None:
    """Which figures are hidden: those that the knowledge names, or those of more patients where a place wants it."""
    policy = library.audits.disclosure.get(DISCLOSURE)
    if exact or policy is None:
        return None
    return policy if at_least is None else replace(policy, hide_up_to=max(at_least, policy.hide_up_to))


def audited(question: Question, landed: Landed, engine: Engine, out: Path, progress: Progress) -> Report:
    """Judge what is ``landed`` in ``out`` and count it; the stages are ``judging`` (parts) and ``counting``."""
    judge = Judge(question.library)
    made = plans(question.library, question.rules, question.other, judge)
    judge_parts(engine, out, made, progress)
    progress.begin("counting", 1, 0)
    decisions = engine.read_parquet(decisions_in(out))
    cohort = counted_cohort(engine, decisions, question.policy)
    report = Report(
        of=question.of,
        library=question.library,
        rules=question.rules,
        cohort=cohort,
        counts=counts_of(landed),
        other=question.other,
    )
    progress.advance(1)
    if question.policy is not None:
        return report
    requests = engine.read_parquet(requests_in(out))
    return replace(
        report,
        listed=listed_rows(engine, decisions, cohort),
        open_rows=open_rows(engine, decisions, requests, made.own, judge),
    )


def counts_of(landed: Landed) -> dict[str, int]:
    """What became of the records that were read: every request was judged or set aside."""
    aside = landed.lines.quarantined + landed.patients.quarantined + landed.files.unread
    return {
        "requests": landed.requests.total,
        "judged": landed.requests.landed,
        "quarantined": landed.requests.quarantined,
        "rows": landed.requests.rows,
        "lines_set_aside": aside,
    }
