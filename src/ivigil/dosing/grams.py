"""A regimen in grams: the course, its days and the dose of each day, for every weight that a rule comes to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import ceil
from typing import Literal

from ivigil.dosing.aims import Aim, End, aims, grams
from ivigil.dosing.errors import DoseError, above_zero
from ivigil.dosing.limits import Ceiling, Draft, per_course, per_day, within_course, within_day
from ivigil.dosing.rounding import Rounded, round_dose
from ivigil.dosing.weighed import Weighed, WeightOutcome
from ivigil.facts import Extent
from ivigil.knowledge import Regimen
from ivigil.knowledge.product_records import DoseLimit
from ivigil.units import shown
from ivigil.units.amounts import as_decimal

_PERCENT = 100


@dataclass(frozen=True)
class Course:
    """One end of a regimen at one weight, in grams, after limits and rounding.

    ``daily_g`` holds the dose of each day and adds up to ``total_g``; it is empty while the days are not known.
    ``per_day_g`` is the share of a day before it is divided into whole steps. ``unrounded_g`` is the total before
    rounding, or the share of a day where the regimen has no end. ``said`` tells of limits and rounding.
    """

    outcome: WeightOutcome
    end: End
    total_g: Decimal | None
    days: int | None
    per_day_g: Decimal | None
    daily_g: tuple[Decimal, ...]
    unrounded_g: Decimal
    said: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()


@dataclass(frozen=True)
class Planned:
    """A regimen under one weight rule: a course for each weight and end; ``on_actual_g`` by the weight as recorded.

    No course: the regimen states no dose per kg, or no weight is known (then ``needs`` says what is missing).
    """

    regimen: Regimen
    weighed: Weighed
    kind: Literal["one-off", "maintenance"]
    courses: tuple[Course, ...]
    on_actual_g: tuple[Decimal, Decimal] | None
    needs: tuple[str, ...] = ()


def plan(
    regimen: Regimen,
    weighed: Weighed,
    *,
    age: Extent | None,
    limits: Sequence[DoseLimit] = (),
    days: int | None = None,
) -> Planned:
    """``regimen`` in grams for each weight of ``weighed``, within ``limits``.

    ``days`` is the number that an order asks for. Raises :class:`DoseError` for amounts that cannot be meant.
    """
    found = aims(regimen, days)
    courses = tuple(
        dict.fromkeys(
            _Dosing(regimen, weighed, outcome, limits).course(aim, age) for outcome in weighed.outcomes for aim in found
        )
    )
    needs = dict.fromkeys((*weighed.needs, *(fact for course in courses for fact in course.needs)))
    kind: Literal["one-off", "maintenance"] = "one-off" if regimen.interval is None else "maintenance"
    return Planned(regimen, weighed, kind, courses, _on_actual(found, weighed), tuple(needs) if found else ())


def divided(total_g: Decimal, days: int, step_g: Decimal | None = None) -> tuple[Decimal, ...]:
    """The dose of each day, adding up to ``total_g``: whole steps as evenly as they go, otherwise equal shares.

    Steps count only where the total is made of them and each day gets one; where the days differ, the first are
    higher. Raises :class:`DoseError` for a total or days that are not above 0.
    """
    total = Fraction(above_zero(total_g, "a total dose in g"))
    if days <= 0:
        raise DoseError(f"{days} days", "1 or more")
    steps = None if step_g is None else total / Fraction(above_zero(step_g, "a step in g"))
    if step_g is not None and steps is not None and steps.denominator == 1 and steps >= days:
        each, more = divmod(int(steps), days)
        return (step_g * (each + 1),) * more + (step_g * each,) * (days - more)
    share = as_decimal(total / days)
    return (share,) * (days - 1) + (as_decimal(total - Fraction(share) * (days - 1)),)


def _on_actual(found: Sequence[Aim], weighed: Weighed) -> tuple[Decimal, Decimal] | None:
    totals = [aim.total for aim in found if aim.total is not None]
    if not totals or weighed.actual_kg is None:
        return None
    return as_decimal(grams(min(totals), weighed.actual_kg)), as_decimal(grams(max(totals), weighed.actual_kg))


class _Dosing:
    """One regimen at one weight. A limit per kg goes by the lower of this weight and the recorded one."""

    def __init__(self, regimen: Regimen, weighed: Weighed, outcome: WeightOutcome, limits: Sequence[DoseLimit]) -> None:
        self.outcome, self.rounding = outcome, weighed.rule.rounding
        self.most_days = None if regimen.days is None else ceil(regimen.days.high)
        limited_kg = min(outcome.weight_kg, weighed.actual_kg or outcome.weight_kg)
        self.of_day, self.of_course = per_day(limits, limited_kg), per_course(limits, limited_kg)

    def course(self, aim: Aim, age: Extent | None) -> Course:
        draft = self._draft(aim)
        amount = as_decimal(draft.total if draft.total is not None else draft.daily or Fraction(0))
        rounded = self._rounded(amount, draft, age)
        dose = amount if rounded is None else rounded.dose_g
        return Course(
            outcome=self.outcome,
            end=aim.end,
            total_g=None if draft.total is None else dose,
            days=draft.days,
            per_day_g=None if draft.daily is None else as_decimal(Fraction(dose) / (draft.days or 1)),
            daily_g=self._daily(dose, draft.days, rounded) if draft.total is not None and draft.days else (),
            unrounded_g=amount,
            said=(*draft.said, *(() if rounded is None else (rounded.said,))),
            needs=() if rounded is None else rounded.needs,
        )

    def _draft(self, aim: Aim) -> Draft:
        kg = self.outcome.weight_kg
        total = None if aim.total is None else grams(aim.total, kg)
        daily = None if aim.daily is None else grams(aim.daily, kg)
        return within_day(within_course(Draft(total, daily, aim.days), self.of_course), self.of_day, self.most_days)

    def _rounded(self, amount_g: Decimal, draft: Draft, age: Extent | None) -> Rounded | None:
        """The amount rounded by the programme's rule, unless a limit stands against it; ``None`` without a rule."""
        if self.rounding is None:
            return None
        rounded = round_dose(amount_g, self.rounding, age)
        above = self._exceeded(rounded.dose_g, draft)
        if above is None or not rounded.applied:
            return rounded
        said = f"Not rounded to {shown(rounded.dose_g)} g: {above.words}."
        return Rounded(amount_g, amount_g, applied=False, said=said)

    def _exceeded(self, dose_g: Decimal, draft: Draft) -> Ceiling | None:
        """The limit that a rounded dose lies above."""
        dose = Fraction(dose_g)
        share = dose / (draft.days or 1) if draft.daily is not None else None
        if draft.total is not None and self.of_course is not None and dose > self.of_course.grams:
            return self.of_course
        return self.of_day if share is not None and self.of_day is not None and share > self.of_day.grams else None

    def _daily(self, total_g: Decimal, days: int, rounded: Rounded | None) -> tuple[Decimal, ...]:
        """Whole steps where the total is rounded to them and no day departs too far from an equal share."""
        equal = divided(total_g, days)
        if rounded is None or self.rounding is None or not rounded.applied:
            return equal
        stepped = divided(total_g, days, self.rounding.step_g)
        share, most = Fraction(total_g) / days, self.rounding.change_at_most_percent
        too_far = most is not None and any(
            abs(one - share) > share * Fraction(most) / _PERCENT for one in map(Fraction, stepped)
        )
        too_much = self.of_day is not None and Fraction(max(stepped)) > self.of_day.grams
        return equal if too_far or too_much else stepped
