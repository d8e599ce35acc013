"""The dose check of :mod:`ivigil.review.dose_check` over tables: what is asked for against the recommended regimens."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from ivigil.criteria.frames.spans import ordered, within
from ivigil.knowledge import Regimen, Rounding, Span
from ivigil.populations.exactness import Amount, at_most, below, constant, first_amount
from ivigil.populations.measured import AGE, DAYS, Measures
from ivigil.populations.rows import WEIGHT
from ivigil.review.decision import Dimension
from ivigil.tables import Expr, column, literal
from ivigil.tables.expressions import certainly, every, first_known, some, where

ASKED: Mapping[Dimension, tuple[str, str]] = {
    "daily": ("request_daily_dose_per_kg", "request_daily_dose"),
    "total": ("request_total_dose_per_kg", "request_total_dose"),
}
_ROUTE = "request_route"
_ONCE = Decimal(1)
_CHILD, _PER_KG, _MEANT, _ASKED = "younger than rounding is for", "per kg is asked", "grams meant", "grams asked"
_DISAGREES, _OPEN, _NEAR = "dose disagrees", "dose is open", "dose is near"
_OUTSIDE, _UNKNOWN, _SUM = "outside", "unknown", "days do not add up"


@dataclass(frozen=True)
class _Line:
    """One dimension of a regimen: what is recommended per kg, and into how many infusions an unknown number counts."""

    kind: Dimension
    wanted: Span
    infusions: Decimal

    def __str__(self) -> str:
        """A name for its columns."""
        return f"{self.kind} {self.wanted.low} {self.wanted.high} {self.infusions}"


@dataclass(frozen=True)
class DoseColumns:
    """The dose check under one rounding rule; ``regimens`` are all that a row may have to be compared with."""

    measures: Measures
    rounding: Rounding
    regimens: tuple[Regimen, ...]

    def steps(self) -> list[dict[str, Expr]]:
        """What a table is given, one step after the other, once it has its measures."""
        lines = dict.fromkeys(line for one in self.regimens for line in lines_of(one))
        named = {f"{_DISAGREES} {kind}": self._disagrees(kind) for kind in ASKED}
        return [
            {_CHILD: self._is_child(), **self._infusions(lines), **self._per_kg_asked()},
            self._meant_columns(),
            self._asked_columns(),
            {**{f"{_NEAR} {line}": self._is_inside(line) for line in lines}, **named, _SUM: self._days_differ()},
            {f"{_OPEN} {kind}": ~self._comparable(kind) | column(f"{_DISAGREES} {kind}") for kind in ASKED},
            {name: one for regimen in self.regimens for name, one in self._check(regimen).items()},
            {f"{_UNKNOWN} {_key(one)}": self._is_unknown(one) for one in self.regimens},
        ]

    def result(self, regimens: Sequence[Regimen]) -> Expr:
        """How the dose compares with ``regimens``; empty where that is undecided."""
        stated = [_key(one) for one in regimens if lines_of(one)]
        if not stated:
            return literal("not-stated")
        inside = [~column(f"{_OUTSIDE} {one}") & ~column(f"{_UNKNOWN} {one}") for one in stated]
        unknown = [column(f"{_UNKNOWN} {one}") for one in stated]
        none_inside = every([~one for one in inside])
        named = {
            "within": some(inside),
            "unknown": none_inside & some(unknown),
            "outside": every([column(f"{_OUTSIDE} {one}") for one in stated]),
        }
        return first_known([where(certainly(one), literal(name)) for name, one in named.items()])

    @property
    def contradiction(self) -> Expr:
        """Whether what is asked for cannot all be meant; empty where that is undecided."""
        return column(_SUM) | some([column(f"{_DISAGREES} {kind}") for kind in ASKED])

    def _is_child(self) -> Expr:
        """Whether the patient is known to be younger than those whom rounding is for: definite."""
        youngest = self.rounding.from_years
        if youngest is None:
            return literal(value=False)
        return certainly(ordered(self.measures.columns.ends(AGE), "<", youngest)) & self.measures.is_known(AGE)

    def _per_kg_asked(self) -> dict[str, Expr]:
        """Where a dose is asked for per kg: grams by the weight are not."""
        return {
            f"{_PER_KG} {kind}": self.measures.is_known(fact) & ~self.measures.follows_from_weight(fact)
            for kind, (fact, _) in ASKED.items()
        }

    def _infusions(self, lines: Iterable[_Line]) -> dict[str, Expr]:
        days = self.measures.amount(DAYS)
        found: dict[str, Expr] = {}
        for one in dict.fromkeys((_ONCE, *(line.infusions for line in lines))):
            found |= first_amount([days, constant(one)]).columns(_infusions(one))
        return found

    @cached_property
    def _meant(self) -> Mapping[Dimension, Amount]:
        """The grams that a dose per kg is at the recorded weight."""
        return {
            kind: self.measures.amount(fact).only(column(f"{_PER_KG} {kind}")).with_each(self.measures.amount(WEIGHT))
            for kind, (fact, _) in ASKED.items()
        }

    def _meant_columns(self) -> dict[str, Expr]:
        return {name: one for kind in ASKED for name, one in self._meant[kind].columns(f"{_MEANT} {kind}").items()}

    @cached_property
    def _asked(self) -> Mapping[Dimension, Amount]:
        """The grams that are asked for, directly or by the weight."""
        return {
            kind: first_amount(
                [
                    self._meant[kind].read(f"{_MEANT} {kind}"),
                    self.measures.amount(grams).only(~column(f"{_PER_KG} {kind}")),
                ]
            )
            for kind, (_, grams) in ASKED.items()
        }

    def _asked_columns(self) -> dict[str, Expr]:
        return {name: one for kind in ASKED for name, one in self._asked[kind].columns(f"{_ASKED} {kind}").items()}

    def _count(self, kind: Dimension, otherwise: Decimal) -> Amount:
        """Into how many infusions a dose is divided, each of them rounded."""
        if kind == "daily":
            return constant(_ONCE)
        return first_amount([self.measures.amount(DAYS), constant(otherwise)]).read(_infusions(otherwise))

    def _is_inside(self, line: _Line) -> Expr:
        """Whether the dose lies within a line, or next to it by rounding; in grams where the weight is known."""
        weight, asked = self.measures.amount(WEIGHT), self._asked[line.kind].read(f"{_ASKED} {line.kind}")
        low, high = (weight.times(one) for one in (line.wanted.low, line.wanted.high))
        near = self._is_near(asked, low, high, self._count(line.kind, line.infusions))
        inside = within(self.measures.columns.ends(ASKED[line.kind][0]), line.wanted.low, line.wanted.high)
        weighed = self.measures.is_known(WEIGHT)
        return first_known((where(weighed, near), where(~weighed, inside)))

    def _disagrees(self, kind: Dimension) -> Expr:
        """Whether the dose is given per kg and in grams, and the two differ by more than rounding."""
        fact, meant = ASKED[kind][1], self._meant[kind].read(f"{_MEANT} {kind}")
        near = self._is_near(self.measures.amount(fact), meant, meant, self._count(kind, _ONCE))
        known = [self.measures.is_known(one) for one in (fact, WEIGHT)]
        return every([column(f"{_PER_KG} {kind}"), *known]) & ~near

    def _days_differ(self) -> Expr:
        """Whether the daily dose on all days is another total than the one asked for."""
        facts = (ASKED["daily"][1], DAYS, ASKED["total"][1])
        daily, days, total = (self.measures.amount(one) for one in facts)
        meant = daily.with_each(days)
        return every([self.measures.is_known(one) for one in facts]) & ~self._is_near(total, meant, meant, days)

    def _is_near(self, asked: Amount, low: Amount, high: Amount, infusions: Amount) -> Expr:
        """Whether grams lie within limits, or less than half a step an infusion beside them where doses are rounded."""
        step = self.rounding.step_g
        rounded = ~column(_CHILD) & at_most(infusions.times(step), low)
        slack = infusions.times(step / 2)
        beside = below(low.minus(slack), asked) & below(asked, high.plus(slack))
        return (at_most(low, asked) & at_most(asked, high)) | (rounded & beside)

    def _comparable(self, kind: Dimension) -> Expr:
        """Whether the dose is known per kg, or in grams and with the weight: definite."""
        in_grams = self.measures.is_known(ASKED[kind][1]) & self.measures.is_known(WEIGHT)
        return column(f"{_PER_KG} {kind}") | in_grams

    def _check(self, regimen: Regimen) -> dict[str, Expr]:
        """Whether the dose lies outside a regimen, as one by another route does."""
        route = self.measures.columns.value(_ROUTE)
        lines = [~column(f"{_OPEN} {line.kind}") & ~column(f"{_NEAR} {line}") for line in lines_of(regimen)]
        return {f"{_OUTSIDE} {_key(regimen)}": some([certainly(route != regimen.route), *lines])}

    def _is_unknown(self, regimen: Regimen) -> Expr:
        lines = [column(f"{_OPEN} {line.kind}") for line in lines_of(regimen)]
        return ~column(f"{_OUTSIDE} {_key(regimen)}") & some(lines)


def lines_of(regimen: Regimen) -> tuple[_Line, ...]:
    """The dimensions in which a regimen states a dose per kg."""
    infusions = regimen.days.low if regimen.days else _ONCE
    daily = [_Line("daily", regimen.daily_g_per_kg, _ONCE)] if regimen.daily_g_per_kg else []
    total = [_Line("total", regimen.total_g_per_kg, infusions)] if regimen.total_g_per_kg else []
    return (*daily, *total)


def _infusions(otherwise: Decimal) -> str:
    return f"infusions, else {otherwise}"


def _key(regimen: Regimen) -> str:
    """Regimens that are compared alike share their columns."""
    return " and ".join([regimen.route, *map(str, lines_of(regimen))])
