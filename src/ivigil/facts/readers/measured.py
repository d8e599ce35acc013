"""A FHIR value (Quantity, CodeableConcept, boolean, Range, …) as the extent of a fact."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from ivigil.facts.catalogue import Catalogue
from ivigil.facts.definition import Fact
from ivigil.facts.extent import Between, Exactly, Extent, narrowed, period
from ivigil.facts.readers.fhir_values import (
    Malformed,
    Resource,
    boolean_of,
    codings_of,
    number_of,
    object_of,
    text_of,
    when_of,
    words_of,
)
from ivigil.units import UnitError, convert, is_sane, shown, spelled

_UCUM = "http://unitsofmeasure.org"
_COMPARATORS = ("<", "<=", ">", ">=")


class Unreadable(ValueError):  # noqa: N818 - read aloud: "unreadable"
    """The value cannot be used for the fact; the message says why."""


@dataclass(frozen=True)
class Measured:
    """A value as read: its extent (``None`` where the record says unknown) and how the record wrote it."""

    says: Extent | None
    written: str


def read_value(element: Resource, fact: Fact, catalogue: Catalogue, prefix: str = "value") -> Measured | None:
    """The one ``value[x]`` of ``element`` for ``fact``; ``None`` when there is none.

    Raises :class:`Unreadable` or :class:`Malformed` where there is one that cannot be used.
    """
    absent = object_of(element, "dataAbsentReason")
    names = [name for name in element if name.startswith(prefix) and name != prefix and not name.startswith("_")]
    if len(names) > 1:
        message = f"it has two values ({' and '.join(sorted(names))})"
        raise Unreadable(message)
    if absent is not None and not names:
        return Measured(None, f"recorded as {words_of(absent) or 'absent'}")
    if not names:
        return None
    return _read_kind(element, names[0], prefix, fact, catalogue)


def _read_kind(element: Resource, name: str, prefix: str, fact: Fact, catalogue: Catalogue) -> Measured:
    kind = name.removeprefix(prefix)
    if kind == "Quantity" and fact.is_number:
        return quantity(object_of(element, name) or {}, fact)
    if kind == "Range" and fact.is_number:
        return _range(object_of(element, name) or {}, fact)
    if kind in {"Integer", "Decimal"} and fact.is_number:
        return _bare_number(number_of(element, name), fact)
    if kind == "Boolean" and fact.kind == "truth":
        truth = boolean_of(element, name)
        return Measured(Exactly(bool(truth)), "yes" if truth else "no")
    if kind in {"CodeableConcept", "Coding"}:
        return coded(object_of(element, name) or {}, fact, catalogue)
    if kind in {"DateTime", "Date", "Instant"} and fact.kind == "date":
        return _date(element, name)
    if kind == "String":
        return _text(text_of(element, name) or "", fact, catalogue)
    message = f"a value of type {kind} cannot be read as {_wanted(fact)}"
    raise Unreadable(message)


def _wanted(fact: Fact) -> str:
    return {"truth": "yes or no", "code": "one of its options", "date": "a date"}.get(fact.kind, "a number")


def quantity(given: Resource, fact: Fact) -> Measured:
    """A Quantity in the unit of ``fact``; a comparator leaves a span."""
    value = number_of(given, "value")
    if value is None:
        message = "the quantity has no value"
        raise Unreadable(message)
    amount = in_unit(value, given, fact)
    comparator = text_of(given, "comparator")
    unit = text_of(given, "unit") or text_of(given, "code") or ""
    if comparator is None:
        return Measured(Exactly(amount), f"{shown(value, 12)} {unit}".strip())
    if comparator not in _COMPARATORS:
        raise Malformed("comparator", comparator, "<, <=, > or >=")
    strict = len(comparator) == 1
    extent = Between(None, amount, high_open=strict) if comparator[0] == "<" else Between(amount, None, low_open=strict)
    return Measured(extent, f"{comparator} {shown(value, 12)} {unit}".strip())


def in_unit(value: Decimal, given: Resource, fact: Fact) -> Decimal:
    """``value`` in the unit of ``fact``. Raises :class:`Unreadable` for a unit that is missing or does not fit."""
    if not is_sane(value):
        message = "the number is of a size no measurement has"
        raise Unreadable(message)
    code, unit, wanted = text_of(given, "code"), text_of(given, "unit"), fact.unit or "1"
    written = code if code and text_of(given, "system") in {_UCUM, None} else unit or code
    if written is None:
        if wanted == "1" or fact.kind == "count":
            return value
        message = f"it has no unit; {fact.label.lower()} is read in {wanted}"
        raise Unreadable(message)
    for candidate in (written, unit or written):
        try:
            return convert(value, spelled(candidate), wanted)
        except UnitError:
            continue
    message = f"the unit {written!r} cannot be read as {wanted}"
    raise Unreadable(message)


def _bare_number(value: Decimal | None, fact: Fact) -> Measured:
    if value is None or not is_sane(value):
        message = "the number is of a size no measurement has"
        raise Unreadable(message)
    if fact.kind != "count" and fact.unit not in {None, "1"}:
        message = f"it has no unit; {fact.label.lower()} is read in {fact.unit}"
        raise Unreadable(message)
    return Measured(Exactly(value), shown(value, 12))


def _range(given: Resource, fact: Fact) -> Measured:
    low, high = object_of(given, "low"), object_of(given, "high")
    limits = [None if end is None else in_unit(number_of(end, "value") or Decimal(0), end, fact) for end in (low, high)]
    extent = narrowed(Between(limits[0], limits[1]))
    if extent is None:
        message = "the lower end of the range lies above the upper one"
        raise Unreadable(message)
    ends = " to ".join("…" if limit is None else shown(limit) for limit in limits)
    return Measured(extent, f"{ends} {fact.unit or ''}".strip())


def coded(concept: Resource, fact: Fact, catalogue: Catalogue) -> Measured:
    """A coded answer, when it stands for exactly one value of ``fact``."""
    inner = concept if "coding" in concept or "text" in concept else {"coding": [concept]}
    codings = codings_of(inner)
    bare = {text_of(item, "code") for item in (inner.get("coding") or []) if isinstance(item, dict)}
    option = next((one.id for one in fact.options if one.id in bare), None)
    value = catalogue.answer(fact, codings)
    value = option if value is None else value
    words = words_of(inner) or ", ".join(str(one) for one in codings) or "no words"
    if value is None:
        message = f"the coded answer {words!r} stands for no value of {fact.label.lower()}"
        raise Unreadable(message)
    return Measured(Exactly(value), words)


def _text(given: str, fact: Fact, catalogue: Catalogue) -> Measured:
    if fact.kind == "code" and given in fact.option_ids():
        return Measured(Exactly(given), given)
    message = f"free text ({given[:40]!r}) is not read as {_wanted(fact)}"
    raise Unreadable(message)


def _date(element: Resource, name: str) -> Measured:
    given = when_of(element, name)
    if given is None:
        message = "the date is empty"
        raise Unreadable(message)
    return Measured(period(given.first, given.last), str(given))
