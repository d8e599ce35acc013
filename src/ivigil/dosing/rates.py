"""Rates of infusion: exact in every unit that labels use; the schedule of a label that holds; its ladder of rates.

``mL/kg/h = mg/kg/min × 60 / (mg/mL)``, and ``mL/h = mL/kg/h × weight``, in fractions: what a label prints in two units
is compared as it stands, and only what is shown to a reader is rounded, always down.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from itertools import groupby

from ivigil.criteria import Extents, Tree, Truth, evaluate, relevant_unknowns
from ivigil.facts import Catalogue
from ivigil.knowledge.dosing_records import RateProtocol
from ivigil.knowledge.product_records import Product, RateSchedule, RateUnit

MINUTES_PER_HOUR = 60
MAY_HOLD = frozenset({Truth.MET, Truth.UNKNOWN})  # a restriction applies while nobody knows whether it should
_MG_PER_ML_IN_A_PERCENT = 10  # 1 g in 100 mL is 10 mg in 1 mL


@dataclass(frozen=True)
class NotPlanned:
    """Why there is no plan, and the facts that could change that."""

    words: tuple[str, ...]
    needs: tuple[str, ...] = ()


@dataclass(frozen=True)
class Answer:
    """A truth, and while it is unknown the facts that could settle it."""

    truth: Truth
    needs: tuple[str, ...] = ()


@dataclass(frozen=True)
class Conditions:
    """The rules of the knowledge, and what is known of the case."""

    trees: Mapping[str, Tree]
    catalogue: Catalogue
    extents: Extents = field(default_factory=dict)

    def answer(self, rule: str | None) -> Answer:
        """Whether ``rule`` holds; no rule always does."""
        if rule is None:
            return Answer(Truth.MET)
        truth = evaluate(self.trees[rule], self.extents).truth
        return Answer(truth, relevant_unknowns(self.trees[rule], self.catalogue, self.extents))


@dataclass(frozen=True)
class RateBasis:
    """What a rate is converted by: the concentration of the product, and the weight that rates go by."""

    g_per_100_ml: Decimal
    weight_kg: Decimal

    def ml_per_h(self, unit: RateUnit) -> Fraction:
        """How many mL/h one of ``unit`` is."""
        per_kg_per_min = Fraction(self.weight_kg) * MINUTES_PER_HOUR
        each: dict[RateUnit, Fraction] = {
            "mL/h": Fraction(1),
            "mL/kg/h": Fraction(self.weight_kg),
            "mL/kg/min": per_kg_per_min,
            "mg/kg/min": per_kg_per_min / (Fraction(self.g_per_100_ml) * _MG_PER_ML_IN_A_PERCENT),
        }
        return each[unit]


def to_ml_per_h(value: Decimal | Fraction, unit: RateUnit, basis: RateBasis) -> Fraction:
    """``value`` in ``unit`` as mL/h."""
    return Fraction(value) * basis.ml_per_h(unit)


def convert_rate(value: Decimal | Fraction, given: RateUnit, wanted: RateUnit, basis: RateBasis) -> Fraction:
    """``value`` in unit ``given`` as a value in unit ``wanted``, exact both ways."""
    return Fraction(value) * basis.ml_per_h(given) / basis.ml_per_h(wanted)


def volume_ml(dose_g: Decimal | Fraction, g_per_100_ml: Decimal) -> Fraction:
    """The volume that holds a dose."""
    return Fraction(dose_g) * 100 / Fraction(g_per_100_ml)


def shown_down(value: Fraction, decimals: int = 1) -> Decimal:
    """``value`` for a reader, rounded down so that no limit is passed; a small one keeps its first digit."""
    while value > 0 and math.floor(value * 10**decimals) == 0:
        decimals += 1
    return Decimal(math.floor(value * 10**decimals)).scaleb(-decimals)


@dataclass(frozen=True)
class Rate:
    """A rate, exact in every unit, and as a pump shows it."""

    ml_per_h: Fraction
    basis: RateBasis

    def in_unit(self, unit: RateUnit) -> Fraction:
        """The rate in ``unit``."""
        return self.ml_per_h / self.basis.ml_per_h(unit)

    @property
    def shown_ml_per_h(self) -> Decimal:
        """The rate in mL/h to one decimal, rounded down: what is shown never exceeds a cap."""
        return shown_down(self.ml_per_h)


@dataclass(frozen=True)
class Chosen:
    """The schedule that holds, what to know of the choice, and the facts that could change it."""

    schedule: RateSchedule
    notes: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()


def schedule_for(
    product: Product, indication: str | None, basis: RateBasis, conditions: Conditions, *, later: bool = False
) -> Chosen | NotPlanned:
    """The label's schedule for an indication; only one that was read counts.

    ``later`` asks for the one for patients who tolerated the product. Where the label has none for the use, or the
    indication is not known, its slowest is taken, and so is a slower one that may hold.
    """
    answers = {one: conditions.answer(one.when) for one in product.rates if one.status == "verified"}
    fitting = _fitting([one for one in answers if answers[one].truth is Truth.MET], indication, later=later)
    doubtful = [one for one in answers if answers[one].truth is Truth.UNKNOWN and (later or not one.later)]
    needs = tuple(dict.fromkeys(need for one in doubtful for need in answers[one].needs))
    if not fitting:
        return NotPlanned((_why_none(product),), needs)
    possible = [one for one in doubtful if not (one.indications and indication) or indication in one.indications]
    slowest = min([*fitting, *possible], key=lambda one: ends_of(one, basis)[::-1])
    return Chosen(slowest, tuple(_of_choice(slowest, indication, doubted=slowest in possible)), needs)


def _fitting(certain: list[RateSchedule], indication: str | None, *, later: bool) -> list[RateSchedule]:
    """Of the schedules that hold those for the use, the label's own for it first; else all for untried patients."""
    open_use = indication is None and any(one.indications for one in certain)
    named = [one for one in certain if not open_use and (not one.indications or indication in one.indications)]
    for wanted in (True, False) if later else (False,):
        found = [one for one in named if one.later is wanted]
        if found:
            return [one for one in found if one.indications] or found
    return [one for one in certain if not one.later]


def _of_choice(chosen: RateSchedule, indication: str | None, *, doubted: bool) -> Iterator[str]:
    if chosen.indications and indication not in chosen.indications:
        yield f"The label gives no rates for this use; its slowest schedule is taken: {chosen.text}"
    if doubted:
        yield f"It is not known whether {chosen.when}; the slower schedule is taken: {chosen.text}"


def ends_of(schedule: RateSchedule, basis: RateBasis) -> tuple[Fraction, Fraction]:
    """The start and the maximum of a schedule in mL/h."""
    return to_ml_per_h(schedule.start, schedule.unit, basis), to_ml_per_h(schedule.maximum, schedule.unit, basis)


def _why_none(product: Product) -> str:
    if not product.rates:
        return f"No rates of {product.brand} are known; see its label."
    if all(one.status == "remembered" for one in product.rates):
        return f"The rates of {product.brand} are only remembered, not verified, and give no timetable; see its label."
    return f"It is not certain that any verified rates of {product.brand} hold for this patient; see its label."


@dataclass(frozen=True)
class Rung:
    """A rate in mL/h, and for how many minutes it is kept; ``None`` is until everything is in."""

    ml_per_h: Fraction
    minutes: Fraction | None


Ladder = tuple[Rung, ...]


def label_ladder(schedule: RateSchedule, basis: RateBasis) -> Ladder | None:
    """The ladder that a label prints; ``None`` where it prints only a start and a maximum."""
    printed = _printed(schedule)
    if not printed or (len(printed) > 1 and schedule.step_minutes is None):
        return None
    each = Fraction(schedule.step_minutes or 0)
    first = each if schedule.hold_minutes is None else Fraction(schedule.hold_minutes)
    return _climbing([to_ml_per_h(one, schedule.unit, basis) for one in printed], first, each)


def _printed(schedule: RateSchedule) -> tuple[Decimal, ...]:
    if schedule.steps or schedule.start == schedule.maximum:
        return schedule.steps or (schedule.start,)
    if schedule.increment is None or schedule.increment <= 0:
        return ()
    rises = math.ceil((schedule.maximum - schedule.start) / schedule.increment)
    return tuple(min(schedule.start + schedule.increment * rise, schedule.maximum) for rise in range(rises + 1))


def protocol_ladder(schedule: RateSchedule, protocol: RateProtocol, basis: RateBasis) -> Ladder | None:
    """A programme's ladder within the label's start and maximum; ``None`` where nobody gives the length of a step.

    No rate above the label's start comes before the label's hold is over; none is above the label's maximum.
    """
    weight, each = band_weight(protocol, basis.weight_kg), protocol.step_minutes or schedule.step_minutes
    if weight is None or each is None:
        return None
    start, top = ends_of(schedule, basis)
    banded = RateBasis(basis.g_per_100_ml, weight)
    rates = [min(to_ml_per_h(one, protocol.unit, banded), top) for one in protocol.steps]
    rates = rates if rates[0] <= start else [start, *rates]
    return _climbing(rates, max(Fraction(each), Fraction(schedule.hold_minutes or 0)), Fraction(each))


def band_weight(protocol: RateProtocol, weight_kg: Decimal) -> Decimal | None:
    """The weight under which a programme's table is read: the lower one between bands; ``None`` outside the table."""
    low, high, band = protocol.weight_from_kg, protocol.weight_to_kg, protocol.weight_band_kg
    if (low is not None and weight_kg < low) or (high is not None and weight_kg > high):
        return None
    return weight_kg if band is None else weight_kg - (weight_kg - (low or 0)) % band


def _climbing(rates: list[Fraction], first: Fraction, each: Fraction) -> Ladder:
    """Rates in order, the first kept for ``first`` minutes, the last until everything is in."""
    minutes = [first, *([each] * (len(rates) - 2))]
    timed = [Rung(rate, length) for rate, length in zip(rates[:-1], minutes, strict=False) if length]
    return (*timed, Rung(rates[-1], None))


def walked(ladder: Ladder, volume: Fraction) -> Iterator[tuple[Fraction, Fraction]]:
    """The rate and the minutes of each rung that ``volume`` takes; the last ends exactly when everything is in."""
    left = volume
    for rung in ladder:
        needed = left * MINUTES_PER_HOUR / rung.ml_per_h
        minutes = needed if rung.minutes is None else min(rung.minutes, needed)
        left -= rung.ml_per_h * minutes / MINUTES_PER_HOUR
        yield rung.ml_per_h, minutes
        if not left:
            return


def joined(taken: Iterable[tuple[Fraction, Fraction]]) -> Iterator[tuple[Fraction, Fraction]]:
    """Rates with their minutes, equal ones that follow each other as one."""
    for rate, group in groupby(taken, key=lambda one: one[0]):
        yield rate, sum((minutes for _, minutes in group), Fraction(0))
