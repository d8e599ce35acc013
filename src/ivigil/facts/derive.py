"""Facts that follow from others: an age from a birth date, a total from a daily dose and a daily dose from a total.

A derived value stands beside what is recorded, with equal standing: where the two disagree the fact is unknown. Where a
fact counts ``only_if_missing`` the record's own value stands alone; such facts may follow from each other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import TypeVar

from ivigil.facts.case import Statement
from ivigil.facts.catalogue import Catalogue
from ivigil.facts.definition import Derivation, Derived, Fact
from ivigil.facts.extent import Between, Exactly, Extent, days, narrowed, span
from ivigil.facts.settle import Settled, number, settle_fact
from ivigil.facts.when import on, whole_years
from ivigil.units import shown
from ivigil.units.amounts import as_decimal, factor_between

# The least and the most that a number can be: one and the same object where it is exactly known.
_Ends = tuple[Fraction, Fraction]
_Given = TypeVar("_Given")
_Worked = TypeVar("_Worked")


def derive(settled: Mapping[str, Settled], catalogue: Catalogue, today: date) -> dict[str, Settled]:
    """``settled`` with every derivable fact of the catalogue added or compared with what is recorded."""
    deriving = _Deriving(settled, catalogue, today)
    for facts in catalogue.derived:
        deriving.add(facts)
    return deriving.found


class _Deriving:
    """What is known so far. ``exact`` holds derived numbers before they are rounded: a third is carried on whole."""

    def __init__(self, settled: Mapping[str, Settled], catalogue: Catalogue, today: date) -> None:
        self.found = dict(settled)
        self.exact: dict[str, _Ends] = {}
        self.catalogue, self.today = catalogue, today

    def add(self, facts: Iterable[Fact]) -> None:
        """Each of ``facts`` once, as soon as what it follows from is known: one may open the way to another."""
        waiting = list(facts)
        while waiting:
            still = [fact for fact in waiting if not self._derived(fact)]
            if len(still) == len(waiting):
                return
            waiting = still

    def _derived(self, fact: Fact) -> bool:
        """Go the first way to a fact that can be gone; whether there was one."""
        for way in fact.derived:  # noqa: SIM110 - gone through for every fact of every request
            if self._go(fact, way):
                return True
        return False

    def _go(self, fact: Fact, way: Derived) -> bool:
        """Derive a fact by one way; whether what it follows from is known."""
        recorded = self.found.get(fact.id)
        if way.only_if_missing and recorded is not None and recorded.extent is not None:
            return False
        inputs: list[Settled] = []
        for name in way.of:
            known = self.found.get(name)
            if known is None or known.extent is None:
                return False
            inputs.append(known)
        go = self._by_dates if _is_elapsed(way.how) else self._by_numbers
        return go(fact, way, inputs)

    def _by_dates(self, fact: Fact, way: Derived, inputs: list[Settled]) -> bool:
        extent = _elapsed(inputs[0], self.today, years=way.how == "years-since")
        if extent is not None:
            self._say(fact, extent, inputs)
        return extent is not None

    def _by_numbers(self, fact: Fact, way: Derived, inputs: list[Settled]) -> bool:
        one, other = (self._ends(given) for given in inputs)
        if one is None or other is None:
            return False
        left, right = (self.catalogue[name].unit or "1" for name in way.of)
        factor = _factor(way.how, left, right, fact.unit or "1")
        ends = _COMBINED[way.how](one, other)
        low, high = ends if factor is None else _each_end(ends, factor.__mul__)
        extent = narrowed(Between(*_each_end((low, high), as_decimal)))
        if extent is not None and self._say(fact, extent, inputs) == extent:
            self.exact[fact.id] = low, high
        return extent is not None

    def _ends(self, settled: Settled) -> _Ends | None:
        """The least and the most of a number above 0; ``None`` where it is not known to have both."""
        if settled.fact in self.exact:
            return self.exact[settled.fact]
        value = number(settled.extent)
        limits = (value, value) if value is not None else _limits(settled.extent)
        return _each_end(limits, Fraction) if limits is not None and limits[0] > 0 else None

    def _say(self, fact: Fact, extent: Extent, inputs: list[Settled]) -> Extent | None:
        """State a derived value, and what the fact then comes to."""
        statement = _statement(fact, extent, inputs, self.today)
        self.found[fact.id] = _with(fact, statement, self.found.get(fact.id), self.today)
        return self.found[fact.id].extent


def asked_for(fact_id: str, known: Mapping[str, Extent | None], catalogue: Catalogue) -> str:
    """What to ask so as to know a fact: of what it follows from the one thing that is missing, else the fact itself.

    Who has given the grams and not the weight is asked for the weight, and not for the grams per kg. A fact of which
    the record speaks, but not so that it is known, is asked for itself.
    """
    return fact_id if fact_id in known else next(_completing(fact_id, known, catalogue, frozenset()), fact_id)


def _completing(
    fact_id: str, known: Mapping[str, Extent | None], catalogue: Catalogue, above: frozenset[str]
) -> Iterator[str]:
    """The facts, themselves underived, each of which alone would complete a way to a fact."""
    within = above | {fact_id}
    for way in catalogue[fact_id].derived:
        missing = [name for name in way.of if known.get(name) is None]
        if len(missing) == 1 < len(way.of) and missing[0] not in within:
            derived = catalogue[missing[0]].derived
            yield from _completing(missing[0], known, catalogue, within) if derived else missing


def _with(fact: Fact, statement: Statement, recorded: Settled | None, today: date) -> Settled:
    """What is recorded, settled again with the derived value beside it."""
    if recorded is None:
        return settle_fact(fact, [statement], today)
    again = settle_fact(fact, [*(replace(one, when=on(today)) for one in recorded.used), statement], today)
    used = (*recorded.used, statement)
    return Settled(fact.id, again.extent, used, (*recorded.set_aside, *again.set_aside), again.why_unknown)


def _statement(fact: Fact, extent: Extent, inputs: list[Settled], today: date) -> Statement:
    behind = tuple(dict.fromkeys(statement for one in inputs for statement in one.used))
    origins = ", ".join(sorted(_origins(behind)))
    words = f"{written(extent)} {fact.unit or ''}".strip()
    return Statement(fact.id, extent, words, f"derived from {origins}", on(today), follows_from=behind)


def _origins(statements: Iterable[Statement]) -> set[str]:
    """Where what stands behind ``statements`` is recorded."""
    found: set[str] = set()
    for one in statements:
        found |= _origins(one.follows_from) if one.follows_from else {one.origin}
    return found


def written(extent: Extent) -> str:
    """An extent in short words: ``12``, ``34 to 35``, ``below 10``."""
    if isinstance(extent, Exactly) and isinstance(extent.value, Decimal):
        return shown(extent.value)
    limits = span(extent)
    if limits is None:
        return str(extent.value) if isinstance(extent, Exactly) else " or ".join(sorted(getattr(extent, "values", ())))
    if limits.low is not None and limits.low == limits.high:
        return shown(limits.low)
    if limits.low is None or limits.high is None:
        return f"below {shown(limits.high)}" if limits.high is not None else f"above {shown(limits.low or Decimal(0))}"
    return f"{shown(limits.low)} to {shown(limits.high)}"


def _each_end(ends: tuple[_Given, _Given], worked: Callable[[_Given], _Worked]) -> tuple[_Worked, _Worked]:
    """Both ends worked on; that of a number which is exactly known only once."""
    low = worked(ends[0])
    return low, low if ends[1] is ends[0] else worked(ends[1])


def _limits(extent: Extent | None) -> tuple[Decimal, Decimal] | None:
    limits = span(extent) if extent is not None else None
    if limits is None or limits.low is None or limits.high is None:
        return None
    return limits.low, limits.high


def _is_point(ends: _Ends) -> bool:
    return ends[0] is ends[1]


def _product(one: _Ends, other: _Ends) -> _Ends:
    low = one[0] * other[0]
    return low, low if _is_point(one) and _is_point(other) else one[1] * other[1]


def _quotient(one: _Ends, other: _Ends) -> _Ends:
    low = one[0] / other[1]
    return low, low if _is_point(one) and _is_point(other) else one[1] / other[0]


def _body_mass_index(weight: _Ends, height: _Ends) -> _Ends:
    return _quotient(weight, _product(height, height))


# All of numbers above 0, so that the ends of the result lie at the ends of what is given.
_COMBINED: Mapping[Derivation, Callable[[_Ends, _Ends], _Ends]] = {
    "quotient": _quotient,
    "product": _product,
    "body-mass-index": _body_mass_index,
}


@lru_cache(maxsize=1024)
def _factor(how: Derivation, left: str, right: str, wanted: str) -> Fraction | None:
    """What gives a result in unit ``wanted`` that was combined from values in two units; ``None`` is one."""
    factor = factor_between(_result_unit(how, left, right), wanted)
    return None if factor == 1 else factor


def _result_unit(how: Derivation, left: str, right: str) -> str:
    return {"quotient": f"{left}/({right})", "product": f"{left}.{right}"}.get(how, f"{left}/({right}2)")


def _is_elapsed(how: Derivation) -> bool:
    return how in {"years-since", "days-since"}


def _elapsed(settled: Settled, today: date, *, years: bool) -> Extent | None:
    given = days(settled.extent)
    if given is None or given.first > today:
        return None
    last = min(given.last, today)
    most = whole_years(given.first, today) if years else (today - given.first).days
    least = whole_years(last, today) if years else (today - last).days
    return narrowed(Between(Decimal(least), Decimal(most)))
