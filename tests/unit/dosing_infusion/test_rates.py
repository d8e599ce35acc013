"""Rates: exact conversions, what is shown, and the ladders of labels and programmes."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from tests.unit.dosing_infusion.made import NOTHING_KNOWN, OVER_65, basis, known, product, protocol, schedule

from ivigil.dosing.rates import (
    Chosen,
    NotPlanned,
    Rate,
    Rung,
    band_weight,
    convert_rate,
    label_ladder,
    protocol_ladder,
    schedule_for,
    shown_down,
    volume_ml,
    walked,
)
from ivigil.knowledge.product_records import RateUnit


@pytest.mark.parametrize(
    ("percent", "value", "given", "wanted", "expected"),
    [
        ("10", "0.5", "mg/kg/min", "mL/kg/h", Fraction(3, 10)),
        ("10", "8", "mg/kg/min", "mL/kg/h", Fraction(48, 10)),
        ("5", "0.5", "mg/kg/min", "mL/kg/h", Fraction(6, 10)),
        ("5", "3.33", "mg/kg/min", "mL/kg/h", Fraction(3996, 1000)),
        ("5", "0.07", "mL/kg/min", "mg/kg/min", Fraction(35, 10)),
        ("10", "0.5", "mL/kg/h", "mg/kg/min", Fraction(5, 6)),
        ("10", "5", "mL/kg/h", "mg/kg/min", Fraction(25, 3)),
        ("10", "0.03", "mL/kg/min", "mg/kg/min", Fraction(3)),
        ("10", "0.08", "mL/kg/min", "mL/h", Fraction(336)),
        ("16.5", "60", "mL/h", "mL/kg/h", Fraction(6, 7)),
    ],
)
def test_a_rate_in_another_unit(
    percent: str, value: str, given: RateUnit, wanted: RateUnit, expected: Fraction
) -> None:
    at = basis("70", percent)
    assert convert_rate(Decimal(value), given, wanted, at) == expected
    assert convert_rate(expected, wanted, given, at) == Fraction(value)


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (Fraction(336), "336.0"),
        (Fraction(2797, 10), "279.7"),
        (Fraction(27972, 100), "279.7"),
        (Fraction(27979, 100), "279.7"),
        (Fraction(1, 30), "0.03"),
        (Fraction(0), "0.0"),
    ],
)
def test_a_rate_is_shown_rounded_down(value: Fraction, shown: str) -> None:
    assert str(shown_down(value)) == shown
    assert Rate(value, basis()).shown_ml_per_h == Decimal(shown)


def test_the_volume_of_a_dose_is_exact() -> None:
    assert volume_ml(Decimal(28), Decimal(5)) == 560
    assert volume_ml(Decimal(10), Decimal("16.5")) == Fraction(2000, 33)


def test_a_label_that_prints_its_steps() -> None:
    ladder = label_ladder(schedule("0.5", "1", "2", hold="10", minutes="20"), basis("100"))
    assert ladder == (Rung(Fraction(30), Fraction(10)), Rung(Fraction(60), Fraction(20)), Rung(Fraction(120), None))


def test_a_label_that_prints_a_fixed_rise_ends_at_its_maximum() -> None:
    ladder = label_ladder(schedule("0.5", "6", increment="0.8", hold="10", minutes="20"), basis("100"))
    assert ladder is not None
    rates = [rung.ml_per_h / 60 for rung in ladder]
    assert rates == [Fraction(one) for one in ("0.5", "1.3", "2.1", "2.9", "3.7", "4.5", "5.3", "6")]
    assert [rung.minutes for rung in ladder] == [10, *[20] * 6, None]


def test_a_label_with_one_rate_needs_no_minutes() -> None:
    assert label_ladder(schedule("2", minutes=None, printed=False), basis("100")) == (Rung(Fraction(120), None),)


def test_no_step_is_made_up() -> None:
    assert label_ladder(schedule("0.5", "8", printed=False), basis()) is None
    assert label_ladder(schedule("0.5", "8", minutes=None), basis()) is None
    assert label_ladder(schedule("0.5", "8", increment="0"), basis()) is None


def test_a_walk_ends_when_the_volume_is_in() -> None:
    ladder = (Rung(Fraction(60), Fraction(30)), Rung(Fraction(120), None))
    assert list(walked(ladder, Fraction(20))) == [(60, 20)]
    assert list(walked(ladder, Fraction(30))) == [(60, 30)]
    assert list(walked(ladder, Fraction(50))) == [(60, 30), (120, 10)]


# Programmes

TABLE = protocol("0.01", "0.02", "0.04", "0.08", "0.14", band=("40", "130", "5"))


@pytest.mark.parametrize(
    ("weight", "expected"),
    [("40", "40"), ("44.9", "40"), ("45", "45"), ("72.4", "70"), ("130", "130"), ("39.9", None), ("130.1", None)],
)
def test_between_bands_the_lower_weight_counts(weight: str, expected: str | None) -> None:
    found = band_weight(TABLE, Decimal(weight))
    assert found == (None if expected is None else Decimal(expected))


def test_bands_are_counted_from_the_lightest_weight_of_the_table() -> None:
    assert band_weight(protocol("0.01", band=("42", "72", "5")), Decimal(50)) == 47


def test_a_programme_without_bands_goes_by_the_weight_itself() -> None:
    assert band_weight(protocol("0.01"), Decimal("72.4")) == Decimal("72.4")


def rates_of(label: tuple[str, str], programme: tuple[str, ...], hold: str | None = None) -> list[tuple[str, str]]:
    """Rates in mg/kg/min and minutes of a programme's steps within a label's start and maximum."""
    ladder = protocol_ladder(
        schedule(*label, printed=False, minutes=None, hold=hold), protocol(*programme, minutes="15"), basis("100")
    )
    assert ladder is not None
    return [(str(rung.ml_per_h / 60), str(rung.minutes)) for rung in ladder]


def test_a_programme_never_leaves_the_start_and_the_maximum_of_the_label() -> None:
    assert rates_of(("0.5", "4"), ("0.01", "0.02", "0.08")) == [
        ("1/2", "15"),
        ("1", "15"),
        ("2", "15"),
        ("4", "None"),
    ]


def test_a_programme_may_begin_more_slowly_than_the_label() -> None:
    assert rates_of(("2", "8"), ("0.01", "0.02", "0.04")) == [("1", "15"), ("2", "15"), ("4", "None")]


def test_the_label_s_hold_outlasts_the_steps_of_a_programme() -> None:
    assert rates_of(("1", "8"), ("0.01", "0.04"), hold="30") == [("1", "30"), ("4", "None")]


def test_a_programme_without_minutes_takes_those_of_the_label_or_gives_nothing() -> None:
    bare = protocol("0.01", "0.04", minutes=None)
    assert protocol_ladder(schedule("1", "8", printed=False, minutes=None), bare, basis()) is None
    ladder = protocol_ladder(schedule("1", "8", printed=False, minutes="30"), bare, basis())
    assert ladder is not None
    assert [rung.minutes for rung in ladder] == [30, None]


# Which schedule of a label

FOR_A = schedule("1", "8", name="a", indications=("a-disease",))
FOR_B = schedule("1", "4", name="b", indications=("b-disease",))
GENERAL = schedule("0.5", "6", name="general")
TOLERATED = schedule("2", "8", name="tolerated", later=True)
OLD = schedule("0.5", "2", name="old", when=OVER_65)


@pytest.mark.parametrize(
    ("rates", "indication", "later", "name", "noted"),
    [
        ((FOR_A, FOR_B), "a-disease", False, "a", False),
        ((FOR_A, FOR_B), "b-disease", False, "b", False),
        ((FOR_A, FOR_B), "c-disease", False, "b", True),
        ((FOR_A, FOR_B), None, False, "b", True),
        ((FOR_A, GENERAL), "a-disease", False, "a", False),
        ((FOR_A, GENERAL), "c-disease", False, "general", False),
        ((FOR_B, GENERAL), None, False, "b", True),
        ((GENERAL, TOLERATED), "a-disease", False, "general", False),
        ((GENERAL, TOLERATED), "a-disease", True, "tolerated", False),
        ((GENERAL,), "a-disease", True, "general", False),
    ],
)
def test_the_schedule_for_an_indication(
    rates: tuple[object, ...], indication: str | None, *, later: bool, name: str, noted: bool
) -> None:
    found = schedule_for(product(*rates), indication, basis(), NOTHING_KNOWN, later=later)  # type: ignore[arg-type] # schedules
    assert isinstance(found, Chosen)
    assert (found.schedule.id, bool(found.notes)) == (name, noted)


def test_a_slower_schedule_that_may_hold_is_taken_and_asked_about() -> None:
    given = product(GENERAL, OLD)
    doubted = schedule_for(given, "a-disease", basis(), NOTHING_KNOWN)
    assert isinstance(doubted, Chosen)
    assert (doubted.schedule.id, doubted.needs) == ("old", ("age",))
    assert "not known" in doubted.notes[0]
    young = schedule_for(given, "a-disease", basis(), known(age=30))
    assert isinstance(young, Chosen)
    assert (young.schedule.id, young.notes, young.needs) == ("general", (), ())


def test_a_schedule_that_only_may_hold_permits_nothing() -> None:
    found = schedule_for(product(OLD), "a-disease", basis(), NOTHING_KNOWN)
    assert isinstance(found, NotPlanned)
    assert found.needs == ("age",)


@pytest.mark.parametrize(
    ("rates", "words"),
    [((), "No rates of Made-up are known"), ((schedule("1", "8", status="remembered"),), "only remembered")],
)
def test_without_a_schedule_that_was_read_there_is_none(rates: tuple[object, ...], words: str) -> None:
    found = schedule_for(product(*rates), "a-disease", basis(), NOTHING_KNOWN)  # type: ignore[arg-type] # schedules
    assert isinstance(found, NotPlanned)
    assert words in found.words[0]


def test_a_remembered_schedule_never_stands_in_for_one_that_was_read() -> None:
    slow = schedule("0.1", "0.2", name="remembered", status="remembered")
    found = schedule_for(product(GENERAL, slow), "a-disease", basis(), NOTHING_KNOWN)
    assert isinstance(found, Chosen)
    assert found.schedule.id == "general"
