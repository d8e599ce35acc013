"""The value of one fact in a flat document: ``12 10*9/L``, ``true``, ``2026-11``, or a value with its unit and date."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from ivigil.facts.case import Statement
from ivigil.facts.definition import Fact
from ivigil.facts.extent import Between, Exactly, Extent, period
from ivigil.facts.readers.measured import LONGEST_UNIT
from ivigil.facts.readers.sheet import Path, Sheet, shortened
from ivigil.units import AmountError, UnitError, convert, is_sane, parse_amount, spelled

_NUMBER = re.compile(r"[-+]?[0-9]+(\.[0-9]+)?")
_VALUE_KEYS = frozenset({"value", "unit", "date", "comparator", "origin"})
_COMPARATORS = ("<", "<=", ">", ">=")
_LONGEST_AMOUNT = 120
_UNKNOWN = (None, "unknown")


def statement_of(sheet: Sheet, fact: Fact, given: Any, path: Path) -> Statement | None:  # noqa: ANN401 - any YAML value
    """What ``given`` states of ``fact``; ``None`` where it has a fault."""
    parts = given if isinstance(given, dict) else {"value": given}
    for key in sorted(set(parts) - _VALUE_KEYS):
        sheet.fault((*path, key), f"the key {shortened(key)}", "value, unit, date, comparator or origin")
    when = sheet.date(parts.get("date"), (*path, "date"))
    origin = sheet.text(parts.get("origin"), (*path, "origin")) or sheet.place.of(path)
    # What a person states without a date holds now.
    current = when is None
    if parts.get("value") in _UNKNOWN:
        return Statement(fact.id, None, "stated as unknown", origin, when, undated_is_current=current)
    extent = _extent(sheet, fact, parts, path)
    if extent is None:
        return None
    return Statement(fact.id, extent, _written(parts), origin, when, undated_is_current=current)


def _extent(sheet: Sheet, fact: Fact, parts: dict[str, Any], path: Path) -> Extent | None:
    value = parts["value"]
    if fact.is_number:
        return _number(sheet, fact, parts, path)
    if fact.kind == "truth" and isinstance(value, bool):
        return Exactly(value)
    if fact.kind == "code" and value in fact.option_ids():
        return Exactly(str(value))
    if fact.kind == "date":
        when = sheet.date(value, path)
        return period(when.first, when.last) if when else None
    expected = "true or false" if fact.kind == "truth" else " or ".join(fact.option_ids())
    sheet.fault(path, shortened(value), expected, "Leave it out, or write unknown, when it is not known.")
    return None


def _number(sheet: Sheet, fact: Fact, parts: dict[str, Any], path: Path) -> Extent | None:
    value, unit = parts["value"], sheet.text(parts.get("unit"), (*path, "unit"))
    if isinstance(value, str) and unit is None and not _NUMBER.fullmatch(value.strip()):
        try:
            value, unit = parse_amount(value[:_LONGEST_AMOUNT])
        except AmountError:
            sheet.fault(path, shortened(value), f"a number with its unit, such as 12 {fact.unit or ''}".strip())
            return None
    if isinstance(value, str) and _NUMBER.fullmatch(value.strip()):
        value = Decimal(value.strip())
    if isinstance(value, bool) or not isinstance(value, (int, Decimal)):
        sheet.fault(path, shortened(value), "a number")
        return None
    amount = _amount(sheet, fact, Decimal(value), unit, path)
    return None if amount is None else _compared(sheet, amount, parts.get("comparator"), path)


def _amount(sheet: Sheet, fact: Fact, value: Decimal, unit: str | None, path: Path) -> Decimal | None:
    wanted = fact.unit or "1"
    if not is_sane(value):
        sheet.fault(path, "a number of a size no measurement has", f"{fact.label.lower()} in {wanted}")
        return None
    if unit is None:
        if fact.kind == "count" or wanted == "1":
            return value
        sheet.fault(path, f"{value} without a unit", f"a value in {wanted}", f'Write for example "{value} {wanted}".')
        return None
    try:
        if len(unit) <= LONGEST_UNIT:
            return convert(value, spelled(unit), wanted)
    except UnitError:
        pass
    sheet.fault(path, f"the unit {shortened(unit)}", f"a unit that can be read as {wanted}")
    return None


def _compared(sheet: Sheet, amount: Decimal, comparator: Any, path: Path) -> Extent | None:  # noqa: ANN401 - any YAML value
    if comparator is None:
        return Exactly(amount)
    if comparator not in _COMPARATORS:
        sheet.fault(path, f"the comparator {shortened(comparator)}", ", ".join(_COMPARATORS))
        return None
    strict = len(comparator) == 1
    if comparator[0] == "<":
        return Between(None, amount, high_open=strict)
    return Between(amount, None, low_open=strict)


def _written(parts: dict[str, Any]) -> str:
    """The value as the document writes it."""
    value = parts["value"]
    words = ("yes" if value else "no") if isinstance(value, bool) else value
    return " ".join(str(part) for part in (parts.get("comparator"), words, parts.get("unit")) if part is not None)
