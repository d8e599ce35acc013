"""Deriving: doses that follow from each other and from the weight, whole and each once; what to ask so that they do."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivigil.facts import Between, Catalogue, Exactly, Extent, Fact, Settled, Statement, asked_for, derive, on, settle
from ivigil.facts.definition import Bounds, Derived
from ivigil.knowledge import load
from ivigil.units.amounts import as_decimal

TODAY = date(2026, 11, 20)
TOTAL, DAILY = "request_total_dose", "request_daily_dose"
TOTAL_PER_KG, DAILY_PER_KG = "request_total_dose_per_kg", "request_daily_dose_per_kg"
DAYS, WEIGHT = "request_infusion_days", "weight"
DOSES = (TOTAL, DAILY, TOTAL_PER_KG, DAILY_PER_KG)


@cache
def catalogue() -> Catalogue:
    return load().catalogue


def statement(fact: str, value: str | Extent, when: date = TODAY) -> Statement:
    says = Exactly(Decimal(value)) if isinstance(value, str) else value
    return Statement(fact, says, f"{value}", f"the {fact}", on(when))


def known_of(*statements: Statement) -> dict[str, Settled]:
    return derive(settle(statements, catalogue(), TODAY), catalogue(), TODAY)


def known(**stated: str) -> dict[str, Settled]:
    return known_of(*(statement(fact, value) for fact, value in stated.items()))


def doses(found: Mapping[str, Settled]) -> dict[str, object]:
    return {fact: found[fact].value for fact in DOSES if fact in found}


# What follows


@given(
    st.integers(10, 400).map(lambda cg: Fraction(cg, 100)),
    st.integers(1, 5),
    st.integers(100, 1500).map(lambda hg: Fraction(hg, 10)),
    st.sampled_from(DOSES),
)
def test_each_dose_with_days_and_weight_gives_the_others_to_the_last_digit(
    total_per_kg: Fraction, days: int, weight: Fraction, stated: str
) -> None:
    """A third that is rounded on the way would leave 34.999… where a hazard begins at 35."""
    exact = {
        TOTAL_PER_KG: total_per_kg,
        DAILY_PER_KG: total_per_kg / days,
        TOTAL: total_per_kg * weight,
        DAILY: total_per_kg * weight / days,
    }
    # A dose that no decimal holds cannot be stated; it is stated as days times what can.
    scale = days if Fraction(as_decimal(exact[stated])) != exact[stated] else 1
    wanted = {fact: as_decimal(value * scale) for fact, value in exact.items()}
    given_ = {stated: f"{wanted[stated]:f}", DAYS: str(days), WEIGHT: f"{as_decimal(weight):f}"}
    assert doses(known(**given_)) == wanted


@pytest.mark.parametrize(
    ("stated", "fact", "value"),
    [
        ({TOTAL_PER_KG: "2", WEIGHT: "52.5", DAYS: "3"}, DAILY, "35"),
        ({DAILY: "53.6", WEIGHT: "80.4", DAYS: "3"}, TOTAL_PER_KG, "2"),
        ({TOTAL: "241.2", WEIGHT: "80.4", DAYS: "3"}, DAILY_PER_KG, "1"),
    ],
)
def test_a_rounded_step_on_the_way_costs_no_threshold(stated: dict[str, str], fact: str, value: str) -> None:
    assert known(**stated)[fact].value == Decimal(value)


@pytest.mark.parametrize(
    ("stated", "wanted"),
    [
        ({TOTAL: "120"}, {TOTAL}),
        ({TOTAL: "120", DAYS: "3"}, {TOTAL, DAILY}),
        ({TOTAL: "120", WEIGHT: "80"}, {TOTAL, TOTAL_PER_KG}),
        ({DAILY: "40", DAYS: "3"}, {DAILY, TOTAL}),
        ({DAILY: "40", WEIGHT: "80"}, {DAILY, DAILY_PER_KG}),
        ({TOTAL_PER_KG: "2", DAYS: "4"}, {TOTAL_PER_KG, DAILY_PER_KG}),
        ({DAYS: "3", WEIGHT: "80"}, set()),
    ],
)
def test_nothing_follows_from_what_is_not_known(stated: dict[str, str], wanted: set[str]) -> None:
    assert {*doses(known(**stated))} == wanted


def test_a_weight_that_does_not_count_gives_nothing() -> None:
    old = known_of(statement(TOTAL, "120"), statement(WEIGHT, "80", TODAY - timedelta(days=91)))
    split = known_of(statement(TOTAL, "120"), statement(WEIGHT, "80"), statement(WEIGHT, "90"))
    assert {*doses(old)} == {*doses(split)} == {TOTAL}


def test_a_span_gives_a_span_and_half_a_span_gives_nothing() -> None:
    span, half = Between(Decimal(90), Decimal(120)), Between(Decimal(90), None)
    assert known_of(statement(TOTAL, span), statement(DAYS, "3"))[DAILY].extent == Between(Decimal(30), Decimal(40))
    assert DAILY not in known_of(statement(TOTAL, half), statement(DAYS, "3"))


# What is stated


def test_what_is_stated_stands_though_another_follows() -> None:
    found = known(**{TOTAL: "100", DAILY: "30", DAYS: "5", WEIGHT: "80", DAILY_PER_KG: "1"})
    assert [found[fact].value for fact in (TOTAL, DAILY, DAILY_PER_KG)] == [100, 30, 1]


def test_the_dose_of_a_day_that_an_order_states_goes_before_what_is_to_be_dispensed() -> None:
    found = known(**{TOTAL: "400", DAILY_PER_KG: "0.4", DAYS: "5", WEIGHT: "80"})
    assert (found[DAILY].value, found[TOTAL_PER_KG].value) == (32, 2)


def test_a_dose_that_the_record_contradicts_stays_unknown() -> None:
    stated = (statement(DAILY, "30"), statement(DAILY, "40"), statement(TOTAL, "150"), statement(DAYS, "5"))
    assert known_of(*stated)[DAILY].why_unknown == "conflicting"


def test_an_impossible_dose_takes_no_part_in_what_follows() -> None:
    found = known(**{TOTAL: "4900", WEIGHT: "80", DAYS: "5"})
    assert (found[TOTAL].value, found[DAILY].value) == (4900, 980)
    for fact in (TOTAL_PER_KG, DAILY_PER_KG):
        (aside,) = found[fact].set_aside
        assert (found[fact].extent, aside.kind) == (None, "implausible")


# Where it comes from


def test_a_derived_value_names_what_the_record_states_and_nothing_between() -> None:
    (derived,) = known(**{TOTAL_PER_KG: "2", WEIGHT: "80", DAYS: "5"})[DAILY].used
    wanted = {f"the {fact}" for fact in (TOTAL_PER_KG, WEIGHT, DAYS)}
    assert {*derived.origin.removeprefix("derived from ").split(", ")} == wanted
    assert {one.origin for one in derived.roots} == wanted
    assert len(derived.roots) == len(wanted)


def test_a_value_rests_on_what_is_behind_it() -> None:
    found = known(**{TOTAL: "160", WEIGHT: "80", DAYS: "5"})
    assert found[DAILY_PER_KG].rests_on(WEIGHT)
    assert found[DAILY].rests_on(TOTAL_PER_KG, TOTAL)
    assert not found[DAILY].rests_on(WEIGHT)
    assert not found[TOTAL].rests_on(DAILY)
    assert found[TOTAL].rests_on(TOTAL)


# What to ask


@pytest.mark.parametrize(
    ("stated", "fact", "asked"),
    [
        ({TOTAL: "160"}, TOTAL_PER_KG, WEIGHT),
        ({TOTAL: "160", DAYS: "4"}, DAILY_PER_KG, WEIGHT),
        ({TOTAL: "160"}, DAILY, DAYS),
        ({DAILY: "40", WEIGHT: "80"}, TOTAL_PER_KG, DAYS),
        ({DAILY: "40"}, TOTAL_PER_KG, TOTAL_PER_KG),
        ({WEIGHT: "80"}, TOTAL_PER_KG, TOTAL_PER_KG),
        ({DAYS: "5"}, TOTAL_PER_KG, TOTAL_PER_KG),
        ({DAYS: "5", WEIGHT: "80"}, DAILY, DAILY),
        ({}, DAILY, DAILY),
        ({}, "age", "age"),
        ({}, WEIGHT, WEIGHT),
        ({WEIGHT: "80"}, "body_mass_index", "height"),
    ],
)
def test_who_has_given_the_one_is_asked_for_the_other(stated: dict[str, str], fact: str, asked: str) -> None:
    extents = {name: one.extent for name, one in known(**stated).items()}
    assert asked_for(fact, extents, catalogue()) == asked


def test_a_fact_that_is_in_doubt_is_asked_for_itself() -> None:
    """The weight would only put a third value beside the two that disagree."""
    stated = (statement(TOTAL, "160"), statement(TOTAL_PER_KG, "2"), statement(TOTAL_PER_KG, "1"))
    extents = {name: one.extent for name, one in known_of(*stated).items()}
    assert asked_for(TOTAL_PER_KG, extents, catalogue()) == TOTAL_PER_KG


@given(st.sets(st.sampled_from([*DOSES, DAYS, WEIGHT])), st.sampled_from(DOSES))
def test_what_is_asked_for_makes_the_fact_known(stated: set[str], fact: str) -> None:
    value = dict(zip([*DOSES, DAYS, WEIGHT], ["160", "32", "2", "0.4", "5", "80"], strict=True))
    found = known(**{one: value[one] for one in stated})
    if fact not in found:
        asked = asked_for(fact, {name: one.extent for name, one in found.items()}, catalogue())
        assert asked not in found
        assert known(**{one: value[one] for one in {*stated, asked}})[fact].value == Decimal(value[fact])


# Which come first


def quantity(name: str, *derived: Derived) -> Fact:
    bounds = Bounds(Decimal(0), Decimal(10**6), "a-source")
    return Fact(name, name, "quantity", "group", "?", unit="g", range=bounds, derived=derived)


def test_facts_come_after_those_they_follow_from_and_beside_those_of_their_circle() -> None:
    facts = (
        quantity("last", Derived("product", ("left", "size"))),
        quantity("left", Derived("quotient", ("right", "size"), only_if_missing=True)),
        quantity("right", Derived("product", ("left", "size"), only_if_missing=True)),
        quantity("first", Derived("product", ("size", "size"))),
        quantity("size"),
    )
    groups = Catalogue({one.id: one for one in facts}).derived
    assert [[one.id for one in group] for group in groups] == [["first"], ["left", "right"], ["last"]]
