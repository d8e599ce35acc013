"""Partitions: the values of a fact in as few classes as a rule can tell apart.

Two values in one class make every leaf of the rule agree, so a rule over infinitely many values is a function of
finitely many classes. Classes that hold no plausible value are left out.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from ivigil.criteria.tree import Compare, Constant, IsTrue, Leaf, Member, Within
from ivigil.facts import Between, Exactly, Extent, Fact, OneOf
from ivigil.units import shown


@dataclass(frozen=True)
class ValueClass:
    """A set of values that a rule does not tell apart: a span of numbers, or codes or truths; with one of them."""

    example: Constant
    span: Between | None = None
    values: frozenset[Constant] = frozenset()


@dataclass(frozen=True)
class Partition:
    """The classes of one fact, in ascending order for numbers."""

    fact: str
    classes: tuple[ValueClass, ...]

    def allowed(self, extent: Extent | None) -> tuple[int, ...]:
        """The indices of the classes that hold a value of ``extent``; all of them for an unknown fact.

        A known value outside the plausible range never gets here: settling has set it aside.
        """
        if extent is None:
            return tuple(range(len(self.classes)))
        if isinstance(extent, Exactly):
            return (self.index(extent.value),)  # type: ignore[arg-type] # dates never reach a rule
        return tuple(index for index, one in enumerate(self.classes) if _meets(one, extent))

    def index(self, value: Constant) -> int:
        """The class that holds ``value``."""
        for index, one in enumerate(self.classes):
            if _holds(one, value):
                return index
        message = f"{value!r} is no value of {self.fact}"
        raise ValueError(message)


def partition(fact: Fact, leaves: Iterable[Leaf]) -> Partition:
    """The classes of ``fact`` that ``leaves`` tell apart."""
    if fact.kind == "truth":
        return Partition(fact.id, tuple(ValueClass(value, values=frozenset([value])) for value in (True, False)))
    if fact.kind == "code":
        return Partition(fact.id, tuple(ValueClass(value, values=frozenset([value])) for value in fact.option_ids()))
    return Partition(fact.id, tuple(_numbers(fact, _cuts(leaves))))


Cut = tuple[Decimal, bool]  # the value, and whether the cut lies just above it


def _cuts(leaves: Iterable[Leaf]) -> list[Cut]:
    found: set[Cut] = set()
    for leaf in leaves:
        match leaf:
            case Compare(_, comparator, Decimal() as constant):
                found |= {(constant, above) for above in (False, True) if comparator in _SIDES[above]}
            case Within(_, low, high):
                found |= {(low, False), (high, True)}
            case Member(_, constants):
                found |= {(one, above) for one in constants if isinstance(one, Decimal) for above in (False, True)}
            case Compare() | IsTrue():
                pass
    return sorted(found)


# Which comparators separate values just below (False) or just above (True) the constant.
_SIDES: dict[bool, frozenset[str]] = {False: frozenset({"<", ">=", "=", "!="}), True: frozenset({"<=", ">", "=", "!="})}


def _numbers(fact: Fact, cuts: list[Cut]) -> list[ValueClass]:
    low, high = (fact.range.min, fact.range.max) if fact.range else (None, None)
    ends: list[Cut | None] = [None if low is None else (low, False), *cuts, None if high is None else (high, True)]
    inner = [cut for cut in ends[1:-1] if cut is not None and _inside(cut, ends[0], ends[-1])]
    found = [_class(fact, start, end) for start, end in pairwise([ends[0], *inner, ends[-1]])]
    return [one for one in found if one is not None]


def _inside(cut: Cut, first: Cut | None, last: Cut | None) -> bool:
    return (first is None or cut > first) and (last is None or cut < last)


def _class(fact: Fact, start: Cut | None, end: Cut | None) -> ValueClass | None:
    low, high = start[0] if start else None, end[0] if end else None
    span = Between(low, high, low_open=bool(start and start[1]), high_open=bool(end and not end[1]))
    example = _example(span, whole=fact.kind == "count")
    return None if example is None else ValueClass(example, span=span)


def _example(span: Between, *, whole: bool) -> Decimal | None:
    """A value inside the span, or ``None`` when it holds none (no whole number between 2 and 3)."""
    low, high = span.low, span.high
    if low is not None and not span.low_open and (not whole or low == low.to_integral_value()):
        return low
    if high is not None and not span.high_open and (not whole or high == high.to_integral_value()):
        return high
    if whole:
        guess = (
            Decimal(0)
            if low is None and high is None
            else (low // 1 + 1 if low is not None else (high or Decimal(0)) // 1 - 1)
        )
        return guess if _in_span(guess, span) else None
    if low is None or high is None:
        return Decimal(0) if low is None and high is None else (high or Decimal(0)) - 1 if low is None else low + 1
    return (low + high) / 2 if low < high else None


def _in_span(value: Decimal, span: Between) -> bool:
    above = span.low is None or value > span.low or (value == span.low and not span.low_open)
    below = span.high is None or value < span.high or (value == span.high and not span.high_open)
    return above and below


def _holds(one: ValueClass, value: Constant) -> bool:
    if one.span is None:
        return value in one.values
    return isinstance(value, Decimal) and _in_span(value, one.span)


def _meets(one: ValueClass, extent: Extent) -> bool:
    if isinstance(extent, OneOf):
        return bool(one.values & extent.values)
    if not isinstance(extent, Between) or one.span is None:
        return False
    return not (_apart(one.span, extent) or _apart(extent, one.span))


def _apart(lower: Between, upper: Between) -> bool:
    """Whether every value of ``lower`` lies below every value of ``upper``."""
    if lower.high is None or upper.low is None:
        return False
    return lower.high < upper.low or (lower.high == upper.low and (lower.high_open or upper.low_open))


def described(one: ValueClass, fact: Fact) -> str:
    """A class in words: ``below 30 10*9/L``, ``yes``, ``failed``."""
    if one.span is None:
        return " or ".join(sorted(_word(fact, value) for value in one.values))
    unit = "" if fact.unit in {None, "1"} else f" {fact.unit}"
    return _span_words(one.span, fact) + unit


def _word(fact: Fact, value: Constant) -> str:
    return ("yes" if value else "no") if isinstance(value, bool) else fact.label_of(value)


def _span_words(span: Between, fact: Fact) -> str:
    low = None if span.low is None or (fact.range and span.low == fact.range.min) else span.low
    high = None if span.high is None or (fact.range and span.high == fact.range.max) else span.high
    if low is not None and low == high:
        return shown(low, 12)
    parts = [] if low is None else [f"{'above' if span.low_open else 'at least'} {shown(low, 12)}"]
    parts += [] if high is None else [f"{'below' if span.high_open else 'at most'} {shown(high, 12)}"]
    return " and ".join(parts) or "any value"
