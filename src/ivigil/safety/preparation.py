"""Whether what a hazard asks to be known before an infusion is known: of those whose risk factors are there."""

from __future__ import annotations

from collections.abc import Mapping

from ivigil.criteria import Truth, conjunction, disjunction
from ivigil.criteria.truth import truth_of
from ivigil.facts import Settled
from ivigil.knowledge import Library
from ivigil.knowledge.safety_records import Hazard, Precaution
from ivigil.safety.conditions import Conditions, conditions_of
from ivigil.safety.hazards import HazardFound


def shown_beforehand(hazard: Hazard) -> tuple[Precaution, ...]:
    """The precautions before an infusion that the record itself shows to have been taken."""
    return tuple(one for one in hazard.precautions if one.phase == "before" and one.shown_by)


def unprepared(found: HazardFound, known: Mapping[str, Settled], library: Library) -> Truth:
    """Whether a risk factor is there, and a precaution that is called for left no trace in the record.

    *Unknown* while it is not known whether the precaution is called for. A fact of which anything is known shows that
    somebody looked, also where that leaves it open.
    """
    conditions = conditions_of(library, known)
    present = truth_of(bool(found.factors_that_are("present")))
    return conjunction((present, disjunction(_is_open(one, conditions) for one in shown_beforehand(found.hazard))))


def _is_open(precaution: Precaution, conditions: Conditions) -> Truth:
    blank = not any(conditions.is_known(fact) for fact in precaution.shown_by)
    return conjunction((conditions.truth(precaution.when), truth_of(blank)))
