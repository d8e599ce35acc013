"""Judging every row of a table of requests: the verdict that all ways of filling its gaps agree on.

A table has one row for each indication of each request: its id in ``indication`` (empty where the request names none),
the columns of facts (see :mod:`ivigil.criteria.frames.cells`) with ``immunoglobulin_ordered``, and ``established``,
whether the patient has that indication. Whatever else it holds is carried along where it is asked for.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ivigil.criteria.frames import FactColumns, truth_expression
from ivigil.knowledge import has
from ivigil.populations.checks import check_columns
from ivigil.populations.compiled import (
    ESTABLISHED,
    INDICATION,
    NOTHING,
    ROW,
    STANDING,
    UNLISTED,
    VERDICT,
    RuleSetDiagram,
)
from ivigil.populations.reachability import Reached, opened, reached, several_open
from ivigil.review.compiled import ORDERED
from ivigil.tables import Expr, Frame, column, kinds_of, literal, unknown
from ivigil.tables.expressions import certainly, count, every, first_known, joined_text, one_of, some, where

# The columns that judging adds: the verdict; all that can be reached, in the order of the verdict table; the row of
# that table, where it is certain; the standing; and the level of evidence with its scheme, where they belong to it.
RESULTS = ("verdict", "reachable", "row", "standing", "level", "level_scheme")
# One more column for each fact a verdict can depend on: whether it may be what keeps the verdict of this row open.
# It holds every fact that the row evaluator would ask for, and perhaps more.
MISSING = "missing:"
_OPEN_VERDICT = "needs-information"
_REQUESTED = "request_indication"
# Columns of the way there; no fact's id holds a space.
_KEY, _CERTAIN, _NOTHING_ASKED = "appraisal of the row", "verdict is certain", "nothing is asked"
_STANDING, _EXCEPTED, _DRUG_OPEN = "standing of the row", "exception holds", "drug is open"
_BETWEEN = "; "


def judged(frame: Frame, plan: RuleSetDiagram, keep: Sequence[str] = (), *, missing: bool = True) -> Frame:
    """The columns ``keep`` of ``frame`` with :data:`RESULTS` and, if wanted, a column for each fact that may miss.

    The rows stand in the order the engine gives them. Raises :class:`BadInput` for columns that are absent or are of
    another kind than their fact.
    """
    kinds = kinds_of(frame)
    check_columns(kinds, plan, keep)
    columns = FactColumns(plan.catalogue, kinds)
    found = _reached(frame, plan, columns, keep, missing=missing)
    verdicts = found.labels(VERDICT)
    stood = found.frame.with_columns(
        **{_CERTAIN: count(list(verdicts.values())) == 1, _STANDING: _standing(found.labels(STANDING), plan)}
    )
    reachable = [where(verdicts[one], literal(one)) for one in plan.verdicts if one in verdicts]
    answers = (_verdict(verdicts), joined_text(reachable, _BETWEEN), _row(found.labels(ROW)), column(_STANDING))
    results = dict(zip(RESULTS, (*answers, *_level(plan)), strict=True))
    return stood.select(*keep, **results, **(_missing(found) if missing else {}))


def _reached(
    frame: Frame, plan: RuleSetDiagram, columns: FactColumns, keep: Sequence[str], *, missing: bool
) -> Reached:
    """What each row can reach, beside what its facts say without any diagram."""
    ordered = columns.value(ORDERED)
    keyed = frame.with_columns(**{_KEY: _key(plan)})
    nothing = (column(_KEY) == NOTHING) | certainly(~ordered)
    said = {
        _NOTHING_ASKED: nothing,
        _EXCEPTED: _excepted(plan, columns),
        _DRUG_OPEN: (column(_KEY) == NOTHING) & ordered.is_null(),
    }
    known = keyed.select(*keep, _KEY, **said, **opened(plan.joined, columns))
    if missing:
        known = known.with_columns(**several_open(plan.joined, VERDICT))
    carried = (*keep, _KEY, *said)
    return reached(known, plan.joined, carried, key=_KEY, ways_to=VERDICT if missing else None)


def _key(plan: RuleSetDiagram) -> Expr:
    """Which appraisal judges the row; never empty."""
    asked = column(INDICATION)
    appraised = where(certainly(one_of(asked, plan.appraised)), asked)
    return first_known((appraised, where(asked.is_null(), literal(NOTHING)), literal(UNLISTED)))


def _verdict(verdicts: Mapping[str, Expr]) -> Expr:
    """The one verdict that can be reached."""
    named = [where(column(_CERTAIN) & one, literal(name)) for name, one in verdicts.items()]
    return first_known([*named, literal(_OPEN_VERDICT)])


def _row(rows: Mapping[str, Expr]) -> Expr:
    """The one row of the verdict table that can hold."""
    certain = count(list(rows.values())) == 1
    return first_known([where(certain & one, literal(name)) for name, one in rows.items()])


def _standing(standings: Mapping[str, Expr], plan: RuleSetDiagram) -> Expr:
    """The standing once it is certain; while an exception or the diagnosis is open, that of the appraisal."""
    named = {name: one for name, one in standings.items() if name != "unlisted"}
    number = count(list(named.values())) if named else literal(0)
    own = _by_appraisal({one.indication: one.standing for one in plan.appraisals})
    unlisted = where(column(_NOTHING_ASKED) | (number == 0), literal("unlisted"))
    return first_known([unlisted, *(where((number == 1) & one, literal(name)) for name, one in named.items()), own])


def _level(plan: RuleSetDiagram) -> tuple[Expr, Expr]:
    """The level of evidence and its scheme, which belong to the standing that the appraisal itself gives."""
    own = _by_appraisal({one.indication: one.standing for one in plan.appraisals})
    holds = certainly(column(_STANDING) == own) & ~column(_EXCEPTED) & ~column(_NOTHING_ASKED)
    levels = {one.indication: one.level for one in plan.appraisals if one.level is not None}
    level = _by_appraisal({indication: one.level for indication, one in levels.items()})
    scheme = _by_appraisal({indication: one.scheme for indication, one in levels.items()})
    return where(holds, level), where(holds, scheme)


def _excepted(plan: RuleSetDiagram, columns: FactColumns) -> Expr:
    """Whether an exception is known to give the standing: the first that is not known to fail is known to hold."""
    found = []
    for appraisal in plan.appraisals:
        own = FactColumns(columns.catalogue, columns.present, {has(appraisal.indication): ESTABLISHED})
        failed: list[Expr] = [column(_KEY) == appraisal.indication]
        for exception in appraisal.standing_exceptions:
            truth = truth_expression(plan.library.trees[exception.when], own)
            found.append(every([*failed, certainly(truth)]))
            failed.append(certainly(~truth))
    return some(found)


def _by_appraisal(values: Mapping[str, str]) -> Expr:
    """A text that each appraisal gives its rows; empty for the others."""
    together: dict[str, list[str]] = {}
    for indication, value in values.items():
        together.setdefault(value, []).append(indication)
    chosen = [where(one_of(column(_KEY), ids), literal(value)) for value, ids in together.items()]
    return first_known(chosen) if chosen else unknown("text")


def _missing(found: Reached) -> dict[str, Expr]:
    """Which facts may keep the verdict open, and what has to be known before any rule is asked."""
    unsure = ~column(_CERTAIN)
    facts = {MISSING + name: unsure & one for name, one in found.undecided(VERDICT).items()}
    drug = MISSING + ORDERED
    facts[drug] = facts[drug] | column(_DRUG_OPEN)
    return {**facts, MISSING + _REQUESTED: column(_NOTHING_ASKED)}
