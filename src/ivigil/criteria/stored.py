"""Rule trees as plain JSON values, for the compiled knowledge."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from ivigil.criteria.tree import BINARY, WORDS, Compare, Constant, IsTrue, Member, Not, Tree, Within


def store(tree: Tree) -> list[Any]:
    """``tree`` as nested lists, its operator first."""
    match tree:
        case IsTrue(fact):
            return ["is", fact]
        case Compare(fact, comparator, constant, unit):
            return ["compare", fact, comparator, _out(constant), unit]
        case Within(fact, low, high, unit):
            return ["within", fact, str(low), str(high), unit]
        case Member(fact, constants, unit):
            return ["member", fact, [_out(one) for one in constants], unit]
        case Not(operand):
            return ["not", store(operand)]
        case _:
            return [WORDS[type(tree)], store(tree.left), store(tree.right)]


def restore(stored: list[Any]) -> Tree:
    """The tree that ``store`` wrote."""
    match stored:
        case ["is", fact]:
            return IsTrue(fact)
        case ["compare", fact, comparator, constant, unit]:
            return Compare(fact, comparator, _in(constant), unit)
        case ["within", fact, low, high, unit]:
            return Within(fact, Decimal(low), Decimal(high), unit)
        case ["member", fact, constants, unit]:
            return Member(fact, tuple(_in(one) for one in constants), unit)
        case ["not", operand]:
            return Not(restore(operand))
        case [str(name), left, right] if name in BINARY:
            return BINARY[name](restore(left), restore(right))
    message = f"not a stored rule: {stored!r}"
    raise ValueError(message)


def _out(constant: Constant) -> Any:  # noqa: ANN401 - true, false, or text marked as number or code
    if isinstance(constant, bool):
        return constant
    return {"n": str(constant)} if isinstance(constant, Decimal) else constant


def _in(stored: Any) -> Constant:  # noqa: ANN401
    if isinstance(stored, dict):
        return Decimal(stored["n"])
    return bool(stored) if isinstance(stored, bool) else str(stored)
