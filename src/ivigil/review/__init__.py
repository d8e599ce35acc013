"""Floor 5: the decision on one request: which indication, which row of the verdict table, and what is missing."""

from ivigil.review.decision import (
    Change,
    CriterionResult,
    Decision,
    DoseCheck,
    DoseLine,
    ExceptionResult,
    FactShown,
    MayStart,
    Missing,
    Outcome,
    RegimenCheck,
)
from ivigil.review.judge import Judge

__all__ = [
    "Change",
    "CriterionResult",
    "Decision",
    "DoseCheck",
    "DoseLine",
    "ExceptionResult",
    "FactShown",
    "Judge",
    "MayStart",
    "Missing",
    "Outcome",
    "RegimenCheck",
]
