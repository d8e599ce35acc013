"""What doses and weights are worked out from, as exact amounts: the measures of the patient and of the order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from ivigil.criteria.frames import FactColumns
from ivigil.criteria.frames.columns import Ends
from ivigil.populations.exactness import Amount, Grid, enclosed
from ivigil.populations.rows import BY_WEIGHT, EXACT, WEIGHT
from ivigil.tables import Expr, column, literal
from ivigil.tables.arithmetic import as_number
from ivigil.tables.expressions import certainly, first_known, some, where

HEIGHT, BEFORE_PREGNANCY, DAYS, AGE, BMI = (
    "height",
    "pre_pregnancy_weight",
    "request_infusion_days",
    "age",
    "body_mass_index",
)
# Finer than what is measured: pounds to the tenth are kg with nine decimals. Whatever is finer, or not below the most,
# is left to the row evaluator where it matters.
GRIDS: Mapping[str, Grid] = {
    WEIGHT: Grid(9, 700),
    BEFORE_PREGNANCY: Grid(9, 700),
    HEIGHT: Grid(3, 300),
    DAYS: Grid(0, 400),
    "request_total_dose_per_kg": Grid(4, 100),
    "request_daily_dose_per_kg": Grid(4, 100),
    "request_total_dose": Grid(6, 10000),
    "request_daily_dose": Grid(6, 10000),
}
# Measures that rules compare with constants, and the parts of what is known of them.
_COMPARED = (*GRIDS, AGE, BMI)
_PARTS = ("from", "to", "from is left out", "to is left out")
_UNFIT = "measures beyond what is counted"


@dataclass(frozen=True)
class MeasuredColumns(FactColumns):
    """The facts of a table that has gone through :meth:`Measures.steps`: the ends of measures are columns of it."""

    def ends(self, fact_id: str) -> Ends:
        """A number's two ends."""
        name = self.renamed.get(fact_id, fact_id)
        return Ends(*(column(_name(name, part)) for part in _PARTS)) if name in _COMPARED else super().ends(fact_id)


@dataclass(frozen=True)
class Measures:
    """The measures of a table that has gone through :meth:`steps`."""

    columns: MeasuredColumns

    def steps(self) -> list[dict[str, Expr]]:
        """What a table is given, one step after the other: the whole numbers of every measure."""
        fits = {_name(fact, "fits"): self._fits(fact) for fact in GRIDS}
        values = {_name(fact, "value"): where(column(_name(fact, "fits")), self._nearest(fact)) for fact in GRIDS}
        known = {_name(fact, "known"): self._is_known(fact) for fact in (*GRIDS, BMI, AGE)}
        ends: dict[str, Expr] = {}
        for fact, grid in GRIDS.items():
            exactly = ~self.columns.value(fact).is_null()
            amount = enclosed(column(_name(fact, "value")), grid, exactly=exactly)
            ends |= {_name(fact, "low"): amount.low, _name(fact, "high"): amount.high}
        days = self.amount(DAYS)
        beyond = [self.is_known(fact) & ~column(_name(fact, "fits")) for fact in GRIDS]
        unfit = {_UNFIT: some([*beyond, certainly(days.low != days.high)])}
        return [{**fits, **known, **self._spans()}, values, ends, unfit]

    def _spans(self) -> dict[str, Expr]:
        """The ends of what is known of a measure."""
        return {
            _name(fact, part): one
            for fact in _COMPARED
            for part, one in zip(_PARTS, _parts(FactColumns.ends(self.columns, fact)), strict=True)
        }

    @property
    def unfit(self) -> Expr:
        """Whether a measure is known that is not counted, or days that are not whole: definite."""
        return column(_UNFIT)

    def amount(self, fact: str) -> Amount:
        """A measure; empty where it is not known to be one number."""
        value, low, high = (column(_name(fact, part)) for part in ("value", "low", "high"))
        return Amount(value, low, high, GRIDS[fact].digits, Decimal(GRIDS[fact].most))

    def is_known(self, fact: str) -> Expr:
        """Whether a number is known to have one value: definite."""
        return column(_name(fact, "known"))

    def _is_known(self, fact: str) -> Expr:
        known = ~self.columns.value(fact).is_null()
        exact = self._text(fact)
        return known if exact is None else known | ~exact.is_null()

    def follows_from_weight(self, fact: str) -> Expr:
        """Whether a dose rests on the recorded weight: definite."""
        name = fact + BY_WEIGHT
        return certainly(column(name)) if name in self.columns.present else literal(value=False)

    def _text(self, fact: str) -> Expr | None:
        return column(fact + EXACT) if fact + EXACT in self.columns.present else None

    def _nearest(self, fact: str) -> Expr:
        """The value as a float, or the lower of the two floats between which it lies."""
        value, exact = as_number(self.columns.value(fact)), self._text(fact)
        return (
            value
            if exact is None
            else first_known((value, where(~exact.is_null(), FactColumns.ends(self.columns, fact).low)))
        )

    def _fits(self, fact: str) -> Expr:
        """Nothing that a case can hold is 0; what a dose of 0 contradicts is left to the row evaluator."""
        value = self._nearest(fact)
        return certainly((value > 0) & (value < GRIDS[fact].most))


def _parts(ends: Ends) -> tuple[Expr, Expr, Expr, Expr]:
    return ends.low, ends.high, ends.low_open, ends.high_open


def _name(fact: str, part: str) -> str:
    return f"{fact} {part}"
