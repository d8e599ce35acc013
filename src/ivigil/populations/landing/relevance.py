"""Whether a resource could change a decision: a superset, worked out by the readers' own look-ups.

What is dropped could not have been used: no fact of the catalogue stands under its codes in its place, it orders no
immunoglobulin by code or name, and nothing that is kept can lead to it. Conditions, patients and answers to forms are
always kept, since a request may lead to them whatever they say, and so is whatever is not of the expected shape.
Of what is dropped but carries a version, a stub is kept: a newer version counts in the place of an older one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from msgspec import Raw

from ivigil.facts.definition import Place
from ivigil.facts.readers.bundle import READ_TYPES
from ivigil.facts.readers.fhir_values import Malformed, codings_of, words_of
from ivigil.facts.readers.vocabulary import Medication, Vocabulary
from ivigil.populations.landing.decoding import NotJson, read_anything
from ivigil.populations.landing.peek import Coded, Peek

# How many different pieces of JSON are remembered, and how long they may be: codes repeat without end.
_REMEMBERED = 200_000
_LONGEST_REMEMBERED = 4096


# On what a coded concept has a bearing: one bit for each place in which facts are coded, and one for orders. Plain
# numbers, because the question is asked of every line.
OBSERVATION, PROCEDURE, STATEMENT, ADMINISTRATION, ALLERGY, FAMILY, ORDER = (1 << place for place in range(7))
_ANYTHING = (1 << 7) - 1
_DRUGS = ORDER | STATEMENT | ADMINISTRATION
_PLACES: Mapping[Place, int] = {
    "Observation": OBSERVATION,
    "Procedure": PROCEDURE,
    "MedicationStatement": STATEMENT,
    "MedicationAdministration": ADMINISTRATION,
    "AllergyIntolerance": ALLERGY,
    "FamilyMemberHistory": FAMILY,
}
# Why a resource is kept. An order, one whose drug stands in another resource, the answers to a form (which may be a
# request), anything else of a patient, a drug that others refer to, and the stub of what was dropped.
ORDERS, MAY_ORDER, ANSWERS, SPEAKS, SHARED, STUB = "orders", "may order", "answers", "speaks", "shared", "stub"
REQUESTING = frozenset({ORDERS, MAY_ORDER, ANSWERS})
# What a line may say it is without being one resource.
_NO_RESOURCE = frozenset({None, "", "Bundle"})


@dataclass
class Relevance:
    """What the catalogue and the names of immunoglobulin can make use of."""

    vocabulary: Vocabulary
    known: dict[bytes, int] = field(default_factory=dict)

    def why(self, seen: Peek) -> str | None:
        """Why a resource has to be kept, or ``None``."""
        rule = _RULES.get(seen.kind)
        if rule is None:
            return None
        found = rule(self, seen)
        return STUB if found is None and seen.meta is not None and seen.meta.version is not None else found

    def bearing(self, seen: Sequence[Peek | None]) -> list[tuple[int, Peek | None, str]]:
        """Those of some lines that cannot simply be dropped, each with its place among them and why.

        The reason is empty of a line that was not looked at, or is no resource: it needs a closer look. This is
        :meth:`why` written out, because every line goes through it.
        """
        found: list[tuple[int, Peek | None, str]] = []
        known = self.known
        for place, one in enumerate(seen):
            if one is None:
                found.append((place, one, ""))
                continue
            # Most lines are observations under codes that were seen before; a call for each would double the time.
            if one.kind == "Observation" and not one.component and (bears := known.get(bytes(one.code))) is not None:
                why = SPEAKS if bears & OBSERVATION else None
            elif (rule := _RULES.get(one.kind)) is not None:
                why = rule(self, one)
            else:
                if one.kind in _NO_RESOURCE:
                    found.append((place, one, ""))
                continue
            if why is not None:
                found.append((place, one, why))
            elif one.meta is not None and one.meta.version is not None:
                found.append((place, one, STUB))
        return found

    def bears(self, concept: Raw) -> int:
        """On what a CodeableConcept has a bearing."""
        written = bytes(concept)
        found = self.known.get(written)
        return self.remembered(written) if found is None else found

    def remembered(self, written: bytes) -> int:
        """What a concept bears on, worked out and remembered by its very bytes."""
        if len(self.known) >= _REMEMBERED:
            self.known.clear()
        found = self._worked_out(written)
        if len(written) <= _LONGEST_REMEMBERED:
            self.known[written] = found
        return found

    def _worked_out(self, written: bytes) -> int:
        try:
            concept: Any = read_anything(written) if written else None  # Any: whatever stands there
            if concept is None:
                return 0
            return self._concept(concept) if isinstance(concept, dict) else _ANYTHING
        except (Malformed, NotJson):
            return _ANYTHING

    def _concept(self, concept: dict[str, Any]) -> int:
        codings, words = codings_of(concept), words_of(concept)
        found = ORDER if self._widest.is_ordered(codings, words) else 0
        for place, bears in _PLACES.items():
            if self.vocabulary.catalogue.coded(place, codings):
                found |= bears
        return found

    @cached_property
    def _widest(self) -> Medication:
        """What orders immunoglobulin, were there nothing that speaks against it."""
        return replace(self.vocabulary.medication, not_codes=(), not_names=())


def are_never_read(kinds: frozenset[str | None]) -> bool:
    """Whether resources of none of these types are ever read."""
    return kinds.isdisjoint(_RULES) and kinds.isdisjoint(_NO_RESOURCE)


def is_given(piece: Raw) -> bool:
    """Whether a field holds anything."""
    return bytes(piece) not in {b"", b"null"}


def _any(relevance: Relevance, parts: list[Coded] | None, bears: int) -> bool:
    return parts is not None and any(relevance.bears(part.code) & bears for part in parts)


def _observation(relevance: Relevance, seen: Peek) -> str | None:
    if relevance.bears(seen.code) & OBSERVATION:
        return SPEAKS
    return SPEAKS if seen.component and _any(relevance, seen.component, OBSERVATION) else None


def _coded_as(bears: int, why: str = SPEAKS) -> Callable[[Relevance, Peek], str | None]:
    def rule(relevance: Relevance, seen: Peek) -> str | None:
        return why if relevance.bears(seen.code) & bears else None

    return rule


def _drug(bears: int) -> Callable[[Relevance, Peek], str | None]:
    def rule(relevance: Relevance, seen: Peek) -> str | None:
        return SPEAKS if relevance.bears(seen.drug) & bears or is_given(seen.drug_reference) else None

    return rule


def _order(relevance: Relevance, seen: Peek) -> str | None:
    if relevance.bears(seen.drug) & ORDER:
        return ORDERS
    return MAY_ORDER if is_given(seen.drug_reference) else None


def _family(relevance: Relevance, seen: Peek) -> str | None:
    return SPEAKS if _any(relevance, seen.condition, FAMILY) else None


def _always(why: str) -> Callable[[Relevance, Peek], str | None]:
    return lambda _relevance, _seen: why


_RULES: Mapping[str | None, Callable[[Relevance, Peek], str | None]] = {
    "Patient": _always(SPEAKS),
    "Condition": _always(SPEAKS),
    "QuestionnaireResponse": _always(ANSWERS),
    "Observation": _observation,
    "Procedure": _coded_as(PROCEDURE),
    "AllergyIntolerance": _coded_as(ALLERGY),
    "FamilyMemberHistory": _family,
    "MedicationStatement": _drug(STATEMENT),
    "MedicationAdministration": _drug(ADMINISTRATION),
    "MedicationRequest": _order,
    "Medication": _coded_as(_DRUGS, SHARED),
}
if set(_RULES) != {*READ_TYPES, "Medication"}:
    raise AssertionError("every type that is read needs a rule that says when it may be dropped")


def why_unread(kind: object) -> str | None:
    """Why a resource of which a field is not of the expected shape has to be kept: whatever it is, if it is read."""
    if kind == "Medication":
        return SHARED
    if kind == "MedicationRequest":
        return MAY_ORDER
    if kind == "QuestionnaireResponse":
        return ANSWERS
    return SPEAKS if kind in READ_TYPES else None
