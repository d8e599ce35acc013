"""The weight that a programme's rule doses by: certain, ambiguous as the rule is written, or unknown, with the reason.

Every clause whose condition holds speaks. What is not known is not guessed: the clauses are compiled to one diagram,
so that the sets of clauses that may still speak, and the facts that decide between them, are exact.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property
from typing import cast

from ivigil.criteria import Forest, Residual, Tree, Variables, compile_tree, facts_of
from ivigil.dosing.body import (
    BEFORE_PREGNANCY,
    BMI,
    HEIGHT,
    PREGNANT,
    SEX,
    TO_IDEAL,
    WEIGHT,
    Body,
    Known,
    amount,
    bodies,
)
from ivigil.dosing.cautions import cautions_of
from ivigil.dosing.weighed import Basis, Weighed, WeighedState, WeightOutcome
from ivigil.facts import Exactly
from ivigil.knowledge import Library
from ivigil.knowledge.dosing_records import WeightClause, WeightRule

Way = tuple[WeightOutcome | Basis, ...]  # what speaks: weights, or the basis of one that cannot be had
# What a computed fact is made of; the order in which facts are asked for.
_MADE_OF: dict[str, tuple[str, ...]] = {BMI: (WEIGHT, HEIGHT), TO_IDEAL: (WEIGHT, HEIGHT, SEX)}
_FORMULA = frozenset({"ideal", "adjusted"})
_ORDER = ("age", SEX, WEIGHT, HEIGHT, PREGNANT, BEFORE_PREGNANCY)


def weigh(rule: WeightRule, known: Known, library: Library) -> Weighed:
    """The weights that ``rule`` doses by, given what is ``known``."""
    return _Weighing(rule, known, library).result()


def weigh_all(rules: Iterable[WeightRule], known: Known, library: Library) -> tuple[Weighed, ...]:
    """Every rule, side by side."""
    return tuple(weigh(rule, known, library) for rule in rules)


@dataclass(frozen=True)
class _Reached:
    """What one body leads to: the ways that are still possible, and the facts that decide between them."""

    body: Body
    ways: frozenset[Way]
    deciding: frozenset[str]

    @property
    def uses(self) -> frozenset[str]:
        """Which weights the clauses that may speak ask for."""
        return frozenset(one if isinstance(one, str) else one.clauses[0].use for way in self.ways for one in way)

    @property
    def weights(self) -> frozenset[frozenset[object]]:
        """The ways without the clauses that led to them."""
        return frozenset(
            frozenset(one if isinstance(one, str) else (one.basis, one.weight_kg) for one in way) for way in self.ways
        )


class _Weighing:
    """One rule under what is known of one case."""

    def __init__(self, rule: WeightRule, known: Known, library: Library) -> None:
        self.rule, self.known, self.library = rule, known, library
        self.trees: tuple[Tree | None, ...] = tuple(
            None if clause.when is None else library.trees[clause.when] for clause in rule.clauses
        )

    def result(self) -> Weighed:
        state = self._state
        outcomes = _merged(self.rule, (one for way in self._ways for one in way if isinstance(one, WeightOutcome)))
        return Weighed(
            self.rule,
            state,
            outcomes,
            () if state in {"certain", "not-stated"} else self._needs,
            cautions_of(self.rule, outcomes, self.known, [one.body for one in self._reached if one.uses & _FORMULA]),
            amount(self.known, WEIGHT),
        )

    @property
    def _state(self) -> WeighedState:
        ways = {frozenset(one if isinstance(one, str) else one.weight_kg for one in way) for way in self._ways}
        weights = frozenset[Basis | Decimal]().union(*ways)
        if any(isinstance(one, str) for one in weights):
            return "unknown"
        if not weights:
            return "not-stated"
        if len(weights) == 1 and frozenset() not in ways:
            return "certain"
        return "ambiguous" if len(ways) == 1 or not self._needs else "unknown"

    @cached_property
    def _reached(self) -> tuple[_Reached, ...]:
        named = {fact for tree in self.trees if tree for fact in facts_of(tree)}
        asks = PREGNANT in named or self.rule.pregnancy_weight == "pre-pregnancy"
        return tuple(self._from(body) for body in bodies(self.rule, self.known, asks_pregnancy=asks))

    @property
    def _ways(self) -> tuple[Way, ...]:
        return tuple(way for one in self._reached for way in one.ways)

    def _from(self, body: Body) -> _Reached:
        variables, forest, root = self._diagram
        residual = Residual(
            forest, root, variables.allowed(body.extents(self.rule, self.known, self.library.catalogue))
        )
        speaking = cast("frozenset[tuple[int, ...]]", residual.labels)
        deciding = frozenset(variables.partitions[level].fact for level in residual.support())
        return _Reached(body, frozenset(self._way(body, indices) for indices in speaking), deciding)

    @cached_property
    def _diagram(self) -> tuple[Variables, Forest, int]:
        return clauses_as_diagram(self.trees, self.library)

    def _way(self, body: Body, indices: tuple[int, ...]) -> Way:
        return tuple(self._outcome(body, self.rule.clauses[index]) for index in indices)

    def _outcome(self, body: Body, clause: WeightClause) -> WeightOutcome | Basis:
        """The weight that a clause names, or its basis where that weight cannot be had."""
        if clause.use == "actual":
            found = body.weight_kg
            return body.basis if found is None else WeightOutcome(body.basis, found, (clause,))
        found = body.ideal_kg(self.rule) if clause.use == "ideal" else body.adjusted_kg(self.rule)
        if found is None or found <= 0:
            return clause.use
        return self._guarded(WeightOutcome(clause.use, found, (clause,)), body)

    def _guarded(self, outcome: WeightOutcome, body: Body) -> WeightOutcome | Basis:
        if not self.rule.never_above_actual:
            return outcome
        if body.weight_kg is None:
            return outcome.basis
        if outcome.weight_kg <= body.weight_kg:
            return outcome
        return replace(outcome, basis=body.basis, weight_kg=body.weight_kg, guarded=True)

    @cached_property
    def _needs(self) -> tuple[str, ...]:
        wanted = {fact for reached in self._reached for fact in self._wanted(reached)} | set(self._differing())
        known = {fact for fact, one in self.known.items() if isinstance(one.extent, Exactly)}
        return tuple(fact for fact in dict.fromkeys((*_ORDER, *sorted(wanted))) if fact in wanted - known)

    def _wanted(self, reached: _Reached) -> Iterator[str]:
        """What one body lacks: the facts that decide between its ways, and those that a weight is made of."""
        weight = reached.body.weight_fact
        for fact in reached.deciding:
            yield from (weight if one == WEIGHT else one for one in _MADE_OF.get(fact, (fact,)))
        if reached.uses & _FORMULA:
            yield from (HEIGHT, SEX)
        if reached.uses - {"ideal"} or (reached.uses and self.rule.never_above_actual):
            yield weight

    def _differing(self) -> Iterator[str]:
        """Sex and pregnancy, where they lead to different weights."""
        if len({one.weights for one in self._reached}) > 1:
            yield SEX
        if len({(one.body.sex, one.weights) for one in self._reached}) > len({one.body.sex for one in self._reached}):
            yield PREGNANT


def clauses_as_diagram(trees: Iterable[Tree | None], library: Library) -> tuple[Variables, Forest, int]:
    """The conditions of all clauses as one function of the facts: the indices of those that hold; none always does."""
    conditions = tuple(trees)
    variables = Variables([tree for tree in conditions if tree], library.askable)
    forest = Forest(variables.arities)
    always = forest.terminal(label=True)
    roots = [compile_tree(tree, forest, variables) if tree else always for tree in conditions]
    root = forest.apply(lambda *holds: tuple(index for index, one in enumerate(holds) if one), *roots)
    return variables, forest, root


def _merged(rule: WeightRule, outcomes: Iterable[WeightOutcome]) -> tuple[WeightOutcome, ...]:
    """Each weight once with every clause that leads to it, in the order of the rule's clauses."""
    place = {clause: index for index, clause in enumerate(rule.clauses)}
    together: dict[Decimal, WeightOutcome] = {}
    for one in sorted(set(outcomes), key=lambda one: (place[one.clauses[0]], one.basis, one.weight_kg)):
        before = together.get(one.weight_kg)
        together[one.weight_kg] = (
            replace(before, clauses=tuple(dict.fromkeys((*before.clauses, *one.clauses)))) if before else one
        )
    return tuple(together.values())
