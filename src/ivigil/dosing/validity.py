"""From when and until when a weight rule holds."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Literal

from ivigil.knowledge.dosing_records import WeightRule


@dataclass(frozen=True)
class Validity:
    """Whether a rule holds on a day: ``current``, or ``from`` a later day, or ``until`` an earlier one."""

    state: Literal["current", "from", "until"]
    day: date | None = None


def validity(rule: WeightRule, today: date) -> Validity:
    """Whether ``rule`` holds ``today``; its first and its last day count."""
    if rule.valid_from is not None and rule.valid_from > today:
        return Validity("from", rule.valid_from)
    if rule.valid_to is not None and rule.valid_to < today:
        return Validity("until", rule.valid_to)
    return Validity("current")


def current(rules: Iterable[WeightRule], today: date) -> tuple[WeightRule, ...]:
    """The rules that hold ``today``, in the order given."""
    return tuple(rule for rule in rules if validity(rule, today).state == "current")
