"""The catalogue of facts, and the look-ups that readers and rules need."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType

from ivigil.facts.codes import Coding
from ivigil.facts.definition import Fact, FactCode, Place


@dataclass(frozen=True)
class Catalogue:
    """All facts by id, with the shared answers that stand for yes and no."""

    facts: Mapping[str, Fact]
    truth_answers: tuple[FactCode, ...] = ()

    def __getitem__(self, fact_id: str) -> Fact:
        """The fact with this id."""
        return self.facts[fact_id]

    def __contains__(self, fact_id: object) -> bool:
        """Whether there is a fact with this id."""
        return fact_id in self.facts

    def extended(self, more: Mapping[str, Fact]) -> Catalogue:
        """The catalogue with further facts beside its own."""
        return Catalogue(MappingProxyType({**self.facts, **more}), self.truth_answers)

    def coded(self, place: Place, codings: tuple[Coding, ...]) -> Sequence[tuple[Fact, FactCode]]:
        """The facts that are found in ``place`` under one of ``codings``, each once, in order of id."""
        if len(codings) == 1:
            return self._by_code.get((place, codings[0].system, codings[0].code), ())
        found = {
            fact.id: (fact, code)
            for coding in codings
            for fact, code in self._by_code.get((place, coding.system, coding.code), ())
        }
        return [found[fact_id] for fact_id in sorted(found)]

    def found_in(self, place: Place) -> list[Fact]:
        """The facts that are found in ``place``."""
        return [fact for fact in self.facts.values() if place in fact.found_in]

    def answer(self, fact: Fact, codings: tuple[Coding, ...]) -> bool | str | None:
        """The value of ``fact`` that a coded answer stands for, or ``None`` when no coding is known."""
        wanted = {(coding.system, coding.code) for coding in codings}
        shared = self.truth_answers if fact.kind == "truth" else ()
        meanings = {code.means for code in (*fact.answers, *shared) if (code.system, code.code) in wanted}
        meanings |= {
            option.id for option in fact.options for code in option.codes if (code.system, code.code) in wanted
        }
        meanings |= {option.id for option in fact.options if ("", option.id) in wanted}
        return meanings.pop() if len(meanings) == 1 else None

    def leads_to(self, fact_id: str) -> frozenset[str]:
        """The fact and everything that it may be derived from."""
        seen, waiting = {fact_id}, [fact_id]
        while waiting:
            fact = self.facts.get(waiting.pop())
            fresh = {other for way in (fact.derived if fact else ()) for other in way.of} - seen
            seen |= fresh
            waiting += fresh
        return frozenset(seen)

    @cached_property
    def derived(self) -> tuple[tuple[Fact, ...], ...]:
        """The facts that follow from others, each after those it follows from.

        Those that follow from each other stand together, in order of id.
        """
        groups: dict[frozenset[str], list[Fact]] = {}
        for _, fact in sorted(self.facts.items()):
            if fact.derived:
                # Facts lead to the same facts just where each leads to the other.
                groups.setdefault(self.leads_to(fact.id), []).append(fact)
        return tuple(tuple(groups[key]) for key in sorted(groups, key=lambda key: (len(key), sorted(key))))

    @cached_property
    def _by_code(self) -> Mapping[tuple[str, str, str], Sequence[tuple[Fact, FactCode]]]:
        """By place and code the facts found there, each once, in order of id."""
        index: dict[tuple[str, str, str], dict[str, tuple[Fact, FactCode]]] = {}
        for _, fact in sorted(self.facts.items()):
            for place in fact.found_in:
                for code in fact.codes:
                    index.setdefault((place, code.system, code.code), {})[fact.id] = fact, code
        return {key: tuple(found.values()) for key, found in index.items()}
