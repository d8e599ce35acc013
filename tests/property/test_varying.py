"""People whose covariates change: all of them at once, and the tables that say so."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.kinetics.linear_models import on_record

from ivigil.kinetics.doses import Course, Dose, Route
from ivigil.kinetics.draws import numbered
from ivigil.kinetics.event_table import EventTable, Observed, Subject, read_events
from ivigil.kinetics.event_writing import write_events
from ivigil.kinetics.own_baseline import OwnBaseline
from ivigil.kinetics.people import CovariateCourse, Covariates
from ivigil.kinetics.person_curves import PersonCurves
from ivigil.kinetics.simulation import simulated
from ivigil.kinetics.variability import drawn, variability_of
from ivigil.kinetics.varying import exogenous_varying, stretches

# The same sums in another order, of levels of some g/L.
ROUNDING = 1e-10
# Small differences of large areas.
AREA = 1e-9
MODELS: dict[str, tuple[Route, ...]] = {
    "tortorici-2021": ("intravenous", "subcutaneous"),
    "cheng-2025": ("intravenous",),
    "lee-2021": ("intravenous",),
}

NOT_HANDED_IN = OwnBaseline(None, "of the model", is_subtracted=False, levels=())

days = st.integers(-20, 150).map(float)
weights = st.floats(20, 120)


def courses(routes: tuple[Route, ...]) -> st.SearchStrategy[Course]:
    dose = st.builds(Dose, days, st.floats(1, 100), st.sampled_from(routes), st.sampled_from([0.0, 1.0, 30.0, 300.0]))
    return st.lists(dose, max_size=6).map(lambda doses: Course(tuple(doses)))


@st.composite
def changes(draw: st.DrawFn) -> CovariateCourse:
    """Weights, IgM and a deficiency that change on up to three days; what is known stays known."""
    on = sorted(draw(st.sets(days, min_size=1, max_size=4)))
    return CovariateCourse(
        tuple(
            (
                day,
                Covariates(
                    draw(weights), igm_g_per_l=draw(st.floats(0.1, 2)), secondary_deficiency=draw(st.booleans())
                ),
            )
            for day in on
        )
    )


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(sorted(MODELS)), changes(), st.data(), st.lists(st.floats(-30, 200), max_size=8))
def test_many_people_are_each_as_one_alone(
    key: str, covariates: CovariateCourse, data: st.DataObject, on: list[float]
) -> None:
    model, course = on_record(key), data.draw(courses(MODELS[key]))
    curves = PersonCurves(model, covariates, NOT_HANDED_IN, variability_of(model))
    etas = drawn(curves.variability, 1, numbered(0, 3))
    read = [*on, *(day for day, _ in covariates.changes)]
    together = curves.exogenous(etas, course, np.array(read))
    for row, found in zip(etas, together, strict=True):
        named = dict(zip(curves.variability.names, row.tolist(), strict=True))
        alone = exogenous_varying(stretches(model, covariates, course, named), read)
        assert found.tolist() == pytest.approx(alone, rel=ROUNDING, abs=ROUNDING)


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(sorted(MODELS)), changes(), st.data())
def test_the_area_of_a_curve_is_what_is_cleared_by_the_clearance(
    key: str, covariates: CovariateCourse, data: st.DataObject
) -> None:
    model, course = on_record(key), data.draw(courses(MODELS[key]).filter(lambda made: made.doses))
    until = course.doses[-1].at_day + 400
    curves = PersonCurves(model, covariates, NOT_HANDED_IN, variability_of(model))
    typical = np.zeros((1, curves.variability.size))
    for one in simulated(model, covariates, course, until).intervals:
        found = curves.area(typical, course, one.from_day, one.to_day)[0]
        assert one.area == pytest.approx(found, rel=AREA, abs=AREA)
        assert one.highest >= one.trough >= 0


@settings(max_examples=60, deadline=None)
@given(changes(), st.sets(st.tuples(days, st.one_of(st.none(), st.floats(0.1, 50)), st.floats(0.01, 0.5))), st.data())
def test_a_written_table_reads_back_to_the_same_person(
    covariates: CovariateCourse, levels: set[tuple[float, float | None, float]], data: st.DataObject
) -> None:
    course = data.draw(courses(MODELS["tortorici-2021"]))
    kept = Course(tuple(dose for dose in course.doses if dose.hours < 30))  # a day of overlap at most
    observed = tuple(Observed(day, level, limit) for day, level, limit in sorted(levels, key=repr))
    written = Subject("1", kept, covariates, tuple(sorted(observed, key=lambda one: one.at_day)))
    (read,) = read_events(write_events(EventTable("t", (written,))).encode(), "t").subjects
    assert read.course == written.course
    assert read.levels == written.levels
    everywhere = sorted({*(day for day, _ in covariates.changes), *(dose.at_day for dose in kept.doses), -1e3, 1e3})
    assert [read.covariates.at(day) for day in everywhere] == [covariates.at(day) for day in everywhere]
