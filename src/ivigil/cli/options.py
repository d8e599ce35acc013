"""The options that state a fact, read as a case is: each value alone, so that all that are wrong are told at once."""

from __future__ import annotations

from argparse import Namespace
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from ivigil.documents import Fault, Place
from ivigil.facts import Case, Catalogue, Statement
from ivigil.facts.readers.flat_values import statement_of
from ivigil.facts.readers.sheet import Sheet

# Options that state a fact: the fact, and the unit of a number given alone.
_OPTIONS = {
    "weight": ("weight", "kg"),
    "height": ("height", "cm"),
    "sex": ("sex", None),
    "age": ("age", "a"),
    "per_kg": ("request_total_dose_per_kg", "g/kg"),
    "daily_per_kg": ("request_daily_dose_per_kg", "g/kg/d"),
    "total": ("request_total_dose", "g"),
    "daily": ("request_daily_dose", "g/d"),
    "days": ("request_infusion_days", "d"),
    "route": ("request_route", None),
}
_YES_AND_NO = {"true": True, "false": False, "yes": True, "no": False}


@dataclass(frozen=True)
class _Stated:
    """A fact and its value as an option states them; ``option`` is how a person would name it."""

    option: str
    fact: str
    value: str | bool


def case_of_options(given: Namespace, catalogue: Catalogue, faults: list[Fault]) -> Case:
    """What the options state; the origin of each statement is its option. What cannot be read is put to ``faults``."""
    stated = [*_stated(given), *_facts(given.fact, catalogue, faults)]
    times = Counter(one.fact for one in stated)
    twice = (one for one in stated if times[one.fact] > 1)
    faults += [Fault(one.option, f"{one.fact} more than once", "each fact once") for one in twice]
    found = (_read(one, catalogue, faults) for one in stated)
    return Case("the options", tuple(sorted((one for one in found if one), key=lambda one: one.order)))


def _stated(given: Namespace) -> Iterator[_Stated]:
    for option, (fact, unit) in _OPTIONS.items():
        value = getattr(given, option)
        if value is not None:
            alone = unit is not None and value.replace(".", "", 1).replace("-", "", 1).isdigit()
            yield _Stated(f"--{option.replace('_', '-')}", fact, f"{value} {unit}" if alone else value)


def _facts(given: list[str], catalogue: Catalogue, faults: list[Fault]) -> Iterator[_Stated]:
    """The facts of ``--fact``, as ID=VALUE."""
    for text in given:
        name, equals, value = text.partition("=")
        if equals and name in catalogue:
            yield _Stated(f"--fact {name}", name, _YES_AND_NO.get(value.lower(), value))
        else:
            faults.append(Fault("--fact", repr(text), "ID=VALUE, with the id of a fact: ivigil facts"))


def _read(stated: _Stated, catalogue: Catalogue, faults: list[Fault]) -> Statement | None:
    sheet = Sheet(Place(stated.option))
    found = statement_of(sheet, catalogue[stated.fact], stated.value, ())
    faults += sheet.faults
    return found
