"""Subcutaneous plans: sites, days, rates, the factor between the routes and the way up to the full dose."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from tests.unit.dosing_infusion.made import (
    HEAVY,
    LIGHT,
    MET,
    NOT_MET,
    NOTHING_KNOWN,
    SOURCE,
    known,
    product,
)

from ivigil.criteria import Truth
from ivigil.dosing.rates import Answer, Conditions, NotPlanned
from ivigil.dosing.subcutaneous import (
    SitePlan,
    Switch,
    ramp_table,
    rules_for,
    site_plan,
    to_intravenous,
    to_subcutaneous,
)
from ivigil.knowledge.product_records import Factor, RampStep, RampUp, SiteRule, Status

EARLY_UNKNOWN = Answer(Truth.UNKNOWN, ("previous_immunoglobulin",))


def rule(name: str = "all", *, status: Status = "verified", **given: Any) -> SiteRule:  # noqa: ANN401 - any field
    numbers = {"volume_ml_per_site", "rate_ml_per_h_per_site", "rate_ml_per_h_all_sites", "volume_ml_per_day"}
    read = {key: Decimal(value) if key in numbers else value for key, value in given.items()}
    return SiteRule(name, f"Rule {name}.", status, SOURCE, **read)


BOTH = rule(volume_ml_per_site="25", rate_ml_per_h_per_site="20", sites_at_most=4)


def plan(
    *rules: SiteRule,
    dose: str = "10",
    conditions: Conditions = NOTHING_KNOWN,
    early: Answer = NOT_MET,
    sites: int | None = None,
) -> SitePlan:
    found = site_plan(product(percent="20", sites=rules), Decimal(dose), conditions, early=early, sites=sites)
    assert isinstance(found, SitePlan), found
    return found


def test_as_few_sites_as_the_label_allows() -> None:
    found = plan(BOTH)  # 10 g of a 20 % product are 50 mL
    assert (found.days, found.volume_ml, found.sites, found.volume_ml_per_site) == (1, 50, 2, 25)
    assert found.steps == ((40, 75),)
    assert (found.minutes, found.dose_g, found.notes, found.needs) == (75, 10, (), ())


def test_one_drop_more_takes_one_site_more() -> None:
    found = plan(BOTH, dose="10.2")
    assert (found.sites, found.volume_ml_per_site) == (3, 17)


def test_more_sites_when_asked_for() -> None:
    found = plan(BOTH, sites=4)
    assert (found.sites, found.volume_ml_per_site, found.steps) == (4, Fraction(25, 2), ((80, Fraction(75, 2)),))


@pytest.mark.parametrize(("sites", "used", "days"), [(None, 3, 2), (9, 4, 2), (1, 1, 6), (4, 4, 2)])
def test_what_the_sites_cannot_take_goes_on_more_days(sites: int | None, used: int, days: int) -> None:
    found = plan(BOTH, dose="30", sites=sites)
    assert (found.sites, found.days, found.volume_ml * found.days) == (used, days, 150)
    assert found.volume_ml_per_site <= 25
    assert any(f"on {days} days" in note for note in found.notes)
    assert any("At most 4 sites" in note for note in found.notes) is (sites == 9)


def test_a_daily_limit_splits_too() -> None:
    found = plan(replace(BOTH, volume_ml_per_day=Decimal(40)))
    assert (found.days, found.volume_ml, found.dose_g, found.sites) == (2, 25, 5, 1)


def test_a_limit_for_all_sites_together() -> None:
    found = plan(replace(BOTH, rate_ml_per_h_all_sites=Decimal(30)))
    assert found.steps == ((30, 100),)


def test_a_table_of_steps() -> None:
    """2 sites at 10, 20, then 40 mL/h each: 10 and 20 mL go in, and the rest of 50 mL at 80 mL/h."""
    steps = tuple(map(Decimal, (10, 20, 40)))
    table = rule(volume_ml_per_site="25", sites_at_most=4, steps_ml_per_h_per_site=steps, step_minutes=Decimal(30))
    found = plan(table)
    assert found.steps == ((20, 30), (40, 30), (80, 15))
    assert plan(table, BOTH).steps == ((20, 30), (40, 60))


def test_steps_of_unknown_length_give_no_time() -> None:
    table = rule(volume_ml_per_site="25", steps_ml_per_h_per_site=(Decimal(10), Decimal(20)))
    assert (plan(table).steps, plan(table).minutes) == ((), None)


def test_without_a_rate_that_was_read_there_is_no_time() -> None:
    guess = rule("guess", status="remembered", rate_ml_per_h_per_site="20")
    found = plan(rule(volume_ml_per_site="25"), guess)
    assert (found.sites, found.steps, found.minutes) == (2, (), None)
    assert "Caution, not verified: Rule guess." in found.notes
    assert any("not known" in note for note in found.notes)


def test_a_limit_that_is_only_remembered_tightens() -> None:
    guess = rule("guess", status="remembered", volume_ml_per_site="10")
    assert plan(BOTH, guess).limits.volume_ml_per_site == 10
    loose = replace(guess, volume_ml_per_site=Decimal(60))
    assert plan(BOTH, loose).limits.volume_ml_per_site == 25


def test_a_limit_that_is_only_remembered_makes_no_plan() -> None:
    guess = rule(status="remembered", volume_ml_per_site="25", rate_ml_per_h_per_site="20")
    found = site_plan(product(percent="20", sites=(guess,)), Decimal(10), NOTHING_KNOWN, early=NOT_MET)
    assert isinstance(found, NotPlanned)
    assert "is not certain" in found.words[0]


@pytest.mark.parametrize(("dose", "sites"), [("0", None), ("10", 0)])
def test_what_makes_no_sense_is_refused(dose: str, sites: int | None) -> None:
    given = product(percent="20", sites=(BOTH,))
    assert isinstance(site_plan(given, Decimal(dose), NOTHING_KNOWN, early=NOT_MET, sites=sites), NotPlanned)


# Which rules hold

LIGHT_RULE = rule("light", when=LIGHT, volume_ml_per_site="20", rate_ml_per_h_per_site="15")
HEAVY_RULE = rule("heavy", when=HEAVY, volume_ml_per_site="60", rate_ml_per_h_per_site="20")
FIRST_RULE = rule("first", infusions="first", volume_ml_per_site="15", rate_ml_per_h_per_site="15")
LATER_RULE = rule("later", infusions="later", volume_ml_per_site="25", rate_ml_per_h_per_site="25")


@pytest.mark.parametrize(
    ("conditions", "volume", "rate", "needs"),
    [
        (known(weight=30), 20, 15, ()),
        (known(weight=40), 60, 20, ()),
        (NOTHING_KNOWN, 20, 15, ("weight",)),
    ],
)
def test_rules_by_weight(conditions: Conditions, volume: int, rate: int, needs: tuple[str, ...]) -> None:
    found = plan(LIGHT_RULE, HEAVY_RULE, conditions=conditions)
    assert (found.limits.volume_ml_per_site, found.limits.rate_ml_per_h_per_site) == (volume, rate)
    assert found.needs == needs
    assert any("not known whether it holds" in note for note in found.notes) is bool(needs)


def test_a_limit_for_some_patients_is_none_for_others() -> None:
    """Unknown weight: the rule for heavy patients says nothing of what a site of a light one may take."""
    rate_only = replace(LIGHT_RULE, volume_ml_per_site=None)
    for rules, conditions, needs in (
        ((HEAVY_RULE,), NOTHING_KNOWN, ("weight",)),
        ((HEAVY_RULE, rate_only), NOTHING_KNOWN, ("weight",)),
        ((HEAVY_RULE, rate_only), known(weight=30), ()),
        ((HEAVY_RULE, replace(LIGHT_RULE, status="remembered")), NOTHING_KNOWN, ("weight",)),
    ):
        found = site_plan(product(percent="20", sites=rules), Decimal(10), conditions, early=NOT_MET)
        assert isinstance(found, NotPlanned)
        assert found.needs == needs


def test_a_rate_for_some_patients_gives_no_time_while_it_is_not_known_whom() -> None:
    volumes = rule("volumes", volume_ml_per_site="25")
    found = plan(volumes, HEAVY_RULE)
    assert (found.sites, found.steps, found.needs) == (2, (), ("weight",))
    assert plan(volumes, HEAVY_RULE, conditions=known(weight=70)).steps == ((40, 75),)


def test_a_limit_of_later_infusions_says_nothing_of_the_first() -> None:
    for early, planned in (
        (NOT_MET, True),
        (MET, False),
        (EARLY_UNKNOWN, False),
        (Answer(Truth.NOT_APPLICABLE), False),
    ):
        found = site_plan(product(percent="20", sites=(LATER_RULE,)), Decimal(10), NOTHING_KNOWN, early=early)
        assert isinstance(found, SitePlan) is planned


@pytest.mark.parametrize(
    ("early", "volume", "needs"),
    [(MET, 15, ()), (NOT_MET, 25, ()), (EARLY_UNKNOWN, 15, ("previous_immunoglobulin",))],
)
def test_first_infusions_are_smaller(early: Answer, volume: int, needs: tuple[str, ...]) -> None:
    found = plan(FIRST_RULE, LATER_RULE, early=early)
    assert (found.limits.volume_ml_per_site, found.needs) == (volume, needs)


def test_a_rule_that_does_not_hold_is_left_out() -> None:
    given = product(sites=(LIGHT_RULE, HEAVY_RULE, FIRST_RULE))
    assert [one.rule.id for one in rules_for(given, known(weight=70), NOT_MET)] == ["heavy"]


def test_of_two_tables_the_slower_rate_counts_at_each_step() -> None:
    slow = rule("slow", steps_ml_per_h_per_site=(Decimal(5), Decimal(30)), step_minutes=Decimal(10))
    fast = rule("fast", steps_ml_per_h_per_site=tuple(map(Decimal, (10, 20, 40))), step_minutes=Decimal(5))
    limits = plan(rule("volume", volume_ml_per_site="25"), slow, fast).limits
    assert (limits.steps_ml_per_h_per_site, limits.step_minutes) == ((5, 20, 30), 10)


# Between the routes

FACTOR = Factor(Decimal("1.37"), "A factor.", "verified", SOURCE, date(2024, 1, 1))
SWITCHED = replace(product(percent="20"), iv_to_sc=FACTOR)


def test_from_the_vein_to_the_skin_and_back() -> None:
    weekly = to_subcutaneous(SWITCHED, Decimal(40), Decimal(4))
    assert isinstance(weekly, Switch)
    assert (weekly.dose_g, weekly.weeks, weekly.label_date) == (Fraction("13.7"), 1, date(2024, 1, 1))
    back = to_intravenous(SWITCHED, weekly.dose_g, weekly.weeks, every=Decimal(4))
    assert isinstance(back, Switch)
    assert (back.dose_g, back.weeks) == (40, 4)
    assert (back.is_inverse, weekly.is_inverse) == (True, False)
    assert back.weekly_g == weekly.weekly_before_g == 10
    assert back.weekly_before_g == weekly.weekly_g


def test_every_other_week_takes_twice_the_dose() -> None:
    found = to_subcutaneous(SWITCHED, Decimal(40), Decimal(4), every=Decimal(2))
    assert isinstance(found, Switch)
    assert found.dose_g == Fraction("27.4")


def test_the_label_s_date_stands_in_for_the_factor_s() -> None:
    undated = replace(SWITCHED, iv_to_sc=replace(FACTOR, label_date=None), label_date=date(2025, 2, 2))
    found = to_subcutaneous(undated, Decimal(40), Decimal(4))
    assert isinstance(found, Switch)
    assert found.label_date == date(2025, 2, 2)


@pytest.mark.parametrize(
    ("factor", "words"), [(None, "gives no factor"), (replace(FACTOR, status="remembered"), "only remembered")]
)
def test_without_a_factor_that_was_read_nothing_is_converted(factor: Factor | None, words: str) -> None:
    bare = replace(SWITCHED, iv_to_sc=factor)
    for found in (
        to_subcutaneous(bare, Decimal(40), Decimal(4)),
        to_intravenous(bare, Decimal(10), Decimal(1), every=Decimal(4)),
    ):
        assert isinstance(found, NotPlanned)
        assert words in found.words[0]


# The way up

RAMP = RampUp(
    tuple(RampStep(week, Decimal(count)) for week, count in ((1, 1), (2, 2), (4, 3), (7, 4))),
    "Up in four infusions.",
    "verified",
    SOURCE,
)


def test_the_way_up_to_the_full_dose() -> None:
    rows = ramp_table(replace(product(percent="10"), ramp_up=RAMP), Decimal("7.5"))
    assert not isinstance(rows, NotPlanned)
    assert [(row.week, row.dose_g, row.volume_ml) for row in rows] == [
        (1, 7.5, 75),
        (2, 15, 150),
        (4, 22.5, 225),
        (7, 30, 300),
    ]


@pytest.mark.parametrize(
    ("ramp", "words"), [(None, "gives no way up"), (replace(RAMP, status="remembered"), "only remembered")]
)
def test_without_a_way_up_that_was_read_there_is_none(ramp: RampUp | None, words: str) -> None:
    found = ramp_table(replace(product(), ramp_up=ramp), Decimal(10))
    assert isinstance(found, NotPlanned)
    assert words in found.words[0]
