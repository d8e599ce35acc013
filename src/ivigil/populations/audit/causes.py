"""Why two rule sets answer one request apart: the standing, an exception or the criteria that come out otherwise."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from ivigil.criteria import Truth
from ivigil.criteria.frames import Cell
from ivigil.knowledge import Appraisal, Criterion, every_criterion
from ivigil.populations.compiled import INDICATION, RuleSetDiagram
from ivigil.populations.rows import reach_of
from ivigil.review import Judge
from ivigil.review.reach import Reach

Kind = Literal["appraisal", "standing", "exception", "criterion", "scope", "verdict table"]
_NONE = "none"


@dataclass(frozen=True)
class Cause:
    """One thing that differs: ``before`` and ``after`` are what it was and is, in words of the answers."""

    kind: Kind
    id: str
    text: str
    before: str
    after: str


@dataclass(frozen=True)
class Side:
    """A rule set with what judges single rows by it."""

    plan: RuleSetDiagram
    judge: Judge

    def appraisal(self, indication: Cell) -> Appraisal | None:
        """What it says of the indication of a row."""
        return self.plan.rules.appraisals.get(str(indication))

    def reach(self, row: Mapping[str, Cell]) -> Reach:
        """What a row of an indication that it appraises can still reach."""
        return reach_of(row, self.plan, self.judge)


def causes(row: Mapping[str, Cell], before: Side, after: Side) -> tuple[Cause, ...]:
    """What makes the answers to ``row`` differ, standing first; only what differs."""
    own = before.appraisal(row[INDICATION]), after.appraisal(row[INDICATION])
    if own[0] is None or own[1] is None:
        said = tuple(_NONE if one is None else one.standing for one in own)
        found: list[Cause] = [Cause("appraisal", str(row[INDICATION]), "the rule set speaks of the indication", *said)]
    else:
        found = list(_between(own[0], own[1], (before.reach(row), after.reach(row))))
    scopes = before.plan.rules.head.scope, after.plan.rules.head.scope
    if scopes[0] != scopes[1]:
        found.append(Cause("scope", after.plan.rules.head.id, "an excerpt never supports a request", *scopes))
    return tuple(found)


def _between(before: Appraisal, after: Appraisal, reaches: tuple[Reach, Reach]) -> Iterator[Cause]:
    if before.standing != after.standing:
        yield Cause("standing", after.indication, after.reason, before.standing, after.standing)
    yield from _differing("exception", _exceptions(before, reaches[0]), _exceptions(after, reaches[1]))
    yield from _differing("criterion", _criteria(before, reaches[0]), _criteria(after, reaches[1]))
    rows = tuple(" or ".join(one.rows) for one in reaches)
    if rows[0] != rows[1]:
        yield Cause("verdict table", "row", "the rows of the verdict table that can hold", *rows)


# By id: the text, and how it comes out.
_Found = Mapping[str, tuple[str, Truth]]


def _exceptions(appraisal: Appraisal, reach: Reach) -> _Found:
    return {one.id: (one.text, reach.rule(one.when)) for one in appraisal.standing_exceptions}


def _criteria(appraisal: Appraisal, reach: Reach) -> _Found:
    """The criteria that hold a rule; a group comes out as they do."""
    ruled = (one for one in _all(appraisal) if one.rule is not None)
    return {one.id: (one.text, reach.criterion(one).truth) for one in ruled}


def _all(appraisal: Appraisal) -> Iterator[Criterion]:
    return every_criterion(appraisal.criteria) if appraisal.criteria is not None else iter(())


def _differing(kind: Kind, before: _Found, after: _Found) -> Iterator[Cause]:
    """What comes out otherwise, is new, or is gone."""
    for name in dict.fromkeys((*before, *after)):
        old, new = before.get(name), after.get(name)
        truths = tuple(_NONE if one is None else one[1].value for one in (old, new))
        if truths[0] != truths[1]:
            text = (new or old or ("", Truth.UNKNOWN))[0]
            yield Cause(kind, name, text, *truths)
