"""Hazards for one patient: risk factors present, absent, unknown or not of the patient; who is at risk."""

from __future__ import annotations

import dataclasses

import pytest
from tests.unit.safety.records import between, factor, hazard, known, library

from ivigil.criteria import Truth
from ivigil.facts import Settled
from ivigil.knowledge.product_records import Route
from ivigil.safety import AtRisk, HazardFound, at_risk, hazards_of

OLD = factor("old", "age > 60 'a'", effect="odds ratio 2", makes_at_risk=True)
DIABETES = factor("diabetes", "diabetes or heart_failure", makes_at_risk=True)
FAST = factor("fast-rate", makes_at_risk=True)
CLOT = hazard("clot", (OLD, DIABETES, FAST, factor("full", "fluid_overload")), makes_at_risk=True)
RASH = hazard("rash", (factor("immobile", "immobility", makes_at_risk=True),))
MENINGITIS = hazard("meningitis", route="intravenous")
SITES = hazard("sites", route="subcutaneous")
LIBRARY = library([RASH, CLOT])


def states(found: HazardFound) -> dict[str, str]:
    return {one.factor.id: one.state for one in found.factors}


def risk(**values: bool | int | str | None) -> AtRisk:
    return at_risk(hazards_of(LIBRARY, known(**values)))


def test_each_factor_is_present_absent_unknown_or_not_of_the_patient() -> None:
    clot, _ = hazards_of(LIBRARY, known(age=70))
    shared = {"fast-rate": "not of the patient", "full": "unknown"}
    assert states(clot) == {"old": "present", "diabetes": "unknown", **shared}
    clot, _ = hazards_of(LIBRARY, known(age=60, diabetes=False, heart_failure=False))
    assert states(clot) == {"old": "absent", "diabetes": "absent", **shared}


def test_a_factor_keeps_its_facts_its_effect_and_what_could_settle_it() -> None:
    clot, _ = hazards_of(LIBRARY, known(age=70, diabetes=False))
    old, diabetes, fast, _ = clot.factors
    assert (old.facts, old.needs, old.factor.effect) == (("age",), (), "odds ratio 2")
    assert (diabetes.facts, diabetes.needs) == (("diabetes", "heart_failure"), ("heart_failure",))
    assert (fast.facts, fast.needs, fast.truth) == ((), (), Truth.NOT_APPLICABLE)


def test_a_partly_known_age_counts_as_far_as_it_goes() -> None:
    for low, high, state in ((61, 70, "present"), (20, 60, "absent"), (50, 70, "unknown")):
        clot, _ = hazards_of(LIBRARY, between("age", low, high))
        assert states(clot)["old"] == state


def test_a_conflicting_fact_is_unknown() -> None:
    clot, _ = hazards_of(LIBRARY, {"age": Settled("age", why_unknown="conflicting")})
    assert clot.factors_that_are("unknown")[0].factor is OLD


def test_the_needs_of_a_hazard_are_those_of_its_factors_each_once() -> None:
    twice = hazard("twice", (DIABETES, factor("again", "diabetes and not heart_failure")))
    (found,) = hazards_of(library([twice]), {})
    assert found.needs == ("diabetes", "heart_failure")


def test_hazards_come_in_order_of_id() -> None:
    assert [one.hazard.id for one in hazards_of(LIBRARY, {})] == ["clot", "rash"]


@pytest.mark.parametrize(
    ("route", "names"),
    [
        (None, ["clot", "meningitis", "sites"]),
        ("intravenous", ["clot", "meningitis"]),
        ("subcutaneous", ["clot", "sites"]),
        ("facilitated-subcutaneous", ["clot", "sites"]),
    ],
)
def test_hazards_come_with_their_route(route: Route | None, names: list[str]) -> None:
    found = hazards_of(library([CLOT, MENINGITIS, SITES]), {}, route)
    assert [one.hazard.id for one in found] == names


def test_one_factor_of_a_hazard_that_counts_makes_a_patient_at_risk() -> None:
    found = risk(age=70)
    assert (found.truth, [one.factor.id for one in found.factors], found.needs) == (Truth.MET, ["old"], ())


def test_while_a_factor_is_unknown_so_is_the_risk() -> None:
    found = risk(age=50)
    assert (found.truth, [one.factor.id for one in found.factors]) == (Truth.UNKNOWN, ["diabetes"])
    assert found.needs == ("diabetes", "heart_failure")


def test_only_factors_that_labels_warn_of_put_a_patient_at_risk() -> None:
    """Not one of the product, nor one that only studies name, nor one of a hazard without a cap."""
    found = risk(age=50, diabetes=False, heart_failure=False, fluid_overload=True, immobility=True)
    assert (found.truth, found.factors, found.needs) == (Truth.NOT_MET, (), ())


def test_without_a_hazard_that_counts_nothing_is_said_of_risk() -> None:
    assert at_risk(hazards_of(library([RASH]), known(immobility=True))) == AtRisk(Truth.NOT_APPLICABLE)


def test_no_score_is_computed() -> None:
    names = {field.name for kind in (HazardFound, AtRisk) for field in dataclasses.fields(kind)}
    assert names == {"hazard", "factors", "truth", "needs"}
