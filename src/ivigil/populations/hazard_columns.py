"""Hazards over tables: :func:`ivigil.safety.hazards_of` for every row, and what was not prepared for.

A risk factor is a rule, answered by Kleene's logic as in a single case. The route is the one that is asked for, else
the one route of the recommended regimens; products that an order names are not looked at.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ivigil.criteria.frames import FactColumns, cell_kinds, truth_expression
from ivigil.knowledge import Library, Regimen
from ivigil.knowledge.safety_records import Hazard, Precaution
from ivigil.safety.preparation import shown_beforehand
from ivigil.tables import Expr, column, literal, unknown
from ivigil.tables.expressions import certainly, every, first_known, one_of, some, where

PRESENT, UNKNOWN, ABSENT, ELSEWHERE = "present", "unknown", "absent", "other-route"
# Which rows an appraisal judges, with its recommended regimens.
Groups = Sequence[tuple[Expr, Sequence[Regimen]]]
_ROUTE = "request_route"
_BY_ROUTE = "route of the row"
_ROUTES = ("intravenous", "subcutaneous")


@dataclass(frozen=True)
class HazardColumns:
    """The hazards of ``library`` for the facts in ``columns``."""

    library: Library
    columns: FactColumns

    def staged(self, regimens: Groups) -> dict[str, Expr]:
        """What comes first: the route, and the truth of every rule that a hazard names; undecided ones are empty."""
        truths = {_truth(rule): truth_expression(self.library.trees[rule], self.columns) for rule in self._rules}
        return {**truths, _BY_ROUTE: self._route(regimens)}

    def states(self) -> dict[str, Expr]:
        """For each hazard: whether a risk factor is there."""
        return {one.id: self._state(one) for one in self._hazards}

    def at_risk(self) -> Expr:
        """Whether the patient is one for whom labels cap the rate; false where no such hazard comes with the route."""
        warned = [one for one in self._hazards if one.makes_at_risk]
        found = [
            _comes_with(one) & column(_truth(factor.rule))
            for one in warned
            for factor in one.risk_factors
            if factor.makes_at_risk and factor.rule is not None
        ]
        return some(found)

    def unprepared(self) -> dict[str, Expr]:
        """For each hazard with something to be known before: whether a factor is there and that is not known."""
        return {one.id: self._is_unprepared(one) for one in self._hazards if shown_beforehand(one)}

    @property
    def _hazards(self) -> list[Hazard]:
        return [one for _, one in sorted(self.library.hazards.items())]

    @property
    def _rules(self) -> list[str]:
        factors = [one.rule for hazard in self._hazards for one in hazard.risk_factors]
        asked = [one.when for hazard in self._hazards for one in shown_beforehand(hazard)]
        return [rule for rule in dict.fromkeys([*factors, *asked]) if rule is not None]

    def _route(self, regimens: Groups) -> Expr:
        value = self.columns.value(_ROUTE)
        asked = where(certainly(one_of(value, _ROUTES)), value)
        usual = [
            where(rows, literal(next(iter(routes))))
            for rows, own in regimens
            if len(routes := {one.route for one in own}) == 1
        ]
        return first_known([asked, *usual, unknown("text")])

    def _state(self, hazard: Hazard) -> Expr:
        truths = self._factors(hazard)
        present, open_ = some([certainly(one) for one in truths]), some([one.is_null() for one in truths])
        return first_known(
            (
                where(~_comes_with(hazard), literal(ELSEWHERE)),
                where(present, literal(PRESENT)),
                where(open_, literal(UNKNOWN)),
                literal(ABSENT),
            )
        )

    def _factors(self, hazard: Hazard) -> list[Expr]:
        return [column(_truth(one.rule)) for one in hazard.risk_factors if one.rule is not None]

    def _is_unprepared(self, hazard: Hazard) -> Expr:
        present = some([certainly(one) for one in self._factors(hazard)])
        open_ = some([self._is_open(one) for one in shown_beforehand(hazard)])
        return _comes_with(hazard) & present & open_

    def _is_open(self, precaution: Precaution) -> Expr:
        """Whether a precaution is called for and nothing is known of the facts that would show that it was taken."""
        called_for = literal(value=True) if precaution.when is None else column(_truth(precaution.when))
        return called_for & every([self._is_blank(fact) for fact in precaution.shown_by])

    def _is_blank(self, fact: str) -> Expr:
        """Whether nothing at all is known of a fact: definite."""
        there = [name for name in cell_kinds(self.columns.fact(fact)) if name in self.columns.present]
        return every([column(name).is_null() for name in there])


def _comes_with(hazard: Hazard) -> Expr:
    """Whether a hazard comes with the route of a row, or with some route where that is not known: definite."""
    if hazard.route == "any":
        return literal(value=True)
    route = column(_BY_ROUTE)
    return route.is_null() | certainly(route == hazard.route)


def _truth(rule: str | None) -> str:
    return f"rule {rule}"
