"""ivigil's own flat form in YAML and JSON, and every fault of it at once."""

from __future__ import annotations

from decimal import Decimal

import pytest
from tests.unit.readers.records import decide, known, library, read_document

from ivigil.documents import BadInput
from ivigil.facts import Between, Case, Exactly, Period, read_case


def read_text(text: str, name: str = "case.yaml") -> Case:
    return read_case(text.encode(), name, library().vocabulary)


@pytest.mark.parametrize(
    ("fact", "given", "expected"),
    [
        ("weight", "154 lb", Exactly(Decimal("69.85322498"))),
        ("weight", {"value": 70, "unit": "kg"}, Exactly(Decimal(70))),
        ("weight", {"value": "70.5", "unit": "kg"}, Exactly(Decimal("70.5"))),
        ("platelets", {"value": 10, "unit": "10*3/uL", "comparator": "<="}, Between(None, Decimal(10))),
        ("days_since_onset", 6, Exactly(Decimal(6))),
        ("days_since_onset", "6", Exactly(Decimal(6))),
        ("walks_unaided", False, Exactly(value=False)),
        ("request_phase", "initial", Exactly("initial")),
        ("birth_date", 1952, "year"),
        ("birth_date", "1952-04-01", "day"),
        ("weight", "unknown", None),
        ("weight", None, None),
        ("weight", {"value": "unknown", "date": "2026-11-19"}, None),
        ("weight", ["70 kg", "71 kg"], None),
        ("weight", {"value": 70, "unit": "kg", "date": "2025-01-01"}, None),
    ],
)
def test_value(fact: str, given: object, expected: object) -> None:
    found = known(read_document({"facts": {fact: given}}), fact).extent

    assert (
        isinstance(found, Period if expected == "year" else Exactly) if isinstance(expected, str) else found == expected
    )


def test_every_fault_is_listed_with_its_line() -> None:
    text = """
facts:
  weigth: 70 kg
  height: tall
  weight: 70
  platelets: {value: 12, unit: mL, dated: 2026}
  walks_unaided: "no"
  request_phase: first
  birth_date: 1952-13-01
  age: 1e300
request:
  indicaton: guillain-barre
requests: 7
diagnoses:
  - {indication: gbs}
  - {system: icd-10, kode: G61.0}
  - {system: icd-10, code: G61.0, state: maybe}
extra: 1
"""
    with pytest.raises(BadInput) as error:
        read_text(text)

    lines = [int(fault.where.split("line ")[1].split(",")[0]) for fault in error.value.faults]
    assert set(lines) == {3, 4, 5, 6, 7, 8, 9, 10, 12, 13, 15, 16, 17, 18}
    assert "Did you mean weight" in str(error.value)
    assert "Did you mean indication" in str(error.value)
    assert len(lines) == 17


def test_requests_and_diagnoses() -> None:
    case = read_text("""
requests:
  - {indication: [guillain-barre, {system: icd-10, code: D69.3}], request_phase: initial}
  - {indication: myasthenia gravis}
  -
diagnoses:
  - {indication: guillain-barre, state: refuted}
facts: {onset_date: 2026-11-15}
""")

    named = [(decision.indication.id if decision.indication else None, decision.verdict) for decision in decide(case)]
    assert sorted(named, key=str) == [
        ("guillain-barre", "needs-information"),
        ("immune-thrombocytopenia", "supported"),
        ("myasthenia-gravis", "needs-information"),
        (None, "needs-information"),
    ]


def test_a_slip_in_an_indication_is_pointed_out() -> None:
    case = read_document({"request": {"indication": "guillain-bare"}})

    assert "Did you mean guillain-barre?" in "\n".join(case.warnings)


def test_a_dated_statement_is_as_old_as_its_date_and_an_undated_one_is_of_today() -> None:
    platelets = {"platelets": {"value": 12, "unit": "10*9/L", "date": "2026-11-01"}}

    assert known(read_document({"facts": platelets}), "platelets").why_unknown == "out of date"
    assert known(read_document({"facts": {"platelets": "12 10*9/L"}}), "platelets").known


def test_a_document_with_thousands_of_faults_is_refused() -> None:
    with pytest.raises(BadInput) as error:
        read_document({"facts": {f"weight{index}": 1 for index in range(5000)}})

    assert len(error.value.faults) == 5000


@pytest.mark.parametrize("value", [" " * 100000, "1 " + " " * 100000, "1" * 100000, "1 " + "1." * 50000, "9" * 3000])
def test_a_hostile_text_is_a_fault(value: str) -> None:
    with pytest.raises(BadInput):
        read_document({"facts": {"weight": value}})
    with pytest.raises(BadInput):
        read_document({"facts": {"weight": {"value": 1, "unit": value}}})
