"""What makes a hazard one of this patient: a case for each hazard, and for each risk that labels cap rates for."""

from __future__ import annotations

from functools import cache

import pytest
from tests.spec.tables import head_of, rows_of
from tests.unit.review.judged import TODAY, case_of, judge, library

from ivigil.criteria import Truth
from ivigil.explain.plan_json import plan_json
from ivigil.review.infusion_plan import Settings
from ivigil.review.plan import Plan, plan_course
from ivigil.safety import FactorFound

# What is recorded makes the risk factor one of the patient; "at risk" says whether labels cap the rate for it.
CASES = """
| hazard                        | recorded                                       | risk factor             | at risk |
|-------------------------------|------------------------------------------------|-------------------------|---------|
| acute-renal-failure           | age: 70 a                                      | age-over-65             | yes     |
| acute-renal-failure           | diabetes: true                                 | diabetes                | yes     |
| acute-renal-failure           | chronic_kidney_disease: true                   | kidney-disease          | yes     |
| acute-renal-failure           | sepsis: true                                   | sepsis                  | yes     |
| acute-renal-failure           | paraproteinaemia: true                         | paraproteinaemia        | yes     |
| acute-renal-failure           | nephrotoxic_drugs: true                        | nephrotoxic-drugs       | yes     |
| acute-renal-failure           | volume_depletion: true                         | volume-depletion        | yes     |
| acute-renal-failure           | obesity: true                                  | obesity                 | no      |
| acute-renal-failure           | request_total_dose_per_kg: 2 g/kg              | high-dose               | no      |
| anaphylaxis                   | selective_iga_deficiency: true                 | iga-deficiency          | no      |
| anaphylaxis                   | iga_level: 0.05 g/L                            | iga-deficiency          | no      |
| anaphylaxis                   | anti_iga_antibodies: true                      | anti-iga                | no      |
| anaphylaxis                   | lupus: true, selective_iga_deficiency: true    | lupus                   | no      |
| anaphylaxis                   | immunoglobulin_hypersensitivity: true          | hypersensitivity        | no      |
| anaphylaxis                   | previous_immunoglobulin: false                 | first-infusion          | no      |
| anaphylaxis                   | age: 9 a                                       | child                   | no      |
| aseptic-meningitis            | migraine: true                                 | migraine                | no      |
| aseptic-meningitis            | request_total_dose_per_kg: 2 g/kg              | high-dose               | no      |
| aseptic-meningitis            | reaction_to_immunoglobulin: true               | earlier-reaction        | no      |
| flu-like-syndrome             | first_immunoglobulin_infusion: true            | first-infusion          | no      |
| flu-like-syndrome             | hypogammaglobulinaemia: true                   | hypogammaglobulinaemia  | no      |
| flu-like-syndrome             | sex: female                                    | female                  | no      |
| haemolysis                    | request_total_dose_per_kg: 2 g/kg              | high-dose               | no      |
| haemolysis                    | blood_group: a                                 | blood-group-not-o       | no      |
| haemolysis                    | multiparous: true                              | several-births          | no      |
| haemolysis                    | inflammatory_state: true                       | inflammation            | no      |
| hypertension-fluid-overload   | heart_failure: true                            | heart-failure           | yes     |
| hypertension-fluid-overload   | fluid_overload: true                           | fluid-overload          | no      |
| hypertension-fluid-overload   | chronic_kidney_disease: true                   | kidney-failure          | yes     |
| hypertension-fluid-overload   | polycythaemia: true                            | viscous-plasma          | yes     |
| neutropenia                   | corticosteroids_given_now: false               | no-corticosteroids      | no      |
| neutropenia                   | request_daily_dose_per_kg: 1 g/kg/d            | one-gram-a-day          | no      |
| subcutaneous-local-reaction   | request_route: subcutaneous                    | start-of-subcutaneous   | no      |
| thromboembolism               | age: 63 a                                      | age-over-60             | yes     |
| thromboembolism               | venous_thromboembolism: true                   | previous-thrombosis     | yes     |
| thromboembolism               | arterial_thrombosis: true                      | previous-thrombosis     | yes     |
| thromboembolism               | thrombophilia: true                            | thrombophilia           | yes     |
| thromboembolism               | dyslipidaemia: true                            | dyslipidaemia           | yes     |
| thromboembolism               | hypertension: true                             | hypertension            | yes     |
| thromboembolism               | diabetes: true                                 | diabetes                | yes     |
| thromboembolism               | coronary_disease: true                         | coronary-disease        | yes     |
| thromboembolism               | cerebrovascular_disease: true                  | vascular-disease        | yes     |
| thromboembolism               | heart_failure: true                            | impaired-cardiac-output | yes     |
| thromboembolism               | immobility: true                               | immobility              | yes     |
| thromboembolism               | smoking: true                                  | smoking                 | yes     |
| thromboembolism               | oestrogen_therapy: true                        | oestrogens              | yes     |
| thromboembolism               | central_venous_catheter: true                  | central-venous-catheter | yes     |
| thromboembolism               | cryoglobulins: true                            | hyperviscosity          | yes     |
| thromboembolism               | cancer: true                                   | cancer                  | no      |
| thromboembolism               | request_daily_dose: 40 g/d                     | daily-dose              | no      |
"""

# Nearly the same, on the other side of the edge.
SPARED = """
| hazard                        | recorded                                       | risk factor             |
|-------------------------------|------------------------------------------------|-------------------------|
| acute-renal-failure           | age: 65 a                                      | age-over-65             |
| acute-renal-failure           | request_total_dose_per_kg: 1.9 g/kg            | high-dose               |
| anaphylaxis                   | selective_iga_deficiency: false, iga_level: 0.07 g/L | iga-deficiency    |
| anaphylaxis                   | age: 18 a                                      | child                   |
| aseptic-meningitis            | migraine: false                                | migraine                |
| flu-like-syndrome             | sex: male                                      | female                  |
| haemolysis                    | blood_group: o                                 | blood-group-not-o       |
| hypertension-fluid-overload   | heart_failure: false                           | heart-failure           |
| neutropenia                   | corticosteroids_given_now: true                | no-corticosteroids      |
| thromboembolism               | age: 60 a                                      | age-over-60             |
| thromboembolism               | request_daily_dose: 34 g/d                     | daily-dose              |
"""


@cache
def planned(recorded: str) -> Plan:
    """The plan for a patient of whom just this is recorded."""
    parts = [part for part in recorded.split(", ") if part]
    request = ", ".join(part for part in parts if part.startswith("request_"))
    facts = ", ".join(part for part in parts if not part.startswith("request_"))
    case = case_of(f"request: {{{request}}}\nfacts: {{{facts}}}\n" if request else f"facts: {{{facts}}}\n")
    known = judge().known(case, case.requests[0] if case.requests else None, (), TODAY)
    return plan_course(known, (), library(), TODAY, settings=Settings())


def factor(plan: Plan, hazard: str, name: str) -> FactorFound:
    (found,) = [one for one in plan.hazards if one.hazard.id == hazard]
    (only,) = [one for one in found.factors if one.factor.id == name]
    return only


def test_every_hazard_is_triggered_by_a_case() -> None:
    assert {row[0] for row in rows_of(CASES)} == {*library().hazards}


def test_so_is_every_risk_that_labels_cap_rates_for() -> None:
    warned = {
        (hazard.id, one.id)
        for hazard in library().hazards.values()
        for one in hazard.risk_factors
        if hazard.makes_at_risk and one.makes_at_risk
    }
    assert warned <= {(hazard, name) for hazard, _, name, _ in rows_of(CASES)}


def test_the_tables_have_the_columns_that_are_read() -> None:
    assert head_of(CASES) == ["hazard", "recorded", "risk factor", "at risk"]
    assert head_of(SPARED) == head_of(CASES)[:3]


@pytest.mark.parametrize(("hazard", "recorded", "name", "at_risk"), rows_of(CASES))
def test_what_is_recorded_is_found_as_a_risk(hazard: str, recorded: str, name: str, at_risk: str) -> None:
    plan = planned(recorded)
    found = factor(plan, hazard, name)
    assert found.state == "present"
    assert found.needs == ()
    assert {part.split(":")[0] for part in recorded.split(", ")} <= {*found.facts}
    # Nothing else is recorded, so that the patient may still be at risk for another reason.
    assert plan.at_risk.truth is (Truth.MET if at_risk == "yes" else Truth.UNKNOWN)


@pytest.mark.parametrize(("hazard", "recorded", "name"), [row[:3] for row in rows_of(CASES)])
def test_while_nothing_is_recorded_it_is_unknown_and_asked_for(hazard: str, recorded: str, name: str) -> None:
    found = factor(planned(""), hazard, name)
    assert found.state == "unknown"
    assert {part.split(":")[0] for part in recorded.split(", ")} <= {*found.needs}


@pytest.mark.parametrize(("hazard", "recorded", "name"), rows_of(SPARED))
def test_on_the_other_side_of_the_edge_it_is_absent(hazard: str, recorded: str, name: str) -> None:
    assert factor(planned(recorded), hazard, name).state == "absent"


@pytest.mark.parametrize(("hazard", "recorded", "name", "at_risk"), rows_of(CASES))
def test_an_answer_in_json_says_so_too(hazard: str, recorded: str, name: str, at_risk: str) -> None:
    shown = plan_json(planned(recorded))
    (found,) = [one for one in shown["hazards"] if one["id"] == hazard]
    assert {one["id"]: one["state"] for one in found["risk_factors"]}[name] == "present"
    assert shown["at_risk"] == ("met" if at_risk == "yes" else "unknown")
