"""Summary of findings: each analysis as a row, with absolute effects where a baseline risk is on record."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ivigil.evidence.running import Ran
from ivigil.explain.findings_table import FindingsRow, Interval, findings_table
from ivigil.explain.layout import Table
from ivigil.explain.plot_numbers import seen
from ivigil.knowledge.grading_records import CertaintyRating
from ivigil.synthesis.absolute import Risk
from ivigil.synthesis.results import Pooled
from ivigil.synthesis.rows import Reported, StudyData, TwoByTwo, TwoMeans

_PERIODS = "crossover, periods as arms"


def findings_of(runs: Sequence[Ran], ratings: Iterable[CertaintyRating]) -> Table:
    """The summary of findings of ``runs``; ``ratings`` are those that bodies recorded of an analysis."""
    by_analysis = {one.analysis: one for one in ratings if one.analysis}
    rows = [_row(one, by_analysis.get(one.analysis.id)) for one in runs]
    return findings_table(rows, "treatment", "comparator")


def _row(ran: Ran, rating: CertaintyRating | None) -> FindingsRow:
    effect = ran.absolute
    missing = len(ran.analysis.missing)
    return FindingsRow(
        outcome=f"{ran.analysis.outcome} ({ran.analysis.intervention} against {ran.analysis.comparator})",
        studies=ran.pooled.k if ran.pooled else 0,
        participants=_participants(ran),
        measure=ran.analysis.measure,
        relative=_relative(ran.pooled) if ran.pooled else None,
        comparator_risk=effect.baseline if effect else None,
        treatment_risk=_interval(effect.with_treatment) if effect else None,
        difference=_interval(effect.difference) if effect else None,
        certainty=rating.certainty if rating else None,
        body=rating.body if rating else None,
        leans_on=ran.analysis.claims,
        remarks=(f"{missing} studies or figures missing",) if missing else (),
    )


def _relative(pooled: Pooled) -> Interval:
    return Interval(
        *(seen(pooled.measure, end) for end in (pooled.effect.value, pooled.effect.low, pooled.effect.high))
    )


def _interval(risk: Risk) -> Interval:
    return Interval(risk.value, risk.low, risk.high)


def _participants(ran: Ran) -> int | None:
    """How many took part in the studies pooled; ``None`` where one does not say."""
    crossed = {used.label for used in ran.used if used.result.compared == _PERIODS}
    rows = ran.effects.rows if ran.effects else ()
    counted = [_people(row, both_arms=row.label in crossed) for row in rows]
    return None if None in counted or not counted else sum(one for one in counted if one is not None)


def _people(row: StudyData, *, both_arms: bool) -> int | None:
    """The people in a row; where they are the same in ``both_arms``, each counts once."""
    if isinstance(row, TwoByTwo | TwoMeans):
        return int(max(row.n_a, row.n_b) if both_arms else row.n_a + row.n_b)
    return None if isinstance(row, Reported) else int(row.n)
