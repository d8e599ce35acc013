"""Extents: the set of values a fact may still have, given one statement about it.

A laboratory's ``< 10`` leaves a span, a treatment that ended leaves several results, a partial date leaves a span of
days. An unknown fact is simply a fact without an extent.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

Value = bool | Decimal | str | date
_ONE = Decimal(1)


@dataclass(frozen=True)
class Exactly:
    """The one value."""

    value: Value


@dataclass(frozen=True)
class Between:
    """A number between two bounds; ``None`` is unbounded, ``open`` leaves the bound itself out."""

    low: Decimal | None
    high: Decimal | None
    low_open: bool = False
    high_open: bool = False


@dataclass(frozen=True)
class OneOf:
    """One of several codes."""

    values: frozenset[str]


@dataclass(frozen=True)
class Period:
    """A day between two days, both included: what a date such as ``2026-11`` means."""

    first: date
    last: date


Extent = Exactly | Between | OneOf | Period


def stable(extent: Extent | None) -> str:
    """A text that is equal for equal extents on every run, for sorting."""
    return repr(sorted(extent.values)) if isinstance(extent, OneOf) else repr(extent)


def days(extent: Extent | None) -> Period | None:
    """A date's extent as first and last day; ``None`` for anything else."""
    if isinstance(extent, Period):
        return extent
    if isinstance(extent, Exactly) and isinstance(extent.value, date):
        return Period(extent.value, extent.value)
    return None


def period(first: date, last: date) -> Extent:
    """The days from ``first`` to ``last``, as one value where they are one day."""
    return Exactly(first) if first == last else Period(first, last)


def span(extent: Extent) -> Between | None:
    """A number's extent as a span; ``None`` for codes, truths and dates."""
    if isinstance(extent, Between):
        return extent
    if isinstance(extent, Exactly) and isinstance(extent.value, Decimal):
        return Between(extent.value, extent.value)
    return None


def meet(one: Extent, other: Extent) -> Extent | None:
    """The values both extents allow, or ``None`` when they disagree."""
    if one == other:
        return one
    left, right = span(one), span(other)
    if left is not None and right is not None:
        return _meet_spans(left, right)
    early, late = days(one), days(other)
    if early is not None and late is not None:
        first, last = max(early.first, late.first), min(early.last, late.last)
        return period(first, last) if first <= last else None
    codes = _codes(one) & _codes(other)
    if not codes:
        return None
    return Exactly(next(iter(codes))) if len(codes) == 1 else OneOf(codes)


def _codes(extent: Extent) -> frozenset[str]:
    if isinstance(extent, OneOf):
        return extent.values
    return frozenset([extent.value]) if isinstance(extent, Exactly) and isinstance(extent.value, str) else frozenset()


def _meet_spans(left: Between, right: Between) -> Extent | None:
    low, low_open = _tightest(((left.low, left.low_open), (right.low, right.low_open)), upper=False)
    high, high_open = _tightest(((left.high, left.high_open), (right.high, right.high_open)), upper=True)
    return narrowed(Between(low, high, low_open, high_open))


def narrowed(wanted: Between) -> Extent | None:
    """``wanted`` as the simplest extent: one value where the bounds touch, ``None`` where nothing is left."""
    low, high = wanted.low, wanted.high
    if low is None or high is None or low < high:
        return wanted
    return Exactly(low) if low == high and not (wanted.low_open or wanted.high_open) else None


def whole(extent: Extent) -> Extent | None:
    """The whole numbers in an extent, its ends included; ``None`` where there are none. Codes and dates stay."""
    if isinstance(extent, Exactly) and isinstance(extent.value, Decimal) and extent.value.same_quantum(_ONE):
        return extent
    given = span(extent)
    if given is None:
        return extent
    low = None if given.low is None else given.low.to_integral_value(ROUND_CEILING)
    high = None if given.high is None else given.high.to_integral_value(ROUND_FLOOR)
    low = low + 1 if low is not None and low == given.low and given.low_open else low
    high = high - 1 if high is not None and high == given.high and given.high_open else high
    return narrowed(Between(low, high))


def _tightest(bounds: tuple[tuple[Decimal | None, bool], ...], *, upper: bool) -> tuple[Decimal | None, bool]:
    """The bound that leaves least; of equal ones the bound that is itself left out."""
    given = [(value, is_open) for value, is_open in bounds if value is not None]
    if not given:
        return None, False
    value = min(value for value, _ in given) if upper else max(value for value, _ in given)
    return value, any(is_open for bound, is_open in given if bound == value)
