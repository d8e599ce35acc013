"""Infusions: the dose goes in exactly, no cap is passed, doubt only slows, and plans scale with weight."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import event, given
from hypothesis import strategies as st
from tests.unit.dosing_infusion.made import (
    ANSWERS,
    HEAVY,
    LIGHT,
    OVER_65,
    PREGNANT,
    SOURCE,
    context,
    known,
    ordered,
    product,
    protocol,
)

from ivigil.criteria import Truth
from ivigil.dosing.caps import AppliedCap, CapContext, LocalLimits, caps_for
from ivigil.dosing.infusion import Day, InfusionOrder, Timetable, timetable
from ivigil.dosing.rates import Answer, Conditions, NotPlanned, RateBasis, convert_rate, shown_down, to_ml_per_h
from ivigil.dosing.subcutaneous import SitePlan, site_plan
from ivigil.knowledge.dosing_records import RateProtocol
from ivigil.knowledge.product_records import CapFigure, Product, RateCap, RateSchedule, RateUnit, SiteRule

UNITS: tuple[RateUnit, ...] = ("mg/kg/min", "mL/kg/h", "mL/kg/min")
TRUTHS = (Truth.NOT_MET, Truth.UNKNOWN, Truth.MET)
tenths = st.integers(1, 120).map(lambda one: Decimal(one) / 10)
weights = st.integers(30, 1500).map(lambda one: Decimal(one) / 10)
per_kg = st.integers(1, 30).map(lambda one: Decimal(one) / 10)
minutes = st.integers(5, 60).map(Decimal)
truths = st.sampled_from(TRUTHS)
percents = st.sampled_from([Decimal(5), Decimal("16.5"), Decimal(10), Decimal(20)])


@st.composite
def schedules(draw: st.DrawFn) -> RateSchedule:
    """Printed steps, a fixed rise, or a start and a maximum alone."""
    steps = sorted(draw(st.sets(tenths, min_size=1, max_size=6)))
    form = draw(st.sampled_from(["steps", "increment", "ends"]))
    return RateSchedule(
        "drawn",
        "A schedule.",
        draw(st.sampled_from(UNITS)),
        steps[0],
        steps[-1],
        "verified",
        SOURCE,
        hold_minutes=draw(st.none() | minutes),
        step_minutes=draw(minutes),
        steps=tuple(steps) if form == "steps" else (),
        increment=draw(tenths) if form == "increment" else None,
    )


figures = st.builds(CapFigure, tenths, st.sampled_from(UNITS), below=st.booleans())


@st.composite
def label_caps(draw: st.DrawFn) -> RateCap:
    applies = draw(st.sampled_from(["always", "at-risk", "first-infusion", "when"]))
    return RateCap(
        "to be numbered",
        "A cap.",
        applies,  # type: ignore[arg-type] # one of the literals
        draw(st.sampled_from(["verified", "remembered"])),  # type: ignore[arg-type] # a status
        SOURCE,
        tuple(draw(st.lists(figures, max_size=2))),
        draw(st.sampled_from([(), (), ("a-disease",), ("b-disease",)])),
        draw(st.sampled_from([OVER_65, PREGNANT])) if applies == "when" else None,
    )


@st.composite
def products(draw: st.DrawFn) -> Product:
    caps = draw(st.lists(label_caps(), max_size=4))
    numbered = [replace(cap, id=f"cap-{number}") for number, cap in enumerate(caps)]
    return replace(product(draw(schedules()), caps=numbered), g_per_100_ml=draw(percents))


@st.composite
def programmes(draw: st.DrawFn) -> RateProtocol:
    steps = sorted(draw(st.sets(tenths, min_size=1, max_size=5)))
    table = protocol("1", unit="mL/kg/h", weeks="8", first=str(draw(tenths)))
    band = draw(st.none() | st.just(Decimal(5)))
    return replace(
        table, steps=tuple(steps), step_minutes=draw(st.none() | minutes), weight_band_kg=band, weight_from_kg=band
    )


locals_ = st.builds(
    LocalLimits,
    pump_ml_per_h=st.none() | st.integers(1, 900).map(Decimal),
    maximum=st.none() | st.builds(CapFigure, tenths, st.sampled_from(UNITS)),
    volume_ml_per_day=st.none() | st.integers(50, 900).map(Decimal),
)


@st.composite
def contexts(draw: st.DrawFn) -> CapContext:
    age, pregnant = draw(st.none() | st.integers(20, 90)), draw(st.none() | st.booleans())
    facts = {"age": age, "pregnant": pregnant}
    return CapContext(
        draw(weights),
        known(**{name: value for name, value in facts.items() if value is not None}),
        ANSWERS[draw(truths)],
        ANSWERS[draw(truths)],
        draw(st.sampled_from(["a-disease", "b-disease", None])),
        draw(st.none() | programmes()),
        draw(st.none() | st.integers(0, 20).map(Decimal)),
        ("last_infusion_date",),
        draw(locals_),
    )


@st.composite
def orders(draw: st.DrawFn) -> InfusionOrder:
    why = draw(contexts())
    doses = [str(one * why.weight_kg) for one in draw(st.lists(per_kg, min_size=1, max_size=3))]
    return ordered(draw(products()), *doses, why=why, chosen=draw(st.booleans()))


def planned(order: InfusionOrder) -> Timetable | None:
    found = timetable(order)
    event(_described(found))
    return found if isinstance(found, Timetable) else None


def _described(found: Timetable | NotPlanned) -> str:
    if isinstance(found, NotPlanned):
        return "not planned"
    return "steps" if found.minutes is not None else "limits"


def volume_at(day: Day, minute: Fraction) -> Fraction:
    """What is in at a minute."""
    given = Fraction(0)
    for step in day.steps:
        spent = min(minute, step.end_minute) - step.start_minute
        given += max(spent, Fraction(0)) * step.rate.ml_per_h / 60
    return given


@given(orders())
def test_what_goes_in_is_exactly_the_dose(order: InfusionOrder) -> None:
    found = planned(order)
    if found is None:
        return
    grams_per_ml = Fraction(order.product.g_per_100_ml) / 100
    assert found.volume_ml * grams_per_ml == sum(order.doses_g)
    limit = order.local.volume_ml_per_day
    assert limit is None or all(day.volume_ml <= limit for day in found.days)
    for day in found.days:
        if day.steps:
            assert day.steps[-1].volume_so_far_ml == day.volume_ml == volume_at(day, day.steps[-1].end_minute)


@given(orders())
def test_steps_are_contiguous_and_none_is_empty(order: InfusionOrder) -> None:
    found = planned(order)
    for day in found.days if found else ():
        assert all(one.start_minute < one.end_minute for one in day.steps)
        assert [one.start_minute for one in day.steps[:1]] == [0] * bool(day.steps)
        for one, after in pairwise(day.steps):
            assert one.end_minute == after.start_minute
            assert one.rate.ml_per_h < after.rate.ml_per_h


@given(orders())
def test_no_rate_passes_a_cap_or_the_label_s_maximum(order: InfusionOrder) -> None:
    found = planned(order)
    for day in found.days if found else ():
        basis = order.basis
        top = to_ml_per_h(day.schedule.maximum, day.schedule.unit, basis)
        start = to_ml_per_h(day.schedule.start, day.schedule.unit, basis)
        highest = max([day.limits.maximum.ml_per_h, *(one.rate.ml_per_h for one in day.steps)])
        assert highest <= top
        assert day.limits.start.ml_per_h <= start
        assert shown_down(highest) <= highest
        for cap in order.caps:
            assert keeps_to(highest, cap)
            # The slowest practicable rate has no number: no step may be printed as if it had one.
            assert cap.limit is not None or not day.steps or day.limits.start == day.limits.maximum


def keeps_to(rate: Fraction, cap: AppliedCap) -> bool:
    if cap.limit is None:
        return True
    return rate < cap.limit.ml_per_h if cap.below else rate <= cap.limit.ml_per_h


@given(orders())
def test_a_cap_that_binds_is_one_without_which_it_would_go_faster(order: InfusionOrder) -> None:
    found = planned(order)
    if found is None:
        return
    named = {cap for day in found.days for cap in day.binding}
    free = timetable(replace(order, caps=tuple(cap for cap in order.caps if cap not in named)))
    assert isinstance(free, Timetable)
    if named and found.minutes is not None and free.minutes is not None:
        assert free.minutes < found.minutes
    if not named:
        bare = timetable(replace(order, caps=tuple(cap for cap in order.caps if cap.limit is None)))
        assert isinstance(bare, Timetable)
        assert [day.steps for day in bare.days] == [day.steps for day in found.days]


# Doubt and risk


def is_slower_or_equal(slow: Timetable | NotPlanned, fast: Timetable | NotPlanned) -> bool:
    """Whether at no moment more is in, and no limit is higher; without a plan nothing goes in at all."""
    if isinstance(slow, NotPlanned):
        return True
    return isinstance(fast, Timetable) and all(map(_slower_day, slow.days, fast.days))


def _slower_day(slow: Day, fast: Day) -> bool:
    if slow.limits.start.ml_per_h > fast.limits.start.ml_per_h:
        return False
    if slow.limits.maximum.ml_per_h > fast.limits.maximum.ml_per_h:
        return False
    moments = {step.end_minute for day in (slow, fast) for step in day.steps}
    together = slow.steps and fast.steps
    return not together or all(volume_at(slow, moment) <= volume_at(fast, moment) for moment in moments)


@given(products(), contexts(), st.sampled_from(["at_risk", "first_infusion"]))
def test_a_new_risk_never_speeds_up(given_product: Product, why: CapContext, name: str) -> None:
    plans = [timetable(ordered(given_product, "20", why=replace(why, **{name: ANSWERS[one]}))) for one in TRUTHS]  # type: ignore[arg-type] # an answer
    without, unknown, with_risk = plans
    event(", ".join(map(_described, plans)))
    assert is_slower_or_equal(unknown, without)
    assert is_slower_or_equal(with_risk, without)
    if isinstance(unknown, Timetable):
        assert isinstance(with_risk, Timetable)
        assert [day.steps for day in unknown.days] == [day.steps for day in with_risk.days]


@given(products(), contexts(), st.sampled_from(["age", "pregnant", "indication", "weeks_since_last"]))
def test_forgetting_never_removes_a_cap_and_leaves_a_question(
    given_product: Product, why: CapContext, name: str
) -> None:
    after = forgotten(why, name)
    before_caps, after_caps = caps_for(given_product, why), caps_for(given_product, after)
    assert {cap.id for cap in before_caps} <= {cap.id for cap in after_caps}
    changed = [cap for cap in after_caps if cap not in before_caps]
    assert all(cap.truth is Truth.UNKNOWN for cap in changed)
    assert all(cap.needs and cap.question for cap in after_caps if cap.truth is Truth.UNKNOWN)
    assert all(cap.question is None for cap in after_caps if cap.truth is Truth.MET)
    order = ordered(given_product, "20", why=why)
    forgetful = timetable(replace(order, caps=after_caps))
    assert is_slower_or_equal(forgetful, timetable(order))


def forgotten(why: CapContext, name: str) -> CapContext:
    if name in {"indication", "weeks_since_last"}:
        return replace(why, **{name: None})  # type: ignore[arg-type] # both may be None
    kept = {fact: extent for fact, extent in why.conditions.extents.items() if fact != name}
    return replace(why, conditions=replace(why.conditions, extents=kept))


@given(orders(), st.integers(1, 900).map(Decimal))
def test_a_slower_pump_never_speeds_up(order: InfusionOrder, pump: Decimal) -> None:
    (cap,) = caps_for(product(), context(str(order.weight_kg), local=LocalLimits(pump_ml_per_h=pump)))
    assert cap.limit is not None
    limited = replace(cap, limit=replace(cap.limit, basis=order.basis))
    assert is_slower_or_equal(timetable(replace(order, caps=(*order.caps, limited))), timetable(order))


# Scale and units


@given(schedules(), percents, per_kg, st.lists(weights, min_size=2, max_size=2, unique=True))
def test_an_uncapped_plan_scales_with_weight(
    schedule: RateSchedule, percent: Decimal, dose: Decimal, both: Sequence[Decimal]
) -> None:
    given_product = replace(product(schedule), g_per_100_ml=percent)
    plans = [planned(ordered(given_product, str(dose * kg), why=context(str(kg)))) for kg in both]
    one, other = (plan.days[0] for plan in plans if plan)
    factor = Fraction(both[1]) / Fraction(both[0])
    assert (one.minutes, one.limits.longest_minutes) == (other.minutes, other.limits.longest_minutes)
    assert [step.rate.ml_per_h * factor for step in one.steps] == [step.rate.ml_per_h for step in other.steps]
    assert [step.end_minute for step in one.steps] == [step.end_minute for step in other.steps]


@given(tenths, st.sampled_from([*UNITS, "mL/h"]), st.sampled_from([*UNITS, "mL/h"]), percents, weights)
def test_units_convert_exactly_both_ways(
    value: Decimal, one: RateUnit, other: RateUnit, percent: Decimal, kg: Decimal
) -> None:
    basis = RateBasis(percent, kg)
    assert convert_rate(convert_rate(value, one, other, basis), other, one, basis) == Fraction(value)


@given(figures, figures, percents, weights)
def test_of_two_figures_for_one_cap_the_lower_counts(
    one: CapFigure, other: CapFigure, percent: Decimal, kg: Decimal
) -> None:
    given_product = replace(product(), g_per_100_ml=percent)
    limits = []
    for both in ((one, other), (other, one), (one,), (other,)):
        cap = RateCap("cap", "A cap.", "always", "verified", SOURCE, both)
        (found,) = caps_for(replace(given_product, caps=(cap,)), context(str(kg)))
        assert found.limit is not None
        limits.append((found.limit.ml_per_h, not found.below))
    assert limits[0] == limits[1] == min(limits[2:])


@given(st.fractions(min_value=0, max_value=2000))
def test_what_is_shown_is_never_more_than_it_is(value: Fraction) -> None:
    shown = Fraction(shown_down(value))
    assert shown <= value
    assert (shown == 0) is (value == 0)
    assert value - shown < Fraction(1, 10)


# Under the skin

volumes = st.integers(5, 60).map(Decimal)


@st.composite
def site_rules(draw: st.DrawFn) -> tuple[SiteRule, ...]:
    """A rule for light patients, one for others, and one for first infusions."""
    names: tuple[tuple[str, str | None, str], ...] = (
        ("light", LIGHT, "all"),
        ("heavy", HEAVY, "all"),
        ("first", None, "first"),
    )
    return tuple(
        SiteRule(
            name,
            f"Rule {name}.",
            "verified",
            SOURCE,
            when,
            turns,  # type: ignore[arg-type] # one of the literals
            volume_ml_per_site=draw(volumes),
            rate_ml_per_h_per_site=draw(volumes),
            rate_ml_per_h_all_sites=draw(st.none() | volumes),
            volume_ml_per_day=draw(st.none() | volumes),
            sites_at_most=draw(st.none() | st.integers(1, 8)),
        )
        for name, when, turns in names
    )  # fmt: skip


EARLY = {**ANSWERS, Truth.UNKNOWN: Answer(Truth.UNKNOWN, ("previous_immunoglobulin",))}


def under_the_skin(rules: tuple[SiteRule, ...], grams: Decimal, conditions: Conditions, early: Truth) -> SitePlan:
    found = site_plan(product(percent="20", sites=rules), grams, conditions, early=EARLY[early])
    assert isinstance(found, SitePlan)
    return found


@given(site_rules(), tenths, st.none() | st.integers(10, 100), truths)
def test_a_site_takes_no_more_than_it_may(
    rules: tuple[SiteRule, ...], grams: Decimal, kg: int | None, early: Truth
) -> None:
    conditions = known() if kg is None else known(weight=kg)
    found = under_the_skin(rules, grams, conditions, early)
    limits = found.limits
    assert (found.volume_ml * found.days, found.dose_g * found.days) == (grams * 5, grams)
    assert found.volume_ml_per_site <= (limits.volume_ml_per_site or 0)
    assert found.sites <= (limits.sites_at_most or found.sites)
    assert found.volume_ml <= (limits.volume_ml_per_day or found.volume_ml)
    assert sum(rate * spent for rate, spent in found.steps) == found.volume_ml * 60
    whole = limits.rate_ml_per_h_all_sites
    for rate, _ in found.steps:
        assert rate <= (limits.rate_ml_per_h_per_site or 0) * found.sites
        assert whole is None or rate <= whole


@given(site_rules(), tenths, st.integers(10, 100), truths, st.sampled_from(["weight", "early"]))
def test_forgetting_never_loosens_a_site(
    rules: tuple[SiteRule, ...], grams: Decimal, kg: int, early: Truth, name: str
) -> None:
    before = under_the_skin(rules, grams, known(weight=kg), early)
    after = under_the_skin(
        rules, grams, known() if name == "weight" else known(weight=kg), Truth.UNKNOWN if name == "early" else early
    )
    assert {one.rule.id for one in before.rules} <= {one.rule.id for one in after.rules}
    assert all(one.needs for one in after.rules if one.truth is Truth.UNKNOWN)
    for limit in ("volume_ml_per_site", "rate_ml_per_h_per_site"):
        assert getattr(after.limits, limit) <= getattr(before.limits, limit)
    assert after.days >= before.days


@pytest.mark.parametrize("form", ["steps", "limits"])
def test_the_strategies_reach_both_forms_of_plan(form: str) -> None:
    """What the tests above draw is not all of one kind."""
    seen: set[str] = set()

    @given(orders())
    def look(order: InfusionOrder) -> None:
        seen.add(_described(timetable(order)))

    look()
    assert form in seen
