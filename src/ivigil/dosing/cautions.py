"""What a reader should know about the weight that a rule comes to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from ivigil.dosing.body import HEIGHT, PREGNANT, SEX, SEXES, WEIGHT, Body, Known, amount
from ivigil.dosing.weighed import WeightOutcome
from ivigil.facts import Exactly
from ivigil.knowledge.dosing_records import IdealWeight, WeightRule
from ivigil.units import shown

_FORMULA = frozenset({"ideal", "adjusted"})


def cautions_of(
    rule: WeightRule, outcomes: Sequence[WeightOutcome], known: Known, bodies: Sequence[Body]
) -> tuple[str, ...]:
    """Each caution once, in a fixed order; ``bodies`` are those for which a weight by the formula was asked."""
    found = [*_of_height(rule, known, bodies), *_of_sex(known, bodies)]
    return tuple(dict.fromkeys([*found, *_of_lean(outcomes, known), *_of_pregnancy(rule, known)]))


def _of_height(rule: WeightRule, known: Known, bodies: Sequence[Body]) -> Iterator[str]:
    height = amount(known, HEIGHT)
    if rule.ideal is None or height is None or not bodies:
        return
    ideals = [body.ideal_kg(rule) for body in bodies]
    if any(ideal is not None and ideal <= 0 for ideal in ideals):
        yield "At this height the formula of the ideal weight gives no weight."
    elif _below(rule.ideal, height):
        inches = shown(rule.ideal.above_inches)
        yield f"The formula of the ideal weight counts up from {inches} inches; for this patient it is extrapolated."


def _below(formula: IdealWeight, height_cm: Decimal) -> bool:
    """Whether a height lies below that from which the formula counts."""
    return height_cm * formula.inches_per_cm < formula.above_inches


def _of_sex(known: Known, bodies: Sequence[Body]) -> Iterator[str]:
    extent = known[SEX].extent if SEX in known else None
    if bodies and isinstance(extent, Exactly) and extent.value not in SEXES:
        yield "The formula of the ideal weight has one base for women and one for men: both weights are shown."


def _of_lean(outcomes: Sequence[WeightOutcome], known: Known) -> Iterator[str]:
    actual = amount(known, WEIGHT)
    for one in outcomes:
        if one.guarded:
            yield "The weight by the formula lies above the actual weight, which takes its place."
        elif one.basis in _FORMULA and actual is not None and one.weight_kg > actual:
            yield f"The {one.basis} weight lies above the actual weight: it raises the dose of a lean patient."


def _of_pregnancy(rule: WeightRule, known: Known) -> Iterator[str]:
    extent = known[PREGNANT].extent if PREGNANT in known else None
    if not (isinstance(extent, Exactly) and extent.value is True):
        return
    if rule.pregnancy_weight == "pre-pregnancy":
        yield "In pregnancy the weight before it takes the place of the actual weight."
    elif not any(clause.when and PREGNANT in clause.when for clause in rule.clauses):
        yield "The patient is pregnant, and the rule says nothing of pregnancy."
