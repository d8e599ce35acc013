"""Joined diagrams share what is equal, and columns are checked before anything is judged."""

from __future__ import annotations

import pytest

from ivigil.criteria import Forest, Partition, ValueClass
from ivigil.documents import BadInput
from ivigil.knowledge import Library, load
from ivigil.populations import RuleSetDiagram, compile_rule_set, judged
from ivigil.populations.diagrams import Branch, Joining
from ivigil.review import Judge
from ivigil.review.compiled import ORDERED
from ivigil.tables import start


def asked(name: str, classes: int) -> Partition:
    return Partition(name, tuple(ValueClass(str(index)) for index in range(classes)))


def diagram(joining: Joining, first: Partition, labels: tuple[str, str]) -> int:
    """``first`` is asked, and where its answer is the first, ``last``."""
    forest = Forest((len(first.classes), 2))
    last = forest.node(1, (forest.terminal(labels[0]), forest.terminal(labels[1])))
    root = forest.node(0, (last, *[forest.terminal(labels[1])] * (len(first.classes) - 1)))
    return joining.diagram(forest, root, (first, asked("last", 2)), "answer")


def test_equal_parts_become_one_node() -> None:
    joining = Joining()
    joining.start("one", diagram(joining, asked("a", 2), ("yes", "no")))
    joining.start("two", diagram(joining, asked("b", 3), ("yes", "no")))
    joined = joining.joined()
    assert [part.fact for part in joined.questions] == ["last", "a", "b"]
    assert len(joined.nodes) == 5  # two answers, the question they share, and one question each
    assert joined.layers()[0] == list(joined.starts)
    assert len(joined.layers()) == 3


def test_the_same_fact_with_other_classes_is_another_question() -> None:
    joining = Joining()
    joining.start("one", diagram(joining, asked("a", 2), ("yes", "no")))
    joining.start("two", diagram(joining, asked("a", 3), ("yes", "no")))
    assert [part.fact for part in joining.joined().questions] == ["last", "a", "a"]


def test_ways_lead_from_each_node_to_its_answers() -> None:
    joining = Joining()
    joining.start("one", diagram(joining, asked("a", 2), ("yes", "no")))
    joined = joining.joined()
    for place, entries in joined.entries.items():
        for source, question, index in entries:
            node = joined.nodes[source]
            assert isinstance(node, Branch)
            assert (node.question, node.children[index]) == (question, place)
    assert {place for place, _ in joined.branches_to("answer")} == {place for place, _ in joined.branches()}
    assert list(joined.branches_to("another")) == []


@pytest.fixture(scope="module")
def library() -> Library:
    return load()


@pytest.fixture(scope="module")
def plan(library: Library) -> RuleSetDiagram:
    return compile_rule_set(library.rule_sets["australia-excerpt"], Judge(library))


def test_every_unfit_column_is_told_at_once(plan: RuleSetDiagram) -> None:
    frame = start("polars").table({"indication": "whole", ORDERED: "text"}, [])
    with pytest.raises(BadInput) as caught:
        judged(frame, plan, ["number"])
    assert {fault.where for fault in caught.value.faults} == {
        "column established",
        "column immunoglobulin_ordered",
        "column indication",
        "column number",
    }


def test_a_table_without_facts_needs_information_or_a_panel(plan: RuleSetDiagram) -> None:
    engine = start("polars")
    kinds = {"indication": "text", ORDERED: "truth", "established": "truth"}
    frame = engine.table(kinds, [(None, True, None), ("no such disease", True, None), (plan.appraised[0], True, True)])
    found = engine.rows(judged(frame, plan, ["indication"], missing=False).select("indication", "verdict"))
    assert found[:2] == [(None, "needs-information"), ("no such disease", "panel-review")]


def test_an_empty_table_gives_an_empty_answer(plan: RuleSetDiagram) -> None:
    engine = start("polars")
    kinds = {"indication": "text", ORDERED: "truth", "established": "truth"}
    assert engine.rows(judged(engine.table(kinds, []), plan)) == []
