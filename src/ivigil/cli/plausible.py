"""Values that no patient has and doses that nobody gives: slips of the finger, refused before there is a plan."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Literal

from ivigil.documents import Fault
from ivigil.facts import Case, Settled, Statement
from ivigil.facts.settle import number
from ivigil.knowledge import Library, Regimen
from ivigil.review.dose_plan import DAILY, DAILY_PER_KG, TOTAL, TOTAL_PER_KG, WEIGHT, Known, known_amount
from ivigil.units import shown

_Field = Literal["total_g_per_kg", "daily_g_per_kg"]
# A dose per kg and in grams, and the field of a regimen that it is compared with.
_DOSES: tuple[tuple[str, str, _Field], ...] = (
    (TOTAL_PER_KG, TOTAL, "total_g_per_kg"),
    (DAILY_PER_KG, DAILY, "daily_g_per_kg"),
)
_ASKED = frozenset(fact for per_kg, grams, _ in _DOSES for fact in (per_kg, grams))
_UNITS: dict[_Field, str] = {"total_g_per_kg": "g/kg in all", "daily_g_per_kg": "g/kg a day"}


def no_patient_has(options: Case, settled: Known, *, dated: bool) -> Iterator[Fault]:
    """Values of options that no patient has, and those from which alone such a value follows.

    While the day is not known (``dated``) nothing is said of what follows from a date. Values of a file are not
    refused, as one slip in a long record is no reason to: the answer warns of them.
    """
    own = {one.origin for one in options.statements}
    for one in settled.values():
        for aside in one.set_aside:
            roots, says = aside.statement.roots, aside.statement
            if aside.kind == "implausible" and len(roots) == 1 and roots[0].origin in own and (dated or says in roots):
                label = "" if says in roots else f"{one.fact}: "
                yield Fault(roots[0].origin, f"{label}{says.written}: {aside.why}", "a value that a patient can have")


def above_every_regimen(settled: Known, library: Library) -> Iterator[Fault]:
    """Doses per kg above those of every regimen of every rule set, each once, where it is stated."""
    told: set[str] = set()
    for statement, per_kg, field in _asked(settled):
        most, where = max(_held(library, field), default=(per_kg, ""))
        if per_kg > most and statement.origin not in told:
            told.add(statement.origin)
            expected = f"at most {shown(most)} {_UNITS[field]}, the highest of any regimen held ({where})"
            yield Fault(statement.origin, f"{shown(per_kg)} {_UNITS[field]}", expected, "Check the dose and its unit.")


def _asked(settled: Known) -> Iterator[tuple[Statement, Decimal, _Field]]:
    """Each dose that is stated, per kg, then the total that only follows from a daily dose and its days."""
    for per_kg, grams, field in _DOSES:
        for fact in (per_kg, grams):
            amount = _per_kg(settled, fact, in_grams=fact == grams)
            stated = [one for one in settled[fact].used if not one.follows_from] if fact in settled else []
            yield from ((one, amount, field) for one in stated if amount is not None)
    for one in _following(settled[TOTAL_PER_KG]) if TOTAL_PER_KG in settled else ():
        amount = number(one.says)
        yield from ((root, amount, _DOSES[0][2]) for root in one.roots if amount is not None and root.fact in _ASKED)


def _following(settled: Settled) -> Iterator[Statement]:
    """What was derived for a fact, be it a value that no patient has."""
    for one in (*settled.used, *(aside.statement for aside in settled.set_aside)):
        if one.follows_from:
            yield one


def _per_kg(settled: Known, fact: str, *, in_grams: bool) -> Decimal | None:
    """A dose as it is known, in grams divided by the recorded weight."""
    dose, weight = known_amount(settled, fact), known_amount(settled, WEIGHT)
    if not in_grams:
        return dose
    return dose / weight if dose and weight else None


def _held(library: Library, field: _Field) -> Iterator[tuple[Decimal, str]]:
    """The highest dose of each regimen, and where it stands."""
    for rules in library.rule_sets.values():
        for appraisal in rules.appraisals.values():
            for regimen in appraisal.regimens:
                highest = _highest(regimen, field)
                if highest is not None:
                    yield highest, f"{appraisal.indication}, {rules.head.id}"


def _highest(regimen: Regimen, field: _Field) -> Decimal | None:
    span = regimen.total_g_per_kg if field == "total_g_per_kg" else regimen.daily_g_per_kg
    if span is not None:
        return span.high
    daily, days = regimen.daily_g_per_kg, regimen.days
    return daily.high * days.high if field == "total_g_per_kg" and daily and days else None
