"""One row of a table: what is known of a case put into it, and read out again by the row evaluator.

Beside the cells of facts (see :mod:`ivigil.criteria.frames.cells`) a row holds what doses are worked out from: for each
dose and for the days of infusion a truth ``<fact>__by_weight``, whether the value follows from the recorded weight; and
for each of :data:`MEASURES` a text ``<fact>__exact``, the number to its last digit where no floating-point number holds
it (its other cells then are the narrowest span around it). A body mass index that follows from weight and height is
not written out: it is worked out again.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from ivigil.criteria.frames import Cell, cell_kinds, extent_of
from ivigil.criteria.frames.cells import filled
from ivigil.criteria.frames.numbers import held
from ivigil.facts import Catalogue, Exactly, Extent, Settled, Statement
from ivigil.facts.settle import number
from ivigil.knowledge import has
from ivigil.populations.compiled import ESTABLISHED, INDICATION, RuleSetDiagram
from ivigil.review import Decision, Judge
from ivigil.review.compiled import ORDERED
from ivigil.review.reach import Reach
from ivigil.tables import Kind

WEIGHT = "weight"
DOSES = (
    "request_total_dose_per_kg",
    "request_daily_dose_per_kg",
    "request_total_dose",
    "request_daily_dose",
    "request_infusion_days",
)
MEASURES = (*DOSES, WEIGHT, "height", "pre_pregnancy_weight", "age", "body_mass_index")
BY_WEIGHT, EXACT = "__by_weight", "__exact"


def known_kinds(catalogue: Catalogue) -> dict[str, Kind]:
    """Every column that :func:`known_cells` may fill, with its kind; facts that are dates have none."""
    found = {name: kind for fact in catalogue.facts.values() for name, kind in cell_kinds(fact).items()}
    truths: dict[str, Kind] = {name + BY_WEIGHT: "truth" for name in DOSES}
    texts: dict[str, Kind] = {name + EXACT: "text" for name in MEASURES}
    return {**found, **truths, **texts}


def known_cells(known: Mapping[str, Settled], catalogue: Catalogue) -> dict[str, Cell]:
    """The cells of every known fact; columns of :func:`known_kinds` that are not among them are empty."""
    found: dict[str, Cell] = {}
    for fact_id, settled in known.items():
        extent = settled.extent
        if isinstance(extent, Exactly) and isinstance(extent.value, (bool, str)):
            found[fact_id] = extent.value
        elif extent is not None:
            found.update(filled(catalogue[fact_id], extent))
    measured = {name: known[name] for name in MEASURES if name in known}
    found |= {name + EXACT: exact for name, one in measured.items() if (exact := _exact(one)) is not None}
    doses = {name: one for name, one in measured.items() if name in DOSES and one.extent is not None}
    return found | {name + BY_WEIGHT: one.rests_on(WEIGHT) for name, one in doses.items()}


def _exact(settled: Settled) -> str | None:
    value = number(settled.extent)
    derived = settled.fact == "body_mass_index" and any(one.follows_from for one in settled.used)
    return None if value is None or held(value) is not None or derived else str(value)


def row_of(decision: Decision, catalogue: Catalogue) -> dict[str, Cell]:
    """The row of a table that holds what is known in a decision on an indication that a rule set appraises."""
    if decision.indication is None or decision.appraisal is None:
        message = f"the decision on {decision.case} is on no indication that its rule set appraises"
        raise ValueError(message)
    found = {INDICATION: decision.indication.id, **known_cells(decision.known, catalogue)}
    return {**found, ORDERED: found.get(ORDERED), ESTABLISHED: found.get(has(decision.indication.id))}


def known_of(row: Mapping[str, Cell], plan: RuleSetDiagram) -> dict[str, Settled]:
    """Every fact of which a row of a table of requests says something."""
    catalogue = plan.library.askable
    columns = {name.partition("__")[0] for name in row} & set(catalogue.facts)
    found = {name: _extent(name, row, catalogue) for name in columns}
    if row.get(INDICATION) is not None:
        found[has(str(row[INDICATION]))] = extent_of(plan.catalogue[ESTABLISHED], row)
    return {name: _settled(name, extent, row) for name, extent in sorted(found.items()) if extent is not None}


def _extent(name: str, row: Mapping[str, Cell], catalogue: Catalogue) -> Extent | None:
    exact = row.get(name + EXACT)
    return extent_of(catalogue[name], row) if exact is None else Exactly(Decimal(str(exact)))


def _settled(name: str, extent: Extent, row: Mapping[str, Cell]) -> Settled:
    """A fact as a row knows it; what it rests on goes no further back than to the weight."""
    used: tuple[Statement, ...] = ()
    if row.get(name + BY_WEIGHT):
        weight = Statement(WEIGHT, None, "", "the row")
        used = (Statement(name, extent, "", "the row", follows_from=(weight,)),)
    return Settled(name, extent, used, why_unknown=None if isinstance(extent, Exactly) else "partly known")


def reach_of(row: Mapping[str, Cell], plan: RuleSetDiagram, judge: Judge) -> Reach:
    """What a row of an indication that the rule set appraises can still reach. Raises ``KeyError`` for any other."""
    appraisal = plan.rules.appraisals[str(row[INDICATION])]
    return Reach(judge.compiled(plan.rules, appraisal), judge.library, known_of(row, plan))


def missing_in(row: Mapping[str, Cell], plan: RuleSetDiagram, judge: Judge) -> tuple[str, ...]:
    """The facts that could change the verdict of such a row, exactly, the most decisive first."""
    return tuple(one.shown.fact.id for one in reach_of(row, plan, judge).missing())
