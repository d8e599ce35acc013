"""How a record can say what a fact is: under which code, in which resource, with which value, by the catalogue."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from ivigil.facts import Catalogue, Fact
from ivigil.facts.definition import FactCode, Place
from ivigil.synthetic.fragments import clinical, compact, concept, member, verification

Said = bool | str
_HL7 = "http://terminology.hl7.org/CodeSystem/"
_CURRENT_ALLERGY = member(
    "clinicalStatus", {"coding": [{"system": f"{_HL7}allergyintolerance-clinical", "code": "active"}]}
)


@dataclass(frozen=True)
class Way:
    """A resource less its subject and date: ``kind``, what stands before, and the name of its date.

    ``by_patient`` tells the resources that name their patient and not their subject.
    """

    kind: str
    members: str
    dated: str
    by_patient: bool = False


def ways(fact: Fact, value: Said, catalogue: Catalogue) -> tuple[Way, ...]:
    """Every way in which a record can say that a truth or a coded fact has ``value``; one for each resource type."""
    found: list[Way] = []
    for place in fact.found_in:
        make = _PLACES.get(place)
        way = next(make(fact, value, catalogue), None) if make else None
        if way is not None:
            found.append(way)
    return tuple(found)


def _observations(fact: Fact, value: Said, catalogue: Catalogue) -> Iterator[Way]:
    answer = _answer(fact, value, catalogue)
    for code in fact.codes:
        if answer is not None and code.system == "loinc" and not (value is False and not fact.is_covered_by(code)):
            members = member("status", "final") + member("code", concept(None, code))
            yield Way(
                "Observation", members + member("valueCodeableConcept", concept(None, answer)), "effectiveDateTime"
            )


def _answer(fact: Fact, value: Said, catalogue: Catalogue) -> FactCode | None:
    """The coded answer that stands for ``value``."""
    shared = catalogue.truth_answers if fact.kind == "truth" else ()
    options = (code for option in fact.options if option.id == value for code in option.codes)
    return next((code for code in (*fact.answers, *shared) if code.means == value), None) or next(options, None)


def _conditions(fact: Fact, value: Said, _: Catalogue) -> Iterator[Way]:
    for code in fact.codes:
        meaning = True if code.means is None else code.means
        refuted = value is False and meaning is True and fact.is_covered_by(code)
        if meaning == value or refuted:
            state = verification("refuted") if refuted else clinical("active") + verification("confirmed")
            yield Way("Condition", state + member("code", concept(code.display, code)), "recordedDate")


def _procedures(fact: Fact, value: Said, _: Catalogue) -> Iterator[Way]:
    for code in fact.codes:
        if value is True and code.system == "snomed":
            members = member("status", "completed") + member("code", concept(code.display, code))
            yield Way("Procedure", members, "performedDateTime")


def _drugs(kind: str) -> Callable[[Fact, Said, Catalogue], Iterator[Way]]:
    def made(fact: Fact, value: Said, _: Catalogue) -> Iterator[Way]:
        ongoing = [option.id for option in fact.options if "ongoing" in option.seen_as]
        status = "in-progress" if kind == "MedicationAdministration" else "active"
        if value is True:
            status = "completed"
        for code in fact.codes:
            if value is True or ongoing == [value]:
                members = member("status", status) + member("medicationCodeableConcept", concept(code.display, code))
                yield Way(kind, members, "effectiveDateTime")

    return made


def _allergies(fact: Fact, value: Said, _: Catalogue) -> Iterator[Way]:
    seen = [option.id for option in fact.options if "allergy" in option.seen_as]
    for code in fact.codes:
        if value is True or seen == [value]:
            members = _CURRENT_ALLERGY + member("code", concept(code.display, code))
            yield Way("AllergyIntolerance", members, "recordedDate", by_patient=True)


def _families(fact: Fact, value: Said, _: Catalogue) -> Iterator[Way]:
    for code in fact.codes:
        if value is True:
            parent = {"coding": [{"system": f"{_HL7}v3-RoleCode", "code": "PRN"}], "text": "parent"}
            members = member("status", "completed") + member("relationship", parent)
            members += member("condition", [{"code": concept(code.display, code)}])
            yield Way("FamilyMemberHistory", members, "date", by_patient=True)


_PLACES: dict[Place, Callable[[Fact, Said, Catalogue], Iterator[Way]]] = {
    "Observation": _observations,
    "Condition": _conditions,
    "Procedure": _procedures,
    "MedicationStatement": _drugs("MedicationStatement"),
    "MedicationAdministration": _drugs("MedicationAdministration"),
    "AllergyIntolerance": _allergies,
    "FamilyMemberHistory": _families,
}


def answer_item(fact: Fact, value: str) -> str:
    """One answered item of a request form; ``value`` is the JSON of a value[x] member."""
    return f'{{"linkId":{compact(fact.id)},"text":{compact(fact.question)},"answer":[{{{value}}}]}}'


def answer_value(fact: Fact, value: Said) -> str:
    """The member that answers a truth or a coded fact."""
    if isinstance(value, bool):
        return f'"valueBoolean":{compact(value)}'
    return f'"valueCoding":{compact({"code": value, "display": fact.label_of(value)})}'
