"""What comes after landing in ``ivigil audit``: judging, the report, and what is said of it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Self

from ivigil.documents import write_whole
from ivigil.explain.audit_json import audit_text
from ivigil.explain.audit_page import audit_page
from ivigil.explain.audit_words import grams_words, number_words, value_label
from ivigil.populations.audit.auditing import audited, ready
from ivigil.populations.audit.judging import Judging
from ivigil.populations.audit.question import Question
from ivigil.populations.audit.report import Report
from ivigil.populations.landing import Landed
from ivigil.populations.landing.progress import Progress
from ivigil.tables import Engine

REPORT, FIGURES = "report.html", "audit.json"


@dataclass(frozen=True)
class Judged:
    """What is asked, and the engine that is ready to answer it."""

    question: Question
    judging: Judging

    @classmethod
    def by(cls, question: Question, engine: Engine) -> Self:
        """Make ``engine`` ready."""
        return cls(question, ready(question, engine))

    def reported(self, landed: Landed, out: Path, told: Progress) -> str:
        """Judge what is ``landed`` in ``out``, write the report there, and sum it up."""
        try:
            report = audited(self.question, landed, self.judging, out, told)
        finally:
            self.judging.engine.stop()
        write_whole(out / REPORT, audit_page(report))
        write_whole(out / FIGURES, audit_text(report))
        return _summary(report, out)


def _summary(report: Report, out: Path) -> str:
    counts, table = report.counts, report.cohort.tables["verdict"]
    whole = table.total.figures
    judged, aside, all_of = (number_words(counts[one]) for one in ("judged", "quarantined", "requests"))
    others = number_words(counts["lines_set_aside"])
    lines = [
        f"{all_of} requests = {judged} judged + {aside} set aside; other lines, files or patients set aside: {others}.",
        f"{number_words(whole['patients'])} patients, {grams_words(whole['milligrams'])} g asked for.",
        "",
        f"{'verdict':<20}{'patients':>12}{'requests':>12}{'grams':>14}",
    ]
    for one in table.groups:
        figures = (number_words(one.figures["patients"]), number_words(one.figures["requests"]))
        name = value_label("verdict", one.key[0], report.library)
        lines.append(f"{name:<20}{figures[0]:>12}{figures[1]:>12}{grams_words(one.figures['milligrams']):>14}")
    policy = report.cohort.policy
    hidden = f"Figures of 1 to {policy.hide_up_to} patients are not shown; --exact shows all." if policy else ""
    return "\n".join([*lines, "", *([hidden] if hidden else []), f"Report: {out / REPORT}"])
