"""Profiles: what the facts are that the rules of an indication ask for, drawn so that its criteria hold, or do not.

Everything comes from the catalogue and the rules: a new indication needs nothing here. For each fact the rules tell
classes of values apart (:mod:`ivigil.criteria.partition`); a profile names a class of each.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from ivigil.criteria import (
    Partition,
    Truth,
    ValueClass,
    conjunction,
    disjunction,
    evaluate,
    facts_of,
    leaves,
    partition,
    restricted,
)
from ivigil.criteria.tree import Leaf
from ivigil.facts import Exactly, Extent
from ivigil.knowledge import Appraisal, Criterion, Library
from ivigil.knowledge.parts import rules_in, rules_of
from ivigil.synthetic.draws import Draws

_TRIALS = 160
_ENOUGH = 40
# What an order, the problem list and the course itself say.
_SAID_ELSEWHERE = frozenset({"immunoglobulin_ordered", "request_phase", "response_to_immunoglobulin"})

Profile = Mapping[str, ValueClass]


@dataclass(frozen=True)
class Profiles:
    """Profiles under which the criteria of an appraisal hold, and under which they do not."""

    met: tuple[Profile, ...]
    unmet: tuple[Profile, ...]


def profiles_of(indication: str, appraised: Appraisal | None, library: Library, seed: int) -> Profiles:
    """Profiles of every fact that any rule set asks of ``indication``, sorted by the criteria of ``appraised``."""
    partitions = tuple(_partitions(indication, library))
    draws = Draws(seed, 2**32 - 1)
    met: list[Profile] = []
    unmet: list[Profile] = []
    for _ in range(_TRIALS if any(len(one.classes) > 1 for one in partitions) else 1):
        profile = {one.fact: draws.pick(one.classes) for one in partitions}
        side = unmet if _qualifies(appraised, profile, library) is Truth.NOT_MET else met
        if len(side) < _ENOUGH:
            side.append(profile)
    return Profiles(tuple(met or unmet), tuple(unmet or met))


def _partitions(indication: str, library: Library) -> Iterator[Partition]:
    told: dict[str, list[Leaf]] = defaultdict(list)
    for text in _rules(indication, library):
        for leaf in leaves(library.trees[text]):
            told[leaf.fact].append(leaf)
    for fact_id in sorted(told):
        fact = library.askable[fact_id]
        if fact_id not in _SAID_ELSEWHERE and fact.group != "request" and fact_id in library.catalogue:
            yield partition(fact, told[fact_id])


def _rules(indication: str, library: Library) -> Iterator[str]:
    for rules in library.rule_sets.values():
        if indication in rules.appraisals:
            yield from (text for text, _ in rules_of(rules.appraisals[indication]))


def _qualifies(appraisal: Appraisal | None, profile: Profile, library: Library) -> Truth:
    if appraisal is None or appraisal.criteria is None:
        return Truth.MET
    return _truth(appraisal.criteria, {fact: Exactly(one.example) for fact, one in profile.items()}, library)


def _truth(criterion: Criterion, extents: Mapping[str, Extent], library: Library) -> Truth:
    if criterion.rule is not None:
        truth = evaluate(library.trees[criterion.rule], extents).truth
    else:
        parts: Iterable[Truth] = [_truth(one, extents, library) for one in criterion.all_of or criterion.any_of]
        truth = conjunction(parts) if criterion.all_of else disjunction(parts)
    if criterion.applies_when is None:
        return truth
    return restricted(evaluate(library.trees[criterion.applies_when], extents).truth, truth)


def asked_facts(library: Library) -> frozenset[str]:
    """The facts that some appraisal asks for."""
    every = (one for rules in library.rule_sets.values() for one in rules.appraisals.values())
    texts = {text for appraisal in every for text, _ in rules_of(appraisal)}
    return frozenset(fact for text in texts for fact in facts_of(library.trees[text]))


def hazard_facts(library: Library) -> tuple[str, ...]:
    """The truths that the hazards of immunoglobulin ask for."""
    texts = {text for hazard in library.hazards.values() for text, _ in rules_in(hazard)}
    asked = {fact for text in texts for fact in facts_of(library.trees[text])}
    return tuple(sorted(one for one in asked if one in library.catalogue and library.catalogue[one].kind == "truth"))
