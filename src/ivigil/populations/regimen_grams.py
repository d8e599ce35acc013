"""The grams that a total per kg comes to at a rule's weight, rounded as the rule does it."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from ivigil.criteria.frames.columns import Ends
from ivigil.criteria.frames.spans import ordered
from ivigil.knowledge.dosing_records import DoseRounding
from ivigil.populations.exactness import Amount, steps_below
from ivigil.tables import Expr, literal
from ivigil.tables.arithmetic import as_number
from ivigil.tables.expressions import certainly, first_known, where


@dataclass(frozen=True)
class Grams:
    """Grams as the nearest float, and whether rounding is undecided: definite."""

    value: Expr
    undecided: Expr


def grams(per_kg: Amount, weight: Amount, rounding: DoseRounding | None, ages: Ends) -> Grams:
    """A total at a weight, rounded where the patient is surely of an age for it; empty where either is not known.

    A rule that bounds by how much a dose may change is left to the row evaluator.
    """
    plain = per_kg.value * weight.value
    if rounding is None:
        return Grams(plain, literal(value=False))
    of_age = _of_age(rounding, ages)
    if rounding.change_at_most_percent is not None:
        return Grams(plain, of_age & certainly(~plain.is_null()))
    low, high = _steps(weight.with_each(per_kg), rounding)
    rounded = where(of_age & certainly(low > 0), as_number(low) * float(rounding.step_g))
    return Grams(first_known((rounded, plain)), of_age & certainly(low != high))


def _of_age(rounding: DoseRounding, ages: Ends) -> Expr:
    youngest = rounding.from_years
    return literal(value=True) if youngest is None else certainly(ordered(ages, ">=", youngest))


def _steps(dose: Amount, rounding: DoseRounding) -> tuple[Expr, Expr]:
    """How many whole steps a dose is rounded to, at its low and at its high end; half a step goes up."""
    step = rounding.step_g
    match rounding.direction:
        case "nearest":
            return steps_below(dose.plus(step / 2), step)
        case "down":
            return steps_below(dose, step)
    one = dose.plus(step)  # counted as finely as both
    return steps_below(one.plus(Decimal(-1).scaleb(-one.digits)), step)
