"""Evaluating a rule for one case, leaving a trace that a person can read."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from ivigil.criteria.tree import (
    And,
    Binary,
    Compare,
    Constant,
    Implies,
    IsTrue,
    Leaf,
    Member,
    Not,
    Or,
    Tree,
    Within,
    Xor,
)
from ivigil.criteria.truth import Truth, conjunction, disjunction, exclusive, implication, negation, truth_of
from ivigil.facts import Between, Exactly, Extent, OneOf
from ivigil.facts.extent import narrowed

Extents = Mapping[str, Extent | None]


@dataclass(frozen=True)
class Trace:
    """One node of a rule, the truth it had, and the traces of its operands."""

    tree: Tree
    truth: Truth
    operands: tuple[Trace, ...] = ()


def evaluate(tree: Tree, extents: Extents) -> Trace:
    """The truth of ``tree`` where each fact has the extent given (absent or ``None``: unknown), with its trace."""
    match tree:
        case Not(operand):
            inner = evaluate(operand, extents)
            return Trace(tree, negation(inner.truth), (inner,))
        case And(left, right) | Or(left, right) | Xor(left, right) | Implies(left, right):
            traces = (evaluate(left, extents), evaluate(right, extents))
            return Trace(tree, CONNECTIVES[type(tree)](traces[0].truth, traces[1].truth), traces)
        case _:
            return Trace(tree, leaf_truth(tree, extents.get(tree.fact)))


# How the truths of two operands combine.
CONNECTIVES: Mapping[type[Binary], Callable[[Truth, Truth], Truth]] = {
    And: lambda left, right: conjunction((left, right)),
    Or: lambda left, right: disjunction((left, right)),
    Xor: exclusive,
    Implies: implication,
}


def leaf_truth(leaf: Leaf, extent: Extent | None) -> Truth:
    """Whether a leaf holds for every value, for none or for some of the values a fact may have."""
    simplest = narrowed(extent) if isinstance(extent, Between) else extent
    match simplest:
        case Exactly(value):
            return truth_of(holds(leaf, value))  # type: ignore[arg-type] # dates never reach a rule
        case OneOf(values):
            found = {holds(leaf, value) for value in values}
            return truth_of(found.pop()) if len(found) == 1 else Truth.UNKNOWN
        case Between():
            return _span_truth(leaf, simplest)
    return Truth.UNKNOWN


def holds(leaf: Leaf, value: Constant) -> bool:
    """Whether a leaf holds for one value of its fact."""
    match leaf:
        case IsTrue():
            return value is True
        case Compare(_, comparator, constant):
            return _compared(value, comparator, constant)
        case Within(_, low, high):
            return isinstance(value, Decimal) and low <= value <= high
        case Member(_, constants):
            return value in constants


def _compared(value: Constant, comparator: str, constant: Constant) -> bool:
    if comparator in _EQUALITY:
        return _EQUALITY[comparator](value, constant)
    both_numbers = isinstance(value, Decimal) and isinstance(constant, Decimal)
    return both_numbers and _ORDER[comparator](value, constant)


_EQUALITY: dict[str, Callable[[Constant, Constant], bool]] = {"=": operator.eq, "!=": operator.ne}
_ORDER: dict[str, Callable[[Any, Any], bool]] = {  # Any: only numbers have an order, and `_compared` sees to it
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def _span_truth(leaf: Leaf, given: Between) -> Truth:
    """A leaf over a span: known where the span lies wholly inside or outside the set for which the leaf holds."""
    match leaf:
        case Compare(_, comparator, Decimal() as constant):
            if comparator in {"=", "!="}:
                apart = _outside(given, constant, constant)
                return (Truth.NOT_MET if comparator == "=" else Truth.MET) if apart else Truth.UNKNOWN
            return _ordered(given, comparator, constant)
        case Within(_, low, high):
            inside = conjunction((_ordered(given, ">=", low), _ordered(given, "<=", high)))
            return Truth.NOT_MET if _outside(given, low, high) else inside
        case Member(_, constants):
            apart = all(isinstance(one, Decimal) and _outside(given, one, one) for one in constants)
            return Truth.NOT_MET if apart else Truth.UNKNOWN
    return Truth.UNKNOWN


def _ordered(given: Between, comparator: str, constant: Decimal) -> Truth:
    """``<`` and its kin over a span; ``>`` is the negation of ``<=`` and ``>=`` of ``<``."""
    if comparator[0] == ">":
        return negation(_ordered(given, "<" if comparator == ">=" else "<=", constant))
    strict = comparator == "<"
    high, low = given.high, given.low
    if high is not None and (high < constant or (high == constant and (not strict or given.high_open))):
        return Truth.MET
    if low is not None and (low > constant or (low == constant and (strict or given.low_open))):
        return Truth.NOT_MET
    return Truth.UNKNOWN


def _outside(given: Between, low: Decimal, high: Decimal) -> bool:
    """Whether no value of the span lies between ``low`` and ``high``."""
    below = given.high is not None and (given.high < low or (given.high == low and given.high_open))
    above = given.low is not None and (given.low > high or (given.low == high and given.low_open))
    return below or above
