"""Whether a table has the columns that judging needs, each of the kind of its fact."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from ivigil.criteria.frames import cell_kinds
from ivigil.documents import BadInput, Fault
from ivigil.populations.compiled import ESTABLISHED, INDICATION, RuleSetDiagram
from ivigil.review.compiled import ORDERED


def check_columns(
    kinds: Mapping[str, str], plan: RuleSetDiagram, keep: Sequence[str], more: Iterable[str] = ()
) -> None:
    """Raise :class:`BadInput` for every column that is absent or of another kind than its fact.

    ``more`` are facts beside those of the rules that may have columns.
    """
    required = {INDICATION: "text", ORDERED: "truth", ESTABLISHED: "truth"}
    wanted: dict[str, str] = dict(required)
    for name in (*plan.facts, *more):
        wanted |= cell_kinds(plan.catalogue[name])
    absent = [name for name in (*required, *keep) if name not in kinds]
    faults = [Fault(f"column {name}", "nothing", f"one of kind {wanted.get(name, 'any')}") for name in absent]
    faults += [
        Fault(f"column {name}", f"values of kind {kinds[name]}", f"{kind}", "Cast it where the table is made.")
        for name, kind in wanted.items()
        if name in kinds and not _fits(kinds[name], kind)
    ]
    if faults:
        raise BadInput(faults)


def _fits(found: str, wanted: str) -> bool:
    return found == wanted or (found == "whole" and wanted == "number")
