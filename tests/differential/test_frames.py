"""The row evaluator and every engine of tables find the same truth and the same answers within reach."""

from __future__ import annotations

import random
from collections.abc import Iterator
from functools import reduce

import pytest
from hypothesis import settings
from tests.differential.frames_drawn import (
    FACTS,
    Drawn,
    cells_of,
    described,
    drawn,
    engine_named,
    engines,
    kinds_of_facts,
    node_names,
)
from tests.property.rule_strategies import BINARIES, CATALOGUE, COMPARATORS

from ivigil.criteria import Forest, Residual, Tree, Truth, Variables, compile_tree, evaluate, leaves, written
from ivigil.criteria.frames import FactColumns, truth_expression
from ivigil.criteria.tree import IsTrue, Xor
from ivigil.facts import Catalogue, Fact
from ivigil.populations.diagrams import Joined, Joining
from ivigil.populations.reachability import opened, reached, several_open
from ivigil.tables import Engine, Frame

EXAMPLES = min(40, settings.default.max_examples)
RULES_JOINED = 16  # rules that share one joined diagram, as the appraisals of a rule set do
TRUTHS = {True: Truth.MET, False: Truth.NOT_MET, None: Truth.UNKNOWN}


@pytest.fixture(scope="module")
def material() -> Drawn:
    return drawn(EXAMPLES)


@pytest.fixture(scope="module", params=engines())
def engine(request: pytest.FixtureRequest) -> Iterator[Engine]:
    found = engine_named(request.param)
    yield found
    found.stop()


def facts_table(engine: Engine, material: Drawn, keys: tuple[str, ...] = ("",)) -> Frame:
    """One row for each row drawn and each key; ``number`` tells which."""
    kinds = {"number": "whole", "key": "text", **kinds_of_facts(FACTS)}
    values = [(number, key, *cells_of(FACTS, row)) for number, row in enumerate(material.rows) for key in keys]
    return engine.table(kinds, values)


def test_everything_was_drawn(material: Drawn) -> None:
    wanted = {f"Compare {one} {kind}" for one in ("=", "!=") for kind in ("truth", "code", "quantity", "count")}
    wanted |= {f"Compare {one} {kind}" for one in COMPARATORS for kind in ("quantity", "count")}
    wanted |= {f"Member {kind}" for kind in ("truth", "code", "quantity", "count")}
    wanted |= {"IsTrue truth", "Within quantity", "Within count", "Not", *(one.__name__ for one in BINARIES)}
    assert set(node_names(material.rules)) == wanted
    patterns = {described(CATALOGUE[name], extent) for row in material.rows for name, extent in row.items()}
    numbers = {
        f"{kind} {pattern}"
        for kind in ("quantity", "count")
        for pattern in ("unknown", "known", "from", "to", "from to")
    }
    codes = {f"code {pattern}" for pattern in ("unknown", "known", "several", "one of one")}
    assert patterns >= {"truth unknown", "truth known", *codes, *numbers}
    for fact in FACTS:  # and beside each fact that is unknown there are others that are known
        assert any(row[fact.id] is None and any(row.values()) for row in material.rows)


def rules_for(engine: Engine, material: Drawn) -> list[Tree]:
    """All rules; of Spark, which compiles each expression, one in eight and one for each kind of node."""
    return some_rules(material) if engine.name == "spark" else material.rules


def some_rules(material: Drawn) -> list[Tree]:
    first = {name: tree for tree in reversed(material.rules) for name in node_names([tree])}
    return list(dict.fromkeys([*first.values(), *material.rules[::8]]))


def test_spark_is_asked_of_every_kind_of_node_too(material: Drawn) -> None:
    assert set(node_names(some_rules(material))) == set(node_names(material.rules))


def test_a_rule_has_the_same_truth_in_every_row(engine: Engine, material: Drawn) -> None:
    frame = facts_table(engine, material)
    columns = FactColumns(CATALOGUE, kinds_of_facts(FACTS))
    some = rules_for(engine, material)
    rules = {f"rule {index}": truth_expression(tree, columns) for index, tree in enumerate(some)}
    found = {number: truths for number, *truths in engine.rows(frame.select("number", **rules))}
    assert len(found) == len(material.rows)
    for number, row in enumerate(material.rows):
        expected = [evaluate(tree, row).truth for tree in some]
        differing = [
            (written(tree), row, truth, one)
            for tree, truth, one in zip(some, found[number], expected, strict=True)
            if TRUTHS[truth] is not one
        ]
        assert differing == []


class Rule:
    """A rule with its own diagram."""

    def __init__(self, tree: Tree, catalogue: Catalogue = CATALOGUE) -> None:
        self.tree = tree
        self.variables = Variables([tree], catalogue)
        self.forest = Forest(self.variables.arities)
        self.root = compile_tree(tree, self.forest, self.variables)

    def residual(self, row: object) -> Residual:
        return Residual(self.forest, self.root, self.variables.allowed(row))  # type: ignore[arg-type]

    def support(self, row: object) -> set[str]:
        return {self.variables.partitions[level].fact for level in self.residual(row).support()}


def together(rules: list[Rule]) -> Joined:
    joining = Joining()
    for index, rule in enumerate(rules):
        place = joining.diagram(rule.forest, rule.root, rule.variables.partitions, "holds")
        joining.start(str(index), place)
    return joining.joined()


def test_what_can_be_reached_is_the_same_in_every_row(engine: Engine, material: Drawn) -> None:
    longest = sorted(material.rules, key=lambda tree: (-len(list(leaves(tree))), written(tree)))
    rules = [Rule(tree) for tree in longest[:RULES_JOINED]]
    joined = together(rules)
    frame = facts_table(engine, material, tuple(str(index) for index in range(len(rules))))
    columns = FactColumns(CATALOGUE, kinds_of_facts(FACTS))
    known = frame.select("number", "key", **opened(joined, columns)).with_columns(**several_open(joined, "holds"))
    found = reached(known, joined, ("number", "key"), key="key", ways_to="holds")
    labels, unsure = found.labels("holds"), dict(found.undecided("holds"))
    answers = engine.rows(found.frame.select("number", "key", **labels, **unsure))
    assert len(answers) == len(rules) * len(material.rows)
    for number, key, *truths in answers:
        rule, row = rules[int(str(key))], material.rows[int(str(number))]
        names = [*labels, *unsure]
        reachable = {name for name, truth in zip(names, truths, strict=True) if truth}
        assert reachable & set(labels) == {str(one) for one in rule.residual(row).labels}, written(rule.tree)
        assert rule.support(row) <= reachable, written(rule.tree)


LAYERS = 24
WINDING = Catalogue({f"f{number}": Fact(f"f{number}", "A fact", "truth", "group", "?") for number in range(LAYERS)})


def test_a_diagram_of_many_layers_is_walked_once(engine: Engine) -> None:
    """Each layer leads to both places of the next, so that an engine that spelled out each way would never end."""
    tree: Tree = reduce(Xor, map(IsTrue, WINDING.facts))
    rule = Rule(tree, WINDING)
    joined = together([rule])
    rng = random.Random(LAYERS)  # noqa: S311 - no secret
    rows = [[rng.random() < 0.5 for _ in WINDING.facts] for _ in range(20)]
    kinds = {"number": "whole", "key": "text", **dict.fromkeys(WINDING.facts, "truth")}
    values = [(number, "0", *row) for number, row in enumerate(rows)]
    values += [(number + 20, "0", None, *row[1:]) for number, row in enumerate(rows)]
    frame = engine.table(kinds, values).select("number", "key", **opened(joined, FactColumns(WINDING, kinds)))
    found = reached(frame, joined, ("number",), key="key")
    labels = found.labels("holds")
    answers = {number: truths for number, *truths in engine.rows(found.frame.select("number", **labels))}
    odd = [str(sum(row) % 2 == 1) for row in rows]
    expected = [[label == one for label in labels] for one in odd] + [[True] * len(labels)] * len(rows)
    assert [answers[number] for number in range(len(values))] == expected


def test_columns_that_are_not_there_are_unknown(engine: Engine, material: Drawn) -> None:
    some = material.rules[-RULES_JOINED:]
    here = [fact for fact in FACTS if fact.kind != "quantity"]
    frame = engine.table({"number": "whole", **kinds_of_facts(here)}, [(0, *cells_of(here, material.rows[0]))])
    columns = FactColumns(CATALOGUE, kinds_of_facts(here))
    rules = {f"rule {index}": truth_expression(tree, columns) for index, tree in enumerate(some)}
    (found,) = engine.rows(frame.select("number", **rules))
    row = {fact.id: material.rows[0][fact.id] for fact in here}
    assert [TRUTHS[one] for one in found[1:]] == [evaluate(tree, row).truth for tree in some]  # type: ignore[index]
