"""The library: all knowledge as types, ready for review."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from ivigil.criteria import Tree
from ivigil.facts import Catalogue, Fact, Vocabulary
from ivigil.facts.readers.vocabulary import Medication
from ivigil.knowledge.dosing_records import Formulary, RateProtocol, WeightRule
from ivigil.knowledge.product_records import Product
from ivigil.knowledge.records import (
    Appraisal,
    Claim,
    Difference,
    Doubt,
    Indication,
    Rounding,
    RuleSetHead,
    Source,
    VerdictTable,
)
from ivigil.knowledge.safety_records import Hazard, ProductRule, ReactionChange, ReactionDefinition

if TYPE_CHECKING:  # they are read when the first of their records is
    from ivigil.knowledge.analysis_records import Analysis
    from ivigil.knowledge.audit_records import Disclosure, HighUse
    from ivigil.knowledge.grading_records import CertaintyRating, GradingScheme, HintRule
    from ivigil.knowledge.kinetic_records import FcRnModel, Hypothesis, KineticTarget, LinearModel
    from ivigil.knowledge.recomputation_records import Recomputation
    from ivigil.knowledge.search_records import SearchQuery
    from ivigil.knowledge.study_records import Study


@dataclass(frozen=True)
class RuleSet:
    """A rule set with its appraisals by indication, and the hash of everything in it."""

    head: RuleSetHead
    appraisals: Mapping[str, Appraisal]
    hash: str
    rounding: Rounding | None = None


@dataclass(frozen=True)
class Evidence:
    """What recommendations rest on: studies, the analyses that pool them, and how both were judged."""

    studies: Mapping[str, Study] = field(default_factory=dict)
    analyses: Mapping[str, Analysis] = field(default_factory=dict)
    recomputations: Mapping[str, Recomputation] = field(default_factory=dict)
    grading_schemes: Mapping[str, GradingScheme] = field(default_factory=dict)
    certainty: Mapping[str, CertaintyRating] = field(default_factory=dict)
    grade_hints: Mapping[str, HintRule] = field(default_factory=dict)
    queries: Mapping[str, SearchQuery] = field(default_factory=dict)


@dataclass(frozen=True)
class Kinetics:
    """What is known of IgG over time: published models, the recycling model, actions, and targets to be met."""

    models: Mapping[str, LinearModel] = field(default_factory=dict)
    fcrn: Mapping[str, FcRnModel] = field(default_factory=dict)
    hypotheses: Mapping[str, Hypothesis] = field(default_factory=dict)
    targets: Mapping[str, KineticTarget] = field(default_factory=dict)


@dataclass(frozen=True)
class Audits:
    """What audits of cohorts go by: flags for high use, and which figures their reports hide (by id, one)."""

    high_use: Mapping[str, HighUse] = field(default_factory=dict)
    disclosure: Mapping[str, Disclosure] = field(default_factory=dict)


@dataclass(frozen=True)
class Library:
    """Everything ivigil knows, and the hash of all of it. ``trees`` holds each rule's text with its parsed tree."""

    catalogue: Catalogue
    medication: Medication
    doubt: Doubt
    sources: Mapping[str, Source]
    indications: Mapping[str, Indication]
    rule_sets: Mapping[str, RuleSet]
    claims: Mapping[str, Claim]
    differences: Mapping[str, Difference]
    products: Mapping[str, Product]
    weight_rules: Mapping[str, WeightRule]
    rate_protocols: Mapping[str, RateProtocol]
    hazards: Mapping[str, Hazard]
    product_rules: Mapping[str, ProductRule]
    reaction_definitions: Mapping[str, ReactionDefinition]
    reaction_changes: Mapping[str, ReactionChange]
    verdicts: VerdictTable
    rounding: Rounding
    trees: Mapping[str, Tree]
    column_trees: Mapping[str, Tree]
    hash: str
    evidence: Evidence = field(default_factory=Evidence)
    kinetics: Kinetics = field(default_factory=Kinetics)
    audits: Audits = field(default_factory=Audits)
    formulary: Formulary | None = None
    notes: tuple[str, ...] = field(default=())

    def differences_on(self, indication: str) -> tuple[Difference, ...]:
        """The questions about an indication on which sources disagree, in order of id."""
        return tuple(one for key, one in sorted(self.differences.items()) if indication in one.indications)

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
