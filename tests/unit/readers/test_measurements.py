"""Observations: units, comparators, components, statuses, dates, implausible and conflicting values."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest
from tests.unit.readers.records import (
    HEIGHT,
    HL7,
    IGG,
    LOINC,
    PLATELETS,
    SNOMED,
    WEIGHT,
    concept,
    known,
    library,
    observation,
    patient,
    quantity,
    read,
    reasons_unused,
)

from ivigil.facts import Between, Exactly, Settled, read_case, warnings_of


def settled(fact: str, *observations: dict[str, Any]) -> Settled:
    return known(read(patient(), *observations), fact)


@pytest.mark.parametrize(
    ("fact", "code", "given", "expected"),
    [
        ("weight", WEIGHT, quantity(154, "lb"), "69.85322498"),
        ("weight", WEIGHT, quantity(154, "lb", system="http://unitsofmeasure.org", code="[lb_av]"), "69.85322498"),
        ("weight", WEIGHT, quantity(70000, "g"), "70"),
        ("height", HEIGHT, quantity(67, "in"), "170.18"),
        ("height", HEIGHT, quantity(1.7, "m"), "170"),
        ("igg_level", IGG, quantity(980, "mg/dL"), "9.8"),
        ("platelets", PLATELETS, quantity(4, "10*3/uL"), "4"),
        ("platelets", PLATELETS, quantity(4, "K/uL"), "4"),
        ("platelets", PLATELETS, quantity(4000, "/uL"), "4"),
        ("platelets", PLATELETS, quantity(4, "x10^9/L", system="urn:local", code="G/L"), "4"),
    ],
)
def test_units_are_converted_exactly(fact: str, code: str, given: dict[str, Any], expected: str) -> None:
    assert settled(fact, observation("o", code, given)).value == Decimal(expected)


@pytest.mark.parametrize(
    ("given", "why"),
    [
        (quantity(70), "it has no unit"),
        (quantity(70, "mL"), "cannot be read as kg"),
        (quantity(70, "lb", system="http://unitsofmeasure.org", code="kg"), "not the same"),
        (quantity("70", "kg"), "value is text, not a number"),
        (quantity(70, "kg", comparator="~"), "comparator"),
        ({"unit": "kg"}, "no value"),
        (quantity(70, "k" * 5000), "cannot be read"),
    ],
)
def test_an_unreadable_quantity_is_unknown_with_a_warning(given: dict[str, Any], why: str) -> None:
    case = read(patient(), observation("o", WEIGHT, given))

    assert known(case, "weight").extent is None
    assert why in reasons_unused(case)
    assert why in "\n".join(case.warnings)


def test_a_comparator_leaves_a_span() -> None:
    below = settled("platelets", observation("o", PLATELETS, quantity(10, "10*9/L", comparator="<")))

    assert below.extent == Between(None, Decimal(10), high_open=True)
    assert not below.known
    assert below.used[0].written == "< 10 10*9/L"


def test_a_range_without_its_lower_end_does_not_begin_at_zero() -> None:
    given = observation("o", WEIGHT, None, valueRange={"low": {"unit": "kg"}, "high": quantity(80, "kg")})

    assert settled("weight", given).extent == Between(None, Decimal(80))


def test_two_kinds_of_value_are_unknown() -> None:
    assert settled("weight", observation("o", WEIGHT, quantity(70, "kg"), valueInteger=71)).extent is None


def test_components_are_read_and_their_parent_is_not_reported() -> None:
    parts = [
        {"code": concept(LOINC, WEIGHT), "valueQuantity": quantity(70, "kg")},
        {"code": concept(LOINC, HEIGHT), "dataAbsentReason": concept(f"{HL7}data-absent-reason", "not-performed")},
    ]
    case = read(patient(), observation("vitals", "85353-1", None, component=parts))

    assert known(case, "weight").value == Decimal(70)
    assert known(case, "height").why_unknown == "recorded as unknown"
    assert "no fact of the catalogue" not in reasons_unused(case)


def test_a_value_beside_a_reason_for_having_none_is_unknown() -> None:
    absent = {"dataAbsentReason": concept(f"{HL7}data-absent-reason", "error")}

    assert settled("weight", observation("o", WEIGHT, quantity(70, "kg"), **absent)).extent is None


@pytest.mark.parametrize("status", ["registered", "cancelled", "entered-in-error", "unknown", "planned", None])
def test_an_observation_without_a_result_is_not_used(status: str | None) -> None:
    assert settled("weight", observation("o", WEIGHT, quantity(70, "kg"), status=status)).extent is None


def test_a_final_value_is_preferred_to_a_later_preliminary_one() -> None:
    final = observation("f", PLATELETS, quantity(40, "10*9/L"), "2026-11-18")
    preliminary = observation("p", PLATELETS, quantity(15, "10*9/L"), "2026-11-19", status="preliminary")

    assert settled("platelets", final, preliminary).value == Decimal(40)


def test_a_preliminary_value_alone_counts_with_a_warning() -> None:
    case = read(patient(), observation("p", PLATELETS, quantity(15, "10*9/L"), status="preliminary"))
    platelets = known(case, "platelets")

    assert platelets.value == Decimal(15)
    assert "preliminary" in warnings_of(library().askable, {"platelets": platelets})[0]


@pytest.mark.parametrize(
    ("fact", "given"),
    [
        ("weight", observation("o", WEIGHT, quantity(700, "kg"))),
        ("weight", observation("o", WEIGHT, quantity(-70, "kg"))),
        ("height", observation("o", HEIGHT, quantity(1.7, "cm"))),
    ],
)
def test_an_implausible_value_is_unknown_with_a_warning(fact: str, given: dict[str, Any]) -> None:
    found = settled(fact, given)

    assert (found.extent, found.why_unknown) == (None, "implausible")
    assert "outside the plausible range" in warnings_of(library().askable, {fact: found})[0]


@pytest.mark.parametrize("size", ["1e999999", "-1e999999", "1e-999999", "9" * 3000])
def test_a_number_of_no_measurable_size_is_set_aside(size: str) -> None:
    text = json.dumps(observation("o", WEIGHT, quantity("SIZE", "kg"))).replace('"SIZE"', size)
    case = read_case(text.encode(), "o.json", library().vocabulary)

    assert known(case, "weight").extent is None
    assert "size that a measurement has" in reasons_unused(case)


def test_two_values_of_equal_standing_that_disagree_are_unknown_with_both_shown() -> None:
    one, other = (observation(name, WEIGHT, quantity(kg, "kg")) for name, kg in (("a", 80), ("b", 92)))
    found = settled("weight", one, other)

    assert (found.extent, found.why_unknown) == (None, "conflicting")
    assert "80 kg (Observation/a) and 92 kg (Observation/b)" in warnings_of(library().askable, {"weight": found})[0]


def test_equal_values_in_two_units_agree() -> None:
    grams, kilograms = observation("a", WEIGHT, quantity(80000, "g")), observation("b", WEIGHT, quantity(80, "kg"))

    assert settled("weight", grams, kilograms).value == Decimal(80)


@pytest.mark.parametrize(
    ("earlier", "later"),
    [
        ("2026-11-18", "2026-11-19"),
        ("2026-11-19T10:00:00+02:00", "2026-11-19T10:00:00Z"),
        ("2026-11-19T23:30:00-05:00", "2026-11-20T05:00:00Z"),
        ("2026-10", "2026-11-01"),
    ],
)
def test_the_later_value_counts(earlier: str, later: str) -> None:
    old, new = (
        observation("a", WEIGHT, quantity(80, "kg"), earlier),
        observation("b", WEIGHT, quantity(92, "kg"), later),
    )

    assert settled("weight", old, new).value == settled("weight", new, old).value == Decimal(92)


@pytest.mark.parametrize("day", ["2026-11", "2026-11-19", "2026-11-19T09:00:00"])
def test_dates_that_cannot_be_told_apart_leave_a_conflict(day: str) -> None:
    one = observation("a", WEIGHT, quantity(80, "kg"), "2026-11-19T08:00:00Z")

    assert settled("weight", one, observation("b", WEIGHT, quantity(92, "kg"), day)).extent is None


@pytest.mark.parametrize("day", ["2026-07-01", "2026", None])
def test_a_value_too_old_or_of_unknown_age_does_not_count(day: str | None) -> None:
    found = settled("weight", observation("o", WEIGHT, quantity(70, "kg"), day))

    assert (found.extent, found.why_unknown) == (None, "out of date")


def test_a_value_from_the_future_does_not_count_and_is_warned_of() -> None:
    found = settled("weight", observation("o", WEIGHT, quantity(70, "kg"), "2026-11-21"))

    assert (found.extent, found.why_unknown) == (None, "dated in the future")
    assert "after 2026-11-20" in warnings_of(library().askable, {"weight": found})[0]


@pytest.mark.parametrize("day", ["2026-02-30", "yesterday", "20261119", "2026-11-19T25:00:00Z", 20261119, "１９９９"])
def test_a_date_that_is_none_sets_the_resource_aside(day: object) -> None:
    case = read(patient(), observation("o", WEIGHT, quantity(70, "kg"), day))

    assert known(case, "weight").extent is None
    assert "it is malformed: effectiveDateTime" in reasons_unused(case)


@pytest.mark.parametrize(("answer", "expected"), [(True, True), (False, False)])
def test_an_answer_to_a_question_counts_both_ways(*, answer: bool, expected: bool) -> None:
    antibodies = observation("o", "43624-6", None, valueBoolean=answer)

    assert settled("achr_antibodies", antibodies).value is expected


def test_the_absence_of_one_finding_does_not_deny_the_whole_fact() -> None:
    melaena = {**observation("o", "", None), "code": concept(SNOMED, "2901004"), "valueBoolean": False}

    assert settled("active_bleeding", melaena).extent is None
    assert settled("active_bleeding", {**melaena, "valueBoolean": True}).value is True


def test_a_measured_nought_is_a_value() -> None:
    found = settled("platelets", observation("o", PLATELETS, quantity(0, "10*9/L")))

    assert found.value == Decimal(0)
    assert found.value is not False


def test_an_observation_about_a_relative_or_a_device_is_not_used() -> None:
    fetal = observation("o", WEIGHT, quantity(2.1, "kg"), focus=[{"reference": "Patient/fetus"}])

    assert settled("weight", fetal).extent is None


def test_a_derived_value_that_disagrees_with_a_recorded_one_is_unknown() -> None:
    document = read(patient(birthDate="1980-06-15"))

    assert known(document, "age").extent == Exactly(Decimal(46))
