"""Floor 2: criteria as data: rule text, rule tree, three-valued truth with a trace, and exact relevant unknowns."""

from ivigil.criteria.compiled import Variables, compile_tree, relevant_unknowns
from ivigil.criteria.evaluate import Extents, Trace, evaluate
from ivigil.criteria.forest import Forest, Residual
from ivigil.criteria.lint import lint
from ivigil.criteria.parse import RuleError, parse_rule
from ivigil.criteria.partition import Partition, ValueClass, described, partition
from ivigil.criteria.stored import restore, store
from ivigil.criteria.tree import Tree, facts_of, leaves, written
from ivigil.criteria.truth import Truth, conjunction, disjunction, negation, restricted

__all__ = [
    "Extents",
    "Forest",
    "Partition",
    "Residual",
    "RuleError",
    "Trace",
    "Tree",
    "Truth",
    "ValueClass",
    "Variables",
    "compile_tree",
    "conjunction",
    "described",
    "disjunction",
    "evaluate",
    "facts_of",
    "leaves",
    "lint",
    "negation",
    "parse_rule",
    "partition",
    "relevant_unknowns",
    "restore",
    "restricted",
    "store",
    "written",
]
