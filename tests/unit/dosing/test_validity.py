"""Weight rules hold from a day and until a day, both included."""

from __future__ import annotations

from datetime import date

import pytest
from tests.unit.dosing.patients import clause, house_rule, library

from ivigil.dosing import current, validity

RULE = house_rule(clause("actual"), valid_from=date(2026, 7, 1), valid_to=date(2027, 6, 30))


@pytest.mark.parametrize(
    ("day", "state", "named"),
    [
        (date(2026, 6, 30), "from", date(2026, 7, 1)),
        (date(2026, 7, 1), "current", None),
        (date(2027, 6, 30), "current", None),
        (date(2027, 7, 1), "until", date(2027, 6, 30)),
    ],
)
def test_the_first_and_the_last_day_count(day: date, state: str, named: date | None) -> None:
    found = validity(RULE, day)
    assert (found.state, found.day) == (state, named)


def test_a_rule_without_days_always_holds() -> None:
    assert validity(house_rule(clause("actual")), date(1990, 1, 1)).state == "current"


def test_australia_turns_on_its_day() -> None:
    rules = library().weight_rules.values()
    before = {one.id for one in current(rules, date(2026, 6, 30))}
    after = {one.id for one in current(rules, date(2026, 7, 1))}
    assert after - before == {"australia-2026"}
    assert before < after
