"""Timetables: steps, caps, days, clock times, and what is refused."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from fractions import Fraction

import pytest
from tests.unit.dosing_infusion.made import (
    MET,
    RISK_UNKNOWN,
    at_risk,
    context,
    figure,
    ordered,
    per_kg,
    product,
    protocol,
    schedule,
    timed,
)

from ivigil.dosing.caps import LocalLimits, caps_for
from ivigil.dosing.infusion import timetable
from ivigil.dosing.rates import NotPlanned

STEPS = product(schedule("1", "2", "4"))
ENDS = product(schedule("1", "8", printed=False, minutes=None))


def test_the_steps_of_the_label() -> None:
    """At 70 kg: 42, 84 and 168 mL/h; 21 and 42 mL in the first hour, the rest of 280 mL at the last rate."""
    found = timed(ordered(STEPS, "28"))
    (day,) = found.days
    assert [(one.start_minute, one.end_minute, one.rate.ml_per_h, one.volume_so_far_ml) for one in day.steps] == [
        (0, 30, 42, 21),
        (30, 60, 84, 63),
        (60, 60 + Fraction(217 * 60, 168), 168, 280),
    ]
    assert (found.volume_ml, found.minutes, day.binding) == (280, Fraction(275, 2), ())
    assert [one.number for one in day.steps] == [1, 2, 3]


def test_a_small_dose_never_reaches_the_later_steps() -> None:
    (day,) = timed(ordered(STEPS, "2.1")).days
    assert per_kg(day.steps) == [(30, 1)]
    (day,) = timed(ordered(STEPS, "1")).days
    assert per_kg(day.steps) == [(Fraction(100, 7), 1)]


def test_a_first_step_of_another_length() -> None:
    (day,) = timed(ordered(product(schedule("1", "2", "4", hold="10")), "28")).days
    assert per_kg(day.steps)[:2] == [(10, 1), (30, 2)]


def test_capped_steps_become_one() -> None:
    found = timed(ordered(STEPS, "28", why=context(local=LocalLimits(pump_ml_per_h=Decimal(84)))))
    (day,) = found.days
    assert [one.rate.ml_per_h for one in day.steps] == [42, 84]
    assert [cap.id for cap in day.binding] == ["pump"]


def test_a_cap_binds_only_where_it_slows() -> None:
    capped = product(schedule("1", "2", "4"), caps=[at_risk(figure("3"))])
    why = context(risk=MET, local=LocalLimits(pump_ml_per_h=Decimal(500)))
    (day,) = timed(ordered(capped, "28", why=why)).days
    assert [cap.id for cap in day.binding] == ["at-risk"]
    (day,) = timed(ordered(capped, "2", why=why)).days  # over before the third step
    assert day.binding == ()
    assert len(timed(ordered(capped, "2", why=why)).caps) == 2


def test_a_cap_without_a_number_gives_limits_and_no_timetable() -> None:
    capped = product(schedule("1", "2", "4"), caps=[at_risk()])
    found = timed(ordered(capped, "28", why=context(risk=RISK_UNKNOWN)))
    (day,) = found.days
    assert day.steps == ()
    assert [rate.in_unit("mg/kg/min") for rate in (day.limits.start, day.limits.maximum)] == [1, 4]
    assert day.limits.longest_minutes == 400
    assert any("No number is given" in note for note in found.notes)
    assert found.needs == ("earlier_thrombosis",)


def test_a_limit_that_is_itself_too_fast() -> None:
    capped = product(schedule("1", "2", "4"), caps=[at_risk(figure("4", below=True))])
    found = timed(ordered(capped, "28", why=context(risk=MET)))
    assert [rate for _, rate in per_kg(found.days[0].steps)] == [1, 2]
    assert any("below 4 mg/kg/min" in note for note in found.notes)


def test_where_no_rate_below_a_limit_is_printed_there_is_no_plan() -> None:
    capped = product(schedule("1", "2", "4"), caps=[at_risk(figure("1", below=True))])
    found = timetable(ordered(capped, "28", why=context(risk=MET)))
    assert isinstance(found, NotPlanned)
    assert "below 1 mg/kg/min" in found.words[0]


def test_a_cap_that_is_only_remembered_is_marked() -> None:
    capped = product(schedule("1", "2", "4"), caps=[at_risk(figure("3"), status="remembered")])
    found = timed(ordered(capped, "28", why=context(risk=MET)))
    assert "Caution, not verified: Patients at risk." in found.notes
    assert [rate for _, rate in per_kg(found.days[0].steps)] == [1, 2, 3]


# Labels that print only a start and a maximum


def test_without_steps_there_are_only_limits() -> None:
    found = timed(ordered(ENDS, "28"))
    (day,) = found.days
    assert (day.steps, day.minutes, found.minutes) == ((), None, None)
    assert (day.limits.start.ml_per_h, day.limits.maximum.ml_per_h, day.limits.longest_minutes) == (42, 336, 400)
    assert any("only a start and a maximum" in note for note in found.notes)


def test_caps_lower_the_limits_too() -> None:
    capped = product(*ENDS.rates, caps=[at_risk(figure("3.3"))])
    (day,) = timed(ordered(capped, "28", why=context(risk=MET))).days
    assert (day.steps, day.limits.maximum.in_unit("mg/kg/min")) == ((), Fraction(33, 10))
    assert [cap.id for cap in day.binding] == ["at-risk"]


@pytest.mark.parametrize("figures", [(figure("8", below=True),), (figure("1"),)])
def test_where_only_the_start_is_left_the_whole_infusion_is_known(figures: tuple) -> None:  # type: ignore[type-arg] # of figures
    capped = product(*ENDS.rates, caps=[at_risk(*figures)])
    (day,) = timed(ordered(capped, "28", why=context(risk=MET))).days
    assert per_kg(day.steps) == [(400, 1)]
    assert [cap.id for cap in day.binding] == ["at-risk"]


def test_a_pump_slower_than_the_start() -> None:
    (day,) = timed(ordered(ENDS, "28", why=context(local=LocalLimits(pump_ml_per_h=Decimal(20))))).days
    assert [(one.rate.ml_per_h, one.end_minute) for one in day.steps] == [(20, 840)]


def test_a_named_programme_gives_the_steps() -> None:
    why = context("72", programme=protocol("0.01", "0.02", "0.04", band=("40", "130", "5")))
    found = timed(ordered(ENDS, "28", why=why))
    assert [one.rate.ml_per_h for one in found.days[0].steps] == [42, 84, 168]
    assert any("A programme's table for 70 kg" in note for note in found.notes)


def test_a_programme_that_names_other_products_counts_only_when_chosen() -> None:
    why = context(programme=protocol("0.01", "0.04", products=("another",)))
    assert timed(ordered(ENDS, "28", why=why)).minutes is None
    assert timed(ordered(ENDS, "28", why=why, chosen=True)).minutes is not None


def test_the_label_s_own_steps_come_before_a_programme_s() -> None:
    why = context(programme=protocol("0.005", "0.01"))
    assert timed(ordered(STEPS, "28", why=why)).days == timed(ordered(STEPS, "28")).days


@pytest.mark.parametrize("weight", ["39.9", "130.1"])
def test_outside_its_weights_a_programme_gives_no_rates(weight: str) -> None:
    found = timed(ordered(ENDS, "28", why=context(weight, programme=protocol("0.01", band=("40", "130", "5")))))
    assert found.days[0].steps == ()
    assert any(f"A programme's table has no rates for {weight} kg" in note for note in found.notes)


def test_a_programme_that_does_not_say_how_long_gives_no_timetable() -> None:
    found = timed(ordered(ENDS, "28", why=context(programme=protocol("0.01", "0.04", minutes=None))))
    assert found.days[0].steps == ()
    assert any("not how long each is kept" in note for note in found.notes)


def test_a_programme_s_cap_on_first_infusions() -> None:
    why = context(first=MET, programme=protocol("0.01", "0.02", "0.08", first="0.02"))
    (day,) = timed(ordered(ENDS, "28", why=why)).days
    assert [rate for _, rate in per_kg(day.steps)] == [1, 2]
    assert [cap.id for cap in day.binding] == ["a-programme-first-infusion"]


# Several days


def test_each_day_has_its_own_timetable() -> None:
    found = timed(ordered(STEPS, "28", "14"))
    assert [(day.number, day.volume_ml, day.steps[0].start_minute) for day in found.days] == [(1, 280, 0), (2, 140, 0)]
    assert found.volume_ml == 420
    assert found.minutes == sum(day.minutes or 0 for day in found.days)


@pytest.mark.parametrize(("from_day", "starts"), [(None, [1, 1, 1]), (2, [1, 2, 2]), (1, [2, 2, 2])])
def test_a_schedule_for_patients_who_tolerated_it_waits_until_they_did(from_day: int | None, starts: list[int]) -> None:
    given = product(schedule("1", "4"), schedule("2", "8", name="tolerated", later=True))
    found = timed(ordered(given, "28", "28", "28", later_from_day=from_day))
    assert [day.steps[0].rate.in_unit("mg/kg/min") for day in found.days] == starts


def test_too_much_for_a_day_takes_more_days() -> None:
    local = LocalLimits(volume_ml_per_day=Decimal(200))
    found = timed(ordered(STEPS, "28", "28", why=context(local=local)))
    assert [day.volume_ml for day in found.days] == [Fraction(560, 3)] * 3
    assert any("equal volumes on 3 days" in note for note in found.notes)
    enough = timed(ordered(STEPS, "28", "14", why=context(local=LocalLimits(volume_ml_per_day=Decimal(280)))))
    assert ([day.volume_ml for day in enough.days], enough.notes) == ([280, 140], ())


def test_times_of_day() -> None:
    start = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)
    found = timed(ordered(STEPS, "28", "28", start=start))
    first, second = (day.steps for day in found.days)
    assert [one.starts for one in first] == [start, start.replace(minute=30), start.replace(hour=10)]
    assert first[-1].ends == datetime(2026, 3, 1, 11, 17, 30, tzinfo=UTC)
    assert second[0].starts == datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
    assert all(one.starts is None is one.ends for one in timed(ordered(STEPS, "28")).days[0].steps)


def test_an_infusion_of_more_than_a_day_is_remarked_on() -> None:
    slow = product(schedule("0.1"))
    assert "Day 1 takes longer than a day." in timed(ordered(slow, "28")).notes
    assert timed(ordered(slow, "1")).notes == ()


# Refusals


@pytest.mark.parametrize(
    ("weight", "doses", "local", "words"),
    [
        ("0", ("28",), LocalLimits(), "a weight of 0 kg"),
        ("70", (), LocalLimits(), "without a dose"),
        ("70", ("28", "0"), LocalLimits(), "without a dose"),
        ("70", ("28",), LocalLimits(pump_ml_per_h=Decimal(0)), "a limit that allows none"),
        ("70", ("28",), LocalLimits(volume_ml_per_day=Decimal(0)), "a limit that allows none"),
    ],
)
def test_what_makes_no_sense_is_refused_in_words(
    weight: str, doses: tuple[str, ...], local: LocalLimits, words: str
) -> None:
    found = timetable(ordered(STEPS, *doses, why=context(weight, local=local)))
    assert isinstance(found, NotPlanned)
    assert words in " ".join(found.words)


def test_caps_for_another_weight_are_refused() -> None:
    capped = product(schedule("1", "2", "4"), caps=[at_risk(figure("3"))])
    caps = caps_for(capped, context("80", risk=MET))
    found = timetable(ordered(capped, "28", caps=caps))
    assert isinstance(found, NotPlanned)
    assert "another weight" in found.words[0]


def test_remembered_rates_give_no_timetable() -> None:
    found = timetable(ordered(product(schedule("1", "4", status="remembered")), "28"))
    assert isinstance(found, NotPlanned)
    assert "only remembered, not verified" in found.words[0]


def test_the_choice_of_the_slowest_schedule_is_noted() -> None:
    given = product(schedule("1", "4", indications=("b-disease",)))
    assert any("no rates for this use" in note for note in timed(ordered(given, "28")).notes)
