"""From folders of records to one library: facts completed, rules parsed, hashes taken."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Any, TypeVar

from ivigil.criteria import RuleError, Tree, parse_rule
from ivigil.documents import BadInput, Fault, canonical_json, encode
from ivigil.facts import Catalogue, Fact
from ivigil.facts.readers.vocabulary import Medication
from ivigil.knowledge.analysis_records import Analysis
from ivigil.knowledge.audit_records import Disclosure, HighUse
from ivigil.knowledge.columns import COLUMNS
from ivigil.knowledge.crosscheck import crosscheck
from ivigil.knowledge.dosing_records import Formulary, RateProtocol, WeightRule
from ivigil.knowledge.folder import Entry, Folder
from ivigil.knowledge.grading_records import CertaintyRating, GradingScheme, HintRule
from ivigil.knowledge.kinetic_records import FcRnModel, Hypothesis, KineticTarget, LinearModel
from ivigil.knowledge.library import Audits, Evidence, Kinetics, Library, RuleSet
from ivigil.knowledge.parts import rules_in, rules_of
from ivigil.knowledge.product_records import Product
from ivigil.knowledge.recomputation_records import Recomputation
from ivigil.knowledge.records import (
    Answers,
    Appraisal,
    Claim,
    Difference,
    Doubt,
    Indication,
    OptionSet,
    Rounding,
    RuleSetHead,
    Source,
    VerdictTable,
)
from ivigil.knowledge.safety_records import Hazard, ProductRule, ReactionChange, ReactionDefinition
from ivigil.knowledge.search_records import SearchQuery
from ivigil.knowledge.study_records import Study

T = TypeVar("T")
WITH_RULES = (Product, WeightRule, Hazard, ProductRule)


def build(folders: Sequence[Folder], notes: tuple[str, ...] = ()) -> Library:
    """The library of ``folders``, later ones adding to earlier ones. Raises :class:`BadInput` listing every fault."""
    faults = [fault for folder in folders for fault in folder.faults]
    faults += _twice(folders)
    if faults:
        raise BadInput(faults)
    library = _assembled(folders, notes, faults)
    faults += [fault for folder in folders for fault in crosscheck(folder, library)]
    if faults:
        raise BadInput(faults)
    return library


def _assembled(folders: Sequence[Folder], notes: tuple[str, ...], faults: list[Fault]) -> Library:
    catalogue = _catalogue(folders, faults)
    verdicts = _only(folders, VerdictTable, faults)
    medication = _only(folders, Medication, faults)
    rounding = _only(folders, Rounding, faults)
    doubt = _only(folders, Doubt, faults)
    if verdicts is None or medication is None or rounding is None or doubt is None:
        raise BadInput(faults)
    library = Library(
        catalogue=catalogue,
        medication=medication,
        doubt=doubt,
        sources=_by_id(folders, Source),
        indications=_by_id(folders, Indication),
        rule_sets=_rule_sets(folders, faults),
        claims=_by_id(folders, Claim),
        differences=_by_id(folders, Difference),
        products=_by_id(folders, Product),
        weight_rules=_by_id(folders, WeightRule),
        rate_protocols=_by_id(folders, RateProtocol),
        hazards=_by_id(folders, Hazard),
        product_rules=_by_id(folders, ProductRule),
        reaction_definitions=_by_id(folders, ReactionDefinition),
        reaction_changes=_by_id(folders, ReactionChange),
        evidence=_evidence(folders),
        kinetics=_kinetics(folders),
        audits=Audits(high_use=_by_id(folders, HighUse), disclosure=_by_id(folders, Disclosure)),
        verdicts=verdicts,
        rounding=rounding,
        trees=_parsed(folders, catalogue, faults),
        column_trees=_column_trees(folders, faults),
        hash="",
        formulary=_formulary(folders, faults),
        notes=notes,
    )
    return replace(library, hash=library_hash(library))


def _evidence(folders: Sequence[Folder]) -> Evidence:
    return Evidence(
        studies=_by_id(folders, Study),
        analyses=_by_id(folders, Analysis),
        recomputations=_by_id(folders, Recomputation),
        grading_schemes=_by_id(folders, GradingScheme),
        certainty=_by_id(folders, CertaintyRating),
        grade_hints=_by_id(folders, HintRule),
        queries=_by_id(folders, SearchQuery),
    )


def _kinetics(folders: Sequence[Folder]) -> Kinetics:
    return Kinetics(
        models=_by_id(folders, LinearModel),
        fcrn=_by_id(folders, FcRnModel),
        hypotheses=_by_id(folders, Hypothesis),
        targets=_by_id(folders, KineticTarget),
    )


def _twice(folders: Sequence[Folder]) -> list[Fault]:
    """Records that a later folder would silently replace."""
    seen: set[tuple[type, str, str]] = set()
    faults = []
    for folder in folders:
        for entry in folder.entries:
            key = (type(entry.record), entry.key, entry.folder if _of_a_rule_set(entry) else "")
            if key in seen:
                faults.append(
                    Fault(entry.place.name, f"a second {type(entry.record).__name__.lower()} {entry.key!r}", "a new id")
                )
            seen.add(key)
    return faults


def _of_a_rule_set(entry: Entry) -> bool:
    return isinstance(entry.record, Appraisal) or (isinstance(entry.record, Rounding) and entry.folder != "policy")


def _entries(folders: Sequence[Folder], kind: type) -> list[Entry]:
    return [entry for folder in folders for entry in folder.of(kind)]


def _by_id(folders: Sequence[Folder], kind: type[T]) -> Mapping[str, T]:
    return MappingProxyType({entry.key: entry.record for entry in _entries(folders, kind)})


def _only(folders: Sequence[Folder], kind: type[T], faults: list[Fault]) -> T | None:
    found = [entry for entry in _entries(folders, kind) if not _of_a_rule_set(entry)]
    if not found:
        faults.append(Fault(str(folders[0].root), f"no {kind.__name__.lower()}", "one, in its place"))
        return None
    record: T = found[0].record
    return record


def _formulary(folders: Sequence[Folder], faults: list[Fault]) -> Formulary | None:
    """The formulary of a local folder; ivigil's own knowledge has none."""
    found = _entries(folders, Formulary)
    if len(found) > 1:
        faults.append(Fault(found[1].place.name, "a second formulary", "one formulary"))
    return found[0].record if found else None


def _catalogue(folders: Sequence[Folder], faults: list[Fault]) -> Catalogue:
    shared = _by_id(folders, OptionSet)
    facts: dict[str, Fact] = {}
    for entry in _entries(folders, Fact):
        fact: Fact = entry.record
        if fact.options_from is not None and fact.options_from not in shared:
            faults.append(Fault(entry.place.of(("options_from",)), repr(fact.options_from), "the id of an option set"))
        elif fact.options_from is not None:
            fact = replace(fact, options=shared[fact.options_from].options)
        facts[fact.id] = fact
    answers = [answer for entry in _entries(folders, Answers) for answer in entry.record.answers]
    return Catalogue(MappingProxyType(facts), tuple(answers))


def _rule_sets(folders: Sequence[Folder], faults: list[Fault]) -> Mapping[str, RuleSet]:
    heads: Mapping[str, RuleSetHead] = _by_id(folders, RuleSetHead)
    appraisals: dict[str, dict[str, Appraisal]] = {key: {} for key in heads}
    for folder in folders:
        # A rule set is one body's: another folder cannot make it say more.
        own = {entry.key for entry in folder.of(RuleSetHead)}
        for entry in folder.of(Appraisal):
            if entry.folder in own:
                appraisals[entry.folder][entry.key] = replace(entry.record, cases=())
            else:
                faults.append(Fault(entry.place.name, "an appraisal in no rule set", "rule-set.yaml beside it"))
    rounding = {one.folder: one.record for one in _entries(folders, Rounding) if _of_a_rule_set(one)}
    return MappingProxyType(
        {
            key: RuleSet(head, appraisals[key], _hash([head, appraisals[key], rounding.get(key)]), rounding.get(key))
            for key, head in heads.items()
        }
    )


def _parsed(folders: Sequence[Folder], catalogue: Catalogue, faults: list[Fault]) -> Mapping[str, Tree]:
    trees: dict[str, Tree] = {}
    for entry in _entries(folders, Appraisal):
        for text, path in rules_of(entry.record):
            _parse_into(trees, text, catalogue, entry.place.of(path), faults)
    for kind in WITH_RULES:
        for entry in _entries(folders, kind):
            for text, path in rules_in(entry.record):
                _parse_into(trees, text, catalogue, entry.place.of(path), faults)
    return MappingProxyType(trees)


def _column_trees(folders: Sequence[Folder], faults: list[Fault]) -> Mapping[str, Tree]:
    trees: dict[str, Tree] = {}
    for entry in _entries(folders, VerdictTable):
        for index, row in enumerate(entry.record.rows):
            _parse_into(trees, row.when, COLUMNS, entry.place.of(("rows", index, "when")), faults)
    return MappingProxyType(trees)


def _parse_into(trees: dict[str, Tree], text: str, catalogue: Catalogue, where: str, faults: list[Fault]) -> None:
    try:
        trees[text] = parse_rule(text, catalogue)
    except RuleError as error:
        faults.append(Fault(where, f"a rule that cannot be read: {error}", "a rule of docs/reference/rules.md"))


def library_hash(library: Library) -> str:
    """The hash of everything that can alter an answer."""
    parts: list[Any] = [
        library.catalogue.facts,
        library.catalogue.truth_answers,
        library.medication,
        library.doubt,
        library.indications,
        {key: rules.hash for key, rules in library.rule_sets.items()},
        library.claims,
        library.differences,
        library.products,
        library.weight_rules,
        library.rate_protocols,
        library.hazards,
        library.product_rules,
        library.reaction_definitions,
        library.reaction_changes,
        library.evidence,
        library.kinetics,
        library.audits,
        library.verdicts,
        library.rounding,
        library.formulary,
        library.sources,
    ]
    return _hash(parts)


def _hash(parts: Iterable[Any]) -> str:
    text = canonical_json([_sorted(encode(part)) for part in parts])
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def _sorted(value: Any) -> Any:  # noqa: ANN401 - plain JSON values
    if isinstance(value, dict):
        return {key: _sorted(value[key]) for key in sorted(value)}
    return [_sorted(item) for item in value] if isinstance(value, list) else value
