"""The rule tree: immutable, typed, checked against the catalogue, free of Python callables.

Every leaf speaks of one fact and compares it with constants in that fact's own unit. That is what makes exact answers
about unknowns possible, and what lets the tree be compiled to data-frame expressions.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from ivigil.units import shown

Comparator = Literal["<", "<=", ">", ">=", "=", "!="]
Constant = bool | Decimal | str


@dataclass(frozen=True)
class IsTrue:
    """The fact, which is a truth, holds."""

    fact: str


@dataclass(frozen=True)
class Compare:
    """The fact compared with one constant in the fact's unit."""

    fact: str
    comparator: Comparator
    constant: Constant
    unit: str | None = None


@dataclass(frozen=True)
class Within:
    """The fact lies between two constants, both included."""

    fact: str
    low: Decimal
    high: Decimal
    unit: str | None = None


@dataclass(frozen=True)
class Member:
    """The fact is one of several constants."""

    fact: str
    constants: tuple[Constant, ...]
    unit: str | None = None


@dataclass(frozen=True)
class Not:
    """The operand does not hold."""

    operand: Tree


@dataclass(frozen=True)
class And:
    """Both operands hold."""

    left: Tree
    right: Tree


@dataclass(frozen=True)
class Or:
    """At least one operand holds."""

    left: Tree
    right: Tree


@dataclass(frozen=True)
class Xor:
    """Exactly one operand holds."""

    left: Tree
    right: Tree


@dataclass(frozen=True)
class Implies:
    """The conclusion (right) holds wherever the premise (left) does."""

    left: Tree
    right: Tree


Leaf = IsTrue | Compare | Within | Member
Binary = And | Or | Xor | Implies
Tree = Leaf | Not | Binary

LEAVES = (IsTrue, Compare, Within, Member)
BINARY: Mapping[str, type[Binary]] = {"and": And, "or": Or, "xor": Xor, "implies": Implies}
WORDS: Mapping[type[Binary], str] = {kind: word for word, kind in BINARY.items()}
# How tightly each node binds in CQL; an operand that binds more loosely stands in brackets.
_BINDING: dict[type, int] = {Implies: 1, Or: 2, Xor: 2, And: 3, Compare: 4, Within: 4, Member: 4, Not: 5, IsTrue: 6}


def leaves(tree: Tree) -> Iterator[Leaf]:
    """The leaves from left to right."""
    if isinstance(tree, LEAVES):
        yield tree
    elif isinstance(tree, Not):
        yield from leaves(tree.operand)
    else:
        yield from leaves(tree.left)
        yield from leaves(tree.right)


def facts_of(tree: Tree) -> tuple[str, ...]:
    """The ids of the facts a rule speaks of, each once, in order of appearance."""
    return tuple(dict.fromkeys(leaf.fact for leaf in leaves(tree)))


def written(tree: Tree) -> str:
    """The rule as text of the rule language; parsing it gives the same tree."""
    match tree:
        case IsTrue(fact):
            return fact
        case Compare(fact, comparator, constant, unit):
            return f"{fact} {comparator} {_constant(constant, unit)}"
        case Within(fact, low, high, unit):
            return f"{fact} between {_constant(low, unit)} and {_constant(high, unit)}"
        case Member(fact, constants, unit):
            return f"{fact} in {{{', '.join(_constant(one, unit) for one in constants)}}}"
        case Not(operand):
            return f"not {_bracketed(operand, _BINDING[Not])}"
        case _:
            binding = _BINDING[type(tree)]
            return f"{_bracketed(tree.left, binding)} {WORDS[type(tree)]} {_bracketed(tree.right, binding + 1)}"


def _bracketed(tree: Tree, binding: int) -> str:
    text = written(tree)
    return f"({text})" if _BINDING[type(tree)] < binding else text


def _constant(constant: Constant, unit: str | None) -> str:
    if isinstance(constant, bool):
        return "true" if constant else "false"
    if isinstance(constant, str):
        return f"'{constant}'"
    number = shown(constant, len(constant.as_tuple().digits))
    return f"{number} '{unit}'" if unit else number
