"""The rules of the knowledge, answered for one case: whether they hold, and which facts could settle the open ones."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from ivigil.criteria import Extents, Trace, Truth, evaluate, facts_of, relevant_unknowns
from ivigil.facts import Settled, asked_for
from ivigil.knowledge import Library


@dataclass(frozen=True)
class Conditions:
    """What is known of a case, ready to answer rules."""

    library: Library
    extents: Extents

    def truth(self, rule: str | None) -> Truth:
        """Whether ``rule`` holds; no rule always does."""
        return Truth.MET if rule is None else evaluate(self.library.trees[rule], self.extents).truth

    def facts(self, *rules: str | None) -> tuple[str, ...]:
        """The ids of the facts that rules speak of, each once."""
        return tuple(dict.fromkeys(fact for rule in rules if rule for fact in facts_of(self.library.trees[rule])))

    def needs(self, *rules: str | None) -> tuple[str, ...]:
        """The ids of the facts that could settle those of ``rules`` that are unknown, each once."""
        unknown = [rule for rule in rules if rule and self.truth(rule) is Truth.UNKNOWN]
        return tuple(dict.fromkeys(fact for rule in unknown for fact in self._settling(rule)))

    def _settling(self, rule: str) -> tuple[str, ...]:
        catalogue = self.library.catalogue
        unknown = relevant_unknowns(self.library.trees[rule], catalogue, self.extents)
        return tuple(asked_for(fact, self.extents, catalogue) for fact in unknown)

    def behind(self, rule: str) -> tuple[str, ...]:
        """The facts that make a rule hold: of its alternatives those that are met, else all it speaks of."""
        traces = list(_leaves(evaluate(self.library.trees[rule], self.extents)))
        met = [one for one in traces if one.truth is Truth.MET] or traces
        return tuple(dict.fromkeys(fact for one in met for fact in facts_of(one.tree)))

    def is_known(self, fact: str) -> bool:
        """Whether anything at all is known of a fact."""
        return self.extents.get(fact) is not None

    def question(self, needs: tuple[str, ...]) -> str | None:
        """What to ask for ``needs``; nothing where nothing is needed."""
        return " ".join(self.library.catalogue[fact].question for fact in needs) or None

    def labels(self, needs: tuple[str, ...]) -> str:
        """The names of facts, for a sentence."""
        return ", ".join(self.library.catalogue[fact].label for fact in needs)


def _leaves(trace: Trace) -> Iterator[Trace]:
    if not trace.operands:
        yield trace
    for one in trace.operands:
        yield from _leaves(one)


def conditions_of(library: Library, known: Mapping[str, Settled]) -> Conditions:
    """The rules of ``library`` for what is known of a case."""
    return Conditions(library, {fact: settled.extent for fact, settled in known.items()})
