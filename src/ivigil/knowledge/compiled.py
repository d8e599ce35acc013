"""The compiled knowledge: one JSON file beside the YAML, so that an answer does not parse hundreds of files.

It carries the digest of the YAML it was made from; one that no longer agrees is stale and is not used.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar, get_args, get_type_hints

from ivigil.criteria import restore, store
from ivigil.documents import canonical_json, decode, encode, write_whole
from ivigil.facts import Catalogue, Fact
from ivigil.facts.definition import FactCode
from ivigil.facts.readers.vocabulary import Medication
from ivigil.knowledge.dosing_records import Formulary, RateProtocol, WeightRule
from ivigil.knowledge.folder import digest_of
from ivigil.knowledge.library import Evidence, Kinetics, Library, RuleSet
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

T = TypeVar("T")
FILE = "compiled.json"
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


def _restored(content: dict[str, Any]) -> Library:
    return Library(
        catalogue=Catalogue(_records(Fact, content["facts"]), decode(tuple[FactCode, ...], content["truth_answers"])),
        medication=decode(Medication, content["medication"]),
        doubt=decode(Doubt, content["doubt"]),
        sources=_Stored(Source, content["sources"]),
        indications=_records(Indication, content["indications"]),
        rule_sets=MappingProxyType({key: _rule_set(value) for key, value in content["rule_sets"].items()}),
        claims=_Stored(Claim, content["claims"]),
        differences=_records(Difference, content["differences"]),
        products=_records(Product, content["products"]),
        weight_rules=_records(WeightRule, content["weight_rules"]),
        rate_protocols=_records(RateProtocol, content["rate_protocols"]),
        hazards=_records(Hazard, content["hazards"]),
        product_rules=_records(ProductRule, content["product_rules"]),
        reaction_definitions=_records(ReactionDefinition, content["reaction_definitions"]),
        reaction_changes=_records(ReactionChange, content["reaction_changes"]),
        evidence=_stored(Evidence, content["evidence"]),
        kinetics=_stored(Kinetics, content["kinetics"]),
        verdicts=decode(VerdictTable, content["verdicts"]),
        rounding=decode(Rounding, content["rounding"]),
        trees=MappingProxyType({text: restore(tree) for text, tree in content["trees"].items()}),
        column_trees=MappingProxyType({text: restore(tree) for text, tree in content["column_trees"].items()}),
        hash=content["hash"],
        formulary=decode(Formulary, content["formulary"]) if content["formulary"] else None,
    )


class _Stored(Mapping[str, Any]):
    """Records that are decoded when they are asked for: one answer needs few of them."""

    def __init__(self, kind: Any, items: Mapping[str, Any]) -> None:  # noqa: ANN401 - a record's type
        self._kind, self._items, self._decoded = kind, items, dict[str, Any]()

    def __getitem__(self, key: str) -> Any:  # noqa: ANN401 - a record of its kind
        if key not in self._decoded:
            self._decoded[key] = decode(self._kind, self._items[key])
        return self._decoded[key]

    def __contains__(self, key: object) -> bool:
        return key in self._items

    def __iter__(self) -> Iterator[str]:
        return iter(self._items)

    def __len__(self) -> int:
        return len(self._items)


def _stored(kind: type[T], content: dict[str, Any]) -> T:
    """A group of mappings whose records are decoded when they are asked for."""
    hints = get_type_hints(kind)
    groups = {name: _Stored(get_args(hint)[1], content.get(name, {})) for name, hint in hints.items()}
    return kind(**groups)


def _records(kind: Any, items: dict[str, Any]) -> Any:  # noqa: ANN401 - a mapping of records of type ``kind``
    return MappingProxyType({key: decode(kind, item) for key, item in items.items()})


def _rule_set(stored: dict[str, Any]) -> RuleSet:
    appraisals = {key: decode(Appraisal, item) for key, item in stored["appraisals"].items()}
    rounding = decode(Rounding, stored["rounding"]) if "rounding" in stored else None
    return RuleSet(decode(RuleSetHead, stored["head"]), MappingProxyType(appraisals), stored["hash"], rounding)
