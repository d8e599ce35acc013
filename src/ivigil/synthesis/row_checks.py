"""What is impossible in the data of a study: every fault of every row, named by row, label and field."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import fields

from ivigil.documents import Fault
from ivigil.synthesis.measures import Measure
from ivigil.synthesis.rows import OneCorrelation, OneProportion, Reported, StudyData, TwoByTwo, TwoMeans
from ivigil.synthesis.scales import pooled_scale

# Up to here every whole number is held exactly in double precision.
_MOST_PEOPLE = 2.0**53
# The square of a larger number, and so its variance, may not be held in double precision.
_LARGEST = 1e100
_ROWS: dict[str, type] = {
    "two-by-two": TwoByTwo,
    "two means": TwoMeans,
    "proportion": OneProportion,
    "correlation": OneCorrelation,
    "reported": Reported,
}


def row_faults(measure: Measure, rows: Sequence[StudyData]) -> list[Fault]:
    """Everything wrong with ``rows`` as data for ``measure``; ``where`` is ``row 3, Name 2001, events_a``."""
    return [
        Fault(f"row {number}, {row.label}{where}", found, expected, hint)
        for number, row in enumerate(rows, 1)
        for where, found, expected, hint in _faults_of(measure, row)
    ]


_Wrong = tuple[str, str, str, str]


def _faults_of(measure: Measure, row: StudyData) -> Iterator[_Wrong]:
    kind = _wrong_kind(measure, row)
    if kind is not None:
        yield kind
        return
    unreal = list(_not_numbers(row)) or list(_too_large(row))
    yield from unreal
    if unreal:
        return
    match row:
        case TwoByTwo():
            yield from _counts("events_a", row.events_a, "n_a", row.n_a)
            yield from _counts("events_b", row.events_b, "n_b", row.n_b)
        case OneProportion():
            yield from _counts("events", row.events, "n", row.n)
        case TwoMeans():
            yield from _arm("sd_a", row.sd_a, "n_a", row.n_a)
            yield from _arm("sd_b", row.sd_b, "n_b", row.n_b)
        case OneCorrelation():
            yield from _correlation(row)
        case Reported():
            yield from _reported(measure, row)


def _wrong_kind(measure: Measure, row: StudyData) -> _Wrong | None:
    if isinstance(row, _ROWS[measure.of]):
        return None
    if isinstance(row, Reported) and measure.scale != "double-arcsine":
        return None
    alternative = "" if measure.scale == "double-arcsine" or measure.of == "reported" else ", or an effect as reported"
    return "", f"data of kind {type(row).__name__}", f"{_ROWS[measure.of].__name__} for {measure.name}{alternative}", ""


def _not_numbers(row: StudyData) -> Iterator[_Wrong]:
    for field in fields(row):
        value = getattr(row, field.name)
        if field.name == "label" or (value is None and isinstance(row, Reported) and field.name != "estimate"):
            continue
        if value is None or not math.isfinite(value):
            yield f", {field.name}", _printed(value), "a finite number", ""


def _too_large(row: StudyData) -> Iterator[_Wrong]:
    counted = isinstance(row, TwoByTwo | OneProportion)
    for field in fields(row):
        value = getattr(row, field.name)
        most = _MOST_PEOPLE if counted or field.name.startswith("n") else _LARGEST
        if field.name != "label" and value is not None and abs(value) > most:
            yield f", {field.name}", _printed(value), f"a figure up to {most:.3g}", "It is too large to compute with."


def _counts(events_name: str, events: float, n_name: str, n: float) -> Iterator[_Wrong]:
    if n <= 0:
        yield f", {n_name}", _printed(n), "a number of participants above 0", "Leave out an arm that nobody is in."
    if events < 0:
        yield f", {events_name}", _printed(events), "a number of events of 0 or more", ""
    elif 0 < n < events:
        yield (
            f", {events_name}",
            f"{_printed(events)} events among {_printed(n)} participants",
            "no more events than participants",
            "Count participants with an event, not events.",
        )


def _arm(sd_name: str, sd: float, n_name: str, n: float) -> Iterator[_Wrong]:
    if n <= 0:
        yield f", {n_name}", _printed(n), "a number of participants above 0", "Leave out an arm that nobody is in."
    if sd < 0:
        yield f", {sd_name}", _printed(sd), "a standard deviation of 0 or more", ""


def _correlation(row: OneCorrelation) -> Iterator[_Wrong]:
    if abs(row.r) > 1:
        yield ", r", _printed(row.r), "a correlation from -1 to 1", ""
    if row.n <= 0:
        yield ", n", _printed(row.n), "a number of pairs above 0", ""


def _reported(measure: Measure, row: Reported) -> Iterator[_Wrong]:
    if not 0 < row.level < 1:
        yield ", level", _printed(row.level), "a confidence level between 0 and 1", "Write 0.95 for 95 %."
    if row.se is not None and row.se <= 0:
        yield ", se", _printed(row.se), "a standard error above 0", ""
    if row.se is None and (row.low is None or row.high is None):
        yield "", "no standard error and not both ends of an interval", "low and high, or se", ""
    outside = [name for name in ("estimate", "low", "high") if _off_scale(measure, getattr(row, name))]
    for name in outside:
        hint = "Give a ratio as a ratio, not its logarithm." if measure.is_ratio else ""
        yield f", {name}", _printed(getattr(row, name)), _possible(measure), hint
    if not outside:
        yield from _interval(row)


def _interval(row: Reported) -> Iterator[_Wrong]:
    if row.low is None or row.high is None:
        return
    text = f"{_printed(row.low)} to {_printed(row.high)}"
    if row.low >= row.high:
        yield ", low", f"an interval of {text}", "a low end below the high end", ""
    elif not row.low <= row.estimate <= row.high:
        yield (
            ", estimate",
            f"{_printed(row.estimate)} outside its interval, {text}",
            "an estimate within its interval",
            "Look for a slip of a digit, a sign, or the other arm as the reference.",
        )


def _off_scale(measure: Measure, value: float | None) -> bool:
    return value is not None and not math.isfinite(pooled_scale(measure, value))


def _possible(measure: Measure) -> str:
    return {
        "log": "a value above 0",
        "logit": "a value between 0 and 1",
        "arcsine": "a value from 0 to 1",
        "fisher-z": "a value between -1 and 1",
    }.get(measure.scale, "a finite number")


def _printed(value: float | None) -> str:
    return "nothing" if value is None else f"{value:g}"
