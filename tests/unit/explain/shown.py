"""Decisions of every kind, for tests of how they are shown."""

from __future__ import annotations

from tests.unit.review.judged import house, one

from ivigil.review import Decision

SCRIPT = "<script>alert('x')</script>"
FIRST = "indication: alpha, request_phase: initial"
FACTS = (
    "platelets: {value: 12, unit: 10*9/L, date: 2026-11-18}, active_bleeding: true, pregnant: true, "
    "weight: 700 kg, age: 40 a"
)


def decisions() -> dict[str, Decision]:
    """One decision of every verdict, with the parts that an answer may have."""
    dose = "request_daily_dose_per_kg: 0.4 g/kg/d, request_infusion_days: 5 d"
    return {
        "supported": house(f"{FIRST}, {dose}", f"{FACTS}, venous_thromboembolism: false"),
        "not-supported": house(FIRST, "platelets: 90 10*9/L, venous_thromboembolism: false"),
        "avoid": house(FIRST, "venous_thromboembolism: true"),
        "out-of-scope": house("indication: delta"),
        "panel-review": house(f'indication: "{SCRIPT}"'),
        "needs-information": house(FIRST, FACTS),
        "nothing": one("facts: {weight: 70 kg}\n"),
        "contradicted": one(
            "request: {indication: myasthenia-gravis}\n"
            f'diagnoses: [{{system: icd-10-cm, code: G70.2, display: "{SCRIPT}"}}]\n'
        ),
    }
