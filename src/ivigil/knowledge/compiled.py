"""The compiled knowledge: one JSON file beside the YAML, so that an answer does not parse hundreds of files.

It carries the digest of the YAML it was made from; one that no longer agrees is stale and is not used.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from importlib import import_module
from pathlib import Path
from types import MappingProxyType
from typing import Any

from ivigil.criteria import restore, store
from ivigil.documents import BadInput, Fault, canonical_json, decode, encode, write_whole
from ivigil.facts import Catalogue, Fact
from ivigil.facts.definition import FactCode
from ivigil.facts.readers.vocabulary import Medication
from ivigil.knowledge.digest import digest_of
from ivigil.knowledge.dosing_records import Formulary, RateProtocol, WeightRule
from ivigil.knowledge.library import Audits, Evidence, Kinetics, Library, RuleSet
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

FILE = "compiled.json"
# Each kind is read from its module when the first of its records is.
_EVIDENCE = {
    "studies": ("study_records", "Study"),
    "analyses": ("analysis_records", "Analysis"),
    "recomputations": ("recomputation_records", "Recomputation"),
    "grading_schemes": ("grading_records", "GradingScheme"),
    "certainty": ("grading_records", "CertaintyRating"),
    "grade_hints": ("grading_records", "HintRule"),
    "queries": ("search_records", "SearchQuery"),
}
_KINETICS = {
    "models": ("kinetic_records", "LinearModel"),
    "fcrn": ("kinetic_records", "FcRnModel"),
    "hypotheses": ("kinetic_records", "Hypothesis"),
    "targets": ("kinetic_records", "KineticTarget"),
}
_AUDITS = {"high_use": ("audit_records", "HighUse"), "disclosure": ("audit_records", "Disclosure")}
FORMAT = 2


def compiled_text(library: Library, root: Path) -> str:
    """The compiled form of ``library``, which was built from the YAML under ``root``."""
    content: dict[str, Any] = {
        "format": FORMAT,
        "digest": digest_of(root),
        "hash": library.hash,
        "facts": encode(library.catalogue.facts),
        "truth_answers": encode(library.catalogue.truth_answers),
        "medication": encode(library.medication),
        "doubt": encode(library.doubt),
        "sources": encode(library.sources),
        "indications": encode(library.indications),
        "rule_sets": {
            key: {"head": encode(rules.head), "hash": rules.hash, "appraisals": encode(rules.appraisals)}
            | ({"rounding": encode(rules.rounding)} if rules.rounding else {})
            for key, rules in library.rule_sets.items()
        },
        "claims": encode(library.claims),
        "differences": encode(library.differences),
        "products": encode(library.products),
        "weight_rules": encode(library.weight_rules),
        "rate_protocols": encode(library.rate_protocols),
        "hazards": encode(library.hazards),
        "product_rules": encode(library.product_rules),
        "reaction_definitions": encode(library.reaction_definitions),
        "reaction_changes": encode(library.reaction_changes),
        "evidence": encode(library.evidence),
        "kinetics": encode(library.kinetics),
        "audits": encode(library.audits),
        "verdicts": encode(library.verdicts),
        "rounding": encode(library.rounding),
        "formulary": encode(library.formulary) if library.formulary else None,
        "trees": {text: store(tree) for text, tree in library.trees.items()},
        "column_trees": {text: store(tree) for text, tree in library.column_trees.items()},
    }
    return canonical_json(content, indent=1) + "\n"


def write_compiled(library: Library, root: Path) -> Path:
    """Write the compiled form beside the YAML."""
    path = root / FILE
    write_whole(path, compiled_text(library, root))
    return path


def read_compiled(root: Path) -> Library | None:
    """The library from its compiled form, or ``None`` when there is none that fits the YAML."""
    path = root / FILE
    if not path.is_file():
        return None
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        fits = content["format"] == FORMAT and content["digest"] == digest_of(root)
        return _restored(content) if fits else None
    except (OSError, ValueError, TypeError, LookupError, AttributeError):
        # A damaged file, or one of another ivigil, fits as little as one of other YAML.
        return None


def read_kept(content: bytes, where: str) -> Library:
    """The library that a compiled form holds, whatever YAML there is now. Raises :class:`BadInput` for another form."""
    try:
        found = json.loads(content)
        if found["format"] == FORMAT:
            return _restored(found)
    except (ValueError, TypeError, LookupError, AttributeError):
        pass
    raise BadInput([Fault(where, "another form of compiled knowledge", f"form {FORMAT}, that of this version")])


def _restored(content: dict[str, Any]) -> Library:
    return Library(
        catalogue=Catalogue(_records(Fact, content["facts"]), decode(tuple[FactCode, ...], content["truth_answers"])),
        medication=decode(Medication, content["medication"]),
        doubt=decode(Doubt, content["doubt"]),
        sources=_Stored(lambda: Source, content["sources"]),
        indications=_records(Indication, content["indications"]),
        rule_sets=MappingProxyType({key: _rule_set(value) for key, value in content["rule_sets"].items()}),
        claims=_Stored(lambda: Claim, content["claims"]),
        differences=_Stored(lambda: Difference, content["differences"]),
        products=_records(Product, content["products"]),
        weight_rules=_records(WeightRule, content["weight_rules"]),
        rate_protocols=_records(RateProtocol, content["rate_protocols"]),
        hazards=_records(Hazard, content["hazards"]),
        product_rules=_records(ProductRule, content["product_rules"]),
        reaction_definitions=_records(ReactionDefinition, content["reaction_definitions"]),
        reaction_changes=_records(ReactionChange, content["reaction_changes"]),
        evidence=Evidence(**_all_later(_EVIDENCE, content["evidence"])),
        kinetics=Kinetics(**_all_later(_KINETICS, content["kinetics"])),
        audits=Audits(**_all_later(_AUDITS, content["audits"])),
        verdicts=decode(VerdictTable, content["verdicts"]),
        rounding=decode(Rounding, content["rounding"]),
        trees=MappingProxyType({text: restore(tree) for text, tree in content["trees"].items()}),
        column_trees=MappingProxyType({text: restore(tree) for text, tree in content["column_trees"].items()}),
        hash=content["hash"],
        formulary=decode(Formulary, content["formulary"]) if content["formulary"] else None,
    )


class _Stored(Mapping[str, Any]):
    """Records that are decoded when they are asked for: one answer needs few of them.

    ``kind`` gives their type, and is called when the first of them is: their module is not read before.
    """

    def __init__(self, kind: Callable[[], Any], items: Mapping[str, Any]) -> None:
        self._kind, self._items, self._decoded = kind, items, dict[str, Any]()

    def __getitem__(self, key: str) -> Any:  # noqa: ANN401 - a record of its kind
        if key not in self._decoded:
            self._decoded[key] = decode(self._kind(), self._items[key])
        return self._decoded[key]

    def __contains__(self, key: object) -> bool:
        return key in self._items

    def __iter__(self) -> Iterator[str]:
        return iter(self._items)

    def __len__(self) -> int:
        return len(self._items)


def _all_later(kinds: Mapping[str, tuple[str, str]], content: Mapping[str, Any]) -> dict[str, _Stored]:
    return {name: _later(module, kind, content.get(name, {})) for name, (module, kind) in kinds.items()}


def _later(module: str, kind: str, items: Mapping[str, Any]) -> _Stored:
    return _Stored(lambda: getattr(import_module(f"ivigil.knowledge.{module}"), kind), items)


def _records(kind: Any, items: dict[str, Any]) -> Any:  # noqa: ANN401 - a mapping of records of type ``kind``
    return MappingProxyType({key: decode(kind, item) for key, item in items.items()})


def _rule_set(stored: dict[str, Any]) -> RuleSet:
    appraisals = _Stored(lambda: Appraisal, stored["appraisals"])
    rounding = decode(Rounding, stored["rounding"]) if "rounding" in stored else None
    return RuleSet(decode(RuleSetHead, stored["head"]), appraisals, stored["hash"], rounding)
