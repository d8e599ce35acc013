"""What an audit of a cohort goes by: from which use on a treatment is looked at, and which figures are not shown."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import ClassVar

from ivigil.knowledge.records import Passage

_STRICT = {"extra": "forbid"}


@dataclass(frozen=True)
class HighUse:
    """A programme's flag: more than ``above_g`` grams within ``in_months`` months for one indication of one patient."""

    id: str
    title: str
    programme: str
    indication: str
    above_g: Decimal
    in_months: int
    passage: Passage
    note: str | None = None

    __pydantic_config__: ClassVar[dict[str, str]] = _STRICT


@dataclass(frozen=True)
class Disclosure:
    """Which figures a report does not show: those of 1 to ``hide_up_to`` patients; counts are rounded to ``round_to``.

    ``valid_from`` is the day on which the body that is cited adopted both figures.
    """

    id: str
    title: str
    text: str
    hide_up_to: int
    round_to: int
    valid_from: date
    passage: Passage
    rounding_passage: Passage
    note: str | None = None

    __pydantic_config__: ClassVar[dict[str, str]] = _STRICT
