"""The library: all knowledge as types, ready for review."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from ivigil.criteria import Tree
from ivigil.facts import Catalogue, Fact, Vocabulary
from ivigil.facts.readers.vocabulary import Medication
from ivigil.knowledge.records import (
    Appraisal,
    Claim,
    Indication,
    Rounding,
    RuleSetHead,
    Source,
    VerdictTable,
)


@dataclass(frozen=True)
class RuleSet:
    """A rule set with its appraisals by indication, and the hash of everything in it."""

    head: RuleSetHead
    appraisals: Mapping[str, Appraisal]
    hash: str


@dataclass(frozen=True)
class Library:
    """Everything ivigil knows, and the hash of all of it. ``trees`` holds each rule's text with its parsed tree."""

    catalogue: Catalogue
    medication: Medication
    sources: Mapping[str, Source]
    indications: Mapping[str, Indication]
    rule_sets: Mapping[str, RuleSet]
    claims: Mapping[str, Claim]
    verdicts: VerdictTable
    rounding: Rounding
    trees: Mapping[str, Tree]
    column_trees: Mapping[str, Tree]
    hash: str
    notes: tuple[str, ...] = field(default=())

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """What the readers need of it; whether each indication is established can be stated like any other fact."""
        return Vocabulary(self.askable, self.medication, frozenset(self.indications))

    @cached_property
    def askable(self) -> Catalogue:
        """The catalogue, and for each indication the fact that the patient has it."""
        return self.catalogue.extended({has(one.id): _has_fact(one) for one in self.indications.values()})


def has(indication_id: str) -> str:
    """The id of the fact that the patient has an indication."""
    return f"has:{indication_id}"


def _has_fact(indication: Indication) -> Fact:
    question = f"Is the diagnosis of {indication.name} established and current?"
    return Fact(has(indication.id), f"Diagnosis of {indication.name}", "truth", "diagnosis", question)
