"""What a regimen aims at per kg: its total, its days and its daily share, at each end of the spans it gives."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import ceil
from typing import Literal

from ivigil.dosing.errors import DoseError, above_zero
from ivigil.knowledge import Regimen, Span

End = Literal["only", "low", "high"]


@dataclass(frozen=True)
class Aim:
    """One end of a regimen in g/kg; what it does not say and what does not follow is ``None``."""

    end: End
    total: Fraction | None
    daily: Fraction | None
    days: int | None


def aims(regimen: Regimen, asked_days: int | None = None) -> tuple[Aim, ...]:
    """The ends of ``regimen``; none where it states no dose per kg.

    ``asked_days`` count where the regimen names no days, or as one of those that it names.
    """
    counts = _days(regimen, asked_days)
    if regimen.total_g_per_kg is not None:
        return tuple(_of_total(regimen.total_g_per_kg, regimen.daily_g_per_kg, counts))
    if regimen.daily_g_per_kg is not None:
        return tuple(_of_days(regimen.daily_g_per_kg, counts))
    return ()


def _ends(span: Span, what: str) -> tuple[tuple[End, Fraction], ...]:
    low, high = Fraction(above_zero(span.low, what)), Fraction(above_zero(span.high, what))
    return (("only", low),) if low == high else (("low", low), ("high", high))


def _days(regimen: Regimen, asked: int | None) -> tuple[int, ...]:
    """The fewest and the most days, or the one number of them; empty where nobody names any."""
    if asked is not None and asked <= 0:
        raise DoseError(f"{asked} days", "1 or more")
    if regimen.days is None:
        return () if asked is None else (asked,)
    low, high = (ceil(above_zero(one, "a number of days")) for one in (regimen.days.low, regimen.days.high))
    if asked is not None and low <= asked <= high:
        return (asked,)
    return (low,) if low == high else (low, high)


def _of_total(total: Span, daily: Span | None, counts: tuple[int, ...]) -> Iterator[Aim]:
    """Each end of the total on each number of days, as far as the daily dose agrees with it."""
    pairs = [
        (end, amount, days)
        for end, amount in _ends(total, "a total dose in g/kg")
        for days in counts or (_days_for(amount, daily, end),)
    ]
    agreeing = [pair for pair in pairs if _agrees(pair[1], pair[2], daily)]
    for end, amount, days in agreeing or pairs:
        yield Aim(end, amount, amount / days if days else None, days)


def _days_for(total: Fraction, daily: Span | None, end: End) -> int | None:
    """The days that a total takes at the daily dose of the same end."""
    if daily is None:
        return None
    share = above_zero(daily.high if end == "high" else daily.low, "a daily dose in g/kg")
    return ceil(total / Fraction(share))


def _agrees(total: Fraction, days: int | None, daily: Span | None) -> bool:
    return daily is None or days is None or Fraction(daily.low) <= total / days <= Fraction(daily.high)


def _of_days(daily: Span, counts: tuple[int, ...]) -> Iterator[Aim]:
    """The lower daily dose on the fewest days, the higher one on the most."""
    ends = _ends(daily, "a daily dose in g/kg")
    if len(ends) == 1 and len(counts) > 1:
        ends = (("low", ends[0][1]), ("high", ends[0][1]))
    for end, share in ends:
        days = (counts[-1] if end == "high" else counts[0]) if counts else None
        yield Aim(end, share * days if days else None, share, days)


def grams(per_kg: Fraction, weight_kg: Decimal) -> Fraction:
    """A dose per kg at a weight in kg."""
    return per_kg * Fraction(above_zero(weight_kg, "a weight in kg"))
