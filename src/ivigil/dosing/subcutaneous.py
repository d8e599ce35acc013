"""Subcutaneous infusions: sites, volumes, rates and days within a label's limits; its factor and its way up.

Where it is not known which of a label's limits holds, the strictest counts and the answer says what to ask. A limit
that is only remembered tightens a plan, and never makes one.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import reduce

from ivigil.criteria import Truth, conjunction, evaluate, negation, relevant_unknowns
from ivigil.criteria.tree import Or
from ivigil.dosing.rates import MAY_HOLD, Answer, Conditions, Ladder, NotPlanned, Rung, joined, volume_ml, walked
from ivigil.knowledge.product_records import Factor, Product, SiteRule


@dataclass(frozen=True)
class UsedRule:
    """A label's rule on sites that holds or may hold, and while nobody knows the facts that could tell."""

    rule: SiteRule
    truth: Truth
    needs: tuple[str, ...] = ()


@dataclass(frozen=True)
class SiteLimits:
    """The strictest limits of the rules that hold or may hold; ``None`` where no rule gives one."""

    volume_ml_per_site: Decimal | None
    rate_ml_per_h_per_site: Decimal | None
    rate_ml_per_h_all_sites: Decimal | None
    volume_ml_per_day: Decimal | None
    sites_at_most: int | None
    steps_ml_per_h_per_site: tuple[Decimal, ...]
    step_minutes: Decimal | None


@dataclass(frozen=True)
class SitePlan:
    """Equal infusions on ``days`` days, and for each its volume, sites and rates; the last rate is the highest.

    ``steps`` holds the rate of all sites together in mL/h with its minutes; ``minutes`` is the shortest time for one
    infusion. Both are missing where the label's rates, or how long each is kept, were not read.
    """

    days: int
    volume_ml: Fraction
    dose_g: Fraction
    sites: int
    steps: tuple[tuple[Fraction, Fraction], ...]
    limits: SiteLimits
    rules: tuple[UsedRule, ...]
    notes: tuple[str, ...]

    @property
    def volume_ml_per_site(self) -> Fraction:
        """What each site takes."""
        return self.volume_ml / self.sites

    @property
    def minutes(self) -> Fraction | None:
        """The shortest time for one infusion."""
        return sum((minutes for _, minutes in self.steps), Fraction(0)) if self.steps else None

    @property
    def needs(self) -> tuple[str, ...]:
        """The facts that could loosen the limits."""
        return tuple(dict.fromkeys(need for one in self.rules for need in one.needs))


def site_plan(
    product: Product, dose_g: Decimal, conditions: Conditions, *, early: Answer, sites: int | None = None
) -> SitePlan | NotPlanned:
    """How a dose goes under the skin: as few sites and days as the limits allow, or the ``sites`` asked for.

    ``early`` says whether it is one of the first infusions, for which labels are stricter.
    """
    if dose_g <= 0 or (sites is not None and sites < 1):
        return NotPlanned(("No plan without a dose above 0 g and at least one site.",))
    rules = rules_for(product, conditions, early)
    if not _is_given(product, conditions, early, lambda one: bool(one.volume_ml_per_site)):
        needs = tuple(dict.fromkeys(need for one in rules for need in one.needs))
        return NotPlanned((f"How much of {product.brand} a site may take is not certain; see its label.",), needs)
    limits, volume = strictest([one.rule for one in rules]), volume_ml(dose_g, product.g_per_100_ml)
    allowed = min((one for one in (sites, limits.sites_at_most) if one is not None), default=None)
    days = _days(volume, limits, allowed)
    used = allowed if sites and allowed else math.ceil(volume / days / Fraction(limits.volume_ml_per_site or 0))
    ladder = _ladder(limits, used) if _is_given(product, conditions, early, _gives_rate) else ()
    steps = tuple(joined(walked(ladder, volume / days)))
    notes = tuple(_notes(rules, limits, days, sites))
    return SitePlan(days, volume / days, Fraction(dose_g) / days, used, steps, limits, rules, notes)


def rules_for(product: Product, conditions: Conditions, early: Answer) -> tuple[UsedRule, ...]:
    """The label's rules on sites that hold, or may hold, for an infusion early in the course or later."""
    later = Answer(negation(early.truth), early.needs)
    turns = {"first": early, "later": later, "all": Answer(Truth.MET)}
    found = ((rule, turns[rule.infusions], conditions.answer(rule.when)) for rule in product.sites)
    used = (_used(rule, turn, when) for rule, turn, when in found)
    return tuple(one for one in used if one.truth in MAY_HOLD)


def _used(rule: SiteRule, *answers: Answer) -> UsedRule:
    truth = conjunction(one.truth for one in answers)
    needs = (need for one in answers if truth is Truth.UNKNOWN is one.truth for need in one.needs)
    return UsedRule(rule, truth, tuple(dict.fromkeys(needs)))


def _is_given(product: Product, conditions: Conditions, early: Answer, gives: Callable[[SiteRule], bool]) -> bool:
    """Whether a rule that was read gives it, whatever the missing facts are."""
    turns = [name for name, one in (("first", early.truth), ("later", negation(early.truth))) if one in MAY_HOLD]
    read = [one for one in product.sites if one.status == "verified" and gives(one)]
    whens = [[one.when for one in read if one.infusions in {"all", turn}] for turn in turns]
    return bool(whens) and all(_surely(conditions, one) for one in whens)


def _surely(conditions: Conditions, rules: Sequence[str | None]) -> bool:
    """Whether one of ``rules`` holds, whatever the missing facts are; no rule always does."""
    if not rules or None in rules:
        return bool(rules)
    tree = reduce(Or, [conditions.trees[one] for one in rules if one is not None])
    truth = evaluate(tree, conditions.extents).truth
    # Rules are such that what is never met is known not to be: an unknown that nothing can change is always met.
    open_facts = relevant_unknowns(tree, conditions.catalogue, conditions.extents)
    return truth is Truth.MET or (truth is Truth.UNKNOWN and not open_facts)


def strictest(rules: Iterable[SiteRule]) -> SiteLimits:
    """The strictest of each limit; of tables of steps the slower rate at each step, kept as long as the longest."""
    given = list(rules)
    tables = [one.steps_ml_per_h_per_site for one in given if one.steps_ml_per_h_per_site]
    length = max((len(table) for table in tables), default=0)
    return SiteLimits(
        min((one.volume_ml_per_site for one in given if one.volume_ml_per_site is not None), default=None),
        min((one.rate_ml_per_h_per_site for one in given if one.rate_ml_per_h_per_site is not None), default=None),
        min((one.rate_ml_per_h_all_sites for one in given if one.rate_ml_per_h_all_sites is not None), default=None),
        min((one.volume_ml_per_day for one in given if one.volume_ml_per_day is not None), default=None),
        min((one.sites_at_most for one in given if one.sites_at_most is not None), default=None),
        tuple(min(table[min(place, len(table) - 1)] for table in tables) for place in range(length)),
        max((one.step_minutes for one in given if one.step_minutes is not None), default=None),
    )


def _days(volume: Fraction, limits: SiteLimits, sites: int | None) -> int:
    """On how many days: as few as the daily limit and the sites allow."""
    most = [] if limits.volume_ml_per_day is None else [Fraction(limits.volume_ml_per_day)]
    if sites is not None and limits.volume_ml_per_site is not None:
        most.append(Fraction(limits.volume_ml_per_site) * sites)
    return max([1, *(math.ceil(volume / one) for one in most)])


def _gives_rate(rule: SiteRule) -> bool:
    return rule.rate_ml_per_h_per_site is not None or (bool(rule.steps_ml_per_h_per_site) and bool(rule.step_minutes))


def _ladder(limits: SiteLimits, sites: int) -> Ladder:
    """The rate of all sites together, step by step."""
    most = limits.rate_ml_per_h_per_site
    per_site = limits.steps_ml_per_h_per_site or ((most,) if most is not None else ())
    if len(per_site) > 1 and limits.step_minutes is None:
        return ()
    rates = [Fraction(one if most is None else min(one, most)) * sites for one in per_site]
    whole = limits.rate_ml_per_h_all_sites
    together = rates if whole is None else [min(one, Fraction(whole)) for one in rates]
    minutes = Fraction(limits.step_minutes or 0)
    return tuple(Rung(one, minutes if place < len(together) else None) for place, one in enumerate(together, 1))


def _notes(rules: tuple[UsedRule, ...], limits: SiteLimits, days: int, sites: int | None) -> Iterator[str]:
    if days > 1:
        yield f"Too much for one day: equal infusions on {days} days."
    if sites and limits.sites_at_most is not None and sites > limits.sites_at_most:
        yield f"At most {limits.sites_at_most} sites at a time."
    if limits.sites_at_most is None:
        yield "How many sites the label allows at a time is not known."
    for one in rules:
        if one.truth is Truth.UNKNOWN:
            yield f"Kept because it is not known whether it holds: {one.rule.text}"
        if one.rule.status == "remembered":
            yield f"Caution, not verified: {one.rule.text}"


@dataclass(frozen=True)
class Switch:
    """A dose moved to the other route by a label's factor; ``label_date`` is the date of that label, where known.

    ``is_inverse`` says that the label's factor, which leads from the vein to the skin, was turned round here.
    """

    dose_g: Fraction
    weeks: Decimal
    factor: Factor
    label_date: date | None
    is_inverse: bool = False

    @property
    def weekly_g(self) -> Fraction:
        """What it comes to a week."""
        return self.dose_g / Fraction(self.weeks)

    @property
    def weekly_before_g(self) -> Fraction:
        """What the dose that it takes the place of came to a week."""
        factor = Fraction(self.factor.value)
        return self.weekly_g * factor if self.is_inverse else self.weekly_g / factor


def to_subcutaneous(
    product: Product,
    dose_g: Decimal | Fraction,
    weeks: Decimal,
    *,
    every: Decimal = Decimal(1),
    indication: str | None = None,
) -> Switch | NotPlanned:
    """The subcutaneous dose ``every`` so many weeks in place of ``dose_g`` intravenously every ``weeks``."""
    factor = _factor(product, indication)
    if isinstance(factor, NotPlanned):
        return factor
    dose = Fraction(dose_g) / Fraction(weeks) * Fraction(factor.value) * Fraction(every)
    return Switch(dose, every, factor, factor.label_date or product.label_date)


def to_intravenous(
    product: Product, dose_g: Decimal | Fraction, weeks: Decimal, *, every: Decimal, indication: str | None = None
) -> Switch | NotPlanned:
    """The intravenous dose ``every`` so many weeks in place of ``dose_g`` of ``product`` every ``weeks``.

    Labels state the way from the vein to the skin alone: this is its inverse, and says so.
    """
    factor = _factor(product, indication)
    if isinstance(factor, NotPlanned):
        return factor
    dose = Fraction(dose_g) / Fraction(weeks) / Fraction(factor.value) * Fraction(every)
    return Switch(dose, every, factor, factor.label_date or product.label_date, is_inverse=True)


def _factor(product: Product, indication: str | None) -> Factor | NotPlanned:
    if product.iv_to_sc is None:
        return NotPlanned((f"The label of {product.brand} gives no factor between the routes, or it was not read.",))
    if product.iv_to_sc.status == "remembered":
        return NotPlanned((f"The factor of {product.brand} is only remembered, not verified; see its label.",))
    named = product.iv_to_sc.indications
    if indication is not None and named and indication not in named:
        return NotPlanned((f"The label of {product.brand} gives its factor for {' and '.join(named)} alone.",))
    return product.iv_to_sc


@dataclass(frozen=True)
class RampRow:
    """One infusion on the way up to the full dose."""

    week: int
    weeks_of_dose: Decimal
    dose_g: Fraction
    volume_ml: Fraction


def ramp_table(product: Product, weekly_g: Decimal | Fraction) -> tuple[RampRow, ...] | NotPlanned:
    """The label's way up to the full dose; only one that was read counts."""
    ramp = product.ramp_up
    if ramp is None or ramp.status == "remembered":
        state = "gives no way up to the full dose" if ramp is None else "has one that is only remembered, not verified"
        return NotPlanned((f"The label of {product.brand} {state}; see the label.",))
    doses = [(step, Fraction(weekly_g) * Fraction(step.weeks_of_dose)) for step in ramp.steps]
    volumes = [volume_ml(dose, product.g_per_100_ml) for _, dose in doses]
    pairs = zip(doses, volumes, strict=True)
    return tuple(RampRow(step.week, step.weeks_of_dose, dose, volume) for (step, dose), volume in pairs)
