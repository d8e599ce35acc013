"""Rounding: its direction and step, whom it is for, and by how much it may change a dose."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from tests.unit.dosing.patients import ADULT, CHILD, NEAREST_5

from ivigil.dosing import DoseError, Rounded, round_dose
from ivigil.facts import Between, Extent

CAPPED = replace(NEAREST_5, change_at_most_percent=Decimal(10))


def rounded(dose: str, age: Extent | None = ADULT, **changes: object) -> Rounded:
    return round_dose(Decimal(dose), replace(NEAREST_5, **changes), age)  # type: ignore[arg-type] # fields of the rule


@pytest.mark.parametrize(
    ("dose", "direction", "expected"),
    [
        ("164.6", "nearest", "165"),
        ("162.4", "nearest", "160"),
        ("162.5", "nearest", "165"),
        ("164.6", "down", "160"),
        ("161.1", "up", "165"),
        ("160", "down", "160"),
        ("160", "up", "160"),
    ],
)
def test_direction(dose: str, direction: str, expected: str) -> None:
    found = rounded(dose, direction=direction)
    assert (found.dose_g, found.unrounded_g, found.applied) == (Decimal(expected), Decimal(dose), True)


def test_a_step_that_is_no_whole_number() -> None:
    assert rounded("4.1", step_g=Decimal("2.5")).dose_g == 5


def test_nobody_below_the_age_of_the_rule_is_rounded_for() -> None:
    found = rounded("22.4", CHILD)
    assert (found.dose_g, found.applied, found.needs) == (Decimal("22.4"), False, ())
    assert found.said == "Not rounded: the rule is for patients from 18 years."


@pytest.mark.parametrize("age", [None, Between(Decimal(17), Decimal(18))])
def test_an_unknown_age_is_not_rounded_for_and_asked(age: Extent | None) -> None:
    found = rounded("22.4", age)
    assert (found.dose_g, found.applied, found.needs) == (Decimal("22.4"), False, ("age",))
    assert "the age is not known" in found.said


def test_the_birthday_counts() -> None:
    assert rounded("22.4", Between(Decimal(18), Decimal(19))).applied


def test_a_rule_without_an_age_is_for_everybody() -> None:
    assert rounded("22.4", None, from_years=None).applied


def test_a_change_above_the_cap_is_not_made() -> None:
    assert round_dose(Decimal("47.6"), CAPPED, ADULT).dose_g == 50
    found = round_dose(Decimal("7.6"), CAPPED, ADULT)
    assert (found.dose_g, found.applied) == (Decimal("7.6"), False)
    assert found.said == "Not rounded: 10 g for 7.6 g would change the dose by more than 10%."


def test_a_change_of_exactly_the_cap_is_made() -> None:
    assert rounded("50", step_g=Decimal(55), change_at_most_percent=Decimal(10)).dose_g == 55


def test_a_dose_is_never_rounded_away() -> None:
    for dose, direction in (("2.4", "nearest"), ("4.9", "down")):
        found = rounded(dose, direction=direction)
        assert (found.dose_g, found.applied) == (Decimal(dose), False)


@pytest.mark.parametrize("dose", ["0", "-5", "Infinity"])
def test_a_dose_that_cannot_be_meant_is_refused(dose: str) -> None:
    with pytest.raises(DoseError) as raised:
        rounded(dose)
    assert raised.value.found == f"a dose in g of {dose}"
    assert raised.value.expected == "an amount above 0"
    assert isinstance(raised.value, ValueError)


def test_a_step_that_cannot_be_meant_is_refused() -> None:
    with pytest.raises(DoseError, match="a rounding step in g of 0"):
        rounded("50", step_g=Decimal(0))
