"""An appraisal compiled once into diagrams: facts in, row of the verdict table out, every unknown accounted for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from ivigil.criteria import (
    Forest,
    Tree,
    Truth,
    Variables,
    compile_tree,
    conjunction,
    disjunction,
    restricted,
)
from ivigil.criteria.forest import Node
from ivigil.criteria.tree import Compare, IsTrue
from ivigil.knowledge import Appraisal, Criterion, Library, every_criterion, has, passages_of

Scope = Literal["whole", "excerpt"]
ORDERED = "immunoglobulin_ordered"
PHASE = "request_phase"
RESPONSE = "response_to_immunoglobulin"
_QUALIFYING = {Truth.MET: "met", Truth.NOT_MET: "not-met", Truth.NOT_APPLICABLE: "not-applicable"}
_NO_ROW = ""


@dataclass(frozen=True)
class Compiled:
    """The diagrams of one appraisal: ``rows`` leads to ids of the verdict table, ``verdicts`` to verdicts.

    ``sources`` are the sources that the appraisal cites, its own first.
    """

    forest: Forest
    variables: Variables
    rows: Node
    verdicts: Node
    standings: Node
    criteria: Mapping[str, Node]
    sources: tuple[str, ...]

    @cached_property
    def facts(self) -> tuple[str, ...]:
        """The facts that the verdict can depend on, in the order in which they are asked for."""
        return tuple(one.fact for one in self.variables.partitions)


def compile_appraisal(appraisal: Appraisal, library: Library, scope: Scope = "whole") -> Compiled:
    """The diagrams of ``appraisal`` under the verdict table of ``library``; ``scope`` is that of its rule set."""
    match = has(appraisal.indication)
    trees = list(_rule_trees(appraisal, library))
    asked: list[Tree] = [IsTrue(ORDERED), IsTrue(match), Compare(PHASE, "=", "initial")]
    variables = Variables([*asked, *trees, Compare(RESPONSE, "=", "adequate")], library.askable)
    forest = Forest(variables.arities)
    build = _Building(forest, variables, library)
    criteria = (
        {one.id: build.criterion(one) for one in every_criterion(appraisal.criteria)} if appraisal.criteria else {}
    )
    columns = {
        "asked": build.relabelled(IsTrue(ORDERED), "indication", "nothing"),
        "scope": forest.terminal(scope),
        "standing": build.standing(appraisal, match),
        "qualifying": build.qualifying(appraisal, criteria),
        "phase": build.values(PHASE),
        "response": build.values(RESPONSE),
    }
    rows = build.rows(columns)
    verdict_of = {row.id: row.verdict for row in library.verdicts.rows}
    verdicts = forest.apply(lambda row: verdict_of[row], rows)
    cited = dict.fromkeys(passage.source for passage, _ in passages_of(appraisal))
    sources = tuple(dict.fromkeys((appraisal.passage.source, *cited)))
    return Compiled(forest, variables, rows, verdicts, columns["standing"], criteria, sources)


def _rule_trees(appraisal: Appraisal, library: Library) -> Iterator[Tree]:
    texts = [exception.when for exception in appraisal.standing_exceptions]
    for criterion in every_criterion(appraisal.criteria) if appraisal.criteria else ():
        texts += [text for text in (criterion.applies_when, criterion.rule) if text is not None]
    return (library.trees[text] for text in texts)


class _Building:
    """The parts of a compiled appraisal."""

    def __init__(self, forest: Forest, variables: Variables, library: Library) -> None:
        self.forest = forest
        self.variables = variables
        self.library = library

    def rule(self, text: str) -> Node:
        return compile_tree(self.library.trees[text], self.forest, self.variables)

    def relabelled(self, tree: Tree, yes: str, no: str) -> Node:
        return self.forest.apply(lambda value: yes if value else no, compile_tree(tree, self.forest, self.variables))

    def values(self, fact: str) -> Node:
        """A coded fact as the function of itself."""
        level = self.variables.levels[fact]
        classes = self.variables.partitions[level].classes
        return self.forest.node(level, (self.forest.terminal(one.example) for one in classes))

    def criterion(self, criterion: Criterion) -> Node:
        """How a criterion comes out: met, not met or not applicable."""
        if criterion.rule is not None:
            truth = self.forest.apply(lambda value: Truth.MET if value else Truth.NOT_MET, self.rule(criterion.rule))
        else:
            members = [self.criterion(member) for member in criterion.all_of or criterion.any_of]
            combine = conjunction if criterion.all_of else disjunction
            truth = self.forest.apply(lambda *truths: combine(truths), *members)
        if criterion.applies_when is None:
            return truth
        applies = self.forest.apply(
            lambda value: Truth.MET if value else Truth.NOT_MET, self.rule(criterion.applies_when)
        )
        return self.forest.apply(restricted, applies, truth)

    def qualifying(self, appraisal: Appraisal, criteria: Mapping[str, Node]) -> Node:
        if appraisal.criteria is None:
            return self.forest.terminal("none-stated")
        return self.forest.apply(lambda truth: _QUALIFYING[truth], criteria[appraisal.criteria.id])

    def standing(self, appraisal: Appraisal, match: str) -> Node:
        """The standing: that of the first exception that holds, else the appraisal's; unlisted for another disease."""
        found = self.forest.terminal(appraisal.standing)
        for exception in reversed(appraisal.standing_exceptions):
            other = exception.standing
            found = self.forest.apply(
                lambda holds, rest, other=other: other if holds else rest, self.rule(exception.when), found
            )
        is_it = compile_tree(IsTrue(match), self.forest, self.variables)
        return self.forest.apply(lambda holds, standing: standing if holds else "unlisted", is_it, found)

    def rows(self, columns: Mapping[str, Node]) -> Node:
        """The row of the verdict table that holds."""
        found = self.forest.terminal(_NO_ROW)
        for row in reversed(self.library.verdicts.rows):
            tree = self.library.column_trees[row.when]
            condition = compile_tree(tree, self.forest, self.variables, columns)
            found = self.forest.apply(lambda holds, rest, row=row: row.id if holds else rest, condition, found)
        return found
