"""The timetable of an intravenous infusion: which rate from which minute on, for each day, within every cap.

A label that prints its steps is followed. Where it prints only a start and a maximum, the steps of a named programme
are taken within them; without one there is no timetable but the limits: no step is ever made up.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from fractions import Fraction

from ivigil.dosing.caps import AppliedCap, LocalLimits, capped
from ivigil.dosing.rates import (
    MINUTES_PER_HOUR,
    Chosen,
    Conditions,
    Ladder,
    NotPlanned,
    Rate,
    RateBasis,
    Rung,
    band_weight,
    ends_of,
    joined,
    label_ladder,
    protocol_ladder,
    schedule_for,
    volume_ml,
    walked,
)
from ivigil.knowledge.dosing_records import RateProtocol
from ivigil.knowledge.product_records import Product, RateSchedule
from ivigil.units import shown

_MICROSECONDS_PER_MINUTE = 60_000_000
_NO_STEPS = "The label prints only a start and a maximum"


@dataclass(frozen=True)
class InfusionOrder:
    """What is to be infused: grams for each day, at rates by ``weight_kg``, within ``caps``.

    The label's schedule for patients who tolerated the product is used from ``later_from_day`` on: 1 where earlier
    infusions were tolerated, 2 once the first of this course was. ``protocol_chosen``: whichever products it names.
    """

    product: Product
    doses_g: tuple[Decimal, ...]
    weight_kg: Decimal
    conditions: Conditions
    caps: tuple[AppliedCap, ...] = ()
    indication: str | None = None
    protocol: RateProtocol | None = None
    protocol_chosen: bool = False
    later_from_day: int | None = None
    start: datetime | None = None
    local: LocalLimits = field(default_factory=LocalLimits)

    @property
    def basis(self) -> RateBasis:
        """By what rates are converted."""
        return RateBasis(self.product.g_per_100_ml, self.weight_kg)


@dataclass(frozen=True)
class Step:
    """A stretch at one rate. Minutes count from the start of the day's infusion; times stand where a start is known."""

    number: int
    rate: Rate
    start_minute: Fraction
    end_minute: Fraction
    volume_so_far_ml: Fraction
    starts: datetime | None = None
    ends: datetime | None = None


@dataclass(frozen=True)
class RateLimits:
    """The first and the highest rate, and how long it takes if the first is kept throughout."""

    start: Rate
    maximum: Rate
    longest_minutes: Fraction


@dataclass(frozen=True)
class Day:
    """One day's infusion. Without steps only the limits are known. ``binding`` are the caps that slow it down."""

    number: int
    volume_ml: Fraction
    schedule: RateSchedule
    limits: RateLimits
    steps: tuple[Step, ...]
    binding: tuple[AppliedCap, ...]

    @property
    def minutes(self) -> Fraction | None:
        """How long it takes, where the steps are known."""
        return self.steps[-1].end_minute if self.steps else None


@dataclass(frozen=True)
class Timetable:
    """The infusion day by day, every cap that holds, what to know, and the facts that could change it."""

    days: tuple[Day, ...]
    caps: tuple[AppliedCap, ...]
    notes: tuple[str, ...]
    needs: tuple[str, ...]

    @property
    def volume_ml(self) -> Fraction:
        """All that is infused."""
        return sum((day.volume_ml for day in self.days), Fraction(0))

    @property
    def minutes(self) -> Fraction | None:
        """How long all days take together, where every step is known."""
        known = [day.minutes for day in self.days if day.minutes is not None]
        return sum(known, Fraction(0)) if len(known) == len(self.days) else None


def timetable(order: InfusionOrder) -> Timetable | NotPlanned:
    """When to run which rate. Steps are exact and contiguous, and what goes in is exactly the dose."""
    if faults := tuple(_faults(order)):
        return NotPlanned(faults)
    volumes, notes = daily_volumes(order)
    needs = [need for cap in order.caps for need in cap.needs]
    days: list[Day] = []
    for number, volume in enumerate(volumes, 1):
        plan = _plan(order, later=order.later_from_day is not None and number >= order.later_from_day)
        if isinstance(plan, NotPlanned):
            return plan
        days.append(_day(order, plan, number, volume))
        notes += (*plan.notes, *_remarks(days[-1], order.caps))
        needs += plan.chosen.needs
    return Timetable(tuple(days), order.caps, tuple(dict.fromkeys(notes)), tuple(dict.fromkeys(needs)))


def _faults(order: InfusionOrder) -> Iterator[str]:
    if order.weight_kg <= 0:
        yield f"No rates for a weight of {shown(order.weight_kg)} kg."
    if not order.doses_g or min(order.doses_g) <= 0:
        yield "No rates without a dose above 0 g for each day."
    limits = [order.local.volume_ml_per_day, *(cap.limit.ml_per_h for cap in order.caps if cap.limit)]
    if any(limit is not None and limit <= 0 for limit in limits):
        yield "No rates under a limit that allows none."
    if any(cap.limit and cap.limit.basis != order.basis for cap in order.caps):
        yield "The caps were worked out for another weight or concentration."


def daily_volumes(order: InfusionOrder) -> tuple[tuple[Fraction, ...], tuple[str, ...]]:
    """The mL of each day; equal ones on more days where a day would hold more than is allowed, and a note of it."""
    volumes = tuple(volume_ml(dose, order.product.g_per_100_ml) for dose in order.doses_g)
    limit, whole = order.local.volume_ml_per_day, sum(volumes, Fraction(0))
    if limit is None or max(volumes) <= limit:
        return volumes, ()
    count = max(len(volumes), math.ceil(whole / Fraction(limit)))
    note = f"At most {shown(limit)} mL a day ({order.local.origin}): equal volumes on {count} days; check the vials."
    return (whole / count,) * count, (note,)


@dataclass(frozen=True)
class _Plan:
    """The ladder of a day, as printed and under the caps; the start and the maximum where no steps are printed."""

    chosen: Chosen
    printed: bool
    base: Ladder
    under: Ladder
    notes: tuple[str, ...]


def _plan(order: InfusionOrder, *, later: bool) -> _Plan | NotPlanned:
    chosen = schedule_for(order.product, order.indication, order.basis, order.conditions, later=later)
    if isinstance(chosen, NotPlanned):
        return chosen
    ladder, notes = _ladder(order, chosen.schedule)
    if any(cap.limit is None for cap in order.caps):
        # The slowest practicable rate, and no number: steps would be faster than the label means.
        ladder = None
    base = ladder or tuple(Rung(one, None) for one in ends_of(chosen.schedule, order.basis))
    under = capped(base, order.caps)
    if isinstance(under, AppliedCap):
        return NotPlanned((f"{under.text} The rate has to be {under.words}, and no rate so low is printed.",))
    return _Plan(chosen, ladder is not None, base, under, (*chosen.notes, *notes))


def _ladder(order: InfusionOrder, schedule: RateSchedule) -> tuple[Ladder | None, tuple[str, ...]]:
    """The steps of the label, else of the programme, and what to know of them."""
    ladder, protocol = label_ladder(schedule, order.basis), order.protocol
    if ladder is not None:
        return ladder, ()
    if protocol is None or not (order.protocol_chosen or order.product.id in protocol.products):
        return None, (f"{_NO_STEPS}, and no programme's steps are given for {order.product.brand}.",)
    note = f"{_NO_STEPS}. {_of_protocol(order, schedule, protocol)}"
    return protocol_ladder(schedule, protocol, order.basis), (note,)


def _of_protocol(order: InfusionOrder, schedule: RateSchedule, protocol: RateProtocol) -> str:
    weight = band_weight(protocol, order.weight_kg)
    if weight is None:
        return f"{protocol.title} has no rates for {shown(order.weight_kg)} kg."
    if not (protocol.step_minutes or schedule.step_minutes):
        return f"{protocol.title} gives steps, but not how long each is kept."
    length = "" if protocol.step_minutes else ", each kept as long as the label says"
    return f"The steps are those of {protocol.title} for {shown(weight)} kg, within the label's limits{length}."


def _day(order: InfusionOrder, plan: _Plan, number: int, volume: Fraction) -> Day:
    first, last = (Rate(plan.under[place].ml_per_h, order.basis) for place in (0, -1))
    limits = RateLimits(first, last, volume * MINUTES_PER_HOUR / first.ml_per_h)
    # With every faster rate ruled out the whole infusion is known, even where nobody prints steps.
    known = plan.printed or first == last
    taken = list(walked(plan.under, volume)) if known else []
    reached = plan.base[: len(taken)] if plan.printed else plan.base
    binding = tuple(cap for cap in order.caps if cap.binds(reached, plan.under, plan.base))
    return Day(number, volume, plan.chosen.schedule, limits, tuple(_steps(order, taken, number)), binding)


def _steps(order: InfusionOrder, taken: Iterable[tuple[Fraction, Fraction]], number: int) -> Iterator[Step]:
    """Stretches of one rate, one after another; those of equal rate as one."""
    minute, volume = Fraction(0), Fraction(0)
    for place, (ml_per_h, minutes) in enumerate(joined(taken), 1):
        end = minute + minutes
        volume += ml_per_h * minutes / MINUTES_PER_HOUR
        times = (_clock(order.start, number, minute), _clock(order.start, number, end))
        yield Step(place, Rate(ml_per_h, order.basis), minute, end, volume, *times)
        minute = end


def _clock(start: datetime | None, day: int, minute: Fraction) -> datetime | None:
    microseconds = math.floor(minute * _MICROSECONDS_PER_MINUTE)
    return start + timedelta(days=day - 1, microseconds=microseconds) if start else None


def _remarks(day: Day, caps: tuple[AppliedCap, ...]) -> Iterator[str]:
    if day.minutes is not None and day.minutes > 24 * MINUTES_PER_HOUR:
        yield f"Day {day.number} takes longer than a day."
    for cap in caps:
        if cap.limit is None:
            yield f"{cap.text} No number is given, so there is no timetable: between the limits a clinician decides."
        if cap.below:
            yield f"{cap.text} The rate has to be {cap.words}: the highest rate printed below it is kept."
        if cap.status == "remembered":
            yield f"Caution, not verified: {cap.text}"
