"""Why a product does not fit a patient, or is not known to: one reason at a time, with its source and what to ask."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from ivigil.criteria import Truth
from ivigil.knowledge.product_records import Status, Substance

ReasonKind = Literal["contraindication", "product-rule", "iga", "route", "age", "licence", "marketing", "formulary"]
Effect = Literal["out", "unclear", "caution", "note"]


@dataclass(frozen=True)
class Reason:
    """One thing said of a product for a patient.

    *out* and *unclear* decide, *caution* and *note* leave the product in. ``text`` is the rule in its source's sense,
    ``why`` what makes it apply here. ``needs`` are the facts of the patient that could settle it, asked for by
    ``question``; ``verify`` are the substances to look up on the label.
    """

    kind: ReasonKind
    effect: Effect
    rule: str
    text: str
    why: str
    status: Status = "verified"
    sources: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    question: str | None = None
    verify: tuple[Substance, ...] = ()


def effect_of(truth: Truth, *, warns: bool) -> Effect | None:
    """What a restriction does to a product: nothing where it does not hold."""
    if truth is Truth.NOT_MET:
        return None
    if warns:
        return "caution"
    return "out" if truth is Truth.MET else "unclear"
