"""What an order states of itself: phase, urgency, route, dose, duration and the amount to dispense."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from ivigil.facts.case import Statement
from ivigil.facts.catalogue import Catalogue
from ivigil.facts.extent import Exactly
from ivigil.facts.readers.fhir_values import (
    Malformed,
    Resource,
    codings_of,
    number_of,
    object_of,
    objects_of,
    text_of,
    words_of,
)
from ivigil.facts.readers.measured import LONGEST_UNIT, Unreadable, amount_in, coded
from ivigil.facts.readers.reading import Reading
from ivigil.facts.readers.schedules import schedule_of
from ivigil.facts.readers.treatments import medication_concept
from ivigil.facts.when import When
from ivigil.units import shown

# The fact of one infusion and of one day, in grams and in grams per kg of body weight.
_DOSES = {
    "g": ("request_dose_per_infusion", "request_daily_dose"),
    "g/kg": ("request_dose_per_infusion_per_kg", "request_daily_dose_per_kg"),
}


def stated_by_order(reading: Reading, origin: str, resource: Resource, authored: When | None) -> list[Statement]:
    """What an order states of itself; a part that is malformed is set aside with a warning, the others count."""
    order = _Order(reading, origin, resource, authored)
    found: list[Statement] = []
    for part, read in (
        ("phase", order.phase),
        ("urgency", order.urgency),
        ("route", order.route),
        ("dose", order.dose),
        ("quantity", order.dispensed),
    ):
        try:
            found += [statement for statement in read() if statement.fact in order.catalogue]
        except (Malformed, Unreadable) as error:
            reading.set_aside(origin, str(error), f"{part} of the order")
            reading.warn(f"{origin}: the {part} of the order was not used: {error}.")
    return found


@dataclass
class _Order:
    """One order for immunoglobulin."""

    reading: Reading
    origin: str
    resource: Resource
    authored: When | None

    @property
    def catalogue(self) -> Catalogue:
        return self.reading.vocabulary.catalogue

    def phase(self) -> Iterator[Statement]:
        """Continuing, where an earlier order for immunoglobulin was completed.

        An order may also name one that it merely corrects, so that an order which is not in the record says nothing.
        """
        reference = text_of(object_of(self.resource, "priorPrescription") or {}, "reference")
        earlier = self.reading.resolve(reference, self.origin, self.resource) if reference else None
        if earlier is None or earlier.kind != "MedicationRequest" or not self.reading.is_about_patient(earlier):
            return
        concept = medication_concept(self.reading, earlier.origin, earlier.resource)
        is_ordered = self.reading.vocabulary.medication.is_ordered(codings_of(concept), words_of(concept))
        if is_ordered and text_of(earlier.resource, "status") == "completed":
            yield self._say("request_phase", "continuing", f"it follows {earlier.origin}, which was completed")

    def urgency(self) -> Iterator[Statement]:
        priority = text_of(self.resource, "priority")
        fact = self.catalogue.facts.get("request_urgency")
        if priority and fact and priority in fact.option_ids():
            yield self._say(fact.id, priority, priority)

    def route(self) -> Iterator[Statement]:
        instruction = self._instruction()
        concept = object_of(instruction, "route") if instruction else None
        fact = self.catalogue.facts.get("request_route")
        if concept and fact:
            measured = coded(concept, fact, self.catalogue)
            yield Statement(fact.id, measured.says, measured.written, self.origin, self.authored)

    def dose(self) -> Iterator[Statement]:
        instruction = self._instruction()
        if instruction is None:
            return
        schedule = schedule_of(instruction)
        if schedule.days is not None:
            yield self._say("request_infusion_days", schedule.days, f"{shown(schedule.days)} days")
        given = self._dose_quantity(instruction)
        if given is None:
            return
        unit, amount, words = _amount(given, tuple(_DOSES))
        per_infusion, per_day = _DOSES[unit]
        yield self._say(per_infusion, amount, words)
        if schedule.per_day is not None:
            yield self._say(per_day, amount * schedule.per_day, f"{words}, {shown(schedule.per_day)} a day")

    def dispensed(self) -> Iterator[Statement]:
        supply = object_of(self.resource, "dispenseRequest") or {}
        quantity = object_of(supply, "quantity")
        if not quantity:
            return
        if number_of(supply, "numberOfRepeatsAllowed") or "initialFill" in supply:
            raise Unreadable("it may be dispensed more than once")
        _, amount, words = _amount(quantity, ("g",))
        yield self._say("request_total_dose", amount, f"{words} to dispense")

    def _say(self, fact_id: str, value: str | Decimal, written: str) -> Statement:
        return Statement(fact_id, Exactly(value), written, self.origin, self.authored)

    def _instruction(self) -> Resource | None:
        """The dosage instruction, where there is exactly one."""
        instructions = objects_of(self.resource, "dosageInstruction")
        if len(instructions) > 1:
            why = "it has several dosage instructions; ivigil reads one"
            self.reading.set_aside(self.origin, why, "dose of the order")
        return instructions[0] if len(instructions) == 1 else None

    def _dose_quantity(self, instruction: Resource) -> Resource | None:
        rates = objects_of(instruction, "doseAndRate")
        given = object_of(rates[0], "doseQuantity") if len(rates) == 1 else None
        if given is None and (rates or text_of(instruction, "text")):
            why = "its dose is given in words, as a range or as a rate"
            self.reading.set_aside(self.origin, why, "dose of the order")
        return given


def _amount(given: Resource, units: tuple[str, ...]) -> tuple[str, Decimal, str]:
    """The first of ``units`` that a Quantity can be given in, the amount in it, and how the order wrote it."""
    value = number_of(given, "value")
    if value is None or value <= 0 or "comparator" in given:
        raise Unreadable("it is not one amount above zero")
    written = text_of(given, "unit") or text_of(given, "code") or ""
    for unit in units:
        amount = amount_in(value, given, unit)
        if amount is not None:
            return unit, amount, f"{shown(value, 12)} {written}".strip()
    raise Unreadable(f"its unit {written[:LONGEST_UNIT]!r} is not read as {' or '.join(units)}")
