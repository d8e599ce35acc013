"""Settling facts: from every statement about a fact to what may be relied on today.

Values that are implausible, too old, undated where age matters, or dated in the future are set aside, each with its
reason. Of the rest the best standing and then the latest counts; statements of equal standing and date that disagree
leave the fact unknown, with all of them shown.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Literal

from ivigil.facts.case import Standing, Statement, arranged
from ivigil.facts.catalogue import Catalogue
from ivigil.facts.definition import Bounds, Fact
from ivigil.facts.extent import Between, Exactly, Extent, days, meet, span, stable, whole
from ivigil.facts.latest import latest
from ivigil.facts.when import on

WhyUnknown = Literal[
    "not recorded",
    "conflicting",
    "implausible",
    "out of date",
    "dated in the future",
    "recorded as unknown",
    "preliminary",
    "partly known",
]
# What a reader is warned of, not only told among what was ignored.
_WARNED: frozenset[WhyUnknown] = frozenset({"implausible", "dated in the future"})
_MOST_SHOWN = 5


@dataclass(frozen=True)
class SetAside:
    """A statement that does not count, and why."""

    statement: Statement
    why: str
    kind: WhyUnknown


@dataclass(frozen=True)
class Settled:
    """What may be relied on about one fact: its extent, or ``None`` with the reason why it is unknown."""

    fact: str
    extent: Extent | None = None
    used: tuple[Statement, ...] = ()
    set_aside: tuple[SetAside, ...] = ()
    why_unknown: WhyUnknown | None = "not recorded"

    @property
    def value(self) -> object | None:
        """The one value, or ``None`` while it is not pinned down."""
        return self.extent.value if isinstance(self.extent, Exactly) else None

    @property
    def known(self) -> bool:
        """Whether the fact has exactly one value."""
        return isinstance(self.extent, Exactly)

    def rests_on(self, *facts: str) -> bool:
        """Whether its value follows from what the record says of one of ``facts``."""
        return any(one.rests_on(facts) for one in self.used)


Known = Mapping[str, Settled]


def settle(statements: Iterable[Statement], catalogue: Catalogue, today: date) -> dict[str, Settled]:
    """Every fact that ``statements`` speak of, settled as of ``today``; facts nobody speaks of are left out."""
    by_fact: dict[str, list[Statement]] = defaultdict(list)
    for statement in as_of(statements, today):
        by_fact[statement.fact].append(statement)
    return {fact_id: settle_fact(catalogue[fact_id], by_fact[fact_id], today) for fact_id in sorted(by_fact)}


def settle_fact(fact: Fact, statements: Sequence[Statement], today: date) -> Settled:
    """What ``statements`` about ``fact`` leave standing on ``today``."""
    return settle_arranged(fact, arranged(statements), today)


def settle_arranged(fact: Fact, statements: Iterable[Statement], today: date) -> Settled:
    """The same of statements that stand in their order already."""
    usable: list[Statement] = []
    aside: list[SetAside] = []
    for statement in statements:
        doubt = _doubt(fact, statement, today)
        if doubt is None:
            counted = _counted(fact, statement.says)
            usable.append(statement if counted is statement.says else replace(statement, says=counted))
        else:
            aside.append(SetAside(statement, doubt[1], doubt[0]))
    if len(usable) == 1:
        return _settled(fact, usable[0].says, usable, aside)
    if not usable:
        why = aside[-1].kind if aside else "not recorded"
        return Settled(fact.id, set_aside=tuple(aside), why_unknown=why)
    return _chosen(fact, usable, aside)


def _doubt(fact: Fact, statement: Statement, today: date) -> tuple[WhyUnknown, str] | None:
    """Why a statement does not count on its own, or ``None``."""
    if statement.says is None:
        return "recorded as unknown", statement.written
    implausible = _implausible(fact, statement.says, today)
    if implausible:
        return "implausible", implausible
    if statement.when and statement.when.first > today:
        return "dated in the future", f"dated {statement.when}, after {today.isoformat()}"
    return _stale(fact, statement, today)


def _stale(fact: Fact, statement: Statement, today: date) -> tuple[WhyUnknown, str] | None:
    if fact.recency is None or statement.undated_is_current:
        return None
    if statement.when is None:
        return "out of date", f"undated; {fact.label.lower()} counts for {fact.recency.days} days"
    age = (today - statement.when.first).days
    if age > fact.recency.days:
        return "out of date", f"{age} days old; {fact.label.lower()} counts for {fact.recency.days} days"
    return None


def _implausible(fact: Fact, extent: Extent, today: date) -> str | None:
    if isinstance(extent, Exactly) and isinstance(extent.value, (bool, str)):
        return None
    dates = days(extent)
    if dates is not None:
        return f"{dates.first.isoformat()} lies in the future" if dates.first > today else None
    counted, bounds = _counted(fact, extent), fact.range
    if counted is None:
        return "not a whole number"
    if bounds is None or not _outside(counted, bounds):
        return None
    return f"outside the plausible range {bounds.min:f} to {bounds.max:f} {fact.unit or ''}".rstrip()


def _outside(extent: Extent, bounds: Bounds) -> bool:
    """Whether no number of an extent lies within ``bounds``."""
    if isinstance(extent, Exactly) and isinstance(extent.value, Decimal):
        return not bounds.min <= extent.value <= bounds.max
    return span(extent) is not None and meet(extent, Between(bounds.min, bounds.max)) is None


def _counted(fact: Fact, extent: Extent | None) -> Extent | None:
    """Of a count only the whole numbers of an extent; ``None`` where there are none."""
    return whole(extent) if extent is not None and fact.kind == "count" else extent


def _chosen(fact: Fact, usable: list[Statement], aside: list[SetAside]) -> Settled:
    best = max(statement.standing for statement in usable)
    aside += [
        SetAside(statement, "a settled value is preferred to a preliminary one", "preliminary")
        for statement in usable
        if statement.standing < best
    ]
    rivals = [statement for statement in usable if statement.standing == best]
    if fact.choose == "any-true" and any(statement.says == Exactly(True) for statement in rivals):
        rivals = [statement for statement in rivals if statement.says == Exactly(True)]
    else:
        rivals, older = latest(rivals)
        aside += [SetAside(statement, "an equal or later value counts", "out of date") for statement in older]
    return _agreed(fact, rivals, aside)


def _agreed(fact: Fact, rivals: list[Statement], aside: list[SetAside]) -> Settled:
    extent: Extent | None = rivals[0].says
    for statement in rivals[1:]:
        extent = meet(extent, statement.says) if extent is not None and statement.says is not None else None
    return _settled(fact, extent, rivals, aside)


def _settled(fact: Fact, extent: Extent | None, used: list[Statement], aside: list[SetAside]) -> Settled:
    why: WhyUnknown | None = None
    if not isinstance(extent, Exactly):
        why = "conflicting" if extent is None else "partly known"
    return Settled(fact.id, extent, tuple(used), tuple(aside), why)


def _side_by_side(settled: Settled) -> str:
    """The statements that disagree: one of each value, then how many more there are."""
    each = {stable(one.says): one for one in reversed(settled.used)}
    first = [one for one in settled.used if each[stable(one.says)] == one][:_MOST_SHOWN]
    more = len(settled.used) - len(first)
    shown = " and ".join(f"{one.written} ({one.origin})" for one in first)
    return f"{shown} and {more} more" if more else shown


def as_of(statements: Iterable[Statement], day: date) -> list[Statement]:
    """Statements without a date, dated ``day``: what a person states now holds now."""
    return [replace(one, when=on(day)) if one.when is None and one.undated_is_current else one for one in statements]


def number(extent: Extent | None) -> Decimal | None:
    """The number a fact is known to have, or ``None``."""
    return extent.value if isinstance(extent, Exactly) and isinstance(extent.value, Decimal) else None


PRELIMINARY_WARNING = "only a preliminary result is recorded"


def warnings_of(catalogue: Catalogue, settled: Known) -> list[str]:
    """What a reader should know about the values that were set aside or relied on."""
    return [text for fact_id in sorted(settled) for text in _warnings(catalogue[fact_id], settled[fact_id])]


def _warnings(fact: Fact, settled: Settled) -> list[str]:
    doubtful = [aside for aside in settled.set_aside if aside.kind in _WARNED]
    found = [
        f"{fact.label}: {aside.statement.written} ({aside.statement.origin}) was not used: {aside.why}."
        for aside in doubtful[:_MOST_SHOWN]
    ]
    if len(doubtful) > _MOST_SHOWN:
        found.append(f"{fact.label}: {len(doubtful) - _MOST_SHOWN} more values were not used for such reasons.")
    if settled.why_unknown == "conflicting":
        found.append(f"{fact.label}: the record disagrees with itself, {_side_by_side(settled)}; taken as unknown.")
    if any(one.standing is Standing.PRELIMINARY for one in settled.used):
        found.append(f"{fact.label}: {PRELIMINARY_WARNING}.")
    return found
