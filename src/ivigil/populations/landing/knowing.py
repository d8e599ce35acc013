"""What is known of one patient on many days: what a fact comes to is worked out again only when it may have changed.

From one day to another that changes only where a statement begins to count, because it is no longer dated in the
future, or ceases to, because it has become too old. On days between which neither happens, a fact has the same extent
and rests on the same statements; only what was set aside, and in which words, may differ, and no row holds it.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from ivigil.facts import Case, Catalogue, Fact, Settled, Statement, derive, settle
from ivigil.facts.settle import as_of, settle_fact

# How many statements have begun to count, and how many no longer do.
_Stretch = tuple[int, int]


@dataclass
class _Recorded:
    """What a record says of one fact."""

    fact: Fact
    statements: Sequence[Statement]
    _settled: dict[_Stretch, Settled] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Arrange the statements by the day from which they count."""
        self.undated = [one for one in self.statements if one.when is None]
        self.dated = sorted((one for one in self.statements if one.when is not None), key=_first)
        self.days = [_first(one) for one in self.dated]
        # A date is implausible while it lies in the future, and what holds now is dated anew every day.
        self.changes_daily = self.fact.kind == "date" or any(one.undated_is_current for one in self.undated)

    def settled(self, day: date) -> Settled:
        if self.changes_daily:
            return settle_fact(self.fact, as_of(self.statements, day), day)
        stretch = self._stretch(day)
        if stretch not in self._settled:
            begun, old = stretch
            self._settled[stretch] = settle_fact(self.fact, [*self.undated, *self.dated[old:begun]], day)
        return self._settled[stretch]

    def _stretch(self, day: date) -> _Stretch:
        begun = bisect_right(self.days, day)
        if self.fact.recency is None:
            return begun, 0
        oldest = day - timedelta(days=min(self.fact.recency.days, day.toordinal() - 1))
        return begun, bisect_left(self.days, oldest)


def _first(statement: Statement) -> date:
    assert statement.when is not None  # noqa: S101 - only dated statements are arranged by date
    return statement.when.first


class Knowing:
    """What is known of the patient of one case."""

    def __init__(self, case: Case, catalogue: Catalogue) -> None:
        """Arrange what the record says by fact."""
        self.case, self.catalogue = case, catalogue
        self._recorded = {
            name: _Recorded(catalogue[name], statements) for name, statements in _by_fact(case.statements).items()
        }

    def known(self, more: Iterable[Statement], day: date) -> dict[str, Settled]:
        """Every fact that is known with a view to a request, which states ``more``, on the day it was written."""
        beside = _by_fact(more)
        settled = {name: self._one(name, beside, day) for name in sorted({*self._recorded, *beside})}
        return derive(settled, self.catalogue, day)

    def answers(self, more: Iterable[Statement], day: date, facts: frozenset[str]) -> dict[str, Settled]:
        """Some facts as they are settled, with all that was set aside, before anything is derived."""
        return settle((one for one in (*self.case.statements, *more) if one.fact in facts), self.catalogue, day)

    def _one(self, name: str, beside: Mapping[str, Sequence[Statement]], day: date) -> Settled:
        own = self._recorded.get(name)
        if name not in beside:
            assert own is not None  # noqa: S101 - a fact is spoken of here or there
            return own.settled(day)
        statements = [*(own.statements if own else ()), *beside[name]]
        return settle_fact(self.catalogue[name], as_of(statements, day), day)


def _by_fact(statements: Iterable[Statement]) -> dict[str, list[Statement]]:
    found: dict[str, list[Statement]] = defaultdict(list)
    for one in statements:
        found[one.fact].append(one)
    return dict(found)
