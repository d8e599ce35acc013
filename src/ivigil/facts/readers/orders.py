"""Orders for immunoglobulin: who asks for what, for which reason, at which dose."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from ivigil.facts.case import Reason, Request, Statement
from ivigil.facts.catalogue import Catalogue
from ivigil.facts.definition import Fact
from ivigil.facts.extent import Exactly
from ivigil.facts.readers.conditions import STATES, asserted_by_reasons, condition_state
from ivigil.facts.readers.fhir_values import (
    Malformed,
    Resource,
    codings_of,
    number_of,
    object_of,
    objects_of,
    origin_of,
    reference_of,
    text_of,
    when_of,
    words_of,
)
from ivigil.facts.readers.measured import Unreadable, coded
from ivigil.facts.readers.reading import Reading
from ivigil.facts.readers.treatments import medication_concept, read_not_done
from ivigil.facts.when import When
from ivigil.units import UnitError, convert, is_sane, shown, spelled

# https://hl7.org/fhir/R4/valueset-medicationrequest-status.html
_OPEN = frozenset({"active", "draft", "on-hold"})


def read_order(reading: Reading, origin: str, resource: Resource, *, may_be_incomplete: bool = False) -> None:
    """Gather a MedicationRequest as a request when it orders immunoglobulin, else note why not.

    ``may_be_incomplete`` takes a draft that names no drug yet as a request whose drug is still open.
    """
    concept = medication_concept(reading, resource)
    words = words_of(concept)
    named = bool(codings_of(concept) or words)
    if named and not reading.vocabulary.medication.is_ordered(codings_of(concept), words):
        reading.set_aside(origin, "it is not an order for immunoglobulin")
        return
    if not named and not may_be_incomplete:
        reading.set_aside(origin, "it names no medication")
        return
    refusal = _not_a_request(resource)
    if refusal:
        reading.set_aside(origin, refusal)
        return
    authored = when_of(resource, "authoredOn")
    reasons = tuple(_reasons(reading, origin, resource))
    stated = _Order(reading, origin, resource, authored).statements()
    asserted = asserted_by_reasons(reasons, origin, authored, reading.vocabulary.catalogue)
    reading.gathering.requests.append(Request(origin, authored, named, words, reasons, (*stated, *asserted)))


def _not_a_request(resource: Resource) -> str | None:
    status = text_of(resource, "status")
    if read_not_done(resource):
        return "it orders that immunoglobulin must not be given"
    if status == "entered-in-error":
        return "it was entered in error"
    return None if status in _OPEN or status is None else f"the order is {status}, so nothing is requested now"


def _reasons(reading: Reading, origin: str, resource: Resource) -> list[Reason]:
    found = [
        Reason(origin, codings=codings_of(concept), text=words_of(concept))
        for concept in objects_of(resource, "reasonCode")
        if codings_of(concept) or words_of(concept)
    ]
    for item in objects_of(resource, "reasonReference"):
        reference = text_of(item, "reference")
        target = reading.resolve(reference.split("/_history/")[0], resource) if reference else None
        if target is None:
            reading.gathering.warnings.add(f"{origin}: its reason {reference or 'without a reference'} is not in the record.")
        else:
            found += _referenced(reading, target)
    return sorted(set(found), key=lambda reason: (str(reason), reason.origin))


def _referenced(reading: Reading, target: Resource) -> list[Reason]:
    where = origin_of(target)
    kind = target.get("resourceType")
    concept = object_of(target, "code")
    if kind != "Condition":
        reading.gathering.warnings.add(f"{where}: a reason that is not a Condition was not read.")
        return []
    state = condition_state(target)
    if state not in STATES:
        reading.gathering.warnings.add(f"{where}: the order's reason was not used: {state}.")
        return []
    if state == "refuted":
        reading.gathering.warnings.add(f"{where}: the order's reason is a refuted diagnosis.")
    onset = when_of(target, "onsetDateTime", "onsetPeriod")
    return [Reason(where, None, codings_of(concept), words_of(concept), state, onset)]  # type: ignore[arg-type] # narrowed by STATES


@dataclass
class _Order:
    """The dose, duration, route and phase that one order states."""

    reading: Reading
    origin: str
    resource: Resource
    authored: When | None

    def statements(self) -> list[Statement]:
        found: list[Statement] = []
        if object_of(self.resource, "priorPrescription"):
            found += self._say("request_phase", "continuing", "it follows an earlier prescription")
        priority = text_of(self.resource, "priority")
        if priority and "request_urgency" in self.catalogue and priority in self.catalogue["request_urgency"].option_ids():
            found += self._say("request_urgency", priority, priority)
        instructions = objects_of(self.resource, "dosageInstruction")
        if len(instructions) == 1:
            found += self._route(instructions[0]) + self._dose(instructions[0])
        elif instructions:
            self.reading.set_aside(self.origin, "it has several dosage instructions; ivigil reads one", "dose of the order")
        return found + self._dispensed()

    @property
    def catalogue(self) -> Catalogue:
        return self.reading.vocabulary.catalogue

    def _say(self, fact_id: str, value: str | Decimal, written: str) -> list[Statement]:
        if fact_id not in self.catalogue:
            return []
        return [Statement(fact_id, Exactly(value), written, self.origin, self.authored)]

    def _route(self, instruction: Resource) -> list[Statement]:
        concept = object_of(instruction, "route")
        if concept is None or "request_route" not in self.catalogue:
            return []
        fact: Fact = self.catalogue["request_route"]
        try:
            measured = coded(concept, fact, self.catalogue)
        except Unreadable as error:
            self.reading.set_aside(self.origin, str(error), fact.label)
            return []
        return [Statement(fact.id, measured.says, measured.written, self.origin, self.authored)]

    def _dose(self, instruction: Resource) -> list[Statement]:
        rates = objects_of(instruction, "doseAndRate")
        given = object_of(rates[0], "doseQuantity") if len(rates) == 1 else None
        if given is None:
            if rates or text_of(instruction, "text"):
                self.reading.set_aside(self.origin, "its dose is given in words, as a range or as a rate", "dose of the order")
            return []
        schedule = _schedule(instruction)
        value = number_of(given, "value")
        if value is None or not is_sane(value) or value <= 0:
            raise Malformed("doseQuantity", value, "an amount above zero")
        found = self._say("request_infusion_days", schedule.days, f"{schedule.days} days") if schedule.days else []
        for unit, per_infusion in (("g", "request_dose_per_infusion"), ("g/kg", "request_dose_per_infusion_per_kg")):
            amount = _in(value, given, unit)
            if amount is None:
                continue
            words = f"{shown(value, 12)} {text_of(given, 'unit') or text_of(given, 'code') or ''}".strip()
            found += self._say(per_infusion, amount, words)
            if schedule.daily:
                daily = "request_daily_dose" if unit == "g" else "request_daily_dose_per_kg"
                found += self._say(daily, amount * schedule.per_day, f"{words}, {schedule.per_day} a day")
            return found
        self.reading.set_aside(self.origin, "the unit of its dose is not read as g or g/kg", "dose of the order")
        return found

    def _dispensed(self) -> list[Statement]:
        supply = object_of(self.resource, "dispenseRequest")
        quantity = object_of(supply, "quantity") if supply else None
        value = number_of(quantity, "value") if quantity else None
        if quantity is None or value is None or not is_sane(value) or value <= 0:
            return []
        amount = _in(value, quantity, "g")
        if amount is None:
            self.reading.set_aside(self.origin, "the quantity to dispense is not in grams", "quantity of the order")
            return []
        return self._say("request_total_dose", amount, f"{shown(amount)} g to dispense")


def _in(value: Decimal, given: Resource, unit: str) -> Decimal | None:
    written = text_of(given, "code") or text_of(given, "unit")
    try:
        return convert(value, spelled(written), unit) if written else None
    except UnitError:
        return None


@dataclass(frozen=True)
class _Schedule:
    """How often an order repeats: ``per_day`` infusions on each of ``days`` days, as far as it says."""

    daily: bool = False
    per_day: Decimal = Decimal(1)
    days: Decimal | None = None


def _schedule(instruction: Resource) -> _Schedule:
    timing = object_of(instruction, "timing")
    repeat = object_of(timing, "repeat") if timing else None
    if repeat is None:
        return _Schedule()
    count, frequency, period = (number_of(repeat, name) for name in ("count", "frequency", "period"))
    unit = text_of(repeat, "periodUnit")
    if count == 1 and period is None:
        return _Schedule(daily=True, days=Decimal(1))
    if unit != "d" or period != 1 or object_of(repeat, "boundsRange"):
        return _Schedule()
    per_day = frequency or Decimal(1)
    return _Schedule(daily=True, per_day=per_day, days=_days(repeat, count, per_day))


def _days(repeat: Resource, count: Decimal | None, per_day: Decimal) -> Decimal | None:
    bounds = object_of(repeat, "boundsDuration")
    if bounds is not None:
        value = number_of(bounds, "value")
        unit = text_of(bounds, "code") or text_of(bounds, "unit")
        try:
            return convert(value, spelled(unit), "d") if value is not None and unit and is_sane(value) else None
        except UnitError:
            return None
    return count / per_day if count is not None and count % per_day == 0 else None
