"""Measured levels read from a table, and what models ask for before they can be compared with them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import numpy as np
import pytest
from tests.unit.kinetics.linear_models import on_record

from ivigil.documents import BadInput
from ivigil.kinetics.doses import every
from ivigil.kinetics.event_table import Observed
from ivigil.kinetics.levels import read_levels
from ivigil.kinetics.own_baseline import own_baseline
from ivigil.kinetics.residual import Residual, residual_of

START = date(2026, 1, 5)
PLAUSIBLE = (Decimal(0), Decimal(200))
COURSE = every(30.0, 28.0, 3)
BEFORE, TROUGH, LATER = Observed(-3.0, 5.0), Observed(28.0, 8.0), Observed(56.0, 9.0)


def test_dates_count_from_day_0_and_units_convert() -> None:
    text = b"date,igg [mg/dL],lloq [g/L]\n2026-02-02T12:00,910,.\n2026-01-05,<30,\n2025-12-29,512,0.3\n"
    assert read_levels(text, "levels.csv", day_0=START) == (
        Observed(-7.0, 5.12, 0.3),
        Observed(0.0, None, 0.3),
        Observed(28.5, 9.1, None),
    )


def test_days_units_by_row_and_flags() -> None:
    text = "\ufeffday,igg,unit,lloq,blq\n-7,5.1,g/L,.,0\n\n28,.,mg/dL,200,yes\n".encode()
    assert read_levels(text, "levels.csv") == (Observed(-7.0, 5.1, None), Observed(28.0, None, 2.0))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "nothing"),
        ("day,igg\n1,5\n", "igg: found no unit"),
        ("igg [g/L]\n5\n", "no column date or day"),
        ("day,date,igg [g/L]\n1,2026-01-05,5\n", "both date and day"),
        ("day [d],igg [g/L]\n1,5\n", "the column holds no level"),
        ("day,igg [IU/mL]\n1,5\n", r"the unit \S*IU"),
        ("day,igg [g/L],foo\n1,5,2\n", "foo: found an unknown column"),
        ("day,igg [g/L],IGG\n1,5,2\n", "the column twice"),
        ("day,igg [g/L]\n.,5\n", "row 2, day: found a level without a date"),
        ("day,igg [g/L]\nx,5\n", "row 2, day: found 'x'"),
        ("day,igg [g/L]\n1,-5\n", "found -5; expected 0 or more"),
        ("day,igg [g/L]\n1,\n", "igg: found none"),
        ("day,igg [g/L]\n1,NaN\n", "found NaN"),
        ("day,igg [g/L]\n1,910\n", "Check the unit"),
        ("day,igg [g/L],blq\n1,5,maybe\n", "found 'maybe'"),
        ("day,igg [g/L],blq\n1,5,1\n", "lloq: found none"),
        ("day,igg [g/L],unit\n1,5,mg/dL\n", "one unit"),
        ("day,igg,unit\n1,5,.\n", "unit: found none"),
        ("day,igg [g/L]\n1,<0.3,9\n", "3 cells"),
        ('day,igg [g/L]\n1,"5\n', "comma"),
        ("date,igg [g/L]\n2026-13-01,5\n", "2026-13-01"),
        ("date,igg [g/L]\n2026-01-01T08:00+01:00,5\n", "without a zone"),
    ],
)
def test_what_cannot_be_read_is_refused(text: str, said: str) -> None:
    with pytest.raises(BadInput, match=said):
        read_levels(text.encode(), "levels.csv", day_0=START, plausible=PLAUSIBLE)


def test_every_fault_of_every_row_is_told_at_once() -> None:
    with pytest.raises(BadInput) as caught:
        read_levels(b"day,igg [g/L]\n.,x\n1,5\n2,-1\n", "levels.csv")
    assert [fault.where for fault in caught.value.faults] == [
        "levels.csv, row 2, day",
        "levels.csv, row 2, igg",
        "levels.csv, row 4, igg",
    ]


def test_dates_without_a_first_dose_to_count_from_are_refused() -> None:
    with pytest.raises(BadInput, match="Hand in day 0"):
        read_levels(b"date,igg [g/L]\n2026-01-05,5\n", "levels.csv")


def test_bytes_that_are_no_text_are_refused() -> None:
    with pytest.raises(BadInput, match="UTF-8"):
        read_levels(b"\xff", "levels.csv")


@pytest.mark.parametrize("key", ["zhang-2020", "cheng-2025"])
def test_a_model_with_a_baseline_of_its_own_learns_from_every_level(key: str) -> None:
    held = own_baseline(on_record(key), COURSE, (BEFORE, TROUGH))
    assert (held.g_per_l, held.levels) == (None, (BEFORE, TROUGH))
    assert own_baseline(on_record(key), COURSE, (BEFORE, TROUGH), 3.0).g_per_l == 3.0


def test_an_observed_baseline_is_the_last_level_before_treatment_and_then_no_datum() -> None:
    earlier = Observed(-30.0, 4.0)
    held = own_baseline(on_record("tortorici-2021"), COURSE, (earlier, BEFORE, TROUGH))
    assert (held.g_per_l, held.levels, held.origin) == (5.0, (earlier, TROUGH), "measured on day -3")
    on_the_day = Observed(0.0, 5.5)
    assert own_baseline(on_record("tortorici-2021"), COURSE, (BEFORE, on_the_day)).g_per_l == 5.5
    handed = own_baseline(on_record("tortorici-2021"), COURSE, (BEFORE, TROUGH), 6.0)
    assert (handed.g_per_l, handed.levels) == (6.0, (BEFORE, TROUGH))


def test_a_model_of_given_igg_alone_learns_nothing_from_levels_before_it() -> None:
    held = own_baseline(on_record("lee-2021"), COURSE, (BEFORE, TROUGH), 0.7)
    assert held.is_subtracted
    assert held.levels == (TROUGH,)


@pytest.mark.parametrize("key", ["tortorici-2021", "lee-2021", "dumas-2019"])
@pytest.mark.parametrize("levels", [(TROUGH,), (Observed(-3.0, None, 5.0), LATER)])
def test_a_baseline_that_nobody_knows_is_asked_for(key: str, levels: tuple[Observed, ...]) -> None:
    with pytest.raises(BadInput, match="before treatment"):
        own_baseline(on_record(key), COURSE, levels)
    with pytest.raises(BadInput, match="0 or more"):
        own_baseline(on_record(key), COURSE, levels, -1.0)


def test_the_residual_error_is_the_models_or_the_assays() -> None:
    model = on_record("cheng-2025")
    assert residual_of(model) == Residual(0.812, 0.117)
    assert residual_of(model, Residual(0.1)) == Residual(0.1)
    assert Residual(0.3, 0.1).deviation(np.array([0.0, 4.0])) == pytest.approx([0.3, 0.5])


@pytest.mark.parametrize("key", ["luo-2020", "li-2022", "landersdorfer-2013"])
def test_a_residual_error_that_cannot_be_used_is_refused(key: str) -> None:
    with pytest.raises(BadInput, match="error of your assay"):
        residual_of(on_record(key))
    assert residual_of(on_record(key), Residual(0.0, 0.1)) == Residual(0.0, 0.1)


@pytest.mark.parametrize("values", [(0.0, 0.0), (-1.0, 0.1), (0.1, float("nan"))])
def test_an_error_that_is_none_is_refused(values: tuple[float, float]) -> None:
    with pytest.raises(BadInput, match="residual"):
        Residual(*values)
