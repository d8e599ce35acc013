"""Conditions: diagnoses on the problem list, and facts that a condition's code asserts."""

from __future__ import annotations

from ivigil.facts.case import Diagnosis, DiagnosisState, Reason, Statement
from ivigil.facts.catalogue import Catalogue
from ivigil.facts.definition import Fact, FactCode
from ivigil.facts.extent import Exactly, Extent
from ivigil.facts.readers.fhir_values import Resource, codings_of, object_of, status_code, when_of, words_of
from ivigil.facts.readers.reading import Reading
from ivigil.facts.when import When

# https://hl7.org/fhir/R4/valueset-condition-ver-status.html and valueset-condition-clinical.html
_DOUBTFUL = frozenset({"unconfirmed", "provisional", "differential"})
_CURRENT = frozenset({"active", "recurrence", "relapse"})
_NOT_CURRENT = frozenset({"inactive", "remission", "resolved"})


def condition_state(resource: Resource) -> DiagnosisState | str:
    """The state of a condition, or a sentence that says why it has none.

    A condition without a verification status counts as asserted, one without a clinical status as current unless it has
    an end; see CLARIFICATIONS.md.
    """
    verification = status_code(object_of(resource, "verificationStatus"))
    clinical = status_code(object_of(resource, "clinicalStatus"))
    if verification == "entered-in-error":
        return "it was entered in error"
    if verification == "refuted":
        return "refuted"
    if verification in _DOUBTFUL:
        return "provisional"
    if verification not in {None, "confirmed"}:
        return f"its verification status {verification!r} is not one of FHIR R4"
    if clinical in _NOT_CURRENT or (clinical is None and _has_ended(resource)):
        return "not-current"
    return "confirmed" if clinical in {None, *_CURRENT} else f"its clinical status {clinical!r} is not one of FHIR R4"


def _has_ended(resource: Resource) -> bool:
    return any(name.startswith("abatement") and resource[name] not in (None, False) for name in resource)


STATES: frozenset[str] = frozenset({"confirmed", "provisional", "refuted", "not-current"})


def read_condition(reading: Reading, origin: str, resource: Resource) -> None:
    """Gather a Condition as a diagnosis, and as a value of each fact that its code asserts."""
    state = condition_state(resource)
    codings = codings_of(object_of(resource, "code"))
    if state not in STATES:
        reading.set_aside(origin, state)
        return
    when = when_of(resource, "recordedDate", "onsetDateTime", "onsetPeriod")
    onset = when_of(resource, "onsetDateTime", "onsetPeriod")
    words = words_of(object_of(resource, "code"))
    reading.gathering.diagnoses.append(Diagnosis(origin, codings, words, state, when, onset=onset))  # type: ignore[arg-type] # narrowed by STATES
    for fact, code in reading.vocabulary.catalogue.coded("Condition", codings):
        says = asserted(fact, code, state)
        written = code.display if state == "confirmed" else f"{code.display}, {state.replace('-', ' ')}"
        reading.say(fact, says, written, origin, when)


def asserted(fact: Fact, code: FactCode, state: str) -> Extent | None:
    """What a condition under ``code`` in ``state`` says of ``fact``; ``None`` where it leaves it unknown.

    What ended still happened, for a fact that asks whether something ever did. A refuted condition denies a fact only
    where its code covers the whole of it: melaena that is ruled out does not rule out bleeding.
    """
    meaning = True if code.means is None else code.means
    if state == "confirmed" or (state == "not-current" and fact.choose == "any-true"):
        return Exactly(meaning)
    return Exactly(False) if state == "refuted" and meaning is True and fact.is_covered_by(code) else None


def asserted_by_reasons(
    reasons: tuple[Reason, ...], origin: str, when: When | None, catalogue: Catalogue, *, current: bool = False
) -> tuple[Statement, ...]:
    """What the codes of a request's own reasons assert: G70.01 says that a myasthenia is in exacerbation."""
    return tuple(
        Statement(
            fact.id,
            asserted(fact, code, "confirmed"),
            code.display,
            origin,
            when,
            undated_is_current=current and when is None,
        )
        for reason in reasons
        if reason.origin == origin or current
        for fact, code in catalogue.coded("Condition", reason.codings)
    )
