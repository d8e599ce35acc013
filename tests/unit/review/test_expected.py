"""The IgG that a course is expected to add: as asked for and as proposed, by models built on the very indication."""

from __future__ import annotations

import pytest
from tests.unit.review.judged import library, one

from ivigil.review.expected import ExpectedIgg, expected_igg
from ivigil.review.infusion_plan import Settings
from ivigil.review.plan import plan_decision

CASE = """
request: {{indication: {indication}, request_phase: initial, request_total_dose: {total}, request_infusion_days: 5 d}}
facts: {{weight: {weight}, height: 175 cm, sex: male, age: 50 a{more}}}
"""


def expected(
    indication: str = "cidp", total: str = "160 g", more: str = "", weight: str = "80 kg"
) -> tuple[ExpectedIgg, ...]:
    decision = one(CASE.format(indication=indication, total=total, more=more, weight=weight))
    plan = plan_decision(decision, library(), Settings())
    assert plan is not None
    return plan.expected


def test_half_the_dose_rises_half_as_far() -> None:
    whole, half = expected(total="160 g")[0], expected(total="80 g")[0]
    asked = {one.name: one for one in half.curves}["As asked for"]
    for day, level, other in zip(asked.days, asked.rise_g_per_l, whole.curves[0].rise_g_per_l, strict=True):
        assert 2 * level == pytest.approx(other), day


def test_what_is_asked_for_and_what_is_proposed_stand_side_by_side() -> None:
    assert len(expected(total="80 g")[0].curves) == 2
    assert len(expected(total="160 g")[0].curves) == 1  # 2 g/kg at 80 kg is what is asked for


def test_a_measured_level_is_the_patients_own() -> None:
    assert expected()[0].own_g_per_l is None
    assert expected(more=", igg_level: 9 g/L")[0].own_g_per_l == 9


def test_no_other_peoples_model_answers() -> None:
    assert {one.model.id for one in expected()} == {"tortorici-2021"}
    assert expected("kawasaki") == ()
    assert all("cidp" in one.model.built_on.indications for one in expected())


def test_a_model_that_needs_more_says_what() -> None:
    found = expected("multifocal-motor-neuropathy")
    assert found
    assert all(one.needs and not one.curves for one in found)


def test_outside_the_people_of_the_model_is_said() -> None:
    assert expected()[0].says == ()
    assert any("weight" in words for words in expected(weight="150 kg")[0].says)


def test_a_route_that_is_not_known_is_not_read_as_intravenous() -> None:
    plan = plan_decision(
        one(CASE.format(indication="cidp", total="80 g", more="", weight="80 kg")), library(), Settings()
    )
    assert plan is not None
    open_route = expected_igg(plan.dose, {}, library(), "cidp", None)
    assert all(curve.name != "As asked for" for found in open_route for curve in found.curves)


def test_a_dose_under_the_skin_is_followed_under_the_skin() -> None:
    case = CASE.format(indication="cidp", total="80 g", more="", weight="80 kg")
    asked = one(case.replace("request_phase: initial", "request_phase: initial, request_route: subcutaneous"))
    plan = plan_decision(asked, library(), Settings())
    assert plan is not None
    curves = {curve.name: curve for curve in plan.expected[0].curves}
    assert {dose.route for dose in curves["As asked for"].course.doses} == {"subcutaneous"}
