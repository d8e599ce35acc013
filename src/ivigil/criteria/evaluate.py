"""Evaluating a rule for one case, leaving a trace that a person can read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from ivigil.criteria.tree import And, Compare, Constant, Implies, IsTrue, Leaf, Member, Not, Or, Tree, Within, Xor
from ivigil.criteria.truth import Truth, conjunction, disjunction, exclusive, implication, negation, truth_of
from ivigil.facts import Between, Exactly, Extent, OneOf

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
            return Trace(tree, _combined(tree, traces[0].truth, traces[1].truth), traces)
        case _:
            return Trace(tree, leaf_truth(tree, extents.get(tree.fact)))


def _combined(tree: And | Or | Xor | Implies, left: Truth, right: Truth) -> Truth:
    match tree:
        case And():
            return conjunction((left, right))
        case Or():
            return disjunction((left, right))
        case Xor():
            return exclusive(left, right)
        case Implies():
            return implication(left, right)


def leaf_truth(leaf: Leaf, extent: Extent | None) -> Truth:
    """Whether a leaf holds for every value, for none or for some of the values a fact may have."""
    if isinstance(extent, Exactly):
        return truth_of(holds(leaf, extent.value))  # type: ignore[arg-type] # dates never reach a rule
    if isinstance(extent, OneOf):
        found = {holds(leaf, value) for value in extent.values}
        return truth_of(found.pop()) if len(found) == 1 else Truth.UNKNOWN
    if isinstance(extent, Between):
        return _span_truth(leaf, extent)
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
    if comparator == "=":
        return value == constant
    if comparator == "!=":
        return value != constant
    if not isinstance(value, Decimal) or not isinstance(constant, Decimal):
        return False
    return {"<": value < constant, "<=": value <= constant, ">": value > constant, ">=": value >= constant}[comparator]


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
