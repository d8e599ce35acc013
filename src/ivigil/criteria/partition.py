"""Partitions: the values of a fact in as few classes as a rule can tell apart.

Two values in one class make every leaf of the rule agree, so a rule over infinitely many values is a function of
finitely many classes. Classes that hold no plausible value are left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal, localcontext
from itertools import pairwise

from ivigil.criteria.tree import Compare, Constant, IsTrue, Leaf, Member, Within
from ivigil.facts import Between, Exactly, Extent, Fact, OneOf
from ivigil.units import shown

_ROOM = 200  # more digits than the middle of two sane amounts can have
_SHOWN_DIGITS = 12


@dataclass(frozen=True)
class ValueClass:
    """A set of values that a rule does not tell apart: a span of numbers, or codes or truths; with one of them."""

    example: Constant
    span: Between | None = None
    values: frozenset[Constant] = frozenset()


@dataclass(frozen=True)
class Partition:
    """The classes of one fact, in ascending order for numbers; ``whole`` where only whole numbers are meant."""

    fact: str
    classes: tuple[ValueClass, ...]
    whole: bool = False

    def allowed(self, extent: Extent | None) -> tuple[int, ...]:
        """The indices of the classes that hold a value of ``extent``; never none.

        An unknown fact may be in any class, and so may one of which something wholly implausible is said. A known
        value outside the plausible range never gets here: settling has set it aside.
        """
        if isinstance(extent, Exactly):
            return (self.index(extent.value),)  # type: ignore[arg-type] # dates never reach a rule
        every = tuple(range(len(self.classes)))
        if self.whole and isinstance(extent, Between):
            extent = _whole(extent)
        return every if extent is None else tuple(i for i in every if _meets(self.classes[i], extent)) or every

    def index(self, value: Constant) -> int:
        """The class that holds ``value``."""
        for index, one in enumerate(self.classes):
            if _holds(one, value):
                return index
        message = f"{value!r} is no value of {self.fact}"
        raise ValueError(message)


def partition(fact: Fact, leaves: Iterable[Leaf]) -> Partition:
    """The classes of ``fact`` that ``leaves`` tell apart."""
    if fact.is_number:
        return Partition(fact.id, tuple(_numbers(fact, _cuts(leaves))), whole=fact.kind == "count")
    values: tuple[Constant, ...] = (True, False) if fact.kind == "truth" else fact.option_ids()
    return Partition(fact.id, tuple(ValueClass(value, values=frozenset([value])) for value in values))


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


def _numbers(fact: Fact, cuts: list[Cut]) -> Iterator[ValueClass]:
    first = (fact.range.min, False) if fact.range else None
    last = (fact.range.max, True) if fact.range else None
    inner = [cut for cut in cuts if (first is None or cut > first) and (last is None or cut < last)]
    for start, end in pairwise([first, *inner, last]):
        given = _span(start, end)
        span = _whole(given) if fact.kind == "count" else given
        if span is not None:
            yield ValueClass(_example(span), span=span)


def _span(start: Cut | None, end: Cut | None) -> Between:
    low, low_open = start or (None, False)
    high, above = end or (None, True)
    return Between(low, high, low_open=low_open, high_open=not above)


def _whole(span: Between) -> Between | None:
    """The whole numbers of ``span``, from the first to the last; ``None`` if there are none."""
    low, high = span.low, span.high
    if low is not None:
        above = low.to_integral_value(ROUND_CEILING)
        low = above + 1 if span.low_open and above == low else above
    if high is not None:
        below = high.to_integral_value(ROUND_FLOOR)
        high = below - 1 if span.high_open and below == high else below
    return None if low is not None and high is not None and low > high else Between(low, high)


def _example(span: Between) -> Decimal:
    """A value inside a span that is not empty."""
    low, high = span.low, span.high
    if low is not None and not span.low_open:
        return low
    if high is not None and not span.high_open:
        return high
    if low is not None and high is not None:
        # Rounding could put the middle of two close bounds on one of them.
        with localcontext(prec=_ROOM):
            return (low + high) / 2
    if low is not None:
        return low + 1
    return Decimal(0) if high is None else high - 1


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
    words = _span_words(one.span, fact)
    return f"{words} {fact.unit}" if words and fact.unit not in {None, "1"} else words or "any value"


def _word(fact: Fact, value: Constant) -> str:
    return ("yes" if value else "no") if isinstance(value, bool) else fact.label_of(value)


def _span_words(span: Between, fact: Fact) -> str:
    """A span in words, less the ends of the plausible range, which need no saying."""
    if span.low is not None and span.low == span.high:
        return shown(span.low, _SHOWN_DIGITS)
    parts: list[str] = []
    if span.low is not None and not (fact.range and span.low == fact.range.min and not span.low_open):
        parts.append(f"{'above' if span.low_open else 'at least'} {shown(span.low, _SHOWN_DIGITS)}")
    if span.high is not None and not (fact.range and span.high == fact.range.max and not span.high_open):
        parts.append(f"{'below' if span.high_open else 'at most'} {shown(span.high, _SHOWN_DIGITS)}")
    return " and ".join(parts)
