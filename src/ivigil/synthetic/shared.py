"""Resources that belong to no patient: the sites and the drugs that orders point to."""

from __future__ import annotations

from ivigil.synthetic.fragments import compact, named
from ivigil.synthetic.plan import Plan


def shared_lines(plan: Plan) -> dict[str, list[str]]:
    """Lines of NDJSON by type."""
    courses = plan.figures.courses
    sites = [{"resourceType": "Organization", "id": one.id, "name": one.name} for one in courses.sites]
    drugs = [
        {"resourceType": "Medication", "id": one.id, "code": named(one.text, one.system, one.code)}
        for one in courses.drugs
    ]
    return {
        "Organization": [f"{compact(one)}\n" for one in sites],
        "Medication": [f"{compact(one)}\n" for one in drugs],
    }
