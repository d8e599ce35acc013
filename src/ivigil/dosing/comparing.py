"""A requested dose against what regimens come to under each weight rule: explained by a rule, too low, or too high."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from ivigil.dosing.errors import above_zero, at_least_zero
from ivigil.dosing.grams import Course, Planned
from ivigil.units import shown
from ivigil.units.amounts import as_decimal

FoundState = Literal["as-regimen", "explained", "below", "between", "above", "unknown"]
_PERCENT = 100


@dataclass(frozen=True)
class Explanation:
    """A rule under which the requested dose is what a regimen comes to, and how: by its weight or by rounding."""

    planned: Planned
    course: Course
    by: Literal["weight", "rounding"]

    @property
    def words(self) -> str:
        """The explanation in one sentence."""
        rule, weight = self.planned.weighed.rule, self.course.outcome
        start = f"Explained by {rule.title} ({rule.programme}): {weight.basis} weight {shown(weight.weight_kg)} kg"
        also = ", one of those that the rule allows" if self.planned.weighed.state == "ambiguous" else ""
        return f"{start}{also}{', then rounding' if self.by == 'rounding' else ''}."


@dataclass(frozen=True)
class Compared:
    """How a requested total compares.

    ``as-regimen``: what a regimen comes to by the recorded weight. ``explained``: otherwise it would be too low or too
    high, but a rule explains it. ``below``, ``above``: outside every regimen, and no rule explains it. ``between``:
    between two regimens, and neither. ``unknown``: ``needs`` says what is missing.
    """

    requested_g: Decimal
    state: FoundState
    explained_by: tuple[Explanation, ...]
    said: str
    needs: tuple[str, ...] = ()


@dataclass(frozen=True)
class Savings:
    """What a proposed dose takes less than the requested one; negative where it takes more."""

    grams: Decimal
    percent: Decimal
    cost: Decimal | None


def savings(requested_g: Decimal, proposed_g: Decimal, price_per_g: Decimal | None = None) -> Savings:
    """What is saved by giving ``proposed_g`` for ``requested_g``; the cost in the currency of the price.

    Raises :class:`DoseError` for a dose not above 0 or a price below 0.
    """
    requested = Fraction(above_zero(requested_g, "a requested dose in g"))
    saved = requested - Fraction(above_zero(proposed_g, "a proposed dose in g"))
    cost = None if price_per_g is None else saved * Fraction(at_least_zero(price_per_g, "a price per g"))
    return Savings(
        as_decimal(saved), as_decimal(saved / requested * _PERCENT), None if cost is None else as_decimal(cost)
    )


def compare(requested_g: Decimal, proposals: Sequence[Planned], *, slack_g: Decimal = Decimal(0)) -> Compared:
    """A requested total in grams against the regimens in ``proposals``, one for each regimen and weight rule.

    A dose less than ``slack_g`` from one of theirs counts as that dose. Raises :class:`DoseError` for a dose not above
    0 or a slack below 0.
    """
    asked = _Asked(above_zero(requested_g, "a requested dose in g"), at_least_zero(slack_g, "a slack in g"))
    spans = [planned.on_actual_g for planned in proposals if planned.on_actual_g is not None]
    if not spans:
        return _unknown(requested_g, proposals, "The regimens give no total to compare with.")
    if any(asked.matches(low, high) for low, high in spans):
        return Compared(requested_g, "as-regimen", (), "What a regimen comes to by the actual weight.")
    explained = tuple(one for planned in proposals for one in asked.explanations(planned))
    if explained:
        said = (*(one.words for one in explained), *_against(requested_g, spans))
        return Compared(requested_g, "explained", explained, " ".join(dict.fromkeys(said)))
    return _unexplained(requested_g, proposals, spans)


def _against(requested_g: Decimal, spans: Sequence[tuple[Decimal, Decimal]]) -> Iterator[str]:
    """How an explained dose lies to those by the actual weight."""
    highest = max(high for _, high in spans)
    if requested_g > highest:
        yield f"It is above every regimen by the actual weight ({shown(highest)} g at most)."


@dataclass(frozen=True)
class _Asked:
    grams: Decimal
    slack: Decimal

    def matches(self, low: Decimal, high: Decimal) -> bool:
        return low <= self.grams <= high or low - self.slack < self.grams < high + self.slack

    def explanations(self, planned: Planned) -> Iterator[Explanation]:
        """The weights of one rule under which the regimen comes to this dose; none while they are only possible."""
        for outcome in planned.weighed.outcomes if planned.weighed.state != "unknown" else ():
            courses = [one for one in planned.courses if one.outcome == outcome and one.total_g is not None]
            if not courses:
                continue
            unrounded = [one.unrounded_g for one in courses]
            rounded = [one.total_g for one in courses if one.total_g is not None]
            if self.matches(min(unrounded), max(unrounded)):
                yield Explanation(planned, courses[0], "weight")
            elif self.matches(min(rounded), max(rounded)):
                yield Explanation(planned, courses[0], "rounding")


def _unexplained(
    requested_g: Decimal, proposals: Sequence[Planned], spans: Sequence[tuple[Decimal, Decimal]]
) -> Compared:
    lowest, highest = min(low for low, _ in spans), max(high for _, high in spans)
    if requested_g > highest:
        needs = _needs(proposals)
        said = f"Above every regimen by the actual weight ({shown(highest)} g at most), and no rule explains it."
        return Compared(requested_g, "above", (), said, needs)
    if any(planned.weighed.state == "unknown" for planned in proposals):
        return _unknown(requested_g, proposals, "Not every rule can be worked out: one of them may explain this dose.")
    if requested_g < lowest:
        said = f"Below every regimen by the actual weight ({shown(lowest)} g at least), and no rule explains it."
        return Compared(requested_g, "below", (), said)
    return Compared(requested_g, "between", (), "Between two regimens, and no rule explains it.")


def _unknown(requested_g: Decimal, proposals: Sequence[Planned], said: str) -> Compared:
    return Compared(requested_g, "unknown", (), said, _needs(proposals))


def _needs(proposals: Sequence[Planned]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(fact for planned in proposals for fact in planned.needs))
