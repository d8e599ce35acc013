"""What to do before, during and after an infusion and when a reaction comes: one list over all hazards.

Doubt is asymmetric here too. A precaution stays on the list while it is not known whether it is called for, with the
question. One that can itself do harm is withheld until it is known that it does none.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from typing import Literal, get_args

from ivigil.criteria import Truth, disjunction
from ivigil.facts import Settled
from ivigil.knowledge import Library
from ivigil.knowledge.product_records import Status
from ivigil.knowledge.safety_records import Lever, Phase, Precaution
from ivigil.safety.conditions import Conditions, conditions_of
from ivigil.safety.hazards import HazardFound

Advised = Literal["advised", "withheld"]
Dates = tuple[date | None, date | None]
_PHASES: tuple[Phase, ...] = get_args(Phase)
_MINUTES_PER_DAY = 24 * 60


@dataclass(frozen=True)
class Part:
    """A precaution and the hazard it is meant for."""

    hazard: str
    precaution: Precaution


@dataclass(frozen=True)
class ChecklistItem:
    """One thing to do, for every hazard that asks for it, with the dates on which it falls where they are known.

    ``called_for`` is *met* or *unknown*. ``why`` says why an item is withheld; ``question`` and ``needs`` what to ask
    while it is not known whether it is called for, or whether it would do harm.
    """

    parts: tuple[Part, ...]
    state: Advised
    called_for: Truth
    why: str | None = None
    needs: tuple[str, ...] = ()
    question: str | None = None
    from_date: date | None = None
    to_date: date | None = None

    @property
    def precaution(self) -> Precaution:
        """The precaution; those of all parts say the same at the same time."""
        return self.parts[0].precaution

    @property
    def text(self) -> str:
        """What to do."""
        return self.precaution.text

    @property
    def hazards(self) -> tuple[str, ...]:
        """The ids of the hazards that ask for it."""
        return tuple(dict.fromkeys(one.hazard for one in self.parts))

    @property
    def levers(self) -> tuple[Lever, ...]:
        """What it changes: the product, the rate, the fluid given."""
        return tuple(dict.fromkeys(lever for one in self.parts for lever in one.precaution.levers))

    @property
    def status(self) -> Status:
        """Whether a source that was read says it, or only memory."""
        return "verified" if any(one.precaution.status == "verified" for one in self.parts) else "remembered"


def checklist(
    found: Iterable[HazardFound],
    known: Mapping[str, Settled],
    library: Library,
    plan_days: tuple[date, ...] | None = None,
) -> tuple[ChecklistItem, ...]:
    """What to do about the hazards found, in order of time; with dates where the days of infusion are given.

    Days of a precaution count back from the first infusion day before it, and on from the last one after it.
    """
    conditions = conditions_of(library, known)
    parts = [Part(one.hazard.id, precaution) for one in found for precaution in one.hazard.precautions]
    open_ones = [one for one in parts if conditions.truth(one.precaution.when) is not Truth.NOT_MET]
    same = groupby(sorted(open_ones, key=_order), key=lambda one: _same(one.precaution))
    return tuple(_item(tuple(group), conditions, plan_days or ()) for _, group in same)


def _item(parts: tuple[Part, ...], conditions: Conditions, days: tuple[date, ...]) -> ChecklistItem:
    harmful = tuple(one.precaution.harmful_if for one in parts if one.precaution.harmful_if)
    called_for = disjunction(conditions.truth(one.precaution.when) for one in parts)
    harm = disjunction(conditions.truth(rule) for rule in harmful)
    asked = (one.precaution.when for one in parts if called_for is Truth.UNKNOWN)
    needs = () if harm is Truth.MET else conditions.needs(*asked, *harmful)
    from_date, to_date = _dates(parts[0].precaution, days)
    return ChecklistItem(
        parts,
        state="withheld" if harm in {Truth.MET, Truth.UNKNOWN} else "advised",
        called_for=called_for,
        why=_why(harm, harmful, conditions),
        needs=needs,
        question=conditions.question(needs),
        from_date=from_date,
        to_date=to_date,
    )


def _why(harm: Truth, harmful: tuple[str, ...], conditions: Conditions) -> str | None:
    """Why an item is withheld; nothing where it is advised."""
    if harm is Truth.UNKNOWN:
        open_ones = conditions.labels(conditions.needs(*harmful))
        return f"It can do harm; it is advised only once this is known to be absent: {open_ones}."
    if harm is Truth.MET:
        met = (rule for rule in harmful if conditions.truth(rule) is Truth.MET)
        behind = tuple(dict.fromkeys(fact for rule in met for fact in conditions.behind(rule)))
        return f"It can do harm here, because of this: {conditions.labels(behind)}."
    return None


def _same(one: Precaution) -> tuple[object, ...]:
    """What two precautions share that are one thing to do."""
    return one.phase, one.text, one.kind, one.from_day, one.to_day, one.from_minutes, one.to_minutes


def _order(part: Part) -> tuple[object, ...]:
    """By phase and time, then by text; ``repr`` only tells apart what happens to share all that."""
    one = part.precaution
    days = [day for day in (one.from_day, one.to_day) if day is not None]
    minutes = [minute for minute in (one.from_minutes, one.to_minutes) if minute is not None]
    # What is to be done without a time comes at the start before it, and at the end after it.
    open_end = one.phase == "after" and not days and not minutes
    back = one.phase == "before"
    each = max if back else min
    offset = each(days, default=0) * _MINUTES_PER_DAY + each(minutes, default=0)
    return _PHASES.index(one.phase), open_end, -offset if back else offset, repr(_same(one)), part.hazard, one.id


def _dates(one: Precaution, days: tuple[date, ...]) -> Dates:
    """The first and last date of a precaution, hours as the whole days in them; ``None`` where an end is open."""
    begin, end = _span(one.from_day, one.from_minutes), _span(one.to_day, one.to_minutes)
    if not days or one.phase == "reaction" or (one.phase == "after" and begin is None and end is None):
        return None, None
    first, last, at_once = min(days), max(days), timedelta(0)
    if one.phase == "during":
        return first, last
    if one.phase == "after":
        return last + (begin or at_once), None if end is None else last + end
    until = first - (end or at_once)
    if begin is None:
        return None, until
    return min(first - begin, until), max(first - begin, until)


def _span(day: int | None, minutes: int | None) -> timedelta | None:
    return None if day is None and minutes is None else timedelta(days=day or 0, minutes=minutes or 0)
