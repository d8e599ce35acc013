"""Fits the two rival terms of Fc receptors to one trial of immune thrombocytopenia, and writes their figures.

    python validation/kinetics/fit_platelets.py          fits, prints, writes
    python validation/kinetics/fit_platelets.py --print  fits and prints; writes nothing

The points are the targets of kinetics that are used in the fit and name platelets: the mean rise and the responders in
either arm. Two figures are fitted by weighted least squares, the median rise for half and its spread between patients;
each point counts in units of a quarter of its target's range, about its standard error. Held are the turnover of
healthy platelets, the untreated count and a steepness of 1. The slow rival is given the slowest rate at which it still
fits no significantly worse than an instant one, because no rate fits better than at once. Nothing is random.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from fitted_figures import rounded, write_figures
from scipy.optimize import brentq, least_squares

from ivigil.kinetics.mechanism.actions import DIRECT, INHIBITORY
from ivigil.kinetics.mechanism.figures import figures_of
from ivigil.kinetics.mechanism.responders import Phagocytosis, phagocytosis_of
from ivigil.kinetics.mechanism.run import MechanismRun
from ivigil.kinetics.mechanism.scenarios import (
    Study,
    mean_platelet_rise,
    patients,
    platelet_responders,
)
from ivigil.kinetics.scenarios import asked
from ivigil.knowledge import load
from ivigil.knowledge.kinetic_records import KineticTarget
from ivigil.knowledge.library import Library

QUANTITIES = {
    "mechanism: mean platelet rise": mean_platelet_rise,
    "mechanism: platelet responders": platelet_responders,
}
HALF, SPREAD, RATE = "rise for half", "spread of half", "rate"
# The 95% quantile of chi-squared with one degree of freedom: what a worse fit may cost.
WORSE = 3.84
SLOWEST, FASTEST = 0.5, 50.0  # per day, between which the slowest rate is looked for
STEP = 1e-3  # of logarithms, for the slopes of the search


@dataclass(frozen=True)
class Point:
    """A target with its study, whose IgG is computed once."""

    target: KineticTarget
    study: Study
    igg: MechanismRun

    def found(self, term: Phagocytosis) -> float:
        """What a term gives."""
        treated = patients(self.study, term, self.igg)
        return QUANTITIES[self.study.question.name](self.study, treated)

    def miss(self, term: Phagocytosis) -> float:
        """How far that is from what was published, in quarters of the target's range (about a standard error)."""
        error = float(self.target.high - self.target.low) / 4
        return (self.found(term) - float(self.target.published)) / error


def points(library: Library) -> tuple[Point, ...]:
    """The points of the fit, in order of their targets."""
    held = []
    for one in sorted(library.kinetics.targets.values(), key=lambda target: target.id):
        question = asked(one.scenario)
        if one.used_in_fit and question.name in QUANTITIES:
            study = Study(question, library, figures_of(library))
            held.append(Point(one, study, patients(study).igg))
    return tuple(held)


def fitted(held: Sequence[Point], start: Phagocytosis) -> tuple[Phagocytosis, float]:
    """The term with the median and spread that meet the points best, and the sum of squares that is left."""

    def term(logs: np.ndarray) -> Phagocytosis:
        median, spread = np.exp(logs).tolist()
        return replace(start, median_g_per_l=median, spread=spread)

    begin = np.log([start.median_g_per_l, start.spread])
    best = least_squares(lambda logs: [one.miss(term(logs)) for one in held], begin, diff_step=STEP)
    return term(best.x), float(2 * best.cost)


def slowest(held: Sequence[Point], instant: Phagocytosis, left: float) -> Phagocytosis:
    """The slow term at the slowest rate that the points do not speak against."""

    def too_bad(log_rate: float) -> float:
        return fitted(held, replace(instant, per_day=float(np.exp(log_rate))))[1] - left - WORSE

    rate = float(np.exp(brentq(too_bad, np.log(SLOWEST), np.log(FASTEST), xtol=1e-2)))
    return fitted(held, replace(instant, per_day=rounded(rate)))[0]


def recorded(term: Phagocytosis) -> Mapping[str, float]:
    """The figures of a term as its file keeps them."""
    figures = {HALF: rounded(term.median_g_per_l), SPREAD: rounded(term.spread)}
    return figures if term.per_day is None else {**figures, RATE: rounded(term.per_day)}


def table(held: Sequence[Point], terms: Mapping[str, Phagocytosis]) -> list[str]:
    """The points beside what each term gives."""
    lines = [f"| target | published | {' | '.join(terms)} |", "|---" * (2 + len(terms)) + "|"]
    for one in held:
        found = " | ".join(f"{one.found(term):.3g}" for term in terms.values())
        lines.append(f"| {one.target.id} | {one.target.published} | {found} |")
    return lines


def main(arguments: Sequence[str]) -> int:
    """Fits, prints, and writes unless told not to."""
    library = load()
    held = points(library)
    instant, left = fitted(held, phagocytosis_of(DIRECT, figures_of(library)))
    terms = {DIRECT: instant, INHIBITORY: slowest(held, instant, left)}
    print("\n".join([*table(held, terms), "", f"sum of squares of {DIRECT}: {left:.3g}"]))
    for name, term in terms.items():
        print(f"{name}: {', '.join(f'{figure} {value:g}' for figure, value in recorded(term).items())}")
        if "--print" not in arguments:
            write_figures(name, recorded(term))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
