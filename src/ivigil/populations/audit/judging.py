"""Judging the requests of one part: its decisions, with everything that an audit counts."""

from __future__ import annotations

from dataclasses import dataclass

from ivigil.knowledge import Library, RuleSet
from ivigil.populations.audit.columns import (
    MILLIGRAMS,
    MONTHS_ON,
    OF_REQUEST,
    REVIEW,
    high_use_columns,
    review_columns,
    with_use,
)
from ivigil.populations.audit.doses import with_doses
from ivigil.populations.compiled import RuleSetDiagram, compile_rule_set
from ivigil.populations.filling import filled
from ivigil.populations.landing.request_rows import request_kinds
from ivigil.populations.planned_columns import planned
from ivigil.populations.verdicts import RESULTS, judged
from ivigil.review import Judge
from ivigil.review.compiled import PHASE, RESPONSE
from ivigil.tables import Engine, Frame, Prepared, column
from ivigil.tables.expressions import joined_text, where
from ivigil.tables.grouping import joined, ordered, renamed

KEYS = ("row", "patient", "request", "authored", "index_date", "month", "site", "reason", "matched", "file", "line")
# The answers under the second rule set of a comparison.
OTHER = "other:"
MOVED = "moved"
# The level of evidence with its scheme, as one text.
LEVEL = "evidence_level"
_KEY = "key of the row"


@dataclass(frozen=True)
class Plans:
    """The rule set that judges, and a second one to compare it with, each as a diagram."""

    library: Library
    judge: Judge
    own: RuleSetDiagram
    other: RuleSetDiagram | None = None


@dataclass(frozen=True)
class Judging:
    """An engine that judges by some plans; ``rows`` works out the first of two steps."""

    engine: Engine
    made: Plans
    rows: Prepared


def plans(library: Library, rules: RuleSet, other: RuleSet | None, judge: Judge) -> Plans:
    """The diagrams of one or two rule sets."""
    return Plans(library, judge, compile_rule_set(rules, judge), compile_rule_set(other, judge) if other else None)


def judging(engine: Engine, made: Plans) -> Judging:
    """``engine`` made ready, for landed requests of whatever part."""
    kinds = request_kinds(made.library)
    return Judging(engine, made, engine.prepared(kinds, lambda requests: planned_rows(requests, made)))


def planned_rows(requests: Frame, made: Plans) -> Frame:
    """The requests judged, with doses, weights and hazards; some rows are still left to the row evaluator."""
    used = with_use(requests, made.library)
    return _named(planned(renamed(used, {"row": _KEY}), made.own, [_KEY, *_kept(made.library)]))


def decisions(rows: Frame, requests: Frame, made: Plans, engine: Engine) -> Frame:
    """The decisions on a part of the requests, in order of row; ``rows`` is what :func:`planned_rows` gave, kept."""
    own = filled(rows, requests, made.own, engine, "row")
    dosed = with_doses(own, made.library, made.own.rules.rounding or made.library.rounding)
    return ordered(dosed if made.other is None else _compared(dosed, requests, made.other), "row")


def _kept(library: Library) -> tuple[str, ...]:
    own = (OF_REQUEST, MILLIGRAMS, PHASE, RESPONSE, MONTHS_ON, REVIEW)
    return (*KEYS[1:], "indication", *own, *review_columns(library), *high_use_columns(library))


def answers(requests: Frame, plan: RuleSetDiagram) -> Frame:
    """The verdicts alone, by row."""
    return _named(judged(renamed(requests, {"row": _KEY}), plan, [_KEY], missing=False))


def _named(found: Frame) -> Frame:
    """What was judged: the row of the verdict table is ``verdict_row``, since ``row`` is the request's own."""
    named = renamed(renamed(found, {"row": "verdict_row"}), {_KEY: "row"})
    level = joined_text([column("level_scheme"), column("level")], " ")
    return named.with_columns(**{LEVEL: where(~column("level").is_null(), level)})


def _compared(own: Frame, requests: Frame, plan: RuleSetDiagram) -> Frame:
    """``own`` with the answers under another rule set, and whether the verdict is another one."""
    names = ["verdict_row" if one == "row" else one for one in (*RESULTS, LEVEL)]
    other = renamed(answers(requests, plan), {one: OTHER + one for one in names})
    both = joined(own, other, ["row"])
    return both.with_columns(**{MOVED: column("verdict") != column(f"{OTHER}verdict")})
