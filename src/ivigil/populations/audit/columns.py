"""What an audit knows of each request beside its verdict: its share of grams, its review, and its use within months.

All of it comes from the requests alone, of which every one of a patient stands in the same part.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from ivigil.knowledge import Library, RuleSet
from ivigil.knowledge.audit_records import HighUse
from ivigil.review.compiled import PHASE, RESPONSE
from ivigil.tables import Expr, Frame, column, literal, unknown
from ivigil.tables.expressions import certainly, first_known, joined_text, one_of, where
from ivigil.tables.grouping import (
    grouped,
    joined,
    joined_where_there,
    least,
    part,
    renamed,
    rows,
    spelled,
    those,
    total,
    whole,
    whole_of,
    whole_truth,
    within,
)

OF_REQUEST, MILLIGRAMS, MONTHS_ON, REVIEW = "of_request", "milligrams", "months_on", "review"
REVIEWED_BY, HIGH_USE, USED = "review:", "high_use:", "milligrams_in_months:"
# What a continuing request is to have: the response to what was given before.
RECORDED, NOT_RECORDED, NOT_CONTINUING, PHASE_OPEN = "recorded", "not recorded", "not continuing", "phase unknown"
OVERDUE, NOT_YET_DUE, NO_INTERVAL = "overdue", "not yet due", "no interval"
_DOSE = "request_total_dose"
_PER_GRAM = 1000
_MONTHS = 12


def with_use(frame: Frame, library: Library) -> Frame:
    """``frame`` with the columns of this module. A request that names several indications counts as a part in each."""
    shared = frame.with_columns(**{OF_REQUEST: within(rows(), "patient", "request")})
    begun = within(least(column("index_date")), "patient", "indication")
    timed = shared.with_columns(
        **{MILLIGRAMS: whole(column(_DOSE) * _PER_GRAM / column(OF_REQUEST)), MONTHS_ON: _months_since(begun)}
    )
    flagged = _with_high_use(timed, tuple(library.audits.high_use.values()))
    return flagged.with_columns(**{REVIEW: _review(), **_reviewed_by(library)})


def review_columns(library: Library) -> tuple[str, ...]:
    """The columns that say whether a review is overdue, one for each rule set that gives intervals."""
    return tuple(REVIEWED_BY + one.head.id for one in _with_intervals(library))


def high_use_columns(library: Library) -> tuple[str, ...]:
    """The columns of high use: a flag for each rule, and the milligrams that it looks at."""
    rules = library.audits.high_use.values()
    months = sorted({one.in_months for one in rules})
    return (*(HIGH_USE + one for one in library.audits.high_use), *(f"{USED}{one}" for one in months))


def _number(date: Expr) -> Expr:
    """The months from the year 0 to the month of a date."""
    return whole_of(part(date, 0, 4)) * _MONTHS + whole_of(part(date, 5, 2)) - 1


def _months_since(begun: Expr) -> Expr:
    """The whole months from one date to that of the request."""
    now = column("index_date")
    return _number(now) - _number(begun) - whole_truth(part(now, 8, 2) < part(begun, 8, 2))


def _review() -> Expr:
    """Whether a continuing request has a response recorded."""
    phase = column(PHASE)
    return first_known(
        [
            where(phase.is_null(), literal(PHASE_OPEN)),
            where(certainly(phase != "continuing"), literal(NOT_CONTINUING)),
            where(column(RESPONSE).is_null(), literal(NOT_RECORDED)),
            literal(RECORDED),
        ]
    )


def _with_intervals(library: Library) -> Iterator[RuleSet]:
    return (rules for _, rules in sorted(library.rule_sets.items()) if _intervals(rules))


def _intervals(rules: RuleSet) -> Mapping[str, int]:
    """By indication: within how many months a rule set wants the first review."""
    found = {}
    for indication, appraisal in rules.appraisals.items():
        months = [one.first_within_months for one in appraisal.reviews if one.first_within_months is not None]
        if months:
            found[indication] = min(months)
    return found


def _reviewed_by(library: Library) -> dict[str, Expr]:
    return {REVIEWED_BY + rules.head.id: _against(_intervals(rules)) for rules in _with_intervals(library)}


def _against(intervals: Mapping[str, int]) -> Expr:
    """Whether the review of a continuing request without a response is overdue."""
    together: dict[int, list[str]] = {}
    for indication, months in intervals.items():
        together.setdefault(months, []).append(indication)
    due = first_known([where(certainly(one_of(column("indication"), ids)), literal(n)) for n, ids in together.items()])
    open_review = _review() == NOT_RECORDED
    return first_known(
        [
            where(~open_review, _review()),
            where(due.is_null(), literal(NO_INTERVAL)),
            where(certainly(column(MONTHS_ON) >= due), literal(OVERDUE)),
            literal(NOT_YET_DUE),
        ]
    )


def _with_high_use(frame: Frame, rules: Sequence[HighUse]) -> Frame:
    for months in sorted({one.in_months for one in rules}):
        concerned = [one for one in rules if one.in_months == months]
        frame = joined_where_there(frame, _used(frame, concerned, months), ["row"])
    return frame.with_columns(**{HIGH_USE + one.id: _flag(one) for one in rules}) if rules else frame


def _used(frame: Frame, rules: Sequence[HighUse], months: int) -> Frame:
    """By row: the milligrams asked for, for the same indication, in the months up to its date."""
    ids = sorted({one.indication for one in rules})
    asked = those(frame, one_of(column("indication"), ids)).select(
        "row", "patient", "indication", "index_date", MILLIGRAMS
    )
    other = {"row": "other row", "index_date": "other date", MILLIGRAMS: "other milligrams"}
    pairs = joined(asked, renamed(asked, other), ["patient", "indication"])
    date = column("other date")
    inside = those(pairs, (date > _earlier(months)) & (date <= column("index_date")))
    return grouped(inside, ["row"], **{f"{USED}{months}": total(column("other milligrams"))})


def _earlier(months: int) -> Expr:
    """The day as many months before the request's, written as its date is."""
    number = _number(column("index_date")) - months
    month = part(spelled(number % _MONTHS + 101), 1, 2)
    return joined_text([spelled(number // _MONTHS), month, part(column("index_date"), 8, 2)], "-")


def _flag(rule: HighUse) -> Expr:
    used = column(f"{USED}{rule.in_months}")
    above = used > int(rule.above_g * _PER_GRAM)
    return first_known([where(certainly(column("indication") == rule.indication), above), unknown("truth")])
