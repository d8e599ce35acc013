"""A folder of knowledge: which files there are, what each holds, and every fault in reading them.

==================  ============================================================
``facts/``          one fact a file
``option-sets/``    options that several facts share
``terminology/``    coded answers, and how immunoglobulin orders are recognised
``sources/``        one source a file
``indications/``    one indication a file
``rule-sets/ID/``   ``rule-set.yaml``, one appraisal a file, named by indication, and where the body rounds doses
                    in its own way ``rounding.yaml``
``claims/``         one claim with its check a file
``differences/``    one question on which sources disagree a file
``products/``       one product under one region's label a file
``weight-rules/``   one programme's rule for the weight a dose goes by a file
``rate-protocols/`` one programme's steps for infusions a file
``hazards/``        one adverse event a file
``product-rules/``  one reason why a patient cannot have some products a file
``reaction-definitions/``, ``reaction-changes/``  how reactions are named, and what one changes
``studies/``        one study or review, with the figures read from it, a file
``analyses/``       one question whose studies are pooled a file
``recomputations/`` one figure of a claim that can be computed again a file
``grading-schemes/``, ``certainty/``, ``grade-hints/``  levels of evidence; how sure a body was; rules of thumb
``queries/``        one literature search a file
``kinetic-models/``, ``fcrn-models/``  one model of IgG with its parameters a file
``hypotheses/``     one way an action of immunoglobulin may work a file
``kinetic-targets/`` one published quantity that a model should give a file
``audit-rules/``    one programme's flag for high use a file
``policy/``         the verdict table, the rounding of doses, which figures a report hides, and in a local folder its
                    formulary
==================  ============================================================
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ivigil.documents import BadInput, Fault, Place, parse_yaml
from ivigil.facts.definition import Fact
from ivigil.facts.readers.vocabulary import Medication
from ivigil.knowledge.analysis_records import Analysis
from ivigil.knowledge.audit_records import Disclosure, HighUse
from ivigil.knowledge.digest import files_of
from ivigil.knowledge.dosing_records import Formulary, RateProtocol, WeightRule
from ivigil.knowledge.grading_records import CertaintyRating, GradingScheme, HintRule
from ivigil.knowledge.kinetic_records import FcRnModel, Hypothesis, KineticTarget, LinearModel
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

KINDS: dict[str, type] = {
    "facts": Fact,
    "option-sets": OptionSet,
    "terminology/truth-answers": Answers,
    "terminology/immunoglobulin": Medication,
    "terminology/doubt": Doubt,
    "sources": Source,
    "indications": Indication,
    "claims": Claim,
    "differences": Difference,
    "products": Product,
    "weight-rules": WeightRule,
    "rate-protocols": RateProtocol,
    "hazards": Hazard,
    "product-rules": ProductRule,
    "reaction-definitions": ReactionDefinition,
    "reaction-changes": ReactionChange,
    "studies": Study,
    "analyses": Analysis,
    "recomputations": Recomputation,
    "grading-schemes": GradingScheme,
    "certainty": CertaintyRating,
    "grade-hints": HintRule,
    "queries": SearchQuery,
    "kinetic-models": LinearModel,
    "fcrn-models": FcRnModel,
    "hypotheses": Hypothesis,
    "kinetic-targets": KineticTarget,
    "policy/verdicts": VerdictTable,
    "policy/rounding": Rounding,
    "policy/formulary": Formulary,
    "policy/disclosure": Disclosure,
    "audit-rules": HighUse,
    "rule-sets/rule-set": RuleSetHead,
    "rule-sets/rounding": Rounding,
    "rule-sets": Appraisal,
}


@dataclass(frozen=True)
class Entry:
    """One file: what it holds, and where each part of it stands."""

    key: str
    record: Any  # one of KINDS' types
    place: Place
    folder: str


@dataclass
class Folder:
    """All files of a folder, by kind."""

    root: Path
    entries: list[Entry] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)

    def of(self, kind: type) -> list[Entry]:
        """The files that hold a record of type ``kind``, in order of path."""
        return [entry for entry in self.entries if isinstance(entry.record, kind)]


def read_folder(root: Path, *, own: bool = False) -> Folder:
    """Every file of ``root``, read and checked against its type; faults are gathered, not raised.

    ``own`` is for ivigil's own files, which are tested to be read alike by the quick reader of YAML.
    """
    folder = Folder(root)
    for path in sorted(root.rglob("*.yml")):
        expected = "the ending .yaml"
        folder.faults.append(Fault(path.relative_to(root).as_posix(), "a file that would not be read", expected))
    for path in files_of(root):
        name = path.relative_to(root).as_posix()
        kind = _kind(name)
        if kind is None:
            folder.faults.append(Fault(name, "a file in no known place", "one of " + ", ".join(KINDS)))
            continue
        try:
            folder.entries.append(_read(path, name, kind, quickly=own))
        except BadInput as error:
            folder.faults += error.faults
    return folder


def _kind(name: str) -> type | None:
    parts = name.removesuffix(".yaml").split("/")
    if parts[0] == "rule-sets":
        kind = KINDS.get(f"rule-sets/{parts[-1]}", KINDS["rule-sets"])
        return kind if len(parts) == 3 else None  # noqa: PLR2004 - rule-sets/ID/file
    return KINDS.get("/".join(parts)) or (KINDS.get(parts[0]) if len(parts) == 2 else None)  # noqa: PLR2004 - kind/file


def _read(path: Path, name: str, kind: type, *, quickly: bool) -> Entry:
    from ivigil.documents.schemas import check  # noqa: PLC0415 - pydantic is read only where YAML is

    data, place = parse_yaml(path.read_bytes(), name, quickly=quickly)
    record: Any = check(kind, data, place)  # one of KINDS' types
    key = getattr(record, "indication", None) if kind is Appraisal else record.id
    expected = path.parent.name if kind is RuleSetHead else path.stem
    if key != expected:
        field_name = "indication" if kind is Appraisal else "id"
        raise BadInput([Fault(place.of((field_name,)), repr(key), f"{expected!r}, as the file is named")])
    return Entry(str(key), record, place, path.parent.name)
