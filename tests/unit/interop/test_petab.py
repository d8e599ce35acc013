"""A PEtab problem of one person: its tables hold together, and its model gives what kinetics gives at any etas."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import yaml
from tests.unit.kinetics.linear_models import on_record

from ivigil.documents import BadInput
from ivigil.interop.about import About
from ivigil.interop.petab import Person, PetabProblem, petab_problem
from ivigil.kinetics.doses import Course, Dose, every
from ivigil.kinetics.event_table import Observed
from ivigil.kinetics.linear import total
from ivigil.kinetics.parameters import parameters_of, with_baseline
from ivigil.kinetics.people import Covariates
from ivigil.kinetics.residual import Residual
from ivigil.kinetics.variability import Variability, log_variance, spread

pytest.importorskip("libsbml", reason="python-libsbml is not installed: no exported problem is checked")
roadrunner = pytest.importorskip("roadrunner", reason="libroadrunner is not installed: no exported problem is run")

ABOUT = About("somebody", "Somebody", "a test")
ADULT = Covariates(60, 45, 0.4, secondary_deficiency=False, age_years=40)
LEVELS = (Observed(-3, 5.1), Observed(21, 8.0), Observed(62, None, 0.3), Observed(63, 9.25))
ASSAY = Residual(0.3, 0.05)
SAME = 1e-4
MIXED = Course(
    (
        *every(40, 28, 3, hours=4).doses,
        *every(10, 7, 4, route="subcutaneous", from_day=84).doses,
        Dose(90, 12, "subcutaneous", 6),
    )
)
INFUSIONS = every(35, 21, 4, hours=3)
AT_ONCE_FIRST = Course((Dose(-5, 30), Dose(21, 30), Dose(21, 10, "subcutaneous")))


def problem(
    key: str = "luo-2020",
    course: Course = MIXED,
    own: float | None = 4.2,
    *,
    variability: Variability | None = None,
) -> PetabProblem:
    person = Person(on_record(key), ADULT, own)
    return petab_problem(person, course, LEVELS, ABOUT, assay=ASSAY, variability=variability)


def table(found: PetabProblem, name: str) -> list[dict[str, str]]:
    head, *rows = (line.split("\t") for line in found.files[f"{name}.tsv"].splitlines())
    return [dict(zip(head, row, strict=True)) for row in rows]


def test_the_yaml_names_every_file_and_no_other() -> None:
    found = problem()
    held = yaml.safe_load(found.files["somebody.yaml"])
    assert held["format_version"] == "2.0.0"
    named = {name for key, names in held.items() if key.endswith("_files") and key != "model_files" for name in names}
    assert named | {"somebody.yaml", held["model_files"]["somebody"]["location"]} == set(found.files)
    assert held["model_files"]["somebody"]["language"] == "sbml"
    assert "A model, not evidence" in found.files["somebody.yaml"]


@pytest.mark.parametrize("course", [MIXED, INFUSIONS, AT_ONCE_FIRST])
def test_the_tables_refer_to_each_other(course: Course) -> None:
    found = problem(course=course)
    conditions, experiments = table(found, "conditions"), table(found, "experiments")
    parameters, measurements = table(found, "parameters"), table(found, "measurements")
    assert {one["conditionId"] for one in experiments} - {""} == {one["conditionId"] for one in conditions}
    assert {one["experimentId"] for one in measurements} == {one["experimentId"] for one in experiments} == {"course"}
    assert {one["observableId"] for one in measurements} == {one["observableId"] for one in table(found, "observables")}
    # What a condition sets must not be a parameter of the problem, and nothing is set twice by one condition.
    assert not {one["targetId"] for one in conditions} & {one["parameterId"] for one in parameters}
    pairs = [(one["conditionId"], one["targetId"]) for one in conditions]
    assert len(set(pairs)) == len(pairs)
    times = [float(one["time"]) for one in experiments]
    assert times == sorted(set(times))
    assert min(times) <= min(float(one["time"]) for one in measurements)
    first = [one for one in conditions if one["conditionId"] == experiments[0]["conditionId"]]
    assert all(float(one["targetValue"]) is not None for one in first), "a first period names nothing of the model"


def test_etas_have_the_printed_spread_as_a_normal_prior() -> None:
    model = on_record("luo-2020")
    printed = {one.name: float(one.cv_percent) for one in model.parameters if one.cv_percent is not None}
    estimated = [one for one in table(problem(), "parameters") if one["estimate"] == "true"]
    assert {one["parameterId"] for one in estimated} == {f"eta_{name}" for name in printed}
    for one in estimated:
        middle, deviation = map(float, one["priorParameters"].split(";"))
        assert one["priorDistribution"] == "normal"
        assert middle == float(one["nominalValue"]) == 0
        assert deviation == pytest.approx(math.sqrt(log_variance(printed[one["parameterId"].removeprefix("eta_")])))
        assert -float(one["lowerBound"]) == float(one["upperBound"]) > 5 * deviation


def test_the_residual_error_and_the_levels_are_those_handed_in() -> None:
    found = problem()
    fixed = {one["parameterId"]: one for one in table(found, "parameters")}
    assert float(fixed["sigma_additive"]["nominalValue"]) == ASSAY.additive_g_per_l
    assert float(fixed["sigma_proportional"]["nominalValue"]) == ASSAY.proportional
    assert fixed["sigma_additive"]["estimate"] == "false"
    seen = [(float(one["time"]), float(one["measurement"])) for one in table(found, "measurements")]
    assert seen == [(-3, 5.1), (21, 8.0), (63, 9.25)]
    assert any("day 62" in one and "limit" in one for one in found.left_out)


def test_a_level_at_the_very_time_of_a_dose_is_read_before_it() -> None:
    times = [float(one["time"]) for one in table(problem(course=AT_ONCE_FIRST), "measurements")]
    assert times[1] < 21 < times[1] + 1e-5


def interpreted(found: PetabProblem, etas: dict[str, float], days: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """The observable on ``days`` as the format has it: the periods of the experiment, each begun by its conditions."""
    run = roadrunner.RoadRunner(found.files["model.xml"])
    run.integrator.relative_tolerance, run.integrator.absolute_tolerance = 1e-9, 1e-10
    for one in table(found, "parameters"):
        if one["parameterId"] in run.model.getGlobalParameterIds():
            run[one["parameterId"]] = float(one["nominalValue"])
    for name, value in etas.items():
        run[f"eta_{name}"] = value
    periods, conditions = table(found, "experiments"), table(found, "conditions")
    run.timeCourseSelections = ["time", table(found, "observables")[0]["observableFormula"]]
    ends = [*(float(one["time"]) for one in periods[1:]), float(days[-1]) + 1]
    seen = []
    for period, end in zip(periods, ends, strict=True):
        start = float(period["time"])
        for one in conditions:
            if one["conditionId"] == period["conditionId"]:
                *added, amount = one["targetValue"].split(" + ")
                run[one["targetId"]] = float(amount) + (run[one["targetId"]] if added else 0.0)
        inside = days[(days >= start) & (days < end)]
        out = np.array(run.simulate(times=[start, *inside[inside > start], end]))
        seen.append(out[:-1, 1] if len(inside) and inside[0] == start else out[1:-1, 1])
    return np.concatenate(seen)


@pytest.mark.parametrize(
    ("key", "course", "etas"),
    [
        ("luo-2020", MIXED, {"CL": 0.3, "Vc": -0.2, "Q": 0.1, "Vp": 0.2, "F_sc": -0.1, "ka": 0.4}),
        ("luo-2020", AT_ONCE_FIRST, {"CL": 0.3, "F_sc": -0.1}),
        ("tortorici-2019", INFUSIONS, {"CL": -0.4, "Vc": 0.25}),
        ("li-2024-mmn", INFUSIONS, {"Vc": 0.3}),
        ("dumas-2019", MIXED, {}),
    ],
)
def test_the_problem_predicts_what_kinetics_predicts(key: str, course: Course, etas: dict[str, float]) -> None:
    found = problem(key, course)
    start = float(table(found, "experiments")[0]["time"])
    days = np.arange(start, 120, 0.7)
    expected = total(with_baseline(parameters_of(on_record(key), ADULT, etas), 4.2), course, days)
    assert interpreted(found, etas, days) == pytest.approx(expected, rel=SAME)


def test_a_rate_and_a_volume_both_act_on_the_clearance() -> None:
    # li-2024-mmn states a rate of elimination; here it varies too.
    model = on_record("li-2024-mmn")
    known = {one.name for one in model.parameters} | {"baseline"}
    found = problem("li-2024-mmn", INFUSIONS, variability=spread({"kel": 30, "Vc": 20}, set(known)))
    etas = {"kel": -0.3, "Vc": 0.2}
    days = np.arange(-3, 100, 0.9)
    expected = total(with_baseline(parameters_of(model, ADULT, etas), 4.2), INFUSIONS, days)
    assert interpreted(found, etas, days) == pytest.approx(expected, rel=SAME)


def test_what_the_format_has_no_place_for_is_said() -> None:
    known = {"CL", "Vc", "F_sc"}
    found = problem(course=INFUSIONS, variability=spread({"CL": 30, "Vc": 20, "F_sc": 10}, known, {("CL", "Vc"): 0.5}))
    assert any("F_sc" in one for one in found.left_out)
    assert any("Correlations" in one for one in found.left_out)
    assert "eta_F_sc" not in {one["parameterId"] for one in table(found, "parameters")}


def test_it_is_the_same_on_each_run() -> None:
    assert problem().files == problem().files


def test_what_cannot_be_estimated_is_refused() -> None:
    person = Person(on_record("luo-2020"), ADULT, 4.2)
    with pytest.raises(BadInput, match="levels"):
        petab_problem(person, MIXED, LEVELS[2:3], ABOUT, assay=ASSAY)
    with pytest.raises(BadInput, match="baseline"):
        petab_problem(
            replace(person, model=on_record("dumas-2019"), own_g_per_l=None), MIXED, LEVELS, ABOUT, assay=ASSAY
        )
    with pytest.raises(BadInput, match="variability"):
        problem("landersdorfer-2013")
