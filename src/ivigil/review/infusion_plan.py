"""How a product that is named is given to this patient: vials, and the timetable of each day within every cap."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal

from ivigil.criteria import Truth
from ivigil.dosing import VialChoice, choose, divided, limits_of
from ivigil.dosing.caps import CapContext, LocalLimits, caps_for
from ivigil.dosing.infusion import InfusionOrder, Timetable, timetable
from ivigil.dosing.limits import per_day
from ivigil.dosing.rates import Answer, Conditions, NotPlanned
from ivigil.dosing.subcutaneous import RampRow, SitePlan, Switch, ramp_table, site_plan, to_intravenous, to_subcutaneous
from ivigil.facts import Exactly
from ivigil.knowledge import Library
from ivigil.knowledge.dosing_records import RateProtocol
from ivigil.knowledge.product_records import Product
from ivigil.review.dose_plan import (
    AS_ASKED,
    DAILY,
    DAILY_PER_KG,
    DAYS,
    TOTAL,
    TOTAL_PER_KG,
    WEIGHT,
    DosePlan,
    Known,
    known_amount,
    known_apart,
)
from ivigil.safety import AtRisk, ProductFit
from ivigil.units import shown
from ivigil.units.amounts import as_decimal

FIRST, BEFORE = "first_immunoglobulin_infusion", "previous_immunoglobulin"
_MOST_DAYS = 31


@dataclass(frozen=True)
class Settings:
    """What is chosen here for one plan; nothing has a default.

    ``products`` are ids. ``weight_rule`` is the rule to dose by, ``start`` when the first infusion begins;
    ``tolerated`` says that the product was tolerated before. ``iv_every_weeks`` says that the dose is the intravenous
    one of so many weeks, from which a subcutaneous product's dose of ``sc_every_weeks`` is worked out. With
    ``sc_product`` the dose is that of a subcutaneous product every ``sc_every_weeks`` instead, from which an
    intravenous product's dose of ``iv_every_weeks`` is worked out.
    """

    products: tuple[str, ...] = ()
    region: str | None = None
    weight_rule: str | None = None
    protocol: str | None = None
    start: datetime | None = None
    tolerated: bool = False
    pump_ml_per_h: Decimal | None = None
    volume_ml_per_day: Decimal | None = None
    sites: int | None = None
    iv_every_weeks: Decimal | None = None
    sc_every_weeks: Decimal = Decimal(1)
    sc_product: str | None = None


@dataclass(frozen=True)
class Given:
    """The grams of each day that are planned, where they come from, and the weight that they go by."""

    doses_g: tuple[Decimal, ...]
    words: str
    weight_kg: Decimal


@dataclass(frozen=True)
class InfusionPlan:
    """One product for this patient: how it fits, the vials of each day, and how it is given."""

    fit: ProductFit
    given: Given | None
    schedule: Timetable | SitePlan | NotPlanned
    vials: tuple[VialChoice, ...] = ()
    rate_weight_kg: Decimal | None = None
    switch: Switch | None = None
    ramp_up: tuple[RampRow, ...] = ()


@dataclass(frozen=True)
class Infusing:
    """What every product's infusion needs to know of the patient and the place."""

    known: Known
    library: Library
    at_risk: AtRisk
    indication: str | None = None
    settings: Settings = field(default_factory=Settings)

    def plan(self, fit: ProductFit, given: Given | None, needs: tuple[str, ...]) -> InfusionPlan:
        """How the product of ``fit`` is given; why not, where it cannot be said."""
        if fit.state == "out":
            why = " ".join(dict.fromkeys(f"{one.text} {one.why}" for one in fit.reasons_that("out")))
            return InfusionPlan(fit, given, NotPlanned((f"Not for this patient. {why}",)))
        if given is None:
            words = "No dose in grams is known: give a dose and the days, and the weight it goes by."
            return InfusionPlan(fit, None, NotPlanned((words,), needs))
        if fit.product.route != "intravenous":
            return self._under_the_skin(fit, given)
        return self._by_vein(fit, given)

    def _by_vein(self, fit: ProductFit, given: Given) -> InfusionPlan:
        """Vials and timetable of the dose, or of the one that takes the place of a subcutaneous one."""
        switch = self._from_the_skin(given)
        if isinstance(switch, NotPlanned):
            return InfusionPlan(fit, given, switch)
        if switch is not None:
            given = replace(given, doses_g=(as_decimal(switch.dose_g),), words=self._instead_of_skin(given))
        vials = tuple(self._vials(fit.product, given))
        actual = known_amount(self.known, WEIGHT)
        weight = min(given.weight_kg, actual or given.weight_kg)
        return InfusionPlan(fit, given, self._timetable(fit.product, given, weight), vials, weight, switch)

    def _from_the_skin(self, given: Given) -> Switch | NotPlanned | None:
        """The intravenous dose in place of a subcutaneous product's; ``None`` where none is to be replaced."""
        own = self.settings
        if own.sc_product is None or own.iv_every_weeks is None:
            return None
        whole, product = sum(given.doses_g, Decimal(0)), self.library.products[own.sc_product]
        return to_intravenous(product, whole, own.sc_every_weeks, every=own.iv_every_weeks, indication=self.indication)

    def _instead_of_skin(self, given: Given) -> str:
        own, whole = self.settings, shown(sum(given.doses_g, Decimal(0)))
        brand = self.library.products[own.sc_product or ""].brand
        often = "week" if own.sc_every_weeks == 1 else f"{shown(own.sc_every_weeks)} weeks"
        return f"in place of {whole} g of {brand} every {often}, by the inverse of its label's factor"

    def _vials(self, product: Product, given: Given) -> Iterator[VialChoice]:
        if product.vials is not None and product.vials.status == "verified":
            yield from (choose(dose, product.vials.sizes_g) for dose in given.doses_g)

    def _under_the_skin(self, fit: ProductFit, given: Given) -> InfusionPlan:
        """Sites and rates of one dose, or of the dose that takes the place of an intravenous one."""
        product, own = fit.product, self.settings
        switch = None
        if own.sc_product is not None:
            words = f"{product.brand} goes under the skin too: no label gives a factor between such products here."
            return InfusionPlan(fit, given, NotPlanned((words,)))
        if own.iv_every_weeks is not None:
            whole = sum(given.doses_g, Decimal(0))
            found = to_subcutaneous(
                product, whole, own.iv_every_weeks, every=own.sc_every_weeks, indication=self.indication
            )
            if isinstance(found, NotPlanned):
                return InfusionPlan(fit, given, found)
            words = f"in place of {shown(whole)} g intravenously every {shown(own.iv_every_weeks)} weeks"
            switch, given = found, replace(given, doses_g=(as_decimal(found.dose_g),), words=words)
        schedule = site_plan(product, given.doses_g[0], self.conditions, early=self.first, sites=own.sites)
        weekly = given.doses_g[0] / own.sc_every_weeks if switch else None
        ramp = ramp_table(product, weekly) if weekly is not None and product.ramp_up else ()
        rows = () if isinstance(ramp, NotPlanned) else ramp
        return InfusionPlan(fit, given, schedule, tuple(self._vials(product, given)), switch=switch, ramp_up=rows)

    def _timetable(self, product: Product, given: Given, weight: Decimal) -> Timetable | NotPlanned:
        naive = self.first
        context = CapContext(
            weight_kg=weight,
            conditions=self.conditions,
            at_risk=self._at_risk(),
            first_infusion=naive,
            indication=self.indication,
            protocol=self.protocol,
            weeks_since_last=Decimal(0) if naive.truth is Truth.NOT_MET else None,
            weeks_needs=(FIRST,),
            local=self._local(),
        )
        order = InfusionOrder(
            product=product,
            doses_g=given.doses_g,
            weight_kg=weight,
            conditions=self.conditions,
            caps=caps_for(product, context),
            indication=self.indication,
            protocol=self.protocol,
            protocol_chosen=self.settings.protocol is not None,
            later_from_day=1 if self.settings.tolerated else None,
            start=self.settings.start,
            local=context.local,
        )
        found = timetable(order)
        if isinstance(found, NotPlanned):
            return found
        return replace(found, notes=(*found.notes, *self._beyond(product, given, weight)))

    def _beyond(self, product: Product, given: Given, weight: Decimal) -> Iterator[str]:
        """A dose that was ordered beyond what the label allows is told, not changed."""
        most = per_day(limits_of(product, self.indication), weight)
        if most is not None and max(given.doses_g) > most.grams:
            yield f"Beyond the label: {shown(max(given.doses_g))} g on one day. {most.words}"

    @property
    def conditions(self) -> Conditions:
        """The rules of the labels for what is known of the case."""
        extents = {fact: settled.extent for fact, settled in self.known.items()}
        return Conditions(self.library.trees, self.library.catalogue, extents)

    @property
    def protocol(self) -> RateProtocol | None:
        """The programme's steps: those chosen here, else those of the formulary."""
        formulary = self.library.formulary
        name = self.settings.protocol or (formulary.protocol if formulary else None)
        return self.library.rate_protocols[name] if name else None

    @property
    def first(self) -> Answer:
        """Whether this is a first infusion, or the first after a gap; earlier ones alone do not tell the gap."""
        extent = self.known[FIRST].extent if FIRST in self.known else None
        if isinstance(extent, Exactly):
            return Answer(Truth.MET if extent.value is True else Truth.NOT_MET)
        never = BEFORE in self.known and self.known[BEFORE].extent == Exactly(False)
        return Answer(Truth.MET) if never else Answer(Truth.UNKNOWN, (FIRST,))

    def _at_risk(self) -> Answer:
        truth = self.at_risk.truth
        return Answer(Truth.NOT_MET if truth is Truth.NOT_APPLICABLE else truth, self.at_risk.needs)

    def _local(self) -> LocalLimits:
        own, formulary = self.settings, self.library.formulary
        pump = own.pump_ml_per_h or (formulary.pump_ml_per_h if formulary else None)
        volume = own.volume_ml_per_day or (formulary.volume_ml_per_day if formulary else None)
        return LocalLimits(pump_ml_per_h=pump, volume_ml_per_day=volume)


def to_give(dose: DosePlan, known: Known, weight_rule: str | None) -> Given | None:
    """The grams to plan with: those ordered, else those of one course by the rule chosen, else by the actual weight."""
    ordered, weight = _ordered(known), known_amount(known, WEIGHT)
    rule = weight_rule or (None if _in_grams(known) else dose.house)
    if ordered and weight and rule is None:
        return Given(ordered, "as it is ordered, by the recorded weight", weight)
    rule = rule or dose.house or "actual"
    for one in sorted(dose.planned, key=lambda planned: planned.regimen.id != AS_ASKED):
        if one.weighed.rule.id == rule and one.weighed.state == "certain" and len(one.courses) == 1:
            course = one.courses[0]
            if course.daily_g:
                words = f"{one.regimen.text}, by {one.weighed.rule.title}"
                return Given(course.daily_g, words, course.outcome.weight_kg)
    return None


def order_needs(known: Known, dose: DosePlan) -> tuple[str, ...]:
    """What would have to be known of the order before grams can be planned; then what the weight rules ask for."""
    amounts = (TOTAL, TOTAL_PER_KG, DAILY, DAILY_PER_KG)
    wanted = [WEIGHT] if known_amount(known, WEIGHT) is None else []
    if not dose.planned and all(known_amount(known, one) is None for one in amounts):
        wanted.append(TOTAL)
    elif known_amount(known, DAYS) is None:
        wanted.append(DAYS)
    return tuple(wanted) or tuple(dict.fromkeys(need for one in dose.planned for need in one.needs))


def _in_grams(known: Known) -> bool:
    """Whether the order itself names grams; those that follow from a dose per kg go by whichever weight."""
    stated = (one for fact in (DAILY, TOTAL) if fact in known for one in known[fact].used)
    return any(not one.follows_from for one in stated)


def _ordered(known: Known) -> tuple[Decimal, ...]:
    """The grams of each day as they are ordered; none while the order does not say."""
    total, days = known_amount(known, TOTAL), known_amount(known, DAYS)
    daily = known_apart(known, DAILY, TOTAL, TOTAL_PER_KG)
    if days is None or days != days.to_integral_value() or not 1 <= days <= _MOST_DAYS:
        return ()
    if daily is not None:
        return (daily,) * int(days)
    return divided(total, int(days)) if total is not None else ()
