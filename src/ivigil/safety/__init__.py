"""Floor 4: hazards, precautions, product restrictions and reactions."""

from ivigil.safety.availability import Licensed
from ivigil.safety.certainty import Certainty, LevelFound, SignsKnown, classify
from ivigil.safety.checklist import ChecklistItem, Part, checklist
from ivigil.safety.hazards import AtRisk, FactorFound, FactorState, HazardFound, at_risk, hazards_of
from ivigil.safety.overrides import IgaRank, OverriddenFit, override, overrides
from ivigil.safety.products import FitState, ProductFit, fitting
from ivigil.safety.reactions import ChangeFound, Reaction, changes, recorded, side_by_side
from ivigil.safety.reasons import Effect, Reason, ReasonKind
from ivigil.safety.schemes import GradeGiven

__all__ = [
    "AtRisk",
    "Certainty",
    "ChangeFound",
    "ChecklistItem",
    "Effect",
    "FactorFound",
    "FactorState",
    "FitState",
    "GradeGiven",
    "HazardFound",
    "IgaRank",
    "LevelFound",
    "Licensed",
    "OverriddenFit",
    "Part",
    "ProductFit",
    "Reaction",
    "Reason",
    "ReasonKind",
    "SignsKnown",
    "at_risk",
    "changes",
    "checklist",
    "classify",
    "fitting",
    "hazards_of",
    "override",
    "overrides",
    "recorded",
    "side_by_side",
]
