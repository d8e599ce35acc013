"""A patient's size as weight rules see it, over tables: :mod:`ivigil.dosing.body` as exact amounts."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal

from ivigil.criteria.frames import FactColumns, open_classes
from ivigil.criteria.partition import Partition, ValueClass
from ivigil.dosing.body import PREGNANT, SEX, SEXES, TO_IDEAL, Sex
from ivigil.facts import Between
from ivigil.knowledge.dosing_records import IdealWeight, WeightRule
from ivigil.populations.exactness import Amount, at_most, below, constant
from ivigil.populations.measured import BEFORE_PREGNANCY, BMI, HEIGHT, MeasuredColumns, Measures
from ivigil.populations.rows import WEIGHT
from ivigil.tables import Expr, column, literal
from ivigil.tables.expressions import certainly, every, first_known, possibly, where
from ivigil.units import convert

_M2_PER_CM2 = convert(Decimal(1), "cm2", "m2")
_POSSIBLE, _UNIT = "possible", "kg at an index of 1"
_PREGNANCY = (None, False, True)


@dataclass(frozen=True)
class Body:
    """One way that sex and pregnancy could be; ``before``: the weight before pregnancy counts."""

    sex: Sex
    pregnant: bool | None
    before: bool

    @property
    def weight_fact(self) -> str:
        """The fact that the weight is read from."""
        return BEFORE_PREGNANCY if self.before else WEIGHT


@dataclass(frozen=True)
class Sizes:
    """The sizes of every body for ``rules``, in a table that has its measures and has gone through :meth:`steps`."""

    measures: Measures
    rules: tuple[WeightRule, ...]

    @property
    def columns(self) -> FactColumns:
        """The facts of the table."""
        return self.measures.columns

    def steps(self) -> list[dict[str, Expr]]:
        """What a table is given, one step after the other."""
        formulas = [(rule, Body(sex, None, before=False)) for rule in self.rules if rule.ideal for sex in SEXES]
        first: dict[str, Expr] = self._index_unit.columns(_UNIT)
        second: dict[str, Expr] = {}
        for rule, body in formulas:
            first |= self._ideal(rule, body).columns(_ideal_name(rule, body))
            second |= {f"{_ideal_name(rule, body)} is above 0": self._is_positive(rule, body)}
        for rule, body in formulas:
            for before in (False, True) if rule.adjusted_fraction is not None else ():
                lean = replace(body, before=before)
                second |= self._adjusted(rule, lean).columns(_adjusted_name(rule, lean))
        possible = {f"{_POSSIBLE} {sex} {way}": self._is_possible(sex, way) for sex in SEXES for way in _PREGNANCY}
        return [first | possible, second]

    def ideal(self, rule: WeightRule, body: Body) -> Amount:
        """The ideal weight in kg, which may be 0 or less; empty without a height."""
        return self._ideal(rule, body).read(_ideal_name(rule, body))

    def adjusted(self, rule: WeightRule, body: Body) -> Amount:
        """The adjusted weight in kg; empty where weight or height is not known."""
        return self._adjusted(rule, body).read(_adjusted_name(rule, body))

    def weight(self, body: Body) -> Amount:
        """The weight that counts as the actual one."""
        return self.measures.amount(body.weight_fact)

    def has_weight(self, body: Body) -> Expr:
        """Whether it is known: definite."""
        return self.measures.is_known(body.weight_fact)

    def has_ideal(self, rule: WeightRule, body: Body) -> Expr:
        """Whether the formula gives an ideal weight; empty where that is undecided."""
        return column(f"{_ideal_name(rule, body)} is above 0")

    def is_possible(self, body: Body) -> Expr:
        """Whether what is known allows this body: definite."""
        return column(f"{_POSSIBLE} {body.sex} {body.pregnant}")

    def open(self, part: Partition, rule: WeightRule, body: Body) -> dict[str, Expr]:
        """For each class of a fact, by the name of its column: whether it is open; undecided ones are empty."""
        opened = self._open(part, rule, body)
        return {self.open_name(part, place, rule, body): one for place, one in enumerate(opened)}

    def open_name(self, part: Partition, place: int, rule: WeightRule, body: Body) -> str:
        """The column of a class; bodies and rules that see a fact alike share it."""
        sees = {BMI: str(body.before), WEIGHT: str(body.before)}.get(part.fact, "")
        if part.fact == TO_IDEAL:
            sees = f"{body.before} {_ideal_name(rule, body)}"
        return f"open {part.fact} {sees} {part.classes[place].span or part.classes[place].values}"

    def implausible(self, fact: str, rule: WeightRule, body: Body) -> Expr:
        """Whether a computed ratio lies outside what is plausible for its fact; empty where that is undecided."""
        bounds = self.columns.fact(fact).range
        assert bounds is not None  # noqa: S101 - both ratios have one in the catalogue
        known, unit = self._ratio(fact, rule, body)
        return known & ~_inside(self.weight(body), unit, Between(bounds.min, bounds.max))

    @property
    def _index_unit(self) -> Amount:
        """The weight in kg that at a height makes an index of 1."""
        height = self.measures.amount(HEIGHT)
        return height.with_each(height).times(_M2_PER_CM2)

    def _ratio(self, fact: str, rule: WeightRule, body: Body) -> tuple[Expr, Amount]:
        """Whether the weight of a body is set against something, and against what."""
        if fact == TO_IDEAL:
            return self.has_weight(body) & self.has_ideal(rule, body), self.ideal(rule, body)
        recorded = literal(value=False) if body.before else self.measures.is_known(BMI)
        known = ~recorded & self.has_weight(body) & self.measures.is_known(HEIGHT)
        return known, self._index_unit.read(_UNIT)

    def _open(self, part: Partition, rule: WeightRule, body: Body) -> tuple[Expr, ...]:
        if part.fact in {TO_IDEAL, BMI}:
            known, unit = self._ratio(part.fact, rule, body)
            computed = tuple(~known | _holds(one, self.weight(body), unit) for one in part.classes)
            return self._unless_recorded(part, computed) if part.fact == BMI and not body.before else computed
        if part.fact != WEIGHT or not body.before:
            return open_classes(part, self.columns)
        renamed = MeasuredColumns(self.columns.catalogue, self.columns.present, {WEIGHT: BEFORE_PREGNANCY})
        return tuple(one | ~self.has_weight(body) for one in open_classes(part, renamed))

    def _unless_recorded(self, part: Partition, computed: tuple[Expr, ...]) -> tuple[Expr, ...]:
        """A body mass index that is recorded counts before one that is computed."""
        recorded = self.measures.is_known(BMI)
        both = zip(open_classes(part, self.columns), computed, strict=True)
        return tuple(first_known((where(recorded, own), where(~recorded, other))) for own, other in both)

    def _ideal(self, rule: WeightRule, body: Body) -> Amount:
        formula = _formula(rule)
        grown = self.measures.amount(HEIGHT).times(formula.kg_per_inch * formula.inches_per_cm)
        return grown.plus(_base(formula, body.sex) - formula.kg_per_inch * formula.above_inches)

    def _is_positive(self, rule: WeightRule, body: Body) -> Expr:
        return self.measures.is_known(HEIGHT) & below(constant(Decimal(0)), self.ideal(rule, body))

    def _adjusted(self, rule: WeightRule, body: Body) -> Amount:
        fraction = rule.adjusted_fraction
        assert fraction is not None  # noqa: S101 - the library is checked: a rule that adjusts has one
        return self.ideal(rule, body).times(1 - fraction).plus(self.weight(body).times(fraction))

    def _is_possible(self, sex: Sex, pregnant: bool | None) -> Expr:  # noqa: FBT001 - three-valued, not a switch
        """Whether sex and pregnancy could be so: a recorded pregnancy counts for anybody, no record not for a man."""
        recorded, state = self.columns.value(SEX), self.columns.value(PREGNANT)
        possible = ~certainly(recorded == ("male" if sex == "female" else "female"))
        match pregnant:
            case True:
                return possible & (possibly(state) if sex == "female" else certainly(state))
            case False:
                return possible & possibly(~state)
        return possible


def _holds(one: ValueClass, weight: Amount, unit: Amount) -> Expr:
    return literal(value=True) if one.span is None else _inside(weight, unit, one.span)


def _inside(weight: Amount, unit: Amount, span: Between) -> Expr:
    """Whether ``weight / unit`` lies in a span."""
    ends = []
    if span.low is not None:
        ends.append((below if span.low_open else at_most)(unit.times(span.low), weight))
    if span.high is not None:
        ends.append((below if span.high_open else at_most)(weight, unit.times(span.high)))
    return every(ends)


def _formula(rule: WeightRule) -> IdealWeight:
    assert rule.ideal is not None  # noqa: S101 - the library is checked: a rule that asks for it has one
    return rule.ideal


def _base(formula: IdealWeight, sex: Sex) -> Decimal:
    return formula.male_base_kg if sex == "male" else formula.female_base_kg


def _ideal_name(rule: WeightRule, body: Body) -> str:
    """Equal formulas share their columns."""
    one = _formula(rule)
    return f"ideal kg {_base(one, body.sex)} {one.kg_per_inch} {one.above_inches} {one.inches_per_cm}"


def _adjusted_name(rule: WeightRule, body: Body) -> str:
    return f"adjusted by {rule.adjusted_fraction} {body.before} {_ideal_name(rule, body)}"
