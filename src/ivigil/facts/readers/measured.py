"""A FHIR value (Quantity, CodeableConcept, boolean, Range, …) as the extent of a fact."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from ivigil.facts.catalogue import Catalogue
from ivigil.facts.definition import Fact
from ivigil.facts.extent import Between, Exactly, Extent, narrowed, period
from ivigil.facts.readers.fhir_values import (
    Resource,
    boolean_of,
    codings_of,
    number_of,
    object_of,
    text_of,
    when_of,
    words_of,
)
from ivigil.units import UnitError, convert, shown, spelled

_UCUM = "http://unitsofmeasure.org"
_COMPARATORS = ("<", "<=", ">", ">=")
# No unit of UCUM that a record may hold is longer; what is, was not written by a laboratory.
LONGEST_UNIT = 60


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
    names = [
        name for name, value in element.items() if name.startswith(prefix) and name != prefix and value is not None
    ]
    if len(names) > 1:
        raise Unreadable(f"it has two values ({' and '.join(sorted(names))})")
    if absent is not None and names:
        raise Unreadable("it has a value, and a reason why it has none")
    if absent is not None:
        return Measured(None, f"recorded as {words_of(absent) or 'absent'}")
    if not names:
        return None
    return _read_kind(element, names[0], prefix, fact, catalogue)


def _read_kind(element: Resource, name: str, prefix: str, fact: Fact, catalogue: Catalogue) -> Measured:
    kind = name.removeprefix(prefix)
    if fact.is_number and kind in {"Quantity", "Range", "Integer", "Decimal"}:
        return _number(element, name, kind, fact)
    if kind == "Boolean" and fact.kind == "truth":
        truth = boolean_of(element, name)
        return Measured(Exactly(bool(truth)), "yes" if truth else "no")
    if kind in {"CodeableConcept", "Coding"}:
        return coded(object_of(element, name) or {}, fact, catalogue)
    if kind in {"DateTime", "Date", "Instant"} and fact.kind == "date":
        return _date(element, name)
    if kind == "String":
        return _text(text_of(element, name) or "", fact)
    raise Unreadable(f"a value of type {kind[:40]} cannot be read as {_wanted(fact)}")


def _number(element: Resource, name: str, kind: str, fact: Fact) -> Measured:
    if kind == "Quantity":
        return quantity(object_of(element, name) or {}, fact)
    if kind == "Range":
        return _range(object_of(element, name) or {}, fact)
    return _bare_number(number_of(element, name), fact)


def _wanted(fact: Fact) -> str:
    return {"truth": "yes or no", "code": "one of its options", "date": "a date"}.get(fact.kind, "a number")


def quantity(given: Resource, fact: Fact) -> Measured:
    """A Quantity in the unit of ``fact``; a comparator leaves a span."""
    value = number_of(given, "value")
    if value is None:
        raise Unreadable("the quantity has no value")
    amount = in_unit(value, given, fact)
    comparator = text_of(given, "comparator")
    unit = text_of(given, "unit") or text_of(given, "code") or ""
    if comparator is None:
        return Measured(Exactly(amount), f"{shown(value, 12)} {unit}".strip())
    if comparator not in _COMPARATORS:
        raise Unreadable(f"the comparator {comparator!r} is not one of FHIR R4")
    strict = len(comparator) == 1
    extent = Between(None, amount, high_open=strict) if comparator[0] == "<" else Between(amount, None, low_open=strict)
    return Measured(extent, f"{comparator} {shown(value, 12)} {unit}".strip())


def in_unit(value: Decimal, given: Resource, fact: Fact) -> Decimal:
    """``value`` in the unit of ``fact``. Raises :class:`Unreadable` for a unit that is missing or does not fit."""
    code, unit, wanted = text_of(given, "code"), text_of(given, "unit"), fact.unit or "1"
    if code is None and unit is None:
        if wanted == "1" or fact.kind == "count":
            return value
        raise Unreadable(f"it has no unit; {fact.label.lower()} is read in {wanted}")
    amount = amount_in(value, given, wanted)
    if amount is None:
        raise Unreadable(f"the unit {(unit or code or '')[:LONGEST_UNIT]!r} cannot be read as {wanted}")
    return amount


def amount_in(value: Decimal, given: Resource, wanted: str) -> Decimal | None:
    """``value`` in the unit ``wanted``, by the code or the words of the unit of ``given``; ``None`` where neither fits.

    Raises :class:`Unreadable` where the two say different things.
    """
    code, unit = text_of(given, "code"), text_of(given, "unit")
    is_ucum = text_of(given, "system") in {_UCUM, None}
    by_code = _converted(value, code, wanted) if is_ucum else None
    by_unit = by_code if is_ucum and unit == code else _converted(value, unit, wanted)
    if by_code is None:
        return by_unit
    if by_unit is not None and by_unit != by_code:
        raise Unreadable(f"its unit says {unit!r} and its code {code!r}, which are not the same")
    return by_code


# Of units that are short enough to be read.
_spelled = lru_cache(maxsize=4096)(spelled)


def _converted(value: Decimal, written: str | None, wanted: str) -> Decimal | None:
    if written is None or len(written) > LONGEST_UNIT:
        return None
    try:
        return convert(value, _spelled(written), wanted)
    except UnitError:
        return None


def _bare_number(value: Decimal | None, fact: Fact) -> Measured:
    if value is None:
        raise Unreadable("it has no value")
    if fact.kind != "count" and fact.unit not in {None, "1"}:
        raise Unreadable(f"it has no unit; {fact.label.lower()} is read in {fact.unit}")
    return Measured(Exactly(value), shown(value, 12))


def _range(given: Resource, fact: Fact) -> Measured:
    limits = [_limit(given, name, fact) for name in ("low", "high")]
    if limits == [None, None]:
        raise Unreadable("the range has neither end")
    extent = narrowed(Between(limits[0], limits[1]))
    if extent is None:
        raise Unreadable("the lower end of the range lies above the upper one")
    ends = " to ".join("…" if limit is None else shown(limit) for limit in limits)
    return Measured(extent, f"{ends} {fact.unit or ''}".strip())


def _limit(given: Resource, name: str, fact: Fact) -> Decimal | None:
    end = object_of(given, name)
    value = number_of(end, "value") if end else None
    return None if value is None or end is None else in_unit(value, end, fact)


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
        raise Unreadable(f"the coded answer {words!r} stands for no value of {fact.label.lower()}")
    return Measured(Exactly(value), words)


def _text(given: str, fact: Fact) -> Measured:
    if fact.kind == "code" and given in fact.option_ids():
        return Measured(Exactly(given), given)
    raise Unreadable(f"free text ({given[:40]!r}) is not read as {_wanted(fact)}")


def _date(element: Resource, name: str) -> Measured:
    given = when_of(element, name)
    if given is None:
        raise Unreadable("the date is empty")
    return Measured(period(given.first, given.last), str(given))
