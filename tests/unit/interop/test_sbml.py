"""SBML of one person: libSBML finds nothing wrong, and another simulator gives the same curve."""

from __future__ import annotations

import random
import sys
from collections.abc import Sequence

import numpy as np
import pytest
from scipy.integrate import solve_ivp
from tests.unit.kinetics.linear_models import on_record

from ivigil.documents import BadInput
from ivigil.interop.about import About, identifier
from ivigil.interop.fcrn_system import FcRnPerson
from ivigil.interop.inputs import changes
from ivigil.interop.sbml import fcrn_sbml, linear_sbml, sbml_faults, starts_at
from ivigil.kinetics.doses import ROUTES, Course, Dose, every, later, switched
from ivigil.kinetics.exponentials import FloatArray
from ivigil.kinetics.fcrn_step import clearance_rate, slopes
from ivigil.kinetics.linear import LinearParameters, exogenous
from ivigil.kinetics.parameters import parameters_of
from ivigil.kinetics.people import Covariates
from ivigil.knowledge import data_folder

pytest.importorskip("libsbml", reason="python-libsbml is not installed: no exported model is checked")
roadrunner = pytest.importorskip("roadrunner", reason="libroadrunner is not installed: no exported model is run")

ABOUT = About("somebody", "Somebody <of 70 kg> & more", "a test", notes=("A note.",))
# Another integrator at 1e-9 agrees far better; this is what is promised of an exported model.
SAME = 1e-4
BY_EVERY_ROUTE = {"intravenous": 1.0, "subcutaneous": 0.66, "facilitated subcutaneous": 0.9}
TWO = LinearParameters(0.142, 3.94, 0.252, 4.18, 0.439, BY_EVERY_ROUTE, 4.0)
ONE = LinearParameters(0.1, 4.0, 0.0, 0.0, 0.1, BY_EVERY_ROUTE, None)
ADULT = FcRnPerson(3.6, 2.5, 0.38, 0.73, 18.0, 2.4, 9.9, 0.4, {"subcutaneous": 0.7, "facilitated subcutaneous": 0.8})
# Patients draw these: an ordinary infusion course, loading, under the skin at once and slowly, a switch, before day 0.
COURSES = (
    every(35, 21, 4, hours=4),
    every(35, 28, 3, hours=4, from_day=14, loading=(Dose(0, 70, hours=6), Dose(1, 70, hours=6))),
    every(10, 7, 8, route="subcutaneous"),
    every(30, 28, 3, route="facilitated subcutaneous", hours=2),
    switched(every(40, 28, 3, hours=5), 84, every(10, 7, 5, route="subcutaneous", hours=1.5, from_day=84)),
    Course((Dose(-14, 35), Dose(0, 35), Dose(0, 10, "subcutaneous"), Dose(2.5, 20, hours=30), Dose(3, 20, hours=30))),
)


def drawn(seed: int) -> Course:
    """Any doses by any routes, at once or over hours, some of them together."""
    at = random.Random(seed)  # noqa: S311 - a course, no secret
    doses = [
        Dose(
            at.choice((0.0, at.uniform(-20, 60))),
            at.uniform(1, 80),
            at.choice(ROUTES),
            at.choice((0.0, at.uniform(0.5, 24))),
        )
        for _ in range(at.randint(1, 7))
    ]
    return Course(tuple(doses))


def run(text: str, days: Sequence[float], *names: str) -> FloatArray:
    """What libRoadRunner gives at model times: a column for each name."""
    made = roadrunner.RoadRunner(text)
    made.integrator.relative_tolerance, made.integrator.absolute_tolerance = 1e-9, 1e-10
    return simulated(made, days, *names)


def simulated(made: object, days: Sequence[float], *names: str) -> FloatArray:
    made.timeCourseSelections = ["time", *names]  # type: ignore[attr-defined]
    return np.array(made.simulate(times=list(days)))[:, 1:]  # type: ignore[attr-defined]


def relative(found: FloatArray, expected: FloatArray) -> float:
    return float(np.max(np.abs(found - expected) / np.max(np.abs(expected))))


@pytest.mark.parametrize("course", [*COURSES, *map(drawn, range(8))])
@pytest.mark.parametrize("parameters", [TWO, ONE], ids=["two", "one"])
def test_a_linear_model_gives_the_closed_form_in_another_simulator(
    parameters: LinearParameters, course: Course
) -> None:
    text, shift = linear_sbml(parameters, course, ABOUT), starts_at(course)
    days = np.linspace(0, 120, 241)
    names = ["igg_exogenous"] if parameters.baseline_g_per_l is None else ["igg_exogenous", "igg_total"]
    found = run(text, days, *names)
    expected = exogenous(parameters, course, days + shift)
    assert relative(found[:, 0], expected) < SAME
    if parameters.baseline_g_per_l is not None:
        assert relative(found[:, 1], expected + parameters.baseline_g_per_l) < SAME


def test_what_is_given_at_the_start_is_given() -> None:
    text = linear_sbml(TWO, Course((Dose(0, 39.4),)), ABOUT)
    assert run(text, [0, 1], "igg_exogenous")[0, 0] == pytest.approx(10)


def test_a_model_that_is_reset_as_a_whole_gives_the_same_again() -> None:
    made = roadrunner.RoadRunner(linear_sbml(TWO, Course((Dose(0, 35, hours=24),)), ABOUT))
    first = simulated(made, [0, 0.25, 0.5], "igg_exogenous")
    assert made["iv_rate"] > 0, "the infusion still runs, and a plain reset would leave it running"
    made.resetAll()
    assert simulated(made, [0, 0.25, 0.5], "igg_exogenous") == pytest.approx(first)


def test_every_published_model_can_be_written() -> None:
    covariates = Covariates(70, 55, 0.4, secondary_deficiency=False, age_years=40)
    keys = [one.stem for one in (data_folder() / "kinetic-models").glob("*.yaml")]
    assert keys
    for held in map(on_record, keys):
        about = About(identifier(held.id), held.title, held.passage.source)
        text = linear_sbml(parameters_of(held, covariates), COURSES[0], about)
        assert sbml_faults(text) == ()
        assert held.passage.source in text


@pytest.mark.parametrize("course", [*COURSES[:5], *map(drawn, range(3))])
def test_a_model_says_what_it_is_and_is_the_same_on_each_run(course: Course) -> None:
    text = linear_sbml(TWO, course, ABOUT)
    assert sbml_faults(text) == ()
    assert text == linear_sbml(TWO, course, ABOUT)
    for said in ("A model, not evidence", "Source: a test", "apparent", f"day {starts_at(course):g}", "A note."):
        assert said in text


def test_the_check_finds_what_is_wrong() -> None:
    text = linear_sbml(TWO, COURSES[0], ABOUT)
    assert sbml_faults(text.replace("<ci> CL </ci>", "<ci> nobody </ci>"))
    units = 'id="CL" name="apparent clearance of given IgG" value="0.142" units="L_per_day"'
    assert units in text
    assert sbml_faults(text.replace(units, units.replace("L_per_day", "g_per_L")))


def test_a_course_becomes_rates_that_add_up_where_infusions_overlap() -> None:
    found = changes(Course((Dose(0, 24, hours=24), Dose(0.5, 12, hours=12), Dose(2, 5), Dose(2, 6))))
    assert [(one.at_day, dict(one.rates), dict(one.grams)) for one in found] == [
        (0, {"intravenous": 24}, {}),
        (0.5, {"intravenous": 48}, {}),
        (1, {"intravenous": 0}, {}),
        (2, {}, {"intravenous": 11}),
    ]


def recycled(person: FcRnPerson, course: Course, days: FloatArray) -> FloatArray:
    """Given and own IgG by the equations of kinetics, in one piece between any two changes: columns in g/L."""
    traits = (
        person.uptake_l_per_day / person.central_l,
        person.between_l_per_day / person.central_l,
        person.between_l_per_day / person.peripheral_l,
        person.receptor_g_per_l,
        person.affinity_g_per_l,
    )
    own = person.endogenous_g_per_l
    synthesis = clearance_rate(own, person.receptor_g_per_l, person.affinity_g_per_l, traits[0]) * own
    state, now, running, out = np.array([0, 0, own, own, 0.0]), 0.0, 0.0, []
    edges = [(one.at_day, one) for one in changes(course)]
    share = (person.bioavailable or {}).get("subcutaneous", 0.0)

    def rate(_: float, y: FloatArray) -> list[float]:
        absorbed = person.absorption_per_day * y[4]
        moved, _cleared = slopes(
            tuple(y[:4]), running / person.central_l + share * absorbed / person.central_l, synthesis, traits, 1.0
        )
        return [*moved, -absorbed]

    for at, change in [*edges, (float(days[-1]) + 1, None)]:
        wanted = days[(days >= now) & (days < at)]
        if at > now:
            solved = solve_ivp(rate, (now, at), state, "DOP853", t_eval=[*wanted, at], rtol=1e-10, atol=1e-12)
            out.append(solved.y[:, :-1])
            state, now = solved.y[:, -1], at
        if change is not None:
            state[0] += change.grams.get("intravenous", 0.0) / person.central_l
            state[4] += change.grams.get("subcutaneous", 0.0)
            running = change.rates.get("intravenous", running)
    found: FloatArray = np.concatenate(out, axis=1).T[:, [0, 2]]
    return found


@pytest.mark.parametrize("course", [COURSES[0], COURSES[1], COURSES[2]])
@pytest.mark.parametrize("share", [None, 0.1])
def test_the_recycling_model_gives_the_equations_of_kinetics(course: Course, share: float | None) -> None:
    person = FcRnPerson(**{**ADULT.__dict__, "autoantibody_share": share})
    text = fcrn_sbml(person, course, ABOUT)
    assert sbml_faults(text) == ()
    days = np.linspace(0, 80, 161)
    expected = recycled(person, course, days)
    found = run(text, days, "igg_exogenous", "igg_endogenous", "igg_total")
    assert relative(found[:, 0], expected[:, 0]) < SAME
    assert relative(found[:, 2], expected.sum(axis=1)) < SAME
    if share is not None:
        both = run(text, days, "igg_autoantibody", "igg_endogenous")
        assert both[:, 0] / both.sum(axis=1) == pytest.approx(share), "the autoantibody is cleared as all IgG is"


def test_without_a_dose_own_igg_stays_and_an_inhibitor_lowers_it() -> None:
    days = np.linspace(0, 60, 13)
    still = run(fcrn_sbml(ADULT, Course(), ABOUT), days, "igg_total")
    assert still == pytest.approx(ADULT.endogenous_g_per_l)
    held = FcRnPerson(**{**ADULT.__dict__, "occupied": ((10.0, 0.7), (30.0, 0.0))})
    lowered = run(fcrn_sbml(held, Course(), ABOUT), days, "igg_total")[:, 0]
    assert lowered[:3] == pytest.approx(ADULT.endogenous_g_per_l)
    assert all(np.diff(lowered[2:7]) < 0)
    assert all(np.diff(lowered[6:]) > 0)


def test_bad_input_is_refused() -> None:
    with pytest.raises(BadInput, match="route"):
        linear_sbml(LinearParameters(0.1, 4, 0, 0, None, {"intravenous": 1.0}, None), COURSES[2], ABOUT)
    with pytest.raises(BadInput, match="route"):
        fcrn_sbml(FcRnPerson(3.6, 2.5, 0.38, 0.73, 18.0, 2.4, 9.9), COURSES[2], ABOUT)
    with pytest.raises(BadInput, match="0 to 1"):
        FcRnPerson(**{**ADULT.__dict__, "autoantibody_share": 1.2, "occupied": ((0.0, -0.1),)})
    with pytest.raises(BadInput, match="letters, digits"):
        About("2 models", "", "")


def test_without_the_extra_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "libsbml", None)
    with pytest.raises(BadInput, match=r"ivigil\[sbml\]"):
        linear_sbml(TWO, COURSES[0], ABOUT)


def test_time_0_is_the_first_day_that_anything_happens() -> None:
    assert starts_at(later(COURSES[0], 5)) == 0
    assert starts_at(later(COURSES[0], -5)) == -5
