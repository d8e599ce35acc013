"""The dose asked for against the recommended regimens; the daily dose and the total are told apart."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from ivigil.facts import Extent, Settled
from ivigil.facts.settle import number
from ivigil.knowledge import Appraisal, Library, Regimen, Span
from ivigil.knowledge.records import Rounding
from ivigil.review.decision import Dimension, DoseCheck, DoseLine, DoseResult, RegimenCheck
from ivigil.units import shown

_ASKED: dict[Dimension, tuple[str, str]] = {
    "daily": ("request_daily_dose_per_kg", "request_daily_dose"),
    "total": ("request_total_dose_per_kg", "request_total_dose"),
}
_UNITS: dict[Dimension, tuple[str, str]] = {"daily": ("g/kg/d", "g/d"), "total": ("g/kg", "g")}

Known = Mapping[str, Settled]


def check_dose(appraisal: Appraisal, known: Known, library: Library) -> DoseCheck:
    """How the dose asked for compares with each recommended regimen of ``appraisal``."""
    rounding = library.rounding
    recommended = [one for one in appraisal.regimens if one.role == "recommended"]
    checks = tuple(_check(regimen, known, rounding) for regimen in recommended)
    stated = [check for check in checks if check.result != "not-stated"]
    warnings = _inconsistent(known, rounding)
    if not stated:
        return DoseCheck("not-stated", checks, (), warnings)
    result = _first(("within", "unknown", "outside"), {check.result for check in stated})
    needs = _needs(stated, known) if result == "unknown" else ()
    return DoseCheck(result, checks, tuple(library.askable[fact] for fact in needs), warnings)


def _check(regimen: Regimen, known: Known, rounding: Rounding) -> RegimenCheck:
    lines = (
        _line("daily", regimen.daily_g_per_kg, known, rounding.step_g / 2),
        _line("total", regimen.total_g_per_kg, known, rounding.step_g / 2 * _infusions(regimen, known)),
    )
    return RegimenCheck(regimen, _first(("outside", "unknown", "within"), {line.result for line in lines}), lines)


def _first(order: tuple[DoseResult, ...], results: set[DoseResult]) -> DoseResult:
    """The first of ``order`` that is among ``results``; else nothing is stated."""
    return next((one for one in order if one in results), "not-stated")


def _infusions(regimen: Regimen, known: Known) -> Decimal:
    """How many infusions the total is divided into, each of them rounded."""
    asked = number(_extent(known, "request_infusion_days"))
    return asked or (regimen.days.low if regimen.days else Decimal(1))


def _extent(known: Known, fact: str) -> Extent | None:
    return known[fact].extent if fact in known else None


def _line(kind: Dimension, wanted: Span | None, known: Known, slack: Decimal) -> DoseLine:
    """One dimension: per kg where it is asked per kg, else in grams through the body weight."""
    if wanted is None:
        return DoseLine(kind, "not-stated")
    per_kg, grams = (number(_extent(known, fact)) for fact in _ASKED[kind])
    weight = number(_extent(known, "weight"))
    if per_kg is not None:
        spare = slack / weight if weight else Decimal(0)
        return _compared(kind, per_kg, (wanted.low, wanted.high), spare, _UNITS[kind][0])
    if grams is None or weight is None:
        return DoseLine(kind, "unknown", grams, wanted.low, wanted.high, _UNITS[kind][0])
    return _compared(kind, grams, (wanted.low * weight, wanted.high * weight), slack, _UNITS[kind][1])


def _compared(kind: Dimension, asked: Decimal, limits: tuple[Decimal, Decimal], slack: Decimal, unit: str) -> DoseLine:
    low, high = limits
    inside = low <= asked <= high or low - slack < asked < high + slack
    return DoseLine(kind, "within" if inside else "outside", asked, low, high, unit)


def _needs(checks: list[RegimenCheck], known: Known) -> tuple[str, ...]:
    """The facts that would let the dose be compared."""
    needs: dict[str, None] = {}
    for line in (line for check in checks for line in check.lines if line.result == "unknown"):
        facts = _ASKED[line.name]
        if all(number(_extent(known, fact)) is None for fact in facts):
            needs[facts[1]] = None
        if number(_extent(known, "weight")) is None and number(_extent(known, facts[0])) is None:
            needs["weight"] = None
    return tuple(needs)


def _inconsistent(known: Known, rounding: Rounding) -> tuple[str, ...]:
    """An order whose days and daily dose do not make up its total."""
    daily, days, total = (
        number(_extent(known, fact)) for fact in ("request_daily_dose", "request_infusion_days", "request_total_dose")
    )
    if daily is None or days is None or total is None or abs(daily * days - total) < rounding.step_g / 2 * days:
        return ()
    return (f"The order does not add up: {shown(daily)} g a day on {shown(days)} days is not {shown(total)} g.",)
