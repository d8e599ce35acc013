"""Verdicts, doses, weights and hazards of every row in one pass: :func:`planned`, and the columns that it adds.

To the columns of :func:`ivigil.populations.judged` come these (see :func:`planned_kinds`):

``grams``
    the total that is asked for, in g; empty where it is not known.
``dose_check``
    *within*, *outside*, *unknown* or *not-stated*, as :class:`ivigil.review.decision.DoseCheck` says it.
``dose_contradiction``
    whether what the order says of the dose cannot all be meant.
``weight_state:<rule>``, ``weight:<rule>``
    what each weight rule comes to, on whatever day it holds: *certain*, *ambiguous*, *unknown* or *not-stated*, and the
    weight in kg where it is certain.
``regimen_low_g:<rule>``, ``regimen_high_g:<rule>``
    the lowest and the highest total of the recommended regimens in grams at that weight, rounded as the rule rounds and
    without the limits of any product. Empty where the weight is not certain, where no regimen has a total, and where
    the standing is none for which a regimen is recommended.
``hazard:<id>``
    *present* where a risk factor is there, else *unknown* where one is not known, else *absent*; *other-route* where
    the hazard does not come with the route.
``at_risk``
    whether the patient is one for whom labels cap the rate; empty while that is not known.
``unprepared:<id>``
    whether a risk factor is there and what a precaution asks to be known before is not; empty while it is not known
    whether the precaution is called for.
``exact_needed``
    whether something of the above was not decided here, so that :mod:`ivigil.populations.filling` has to work the row
    out again. Numbers of kg and grams are the exact ones to 14 digits; all else is exact (see ``exactness``).
"""

from __future__ import annotations

from collections.abc import Sequence

from ivigil.criteria.frames import cell_kinds
from ivigil.knowledge import Library
from ivigil.populations.checks import check_columns
from ivigil.populations.compiled import ESTABLISHED, INDICATION, STANDING, RuleSetDiagram
from ivigil.populations.measured import MeasuredColumns
from ivigil.populations.planning import (
    AT_RISK,
    CONTRADICTION,
    DOSE_CHECK,
    EXACT_NEEDED,
    GRAMS,
    HAZARD,
    HIGH_G,
    LOW_G,
    NOT_STATED,
    UNPREPARED,
    WEIGHT_KG,
    WEIGHT_STATE,
    Planning,
)
from ivigil.populations.verdicts import judged
from ivigil.review.compiled import ORDERED
from ivigil.review.listed import DOSED
from ivigil.safety.preparation import shown_beforehand
from ivigil.tables import Frame, Kind, column, kinds_of, literal
from ivigil.tables.expressions import first_known, one_of, where


def planned_kinds(library: Library) -> dict[str, Kind]:
    """The columns that :func:`planned` adds beside those of judging, in their order, with their kinds."""
    found: dict[str, Kind] = {GRAMS: "number", DOSE_CHECK: "text", CONTRADICTION: "truth"}
    for rule in sorted(library.weight_rules):
        found |= {WEIGHT_STATE + rule: "text", WEIGHT_KG + rule: "number"}
        found |= {LOW_G + rule: "number", HIGH_G + rule: "number"}
    hazards = sorted(library.hazards)
    found |= {HAZARD + one: "text" for one in hazards}
    found |= {AT_RISK: "truth"}
    found |= {UNPREPARED + one: "truth" for one in hazards if shown_beforehand(library.hazards[one])}
    return {**found, EXACT_NEEDED: "truth"}


def planned(frame: Frame, plan: RuleSetDiagram, keep: Sequence[str] = (), *, missing: bool = True) -> Frame:
    """The columns ``keep`` of ``frame``, those of :func:`judged`, and those of :func:`planned_kinds`.

    Columns that are not there are unknown in every row. Raises :class:`BadInput` as :func:`judged` does.
    """
    kinds = kinds_of(frame)
    check_columns(kinds, plan, keep, plan.catalogue.facts)
    planning = Planning(plan, MeasuredColumns(plan.catalogue, kinds))
    kept = tuple(dict.fromkeys((*keep, *planned_kinds(plan.library))))
    wanted = {*kept, *_judged_by(plan)}
    found = judged(planning.added(frame, wanted), plan, kept, missing=missing)
    dosed = one_of(column(STANDING), sorted(DOSED))
    of_regimens = [end + rule for end in (LOW_G, HIGH_G) for rule in plan.library.weight_rules]
    return found.with_columns(
        **{DOSE_CHECK: first_known((where(~dosed, literal(NOT_STATED)), column(DOSE_CHECK)))},
        **{EXACT_NEEDED: column(EXACT_NEEDED) | (dosed & column(DOSE_CHECK).is_null())},
        **{name: where(dosed, column(name)) for name in of_regimens},
    )


def _judged_by(plan: RuleSetDiagram) -> set[str]:
    """The columns that judging reads, where they are there."""
    cells = {name for fact in plan.facts for name in cell_kinds(plan.catalogue[fact])}
    return {INDICATION, ESTABLISHED, ORDERED, *cells}
