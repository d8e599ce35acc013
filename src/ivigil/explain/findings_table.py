"""A summary of findings: what the evidence says of each outcome, for people and not only as a ratio."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ivigil.explain.layout import Table
from ivigil.explain.plot_figures import figure, interval, level_words
from ivigil.explain.plot_numbers import NOT_ESTIMABLE

NOT_RECORDED = "not recorded"
# An effect may be known and still say nothing absolute: nobody has told how often the event is without treatment.
NO_BASELINE = "no baseline risk"
_PER = 1000


@dataclass(frozen=True)
class Interval:
    """A value with its interval, as a reader sees it: a ratio as a ratio, a risk or a difference as a share."""

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class FindingsRow:
    """One outcome.

    ``relative`` is the effect and ``measure`` its name (``RR``). The risks are shares, not per cent. ``certainty`` is
    as a body records it and ``body`` names that body; without either it is not recorded: nothing is graded here.
    ``leans_on`` names the studies or the analysis. ``remarks`` are what a reader must know (a risk held at 100 %).
    """

    outcome: str
    studies: int
    participants: int | None
    measure: str
    relative: Interval | None
    comparator_risk: float | None = None
    treatment_risk: Interval | None = None
    difference: Interval | None = None
    certainty: str | None = None
    body: str | None = None
    leans_on: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()


def findings_table(rows: Sequence[FindingsRow], a_name: str, b_name: str, level: float = 0.95) -> Table:
    """A row for each outcome; risks per 1,000 people, with treatment ``a_name`` and comparator ``b_name``."""
    ci = f"[{level_words(level)} CI]"
    columns = (
        "Outcome",
        "Studies",
        "Participants",
        f"Relative effect {ci}",
        f"With {b_name}, per 1,000",
        f"With {a_name}, per 1,000 {ci}",
        f"Difference per 1,000 {ci}",
        "Certainty",
        "Leans on",
    )
    return Table(columns, tuple(_cells(row) for row in rows))


def _cells(row: FindingsRow) -> tuple[str, ...]:
    outcome = f"{row.outcome} ({'; '.join(row.remarks)})" if row.remarks else row.outcome
    return (
        outcome,
        str(row.studies),
        f"{row.participants:,}" if row.participants is not None else NOT_RECORDED,
        _relative(row),
        _people(row.comparator_risk) if row.comparator_risk is not None else NOT_RECORDED,
        NO_BASELINE if row.comparator_risk is None else _risk(row.treatment_risk),
        NO_BASELINE if row.comparator_risk is None else _difference(row.difference),
        certainty_words(row),
        "; ".join(row.leans_on) or NOT_RECORDED,
    )


def _relative(row: FindingsRow) -> str:
    one = row.relative
    if one is None or one.value != one.value:
        return NOT_ESTIMABLE
    return f"{row.measure} {figure(one.value)} {interval(one.low, one.high)}"


def _people(share: float) -> str:
    """A share as people in 1,000, whole from 10 on: below that a whole number would say too little."""
    people = share * _PER
    return f"{people:.0f}" if abs(people) >= 10 or people == int(people) else f"{people:.1f}"  # noqa: PLR2004


def _risk(one: Interval | None) -> str:
    return f"{_people(one.value)} [{_people(one.low)}, {_people(one.high)}]" if one else NOT_ESTIMABLE


def _difference(one: Interval | None) -> str:
    """``150 fewer [from 240 fewer to 20 more]``."""
    if one is None:
        return NOT_ESTIMABLE
    return f"{_more_or_fewer(one.value)} [from {_more_or_fewer(one.low)} to {_more_or_fewer(one.high)}]"


def _more_or_fewer(share: float) -> str:
    people = _people(abs(share))
    if float(people) == 0:
        return "0"
    return f"{people} {'more' if share > 0 else 'fewer'}"


def certainty_words(row: FindingsRow) -> str:
    """The certainty and the body that recorded it; *not recorded* where either is missing."""
    return f"{row.certainty} ({row.body})" if row.certainty and row.body else NOT_RECORDED
