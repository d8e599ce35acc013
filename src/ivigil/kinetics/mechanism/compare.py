"""Runs side by side: actions each alone, rival explanations, or several courses."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ivigil.kinetics.doses import Course
from ivigil.kinetics.exponentials import FloatArray
from ivigil.kinetics.fcrn import FcRnParameters
from ivigil.kinetics.mechanism.figures import Others
from ivigil.kinetics.mechanism.run import MechanismRun, run
from ivigil.kinetics.mechanism.states import Disease
from ivigil.kinetics.mechanism.switches import ACTIONS, Switches, alone, shipped, swapped, together
from ivigil.knowledge.library import Library

NONE, ALL, SHIPPED = "none of the actions", "all actions together", "as shipped"


@dataclass(frozen=True)
class Case:
    """A course, with the hypotheses that are on."""

    course: Course
    switches: Switches


def compare(
    cases: Mapping[str, Case],
    parameters: FcRnParameters,
    days: Sequence[float] | FloatArray,
    library: Library,
    *,
    start: Disease | None = None,
    figures: Others | None = None,
) -> Mapping[str, MechanismRun]:
    """A run for each case, of the same patient on the same days, in the order of the cases."""
    return {
        title: run(case.course, parameters, case.switches, days, library, start=start, figures=figures)
        for title, case in cases.items()
    }


def actions_apart(course: Course, library: Library) -> Mapping[str, Case]:
    """None of the actions, each of Figure 1 alone, and all of them: small multiples of one course."""
    apart = {str(action): Case(course, alone(action, library)) for action in ACTIONS}
    return {NONE: Case(course, Switches()), **apart, ALL: Case(course, together(library))}


def explanations(course: Course, library: Library) -> Mapping[str, Case]:
    """What ships on, and the same with each rival in the place of the explanation that it disputes."""
    held, base = library.kinetics.hypotheses, shipped(library)
    rivals = [one for _, one in sorted(held.items()) if one.id not in base and base.on & set(one.rivals)]
    return {SHIPPED: Case(course, base), **{one.title: Case(course, swapped(base, one, library)) for one in rivals}}


def courses(named: Mapping[str, Course], switches: Switches) -> Mapping[str, Case]:
    """Several courses with the same hypotheses."""
    return {title: Case(course, switches) for title, course in named.items()}
