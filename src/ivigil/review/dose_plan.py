"""The dose of a request: every weight rule side by side, every recommended regimen in grams, and what is asked for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from ivigil.dosing import Compared, Planned, Savings, Validity, Weighed, compare, plan, savings, validity, weigh
from ivigil.facts import Settled
from ivigil.facts.settle import number
from ivigil.knowledge import Library, Passage, Regimen, Span
from ivigil.knowledge.product_records import DoseLimit

TOTAL, TOTAL_PER_KG = "request_total_dose", "request_total_dose_per_kg"
DAILY, DAILY_PER_KG = "request_daily_dose", "request_daily_dose_per_kg"
DAYS, WEIGHT, AGE = "request_infusion_days", "weight", "age"
AS_ASKED = "as-asked"
Known = Mapping[str, Settled]
_THE_ORDER = Passage("the request", "the order")
_AS_ASKED = Regimen(AS_ASKED, "As asked for", "studied", "intravenous", _THE_ORDER)


@dataclass(frozen=True)
class WeightLine:
    """What one programme's rule makes of the patient, and whether it holds today."""

    weighed: Weighed
    validity: Validity


@dataclass(frozen=True)
class DosePlan:
    """Every weight rule, every regimen under each rule that holds, and how the requested grams compare with them.

    ``house`` is the rule that the place doses by, where its formulary names one. ``saved`` is what each course takes
    less than what is asked for.
    """

    weights: tuple[WeightLine, ...]
    planned: tuple[Planned, ...]
    requested_g: Decimal | None = None
    compared: Compared | None = None
    saved: tuple[tuple[Planned, Savings], ...] = ()
    house: str | None = None


def plan_dose(
    known: Known, regimens: Sequence[Regimen], library: Library, today: date, limits: Sequence[DoseLimit] = ()
) -> DosePlan:
    """The dose of ``regimens``, and of the dose per kg that is asked for, under every weight rule."""
    lines = tuple(
        WeightLine(weigh(rule, known, library), validity(rule, today))
        for _, rule in sorted(library.weight_rules.items())
    )
    current = [line.weighed for line in lines if line.validity.state == "current"]
    wanted = [*regimens, *asked_regimen(known, regimens)]
    planned = tuple(_planned(one, weighed, known, limits) for one in wanted for weighed in current)
    requested = known_amount(known, TOTAL)
    house = library.formulary.weight_rule if library.formulary else None
    explaining = [one for one in planned if one.weighed.rule.kind == "programme" or one.weighed.rule.id == house]
    recommended = [one for one in explaining if one.regimen.id != AS_ASKED]
    slack = _slack(known, regimens, library)
    compared = compare(requested, recommended, slack_g=slack) if requested and recommended else None
    price = library.formulary.price_per_g if library.formulary else None
    saved = tuple(_saved(requested, planned, price)) if requested else ()
    return DosePlan(lines, planned, requested, compared, saved, house)


def _slack(known: Known, regimens: Sequence[Regimen], library: Library) -> Decimal:
    """How far a total may lie from a regimen's because each infusion of an adult is rounded to whole vials."""
    youngest, age = library.rounding.from_years, known_amount(known, AGE)
    if youngest is not None and age is not None and age < youngest:
        return Decimal(0)
    stated = (regimen.days.low for regimen in regimens if regimen.days)
    own = library.weight_rules.get(library.formulary.weight_rule or "") if library.formulary else None
    step = own.rounding.step_g if own and own.rounding else library.rounding.step_g
    return step / 2 * (known_amount(known, DAYS) or min(stated, default=Decimal(1)))


def _planned(regimen: Regimen, weighed: Weighed, known: Known, limits: Sequence[DoseLimit]) -> Planned:
    days = known_amount(known, DAYS)
    age = known[AGE].extent if AGE in known else None
    whole = int(days) if days is not None and days == days.to_integral_value() else None
    return plan(regimen, weighed, age=age, limits=limits, days=whole)


def asked_regimen(known: Known, regimens: Sequence[Regimen] = ()) -> Iterator[Regimen]:
    """The dose per kg that is asked for, as a regimen, unless one of ``regimens`` is that dose.

    A dose that is asked for in grams is not one: by another weight it would be other grams.
    """
    total, days = known_apart(known, TOTAL_PER_KG, WEIGHT), known_amount(known, DAYS)
    daily = known_apart(known, DAILY_PER_KG, WEIGHT, TOTAL_PER_KG)
    if total is None and daily is None:
        return
    asked = replace(_AS_ASKED, total_g_per_kg=_span(total), daily_g_per_kg=_span(daily), days=_span(days))
    if not any(_is(regimen, asked) for regimen in regimens):
        yield asked


def _is(regimen: Regimen, asked: Regimen) -> bool:
    """Whether ``regimen`` gives just what is asked for, as far as both say."""
    pairs = (
        (regimen.total_g_per_kg, asked.total_g_per_kg),
        (regimen.daily_g_per_kg, asked.daily_g_per_kg),
        (regimen.days, asked.days),
    )
    both = [(own, other) for own, other in pairs if own is not None and other is not None]
    return bool(both) and all(own == other for own, other in both)


def _span(value: Decimal | None) -> Span | None:
    return None if value is None else Span(value, value)


def _saved(requested: Decimal, planned: Sequence[Planned], price: Decimal | None) -> Iterator[tuple[Planned, Savings]]:
    for one in planned:
        totals = {course.total_g for course in one.courses if course.total_g is not None}
        if len(totals) == 1 and one.regimen.id != AS_ASKED:
            yield one, savings(requested, next(iter(totals)), price)


def known_amount(known: Known, fact: str) -> Decimal | None:
    """The one amount above 0 that a fact is known to have, in the unit of the fact."""
    value = number(known[fact].extent) if fact in known else None
    return value if value is not None and value > 0 else None


def known_apart(known: Known, fact: str, *others: str) -> Decimal | None:
    """The amount that a fact is known to have, unless it follows from one of ``others``."""
    return None if fact in known and known[fact].rests_on(*others) else known_amount(known, fact)
