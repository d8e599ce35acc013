"""Floor 3: knowledge as data: rule sets, appraisals, claims and checks, and the sources they rest on."""

from ivigil.knowledge.library import Library, RuleSet, has
from ivigil.knowledge.loading import data_folder, load
from ivigil.knowledge.parts import every_criterion
from ivigil.knowledge.records import (
    Alternative,
    Appraisal,
    Claim,
    Criterion,
    Indication,
    Regimen,
    Source,
    Span,
    VerdictName,
    VerdictRow,
)

__all__ = [
    "Alternative",
    "Appraisal",
    "Claim",
    "Criterion",
    "Indication",
    "Library",
    "Regimen",
    "RuleSet",
    "Source",
    "Span",
    "VerdictName",
    "VerdictRow",
    "data_folder",
    "every_criterion",
    "has",
    "load",
]
