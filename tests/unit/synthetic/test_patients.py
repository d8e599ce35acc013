"""Made-up patients: the same for one seed, legible, as dirty as asked for, and of every verdict."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivigil.facts import Case, coding, read_case
from ivigil.knowledge import Library, load
from ivigil.review import Judge
from ivigil.synthetic import bundle_of, plan_of, resources_of
from ivigil.synthetic.figures import figures
from ivigil.synthetic.patients import patient
from ivigil.synthetic.plan import Options, Plan

LIBRARY = load()
KINDS = [one.id for one in figures().dirt.kinds]
CLEAN = dict.fromkeys(KINDS, Decimal(0))
SOME = range(150)
EXTRA = Path(__file__).parents[2] / "data" / "knowledge-extra"
Resource = dict[str, Any]


@cache
def plan(seed: int = 1) -> Plan:
    return plan_of(LIBRARY, Options(seed))


@cache
def spoilt(kind: str) -> Plan:
    return plan_of(LIBRARY, Options(1, {**CLEAN, kind: Decimal(1)}))


@cache
def clean() -> Plan:
    return plan_of(LIBRARY, Options(1, CLEAN))


def read(made: Plan, number: int, library: Library = LIBRARY) -> Case:
    return read_case(json.dumps(bundle_of(made, number)).encode(), f"patient {number}", library.vocabulary)


def opened(made: Plan, number: int) -> Iterator[Case]:
    """The case of each order of a patient, as if it were not over."""
    bundle = bundle_of(made, number)
    for entry in bundle["entry"]:
        if entry["resource"].get("status") in {"completed", "stopped"} and entry["resource"].get("authoredOn"):
            entry["resource"]["status"] = "active"
    case = read_case(json.dumps(bundle).encode(), f"patient {number}", LIBRARY.vocabulary)
    yield from (replace(case, requests=(one,)) for one in case.requests)


@given(st.integers(0, 2**64 - 1), st.integers(0, 10**7 - 1))
def test_a_patient_depends_on_the_seed_and_the_number_alone(seed: int, number: int) -> None:
    one, other = plan_of(LIBRARY, Options(seed)), plan_of(LIBRARY, Options(seed))
    patient(other, number + 1)
    assert patient(one, number).lines == patient(other, number).lines


def test_another_seed_makes_other_patients() -> None:
    assert patient(plan(1), 0).lines != patient(plan(2), 0).lines


@pytest.mark.parametrize("number", range(60))
def test_every_resource_is_read(number: int) -> None:
    case = read(plan(), number)
    assert not [warning for warning in case.warnings if "malformed" in warning.lower()]
    assert not [one for one in case.unused if "malformed" in one.why]


@pytest.mark.parametrize("number", range(40))
def test_resources_have_ids_of_their_own_and_speak_of_their_patient(number: int) -> None:
    resources = resources_of(clean(), number)
    names = [f"{one['resourceType']}/{one['id']}" for one in resources]
    assert len(set(names)) == len(names)
    who = next(one["id"] for one in resources if one["resourceType"] == "Patient")
    for one in resources:
        about = one.get("subject") or one.get("patient")
        assert (about is None) is (one["resourceType"] in {"Patient", "Medication"})
        assert about is None or about["reference"] == f"Patient/{who}"


def test_references_lead_somewhere() -> None:
    for number in SOME[:100]:
        resources = resources_of(plan(), number)
        names = {f"{one['resourceType']}/{one['id']}" for one in resources}
        for one in resources:
            pointed = [item["reference"] for item in one.get("reasonReference", ())]
            pointed += [one[name]["reference"] for name in ("priorPrescription", "medicationReference") if name in one]
            assert set(pointed) <= names


def test_every_kind_of_dirt_occurs() -> None:
    found: Counter[str] = Counter()
    for number in range(3000):
        found += patient(plan(), number).dirt
    assert set(KINDS) - set(found) == set()


def test_clean_records_hold_no_dirt() -> None:
    for number in SOME[:50]:
        assert not patient(clean(), number).dirt
        case = read(clean(), number)
        assert not [one for one in case.unused if "error" in one.why or "unit" in one.why or "once" in one.why]


def _some(resources: list[Resource], kind: str, shows: Callable[[Resource], object]) -> bool:
    return any(one["resourceType"] == kind and shows(one) for one in resources)


def _dates(length: int, kind: str, name: str) -> Callable[[list[Resource]], bool]:
    return lambda made: _some(made, kind, lambda one: len(one.get(name, "")) == length)


def _repeated(kind: str) -> Callable[[list[Resource]], bool]:
    return lambda made: max(Counter(json.dumps(one) for one in made if one["resourceType"] == kind).values()) > 1


def _versions(made: list[Resource]) -> bool:
    numbers = Counter(one["id"] for one in made if one["resourceType"] == "Observation" and "meta" in one)
    return bool(numbers) and set(numbers.values()) == {2}


def _without(kind: str, name: str) -> Callable[[list[Resource]], bool]:
    return lambda made: _some(made, kind, lambda one: name not in one)


def _status(kind: str, status: str) -> Callable[[list[Resource]], bool]:
    return lambda made: _some(made, kind, lambda one: one.get("status") == status)


def _verification(code: str) -> Callable[[list[Resource]], bool]:
    return lambda made: _some(made, "Condition", lambda one: one["verificationStatus"]["coding"][0]["code"] == code)


def _only_words(concept: Resource) -> bool:
    return "coding" not in concept


def _quantity(shows: Callable[[Resource], object]) -> Callable[[list[Resource]], bool]:
    return lambda made: _some(made, "Observation", lambda one: "valueQuantity" in one and shows(one["valueQuantity"]))


def _orders(made: list[Resource]) -> list[Resource]:
    return [one for one in made if one["resourceType"] == "MedicationRequest"]


def _reasons(shows: Callable[[list[Resource]], object]) -> Callable[[list[Resource]], bool]:
    return lambda made: any(shows(one["reasonCode"]) for one in _orders(made) if "reasonCode" in one)


def _codes(made: list[Resource]) -> set[str]:
    concepts = [one.get("medicationCodeableConcept", {}) for one in _orders(made)]
    return {item["code"] for concept in concepts for item in concept.get("coding", ())}


def _on_one_day(made: list[Resource]) -> bool:
    return max(Counter(one["authoredOn"] for one in _orders(made)).values()) > 1


def _apart(made: list[Resource]) -> bool:
    """Two values of one code at one moment."""
    values: dict[tuple[str, str], set[float]] = {}
    for one in made:
        if "valueQuantity" in one:
            key = one["code"]["coding"][0]["code"], one["effectiveDateTime"]
            values.setdefault(key, set()).add(one["valueQuantity"]["value"])
    return any(len(found) > 1 for found in values.values())


def _after_orders(made: list[Resource]) -> bool:
    last = max(one["authoredOn"] for one in _orders(made))
    return any(one.get("effectiveDateTime", "")[:10] > last for one in made)


def _long_before(made: list[Resource]) -> bool:
    first = date.fromisoformat(min(one["authoredOn"] for one in _orders(made)))
    measured = [one for one in made if one["resourceType"] == "Observation" and not _is_weight(one)]
    return any((first - date.fromisoformat(one["effectiveDateTime"][:10])).days > 400 for one in measured)


def _is_weight(one: Resource) -> bool:
    return one["code"]["coding"][0]["code"] in {code.code for code in LIBRARY.catalogue["weight"].codes}


SHOWS: dict[str, Callable[[list[Resource]], bool]] = {
    "no-birth-date": _without("Patient", "birthDate"),
    "birth-year-only": _dates(4, "Patient", "birthDate"),
    "no-sex": _without("Patient", "gender"),
    "sex-unknown": lambda made: _some(made, "Patient", lambda one: one["gender"] == "unknown"),
    "no-request": lambda made: not _orders(made),
    "other-immunoglobulin": lambda made: any(
        code.code in _codes(made) for code in LIBRARY.medication.not_codes if code.system == "atc"
    ),
    "other-drug": lambda made: bool(_codes(made) - {code.code for code in LIBRARY.medication.codes}),
    "no-diagnosis": lambda made: not _some(made, "Condition", lambda one: _is(one["code"], "names")),
    "missing-measurement": lambda made: not _some(made, "Observation", lambda one: "valueQuantity" in one),
    "other-unit": _quantity(lambda one: one["unit"] in {"[lb_av]", "g"}),
    "wrong-unit": _quantity(lambda one: one["unit"] == "mmol/L"),
    "no-unit": _quantity(lambda one: "unit" not in one),
    "implausible-value": _quantity(lambda one: one["value"] > 5000),
    "value-absent": lambda made: _some(made, "Observation", lambda one: "dataAbsentReason" in one),
    "preliminary": _status("Observation", "preliminary"),
    "measurement-in-error": _status("Observation", "entered-in-error"),
    "stale": _long_before,
    "future-dated": _after_orders,
    "measurement-year-only": _dates(4, "Observation", "effectiveDateTime"),
    "measurement-month-only": _dates(7, "Observation", "effectiveDateTime"),
    "measurement-undated": _without("Observation", "effectiveDateTime"),
    "measured-twice": _repeated("Observation"),
    "newer-version": _versions,
    "conflicting": _apart,
    "below-limit": _quantity(lambda one: one.get("comparator") == "<"),
    "refuted": _verification("refuted"),
    "provisional": _verification("provisional"),
    "resolved": lambda made: _some(
        made, "Condition", lambda one: one.get("clinicalStatus", {}).get("coding", [{}])[0].get("code") == "resolved"
    ),
    "diagnosis-in-error": _verification("entered-in-error"),
    "denied-in-words": lambda made: _some(made, "Condition", lambda one: one["code"].get("text", "").startswith("no ")),
    "doubted-in-words": lambda made: _some(made, "Condition", lambda one: one["code"].get("text", "")[:1] == "?"),
    "diagnosis-in-words": lambda made: _some(made, "Condition", lambda one: _only_words(one["code"])),
    "broader-diagnosis": lambda made: _some(made, "Condition", lambda one: _is(one["code"], "broader")),
    "diagnosis-year-only": _dates(4, "Condition", "onsetDateTime"),
    "diagnosis-month-only": _dates(7, "Condition", "onsetDateTime"),
    "diagnosis-undated": _without("Condition", "recordedDate"),
    "diagnosed-twice": _repeated("Condition"),
    "no-reason": lambda made: all("reasonCode" not in one and "reasonReference" not in one for one in _orders(made)),
    "reason-in-words": _reasons(lambda found: _only_words(found[0])),
    "broader-reason": _reasons(lambda found: _is(found[0], "broader")),
    "unlisted-reason": _reasons(lambda found: found[0].get("text") in {one.text for one in figures().mix.unlisted}),
    "two-reasons": _reasons(lambda found: len(found) == 2),
    "two-on-one-day": _on_one_day,
    "order-in-error": _status("MedicationRequest", "entered-in-error"),
    "order-undated": _without("MedicationRequest", "authoredOn"),
    "order-month-only": _dates(7, "MedicationRequest", "authoredOn"),
    "not-to-be-given": lambda made: any(one.get("doNotPerform") for one in _orders(made)),
    "dose-in-words": lambda made: any("text" in one.get("dosageInstruction", [{}])[0] for one in _orders(made)),
    "no-dose": _without("MedicationRequest", "dosageInstruction"),
    "ordered-twice": _repeated("MedicationRequest"),
    "missing-form": lambda made: not _some(made, "QuestionnaireResponse", bool),
    "form-in-progress": _status("QuestionnaireResponse", "in-progress"),
    "form-in-error": _status("QuestionnaireResponse", "entered-in-error"),
    "missing-answer": lambda made: not _some(made, "QuestionnaireResponse", bool),
}


def _is(concept: Resource, role: str) -> bool:
    """Whether a concept holds a code that has ``role`` for some indication."""
    codes = {
        (one.system, one.code) for item in concept.get("coding", ()) for one in [coding(item["system"], item["code"])]
    }
    return any((one.system, one.code) in codes for each in LIBRARY.indications.values() for one in getattr(each, role))


def test_each_kind_of_dirt_has_a_sign_to_know_it_by() -> None:
    assert set(SHOWS) == set(KINDS)


@pytest.mark.parametrize("kind", KINDS)
def test_dirt_shows_where_it_is_asked_for_and_nowhere_else(kind: str) -> None:
    made = [resources_of(spoilt(kind), number) for number in range(12)]
    assert any(SHOWS[kind](one) for one in made)
    assert not any(SHOWS[kind](resources_of(clean(), number)) for number in range(12))
    assert patient(spoilt(kind), 0).dirt.keys() <= {kind}


def test_all_six_verdicts_occur_and_not_everything_needs_information() -> None:
    judge, rules = Judge(LIBRARY), LIBRARY.rule_sets["review-2015"]
    found: Counter[str] = Counter()
    number = 0
    while len(found) < 6 or found.total() < 200:
        for case in opened(plan(), number):
            when = case.requests[0].authored
            found.update(one.verdict for one in judge.decide(case, rules, when.first if when else date(2026, 6, 30)))
        number += 1
        assert number < 4000, found
    assert found["needs-information"] < found.total() / 2
    assert found["supported"] > found.total() / 10


def test_sizes_go_together() -> None:
    """Grown men are taller than grown women, and taller people heavier."""
    made = plan().bodies
    people = [made.draw(plan().draws(number), "adult", 740_000) for number in range(600)]
    sizes = [(one.sex, made.height_cm(one, 740_000), made.weight_kg(one, 740_000)) for one in people]
    men, women = ([size for size in sizes if size[0] == sex] for sex in ("male", "female"))
    for at in (1, 2):
        assert sum(one[at] for one in men) / len(men) > sum(one[at] for one in women) / len(women)
    middle = sorted(one[1] for one in men)[len(men) // 2]
    tall, short = ([one[2] for one in men if (one[1] > middle) is taller] for taller in (True, False))
    assert sum(tall) / len(tall) > sum(short) / len(short)
    for _, height, weight in sizes:
        assert 120 < height < 210
        assert 30 < weight < 170


def test_children_grow() -> None:
    made = plan().bodies
    child = made.draw(plan().draws(5), "infant", 740_000)
    heights = [made.height_cm(child, child.born + 365 * years + 30) for years in range(1, 16)]
    assert heights == sorted(heights)


def test_a_new_indication_needs_nothing_but_its_files() -> None:
    """An indication and rules of one's own: patients of it are made, and the facts its rules ask for are said."""
    library = load((EXTRA,))
    made = plan_of(library, Options(1, CLEAN, "example-2026"))
    found = set()
    for number in range(3000):
        disease = made.disease(made.draws(number))
        if disease.id.startswith("example-"):
            found.add(disease.id)
            assert read(made, number, library).requests or number
            assert disease.names
    assert found == {one for one in library.indications if one.startswith("example-")}


def test_profiles_meet_or_fail_the_criteria_they_are_sorted_by() -> None:
    """The judge agrees: with clean records and everything asked for, those who qualify are supported."""
    judge, rules = Judge(LIBRARY), LIBRARY.rule_sets["review-2015"]
    verdicts = {}
    for good in (Decimal(0), Decimal(1)):
        made = plan_of(LIBRARY, Options(1, CLEAN))
        made.shares["qualifying"] = int(good * 2**32)
        made.shares["new_patients"] = 2**32
        found: Counter[str] = Counter()
        for number in SOME:
            first = next(opened(made, number))
            when = first.requests[0].authored
            assert when is not None
            found.update(one.verdict for one in judge.decide(first, rules, when.first))
        verdicts[good] = found
    assert verdicts[Decimal(1)]["supported"] > verdicts[Decimal(0)]["supported"]
    assert verdicts[Decimal(1)]["not-supported"] < verdicts[Decimal(0)]["not-supported"]
