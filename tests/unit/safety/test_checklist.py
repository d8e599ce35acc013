"""The checklist: what is shown, asked, withheld, put together, and on which dates it falls."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from tests.unit.safety.records import hazard, known, library, precaution

from ivigil.criteria import Truth
from ivigil.knowledge.safety_records import Precaution
from ivigil.safety import ChecklistItem, checklist, hazards_of

FIRST = date(2026, 5, 30)
DAYS = (FIRST + timedelta(1), FIRST)
HARM = "heart_failure or fluid_overload"
FLUID = precaution("fluid", levers=("hydration",), harmful_if=HARM)


def items(
    *lists: tuple[Precaution, ...], days: tuple[date, ...] | None = None, **values: bool | None
) -> tuple[ChecklistItem, ...]:
    """The checklist of one hazard for each list of precautions."""
    rules = library([hazard(f"hazard-{place}", (), given) for place, given in enumerate(lists)])
    return checklist(hazards_of(rules, {}), known(**values), rules, days)


def one(*lists: tuple[Precaution, ...], **values: bool | None) -> ChecklistItem:
    (found,) = items(*lists, **values)
    return found


def test_a_precaution_without_condition_is_always_advised() -> None:
    found = one((precaution("measure", levers=("test",)),))
    assert (found.text, found.state, found.called_for) == ("measure", "advised", Truth.MET)
    assert (found.needs, found.question, found.why) == ((), None, None)
    assert (found.hazards, found.levers, found.status) == (("hazard-0",), ("test",), "verified")


def test_one_with_a_condition_is_hidden_only_where_that_is_known_not_to_hold() -> None:
    given = (precaution("measure", when="diabetes"),)
    assert items(given, diabetes=False) == ()
    assert one(given, diabetes=True).called_for is Truth.MET
    asked = one(given)
    assert (asked.state, asked.called_for) == ("advised", Truth.UNKNOWN)
    assert (asked.needs, asked.question) == (("diabetes",), "Is there diabetes?")


def test_what_can_do_harm_is_advised_only_once_it_is_known_to_do_none() -> None:
    assert one((FLUID,), heart_failure=False, fluid_overload=False).state == "advised"
    harmed = one((FLUID,), fluid_overload=True, heart_failure=False)
    assert (harmed.state, harmed.needs) == ("withheld", ())
    assert harmed.why == "It can do harm here, because of this: Fluid overload."
    asked = one((FLUID,), heart_failure=False)
    assert (asked.state, asked.needs) == ("withheld", ("fluid_overload",))
    assert asked.why == "It can do harm; it is advised only once this is known to be absent: Fluid overload."
    assert asked.question == "Is there fluid_overload?"


def test_harm_by_what_is_absent_names_the_fact() -> None:
    given = (precaution("walk", harmful_if="not immobility"),)
    assert one(given, immobility=False).why == "It can do harm here, because of this: Immobility."


def test_the_same_for_two_hazards_is_one_thing_to_do() -> None:
    found = one((FLUID,), (FLUID,), heart_failure=False, fluid_overload=False)
    assert found.hazards == ("hazard-0", "hazard-1")


def test_put_together_the_more_certain_call_counts_and_asks_nothing() -> None:
    asked, needed = precaution("measure", when="diabetes"), precaution("measure")
    found = one((asked,), (needed,))
    assert (found.called_for, found.needs, found.hazards) == (Truth.MET, (), ("hazard-0", "hazard-1"))
    assert one((asked,), (needed,), diabetes=False).hazards == ("hazard-1",)


def test_put_together_the_harm_to_one_withholds_it_for_all() -> None:
    careless = precaution("fluid", levers=("hydration",))
    assert one((careless,), (FLUID,), heart_failure=True).state == "withheld"
    assert one((FLUID,), (careless,)).state == "withheld"


def test_put_together_the_harm_of_each_counts() -> None:
    walk = precaution("fluid", harmful_if="immobility")
    found = one((FLUID,), (walk,), heart_failure=False, fluid_overload=False, immobility=True)
    assert (found.state, found.why) == ("withheld", "It can do harm here, because of this: Immobility.")
    asked = one((FLUID,), (walk,), heart_failure=False, immobility=False)
    assert (asked.state, asked.needs) == ("withheld", ("fluid_overload",))


def test_the_same_words_at_another_time_stay_apart() -> None:
    early, late = precaution("measure", "after", to_day=1), precaution("measure", "after", to_day=5)
    assert len(items((early,), (late,))) == 2


def test_a_text_that_one_source_verified_is_verified() -> None:
    remembered = precaution("measure", status="remembered")
    assert one((remembered,)).status == "remembered"
    assert one((remembered,), (precaution("measure"),)).status == "verified"


def test_items_come_in_order_of_time() -> None:
    given = (
        precaution("react", "reaction"),
        precaution("look on", "after"),
        precaution("day five", "after", from_day=5, to_day=10),
        precaution("hour", "after", from_minutes=60),
        precaution("at once", "after", from_day=0),
        precaution("every rise", "during"),
        precaution("just before"),
        precaution("half an hour before", from_minutes=30),
        precaution("week before", from_day=7, to_day=1),
    )
    assert [one.text for one in items(given)] == [
        "week before",
        "half an hour before",
        "just before",
        "every rise",
        "at once",
        "hour",
        "day five",
        "look on",
        "react",
    ]


@pytest.mark.parametrize(
    ("phase", "times", "begin", "end"),
    [
        ("after", {"from_day": 5, "to_day": 10}, 6, 11),
        ("after", {"from_day": 2}, 3, None),
        ("after", {"to_day": 3}, 1, 4),
        ("after", {"from_minutes": 2160, "to_minutes": 5760}, 2, 5),
        ("after", {}, None, None),
        ("before", {"from_day": 7, "to_day": 2}, -7, -2),
        ("before", {"from_day": 2, "to_day": 7}, -7, -2),
        ("before", {"from_minutes": 30}, 0, 0),
        ("before", {}, None, 0),
        ("during", {"from_minutes": 15}, 0, 1),
        ("reaction", {}, None, None),
    ],
)
def test_days_count_back_from_the_first_infusion_and_on_from_the_last(
    phase: str, times: dict[str, Any], begin: int | None, end: int | None
) -> None:
    (found,) = items((precaution("measure", phase, **times),), days=DAYS)
    expected = [None if day is None else FIRST + timedelta(day) for day in (begin, end)]
    assert [found.from_date, found.to_date] == expected


@pytest.mark.parametrize("days", [None, ()])
def test_without_infusion_days_there_are_no_dates(days: tuple[date, ...] | None) -> None:
    (found,) = items((precaution("measure", "after", from_day=5),), days=days)
    assert (found.from_date, found.to_date) == (None, None)
