"""Rules as expressions of Clinical Quality Language (HL7 CQL 1.5, https://cql.hl7.org), for engines that run it.

What a fact is on a record is for whoever calls to define in CQL: a definition that gives the fact's one value, numbers
in the fact's own unit of the catalogue, and null where it is not known. Then an engine of CQL finds the truth that
ivigil finds of facts that are known or unknown; CQL has nothing between the two, such as a span.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from ivigil.criteria import Tree
from ivigil.criteria.tree import WORDS, And, Compare, Constant, Implies, IsTrue, Leaf, Member, Not, Or, Within, Xor


def quoted(fact: str) -> str:
    """A fact's id as the name of a definition."""
    return f'"{fact}"'


def cql_expression(tree: Tree, named: Callable[[str], str] = quoted) -> str:
    """``tree`` in CQL, each fact written as ``named`` says."""
    match tree:
        case Not(operand):
            return f"not {_operand(operand, named)}"
        case And() | Or() | Xor() | Implies():
            return f"{_operand(tree.left, named)} {WORDS[type(tree)]} {_operand(tree.right, named)}"
        case _:
            return _leaf(tree, named(tree.fact))


def _operand(tree: Tree, named: Callable[[str], str]) -> str:
    """In brackets, since ``not x < 3`` negates x in CQL."""
    text = cql_expression(tree, named)
    return text if isinstance(tree, IsTrue) else f"({text})"


def _leaf(leaf: Leaf, name: str) -> str:
    match leaf:
        case IsTrue():
            return name
        case Compare(_, comparator, constant):
            return f"{name} {comparator} {_constant(constant)}"
        case Within(_, low, high):
            return f"{name} between {_constant(low)} and {_constant(high)}"
        case Member(_, constants):
            return _among(constants, name)


def _among(constants: tuple[Constant, ...], name: str) -> str:
    """One comparison each: CQL finds that null is in no list, where it is unknown whether the fact is among them."""
    return " or ".join(f"({name} = {_constant(one)})" for one in dict.fromkeys(constants))


def _constant(constant: Constant) -> str:
    match constant:
        case bool():
            return "true" if constant else "false"
        case Decimal():
            return f"{constant:f}"
        case _:
            escaped = constant.replace("\\", "\\\\").replace("'", "\\'")
            return f"'{escaped}'"
