"""A person's own IgG beside what is given: what each model's convention asks for before levels can be compared with it.

``fixed`` is the model's constant; ``estimated`` is the model's typical value, which differs between people where it
prints a CV; ``observed`` and ``subtracted`` need this person's own level before treatment, and ``not reported`` can be
used with one only. A level handed in stands in place of the model's value under each convention.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from ivigil.documents import BadInput, Fault
from ivigil.kinetics.doses import Course
from ivigil.kinetics.event_table import Observed
from ivigil.knowledge.kinetic_records import LinearModel

_OWN_NEEDED = frozenset({"observed", "subtracted", "not reported"})


@dataclass(frozen=True)
class OwnBaseline:
    """The person's own level in g/L, ``None`` for the model's; where it is from; and the levels left to learn from.

    ``is_subtracted``: the model's residual error applies to what is left after the baseline is taken away.
    """

    g_per_l: float | None
    origin: str
    is_subtracted: bool
    levels: tuple[Observed, ...]


def own_baseline(
    model: LinearModel, course: Course, levels: Sequence[Observed], g_per_l: float | None = None
) -> OwnBaseline:
    """The baseline that the model's convention takes for this person.

    A model that needs the person's own takes ``g_per_l``, or else the last measured level before the first dose; that
    level is then no datum: it would count twice. A model of the given IgG alone learns nothing from levels before the
    first dose. Raises :class:`BadInput` where neither is there.
    """
    kind = model.baseline.kind
    is_subtracted = kind == "subtracted"
    data = tuple(level for level in levels if not is_subtracted or level.at_day > _first_day(course))
    if g_per_l is not None:
        if not (math.isfinite(g_per_l) and g_per_l >= 0):
            raise BadInput([Fault("baseline_g_per_l", f"{g_per_l:g}", "a level in g/L, 0 or more")])
        return OwnBaseline(g_per_l, "handed in", is_subtracted, data)
    if kind not in _OWN_NEEDED:
        return OwnBaseline(None, f"of the model, {kind}", is_subtracted, data)
    before = _before_treatment(course, levels)
    if before is None or before.g_per_l is None:
        expected = "this person's own level before treatment"
        hint = "Hand it in, or add a measured level before the first dose with its day."
        raise BadInput([Fault("baseline_g_per_l", f"none, and {model.id} has a baseline {kind}", expected, hint)])
    data = tuple(level for level in data if level is not before)
    return OwnBaseline(before.g_per_l, f"measured on day {before.at_day:g}", is_subtracted, data)


def _before_treatment(course: Course, levels: Sequence[Observed]) -> Observed | None:
    """The last measured level not after the first dose: on its day it was taken before it."""
    found = [level for level in levels if level.at_day <= _first_day(course) and level.g_per_l is not None]
    return max(found, key=lambda level: level.at_day) if found else None


def _first_day(course: Course) -> float:
    return course.doses[0].at_day if course.doses else math.inf
