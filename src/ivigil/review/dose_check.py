"""The dose asked for against the recommended regimens; the daily dose and the total are told apart."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from ivigil.facts import Settled
from ivigil.facts.settle import number
from ivigil.knowledge import Appraisal, Library, Regimen, Rounding, Span
from ivigil.review.decision import Dimension, DoseCheck, DoseLine, DoseResult, RegimenCheck
from ivigil.units import shown

_ASKED: dict[Dimension, tuple[str, str]] = {
    "daily": ("request_daily_dose_per_kg", "request_daily_dose"),
    "total": ("request_total_dose_per_kg", "request_total_dose"),
}
_UNITS: dict[Dimension, tuple[str, str]] = {"daily": ("g/kg/d", "g/d"), "total": ("g/kg", "g")}
_DAYS = "request_infusion_days"
_ROUTE = "request_route"
_AGE = "age"
_WEIGHT = "weight"
# Quotients are kept to 28 digits; measured amounts that differ do so far above this share of them.
_ROUNDED = Decimal("1e-20")


def check_dose(
    appraisal: Appraisal, known: Mapping[str, Settled], library: Library, rounding: Rounding | None = None
) -> DoseCheck:
    """How the dose asked for compares with each recommended regimen of ``appraisal``.

    ``rounding`` is the rule set's own; without it that of the library holds.
    """
    order = _Order(known, rounding or library.rounding)
    checks = tuple(_check(regimen, order) for regimen in appraisal.regimens if regimen.role == "recommended")
    stated = [check for check in checks if check.result != "not-stated"]
    warnings = tuple(order.contradictions())
    if not stated:
        return DoseCheck("not-stated", checks, (), warnings)
    result = _first(("within", "unknown", "outside"), {check.result for check in stated})
    needs = dict.fromkeys(fact for check in stated for fact in _needs(check, order)) if result == "unknown" else ()
    return DoseCheck(result, checks, tuple(library.askable[fact] for fact in needs), warnings)


def _check(regimen: Regimen, order: _Order) -> RegimenCheck:
    lines = (
        _line("daily", regimen.daily_g_per_kg, order, Decimal(1)),
        _line("total", regimen.total_g_per_kg, order, order.infusions(regimen)),
    )
    other = order.route if order.route != regimen.route else None
    result = _first(("outside", "unknown", "within"), {line.result for line in lines})
    return RegimenCheck(regimen, "outside" if other and result != "not-stated" else result, lines, other)


def _first(order: tuple[DoseResult, ...], results: set[DoseResult]) -> DoseResult:
    """The first of ``order`` that is among ``results``; else nothing is stated."""
    return next((one for one in order if one in results), "not-stated")


@dataclass(frozen=True)
class _Order:
    """What is known of the order: its doses and its route, the body weight, and the step to which doses are rounded."""

    known: Mapping[str, Settled]
    rounding: Rounding

    @cached_property
    def step_g(self) -> Decimal:
        """The step, or nothing for a patient known to be younger than those the rule is for."""
        youngest, age = self.rounding.from_years, self.number(_AGE)
        return Decimal(0) if youngest is not None and age is not None and age < youngest else self.rounding.step_g

    def number(self, fact: str) -> Decimal | None:
        return number(self.known[fact].extent) if fact in self.known else None

    @cached_property
    def weight_kg(self) -> Decimal | None:
        return self.number(_WEIGHT)

    @cached_property
    def route(self) -> str | None:
        value = self.known[_ROUTE].value if _ROUTE in self.known else None
        return value if isinstance(value, str) else None

    def infusions(self, regimen: Regimen) -> Decimal:
        """How many infusions a total is divided into, each of them rounded."""
        return self.number(_DAYS) or (regimen.days.low if regimen.days else Decimal(1))

    def is_near(self, asked_g: Decimal, low_g: Decimal, high_g: Decimal, infusions: Decimal) -> bool:
        """Whether grams lie within limits, or next to them because each infusion is rounded to whole vials.

        Less than a whole step an infusion is not rounded: half a step would be too great a part of it.
        """
        slack = self.step_g / 2 * infusions if low_g >= self.step_g * infusions else Decimal(0)
        within = _at_most(low_g, asked_g) and _at_most(asked_g, high_g)
        return within or low_g - slack < asked_g < high_g + slack

    def asked(self, kind: Dimension) -> tuple[Decimal | None, Decimal | None]:
        """The dose asked for per kg and in grams; grams by the weight are not asked for per kg."""
        per_kg, grams = _ASKED[kind]
        by_weight = per_kg in self.known and self.known[per_kg].rests_on(_WEIGHT)
        return None if by_weight else self.number(per_kg), self.number(grams)

    def disagrees(self, kind: Dimension) -> bool:
        """Whether the dose is given per kg and in grams, and the two differ by more than rounding."""
        per_kg, grams = self.asked(kind)
        if per_kg is None or grams is None or self.weight_kg is None:
            return False
        meant = per_kg * self.weight_kg
        infusions = (self.number(_DAYS) or Decimal(1)) if kind == "total" else Decimal(1)
        return not self.is_near(grams, meant, meant, infusions)

    def contradictions(self) -> Iterator[str]:
        """What in the order cannot all be meant."""
        daily, days, total = self.asked("daily")[1], self.number(_DAYS), self.asked("total")[1]
        if daily and days and total and not self.is_near(total, daily * days, daily * days, days):
            meant = f"{shown(daily)} g a day on {shown(days)} days is not {shown(total)} g"
            yield f"The order does not add up: {meant}."
        for kind in _ASKED:
            per_kg, grams = self.asked(kind)
            if per_kg and grams and self.weight_kg and self.disagrees(kind):
                asked = f"{shown(per_kg)} {_UNITS[kind][0]} at {shown(self.weight_kg)} kg"
                yield f"The order does not add up: {asked} is not {shown(grams)} {_UNITS[kind][1]}."


def _at_most(one: Decimal, other: Decimal) -> bool:
    """Whether ``one <= other``, or above it only by what a quotient such as a third of a dose was rounded by."""
    return one <= other * (1 + _ROUNDED)


def _line(kind: Dimension, wanted: Span | None, order: _Order, infusions: Decimal) -> DoseLine:
    """One dimension, in grams through the body weight, else per kg; shown as it is asked."""
    if wanted is None:
        return DoseLine(kind, "not-stated")
    (per_kg, grams), weight = order.asked(kind), order.weight_kg
    asked, factor, unit = (grams, weight, _UNITS[kind][1]) if per_kg is None else (per_kg, Decimal(1), _UNITS[kind][0])
    if asked is None or factor is None or order.disagrees(kind):
        return DoseLine(kind, "unknown", None, wanted.low, wanted.high, _UNITS[kind][0])
    low, high = wanted.low * factor, wanted.high * factor
    to_grams = weight / factor if weight else None
    inside = low <= asked <= high or (
        to_grams is not None and order.is_near(asked * to_grams, low * to_grams, high * to_grams, infusions)
    )
    return DoseLine(kind, "within" if inside else "outside", asked, low, high, unit)


def _needs(check: RegimenCheck, order: _Order) -> Iterator[str]:
    """The facts that would let the dose be compared."""
    for line in check.lines:
        if line.result == "unknown":
            per_kg, grams = order.asked(line.name)
            if (per_kg is None and grams is None) or order.disagrees(line.name):
                yield _ASKED[line.name][1]
            if per_kg is None and order.weight_kg is None:
                yield _WEIGHT
