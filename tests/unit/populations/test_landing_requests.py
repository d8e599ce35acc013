"""The table of requests: which requests count, as of which day, and what is known of them then."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.unit.populations.landing_inputs import export, landed, requests, rows
from tests.unit.readers.records import (
    GBS,
    ICD10CM,
    ITP,
    IVIG,
    WEIGHT,
    Json,
    concept,
    condition,
    daily,
    library,
    observation,
    order,
    patient,
    quantity,
    read,
)

from ivigil.populations.landing.event_rows import EVENT_KINDS
from ivigil.populations.landing.request_rows import request_kinds
from ivigil.tables import start
from ivigil.tables.expressions import kinds_of


def of(tmp_path: Path, *resources: Json) -> list[Json]:
    return requests(landed(export(tmp_path / "in", patient(), *resources), tmp_path / "out"))


def test_a_patient_without_a_request_has_no_row(tmp_path: Path) -> None:
    found = landed(export(tmp_path / "in", patient(), observation("w", WEIGHT, quantity(70, "kg"))), tmp_path / "out")
    assert requests(found) == rows(found.event_files) == []
    assert found.patients.without_requests == 1


def test_the_columns_are_the_same_whatever_is_known(tmp_path: Path) -> None:
    empty = landed(export(tmp_path / "a", patient()), tmp_path / "out")
    full = landed(export(tmp_path / "b", patient(), order(reasonCode=[GBS], **daily(30))), tmp_path / "out2")
    for found in (empty, full):
        engine = start("polars")
        assert kinds_of(engine.read_parquet(found.request_files)) == request_kinds(library())
        assert kinds_of(engine.read_parquet(found.event_files)) == dict(EVENT_KINDS)


def test_two_requests_on_one_day_are_two_rows(tmp_path: Path) -> None:
    found = of(tmp_path, order("one", reasonCode=[GBS]), order("two", reasonCode=[ITP]))
    assert [(row["request"], row["indication"], row["index_date"]) for row in found] == [
        ("MedicationRequest/one", "guillain-barre", "2026-11-19"),
        ("MedicationRequest/two", "immune-thrombocytopenia", "2026-11-19"),
    ]


def test_a_request_for_two_indications_has_a_row_for_each(tmp_path: Path) -> None:
    found = of(tmp_path, order(reasonCode=[GBS, ITP]))
    assert [row["indication"] for row in found] == ["guillain-barre", "immune-thrombocytopenia"]
    assert len({row["row"] for row in found}) == 2


def test_what_no_indication_answers_to_is_not_listed_and_no_reason_is_nothing(tmp_path: Path) -> None:
    colitis = concept(ICD10CM, "K51.9", "Ulcerative colitis")
    found = of(tmp_path, order("a", reasonCode=[colitis]), order("b"))
    assert [(row["indication"], row["established"]) for row in found] == [("not listed", None), (None, None)]
    assert "Ulcerative colitis" in str(found[0]["reason"])


@pytest.mark.parametrize("status", ["completed", "stopped", "active", "on-hold"])
def test_an_order_that_is_over_counts_in_an_audit(tmp_path: Path, status: str) -> None:
    assert len(of(tmp_path, order(status=status, reasonCode=[GBS]))) == 1


@pytest.mark.parametrize("status", ["entered-in-error", "cancelled"])
def test_an_order_that_never_was_does_not(tmp_path: Path, status: str) -> None:
    assert of(tmp_path, order(status=status, reasonCode=[GBS])) == []


def test_a_review_still_takes_an_order_that_is_over_for_no_request() -> None:
    assert read(patient(), order(status="completed", reasonCode=[GBS])).requests == ()


def test_each_request_sees_what_was_known_on_its_own_day(tmp_path: Path) -> None:
    weights = [
        observation("w1", WEIGHT, quantity(70, "kg"), "2026-01-10"),
        observation("w2", WEIGHT, quantity(90, "kg"), "2026-06-10"),
    ]
    days = [order(f"o{month}", authoredOn=f"2026-{month:02d}-20", reasonCode=[GBS]) for month in (1, 6)]
    found = of(tmp_path, *weights, *days)
    assert [(row["month"], row["weight"]) for row in found] == [("2026-01", 70), ("2026-06", 90)]


def test_a_diagnosis_to_which_the_order_refers_is_its_reason(tmp_path: Path) -> None:
    colitis = condition("c", concept("urn:local", "x", "Ulcerative colitis"))
    found = of(tmp_path, colitis, order(reasonReference=[{"reference": "Condition/c"}]))
    assert [row["indication"] for row in found] == ["not listed"]


def test_a_drug_that_stands_in_another_file_is_found(tmp_path: Path) -> None:
    drugs = [
        {"resourceType": "Medication", "id": "ig", "code": IVIG},
        {"resourceType": "Medication", "id": "other", "code": {"text": "Ibuprofen"}},
    ]
    asked = [
        order(f"by-{name}", None, medicationReference={"reference": f"Medication/{name}"}, reasonCode=[GBS])
        for name in ("ig", "other", "missing")
    ]
    assert [row["request"] for row in of(tmp_path, *drugs, *asked)] == ["MedicationRequest/by-ig"]


@pytest.mark.parametrize(
    ("given", "site"),
    [
        ({}, "Organization/care"),
        ({"requester": {"reference": "Practitioner/x", "display": "Dr X"}}, "Organization/care"),
        ({"requester": {"reference": "Organization/o", "display": "North"}}, "North"),
        ({"dispenseRequest": {"performer": {"reference": "Organization/o", "display": "South"}}}, "South"),
    ],
)
def test_the_site_is_what_the_order_names(tmp_path: Path, given: Json, site: str) -> None:
    person = patient(managingOrganization={"reference": "Organization/care"})
    found = landed(export(tmp_path / "in", person, order(reasonCode=[GBS], **given)), tmp_path / "out")
    assert [row["site"] for row in requests(found)] == [site]


def test_the_names_of_rows_are_unique_and_in_order(tmp_path: Path) -> None:
    twice = [order(reasonCode=[GBS]), order(reasonCode=[GBS], priority="urgent")]
    names = [row["row"] for row in of(tmp_path, *twice, order("another", reasonCode=[GBS]))]
    assert names == sorted(set(names))
    assert len(names) == 3
