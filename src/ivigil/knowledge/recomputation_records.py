"""A figure of a claim that can be computed again."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar, Literal

from ivigil.knowledge.records import Passage
from ivigil.knowledge.study_records import MeasureOfStudy

_STRICT = {"extra": "forbid"}


@dataclass(frozen=True)
class TwoByTwoStated:
    """A two-by-two table that a claim states: events and participants of two groups."""

    events_a: int
    n_a: int
    events_b: int
    n_b: int

    __pydantic_config__: ClassVar[dict[str, str]] = _STRICT


@dataclass(frozen=True)
class Recomputation:
    """One figure of a claim that can be computed again from figures its source, or its check's source, prints.

    ``kind`` names the arithmetic, ``stated`` the figures that should come out, in its order:

    - ``absolute from ratio``: ``risk`` times ``ratio`` (estimate, low, high); ``risk`` between 0 and 1.
    - ``symmetric interval``: the middle of ``interval`` (low, high) on the scale of ``measure``.
    - ``p value``: of ``table`` by ``test``.
    - ``proportion``: events over participants of ``table``'s groups, in per cent.
    - ``p from interval``: two-sided, from ``interval`` around the first of ``ratio`` on the scale of ``measure``.
    - ``difference of means``: ``means`` (mean, sd, n; mean, sd, n) give the difference and its p value by Student's t.
    """

    id: str
    claim: str
    kind: Literal[
        "absolute from ratio",
        "symmetric interval",
        "p value",
        "proportion",
        "p from interval",
        "difference of means",
    ]
    text: str
    stated: tuple[Decimal, ...]
    passage: Passage
    risk: Decimal | None = None
    ratio: tuple[Decimal, ...] = ()
    interval: tuple[Decimal, ...] = ()
    measure: MeasureOfStudy | None = None
    table: TwoByTwoStated | None = None
    test: Literal["chi-squared", "chi-squared with continuity correction", "Fisher"] | None = None
    means: tuple[Decimal, ...] = ()
    finds: Literal["confirmed", "differs"] = "confirmed"
    note: str | None = None

    __pydantic_config__: ClassVar[dict[str, str]] = _STRICT
