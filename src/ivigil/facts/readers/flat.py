"""ivigil's own flat form, in YAML or JSON: facts by id, and what is requested.

.. code-block:: yaml

    request:
      indication: guillain-barre
      request_phase: initial
    facts:
      weight: 154 lb
      onset_date: 2026-11-14
      platelets: {value: 12, unit: 10*9/L, date: 2026-11-19}
"""

from __future__ import annotations

from typing import Any

from ivigil.documents import BadInput, Place
from ivigil.facts.case import Case, Diagnosis, Reason, Request, Statement
from ivigil.facts.codes import Coding, coding
from ivigil.facts.gathering import Gathering
from ivigil.facts.readers.conditions import STATES, asserted_by_reasons
from ivigil.facts.readers.flat_values import statement_of
from ivigil.facts.readers.sheet import Path, Sheet, shortened
from ivigil.facts.readers.vocabulary import Vocabulary

_TOP = ("facts", "request", "requests", "diagnoses")
_REQUEST_KEYS = ("indication", "date")
_DIAGNOSIS_KEYS = frozenset({"indication", "system", "code", "display", "state", "date"})
_CODING_KEYS = frozenset({"system", "code", "display"})


def read_flat(data: dict[str, Any], place: Place, vocabulary: Vocabulary) -> Case:
    """The case that a flat document states. Raises :class:`BadInput` listing every fault with its line."""
    reader = _Flat(place, vocabulary)
    reader.read(data)
    if reader.sheet.faults:
        raise BadInput(reader.sheet.faults)
    return reader.gathering.finish()


def looks_flat(data: dict[str, Any]) -> bool:
    """Whether a document without a resource type uses one of the flat form's keys."""
    return any(key in data for key in _TOP)


class _Flat:
    """One reading of one flat document."""

    def __init__(self, place: Place, vocabulary: Vocabulary) -> None:
        self.sheet = Sheet(place)
        self.vocabulary = vocabulary
        self.gathering = Gathering(place.name)

    def read(self, data: dict[str, Any]) -> None:
        sheet = self.sheet
        self.only(data, frozenset(_TOP), ())
        if "request" in data and "requests" in data:
            sheet.fault(("requests",), "both request and requests", "one of them")
        facts: Path = ("facts",)
        self.gathering.statements += self.statements(sheet.mapping(data.get("facts"), facts), facts)
        if "request" in data:
            self.request(sheet.mapping(data["request"], ("request",)), ("request",))
        for index, item in enumerate(sheet.items(data.get("requests"), ("requests",))):
            self.request(sheet.mapping(item, ("requests", index)), ("requests", index))
        for index, item in enumerate(sheet.items(data.get("diagnoses"), ("diagnoses",))):
            self.diagnosis(sheet.mapping(item, ("diagnoses", index)), ("diagnoses", index))

    def only(self, given: dict[str, Any], known: frozenset[str], path: Path) -> None:
        """Note each key that is not known."""
        for key in given:
            if key not in known:
                hint = self.sheet.nearest(key, tuple(sorted(known)))
                self.sheet.fault((*path, key), f"the key {shortened(key)}", ", ".join(sorted(known)), hint)

    def statements(self, values: dict[str, Any], path: Path, also: tuple[str, ...] = ()) -> list[Statement]:
        """What ``values`` state, by fact; ``also`` are keys that would be known here beside facts."""
        catalogue = self.vocabulary.catalogue
        found: list[Statement | None] = []
        for fact_id, given in values.items():
            where = (*path, fact_id)
            if fact_id not in catalogue:
                hint = self.sheet.nearest(fact_id, (*also, *catalogue.facts))
                self.sheet.fault(where, f"the fact {shortened(fact_id)}", "a fact of the catalogue", hint)
            elif isinstance(given, list):
                each = enumerate(given)
                found += [statement_of(self.sheet, catalogue[fact_id], one, (*where, index)) for index, one in each]
            else:
                found.append(statement_of(self.sheet, catalogue[fact_id], given, where))
        return [statement for statement in found if statement]

    def request(self, given: dict[str, Any], path: Path) -> None:
        origin = self.sheet.place.of(path)
        where = (*path, "indication")
        asked = given.get("indication")
        each = asked if isinstance(asked, list) else [] if asked is None else [asked]
        reasons = tuple(reason for one in each if (reason := self.reason(one, where)))
        when = self.sheet.date(given.get("date"), (*path, "date"))
        named = {key: value for key, value in given.items() if key not in _REQUEST_KEYS}
        stated = self.statements(named, path, _REQUEST_KEYS)
        implied = asserted_by_reasons(reasons, origin, when, self.vocabulary.catalogue, current=True)
        self.gathering.requests.append(Request(origin, when, reasons=reasons, statements=(*stated, *implied)))

    def reason(self, given: Any, path: Path) -> Reason | None:  # noqa: ANN401 - any YAML value
        origin = self.sheet.place.of(path)
        if not isinstance(given, str):
            found = self.coded(given, path, _CODING_KEYS)
            return Reason(origin, codings=(found,), text=found.display or None) if found else None
        if given in self.vocabulary.indications:
            return Reason(origin, given, text=given)
        hint = self.sheet.nearest(given, tuple(sorted(self.vocabulary.indications)))
        if hint:
            self.gathering.warnings.add(f"{origin}: {given!r} is not the id of an indication. {hint}")
        return Reason(origin, text=given)

    def coded(self, given: Any, path: Path, known: frozenset[str]) -> Coding | None:  # noqa: ANN401 - any YAML value
        parts = given if isinstance(given, dict) else {}
        system, code = parts.get("system"), parts.get("code")
        if not isinstance(system, str) or not isinstance(code, str):
            self.sheet.fault(path, shortened(given), "an indication's id or name, or {system, code}")
            return None
        self.only(parts, known, path)
        return coding(system, code, self.sheet.text(parts.get("display"), (*path, "display")) or "")

    def diagnosis(self, given: dict[str, Any], path: Path) -> None:
        state, named = given.get("state", "confirmed"), given.get("indication")
        self.only(given, _DIAGNOSIS_KEYS, path)
        if state not in tuple(STATES):
            self.sheet.fault((*path, "state"), shortened(state), " or ".join(sorted(STATES)))
        if named is not None and named not in tuple(self.vocabulary.indications):
            hint = self.sheet.nearest(str(named), tuple(sorted(self.vocabulary.indications)))
            self.sheet.fault((*path, "indication"), shortened(named), "the id of an indication", hint)
        found = None if named is not None else self.coded(given, path, _DIAGNOSIS_KEYS)
        when = self.sheet.date(given.get("date"), (*path, "date"))
        codings = (found,) if found else ()
        diagnosis = Diagnosis(self.sheet.place.of(path), codings, named, state, when, named)
        self.gathering.diagnoses.append(diagnosis)
