"""Floor 6: whole cohorts judged by the rules that judge one case, over tables of any size.

Its parts are imported when they are first asked for: to land records takes none of those that judge them.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ivigil.populations.compiled import RuleSetDiagram, compile_rule_set
    from ivigil.populations.filling import filled
    from ivigil.populations.planned_columns import planned, planned_kinds
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
_WITHIN = {
    "compiled": ("RuleSetDiagram", "compile_rule_set"),
    "filling": ("filled",),
    "planned_columns": ("planned", "planned_kinds"),
    "planned_rows": ("planned_in", "planned_of"),
    "rows": ("known_cells", "known_kinds", "known_of", "missing_in", "reach_of", "row_of"),
    "verdicts": ("RESULTS", "judged"),
}
_MODULES = {name: f"{__name__}.{module}" for module, names in _WITHIN.items() for name in names}


def __getattr__(name: str) -> Any:  # noqa: ANN401 - whatever is exported
    if name not in _MODULES:
        raise AttributeError(name)
    return getattr(import_module(_MODULES[name]), name)
