"""The dose asked for against recommended regimens: daily and total told apart, rounding, weight, route."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.review.judged import house, judged, library

from ivigil.facts import Exactly, Settled
from ivigil.knowledge import Regimen
from ivigil.knowledge.records import Passage, Span
from ivigil.review import DoseCheck
from ivigil.review.dose_check import check_dose

FIRST = "indication: alpha, request_phase: initial"
WEIGHT = "weight: 70 kg"


def dose(request: str, facts: str = "") -> DoseCheck:
    """Against 0.4 g/kg/d on five days (2 g/kg), and 1 to 1.2 g/kg in all; a third regimen was only studied."""
    return house(f"{FIRST}, {request}" if request else FIRST, facts).dose


def results(found: DoseCheck) -> dict[str, tuple[str, ...]]:
    """The result of each regimen with those of its daily dose and total."""
    return {one.regimen.id: (one.result, *(line.result for line in one.lines)) for one in found.regimens}


PER_KG_DAILY = "request_daily_dose_per_kg"
PER_KG_TOTAL = "request_total_dose_per_kg"
DAYS = "request_infusion_days"
DAILY = "request_daily_dose"
TOTAL = "request_total_dose"


def test_only_recommended_regimens_are_compared() -> None:
    found = dose(f"{PER_KG_TOTAL}: 3 g/kg")
    assert set(results(found)) == {"daily", "total-only"}
    assert found.result == "outside"


@pytest.mark.parametrize(
    ("request_text", "facts", "daily", "total_only", "result"),
    [
        # per kg
        (f"{PER_KG_DAILY}: 0.4 g/kg/d, {DAYS}: 5 d", "", ("within", "within", "within"),
         ("outside", "not-stated", "outside"), "within"),
        (f"{PER_KG_DAILY}: 0.5 g/kg/d, {DAYS}: 4 d", "", ("outside", "outside", "within"),
         ("outside", "not-stated", "outside"), "outside"),
        (f"{PER_KG_DAILY}: 0.4 g/kg/d, {DAYS}: 3 d", "", ("outside", "within", "outside"),
         ("within", "not-stated", "within"), "within"),
        (f"{PER_KG_DAILY}: 400 mg/kg/d, {DAYS}: 5 d", "", ("within", "within", "within"),
         ("outside", "not-stated", "outside"), "within"),
        (f"{PER_KG_DAILY}: 0.4 g/kg/d", "", ("unknown", "within", "unknown"),
         ("unknown", "not-stated", "unknown"), "unknown"),
        (f"{PER_KG_TOTAL}: 1.1 g/kg", "", ("outside", "unknown", "outside"),
         ("within", "not-stated", "within"), "within"),
        (f"{PER_KG_TOTAL}: 2 g/kg", "", ("unknown", "unknown", "within"),
         ("outside", "not-stated", "outside"), "unknown"),
        (f"{PER_KG_TOTAL}: 1.21 g/kg", "", ("outside", "unknown", "outside"),
         ("outside", "not-stated", "outside"), "outside"),
        # in grams: 28 g a day and 140 g in all at 70 kg; 30 g is 28 g in whole vials of 5 g
        (f"{DAILY}: 28 g/d, {DAYS}: 5 d", WEIGHT, ("within", "within", "within"),
         ("outside", "not-stated", "outside"), "within"),
        (f"{DAILY}: 30 g/d, {DAYS}: 5 d", WEIGHT, ("within", "within", "within"),
         ("outside", "not-stated", "outside"), "within"),
        (f"{DAILY}: 25 g/d, {DAYS}: 5 d", WEIGHT, ("outside", "outside", "outside"),
         ("outside", "not-stated", "outside"), "outside"),
        (f"{DAILY}: 35 g/d, {DAYS}: 5 d", WEIGHT, ("outside", "outside", "outside"),
         ("outside", "not-stated", "outside"), "outside"),
        (f"{TOTAL}: 75 g", WEIGHT, ("outside", "unknown", "outside"), ("within", "not-stated", "within"), "within"),
        (f"{TOTAL}: 86.4 g", WEIGHT, ("outside", "unknown", "outside"), ("within", "not-stated", "within"), "within"),
        (f"{TOTAL}: 86.5 g", WEIGHT, ("outside", "unknown", "outside"),
         ("outside", "not-stated", "outside"), "outside"),
        (f"{TOTAL}: 67.5 g", WEIGHT, ("outside", "unknown", "outside"),
         ("outside", "not-stated", "outside"), "outside"),
        (f"{TOTAL}: 67.6 g", WEIGHT, ("outside", "unknown", "outside"), ("within", "not-stated", "within"), "within"),
        # without weight, grams say nothing
        (f"{DAILY}: 28 g/d, {DAYS}: 5 d", "", ("unknown", "unknown", "unknown"),
         ("unknown", "not-stated", "unknown"), "unknown"),
        ("", WEIGHT, ("unknown", "unknown", "unknown"), ("unknown", "not-stated", "unknown"), "unknown"),
    ],
)  # fmt: skip
def test_comparison(
    request_text: str,
    facts: str,
    daily: tuple[str, ...],
    total_only: tuple[str, ...],
    result: str,
) -> None:
    found = dose(request_text, facts)
    assert results(found) == {"daily": daily, "total-only": total_only}
    assert found.result == result


def test_a_low_dose_is_not_rounded_to_a_whole_vial() -> None:
    """At 6 kg, 0.4 g/kg are 2.4 g; an order of 4.8 g is twice that, and no rounding."""
    facts = "weight: 6 kg"
    assert results(dose(f"{DAILY}: 2.4 g/d, {DAYS}: 5 d", facts))["daily"] == ("within", "within", "within")
    assert results(dose(f"{DAILY}: 4.8 g/d, {DAYS}: 5 d", facts))["daily"] == ("outside", "outside", "outside")


def test_a_total_spread_over_many_days_does_not_excuse_any_total() -> None:
    """Sixty roundings of 2.5 g each would make 10 g as good as 70 g."""
    found = dose(f"{TOTAL}: 10 g, {DAYS}: 60 d", WEIGHT)
    assert results(found)["total-only"] == ("outside", "not-stated", "outside")


@pytest.mark.parametrize(
    ("request_text", "facts", "needs"),
    [
        ("", "", [DAILY, "weight", TOTAL]),
        ("", WEIGHT, [DAILY, TOTAL]),
        (f"{PER_KG_DAILY}: 0.4 g/kg/d", "", [TOTAL, "weight"]),
        (f"{DAILY}: 30 g/d, {DAYS}: 5 d", "", ["weight"]),
        (f"{PER_KG_TOTAL}: 1 g/kg", "", []),
    ],
)
def test_what_would_have_to_be_known(request_text: str, facts: str, needs: list[str]) -> None:
    assert [fact.id for fact in dose(request_text, facts).needs] == needs


@pytest.mark.parametrize(
    ("route", "result", "other"),
    [("intravenous", "within", None), ("subcutaneous", "outside", "subcutaneous")],
)
def test_a_regimen_holds_for_its_route(route: str, result: str, other: str | None) -> None:
    found = dose(f"{PER_KG_DAILY}: 0.4 g/kg/d, {DAYS}: 5 d, request_route: {route}")
    assert found.result == result
    assert found.regimens[0].other_route == other


def test_an_unknown_route_does_not_speak_against_a_dose() -> None:
    assert dose(f"{PER_KG_DAILY}: 0.4 g/kg/d, {DAYS}: 5 d, request_route: unknown").result == "within"


@pytest.mark.parametrize("indication", ["beta", "gamma", "delta", "epsilon", "zeta"])
def test_where_no_dose_is_recommended_none_is_compared(indication: str) -> None:
    found = house(f"indication: {indication}, request_phase: initial, {PER_KG_DAILY}: 0.4 g/kg/d").dose
    assert (found.result, found.needs) == ("not-stated", ())


def test_the_lines_say_what_is_compared() -> None:
    daily, total = dose(f"{DAILY}: 30 g/d, {DAYS}: 5 d", WEIGHT).regimens[0].lines
    assert (daily.name, daily.asked, daily.low, daily.high, daily.unit) == ("daily", 30, 28, 28, "g/d")
    assert (total.name, total.asked, total.low, total.high, total.unit) == ("total", 150, 140, 140, "g")
    per_kg = dose(f"{PER_KG_DAILY}: 0.4 g/kg/d").regimens[0].lines[0]
    assert (per_kg.asked, per_kg.low, per_kg.unit) == (Decimal("0.4"), Decimal("0.4"), "g/kg/d")


@pytest.mark.parametrize(
    ("request_text", "facts", "words"),
    [
        (f"{DAILY}: 30 g/d, {DAYS}: 5 d, {TOTAL}: 300 g", WEIGHT, "30 g a day on 5 days is not 300 g"),
        (f"{PER_KG_DAILY}: 0.4 g/kg/d, {DAILY}: 60 g/d", WEIGHT, "0.4 g/kg/d at 70 kg is not 60 g/d"),
        (f"{PER_KG_TOTAL}: 2 g/kg, {TOTAL}: 70 g", WEIGHT, "2 g/kg at 70 kg is not 70 g"),
    ],
)
def test_an_order_that_does_not_add_up_is_warned_of(request_text: str, facts: str, words: str) -> None:
    decision = house(f"{FIRST}, {request_text}", facts)
    assert any(words in warning for warning in decision.warnings)


@pytest.mark.parametrize(
    "request_text",
    [
        f"{DAILY}: 30 g/d, {DAYS}: 5 d, {TOTAL}: 150 g",
        f"{DAILY}: 30 g/d, {DAYS}: 5 d, {TOTAL}: 140 g",
        f"{PER_KG_DAILY}: 0.4 g/kg/d, {DAILY}: 30 g/d, {DAYS}: 5 d",
        f"{PER_KG_TOTAL}: 2 g/kg, {DAILY}: 30 g/d, {DAYS}: 5 d",
    ],
)
def test_rounding_is_not_a_contradiction(request_text: str) -> None:
    decision = house(f"{FIRST}, {request_text}", WEIGHT)
    assert not any("add up" in warning for warning in decision.warnings)
    assert decision.dose.result == "within"


@pytest.mark.parametrize("age", ["5 a", "40 a"])
@pytest.mark.parametrize("request_text", [f"{TOTAL}: 4 g, {DAYS}: 3 d", f"{PER_KG_TOTAL}: 0.2 g/kg, {DAYS}: 3 d"])
def test_a_third_of_a_dose_does_not_contradict_the_whole(request_text: str, age: str) -> None:
    """It has no last digit, and what is rounded off it is no disagreement."""
    decision = house(f"{FIRST}, {request_text}", f"weight: 20 kg, age: {age}")
    assert not any("add up" in warning for warning in decision.warnings)


def test_grams_and_grams_per_kg_that_disagree_are_taken_as_unknown() -> None:
    found = dose(f"{PER_KG_DAILY}: 0.4 g/kg/d, {DAILY}: 60 g/d, {PER_KG_TOTAL}: 2 g/kg", WEIGHT)
    assert results(found)["daily"] == ("unknown", "unknown", "within")
    assert found.result == "unknown"
    assert DAILY in [fact.id for fact in found.needs]


# Relations


CENTI = Decimal("0.01")
DOSES = st.decimals(min_value="0.05", max_value="5", places=2)
WEIGHTS = st.decimals(min_value="1", max_value="200", places=1)
DAY_COUNTS = st.integers(1, 10).map(Decimal)
PASSAGE = Passage("house-protocol", "nowhere")


def regimen(low: Decimal, high: Decimal) -> Regimen:
    return Regimen("r", "r", "recommended", "intravenous", PASSAGE, total_g_per_kg=Span(low, high))


def compared(wanted: Regimen, *, step: Decimal | None = None, **known: Decimal) -> str:
    """The result of one regimen for what is known of the order, with another rounding step if given."""
    appraisal = replace(library().rule_sets["house"].appraisals["alpha"], regimens=(wanted,))
    rounding = library().rounding if step is None else replace(library().rounding, step_g=step)
    facts = {fact: Settled(fact, Exactly(value), why_unknown=None) for fact, value in known.items()}
    return check_dose(appraisal, facts, replace(library(), rounding=rounding)).result


@given(DOSES, DOSES, DOSES, WEIGHTS, st.integers(2, 9).map(Decimal))
def test_scaling_grams_and_weight_together_changes_nothing_without_rounding(
    one: Decimal, other: Decimal, asked: Decimal, weight: Decimal, factor: Decimal
) -> None:
    wanted = regimen(min(one, other), max(one, other))
    grams = asked * weight
    before = compared(wanted, step=Decimal(0), request_total_dose=grams, weight=weight)
    after = compared(wanted, step=Decimal(0), request_total_dose=grams * factor, weight=weight * factor)
    assert before == after == compared(wanted, request_total_dose_per_kg=asked)
    assert (before == "within") is (min(one, other) <= asked <= max(one, other))


@given(DOSES, DOSES, WEIGHTS)
def test_asking_in_grams_or_per_kg_is_the_same_at_a_known_weight(low: Decimal, asked: Decimal, weight: Decimal) -> None:
    wanted = regimen(low, low + CENTI)
    in_grams = compared(wanted, request_total_dose=asked * weight, weight=weight)
    assert in_grams == compared(wanted, request_total_dose_per_kg=asked, weight=weight)


@given(DOSES, DOSES, WEIGHTS, DAY_COUNTS)
def test_rounding_only_ever_forgives_and_never_by_half_a_step_an_infusion(
    low: Decimal, asked: Decimal, weight: Decimal, days: Decimal
) -> None:
    wanted = regimen(low, low)
    known = {"request_total_dose": asked * weight, "weight": weight, "request_infusion_days": days}
    strict, rounded = compared(wanted, step=Decimal(0), **known), compared(wanted, **known)
    off = abs(asked - low) * weight
    half_steps = library().rounding.step_g / 2 * days
    if strict == "within":
        assert rounded == "within"
    if off >= half_steps:
        assert rounded == strict
    if rounded == "within":
        # Where rounding is allowed at all, each infusion is at least one whole step: never more than half is forgiven.
        assert off == 0 or off < low * weight / 2


@given(DOSES, WEIGHTS, DAY_COUNTS)
def test_an_exact_dose_is_always_within(low: Decimal, weight: Decimal, days: Decimal) -> None:
    known = {"request_total_dose": low * weight, "weight": weight, "request_infusion_days": days}
    assert compared(regimen(low, low), **known) == "within"


@settings(max_examples=50)
@given(DOSES, DOSES, WEIGHTS)
def test_a_wider_regimen_never_puts_a_dose_outside(low: Decimal, asked: Decimal, weight: Decimal) -> None:
    known = {"request_total_dose": asked * weight, "weight": weight}
    if compared(regimen(low, low + CENTI), step=Decimal(0), **known) == "within":
        assert compared(regimen(low, low + 1), step=Decimal(0), **known) == "within"


def test_a_childs_dose_is_not_forgiven_by_the_rounding_of_adults() -> None:
    """7.6 g for 0.4 g/kg at 20 kg is 0.4 g off: within for an adult's rounding, which no child is given."""
    order = (
        "request: {indication: guillain-barre, request_phase: initial, request_daily_dose: 7.6 g/d, "
        "request_infusion_days: 5 d}\n"
    )
    found = {}
    for age in (6, 17, 18, 60):
        (decision,) = judged(f"{order}facts: {{weight: 20 kg, age: {age} a}}\n")
        found[age] = decision.dose.result
    assert found == {6: "outside", 17: "outside", 18: "within", 60: "within"}


def test_the_day_of_a_total_is_compared_with_the_day_of_a_regimen() -> None:
    """2 g/kg on five days are 0.4 g/kg a day; on two days they are 1 g/kg."""
    for days, result in ((5, "within"), (2, "outside")):
        found = dose(f"{PER_KG_TOTAL}: 2 g/kg, {DAYS}: {days} d")
        assert [line.result for line in found.regimens[0].lines] == [result, "within"]


def test_a_dose_in_grams_is_compared_and_shown_in_grams() -> None:
    found = dose(f"{TOTAL}: 140 g, {DAYS}: 5 d", WEIGHT)
    assert [(line.result, line.asked, line.unit) for line in found.regimens[0].lines] == [
        ("within", Decimal(28), "g/d"),
        ("within", Decimal(140), "g"),
    ]


def test_what_does_not_add_up_is_told_once() -> None:
    for request in (
        f"{TOTAL}: 300 g, {DAILY}: 28 g/d, {DAYS}: 5 d",
        f"{TOTAL}: 300 g, {PER_KG_TOTAL}: 2 g/kg, {DAYS}: 5 d",
    ):
        assert len(dose(request, WEIGHT).warnings) == 1
