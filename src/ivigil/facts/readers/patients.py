"""Who the patient of a record is, and what their Patient resource states."""

from __future__ import annotations

from collections.abc import Iterable

from ivigil.documents import BadInput, Fault
from ivigil.facts.extent import Exactly, period
from ivigil.facts.readers.fhir_values import Malformed, reference_of, text_of, when_of
from ivigil.facts.readers.orders import is_open_order
from ivigil.facts.readers.reading import Reading
from ivigil.facts.readers.references import Item, is_absolute, relative


def the_patient(items: list[Item], reading: Reading) -> str | None:
    """A reference to the one patient of the record: whom the order is for where several people are in it.

    Raises :class:`BadInput` when nothing tells which of several people is meant.
    """
    patients = [item for item in items if item.kind == "Patient"]
    asked = _subjects((item for item in items if is_open_order(reading, item)), reading)
    if len(asked) == 1:
        return asked.pop()
    if len(asked) > 1 or _are_several(patients):
        raise _several(reading.gathering.name, max(len(patients), len(asked)))
    if patients and patients[0].names():
        return patients[0].origin
    return _one_of(_subjects(items, reading), reading.gathering.name)


def _subjects(items: Iterable[Item], reading: Reading) -> set[str]:
    """Whom ``items`` are about, as far as they say so legibly."""
    found = set()
    for item in items:
        for name in ("subject", "patient"):
            try:
                reference = reference_of(item.resource, name)
            except Malformed:
                continue
            if reference:
                found.add(reading.canonical(reference, item.origin))
    return found


def _are_several(patients: list[Item]) -> bool:
    """Whether Patient resources are more than versions of one."""
    servers = {item.full_url for item in patients if is_absolute(item.full_url)}
    return len({item.origin for item in patients}) > 1 or len(servers) > 1


def _one_of(subjects: set[str], name: str) -> str | None:
    """The one subject of a record without a Patient; references may come with and without the server's address."""
    if len({relative(one) for one in subjects}) > 1 or sum(map(is_absolute, subjects)) > 1:
        raise _several(name, len(subjects))
    return min(subjects, key=len, default=None)


def _several(name: str, count: int) -> BadInput:
    expected = "one patient and the requests for them"
    return BadInput([Fault(name, f"{count} patients", expected, "Split the record by patient.")])


def read_patient(reading: Reading, item: Item) -> None:
    """Gather birth date and sex of the patient of the case; another Patient is set aside."""
    if not any(reading.is_patient(one) for one in (item.origin, *item.names())):
        reading.set_aside(item.origin, "it is another patient")
        return
    reading.patient_read = True
    born = when_of(item.resource, "birthDate")
    for fact in reading.vocabulary.catalogue.found_in("Patient.birthDate"):
        if born:
            reading.say(fact, period(born.first, born.last), str(born), item.origin, None)
    _read_gender(reading, item)


def _read_gender(reading: Reading, item: Item) -> None:
    gender = text_of(item.resource, "gender")
    for fact in reading.vocabulary.catalogue.found_in("Patient.gender") if gender else ():
        if gender == "unknown":
            reading.say(fact, None, "recorded as unknown", item.origin, None)
        elif gender in fact.option_ids():
            reading.say(fact, Exactly(gender), gender, item.origin, None)
        else:
            reading.set_aside(item.origin, f"{gender!r} is not one of its options", fact.label)


def warn_without_patient(items: list[Item], reading: Reading) -> None:
    """Say so where no Patient resource of the case was read."""
    if not any(item.kind == "Patient" for item in items):
        reading.warn("The record holds no Patient: age and sex are unknown.")
    elif not reading.patient_read:
        reading.warn("The record holds no legible Patient resource of the patient: age and sex are unknown.")
