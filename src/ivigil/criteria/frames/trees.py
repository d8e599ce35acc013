"""A rule as one expression: a truth in every row, unknown where the row evaluator finds it unknown.

A rule is never *not applicable*: that belongs to criteria (see :mod:`ivigil.criteria.truth`).
"""

from __future__ import annotations

from decimal import Decimal

from ivigil.criteria.evaluate import holds
from ivigil.criteria.frames.columns import FactColumns
from ivigil.criteria.frames.spans import equal, ordered, within
from ivigil.criteria.tree import And, Compare, Implies, Leaf, Member, Not, Or, Tree, Within, Xor
from ivigil.tables import Expr, unknown
from ivigil.tables.expressions import certainly, decided, first_known, has_bit, one_of, some


def truth_expression(tree: Tree, columns: FactColumns) -> Expr:
    """Whether ``tree`` holds, by Kleene's logic, in each row of the table that has ``columns``."""
    match tree:
        case Not(operand):
            return ~truth_expression(operand, columns)
        case And(left, right):
            return truth_expression(left, columns) & truth_expression(right, columns)
        case Or(left, right):
            return truth_expression(left, columns) | truth_expression(right, columns)
        case Xor(left, right):
            return truth_expression(left, columns) != truth_expression(right, columns)
        case Implies(left, right):
            return ~truth_expression(left, columns) | truth_expression(right, columns)
        case _:
            return _leaf(tree, columns)


def _leaf(leaf: Leaf, columns: FactColumns) -> Expr:
    fact = columns.fact(leaf.fact)
    if fact.is_number:
        return _number(leaf, columns)
    return _truth(leaf, columns) if fact.kind == "truth" else _code(leaf, columns)


def _truth(leaf: Leaf, columns: FactColumns) -> Expr:
    """A leaf over a truth is that truth, its negation, or the same for both but known only where the fact is."""
    value = columns.value(leaf.fact)
    match holds(leaf, True), holds(leaf, False):  # noqa: FBT003 - the two values of the fact
        case True, False:
            return value
        case False, True:
            return ~value
        case True, True:
            return value | ~value
        case _:
            return value & ~value


def _code(leaf: Leaf, columns: FactColumns) -> Expr:
    """A leaf over a code: known where all possible values agree."""
    value, options = columns.value(leaf.fact), columns.options(leaf.fact)
    exact = _coded(leaf, value)
    if options is None:
        return exact
    places = list(enumerate(columns.fact(leaf.fact).option_ids()))
    bits = {place: certainly(has_bit(options, place)) for place, _ in places}
    kept = some([bits[place] for place, option in places if holds(leaf, option)])
    lost = some([bits[place] for place, option in places if not holds(leaf, option)])
    return first_known((exact, decided(kept & ~lost, lost & ~kept)))


def _coded(leaf: Leaf, value: Expr) -> Expr:
    match leaf:
        case Compare(_, "!=", str() as constant):
            return value != constant
        case Compare(_, _, str() as constant):
            return value == constant
        case Member(_, constants):
            return one_of(value, [one for one in constants if isinstance(one, str)])
    return unknown("truth")


def _number(leaf: Leaf, columns: FactColumns) -> Expr:
    ends = columns.ends(leaf.fact)
    match leaf:
        case Compare(_, "=", Decimal() as constant):
            return equal(ends, constant)
        case Compare(_, "!=", Decimal() as constant):
            return ~equal(ends, constant)
        case Compare(_, comparator, Decimal() as constant):
            return ordered(ends, comparator, constant)
        case Within(_, low, high):
            return within(ends, low, high)
        case Member(_, constants):
            return some([equal(ends, one) for one in constants if isinstance(one, Decimal)])
    return unknown("truth")
