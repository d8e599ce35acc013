"""Which of several statements are the latest, as far as their dates tell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from ivigil.facts.case import Statement
from ivigil.facts.when import When


def latest(statements: Sequence[Statement]) -> tuple[list[Statement], list[Statement]]:
    """The statements that none is certainly later than, and the others."""
    dated = [one.when for one in statements if one.when]
    moments = [when.moment for when in dated if when.moment]
    newest = _Newest(
        moment=max(moments, default=None),
        day=max((when.first for when in dated), default=None),
        day_without_moment=max((when.first for when in dated if not when.moment), default=None),
    )
    kept: list[Statement] = []
    older: list[Statement] = []
    for one in statements:
        (older if newest.is_after(one.when) else kept).append(one)
    return kept, older


@dataclass(frozen=True)
class _Newest:
    """The latest of several dates: by moment, by day, and by day among those without a moment."""

    moment: datetime | None
    day: date | None
    day_without_moment: date | None

    def is_after(self, when: When | None) -> bool:
        """Whether one of the dates is certainly later: two moments are compared as such, all else by day."""
        if when is None:
            # Nothing tells whether an undated value is older: it stands, and disagrees if it differs.
            return False
        if when.moment is None:
            return self.day is not None and self.day > when.last
        by_moment = self.moment is not None and self.moment > when.moment
        return by_moment or (self.day_without_moment is not None and self.day_without_moment > when.last)
