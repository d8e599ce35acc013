"""What the columns of a table of requests mean: a mapping file, read strictly.

.. code-block:: yaml

    patient: patient_id            # columns of the table
    request: order_number
    authored: ordered_on
    site: hospital
    indication: {column: diagnosis_code, system: icd-10}
    facts:
      weight: {column: weight_kg, unit: kg, date: weighed_on}
      request_phase: {column: phase, values: {first: initial, again: continuing}}
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import ClassVar

from ivigil.documents import BadInput, Fault, Place, parse_yaml
from ivigil.facts import Catalogue, Fact
from ivigil.knowledge import Library
from ivigil.units import UnitError
from ivigil.units.amounts import factor_between
from ivigil.units.ucum import spelled

_STRICT = {"extra": "forbid"}


@dataclass(frozen=True)
class FactColumn:
    """A column that states a fact; ``values`` say what its words stand for, ``date`` is the column of its date."""

    column: str
    unit: str | None = None
    date: str | None = None
    values: Mapping[str, bool | str] = field(default_factory=dict)

    __pydantic_config__: ClassVar[dict[str, str]] = _STRICT


@dataclass(frozen=True)
class IndicationColumn:
    """The column of the reason: codes of ``system``, or ids and names of indications where there is none."""

    column: str
    system: str | None = None

    __pydantic_config__: ClassVar[dict[str, str]] = _STRICT


@dataclass(frozen=True)
class TableMapping:
    """The columns of a table with one row for each request."""

    patient: str
    facts: Mapping[str, FactColumn]
    request: str | None = None
    authored: str | None = None
    site: str | None = None
    indication: IndicationColumn | None = None

    __pydantic_config__: ClassVar[dict[str, str]] = _STRICT

    @property
    def columns(self) -> tuple[str, ...]:
        """Every column that a table has to have."""
        named = [self.patient, self.request, self.authored, self.site]
        named += [self.indication.column] if self.indication else []
        named += [one for fact in self.facts.values() for one in (fact.column, fact.date)]
        return tuple(dict.fromkeys(one for one in named if one is not None))


def read_mapping(path: Path, library: Library) -> TableMapping:
    """The mapping in a file. Raises :class:`BadInput` listing every fault with its line."""
    from ivigil.documents.schemas import check  # noqa: PLC0415 - loads pydantic, and few runs have a mapping

    try:
        content = path.read_bytes()
    except OSError as error:
        raise BadInput([Fault(str(path), str(error.strerror).lower(), "a mapping file")]) from None
    data, place = parse_yaml(content, path.name)
    mapping = check(TableMapping, data, place)
    faults = [fault for name in mapping.facts for fault in _faults(name, mapping.facts[name], library.askable, place)]
    if faults:
        raise BadInput(faults)
    return mapping


def _faults(name: str, given: FactColumn, catalogue: Catalogue, place: Place) -> Iterator[Fault]:
    path = ("facts", name)
    if name not in catalogue:
        close = difflib.get_close_matches(name, catalogue.facts, n=2)
        hint = f"Did you mean {' or '.join(close)}?" if close else ""
        yield Fault(place.of(path), f"the fact {name!r}", "a fact of the catalogue", hint)
        return
    fact = catalogue[name]
    if fact.is_number and not _has_unit(fact, given.unit):
        found = "no unit" if given.unit is None else f"the unit {given.unit!r}"
        yield Fault(place.of((*path, "unit")), found, f"a unit that can be read as {fact.unit or '1'}")
    if not fact.is_number and given.unit is not None:
        yield Fault(place.of((*path, "unit")), "a unit", f"none: {fact.label} is no number")
    yield from _value_faults(fact, given, place)


def _has_unit(fact: Fact, unit: str | None) -> bool:
    wanted = fact.unit or "1"
    if unit is None:
        return fact.kind == "count" or wanted == "1"
    try:
        factor_between(spelled(unit), wanted)
    except UnitError:
        return False
    return True


def _value_faults(fact: Fact, given: FactColumn, place: Place) -> Iterator[Fault]:
    for written, value in given.values.items():
        fits = isinstance(value, bool) if fact.kind == "truth" else value in fact.option_ids()
        if not fits and value != "unknown":
            expected = "true or false" if fact.kind == "truth" else " or ".join(fact.option_ids()) or "no values"
            yield Fault(place.of(("facts", fact.id, "values", written)), repr(value), f"{expected}, or unknown")
