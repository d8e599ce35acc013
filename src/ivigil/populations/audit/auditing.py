"""A whole audit: what was landed is judged part by part, counted, and put together for the report."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from ivigil.populations.audit.cohort import counted_cohort
from ivigil.populations.audit.folder import decisions_in, requests_in
from ivigil.populations.audit.judging import Judging, judging, plans
from ivigil.populations.audit.listing import listed_rows, open_rows
from ivigil.populations.audit.question import Question
from ivigil.populations.audit.report import Report
from ivigil.populations.audit.running import judge_parts
from ivigil.populations.landing.counts import Landed
from ivigil.populations.landing.progress import Progress
from ivigil.review import Judge
from ivigil.tables import Engine


def ready(question: Question, engine: Engine) -> Judging:
    """``engine`` made ready to judge by the rules that are asked about."""
    made = plans(question.library, question.rules, question.other, Judge(question.library))
    return judging(engine, made)


def audited(question: Question, landed: Landed, by: Judging, out: Path, progress: Progress) -> Report:
    """Judge what is ``landed`` in ``out`` and count it; the stages are ``judging`` (parts) and ``counting``."""
    engine, made = by.engine, by.made
    judge_parts(by, out, progress)
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
        open_rows=open_rows(engine, decisions, requests, made.own, made.judge),
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
