"""Floor 6: whole cohorts judged by the rules that judge one case, over tables of any size."""

from ivigil.populations.compiled import RuleSetDiagram, compile_rule_set
from ivigil.populations.filling import filled
from ivigil.populations.planned import planned, planned_kinds
from ivigil.populations.planned_rows import planned_in, planned_of
from ivigil.populations.rows import known_cells, known_kinds, known_of, missing_in, reach_of, row_of
from ivigil.populations.verdicts import RESULTS, judged

__all__ = [
    "RESULTS",
    "RuleSetDiagram",
    "compile_rule_set",
    "filled",
    "judged",
    "known_cells",
    "known_kinds",
    "known_of",
    "missing_in",
    "planned",
    "planned_in",
    "planned_kinds",
    "planned_of",
    "reach_of",
    "row_of",
]
