"""One row of a table, looked at by the row evaluator: exactly which facts are missing, and why."""

from __future__ import annotations

from collections.abc import Mapping

from ivigil.criteria.frames import Cell, cells, extent_of
from ivigil.facts import Catalogue, Exactly, Settled
from ivigil.knowledge import has
from ivigil.populations.compiled import ESTABLISHED, INDICATION, RuleSetDiagram
from ivigil.review import Decision, Judge
from ivigil.review.compiled import ORDERED
from ivigil.review.reach import Reach


def row_of(decision: Decision, catalogue: Catalogue) -> dict[str, Cell]:
    """The row of a table that holds what is known in a decision on an indication that a rule set appraises."""
    if decision.indication is None or decision.appraisal is None:
        message = f"the decision on {decision.case} is on no indication that its rule set appraises"
        raise ValueError(message)
    found: dict[str, Cell] = {INDICATION: decision.indication.id}
    for fact_id, settled in decision.known.items():
        found |= cells(catalogue[fact_id], settled.extent)
    return {**found, ORDERED: found.get(ORDERED), ESTABLISHED: found.get(has(decision.indication.id))}


def known_of(row: Mapping[str, Cell], plan: RuleSetDiagram) -> dict[str, Settled]:
    """Every fact of which a row of a table of requests says something."""
    catalogue = plan.library.askable
    columns = {name.partition("__")[0] for name in row} & set(catalogue.facts)
    found = {name: extent_of(catalogue[name], row) for name in columns}
    own = {has(str(row[INDICATION])): extent_of(plan.catalogue[ESTABLISHED], row)}
    return {
        name: Settled(name, extent, why_unknown=None if isinstance(extent, Exactly) else "partly known")
        for name, extent in sorted({**found, **own}.items())
        if extent is not None
    }


def reach_of(row: Mapping[str, Cell], plan: RuleSetDiagram, judge: Judge) -> Reach:
    """What a row of an indication that the rule set appraises can still reach. Raises ``KeyError`` for any other."""
    appraisal = plan.rules.appraisals[str(row[INDICATION])]
    return Reach(judge.compiled(plan.rules, appraisal), judge.library, known_of(row, plan))


def missing_in(row: Mapping[str, Cell], plan: RuleSetDiagram, judge: Judge) -> tuple[str, ...]:
    """The facts that could change the verdict of such a row, exactly, the most decisive first."""
    return tuple(one.shown.fact.id for one in reach_of(row, plan, judge).missing())
