"""The most that a label or programme allows of a dose, applied in favour of the lower figure, and said."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from math import ceil

from ivigil.dosing.errors import above_zero
from ivigil.knowledge.product_records import DoseLimit, Product
from ivigil.units import shown
from ivigil.units.amounts import as_decimal


@dataclass(frozen=True)
class Ceiling:
    """The lowest of several limits in grams, and the limit it comes from."""

    grams: Fraction
    limit: DoseLimit

    @property
    def words(self) -> str:
        """The limit as its record says it; one that was only remembered says so."""
        text = self.limit.text.rstrip(".")
        return text if self.limit.status == "verified" else f"{text} (remembered, not verified)"


@dataclass(frozen=True)
class Draft:
    """A course in grams before rounding: its total, its days and the share of each; ``None`` is not known."""

    total: Fraction | None
    daily: Fraction | None
    days: int | None
    said: tuple[str, ...] = ()


def limits_of(product: Product, indication: str | None) -> tuple[DoseLimit, ...]:
    """The limits of ``product`` that hold for ``indication``; all of them while it is not known, ``None``."""
    if indication is None:
        return product.dose_limits
    return tuple(one for one in product.dose_limits if not one.indications or indication in one.indications)


def per_day(limits: Iterable[DoseLimit], weight_kg: Decimal) -> Ceiling | None:
    """The most for one day, at a weight in kg; ``None`` where no limit names a day."""
    return _lowest([(one.g_per_kg_per_day, one) for one in limits], weight_kg)


def per_course(limits: Iterable[DoseLimit], weight_kg: Decimal) -> Ceiling | None:
    """The most for one course, at a weight in kg; ``None`` where no limit names a course."""
    return _lowest([(one.g_per_kg_per_course, one) for one in limits], weight_kg)


def _lowest(figures: list[tuple[Decimal | None, DoseLimit]], weight_kg: Decimal) -> Ceiling | None:
    weight = Fraction(above_zero(weight_kg, "a weight in kg"))
    ceilings = [
        Ceiling(Fraction(above_zero(figure, "a dose limit in g/kg")) * weight, limit)
        for figure, limit in figures
        if figure is not None
    ]
    return min(ceilings, key=lambda one: one.grams, default=None)


def within_course(draft: Draft, ceiling: Ceiling | None) -> Draft:
    """The draft with a total not above ``ceiling``."""
    if ceiling is None or draft.total is None or draft.total <= ceiling.grams:
        return draft
    said = f"Lowered from {_g(draft.total)} to {_g(ceiling.grams)} g in all: {ceiling.words}."
    daily = ceiling.grams / draft.days if draft.days else draft.daily
    return replace(draft, total=ceiling.grams, daily=daily, said=(*draft.said, said))


def within_day(draft: Draft, ceiling: Ceiling | None, most_days: int | None) -> Draft:
    """The draft with days not above ``ceiling``: spread over more days where ``most_days`` allows, else lowered."""
    if ceiling is None:
        return draft
    if draft.total is not None and draft.days is None:
        return _told_of_days(draft, draft.total, ceiling)
    if draft.daily is None or draft.daily <= ceiling.grams:
        return draft
    if draft.total is None or draft.days is None:
        said = f"Lowered from {_g(draft.daily)} to {_g(ceiling.grams)} g a day: {ceiling.words}."
        return replace(draft, daily=ceiling.grams, said=(*draft.said, said))
    return _spread(draft, draft.total, ceiling, most_days)


def _told_of_days(draft: Draft, total: Fraction, ceiling: Ceiling) -> Draft:
    """A total whose days nobody named: how many it takes at least."""
    days = ceil(total / ceiling.grams)
    said = (f"To be given on at least {days} days: {ceiling.words}.",) if days > 1 else ()
    return replace(draft, said=(*draft.said, *said))


def _spread(draft: Draft, total: Fraction, ceiling: Ceiling, most_days: int | None) -> Draft:
    needed = ceil(total / ceiling.grams)
    if most_days is None or needed <= most_days:
        said = f"Given on {needed} days instead of {draft.days}: {ceiling.words}."
        return Draft(total, total / needed, needed, (*draft.said, said))
    lowered = ceiling.grams * most_days
    said = f"Lowered from {_g(total)} to {_g(lowered)} g on {most_days} days: {ceiling.words}."
    return Draft(lowered, ceiling.grams, most_days, (*draft.said, said))


def _g(amount: Fraction) -> str:
    return shown(as_decimal(amount))
