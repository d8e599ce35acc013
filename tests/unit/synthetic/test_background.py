"""Records of other made-up patients as a background."""

from __future__ import annotations

import gzip
import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from ivigil.documents import BadInput
from ivigil.facts import read_case
from ivigil.knowledge import load
from ivigil.synthetic import bundle_of, plan_of, resources_of
from ivigil.synthetic.background import read_background
from ivigil.synthetic.plan import Options

LIBRARY = load()
FIRST, SECOND = "79a13b7d-a382-4b6a-a31a-57e763818a56", "b"
VISIT = "b0e04623-b02c-3f8b-92ea-943fc4db60da"


def _observation(identity: str, patient: str, encounter: str) -> dict[str, Any]:
    return {
        "resourceType": "Observation",
        "id": identity,
        "status": "final",
        "code": {"coding": [{"system": "http://loinc.org", "code": "29463-7"}], "text": "b 1"},
        "subject": {"reference": patient},
        "encounter": {"reference": encounter},
        "performer": [{"reference": "Practitioner/of-nobody"}],
        "effectiveDateTime": "2020-01-01",
        "valueQuantity": {"value": 70.50, "unit": "kg"},
    }


def lines(*resources: dict[str, Any]) -> str:
    return "".join(f"{json.dumps(one)}\n" for one in resources)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    patients = [
        {"resourceType": "Patient", "id": FIRST, "gender": "female", "birthDate": "1960-01-01"},
        {"resourceType": "Patient", "id": SECOND, "gender": "male", "birthDate": "1970"},
    ]
    encounters = [
        {"resourceType": "Encounter", "id": VISIT, "subject": {"reference": f"urn:uuid:{FIRST}"}},
        {"resourceType": "Encounter", "id": "2", "subject": {"reference": f"Patient/{SECOND}"}},
    ]
    observations = [
        _observation("1", f"urn:uuid:{FIRST}", f"urn:uuid:{VISIT}"),
        _observation("3", f"Patient/{SECOND}", "https://x.test/fhir/Encounter/2"),
    ]
    (tmp_path / "Patient.ndjson").write_text(lines(*patients), encoding="utf-8")
    (tmp_path / "Encounter.ndjson").write_text(lines(*encounters), encoding="utf-8")
    (tmp_path / "Observation.ndjson.gz").write_bytes(gzip.compress(lines(*observations).encode()))
    return tmp_path


def test_a_record_is_lent_with_new_ids_and_references_that_still_lead_there(folder: Path) -> None:
    plan = plan_of(LIBRARY, Options(), read_background(folder))
    for number in range(30):
        resources = resources_of(plan, number)
        who = next(one for one in resources if one["resourceType"] == "Patient")
        [encounter] = [one for one in resources if one["resourceType"] == "Encounter"]
        [lent] = [one for one in resources if one.get("encounter")]
        assert encounter["subject"] == lent["subject"] == {"reference": f"Patient/{who['id']}"}
        assert lent["encounter"] == {"reference": f"Encounter/{encounter['id']}"}
        assert lent["performer"] == [{"reference": "Practitioner/of-nobody"}]
        assert lent["code"]["text"] == "b 1"
        assert lent["valueQuantity"] == {"value": 70.5, "unit": "kg"}
        assert not {FIRST, SECOND} & {one["id"] for one in resources}


def test_ids_stay_apart_across_patients(folder: Path) -> None:
    plan = plan_of(LIBRARY, Options(), read_background(folder))
    ids = Counter(
        (one["resourceType"], one["id"])
        for number in range(30)
        for one in resources_of(plan, number)
        if one["resourceType"] in {"Encounter", "Patient"}
    )
    assert set(ids.values()) == {1}


def test_the_patient_stays_their_own(folder: Path) -> None:
    """A background adds to a record, and takes nothing from it."""
    alone, mixed = plan_of(LIBRARY, Options()), plan_of(LIBRARY, Options(), read_background(folder))
    for number in range(20):
        own = [json.dumps(one) for one in resources_of(alone, number)]
        both = [json.dumps(one) for one in resources_of(mixed, number)]
        assert not Counter(own) - Counter(both)
        assert len(both) == len(own) + 2
        read_case(json.dumps(bundle_of(mixed, number)).encode(), "mixed", LIBRARY.vocabulary)


def test_the_digest_is_of_what_was_read(folder: Path) -> None:
    before = read_background(folder).digest
    assert read_background(folder).digest == before
    (folder / "Encounter.ndjson").write_text("", encoding="utf-8")
    assert read_background(folder).digest != before


def test_every_fault_of_a_background_is_told(folder: Path) -> None:
    (folder / "Encounter.ndjson").write_text('{"resourceType"\n[]\n{"resourceType": "Encounter"}\n', encoding="utf-8")
    (folder / "Observation.ndjson.gz").write_bytes(b"no gzip")
    with pytest.raises(BadInput) as error:
        read_background(folder)
    assert len(error.value.faults) == 4
    assert "Encounter.ndjson, line 2" in str(error.value)


@pytest.mark.parametrize("content", [None, ""], ids=["no folder", "no patients"])
def test_a_background_has_patients(tmp_path: Path, content: str | None) -> None:
    out = tmp_path / "background"
    if content is not None:
        out.mkdir()
        (out / "Patient.ndjson").write_text(content, encoding="utf-8")
    with pytest.raises(BadInput):
        read_background(out)
