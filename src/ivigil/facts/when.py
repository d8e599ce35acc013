"""Dates as records hold them: a year, a month, a day or a moment."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import lru_cache

_PARTIAL = re.compile(r"(?P<year>[0-9]{4})(-(?P<month>[0-9]{2})(-(?P<day>[0-9]{2}))?)?")
_MOMENT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]+)?)?(Z|[+-][0-9]{2}:[0-9]{2})?")
# No date needs more characters than this; longer ones are read each time anew rather than kept.
_USUAL_LENGTH = 40


class DateError(ValueError):
    """The text is not a date that a record may hold."""


@dataclass(frozen=True)
class When:
    """The days a date may mean, first to last, and the moment (UTC) where one is given."""

    first: date
    last: date
    moment: datetime | None = None

    @property
    def exact(self) -> bool:
        """Whether the day is known."""
        return self.first == self.last

    def __str__(self) -> str:
        """The date as precisely as it is known."""
        if self.first == self.last:
            return self.first.isoformat()
        same_month = (self.first.year, self.first.month) == (self.last.year, self.last.month)
        return self.first.strftime("%Y-%m") if same_month else f"{self.first.year:04d}"

    @property
    def order(self) -> tuple[date, date, str]:
        """A key that sorts dates oldest first; equal keys cannot be told apart in time."""
        return self.last, self.first, self.moment.isoformat() if self.moment else ""


@lru_cache(maxsize=1024)
def on(day: date) -> When:
    """The one day."""
    return When(day, day)


def parse_when(text: str) -> When:
    """A FHIR ``date`` or ``dateTime``: year, month, day or moment. Raises :class:`DateError` for anything else."""
    try:
        return _remembered(text) if len(text) <= _USUAL_LENGTH else _parsed(text)
    except (ValueError, OverflowError):
        message = f"{text!r} is not a date"
        raise DateError(message) from None


def _parsed(text: str) -> When:
    if _MOMENT.fullmatch(text):
        given = datetime.fromisoformat(text)
        day = given.date()
        return When(day, day, given.astimezone(UTC) if given.tzinfo else None)
    return _partial(text)


# Much of a record bears one date.
_remembered = lru_cache(maxsize=4096)(_parsed)


def _partial(text: str) -> When:
    match = _PARTIAL.fullmatch(text)
    if match is None:
        raise ValueError(text)
    year = int(match["year"])
    if match["month"] is None:
        return When(date(year, 1, 1), date(year, 12, 31))
    month = int(match["month"])
    if match["day"] is None:
        return When(date(year, month, 1), date(year, month, monthrange(year, month)[1]))
    return on(date(year, month, int(match["day"])))


def whole_years(start: date, end: date) -> int:
    """Completed years from ``start`` to ``end``, as an age is counted."""
    return end.year - start.year - ((end.month, end.day) < (start.month, start.day))
