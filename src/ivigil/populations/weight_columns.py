"""What each weight rule comes to for every row: :func:`ivigil.dosing.weigh` over tables.

The state is found as the row evaluator finds it: from all weights that the clauses which may speak name, for every
body that is possible. Where that hangs on whether two inexact amounts are equal, or on what could still be asked of a
patient whose recorded sex no formula knows, the row is left to the row evaluator.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from ivigil.dosing.body import BMI, SEX, SEXES, TO_IDEAL
from ivigil.knowledge.dosing_records import WeightClause, WeightRule
from ivigil.populations.body_sizes import Body, Sizes
from ivigil.populations.exactness import Amount, aligned, below, first_amount
from ivigil.populations.weight_ways import Label, Ways
from ivigil.tables import Expr, column, literal
from ivigil.tables.arithmetic import greatest, least
from ivigil.tables.expressions import certainly, count, decided, every, first_known, one_of, possibly, some, where

_LACKS, _SPEAKS, _SILENT, _MULTIPLE, _ONE_WAY = "lacks", "speaks", "is silent", "names two kinds", "goes one way"
_EQUAL, _CERTAIN, _IMPLAUSIBLE = "names one weight", "is certain", "is implausible"
_SEVERAL = 2
Candidate = tuple[str, str, bool]  # which weight, by which sex, and whether it is that of before pregnancy


@dataclass(frozen=True)
class _Named:
    """A clause that may speak for a body, by one label."""

    body: Body
    label: Label
    clause: WeightClause


@dataclass(frozen=True)
class WeightColumns:
    """One rule, in a table that has gone through :meth:`steps`."""

    ways: Ways
    sizes: Sizes

    @property
    def rule(self) -> WeightRule:
        """The rule."""
        return self.ways.rule

    def steps(self) -> list[dict[str, Expr]]:
        """What a table is given, one step after the other, once it has its sizes."""
        reached = {
            self._reach(body, label): self.sizes.is_possible(body) & one
            for body in self.ways.bodies
            for label, one in self.ways.reached(body, self.sizes).items()
        }
        named = {self._name(f"names {one}"): some(truths) for one, truths in self._named.items()}
        lacks = {self._name(_LACKS): some([self._lacks(one) for one in self._clauses])}
        return [
            {**self.ways.open_columns(self.sizes), self._name(_IMPLAUSIBLE): self._is_implausible()},
            {**reached},
            {**named, **lacks, **self._marks()},
            {self._name(_EQUAL): self._are_equal()},
            {self._name(_CERTAIN): self._is_certain()},
        ]

    @property
    def state(self) -> Expr:
        """One of the four states; empty where that is undecided."""
        lacks, speaks, certain, multiple = (column(self._name(one)) for one in (_LACKS, _SPEAKS, _CERTAIN, _MULTIPLE))
        open_ = ~lacks & speaks & ~certain
        named = {
            "unknown": lacks | (open_ & ~multiple & ~self._sex_is_another),
            "not-stated": ~lacks & ~speaks,
            "certain": certain,
            "ambiguous": open_ & multiple & column(self._name(_ONE_WAY)),
        }
        chosen = first_known([where(certainly(one), literal(name)) for name, one in named.items()])
        return where(~column(self._name(_IMPLAUSIBLE)), chosen)

    @property
    def weight(self) -> Amount:
        """The weight in kg where the state is certain; elsewhere one of those that are named."""
        return first_amount(list(self._amounts.values()))

    def _marks(self) -> dict[str, Expr]:
        """What the ways are like: whether one names a weight, one none, all of them two kinds, and whether one is left.

        Where every way names two kinds of weights, the ways themselves may come to the same.
        """
        labels = {
            (body, label): column(self._reach(body, label))
            for body in self.ways.bodies
            for label in self.ways.labels(body)
        }
        single = [
            one for (_, label), one in labels.items() if len({x.use for x in self.ways.clauses(label)}) < _SEVERAL
        ]
        return {
            self._name(_SPEAKS): some([one for (_, label), one in labels.items() if label]),
            self._name(_SILENT): some([one for (_, label), one in labels.items() if not label]),
            self._name(_MULTIPLE): ~some(single),
            self._name(_ONE_WAY): count([certainly(one) for one in labels.values()]) == 1,
        }

    def _is_certain(self) -> Expr:
        """One weight, and no way on which none is named."""
        lacks, speaks, silent, equal = (column(self._name(one)) for one in (_LACKS, _SPEAKS, _SILENT, _EQUAL))
        return ~lacks & speaks & ~silent & equal

    @cached_property
    def _amounts(self) -> dict[Candidate, Amount]:
        """The weights, each only where it is named."""
        return {one: self._amount(one).only(certainly(column(self._name(f"names {one}")))) for one in self._named}

    def _are_equal(self) -> Expr:
        """Whether all weights that are named are one; empty where that is undecided."""
        if len(self._named) == 1:
            return literal(value=True)
        ends = [one.ends for one in aligned(list(self._amounts.values()))]
        lows, highs = [low for low, _ in ends], [high for _, high in ends]
        named = [column(self._name(f"names {one}")) for one in self._named]
        sure = every([~one.is_null() for one in named])
        alike = (count([certainly(one) for one in named]) == 1) | certainly(least(lows) == greatest(highs))
        return decided(sure & alike, certainly(greatest(lows) > least(highs)))

    @property
    def _sex_is_another(self) -> Expr:
        """Whether a sex is recorded that no formula knows: both are tried, and nothing could be asked."""
        return certainly(~one_of(self.sizes.columns.value(SEX), SEXES))

    def _is_implausible(self) -> Expr:
        """Whether a ratio that the rule asks for may come out beyond what is plausible: definite."""
        beyond = {
            (fact, body.before, body.sex if fact == TO_IDEAL else ""): self.sizes.implausible(fact, self.rule, body)
            for fact in sorted({BMI, TO_IDEAL} & self.ways.facts)
            for body in self.ways.bodies
        }
        return some([possibly(one) for one in beyond.values()])

    @cached_property
    def _clauses(self) -> tuple[_Named, ...]:
        return tuple(
            _Named(body, label, clause)
            for body in self.ways.bodies
            for label in self.ways.labels(body)
            for clause in dict.fromkeys(self.ways.clauses(label))
        )

    @cached_property
    def _named(self) -> dict[Candidate, list[Expr]]:
        """Every weight that a clause may name, with the conditions on which it does."""
        found: dict[Candidate, list[Expr]] = {}
        for one in self._clauses:
            for candidate, truth in self._candidates(one):
                found.setdefault(candidate, []).append(truth)
        return found

    def _candidates(self, one: _Named) -> Iterator[tuple[Candidate, Expr]]:
        """The weight that a clause names; where it must not lie above the actual weight, that one instead."""
        body, reach = one.body, column(self._reach(one.body, one.label))
        actual, own = ("actual", "", body.before), (one.clause.use, body.sex, body.before)
        if one.clause.use == "actual":
            yield actual, reach & self.sizes.has_weight(body)
            return
        named = reach & self._can_be_had(one)
        if not self.rule.never_above_actual:
            yield own, named
            return
        above = below(self.sizes.weight(body), self._amount(own))
        yield own, named & ~above
        yield actual, named & above

    def _lacks(self, one: _Named) -> Expr:
        """Whether a clause speaks whose weight cannot be had."""
        return column(self._reach(one.body, one.label)) & ~self._can_be_had(one)

    def _can_be_had(self, one: _Named) -> Expr:
        weight, use = self.sizes.has_weight(one.body), one.clause.use
        if use == "actual":
            return weight
        ideal = self.sizes.has_ideal(self.rule, one.body)
        return ideal & weight if use == "adjusted" or self.rule.never_above_actual else ideal

    def _amount(self, one: Candidate) -> Amount:
        use, sex, before = one
        body = Body("male" if sex == "male" else "female", None, before)
        match use:
            case "ideal":
                return self.sizes.ideal(self.rule, body)
            case "adjusted":
                return self.sizes.adjusted(self.rule, body)
        return self.sizes.weight(body)

    def _reach(self, body: Body, label: Label) -> str:
        return self._name(f"{body.sex} {body.pregnant} {label}")

    def _name(self, what: str) -> str:
        return f"{self.rule.id} {what}"
