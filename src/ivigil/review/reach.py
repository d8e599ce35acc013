"""What can still be reached: the verdicts left open, the facts that decide, and what each answer would do."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import cast

from ivigil.criteria import Truth, ValueClass, described, evaluate, facts_of
from ivigil.criteria.forest import Node, Residual
from ivigil.facts import Exactly, Extent, Settled
from ivigil.knowledge import Criterion, Library, StandingName, VerdictName
from ivigil.review.compiled import ORDERED, Compiled
from ivigil.review.decision import Change, CriterionResult, FactShown, Missing, Outcome

Known = Mapping[str, Settled]


class Reach:
    """A compiled appraisal under what is known of one case."""

    def __init__(self, compiled: Compiled, library: Library, known: Known) -> None:
        """Limit every fact to the values it may still have."""
        self.compiled, self.library, self.known = compiled, library, known
        self.extents: dict[str, Extent | None] = {fact: one.extent for fact, one in known.items()}
        self.allowed = list(compiled.variables.allowed(self.extents))
        self._residual = self._left(compiled.verdicts)

    def _left(self, root: Node) -> Residual:
        return Residual(self.compiled.forest, root, self.allowed)

    @cached_property
    def verdicts(self) -> tuple[VerdictName, ...]:
        """The verdicts that can still be reached, in the order of the table."""
        return self._ordered(self._residual.labels)

    @cached_property
    def rows(self) -> tuple[str, ...]:
        """The rows of the verdict table that can still hold."""
        return tuple(sorted(cast("frozenset[str]", self._left(self.compiled.rows).labels)))

    @property
    def standings(self) -> frozenset[StandingName]:
        """The standings that are still possible; *unlisted* is that of another disease."""
        return cast("frozenset[StandingName]", self._left(self.compiled.standings).labels)

    def _ordered(self, verdicts: frozenset[object]) -> tuple[VerdictName, ...]:
        order = dict.fromkeys(row.verdict for row in self.library.verdicts.rows)
        return tuple(verdict for verdict in order if verdict in verdicts)

    def rule(self, text: str | None) -> Truth:
        """How a rule of the appraisal comes out; no rule always holds."""
        return Truth.MET if text is None else evaluate(self.library.trees[text], self.extents).truth

    def fact(self, fact: str) -> Truth:
        """The truth of a fact that is itself a truth."""
        extent = self.extents.get(fact)
        if not isinstance(extent, Exactly):
            return Truth.UNKNOWN
        return Truth.MET if extent.value is True else Truth.NOT_MET

    def shown(self, fact: str) -> FactShown:
        """A fact as it is known."""
        return FactShown(self.library.askable[fact], self.known.get(fact) or Settled(fact))

    def facts_of(self, *texts: str | None) -> tuple[str, ...]:
        """The facts that rules speak of, each once."""
        return tuple(dict.fromkeys(fact for text in texts if text for fact in facts_of(self.library.trees[text])))

    def criterion(self, criterion: Criterion) -> CriterionResult:
        """How a criterion and all inside it come out."""
        labels = self._left(self.compiled.criteria[criterion.id]).labels
        truth = cast("Truth", next(iter(labels))) if len(labels) == 1 else Truth.UNKNOWN
        return CriterionResult(
            criterion,
            truth,
            tuple(self.shown(fact) for fact in self.facts_of(criterion.applies_when, criterion.rule)),
            evaluate(self.library.trees[criterion.rule], self.extents) if criterion.rule else None,
            tuple(self.criterion(member) for member in (*criterion.all_of, *criterion.any_of)),
        )

    def missing(self) -> tuple[Missing, ...]:
        """The relevant unknowns, the most decisive first, then in the order in which they are asked for."""
        facts = self.compiled.facts
        found = [
            Missing(self.shown(facts[level]), self._outcomes(level, self._residual), self._beside(facts[level]))
            for level in sorted(self._residual.support())
        ]
        return tuple(sorted(found, key=lambda missing: (-missing.settles, missing.leaves)))

    def _beside(self, fact: str) -> tuple[FactShown, ...]:
        """What is recorded that does not settle a fact but that whoever is asked would want to see."""
        shown = (self.shown(one) for one in self.library.askable[fact].see_also)
        return tuple(one for one in shown if one.settled.known)

    def _outcomes(self, level: int, residual: Residual) -> tuple[Outcome, ...]:
        """What each class of a fact leads to; classes with the same consequence are put together."""
        part = self.compiled.variables.partitions[level]
        fact = self.library.askable[part.fact]
        together: dict[tuple[VerdictName, ...], list[ValueClass]] = {}
        for index, labels in residual.by_class(level).items():
            together.setdefault(self._ordered(labels), []).append(part.classes[index])
        return tuple(
            Outcome(" or ".join(described(one, fact) for one in classes), verdicts)
            for verdicts, classes in together.items()
        )

    def changes(self) -> tuple[Change, ...]:
        """Known facts that would lead to another verdict if they were otherwise; none while the verdict is open."""
        if len(self.verdicts) > 1:
            return ()
        return tuple(change for level in range(len(self.allowed)) if (change := self._change(level)))

    def _change(self, level: int) -> Change | None:
        part = self.compiled.variables.partitions[level]
        if part.fact == ORDERED or self.extents.get(part.fact) is None:
            return None
        freed = [*self.allowed[:level], tuple(range(len(part.classes))), *self.allowed[level + 1 :]]
        outcomes = self._outcomes(level, Residual(self.compiled.forest, self.compiled.verdicts, freed))
        others = tuple(one for one in outcomes if one.verdicts != self.verdicts)
        return Change(self.shown(part.fact), others) if others else None
