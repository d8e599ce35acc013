"""A rule set compiled once into one diagram over the columns of a table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from ivigil.criteria import Partition, Truth, evaluate, facts_of, partition
from ivigil.facts import Catalogue, Exactly, Fact
from ivigil.knowledge import Appraisal, Library, RuleSet, VerdictName, VerdictRow, has
from ivigil.populations.diagrams import Joined, Joining
from ivigil.review import Judge
from ivigil.review.compiled import ORDERED, Compiled

# The columns that every table of requests has: which indication is asked for, empty where none is named; and whether
# the patient has it, as the record bears it out.
INDICATION = "indication"
ESTABLISHED = "established"
# What stands for a row's indication where the rule set has no appraisal of it. No id holds a space.
NOTHING, UNLISTED = "nothing asked", "not appraised"
_ASKED = "Is the diagnosis established and current?"
_ESTABLISHED = Fact(ESTABLISHED, "Diagnosis of the indication asked for", "truth", "diagnosis", _ASKED)
ROW, VERDICT, STANDING = "row", "verdict", "standing"


@dataclass(frozen=True)
class RuleSetDiagram:
    """The joined diagrams of a rule set: ways to the row of the verdict table, to the verdict and to the standing."""

    library: Library
    rules: RuleSet
    joined: Joined

    @property
    def catalogue(self) -> Catalogue:
        """Every fact that a column may hold."""
        return self.library.askable.extended({ESTABLISHED: _ESTABLISHED})

    @property
    def appraised(self) -> tuple[str, ...]:
        """The indications that the rule set appraises."""
        return tuple(self.rules.appraisals)

    @property
    def appraisals(self) -> tuple[Appraisal, ...]:
        """What it says of them."""
        return tuple(self.rules.appraisals.values())

    @property
    def verdicts(self) -> tuple[VerdictName, ...]:
        """The verdicts in the order of the table."""
        return tuple(dict.fromkeys(row.verdict for row in self.library.verdicts.rows))

    @property
    def facts(self) -> tuple[str, ...]:
        """The columns on which an answer can depend, in the order in which they are asked for."""
        asked = (question.fact for question in self.joined.questions)
        return tuple(dict.fromkeys((*asked, *self._of_exceptions())))

    def _of_exceptions(self) -> Iterator[str]:
        """Those of the exceptions; an exception may give the standing there is anyhow, and still not its level."""
        for appraisal in self.appraisals:
            for exception in appraisal.standing_exceptions:
                for fact in facts_of(self.library.trees[exception.when]):
                    yield ESTABLISHED if fact == has(appraisal.indication) else fact


def compile_rule_set(rules: RuleSet, judge: Judge) -> RuleSetDiagram:
    """``rules`` as one diagram, from the very diagrams by which ``judge`` decides single cases."""
    joining = Joining()
    for indication, appraisal in rules.appraisals.items():
        _join(joining, indication, judge.compiled(rules, appraisal))
    _join_unlisted(joining, rules, judge.library)
    return RuleSetDiagram(judge.library, rules, joining.joined())


def _join(joining: Joining, indication: str, compiled: Compiled) -> None:
    own = has(indication)
    questions = [
        replace(part, fact=ESTABLISHED) if part.fact == own else part for part in compiled.variables.partitions
    ]
    roots = {ROW: compiled.rows, VERDICT: compiled.verdicts, STANDING: compiled.standings}
    for tag, root in roots.items():
        joining.start(indication, joining.diagram(compiled.forest, root, questions, tag))


def _join_unlisted(joining: Joining, rules: RuleSet, library: Library) -> None:
    """Requests of which the rule set does not speak: only whether immunoglobulin is ordered matters."""
    nothing = _row(library, asked="nothing")
    asked = _row(library, asked="indication", scope=rules.head.scope, standing="unlisted")
    ordered = partition(library.askable[ORDERED], ())
    for tag, labels in ((ROW, (asked.id, nothing.id)), (VERDICT, (asked.verdict, nothing.verdict))):
        yes, no = (joining.answer((tag, label)) for label in labels)
        joining.start(UNLISTED, joining.branch(ordered, _by_truth(ordered, yes, no)))
        joining.start(NOTHING, no)
    for key in (UNLISTED, NOTHING):
        joining.start(key, joining.answer((STANDING, "unlisted")))


def _by_truth(part: Partition, yes: int, no: int) -> list[int]:
    return [yes if one.example is True else no for one in part.classes]


def _row(library: Library, **columns: str) -> VerdictRow:
    """The row that holds for column values that need no facts; the table is checked to have exactly one."""
    given: Mapping[str, Exactly] = {name: Exactly(value) for name, value in columns.items()}
    trees = library.column_trees
    return next(row for row in library.verdicts.rows if evaluate(trees[row.when], given).truth is Truth.MET)
