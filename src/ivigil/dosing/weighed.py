"""What a weight rule comes to for one patient."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from ivigil.knowledge.dosing_records import WeightClause, WeightRule

Basis = Literal["actual", "ideal", "adjusted", "pre-pregnancy"]
WeighedState = Literal["certain", "ambiguous", "unknown", "not-stated"]


@dataclass(frozen=True)
class WeightOutcome:
    """A weight that a rule may dose by, and the clauses that lead to it.

    ``guarded`` is set where the rule's own weight lies above the actual one, which then takes its place.
    """

    basis: Basis
    weight_kg: Decimal
    clauses: tuple[WeightClause, ...]
    guarded: bool = False


@dataclass(frozen=True)
class Weighed:
    """What a rule says of one patient.

    ``certain``: one weight. ``ambiguous``: the rule names several, and nothing more could be asked. ``unknown``: facts
    are missing, or the formula gives no weight; ``needs`` are the facts that could settle it, and ``outcomes`` the
    weights that are possible so far. ``not-stated``: the rule does not speak of this patient. ``actual_kg`` is the
    weight as recorded, whatever the rule doses by.
    """

    rule: WeightRule
    state: WeighedState
    outcomes: tuple[WeightOutcome, ...]
    needs: tuple[str, ...] = ()
    cautions: tuple[str, ...] = ()
    actual_kg: Decimal | None = None
