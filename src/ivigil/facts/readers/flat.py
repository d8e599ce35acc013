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

import difflib
import re
from decimal import Decimal
from typing import Any

from ivigil.documents import BadInput, Fault, Place
from ivigil.facts.case import Case, Diagnosis, Reason, Request, Statement
from ivigil.facts.codes import coding
from ivigil.facts.definition import Fact
from ivigil.facts.extent import Between, Exactly, Extent, period
from ivigil.facts.gathering import Gathering
from ivigil.facts.readers.conditions import asserted_by_reasons
from ivigil.facts.readers.vocabulary import Vocabulary
from ivigil.facts.when import DateError, When, parse_when
from ivigil.units import AmountError, UnitError, convert, is_sane, parse_amount, spelled

Path = tuple[str | int, ...]
_NUMBER = re.compile(r"[-+]?[0-9]+(\.[0-9]+)?")
_TOP = ("facts", "request", "requests", "diagnoses")
_VALUE_KEYS = frozenset({"value", "unit", "date", "comparator", "origin"})
_COMPARATORS = ("<", "<=", ">", ">=")
_STATES = ("confirmed", "provisional", "refuted", "not-current")


def read_flat(data: dict[str, Any], place: Place, vocabulary: Vocabulary) -> Case:
    """The case that a flat document states. Raises :class:`BadInput` listing every fault with its line."""
    reader = _Flat(place, vocabulary)
    reader.read(data)
    if reader.faults:
        raise BadInput(reader.faults)
    return reader.gathering.finish()


def looks_flat(data: dict[str, Any]) -> bool:
    """Whether a document without a resource type uses one of the flat form's keys."""
    return any(key in data for key in _TOP)


class _Flat:
    """One reading of one flat document."""

    def __init__(self, place: Place, vocabulary: Vocabulary) -> None:
        self.place = place
        self.vocabulary = vocabulary
        self.gathering = Gathering(place.name)
        self.faults: list[Fault] = []

    def read(self, data: dict[str, Any]) -> None:
        for key in data:
            if key not in _TOP:
                self.fault((key,), f"the key {key!r}", ", ".join(_TOP), _nearest(key, _TOP))
        if "request" in data and "requests" in data:
            self.fault(("requests",), "both request and requests", "one of them")
        self.gathering.statements += self.statements(self.mapping(data.get("facts"), ("facts",)), ("facts",))
        asked = [(data["request"], ("request",))] if "request" in data else []
        asked += [(item, ("requests", index)) for index, item in enumerate(self.items(data.get("requests"), ("requests",)))]
        for item, path in asked:
            self.request(self.mapping(item, path), path)
        for index, item in enumerate(self.items(data.get("diagnoses"), ("diagnoses",))):
            self.diagnosis(self.mapping(item, ("diagnoses", index)), ("diagnoses", index))

    def fault(self, path: Path, found: str, expected: str, hint: str = "") -> None:
        self.faults.append(Fault(self.place.of(path), found, expected, hint))

    def mapping(self, value: Any, path: Path) -> dict[str, Any]:  # noqa: ANN401 - any YAML value
        if value is None:
            return {}
        if not isinstance(value, dict):
            self.fault(path, _shown(value), "keys with values")
            return {}
        return value

    def items(self, value: Any, path: Path) -> list[Any]:  # noqa: ANN401
        if value is None or isinstance(value, list):
            return value or []
        self.fault(path, _shown(value), "a list")
        return []

    def statements(self, values: dict[str, Any], path: Path) -> list[Statement]:
        found: list[Statement] = []
        for fact_id, given in values.items():
            if fact_id not in self.vocabulary.catalogue:
                known = tuple(self.vocabulary.catalogue.facts)
                self.fault((*path, fact_id), f"the fact {fact_id!r}", "a fact of the catalogue", _nearest(fact_id, known))
                continue
            fact = self.vocabulary.catalogue[fact_id]
            each = given if isinstance(given, list) else [given]
            paths = [(*path, fact_id, index) for index in range(len(each))] if isinstance(given, list) else [(*path, fact_id)]
            for item, where in zip(each, paths, strict=True):
                statement = self.statement(fact, item, where)
                found += [statement] if statement else []
        return found

    def statement(self, fact: Fact, given: Any, path: Path) -> Statement | None:  # noqa: ANN401
        origin = self.place.of(path[:2])
        if given is None or given == "unknown":
            return Statement(fact.id, None, "stated as unknown", origin, undated_is_current=True)
        when: When | None = None
        value = given
        if isinstance(given, dict):
            for key in sorted(set(given) - _VALUE_KEYS):
                self.fault((*path, key), f"the key {key!r}", "value, unit, date, comparator or origin")
            when = self.date(given.get("date"), (*path, "date"))
            origin = str(given.get("origin") or origin)
            value = given.get("value")
        extent = self.extent(fact, value, given if isinstance(given, dict) else {}, path)
        if extent is None:
            return None
        return Statement(fact.id, extent, _written(given), origin, when, undated_is_current=when is None)

    def date(self, given: Any, path: Path) -> When | None:  # noqa: ANN401
        if given is None:
            return None
        try:
            return parse_when(str(given))
        except DateError:
            self.fault(path, _shown(given), "a date such as 2026-11-20")
            return None

    def extent(self, fact: Fact, value: Any, given: dict[str, Any], path: Path) -> Extent | None:  # noqa: ANN401
        if fact.is_number:
            return self.number(fact, value, given, path)
        if fact.kind == "truth" and isinstance(value, bool):
            return Exactly(value)
        if fact.kind == "code" and value in fact.option_ids():
            return Exactly(str(value))
        if fact.kind == "date" and value is not None:
            when = self.date(value, path)
            return period(when.first, when.last) if when else None
        expected = {"truth": "true or false", "date": "a date"}.get(fact.kind, " or ".join(fact.option_ids()))
        self.fault(path, _shown(value), expected, "Leave it out, or write unknown, when it is not known.")
        return None

    def number(self, fact: Fact, value: Any, given: dict[str, Any], path: Path) -> Extent | None:  # noqa: ANN401
        unit = given.get("unit")
        if isinstance(value, str) and unit is None:
            try:
                value, unit = parse_amount(value)
            except AmountError:
                self.fault(path, _shown(value), f"a number with its unit, such as 12 {fact.unit or ''}".strip())
                return None
        if isinstance(value, str) and _NUMBER.fullmatch(value.strip()):
            value = Decimal(value.strip())
        if isinstance(value, bool) or not isinstance(value, (int, Decimal)):
            self.fault(path, _shown(value), "a number")
            return None
        amount = self.amount(fact, Decimal(value), unit, path)
        return None if amount is None else self.compared(amount, given.get("comparator"), path)

    def amount(self, fact: Fact, value: Decimal, unit: Any, path: Path) -> Decimal | None:  # noqa: ANN401
        wanted = fact.unit or "1"
        if not is_sane(value):
            self.fault(path, "a number of a size no measurement has", f"{fact.label.lower()} in {wanted}")
            return None
        if unit is None:
            if fact.kind == "count" or wanted == "1":
                return value
            self.fault(path, f"{value} without a unit", f"a value in {wanted}", f'Write for example "{value} {wanted}".')
            return None
        try:
            return convert(value, spelled(str(unit)), wanted)
        except UnitError:
            self.fault(path, f"the unit {str(unit)!r}", f"a unit that can be read as {wanted}")
            return None

    def compared(self, amount: Decimal, comparator: Any, path: Path) -> Extent | None:  # noqa: ANN401
        if comparator is None:
            return Exactly(amount)
        if comparator not in _COMPARATORS:
            self.fault(path, f"the comparator {comparator!r}", ", ".join(_COMPARATORS))
            return None
        strict = len(comparator) == 1
        if comparator[0] == "<":
            return Between(None, amount, high_open=strict)
        return Between(amount, None, low_open=strict)

    def request(self, given: dict[str, Any], path: Path) -> None:
        origin = self.place.of(path)
        asked = given.get("indication")
        reasons = [
            reason
            for item in (asked if isinstance(asked, list) else [asked] if asked is not None else [])
            if (reason := self.reason(item, (*path, "indication")))
        ]
        named = {key: value for key, value in given.items() if key not in {"indication", "date"}}
        when = self.date(given.get("date"), (*path, "date"))
        stated = self.statements(named, path)
        implied = asserted_by_reasons(tuple(reasons), origin, when, self.vocabulary.catalogue, current=True)
        request = Request(origin, when, reasons=tuple(reasons), statements=(*stated, *implied))
        self.gathering.requests.append(request)

    def reason(self, given: Any, path: Path) -> Reason | None:  # noqa: ANN401
        origin = self.place.of(path)
        if isinstance(given, str):
            known = given in self.vocabulary.indications
            return Reason(origin, given if known else None, text=given)
        found = self.coded(given, path)
        return Reason(origin, codings=(found,), text=found.display or None) if found else None

    def coded(self, given: Any, path: Path) -> Any:  # noqa: ANN401 - a Coding or None
        if not isinstance(given, dict) or not isinstance(given.get("system"), str) or not isinstance(given.get("code"), str):
            self.fault(path, _shown(given), "an indication's id or name, or {system, code}")
            return None
        return coding(given["system"], given["code"], str(given.get("display") or ""))

    def diagnosis(self, given: dict[str, Any], path: Path) -> None:
        state = given.get("state", "confirmed")
        if state not in _STATES:
            self.fault((*path, "state"), _shown(state), " or ".join(_STATES))
        known = given.get("indication")
        if known is not None and known not in self.vocabulary.indications:
            hint = _nearest(str(known), tuple(self.vocabulary.indications))
            self.fault((*path, "indication"), _shown(known), "the id of an indication", hint)
        found = None if known is not None else self.coded(given, path)
        if state in _STATES and (found or known):
            codings = (found,) if found else ()
            when = self.date(given.get("date"), (*path, "date"))
            self.gathering.diagnoses.append(Diagnosis(self.place.of(path), codings, known, state, when, known))


def _nearest(word: str, known: tuple[str, ...]) -> str:
    close = difflib.get_close_matches(word, known, n=2)
    return f"Did you mean {' or '.join(close)}?" if close else ""


def _shown(value: Any, longest: int = 40) -> str:  # noqa: ANN401
    text = repr(value) if not isinstance(value, Decimal) else str(value)
    return text if len(text) <= longest else f"{text[:longest]}…"


def _written(given: Any) -> str:  # noqa: ANN401
    if isinstance(given, bool):
        return "yes" if given else "no"
    if isinstance(given, dict):
        parts = (given.get("comparator"), _written(given.get("value")), given.get("unit"))
        return " ".join(str(part) for part in parts if part is not None)
    return str(given)
