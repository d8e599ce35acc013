"""Where a person or a course lies outside what a model was built on."""

from __future__ import annotations

import pytest
from tests.unit.kinetics.linear_models import made_up, on_record

from ivigil.kinetics.doses import Course, Dose
from ivigil.kinetics.outside import outside
from ivigil.kinetics.people import Covariates

COURSE = Course((Dose(0, 30),))
INSIDE = Covariates(70.0, age_years=40.0)
PID = "primary-immunodeficiency"


def test_nothing_is_said_inside_and_on_the_edge() -> None:
    assert outside(made_up(), INSIDE, COURSE, PID) == ()
    assert outside(made_up(), Covariates(40.0, age_years=80.0), COURSE, PID) == ()


@pytest.mark.parametrize(
    ("who", "course", "indication", "said"),
    [
        (Covariates(39.9, age_years=40.0), COURSE, PID, "The weight, 39.9 kg, is outside the 40 to 100 kg"),
        (Covariates(100.1, age_years=40.0), COURSE, PID, "The weight, 100.1 kg"),
        (Covariates(70.0, age_years=12.0), COURSE, PID, "The age, 12 years, is outside the 18 to 80 years"),
        (Covariates(None, age_years=40.0), COURSE, PID, "The weight is unknown"),
        (Covariates(70.0), COURSE, PID, "The age is unknown"),
        (INSIDE, COURSE, "cidp", "built on primary-immunodeficiency, not on cidp"),
        (INSIDE, COURSE, None, "The indication is unknown"),
        (INSIDE, Course((Dose(0, 30, "facilitated subcutaneous"),)), PID, "not on facilitated subcutaneous ones"),
        (Covariates(70.0, secondary_deficiency=True, age_years=40.0), COURSE, PID, "secondary antibody deficiency"),
    ],
)
def test_each_reason_is_one_sentence(who: Covariates, course: Course, indication: str | None, said: str) -> None:
    (found,) = outside(made_up(), who, course, indication)
    assert said in found


def test_reasons_add_up() -> None:
    found = outside(on_record("tegenge-2020"), Covariates(70.0, age_years=40.0), COURSE, "cidp")
    assert len(found) == 3
