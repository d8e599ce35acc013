"""Event tables: what a row means, every fault by its row, and people who read back as they were written."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.kinetics.linear_models import made_up

from ivigil.documents import BadInput
from ivigil.kinetics.doses import ROUTES, Course, Dose
from ivigil.kinetics.event_table import EventTable, Observed, Subject, flags, read_events
from ivigil.kinetics.event_writing import write_events
from ivigil.kinetics.people import CovariateCourse, Covariates

TABLE = """ID,TIME [d],AMT [g],DUR [h],ROUTE,EVID,DV [g/L],MDV,BLQ,LLOQ [g/L],WT [kg]
1,-7,.,.,.,0,5.1,0,0,.,70
1,0,35,4,IV,1,.,1,0,.,70
1,21,35,4,IV,1,.,1,0,.,72
1,28,.,.,.,0,.,0,1,0.3,.
2,0,10,.,SC,1,.,1,0,.,20
"""
ROUNDING = 1e-12


def read(text: str, **more: object) -> EventTable:
    return read_events(text.encode(), "levels.csv", **more)  # type: ignore[arg-type] # tests hand in what is wrong too


def faults(text: str, **more: object) -> list[str]:
    with pytest.raises(BadInput) as caught:
        read(text, **more)
    return [str(fault) for fault in caught.value.faults]


def one(row: str, head: str = "ID,TIME [d],AMT [g],DUR [h],ROUTE,EVID,DV [g/L],WT [kg]") -> str:
    return f"{head}\n{row}\n"


def test_a_table_gives_people_with_their_doses_levels_and_covariates() -> None:
    first, second = read(TABLE).subjects
    assert first.course == Course((Dose(0, 35, hours=4), Dose(21, 35, hours=4)))
    assert first.levels == (Observed(-7, 5.1), Observed(28, None, 0.3))
    assert first.levels[1].is_below_limit
    assert first.covariates.changes == ((-7, Covariates(70.0)), (21, Covariates(72.0)))
    assert second.course == Course((Dose(0, 10, "subcutaneous"),))


def test_units_of_the_header_are_converted() -> None:
    text = one(
        "1,48,20000,30,IV,1,.,70000\n1,72,.,.,.,0,1200,.", "ID,TIME [h],AMT [mg],DUR [min],ROUTE,EVID,DV (mg/dL),WT [g]"
    )
    (found,) = read(text).subjects
    assert found.course == Course((Dose(2, 20, hours=0.5),))
    assert found.levels == (Observed(3, 12),)
    assert found.covariates.at(2).weight_kg == 70


def test_units_may_be_handed_in() -> None:
    text = one("1,0,20000,IV,1,.", "ID,TIME,AMT,ROUTE,EVID,DV")
    (found,) = read(text, units={"TIME": "d", "AMT": "mg", "DV": "g/L"}).subjects
    assert found.course.grams == 20


def test_a_quantity_whose_unit_is_stated_nowhere_is_refused() -> None:
    said = faults(one("1,0,20,IV,1,9", "ID,TIME,AMT,ROUTE,EVID,DV"))
    assert len(said) == 2
    assert all("no unit" in fault for fault in said)
    (without,) = faults(one("1,0,20,IV", "ID,TIME,AMT [g],ROUTE"))
    assert "without a unit" in without


@pytest.mark.parametrize("unit", ["tablets", "mL", "g/L", ""])
def test_a_unit_that_is_none_or_measures_something_else_is_refused(unit: str) -> None:
    (said,) = faults(one("1,0,20,IV", f"ID,TIME [d],AMT [{unit}],ROUTE"))
    assert "AMT" in said


def test_a_unit_stated_twice_and_differently_is_refused() -> None:
    assert "one unit" in faults(one("1,0,20,IV", "ID,TIME [d],AMT [g],ROUTE"), units={"AMT": "mg"})[0]


def test_dates_count_from_the_first_dose() -> None:
    text = one(
        "1,2026-03-01,.,.,.,0,5,.\n1,2026-03-08T12:00,30,4,IV,1,.,.\n1,2026-03-30,.,.,.,0,9,.",
        "ID,TIME,AMT [g],DUR [h],ROUTE,EVID,DV [g/L],WT [kg]",
    )
    (found,) = read(text).subjects
    assert found.course.doses[0].at_day == 0
    assert [level.at_day for level in found.levels] == [-7.5, 21.5]


def test_a_level_before_the_first_dose_without_a_date_is_told_as_that() -> None:
    (said,) = faults(one("1,.,.,.,.,0,5.1,70\n1,0,35,4,IV,1,.,70"))
    assert said.startswith("levels.csv, row 2, TIME: found a level before the first dose without a date")
    (later,) = faults(one("1,0,35,4,IV,1,.,70\n1,.,.,.,.,0,5.1,70"))
    assert later.startswith("levels.csv, row 3, TIME: found none")


def test_an_infusion_has_its_length_from_a_rate_or_a_duration() -> None:
    head = "ID,TIME [d],AMT [g],RATE [g/h],DUR [h],ROUTE"
    assert read(one("1,0,30,10,.,IV", head)).subjects[0].course.doses[0].hours == 3
    assert read(one("1,0,30,10,3,IV", head)).subjects[0].course.doses[0].hours == 3
    assert read(one("1,0,30,0,.,IV", head)).subjects[0].course.doses[0].hours == 0
    assert "Give RATE or DUR" in faults(one("1,0,30,10,5,IV", head))[0]


def test_additional_doses_are_written_out() -> None:
    head = "ID,TIME [d],AMT [g],ROUTE,ADDL,II [d]"
    (found,) = read(one("1,0,30,IV,3,21", head)).subjects
    assert [dose.at_day for dose in found.course.doses] == [0, 21, 42, 63]
    assert "days between" in faults(one("1,0,30,IV,3,.", head))[0]
    assert "at most" in faults(one("1,0,30,IV,999999999,1", head))[0]


def test_a_number_of_a_compartment_is_a_route_only_where_it_is_said() -> None:
    head = "ID,TIME [d],AMT [g],CMT"
    assert "hand in which compartment" in faults(one("1,0,30,1", head))[0]
    (found,) = read(one("1,0,30,1", head), compartments={"1": "subcutaneous", "2": "intravenous"}).subjects
    assert found.course.doses[0].route == "subcutaneous"


def test_a_level_below_its_limit_is_written_in_three_ways() -> None:
    head = "ID,TIME [d],DV [g/L],BLQ,LLOQ [g/L],EVID"
    (found,) = read(one("1,0,.,1,0.5,0\n1,1,<0.5,.,.,0\n1,2,0.5,1,0.5,0\n1,3,6,0,0.5,0", head)).subjects
    assert [(level.g_per_l, level.limit_g_per_l) for level in found.levels] == [(None, 0.5)] * 3 + [(6, 0.5)]
    assert "the limit that the level lies below" in faults(one("1,0,.,1,.,0", head))[0]


def test_covariates_keep_until_a_row_changes_them() -> None:
    head = "ID,TIME [d],AMT [g],ROUTE,EVID,WT [kg],SAD"
    (found,) = read(one("1,0,30,IV,1,70,1\n1,5,.,.,2,.,.\n1,9,.,.,2,60,.", head)).subjects
    assert found.covariates.at(7) == Covariates(70.0, secondary_deficiency=True)
    assert found.covariates.at(9) == Covariates(60.0, secondary_deficiency=True)


def test_a_row_that_leaves_its_kind_open_is_what_it_holds() -> None:
    head = "ID,TIME [d],AMT [g],ROUTE,DV [g/L],WT [kg]"
    (found,) = read(one("1,0,30,IV,.,70\n1,5,.,.,8,.\n1,9,.,.,.,60\n1,10,0,.,7,.", head)).subjects
    assert len(found.course.doses) == 1
    assert [level.at_day for level in found.levels] == [5, 10]
    assert found.covariates.at(9).weight_kg == 60


WRONG: dict[str, tuple[str, str]] = {
    "a negative dose": ("1,0,-35,4,IV,1,.,70", "row 2, AMT: found -35"),
    "an empty dose": ("1,0,0,4,IV,1,.,70", "row 2, AMT: found 0"),
    "no amount": ("1,0,.,4,IV,1,.,70", "row 2, AMT: found none"),
    "a dose that is a level": ("1,0,30,4,IV,0,8,70", "row 2, AMT: found 30 with EVID 0"),
    "no route": ("1,0,30,4,.,1,.,70", "row 2, ROUTE: found none"),
    "a route that is none": ("1,0,30,4,oral,1,.,70", "row 2, ROUTE: found 'oral'"),
    "a negative duration": ("1,0,30,-4,IV,1,.,70", "row 2, DUR: found -4"),
    "a weight of nothing": ("1,0,30,4,IV,1,.,0", "row 2, WT: found 0"),
    "a negative weight": ("1,0,30,4,IV,1,.,-70", "row 2, WT: found -70"),
    "a negative level": ("1,0,.,.,.,0,-1,70", "row 2, DV: found -1"),
    "no level": ("1,0,.,.,.,0,.,70", "row 2, DV: found none"),
    "a word": ("1,0,thirty,4,IV,1,.,70", "row 2, AMT: found 'thirty'"),
    "no number": ("1,0,NaN,4,IV,1,.,70", "row 2, AMT: found NaN"),
    "a decimal comma": ('1,0,"30,5",4,IV,1,.,70', "row 2, AMT: found '30,5'"),
    "a kind that is none": ("1,0,30,4,IV,4,.,70", "row 2, EVID: found 4"),
    "nobody": (".,0,30,4,IV,1,.,70", "row 2, ID: found none"),
    "a short row": ("1,0,30,4,IV,1,.", "row 2: found 7 cells"),
    "a day that does not exist": ("1,2026-02-30,30,4,IV,1,.,70", "row 2, TIME: found '2026-02-30'"),
    "time that runs backwards": ("1,5,30,4,IV,1,.,70\n1,4,30,4,IV,1,.,70", "row 3, TIME: found a time before"),
    "dates among numbers": ("1,5,30,4,IV,1,.,70\n1,2026-02-01,30,4,IV,1,.,70", "row 3, TIME: found a date among"),
    "a person in two places": (
        "1,5,30,4,IV,1,.,70\n2,4,30,4,IV,1,.,70\n1,9,30,4,IV,1,.,70",
        "row 4, ID: found 1 again",
    ),
    "infusions that run together": (
        "1,0,30,72,IV,1,.,70\n1,1,30,72,IV,1,.,70",
        "row 3: found an infusion that runs 2 days beside that of levels.csv, row 2",
    ),
}


@pytest.mark.parametrize(("row", "said"), WRONG.values(), ids=WRONG)
def test_what_cannot_be_is_told_by_its_row(row: str, said: str) -> None:
    found = faults(one(row))
    assert any(fault.startswith(f"levels.csv, {said}") for fault in found), found


def test_every_fault_is_told_at_once() -> None:
    rows = "\n".join(row.replace("1,", f"{number},", 1) for number, (row, _) in enumerate(WRONG.values(), 1))
    assert len(faults(one(rows))) >= len(WRONG) - 1  # the person in two places is two people here


def test_infusions_may_share_a_day() -> None:
    assert len(read(one("1,0,30,48,IV,1,.,70\n1,1,30,48,IV,1,.,70")).subjects[0].course.doses) == 2


def test_a_steady_state_that_is_only_claimed_is_refused() -> None:
    assert "Write the earlier doses out" in faults(one("1,0,30,IV,1", "ID,TIME [d],AMT [g],ROUTE,SS"))[0]


@pytest.mark.parametrize(
    ("head", "said"),
    [
        ("ID,AMT [g]", "no column TIME"),
        ("ID,TIME [d],AMT [g],AMT [mg]", "the column twice"),
        ("ID,TIME [d],DOSE [g]", "an unknown column"),
        ("ID,TIME [d],EVID [g]", "holds no quantity"),
    ],
)
def test_a_header_that_cannot_be_read_is_told(head: str, said: str) -> None:
    assert any(said in fault for fault in faults(f"{head}\n"))


def test_a_column_may_be_ignored_by_name() -> None:
    assert read(one("1,0,30,IV,x", "ID,TIME [d],AMT [g],ROUTE,COMMENT"), ignored=["COMMENT"]).subjects


@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b'ID,TIME [d]\n"1,0'])
def test_what_is_no_table_is_told(content: bytes) -> None:
    with pytest.raises(BadInput):
        read_events(content, "levels.csv")


def test_people_outside_a_model_are_named() -> None:
    found = flags(read(TABLE), made_up(), "primary-immunodeficiency")
    assert any(said.startswith("2: The weight, 20 kg, is outside") for said in found)
    assert not any("70 kg" in said for said in found)
    assert len(found) == len(set(found))


sane = st.floats(0.001, 1000).map(lambda value: round(value, 6))
people = st.builds(
    Covariates,
    sane,
    lean_body_mass_kg=st.none() | sane,
    igm_g_per_l=st.none() | sane,
    secondary_deficiency=st.none() | st.booleans(),
    age_years=st.none() | sane,
)


@st.composite
def subjects(draw: st.DrawFn, name: str) -> Subject:
    doses = draw(st.lists(st.builds(Dose, st.integers(0, 50), sane, st.sampled_from(ROUTES), st.just(2.0)), max_size=4))
    limits = st.none() | sane
    levels = draw(st.lists(st.builds(Observed, st.integers(-9, 90), sane, limits), max_size=3))
    below = draw(st.lists(st.builds(Observed, st.integers(-9, 90), st.none(), sane), max_size=2))
    ordered = tuple(sorted((*levels, *below), key=lambda level: level.at_day))
    return Subject(name, Course(tuple(doses)), CovariateCourse(((-10.0, draw(people)),)), ordered)


@given(subjects("a"), subjects("b"))
def test_people_read_back_as_they_were_written(first: Subject, second: Subject) -> None:
    table = EventTable("levels.csv", (first, second))
    assert read(write_events(table)) == table


def test_a_change_of_covariates_reads_back() -> None:
    changes = CovariateCourse(((0.0, Covariates(20.0)), (84.0, Covariates(25.0))))
    table = EventTable("levels.csv", (Subject("child", Course((Dose(0, 8),)), changes),))
    assert read(write_events(table)) == table


def test_writing_is_the_same_each_time() -> None:
    made: Callable[[], str] = lambda: write_events(read(TABLE))  # noqa: E731 - said once, asked twice
    assert made() == made()
    assert made().splitlines()[0].startswith("ID,TIME [d],AMT [g],DUR [h],ROUTE,EVID,DV [g/L]")
