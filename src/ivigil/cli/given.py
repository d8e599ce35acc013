"""What several commands are given alike: a day, and faults that are gathered so as to be told at once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import TypeVar

from ivigil.documents import BadInput, Fault

T = TypeVar("T")


def gathered(faults: list[Fault], attempt: Callable[[], T]) -> T | None:
    """What ``attempt`` gives, or ``None`` with its faults added: all faults are told at once."""
    try:
        return attempt()
    except BadInput as error:
        faults += error.faults
        return None


def day(given: str | None) -> date:
    """The day of ``--today``, or the clock's."""
    if given is None:
        return datetime.now().astimezone().date()
    try:
        return date.fromisoformat(given)
    except ValueError:
        raise BadInput([Fault("--today", repr(given), "a date such as 2026-11-20")]) from None
