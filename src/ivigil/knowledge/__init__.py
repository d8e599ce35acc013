"""Floor 3: knowledge as data: rule sets, appraisals, claims and checks, and the sources they rest on."""

from ivigil.knowledge.library import Library, RuleSet, has
from ivigil.knowledge.loading import data_folder, load
from ivigil.knowledge.parts import every_criterion, passages_of
from ivigil.knowledge.records import (
    Alternative,
    Appraisal,
    Claim,
    Criterion,
    Difference,
    Indication,
    Level,
    Passage,
    Position,
    Regimen,
    ReviewRule,
    Rounding,
    Source,
    Span,
    StandingException,
    StandingName,
    VerdictName,
    VerdictRow,
)

__all__ = [
    "Alternative",
    "Appraisal",
    "Claim",
    "Criterion",
    "Difference",
    "Indication",
    "Level",
    "Library",
    "Passage",
    "Position",
    "Regimen",
    "ReviewRule",
    "Rounding",
    "RuleSet",
    "Source",
    "Span",
    "StandingException",
    "StandingName",
    "VerdictName",
    "VerdictRow",
    "data_folder",
    "every_criterion",
    "has",
    "load",
    "passages_of",
]
