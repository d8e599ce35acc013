"""Which clauses of a weight rule may speak for each body: its diagram walked down to expressions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import cast

from ivigil.criteria import Forest, Variables, facts_of
from ivigil.criteria.partition import Partition
from ivigil.dosing.body import PREGNANT, SEX, SEXES
from ivigil.dosing.weights import clauses_as_diagram
from ivigil.knowledge import Library
from ivigil.knowledge.dosing_records import WeightClause, WeightRule
from ivigil.populations.body_sizes import Body, Sizes
from ivigil.tables import Expr, column
from ivigil.tables.expressions import every, some

Label = tuple[int, ...]  # the places of the clauses that speak
Path = tuple[tuple[Partition, int], ...]


@dataclass(frozen=True)
class Ways:
    """A weight rule with its diagram; ``library`` holds its conditions as trees."""

    rule: WeightRule
    library: Library

    @cached_property
    def bodies(self) -> tuple[Body, ...]:
        """Every way that sex and pregnancy could be, as far as the rule asks."""
        before = self.rule.pregnancy_weight == "pre-pregnancy"
        if not (before or PREGNANT in self.facts):
            return tuple(Body(sex, None, before=False) for sex in SEXES)
        return tuple(Body(sex, pregnant, before and pregnant) for sex in SEXES for pregnant in (False, True))

    @cached_property
    def facts(self) -> frozenset[str]:
        """The facts that the conditions of its clauses speak of."""
        trees = self.library.trees
        return frozenset(fact for one in self.rule.clauses if one.when for fact in facts_of(trees[one.when]))

    def clauses(self, label: Label) -> tuple[WeightClause, ...]:
        """The clauses of a label."""
        return tuple(self.rule.clauses[place] for place in label)

    def open_columns(self, sizes: Sizes) -> dict[str, Expr]:
        """For each body and class of a fact that is not fixed by it: whether it is open; undecided ones are empty."""
        found: dict[str, Expr] = {}
        for body in self.bodies:
            for part in self._variables.partitions:
                if _fixed(part, body) is None:
                    found |= sizes.open(part, self.rule, body)
        return found

    def labels(self, body: Body) -> tuple[Label, ...]:
        """The sets of clauses that can speak for ``body``."""
        return tuple(self._paths[body])

    def reached(self, body: Body, sizes: Sizes) -> Mapping[Label, Expr]:
        """For each set of clauses that can speak for ``body``: whether it may, by the columns of whether it is open."""
        name = sizes.open_name
        return {
            label: some([every([column(name(*one, self.rule, body)) for one in path]) for path in paths])
            for label, paths in self._paths[body].items()
        }

    @cached_property
    def _diagram(self) -> tuple[Variables, Forest, int]:
        trees = self.library.trees
        return clauses_as_diagram([trees[one.when] if one.when else None for one in self.rule.clauses], self.library)

    @property
    def _variables(self) -> Variables:
        return self._diagram[0]

    @cached_property
    def _paths(self) -> dict[Body, dict[Label, list[Path]]]:
        """For each body the ways to each label, as the classes that have to be open along them."""
        return {body: self._paths_of(body) for body in self.bodies}

    def _paths_of(self, body: Body) -> dict[Label, list[Path]]:
        _, forest, root = self._diagram
        found: dict[Label, list[Path]] = {}

        def walk(node: int, path: Path) -> None:
            if forest.is_terminal(node):
                found.setdefault(cast("Label", forest.label(node)), []).append(path)
                return
            part = self._variables.partitions[forest.level(node)]
            fixed = _fixed(part, body)
            for place, child in enumerate(forest.children(node)):
                if fixed is None:
                    walk(child, (*path, (part, place)))
                elif place == fixed:
                    walk(child, path)

        walk(root, ())
        return found


def _fixed(part: Partition, body: Body) -> int | None:
    """The class of a fact that the body itself fixes."""
    if part.fact == SEX:
        return part.index(body.sex)
    if part.fact == PREGNANT and body.pregnant is not None:
        return part.index(body.pregnant)
    return None
