"""Bulk FHIR sorted by patient: a Bundle in each line, as engines want it that look at one patient at a time.

Of two versions of a resource the newer is kept.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path
from typing import Any

Resource = dict[str, Any]  # Any: JSON


def write_bundles(records: Path, target: Path, wanted: int) -> tuple[int, int, int]:
    """Write the resources of the first patients; how many patients, resources and bytes these are."""
    by_patient: dict[str, dict[str, Resource]] = defaultdict(dict)
    for path in sorted(records.glob("*.ndjson")):
        with path.open() as lines:
            for line in lines:
                _add(by_patient, json.loads(line))
    chosen = [list(by_patient[one].values()) for one in sorted(by_patient)[:wanted]]
    with target.open("w") as out:
        for resources in chosen:
            entries = [{"resource": one} for one in resources]
            out.write(json.dumps({"resourceType": "Bundle", "type": "collection", "entry": entries}) + "\n")
    return len(chosen), sum(map(len, chosen)), target.stat().st_size


def _add(by_patient: dict[str, dict[str, Resource]], resource: Resource) -> None:
    """Put a resource beside the others of its patient."""
    kind, name = resource["resourceType"], resource["id"]
    about = resource.get("subject") or resource.get("patient") or {}
    patient = name if kind == "Patient" else str(about.get("reference", "")).removeprefix("Patient/")
    before = by_patient[patient].get(f"{kind}/{name}") if patient else None
    if patient and (before is None or _version(resource) > _version(before)):
        by_patient[patient][f"{kind}/{name}"] = resource


def _version(resource: Mapping[str, Any]) -> str:
    """When it was last changed, as written."""
    return str(resource.get("meta", {}).get("lastUpdated", ""))
