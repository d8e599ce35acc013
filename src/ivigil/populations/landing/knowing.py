"""What is known of one patient on many days: what a fact comes to is worked out again only when it may have changed.

From one day to another that changes only where a statement begins to count, because it is no longer dated in the
future, or ceases to, because it has become too old. On days between which neither happens, a fact has the same extent
and rests on the same statements; only what was set aside, and in which words, may differ, and no row holds it.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date

from ivigil.facts import Case, Catalogue, Fact, Settled, Statement, derive, settle
from ivigil.facts.settle import as_of, settle_arranged, settle_fact

# How many statements have begun to count, and how many no longer do.
_Stretch = tuple[int, int]


class _Recorded:
    """What a record says of one fact: its statements in the order of the case, where those without a date are last."""

    def __init__(self, fact: Fact, statements: Sequence[Statement]) -> None:
        """Arrange the statements by the day from which they count."""
        self.fact, self.statements = fact, statements
        self.undated = [one for one in statements if one.when is None]
        self.dated = [one for one in statements if one.when is not None]
        self.dated.sort(key=_first)
        self.days = [_first(one).toordinal() for one in self.dated]
        # A date is implausible while it lies in the future, and what holds now is dated anew every day.
        self.changes_daily = fact.kind == "date" or any(one.undated_is_current for one in self.undated)
        self._is_arranged = [*self.dated, *self.undated] == statements
        self._settled: dict[_Stretch, Settled] = {}

    def settled(self, day: date) -> Settled:
        """What the fact comes to on a day."""
        if self.changes_daily:
            return settle_fact(self.fact, as_of(self.statements, day), day)
        stretch = self._stretch(day)
        found = self._settled.get(stretch)
        if found is None:
            settling = settle_arranged if self._is_arranged else settle_fact
            found = self._settled[stretch] = settling(self.fact, self._counting(stretch), day)
        return found

    def beside(self, stated: Iterable[Statement], day: date) -> Settled:
        """The same together with what a request states."""
        own = self.statements if self.changes_daily else self._counting(self._stretch(day))
        return settle_fact(self.fact, as_of((*own, *stated), day), day)

    def _counting(self, stretch: _Stretch) -> list[Statement]:
        begun, old = stretch
        return [*self.dated[old:begun], *self.undated]

    def _stretch(self, day: date) -> _Stretch:
        today = day.toordinal()
        begun = bisect_right(self.days, today)
        recency = self.fact.recency
        return begun, 0 if recency is None else bisect_left(self.days, today - recency.days)


def _first(statement: Statement) -> date:
    assert statement.when is not None  # noqa: S101 - only dated statements are arranged by date
    return statement.when.first


class Knowing:
    """What is known of the patient of one case."""

    def __init__(self, case: Case, catalogue: Catalogue) -> None:
        """Arrange what the record says by fact."""
        self.case, self.catalogue = case, catalogue
        recorded = _by_fact(case.statements)
        self._recorded = {name: _Recorded(catalogue[name], recorded[name]) for name in sorted(recorded)}
        self._answers: dict[frozenset[str], list[Statement]] = {}

    def known(self, more: Iterable[Statement], day: date) -> dict[str, Settled]:
        """Every fact that is known with a view to a request, which states ``more``, on the day it was written."""
        beside = _by_fact(more)
        settled = {name: one.settled(day) for name, one in self._recorded.items() if name not in beside}
        for name, stated in beside.items():
            recorded = self._recorded.get(name) or _Recorded(self.catalogue[name], [])
            settled[name] = recorded.beside(stated, day)
        return derive(settled, self.catalogue, day)

    def answers(self, more: Iterable[Statement], day: date, facts: frozenset[str]) -> dict[str, Settled]:
        """Some facts as they are settled, with all that was set aside, before anything is derived."""
        if facts not in self._answers:
            self._answers[facts] = [one for one in self.case.statements if one.fact in facts]
        stated = (one for one in more if one.fact in facts)
        return settle((*self._answers[facts], *stated), self.catalogue, day)


def _by_fact(statements: Iterable[Statement]) -> dict[str, list[Statement]]:
    found: dict[str, list[Statement]] = defaultdict(list)
    for one in statements:
        found[one.fact].append(one)
    return dict(found)
