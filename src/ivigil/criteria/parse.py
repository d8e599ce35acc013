"""Rule text to rule tree, checked against the catalogue: facts exist, kinds and units fit. Errors show the place."""

from __future__ import annotations

import difflib
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Any

from ivigil.criteria.tree import BINARY, Compare, Constant, IsTrue, Member, Not, Tree, Within
from ivigil.facts import Catalogue, Fact
from ivigil.units import UnitError, convert, is_same, is_sane, parse_unit

_ORDERING = frozenset({"<", "<=", ">", ">="})
_DEEPEST = 200


class RuleError(ValueError):
    """A rule cannot be read; the message shows the place in the rule and what would be right."""

    def __init__(self, rule: str, column: int, problem: str) -> None:
        """Point at ``column`` (counted from 1) of ``rule``."""
        self.rule, self.column, self.problem = rule, column, problem
        super().__init__(f"{problem}\n  {rule}\n  {' ' * (column - 1)}^")


def parse_rule(rule: str, catalogue: Catalogue) -> Tree:
    """The tree that ``rule`` stands for, its constants in the units of the facts. Raises :class:`RuleError`."""
    import lark  # noqa: PLC0415 - only read where rules are read: compiled knowledge holds trees

    text = " ".join(rule.split())
    try:
        parsed = _parser().parse(text)
    except lark.UnexpectedInput as error:
        column = _column(error, text)
        raise RuleError(text, column, _problem(column, text)) from None
    return _Building(text, catalogue).tree(parsed, 0)


@cache
def _parser() -> Any:  # noqa: ANN401 - lark is imported late
    import lark  # noqa: PLC0415

    grammar = files("ivigil.criteria").joinpath("grammar.lark").read_text(encoding="utf-8")
    # The basic lexer reads a whole word before it asks what may stand there: "a orb" is not "a or b".
    return lark.Lark(grammar, parser="lalr", lexer="basic", propagate_positions=True, maybe_placeholders=False)


def _column(error: Any, text: str) -> int:  # noqa: ANN401
    ended = getattr(getattr(error, "token", None), "type", None) == "$END"
    return len(text) + 1 if ended else int(error.column)


def _problem(column: int, text: str) -> str:
    if column > len(text):
        return "the rule ends too early"
    before, rest = text[: column - 1].split(), text[column - 1 :].split(" ", 1)[0]
    if {"is", "exists", "null"} & {rest, *before[-1:]}:
        return "a rule may not ask whether a fact is known: is, exists and null are not part of the language"
    if rest[0] in "<>=!'-0123456789" or rest in {"in", "between", "true", "false"}:
        return f"{rest!r} cannot stand here: a comparison is written as fact, operator, constant"
    return f"{rest!r} cannot stand here"


class _Building:
    """From lark's parse tree to the typed tree, with every name and unit checked."""

    def __init__(self, rule: str, catalogue: Catalogue) -> None:
        self.rule = rule
        self.catalogue = catalogue

    def tree(self, node: Any, depth: int) -> Tree:  # noqa: ANN401 - lark.Tree
        if depth > _DEEPEST:
            raise RuleError(self.rule, 1, "the rule is nested too deep")
        kind = node.data
        if kind in BINARY:
            left, right = (self.tree(child, depth + 1) for child in node.children)
            return BINARY[kind](left, right)
        if kind == "not":
            return self.negated(node.children[0], depth)
        return self.leaf(kind, node.children)

    def negated(self, node: Any, depth: int) -> Tree:  # noqa: ANN401
        if node.data in {"compare", "between", "member"} and not self._in_brackets(node):
            # CQL lets `not` bind tighter than a comparison, which would negate the fact and not the comparison.
            raise RuleError(self.rule, node.meta.column, "write not (…) around a comparison")
        return Not(self.tree(node, depth + 1))

    def _in_brackets(self, node: Any) -> bool:  # noqa: ANN401
        return self.rule[: node.meta.start_pos].rstrip().endswith("(")

    def leaf(self, kind: str, children: list[Any]) -> Tree:
        name = children[0]
        fact = self.fact(name)
        if kind == "fact":
            if fact.kind != "truth":
                raise RuleError(self.rule, name.column, f"{fact.id} is not a truth; compare it with a constant")
            return IsTrue(fact.id)
        if kind == "compare":
            return self.compare(fact, children[1], children[2])
        constants = [self.constant(fact, child) for child in children[1:]]
        if kind == "between":
            return self.within(fact, constants, children[1].meta.column)
        return Member(fact.id, tuple(constants), self.unit(fact))

    def fact(self, name: Any) -> Fact:  # noqa: ANN401 - lark.Token
        if name not in self.catalogue:
            close = difflib.get_close_matches(name, tuple(self.catalogue.facts), n=1)
            hint = f"; did you mean {close[0]}?" if close else ""
            raise RuleError(self.rule, name.column, f"no fact has the id {str(name)!r}{hint}")
        fact = self.catalogue[name]
        if fact.kind == "date":
            raise RuleError(
                self.rule, name.column, f"{fact.id} is a date; use a fact derived from it, in days or years"
            )
        return fact

    def compare(self, fact: Fact, comparator: Any, literal: Any) -> Compare:  # noqa: ANN401
        constant = self.constant(fact, literal)
        if comparator in _ORDERING and not fact.is_number:
            raise RuleError(self.rule, comparator.column, f"{fact.id} has no order; use = or in")
        return Compare(fact.id, str(comparator), constant, self.unit(fact))  # type: ignore[arg-type] # the grammar's comparators

    def within(self, fact: Fact, constants: list[Constant], column: int) -> Within:
        low, high = constants
        if not isinstance(low, Decimal) or not isinstance(high, Decimal) or low > high:
            raise RuleError(
                self.rule, column, "between needs a fact that is a number, then the lower and the upper bound"
            )
        return Within(fact.id, low, high, self.unit(fact))

    @staticmethod
    def unit(fact: Fact) -> str | None:
        return None if not fact.is_number or fact.unit in {None, "1"} else fact.unit

    def constant(self, fact: Fact, literal: Any) -> Constant:  # noqa: ANN401
        kind, column = literal.data, literal.meta.column
        if kind in {"quantity", "number"} and fact.is_number:
            return self.amount(fact, literal, column)
        if kind in {"true", "false"} and fact.kind == "truth":
            return bool(kind == "true")
        if kind == "text" and fact.kind == "code":
            return self.option(fact, str(literal.children[0])[1:-1], column)
        expected = {"truth": "true or false", "code": "one of its options in quotes"}.get(
            fact.kind, f"a number in {fact.unit}"
        )
        raise RuleError(self.rule, column, f"{fact.id} is compared with {expected}")

    def option(self, fact: Fact, value: str, column: int) -> str:
        if value not in fact.option_ids():
            raise RuleError(
                self.rule, column, f"{fact.id} has no option {value!r}; it has {', '.join(fact.option_ids())}"
            )
        return value

    def amount(self, fact: Fact, literal: Any, column: int) -> Decimal:  # noqa: ANN401
        value = Decimal(literal.children[0])
        wanted = fact.unit or "1"
        if literal.data == "quantity":
            value = self.converted(value, str(literal.children[1])[1:-1], fact, column)
        elif not parse_unit(wanted).is_one:
            raise RuleError(self.rule, column, f"{fact.id} has a unit; write for example {value} '{wanted}'")
        if not is_sane(value):
            raise RuleError(self.rule, column, "no measurement has a number of such size or so many digits")
        return value

    def converted(self, value: Decimal, unit: str, fact: Fact, column: int) -> Decimal:
        """``value`` in the unit of ``fact``; refused where rounding would move the threshold."""
        wanted = fact.unit or "1"
        try:
            found = convert(value, unit, wanted)
        except UnitError as error:
            raise RuleError(self.rule, column, f"{error}; {fact.id} is in '{wanted}'") from None
        if not is_same(value, unit, found, wanted):
            problem = f"{value} '{unit}' is no finite number of '{wanted}'; write it in '{wanted}'"
            raise RuleError(self.rule, column, problem)
        return found
