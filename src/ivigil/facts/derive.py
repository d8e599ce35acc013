"""Facts that follow from others: an age from a birth date, a total from a daily dose.

A derived value stands beside what is recorded, with equal standing: where the two disagree the fact is unknown.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

from ivigil.facts.case import Statement
from ivigil.facts.catalogue import Catalogue
from ivigil.facts.definition import Derived, Fact
from ivigil.facts.extent import Between, Exactly, Extent, days, narrowed, span
from ivigil.facts.settle import Settled, settle_fact
from ivigil.facts.when import on, whole_years
from ivigil.units import convert, parse_unit, shown
from ivigil.units.amounts import as_decimal

Spans = list[Between]


def derive(settled: Mapping[str, Settled], catalogue: Catalogue, today: date) -> dict[str, Settled]:
    """``settled`` with every derivable fact of the catalogue added or compared with what is recorded."""
    found = dict(settled)
    for fact in catalogue.derived:
        for derivation in fact.derived:
            statement = _statement(fact, derivation, found, catalogue, today)
            if statement is not None:
                found[fact.id] = _with(fact, statement, found.get(fact.id), today)
                break
    return found


def _with(fact: Fact, statement: Statement, recorded: Settled | None, today: date) -> Settled:
    """What is recorded, settled again with the derived value beside it."""
    if recorded is None:
        return settle_fact(fact, [statement], today)
    again = settle_fact(fact, [*(replace(one, when=on(today)) for one in recorded.used), statement], today)
    used = (*recorded.used, statement)
    return Settled(fact.id, again.extent, used, (*recorded.set_aside, *again.set_aside), again.why_unknown)


def _statement(
    fact: Fact, derivation: Derived, settled: Mapping[str, Settled], catalogue: Catalogue, today: date
) -> Statement | None:
    if derivation.only_if_missing and fact.id in settled and settled[fact.id].extent is not None:
        return None
    inputs = [settled[name] for name in derivation.of if name in settled]
    if len(inputs) != len(derivation.of) or any(one.extent is None for one in inputs):
        return None
    extent = _extent(fact, derivation, inputs, catalogue, today)
    if extent is None:
        return None
    origins = ", ".join(sorted({statement.origin for one in inputs for statement in one.used}))
    return Statement(
        fact.id, extent, f"{written(extent)} {fact.unit or ''}".strip(), f"derived from {origins}", on(today)
    )


def written(extent: Extent) -> str:
    """An extent in short words: ``12``, ``34 to 35``, ``below 10``."""
    limits = span(extent)
    if limits is None:
        return str(extent.value) if isinstance(extent, Exactly) else " or ".join(sorted(getattr(extent, "values", ())))
    if limits.low is not None and limits.low == limits.high:
        return shown(limits.low)
    if limits.low is None or limits.high is None:
        return f"below {shown(limits.high)}" if limits.high is not None else f"above {shown(limits.low or Decimal(0))}"
    return f"{shown(limits.low)} to {shown(limits.high)}"


def _extent(fact: Fact, derivation: Derived, inputs: list[Settled], catalogue: Catalogue, today: date) -> Extent | None:
    how = derivation.how
    if how in {"years-since", "days-since"}:
        return _elapsed(inputs[0], today, years=how == "years-since")
    spans = _spans(inputs)
    if spans is None:
        return None
    combine: dict[str, Callable[[Spans], Between]] = {
        "quotient": lambda given: _monotone(given, lambda values: values[0] / values[1], rising=(True, False)),
        "product": lambda given: _monotone(given, lambda values: values[0] * values[1], rising=(True, True)),
        "body-mass-index": lambda given: _monotone(
            given, lambda values: values[0] / values[1] ** 2, rising=(True, False)
        ),
    }
    units = [catalogue[one.fact].unit or "1" for one in inputs]
    return narrowed(_in_unit(combine[how](spans), _result_unit(how, units), fact.unit or "1"))


def _result_unit(how: str, units: list[str]) -> str:
    left, right = units
    return {"quotient": f"{left}/({right})", "product": f"{left}.{right}"}.get(how, f"{left}/({right}2)")


def _in_unit(given: Between, unit: str, wanted: str) -> Between:
    parse_unit(unit)
    low = None if given.low is None else convert(given.low, unit, wanted)
    high = None if given.high is None else convert(given.high, unit, wanted)
    return Between(low, high, given.low_open, given.high_open)


def _spans(inputs: list[Settled]) -> Spans | None:
    spans = [span(one.extent) for one in inputs if one.extent is not None]
    usable = [one for one in spans if one is not None and one.low is not None and one.high is not None and one.low > 0]
    return usable if len(usable) == len(inputs) else None


def _monotone(spans: Spans, function: Callable[[list[Fraction]], Fraction], rising: tuple[bool, bool]) -> Between:
    """The span of a function that rises or falls in each of its two arguments."""
    lows = [one.low if up else one.high for one, up in zip(spans, rising, strict=True)]
    highs = [one.high if up else one.low for one, up in zip(spans, rising, strict=True)]
    low = function([Fraction(value or 0) for value in lows])
    high = function([Fraction(value or 0) for value in highs])
    return Between(as_decimal(low), as_decimal(high))


def _elapsed(settled: Settled, today: date, *, years: bool) -> Extent | None:
    given = days(settled.extent)
    if given is None or given.first > today:
        return None
    last = min(given.last, today)
    most = whole_years(given.first, today) if years else (today - given.first).days
    least = whole_years(last, today) if years else (today - last).days
    return narrowed(Between(Decimal(least), Decimal(most)))
