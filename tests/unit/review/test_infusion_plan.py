"""Subcutaneous doses in place of intravenous ones, and what a place says of itself."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.review.judged import case_of, library

from ivigil.dosing.infusion import Timetable
from ivigil.dosing.rates import NotPlanned
from ivigil.dosing.subcutaneous import SitePlan, Switch, to_subcutaneous
from ivigil.knowledge.dosing_records import Formulary, LadderStep
from ivigil.review import Judge
from ivigil.review.infusion_plan import InfusionPlan, Settings
from ivigil.review.plan import Plan, plan_course

TODAY = date(2026, 11, 22)
LATER = "first_immunoglobulin_infusion: false, age: 40 a, weight: 70 kg"


def course(
    total_g: Decimal,
    settings: Settings,
    known_library=None,  # noqa: ANN001 - a Library
    indication: str | None = None,
) -> Plan:
    known_library = known_library or library()
    case = case_of(f"request: {{request_total_dose: {total_g} g, request_infusion_days: 1 d}}\nfacts: {{{LATER}}}\n")
    known = Judge(known_library).known(case, case.requests[0], (), TODAY)
    return plan_course(
        known, [], known_library, TODAY, settings=settings, named=settings.products, indication=indication
    )


def of_hizentra(total_g: Decimal, weeks: int, every: int = 1) -> InfusionPlan:
    own = Settings(products=("hizentra-us",), iv_every_weeks=Decimal(weeks), sc_every_weeks=Decimal(every))
    (plan,) = course(total_g, own).infusions
    return plan


@given(st.integers(10, 60), st.integers(1, 6), st.integers(1, 2))
def test_what_is_given_under_the_skin_is_the_factor_times_what_was_given(total: int, weeks: int, every: int) -> None:
    plan = of_hizentra(Decimal(total), weeks, every)
    assert plan.switch is not None
    given_in_a_year = plan.switch.dose_g / every
    assert given_in_a_year == Fraction(total, weeks) * Fraction(plan.switch.factor.value)


def test_the_sites_take_the_whole_dose_and_the_vials_hold_it() -> None:
    plan = of_hizentra(Decimal(30), 4)
    assert isinstance(plan.schedule, SitePlan)
    assert plan.given is not None
    assert plan.schedule.dose_g * plan.schedule.days == Fraction(plan.given.doses_g[0])
    assert plan.vials[0].given_g >= plan.given.doses_g[0]
    assert "intravenously every 4 weeks" in plan.given.words


def test_a_product_without_a_factor_that_was_read_gives_no_dose() -> None:
    held = library().products
    without = sorted(key for key, one in held.items() if one.route == "subcutaneous" and one.iv_to_sc is None)
    assert without
    own = Settings(products=(without[0],), iv_every_weeks=Decimal(4))
    (plan,) = course(Decimal(30), own).infusions
    assert isinstance(plan.schedule, NotPlanned)
    assert plan.switch is None


WITH_FACTOR = sorted(key for key, one in library().products.items() if one.iv_to_sc is not None)


@given(st.sampled_from(WITH_FACTOR), st.integers(5, 60), st.integers(1, 4), st.integers(1, 6))
def test_from_the_skin_to_the_vein_and_back_is_the_same_dose_a_week(key: str, grams: int, sc: int, iv: int) -> None:
    own = Settings(products=("privigen-us",), iv_every_weeks=Decimal(iv), sc_every_weeks=Decimal(sc), sc_product=key)
    (plan,) = course(Decimal(grams), own).infusions
    assert plan.switch is not None
    assert plan.switch.is_inverse
    assert plan.switch.weekly_before_g == Fraction(grams, sc)
    product = library().products[key]
    back = to_subcutaneous(product, plan.switch.dose_g, Decimal(iv), every=Decimal(sc))
    assert isinstance(back, Switch)
    assert (back.dose_g, back.weekly_before_g) == (grams, plan.switch.weekly_g)
    assert not back.is_inverse


def test_the_dose_by_vein_is_what_vials_and_timetable_go_by() -> None:
    own = Settings(products=("gamunex-c-us",), iv_every_weeks=Decimal(4), sc_product="hizentra-us")
    (plan,) = course(Decimal(15), own).infusions
    assert plan.switch is not None
    assert plan.given is not None
    assert "inverse of its label's factor" in plan.given.words
    assert isinstance(plan.schedule, Timetable)
    volume = sum(day.volume_ml for day in plan.schedule.days)
    assert float(volume) == pytest.approx(float(plan.switch.dose_g) * 10)
    assert plan.vials[0].given_g >= plan.given.doses_g[0]


def test_no_label_that_was_read_gives_no_dose_by_vein() -> None:
    held = library().products
    without = sorted(key for key, one in held.items() if one.route == "subcutaneous" and one.iv_to_sc is None)
    for key in without:
        own = Settings(products=("privigen-us",), iv_every_weeks=Decimal(4), sc_product=key)
        (plan,) = course(Decimal(15), own).infusions
        assert isinstance(plan.schedule, NotPlanned)
        assert plan.switch is None


def test_no_factor_leads_from_skin_to_skin() -> None:
    own = Settings(products=("cuvitru-us",), iv_every_weeks=Decimal(4), sc_product="hizentra-us")
    (plan,) = course(Decimal(15), own).infusions
    assert isinstance(plan.schedule, NotPlanned)


@pytest.mark.parametrize(("product", "instead_of"), [("hizentra-us", None), ("privigen-us", "hizentra-us")])
def test_a_factor_holds_for_the_indications_of_its_label_alone(product: str, instead_of: str | None) -> None:
    settings = Settings(products=(product,), sc_product=instead_of, iv_every_weeks=Decimal(4))
    planned = {
        indication: course(Decimal(15), settings, indication=indication).infusions[0]
        for indication in (None, "primary-immunodeficiency", "cidp")
    }
    assert planned["cidp"].switch is None
    assert isinstance(planned["cidp"].schedule, NotPlanned)
    assert "primary-immunodeficiency alone" in planned["cidp"].schedule.words[0]
    assert planned[None].switch == planned["primary-immunodeficiency"].switch is not None


def test_without_the_interval_nothing_is_converted() -> None:
    (plan,) = course(Decimal(10), Settings(products=("hizentra-us",))).infusions
    assert plan.switch is None
    assert plan.given is not None
    assert plan.given.doses_g == (Decimal(10),)


@pytest.mark.parametrize("held", [True, False])
def test_a_ladder_for_reactions_is_shown_only_where_a_place_has_its_own(*, held: bool) -> None:
    steps = (LadderStep("mild", "Slow the infusion, by the protocol of this test."),)
    own = Formulary("formulary", "Of this test", "gilardin-2015", reaction_ladder=steps)
    known = replace(library(), formulary=own) if held else library()
    assert course(Decimal(10), Settings(), known).ladder == (steps if held else ())
