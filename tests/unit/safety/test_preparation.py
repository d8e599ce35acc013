"""What should be known before an infusion, and whether the record shows that somebody looked."""

from __future__ import annotations

import pytest
from tests.unit.safety.records import factor, hazard, known, library, precaution

from ivigil.criteria import Truth
from ivigil.safety import hazards_of
from ivigil.safety.preparation import shown_beforehand, unprepared

MEASURED = precaution("measure", when="heart_failure", shown_by=("fluid_overload", "immobility"))


def state(**values: bool | None) -> Truth:
    rules = library([hazard("one", (factor("diabetic", rule="diabetes"),), (MEASURED,))])
    (found,) = hazards_of(rules, known(**values))
    return unprepared(found, known(**values), rules)


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"diabetes": True, "heart_failure": True}, Truth.MET),
        ({"diabetes": True, "heart_failure": True, "immobility": False}, Truth.NOT_MET),
        ({"diabetes": True, "heart_failure": True, "fluid_overload": True}, Truth.NOT_MET),
        ({"diabetes": True, "heart_failure": False}, Truth.NOT_MET),
        ({"diabetes": True}, Truth.UNKNOWN),
        ({"diabetes": False, "heart_failure": True}, Truth.NOT_MET),
        ({"heart_failure": True}, Truth.NOT_MET),
    ],
)
def test_unprepared(values: dict[str, bool], expected: Truth) -> None:
    assert state(**values) is expected


def test_only_what_comes_before_and_leaves_a_trace_counts() -> None:
    later = precaution("later", phase="after", shown_by=("fluid_overload",))
    traceless = precaution("traceless")
    assert shown_beforehand(hazard("one", (), (MEASURED, later, traceless))) == (MEASURED,)
