"""From facts to what can be told of dose, weight and hazards before the standing is known: the steps of a table.

An engine takes each step as a whole: what a step adds, the next reads as a column, so that nothing is worked out twice.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import zip_longest

from ivigil.knowledge import Appraisal, Regimen
from ivigil.knowledge.dosing_records import WeightRule
from ivigil.populations.body_sizes import Sizes
from ivigil.populations.compiled import INDICATION, RuleSetDiagram
from ivigil.populations.doses import DoseColumns
from ivigil.populations.exactness import Amount, first_amount
from ivigil.populations.hazard_columns import HazardColumns
from ivigil.populations.measured import AGE, DAYS, MeasuredColumns, Measures
from ivigil.populations.regimen_grams import Grams, grams
from ivigil.populations.regimen_totals import per_kg
from ivigil.populations.weight_columns import WeightColumns
from ivigil.populations.weight_ways import Ways
from ivigil.tables import Expr, Frame, column, literal, unknown
from ivigil.tables.expressions import certainly, first_known, one_of, some, where
from ivigil.tables.steps import stepped

GRAMS, DOSE_CHECK, CONTRADICTION, AT_RISK, EXACT_NEEDED = (
    "grams",
    "dose_check",
    "dose_contradiction",
    "at_risk",
    "exact_needed",
)
WEIGHT_STATE, WEIGHT_KG, LOW_G, HIGH_G = "weight_state:", "weight:", "regimen_low_g:", "regimen_high_g:"
HAZARD, UNPREPARED = "hazard:", "unprepared:"
NOT_STATED, CERTAIN = "not-stated", "certain"
_TOTAL = "request_total_dose"
_GROUP, _LOW, _HIGH, _ROUNDED = "regimens", "lowest g per kg", "highest g per kg", "rounding is undecided"


@dataclass(frozen=True)
class Planning:
    """The steps from facts to the columns that do not depend on the standing."""

    plan: RuleSetDiagram
    columns: MeasuredColumns

    def added(self, frame: Frame, wanted: Collection[str]) -> Frame:
        """The columns ``wanted`` of ``frame`` and of those in :func:`ivigil.populations.planned_kinds`."""
        of_weights = [{}, {}, *_together([one.steps() for one in self.weights])]
        after_measures = [
            self.sizes.steps(),
            of_weights,
            self.doses.steps(),
            [{**self.hazards.staged(self._rows_of_groups), **self._totals()}],
        ]
        first = _together([self.measures.steps(), [self._group_columns()]])
        steps = [*first, *_together(after_measures), self._states(), self._grams(), self._answers()]
        return stepped(frame, steps, self.columns.present, wanted)

    @cached_property
    def measures(self) -> Measures:
        return Measures(self.columns)

    @cached_property
    def sizes(self) -> Sizes:
        return Sizes(self.measures, tuple(self._rules))

    @cached_property
    def doses(self) -> DoseColumns:
        regimens = dict.fromkeys(one for _, regimens in self._groups for one in regimens)
        return DoseColumns(self.measures, self.plan.rules.rounding or self.plan.library.rounding, tuple(regimens))

    @cached_property
    def hazards(self) -> HazardColumns:
        return HazardColumns(self.plan.library, self.columns)

    @cached_property
    def weights(self) -> tuple[WeightColumns, ...]:
        return tuple(WeightColumns(Ways(rule, self.plan.library), self.sizes) for rule in self._rules)

    @property
    def _rules(self) -> list[WeightRule]:
        return [one for _, one in sorted(self.plan.library.weight_rules.items())]

    @cached_property
    def _groups(self) -> list[tuple[list[str], tuple[Regimen, ...]]]:
        """The indications by their recommended regimens, as far as these differ in what is compared."""
        found: dict[object, tuple[list[str], tuple[Regimen, ...]]] = {}
        for one in self.plan.appraisals:
            regimens = recommended(one)
            key = tuple((x.daily_g_per_kg, x.total_g_per_kg, x.days, x.route) for x in regimens)
            found.setdefault(key, ([], regimens))[0].append(one.indication)
        return list(found.values())

    @property
    def _rows_of_groups(self) -> list[tuple[Expr, tuple[Regimen, ...]]]:
        """Which rows each group of indications has: definite."""
        return [(column(f"{_GROUP} {place}"), regimens) for place, (_, regimens) in enumerate(self._groups)]

    def _group_columns(self) -> dict[str, Expr]:
        asked = column(INDICATION)
        return {f"{_GROUP} {place}": certainly(one_of(asked, ids)) for place, (ids, _) in enumerate(self._groups)}

    @cached_property
    def _total(self) -> tuple[Amount, Amount] | None:
        """The lowest and the highest total in g/kg of each row's regimens; ``None`` where no regimen has one."""
        days = self.measures.amount(DAYS)
        ends = [(rows, per_kg(regimens, days)) for rows, regimens in self._rows_of_groups]
        found = [(one[0].only(rows), one[1].only(rows)) for rows, one in ends if one is not None]
        return (first_amount([low for low, _ in found]), first_amount([high for _, high in found])) if found else None

    def _totals(self) -> dict[str, Expr]:
        low, high = self._total or (None, None)
        return {**low.columns(_LOW), **high.columns(_HIGH)} if low and high else {}

    def _states(self) -> dict[str, Expr]:
        """The state of each weight rule, and its weight."""
        states = {WEIGHT_STATE + one.rule.id: one.state for one in self.weights}
        return {**states, **{name: one for weight in self.weights for name, one in self._weight(weight).items()}}

    def _weight(self, weight: WeightColumns) -> dict[str, Expr]:
        amount = weight.weight
        return amount.columns(_kg(weight)) if weight.rule.rounding else {f"{_kg(weight)} value": amount.value}

    def _grams(self) -> dict[str, Expr]:
        """The grams of regimens for each weight rule, and where their rounding is undecided."""
        found: dict[str, Expr] = {}
        for one in self.weights:
            low, high = self._ends(one)
            found |= {LOW_G + one.rule.id: low.value, HIGH_G + one.rule.id: high.value}
            found |= {f"{_ROUNDED} {one.rule.id}": low.undecided | high.undecided}
        return found

    def _ends(self, weight: WeightColumns) -> tuple[Grams, Grams]:
        if self._total is None:
            none = Grams(unknown("number"), literal(value=False))
            return none, none
        certain = certainly(column(WEIGHT_STATE + weight.rule.id) == CERTAIN)
        kg = weight.weight.read(_kg(weight)).only(certain)
        ages, rounding = self.columns.ends(AGE), weight.rule.rounding
        low, high = (
            grams(one.read(name), kg, rounding, ages) for one, name in zip(self._total, (_LOW, _HIGH), strict=True)
        )
        return low, high

    def _answers(self) -> dict[str, Expr]:
        """What is told of every row."""
        kg = {
            WEIGHT_KG + one.rule.id: where(
                certainly(column(WEIGHT_STATE + one.rule.id) == CERTAIN), column(f"{_kg(one)} value")
            )
            for one in self.weights
        }
        hazards = {HAZARD + name: one for name, one in self.hazards.states().items()}
        unprepared = {UNPREPARED + name: one for name, one in self.hazards.unprepared().items()}
        told = {GRAMS: self.measures.amount(_TOTAL).value, CONTRADICTION: self.doses.contradiction}
        told |= {DOSE_CHECK: self._dose_check(), AT_RISK: self.hazards.at_risk(), EXACT_NEEDED: self._is_undecided()}
        return {**told, **kg, **hazards, **unprepared}

    def _dose_check(self) -> Expr:
        """How the dose compares with what is recommended; empty where that is undecided."""
        compared = [(rows, regimens) for rows, regimens in self._rows_of_groups if regimens]
        results = [where(rows, self.doses.result(regimens)) for rows, regimens in compared]
        return first_known([*results, where(~some([rows for rows, _ in compared]), literal(NOT_STATED))])

    def _is_undecided(self) -> Expr:
        """Whether anything but the dose check is left to the row evaluator: definite."""
        states = [column(WEIGHT_STATE + one.rule.id).is_null() for one in self.weights]
        rounded = [column(f"{_ROUNDED} {one.rule.id}") for one in self.weights]
        return some([self.measures.unfit, self.doses.contradiction.is_null(), *states, *rounded])


def _together(steps: Sequence[Sequence[dict[str, Expr]]]) -> list[dict[str, Expr]]:
    """Steps of several columns that do not read each other, taken at once."""
    return [{name: one for part in step for name, one in part.items()} for step in zip_longest(*steps, fillvalue={})]


def recommended(appraisal: Appraisal | None) -> tuple[Regimen, ...]:
    """The regimens that an appraisal recommends; none without one."""
    return tuple(one for one in appraisal.regimens if one.role == "recommended") if appraisal else ()


def _kg(weight: WeightColumns) -> str:
    return f"kg by {weight.rule.id}"
