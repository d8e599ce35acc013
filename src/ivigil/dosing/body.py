"""A patient's size as one weight rule sees it: ideal and adjusted weight by the rule's own formula, exactly.

Sex and pregnancy decide which weights there are. Where they are not known, each way that they could be is one body.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from ivigil.dosing.errors import above_zero
from ivigil.facts import Catalogue, Exactly, Extent, OneOf, Settled
from ivigil.facts.extent import Between, meet
from ivigil.facts.settle import number
from ivigil.knowledge.dosing_records import IdealWeight, WeightRule
from ivigil.units import convert
from ivigil.units.amounts import as_decimal

Sex = Literal["female", "male"]
WEIGHT, HEIGHT, SEX, PREGNANT = "weight", "height", "sex", "pregnant"
BEFORE_PREGNANCY, BMI, TO_IDEAL = "pre_pregnancy_weight", "body_mass_index", "weight_to_ideal"
SEXES: tuple[Sex, ...] = ("female", "male")
Known = Mapping[str, Settled]


def ideal_kg(formula: IdealWeight, height_cm: Decimal, sex: Sex) -> Decimal:
    """The ideal weight in kg; 0 or less where the patient is too small for the formula."""
    base = formula.male_base_kg if sex == "male" else formula.female_base_kg
    inches = Fraction(above_zero(height_cm, "a height in cm")) * Fraction(formula.inches_per_cm)
    return as_decimal(Fraction(base) + Fraction(formula.kg_per_inch) * (inches - Fraction(formula.above_inches)))


def adjusted_kg(ideal: Decimal, actual: Decimal, fraction: Decimal) -> Decimal:
    """The ideal weight and that fraction of what the actual weight (both in kg) lies above it."""
    excess = Fraction(above_zero(actual, "a weight in kg")) - Fraction(ideal)
    return as_decimal(Fraction(ideal) + Fraction(fraction) * excess)


def body_mass_index(weight_kg: Decimal, height_cm: Decimal) -> Decimal:
    """Weight over height squared, in kg/m2."""
    height_m = Fraction(convert(above_zero(height_cm, "a height in cm"), "cm", "m"))
    return as_decimal(Fraction(above_zero(weight_kg, "a weight in kg")) / height_m**2)


@dataclass(frozen=True)
class Body:
    """One way that sex and pregnancy could be, and the size that a rule then goes by.

    ``weight_kg`` is the weight that counts as the actual one: in pregnancy it may be that of before. ``pregnant`` is
    ``None`` where the rule does not ask.
    """

    sex: Sex
    pregnant: bool | None
    weight_kg: Decimal | None
    height_cm: Decimal | None
    before_pregnancy: bool

    @property
    def weight_fact(self) -> str:
        """The fact that the weight is read from."""
        return BEFORE_PREGNANCY if self.before_pregnancy else WEIGHT

    @property
    def basis(self) -> Literal["actual", "pre-pregnancy"]:
        """What the weight that counts as the actual one is called."""
        return "pre-pregnancy" if self.before_pregnancy else "actual"

    def ideal_kg(self, rule: WeightRule) -> Decimal | None:
        """The ideal weight by the formula of ``rule``; 0 or less where the patient is too small for it."""
        return ideal_kg(rule.ideal, self.height_cm, self.sex) if rule.ideal and self.height_cm else None

    def adjusted_kg(self, rule: WeightRule) -> Decimal | None:
        """The adjusted weight, where the formula gives an ideal one."""
        ideal = self.ideal_kg(rule)
        if ideal is None or ideal <= 0 or self.weight_kg is None or rule.adjusted_fraction is None:
            return None
        return adjusted_kg(ideal, self.weight_kg, rule.adjusted_fraction)

    def extents(self, rule: WeightRule, known: Known, catalogue: Catalogue) -> dict[str, Extent | None]:
        """What is known of the case, with what follows from this body."""
        found = {fact: one.extent for fact, one in known.items()}
        found[SEX] = Exactly(self.sex)
        if self.pregnant is not None:
            found[PREGNANT] = Exactly(self.pregnant)
        found[TO_IDEAL] = _plausible(self._to_ideal(rule), TO_IDEAL, catalogue)
        if self.before_pregnancy:
            found[WEIGHT] = _plausible(self.weight_kg, WEIGHT, catalogue)
        if self.before_pregnancy or not isinstance(found.get(BMI), Exactly):
            found[BMI] = _plausible(self._body_mass_index(), BMI, catalogue)
        return found

    def _to_ideal(self, rule: WeightRule) -> Decimal | None:
        ideal = self.ideal_kg(rule)
        if ideal is None or ideal <= 0 or self.weight_kg is None:
            return None
        return as_decimal(Fraction(self.weight_kg) / Fraction(ideal))

    def _body_mass_index(self) -> Decimal | None:
        return body_mass_index(self.weight_kg, self.height_cm) if self.weight_kg and self.height_cm else None


def bodies(rule: WeightRule, known: Known, *, asks_pregnancy: bool) -> Iterator[Body]:
    """Every way that sex and pregnancy could be, as far as ``rule`` asks for them."""
    for sex in possible_sexes(known):
        for pregnant in _possible_pregnancy(known, sex) if asks_pregnancy else (None,):
            before = pregnant is True and rule.pregnancy_weight == "pre-pregnancy"
            weight = amount(known, BEFORE_PREGNANCY if before else WEIGHT)
            yield Body(sex, pregnant, weight, amount(known, HEIGHT), before)


def amount(known: Known, fact: str) -> Decimal | None:
    """The number that a fact is known to have."""
    return number(known[fact].extent) if fact in known else None


def possible_sexes(known: Known) -> tuple[Sex, ...]:
    """The sexes a formula may be asked for; both where the recorded one is neither."""
    extent = known[SEX].extent if SEX in known else None
    if isinstance(extent, OneOf):
        return SEXES
    return tuple(sex for sex in SEXES if extent == Exactly(sex)) or SEXES


def _possible_pregnancy(known: Known, sex: Sex) -> tuple[bool, ...]:
    """A recorded pregnancy counts for anybody; where none is recorded, a man is taken not to be pregnant."""
    extent = known[PREGNANT].extent if PREGNANT in known else None
    if isinstance(extent, Exactly):
        return (extent.value is True,)
    return (False,) if sex == "male" else (False, True)


def _plausible(value: Decimal | None, fact: str, catalogue: Catalogue) -> Extent | None:
    """A computed value as an extent, unless it lies outside the plausible range of its fact."""
    bounds = catalogue[fact].range
    if value is None or bounds is None:
        return None if value is None else Exactly(value)
    return meet(Exactly(value), Between(bounds.min, bounds.max))
