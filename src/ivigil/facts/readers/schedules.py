"""How often an order repeats, read from FHIR's Timing, as far as it says so without room for doubt."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from ivigil.facts.readers.fhir_values import Resource, boolean_of, number_of, object_of, text_of
from ivigil.units import UnitError, convert, spelled

_ONCE = Decimal(1)
# Elements of Timing.repeat after which a rhythm of so many times a day no longer says on how many days, or how often.
_OPEN_ENDED = ("frequencyMax", "periodMax", "countMax", "boundsRange", "dayOfWeek", "when", "offset")
_LONGEST_UNIT = 60


@dataclass(frozen=True)
class Schedule:
    """How often an order repeats: ``per_day`` infusions on each of ``days`` days; ``None`` where it does not say."""

    per_day: Decimal | None = None
    days: Decimal | None = None


def schedule_of(instruction: Resource) -> Schedule:
    """The rhythm of one dosage instruction."""
    timing = object_of(instruction, "timing")
    repeat = object_of(timing, "repeat") if timing else None
    if repeat is None or boolean_of(instruction, "asNeededBoolean") or "asNeededCodeableConcept" in instruction:
        return Schedule()
    count, frequency, period = (number_of(repeat, name) for name in ("count", "frequency", "period"))
    if count == 1 and frequency in {None, _ONCE} and period is None:
        return Schedule(_ONCE, _ONCE)
    if any(name in repeat for name in _OPEN_ENDED) or not _is_daily(period, text_of(repeat, "periodUnit")):
        return Schedule()
    if frequency is None and "timeOfDay" in repeat:
        return Schedule()
    per_day = _ONCE if frequency is None else frequency
    return Schedule(per_day, _days(repeat, count, per_day)) if per_day > 0 else Schedule()


def _is_daily(period: Decimal | None, unit: str | None) -> bool:
    return period is not None and unit is not None and _in_days(period, unit) == 1


def _in_days(value: Decimal, unit: str) -> Decimal | None:
    try:
        return convert(value, spelled(unit), "d") if len(unit) <= _LONGEST_UNIT else None
    except UnitError:
        return None


def _days(repeat: Resource, count: Decimal | None, per_day: Decimal) -> Decimal | None:
    """On how many days; ``None`` where the order does not say, or says two things."""
    counted = count / per_day if count is not None and count > 0 and count % per_day == 0 else None
    bounds = object_of(repeat, "boundsDuration")
    if bounds is None:
        return counted
    value = number_of(bounds, "value")
    unit = text_of(bounds, "code") or text_of(bounds, "unit")
    bounded = _in_days(value, unit) if value is not None and unit and "comparator" not in bounds else None
    return bounded if count is None or counted == bounded else None
