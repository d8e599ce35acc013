"""QuestionnaireResponses: each answered item whose linkId is a fact's id states that fact."""

from __future__ import annotations

from collections.abc import Iterator

from ivigil.facts.case import Reason, Request
from ivigil.facts.definition import Fact
from ivigil.facts.readers.conditions import asserted_by_reasons
from ivigil.facts.readers.fhir_values import (
    Malformed,
    Resource,
    codings_of,
    object_of,
    objects_of,
    text_of,
    when_of,
    words_of,
)
from ivigil.facts.readers.measured import Unreadable, read_value
from ivigil.facts.readers.reading import Reading
from ivigil.facts.when import When

INDICATION = "request_indication"


def read_questionnaire_response(reading: Reading, origin: str, resource: Resource) -> None:
    """Gather the answers of a response; one still in progress counts as preliminary."""
    status = text_of(resource, "status")
    if status not in {"completed", "amended", "in-progress"}:
        reading.set_aside(
            origin,
            "it was entered in error" if status == "entered-in-error" else f"its status is {status or 'not given'}",
        )
        return
    when = when_of(resource, "authored")
    facts = reading.vocabulary.catalogue.facts
    for item in _items(resource):
        link = text_of(item, "linkId") or ""
        answers = objects_of(item, "answer")
        if link == INDICATION and answers:
            _request(reading, origin, answers, when)
        elif link in facts:
            _answer(reading, origin, facts[link], answers, when, preliminary=status == "in-progress")
        elif answers:
            reading.set_aside(origin, f"no fact has the id {link!r}", "answer")


def _items(element: Resource) -> Iterator[Resource]:
    for item in objects_of(element, "item"):
        yield item
        if "item" in item:
            yield from _items(item)
        for answer in objects_of(item, "answer"):
            if "item" in answer:
                yield from _items(answer)


def _answer(
    reading: Reading, origin: str, fact: Fact, answers: list[Resource], when: When | None, *, preliminary: bool
) -> None:
    for answer in answers:
        try:
            measured = read_value(answer, fact, reading.vocabulary.catalogue)
        except (Unreadable, Malformed) as error:
            reading.set_aside(origin, str(error), fact.label)
            reading.gathering.warnings.add(f"{fact.label}: the answer in {origin} was not used: {error}.")
            continue
        if measured is not None:
            reading.say(fact, measured.says, measured.written, origin, when, preliminary=preliminary)


def _request(reading: Reading, origin: str, answers: list[Resource], when: When | None) -> None:
    """The answer to "for which indication?" is a request of its own."""
    reasons = tuple(_reason(reading, origin, answer) for answer in answers)
    stated = asserted_by_reasons(reasons, origin, when, reading.vocabulary.catalogue)
    reading.gathering.requests.append(Request(origin, when, reasons=reasons, statements=stated))


def _reason(reading: Reading, origin: str, answer: Resource) -> Reason:
    given = object_of(answer, "valueCoding")
    concept = {"coding": [given]} if given else object_of(answer, "valueCodeableConcept")
    codings = codings_of(concept)
    text = text_of(answer, "valueString") or words_of(concept)
    named = [text, text_of(given, "code") if given else None, *(one.code for one in codings if one.system == "ivigil")]
    known = next((name for name in named if name in reading.vocabulary.indications), None)
    return Reason(origin, known, codings, text)
