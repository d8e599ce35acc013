"""One patient of a cohort by themselves, for comparing bulk judging with the review of a single case."""

from __future__ import annotations

import json
from typing import Any

from ivigil.synthetic.patients import patient
from ivigil.synthetic.plan import Plan
from ivigil.synthetic.shared import shared_lines


def resources_of(plan: Plan, number: int) -> list[dict[str, Any]]:
    """The resources of one patient as the bulk files hold them, with those that all patients share."""
    record = patient(plan, number)
    own = [line for kind in sorted(record.lines) for line in record.lines[kind]]
    shared = [line for kind, lines in shared_lines(plan).items() if kind == "Medication" for line in lines]
    return [json.loads(line) for line in (*own, *shared)]


def bundle_of(plan: Plan, number: int) -> dict[str, Any]:
    """One patient as a Bundle that ``ivigil review`` reads."""
    entries = [{"resource": one} for one in resources_of(plan, number)]
    return {"resourceType": "Bundle", "type": "collection", "entry": entries}
