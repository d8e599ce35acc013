"""Expressions over the columns of a table, with Kleene's three-valued logic on nullable truths.

An expression is narwhals': ``&``, ``|`` and ``~`` are Kleene's *and*, *or* and *not* on every engine, and a comparison
with an unknown is unknown. What needs a definite truth is made from one by :func:`certainly` or :func:`possibly`,
because ``when`` takes an unknown condition for one that does not hold.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal

import narwhals as nw

Expr = nw.Expr
Frame = nw.LazyFrame[Any]  # Any: the engine's own table, which differs from engine to engine
Kind = Literal["truth", "number", "whole", "text"]
Value = bool | float | int | str | None

_TYPES: Mapping[Kind, nw.dtypes.DType] = {
    "truth": nw.Boolean(),
    "number": nw.Float64(),
    "whole": nw.Int64(),
    "text": nw.String(),
}


def column(name: str) -> Expr:
    """The column of this name, as :func:`name_of` spells it."""
    return nw.col(name_of(name))


def name_of(text: str) -> str:
    """A text as the name of a column on every engine: Spark reads a dot as the way into a structure."""
    return text.replace(".", ",")


def literal(value: Value) -> Expr:
    """The same known value in every row."""
    return nw.lit(value)


def unknown(kind: Kind) -> Expr:
    """A value of this kind that is unknown in every row."""
    return nw.lit(None, dtype=_TYPES[kind])


def certainly(truth: Expr) -> Expr:
    """Whether ``truth`` is known to hold: definite in every row."""
    return truth.fill_null(value=False)


def possibly(truth: Expr) -> Expr:
    """Whether ``truth`` holds or is unknown: definite in every row."""
    return truth.fill_null(value=True)


def every(truths: Sequence[Expr]) -> Expr:
    """``and`` of several truths; of none: true."""
    return _halved(truths, conjunctive=True) if truths else literal(value=True)


def some(truths: Sequence[Expr]) -> Expr:
    """``or`` of several truths; of none: false."""
    return _halved(truths, conjunctive=False) if truths else literal(value=False)


def _halved(truths: Sequence[Expr], *, conjunctive: bool) -> Expr:
    """Combined in halves: a chain of hundreds would be nested as deep, and engines walk expressions recursively."""
    if len(truths) == 1:
        return truths[0]
    middle = len(truths) // 2
    left = _halved(truths[:middle], conjunctive=conjunctive)
    right = _halved(truths[middle:], conjunctive=conjunctive)
    return left & right if conjunctive else left | right


def decided(holds: Expr, fails: Expr) -> Expr:
    """A truth: known where one of two definite truths, which exclude each other, is true."""
    return nw.when(holds | fails).then(holds)


def where(condition: Expr, then: Expr) -> Expr:
    """``then`` where a definite condition holds, unknown elsewhere."""
    return nw.when(condition).then(then)


def first_known(values: Iterable[Expr]) -> Expr:
    """The first of several values that is known."""
    found = tuple(values)
    return found[0] if len(found) == 1 else nw.coalesce(*found)


def one_of(value: Expr, choices: Sequence[str]) -> Expr:
    """Whether a text is one of ``choices``; unknown where the text is."""
    return value.is_in(list(choices)) if choices else value != value  # noqa: PLR0124 - false, and unknown where it is


def has_bit(mask: Expr, place: int) -> Expr:
    """Whether a whole number from zero on has the bit at ``place`` set; arithmetic, since engines spell bits apart."""
    return (mask // (1 << place)) % 2 == 1


def count(truths: Sequence[Expr]) -> Expr:
    """How many of several definite truths hold, as a whole number."""
    total = truths[0].cast(nw.Int64)
    for truth in truths[1:]:
        total = total + truth.cast(nw.Int64)
    return total


def joined_text(parts: Sequence[Expr], separator: str) -> Expr:
    """The known ones among several texts, in order."""
    return nw.concat_str(list(parts), separator=separator, ignore_nulls=True)


def kinds_of(frame: Frame) -> dict[str, str]:
    """The columns of a table: each one's kind, or the name of a type that is none of the four."""
    return {name: _kind(dtype) for name, dtype in frame.collect_schema().items()}


def _kind(dtype: nw.dtypes.DType) -> str:
    if dtype.is_integer():
        return "whole"
    if dtype.is_float():
        return "number"
    found = next((kind for kind, one in _TYPES.items() if dtype == one), None)
    return found or str(dtype)
