"""How many grams per kg the recommended regimens of an appraisal come to in all, by the days that an order asks for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import ceil
from typing import Literal

from ivigil.dosing.aims import aims
from ivigil.knowledge import Regimen
from ivigil.populations.exactness import Amount, constant, first_amount, folded
from ivigil.tables import Expr
from ivigil.tables.arithmetic import greatest, least
from ivigil.tables.expressions import certainly, some
from ivigil.units.amounts import as_decimal

Ends = tuple[Decimal, Decimal]


@dataclass(frozen=True)
class Totals:
    """The lowest and the highest total in g/kg: while no days are asked for, for certain days, and for all others.

    ``per_day`` takes the place of ``other`` where a regimen states a daily dose and no end: it counts for each day.
    """

    none: Ends | None
    other: Ends | None
    by_days: Mapping[int, Ends]
    per_day: Ends | None = None


def totals_of(regimen: Regimen) -> Totals:
    """The totals of a regimen, as :func:`ivigil.dosing.aims.aims` gives them."""
    none, daily = _ends(regimen, None), regimen.daily_g_per_kg
    if regimen.total_g_per_kg is None and regimen.days is None and daily is not None:
        return Totals(none, None, {}, (daily.low, daily.high))
    most = _most_days(regimen)
    by_days = {days: _ends(regimen, days) for days in range(1, most + 1)}
    other = _ends(regimen, most + 1)
    return Totals(none, other, {days: one for days, one in by_days.items() if one is not None and one != other})


def _most_days(regimen: Regimen) -> int:
    """The number of days beyond which an order changes nothing more."""
    daily, total = regimen.daily_g_per_kg, regimen.total_g_per_kg
    if regimen.days is not None:
        return ceil(regimen.days.high)
    return ceil(total.high / daily.low) if total is not None and daily is not None else 0


def _ends(regimen: Regimen, days: int | None) -> Ends | None:
    totals = [aim.total for aim in aims(regimen, days) if aim.total is not None]
    return (as_decimal(min(totals)), as_decimal(max(totals))) if totals else None


def per_kg(regimens: Sequence[Regimen], days: Amount) -> tuple[Amount, Amount] | None:
    """The lowest and the highest total of several regimens for the days in a table; nothing where none has one."""
    found = [ends for regimen in regimens if (ends := _by_days(totals_of(regimen), days)) is not None]
    if not found:
        return None
    return folded([low for low, _ in found], least), folded([high for _, high in found], greatest)


def _by_days(totals: Totals, days: Amount) -> tuple[Amount, Amount] | None:
    unknown = days.value.is_null()
    special = {number: certainly(days.value == number) for number in totals.by_days}
    cases = [(special[number], ends) for number, ends in totals.by_days.items()]
    cases += [(unknown, totals.none)] if totals.none else []
    cases += [(~unknown & ~some(list(special.values())), totals.other)] if totals.other else []
    if not cases and totals.per_day is None:
        return None
    return _end(totals, days, cases, 0), _end(totals, days, cases, 1)


def _end(totals: Totals, days: Amount, cases: Sequence[tuple[Expr, Ends]], end: Literal[0, 1]) -> Amount:
    chosen = [constant(ends[end]).only(condition) for condition, ends in cases]
    counted = [days.times(totals.per_day[end])] if totals.per_day else []
    return first_amount([*chosen, *counted])
