"""Rounding a dose by a programme's rule: for the ages it is meant for, and never by more than it allows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import ceil, floor

from ivigil.criteria import Truth
from ivigil.criteria.evaluate import leaf_truth
from ivigil.criteria.tree import Compare
from ivigil.dosing.errors import above_zero
from ivigil.facts import Extent
from ivigil.knowledge.dosing_records import DoseRounding
from ivigil.units import shown
from ivigil.units.amounts import as_decimal

AGE = "age"
_PERCENT = 100
_STEPS: dict[str, Callable[[Fraction], int]] = {
    "down": floor,
    "up": ceil,
    "nearest": lambda steps: floor(steps + Fraction(1, 2)),  # half a step goes up
}


@dataclass(frozen=True)
class Rounded:
    """A dose after rounding. ``applied`` is false where the rule leaves the dose as it is; ``said`` tells why."""

    dose_g: Decimal
    unrounded_g: Decimal
    applied: bool
    said: str
    needs: tuple[str, ...] = ()


def round_dose(dose_g: Decimal, rule: DoseRounding, age: Extent | None) -> Rounded:
    """``dose_g`` by ``rule``; a patient whose age may be below that of the rule is not rounded for."""
    above_zero(dose_g, "a dose in g")
    unfit = _unfit(rule.from_years, age)
    if unfit is not None:
        return _as_it_is(dose_g, *unfit)
    step = Fraction(above_zero(rule.step_g, "a rounding step in g"))
    rounded = as_decimal(_STEPS[rule.direction](Fraction(dose_g) / step) * step)
    why_not = _refused(dose_g, rounded, rule)
    if why_not is not None:
        return _as_it_is(dose_g, why_not)
    return Rounded(rounded, dose_g, applied=True, said=_told(dose_g, rounded, rule))


def _unfit(from_years: Decimal | None, age: Extent | None) -> tuple[str, tuple[str, ...]] | None:
    """Why a patient of this age is not rounded for, and what would have to be known; ``None`` where nothing is."""
    if from_years is None:
        return None
    said = f"Not rounded: the rule is for patients from {shown(from_years)} years"
    match leaf_truth(Compare(AGE, ">=", from_years), age):
        case Truth.MET:
            return None
        case Truth.UNKNOWN:
            return f"{said}, and the age is not known.", (AGE,)
    return f"{said}.", ()


def _told(dose_g: Decimal, rounded: Decimal, rule: DoseRounding) -> str:
    step = shown(rule.step_g)
    if rounded == dose_g:
        return f"Rounding to {step} g changes nothing."
    way = f"to the nearest {step} g" if rule.direction == "nearest" else f"{rule.direction} to a multiple of {step} g"
    return f"Rounded {way}: {shown(dose_g)} g to {shown(rounded)} g."


def _as_it_is(dose_g: Decimal, said: str, needs: tuple[str, ...] = ()) -> Rounded:
    return Rounded(dose_g, dose_g, applied=False, said=said, needs=needs)


def _refused(dose_g: Decimal, rounded: Decimal, rule: DoseRounding) -> str | None:
    """Why a dose is better left as it is."""
    if rounded <= 0:
        return f"Not rounded: nothing would be left of {shown(dose_g)} g."
    change = abs(Fraction(rounded) - Fraction(dose_g)) / Fraction(dose_g) * _PERCENT
    most = rule.change_at_most_percent
    if most is None or change <= most:
        return None
    return f"Not rounded: {shown(rounded)} g for {shown(dose_g)} g would change the dose by more than {shown(most)}%."
