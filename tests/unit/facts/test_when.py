"""Dates as records hold them."""

from __future__ import annotations

from datetime import date

import pytest

from ivigil.facts.when import DateError, parse_when, whole_years


@pytest.mark.parametrize(
    ("text", "first", "last", "shown"),
    [
        ("2026", date(2026, 1, 1), date(2026, 12, 31), "2026"),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29), "2024-02"),
        ("2026-11-20", date(2026, 11, 20), date(2026, 11, 20), "2026-11-20"),
        ("2026-11-20T23:30:00-05:00", date(2026, 11, 20), date(2026, 11, 20), "2026-11-20"),
        ("2026-11-20T23:30", date(2026, 11, 20), date(2026, 11, 20), "2026-11-20"),
    ],
)
def test_a_date_spans_the_days_it_may_mean(text: str, first: date, last: date, shown: str) -> None:
    when = parse_when(text)

    assert (when.first, when.last, str(when)) == (first, last, shown)


@pytest.mark.parametrize(
    "text", ["", "2026-13", "2026-02-30", "0000", "26-11-20", "2026-11-20T", "20261120", "x" * 9999]
)
def test_other_text_is_no_date(text: str) -> None:
    with pytest.raises(DateError):
        parse_when(text)


@pytest.mark.parametrize("text", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"])
def test_a_moment_beyond_the_calendar_is_no_date(text: str) -> None:
    with pytest.raises(DateError):
        parse_when(text)


@pytest.mark.parametrize(
    ("born", "today", "years"),
    [
        (date(2000, 2, 29), date(2001, 2, 28), 0),
        (date(2000, 2, 29), date(2001, 3, 1), 1),
        (date(1980, 11, 20), date(2026, 11, 19), 45),
        (date(1980, 11, 20), date(2026, 11, 20), 46),
    ],
)
def test_completed_years(born: date, today: date, years: int) -> None:
    assert whole_years(born, today) == years
