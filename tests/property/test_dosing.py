"""Relations that hold of any patient and regimen: weights, grams, days and rounding."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from hypothesis import assume, given
from hypothesis import strategies as st
from tests.unit.dosing.patients import (
    ADULT,
    DEVINE,
    NEAREST_5,
    by_weight,
    known,
    library,
    limit,
    regimen,
    weighed,
)

from ivigil.dosing import Rounded, Weighed, adjusted_kg, choose, divided, ideal_kg, plan, round_dose, savings
from ivigil.facts import Settled
from ivigil.knowledge.dosing_records import DoseRounding

KG = st.decimals(min_value=2, max_value=300, places=1)
CM = st.decimals(min_value=50, max_value=230, places=1)
GRAMS = st.decimals(min_value="0.1", max_value=500, places=2)
PER_KG = st.sampled_from(("0.2", "0.4", "0.5", "1", "2", "2.5"))
DAYS = st.integers(1, 7)
RULES = st.sampled_from(
    ("actual", "adjusted-0-4", "australia-2026", "clinpk", "ideal-devine", "kent-medway", "onlycalculators", "ontario")
)


@st.composite
def cases(draw: st.DrawFn) -> dict[str, Settled]:
    """Everything that a weight rule may ask of a patient."""
    sex = draw(st.sampled_from(("female", "male", "other")))
    return known(
        sex=sex,
        height=str(draw(CM)),
        weight=str(draw(KG)),
        age=str(draw(st.integers(0, 90))),
        pregnant=draw(st.booleans()) if sex == "female" else False,
        pre_pregnancy_weight=str(draw(KG)),
    )


def kg_of(found: Weighed) -> set[Decimal]:
    return {one.weight_kg for one in found.outcomes}


def test_the_rules_drawn_are_all_there_are() -> None:
    assert {*RULES.elements} == {*library().weight_rules}  # type: ignore[attr-defined] # a strategy's own list


@given(CM, KG, st.sampled_from(("female", "male")))
def test_the_adjusted_weight_lies_between_the_ideal_and_the_actual(cm: Decimal, kg: Decimal, sex: str) -> None:
    ideal = ideal_kg(DEVINE, cm, "male" if sex == "male" else "female")
    adjusted = adjusted_kg(ideal, kg, Decimal("0.4"))
    assert min(ideal, kg) <= adjusted <= max(ideal, kg)
    assert (adjusted == kg) == (ideal == kg)


@given(cases(), RULES)
def test_a_whole_case_leaves_nothing_to_ask(case: dict[str, Settled], rule: str) -> None:
    found = weighed(rule, case)
    assert found.needs == ()
    assert found.state != "unknown" or any("gives no weight" in one for one in found.cautions)
    assert (found.state == "certain") == (len(found.outcomes) == 1) or found.state == "unknown"


@given(cases(), RULES, st.sets(st.sampled_from(("sex", "height", "weight", "age", "pregnant", "pre_pregnancy_weight"))))
def test_missing_facts_never_lead_to_another_weight(case: dict[str, Settled], rule: str, gone: set[str]) -> None:
    """What is certain with less known stays so with more, and what comes out in the end was possible all along."""
    whole = weighed(rule, case)
    less = weighed(rule, {fact: one for fact, one in case.items() if fact not in gone})
    if less.state in {"certain", "not-stated"}:
        assert (less.state, kg_of(less)) == (whole.state, kg_of(whole))
    assert set(less.needs) <= gone


@given(cases(), RULES, st.sets(st.sampled_from(("sex", "height", "weight", "age", "pregnant", "pre_pregnancy_weight"))))
def test_answering_what_is_needed_settles_a_rule(case: dict[str, Settled], rule: str, gone: set[str]) -> None:
    """Asked again and again, a rule comes to what it says of the whole case, and never asks twice."""
    partly = {fact: one for fact, one in case.items() if fact not in gone}
    for _ in range(len(gone) + 1):
        needs = weighed(rule, partly).needs
        partly |= {fact: case[fact] for fact in needs}
    found, whole = weighed(rule, partly), weighed(rule, case)
    assert (found.state, kg_of(found), found.needs) == (whole.state, kg_of(whole), ())


@given(cases())
def test_the_guard_never_raises_a_dose(case: dict[str, Settled]) -> None:
    found = weighed("australia-2026", case)
    actual = case["weight"].value
    assert isinstance(actual, Decimal)
    assert all(one.weight_kg <= actual for one in found.outcomes)


@given(KG, PER_KG, DAYS, st.integers(2, 5))
def test_an_uncapped_plan_scales_with_weight(kg: Decimal, per_kg: str, days: int, factor: int) -> None:
    given_ = regimen(daily=per_kg, days=str(days))
    (one,) = plan(given_, by_weight(str(kg)), age=ADULT).courses
    (more,) = plan(given_, by_weight(str(kg * factor)), age=ADULT).courses
    assert one.total_g is not None
    assert one.per_day_g is not None
    assert (more.total_g, more.per_day_g) == (one.total_g * factor, one.per_day_g * factor)


@given(KG, PER_KG, DAYS, st.booleans(), st.none() | st.sampled_from(("0.3", "1")))
def test_the_days_add_up_to_the_course(kg: Decimal, total: str, days: int, rounds: bool, most: str | None) -> None:  # noqa: FBT001 - drawn
    limits = [limit(per_day=most)] if most else []
    weight = by_weight(str(kg), NEAREST_5 if rounds else None)
    (course,) = plan(regimen(total=total), weight, age=ADULT, limits=limits, days=days).courses
    assert course.total_g is not None
    assert course.days == len(course.daily_g)
    assert sum(map(Fraction, course.daily_g)) == Fraction(course.total_g)
    if most:
        assert all(Fraction(one) <= Fraction(most) * Fraction(kg) for one in course.daily_g[:-1])


@given(GRAMS, st.integers(1, 10), st.sampled_from(("1", "2.5", "5")))
def test_a_division_is_even(total: Decimal, days: int, step: str) -> None:
    found = divided(total, days, Decimal(step))
    assert sum(map(Fraction, found)) == Fraction(total)
    assert max(found) - min(found) <= Decimal(step)
    assert list(found) == sorted(found, reverse=True) or max(found) - min(found) < Decimal("1e-20")


def rounded(dose: Decimal, step: str, direction: str) -> Rounded:
    rule = DoseRounding(Decimal(step), direction, NEAREST_5.passage)  # type: ignore[arg-type] # a direction
    return round_dose(dose, rule, ADULT)


@given(GRAMS, st.sampled_from(("1", "2.5", "5")))
def test_rounding_keeps_within_its_step(dose: Decimal, step: str) -> None:
    nearest, down, up = (rounded(dose, step, direction) for direction in ("nearest", "down", "up"))
    half = Decimal(step) / 2
    assert not nearest.applied or abs(nearest.dose_g - dose) <= half
    assert not down.applied or dose - Decimal(step) < down.dose_g <= dose
    assert dose <= up.dose_g < dose + Decimal(step)
    assert min(nearest.dose_g, down.dose_g, up.dose_g) > 0


@given(GRAMS, st.sampled_from(("1", "2.5", "5")), st.sampled_from(("nearest", "down", "up")))
def test_rounding_twice_changes_nothing_more(dose: Decimal, step: str, direction: str) -> None:
    once = rounded(dose, step, direction).dose_g
    assert rounded(once, step, direction).dose_g == once


@given(cases(), PER_KG)
def test_savings_are_never_negative_where_the_weight_is_not_above_the_actual(
    case: dict[str, Settled], per_kg: str
) -> None:
    planned = plan(regimen(total=per_kg), weighed("australia-2026", case), age=case["age"].extent)
    assume(planned.on_actual_g is not None and planned.courses)
    assert planned.on_actual_g is not None
    for course in planned.courses:
        assert course.total_g is not None
        found = savings(planned.on_actual_g[1], course.total_g, Decimal(34))
        assert found.grams >= 0
        assert found.percent >= 0
        assert found.cost is not None
        assert found.cost >= 0


@given(st.integers(1, 60), st.integers(1, 5))
def test_whole_steps_of_a_rounded_course_leave_no_waste(steps: int, days: int) -> None:
    assume(steps >= days)
    each = divided(Decimal(5) * steps, days, Decimal(5))
    assert all(choose(one, (Decimal(5), Decimal(10), Decimal(20))).waste_g == 0 for one in each)
