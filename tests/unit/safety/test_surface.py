"""The door of the room: what others may use of it."""

from __future__ import annotations

import ivigil.safety


def test_what_the_room_offers() -> None:
    assert set(ivigil.safety.__all__) == {
        "AtRisk",
        "Certainty",
        "ChangeFound",
        "ChecklistItem",
        "Effect",
        "FactorFound",
        "FactorState",
        "FitState",
        "GradeGiven",
        "HazardFound",
        "IgaRank",
        "LevelFound",
        "Licensed",
        "OverriddenFit",
        "Part",
        "ProductFit",
        "Reaction",
        "Reason",
        "ReasonKind",
        "SignsKnown",
        "at_risk",
        "changes",
        "checklist",
        "classify",
        "fitting",
        "hazards_of",
        "override",
        "overrides",
        "recorded",
        "side_by_side",
    }
