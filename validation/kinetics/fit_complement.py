"""Fits the complement term to four points read off two abstracts, and writes its figures into the hypothesis.

    python validation/kinetics/fit_complement.py          fits, prints, writes
    python validation/kinetics/fit_complement.py --print  fits and prints; writes nothing

The points are the targets of kinetics that name a deposition of complement; each says what of its study had to be
assumed. Their measurements differ (uptake of C3 in the tube; complexes of C3b in plasma) and are treated alike: least
squares of the shares held back, unweighted. The greatest effect is not fitted: it is the middle of the greatest
inhibition that was printed, which was measured far above the rise for half. Nothing is random.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from fitted_figures import rounded, write_figures
from scipy.optimize import least_squares

from ivigil.kinetics.mechanism.actions import COMPLEMENT
from ivigil.kinetics.mechanism.figures import figures_of
from ivigil.kinetics.mechanism.scenarios import Study, rise_after
from ivigil.kinetics.mechanism.terms import saturating
from ivigil.kinetics.scenarios import asked
from ivigil.knowledge import load
from ivigil.knowledge.library import Library

HELD_BACK, LEFT = "mechanism: deposition held back", "mechanism: deposition left"
GREATEST, HALF, STEEPNESS = "greatest effect", "rise for half", "steepness"
GREATEST_TARGET = "dm-c3-uptake"
# g/L and a plain number: the orders of magnitude, from which the search sets out.
START = (9.0, 2.0)


@dataclass(frozen=True)
class Point:
    """A rise of IgG in g/L, and the share of deposition that was held back at it."""

    target: str
    rise_g_per_l: float
    held_back: float


def points(library: Library) -> tuple[Point, ...]:
    """The points of the fit, in order of their targets."""
    found = []
    for one in sorted(library.kinetics.targets.values(), key=lambda target: target.id):
        question = asked(one.scenario)
        if one.used_in_fit and question.name in {HELD_BACK, LEFT}:
            share = float(one.published) / 100.0
            held_back = share if question.name == HELD_BACK else 1.0 - share
            rise = rise_after(Study(question, library, figures_of(library)))
            found.append(Point(one.id, rise, held_back))
    return tuple(found)


def fitted(held: Sequence[Point]) -> Mapping[str, float]:
    """The figures that meet the points best, rounded as they are recorded."""
    (greatest,) = (one.held_back for one in held if one.target == GREATEST_TARGET)

    def misses(logs: np.ndarray) -> list[float]:
        half, steepness = np.exp(logs)
        return [greatest * saturating(one.rise_g_per_l, half, steepness) - one.held_back for one in held]

    half, steepness = np.exp(least_squares(misses, np.log(START), xtol=1e-12).x)
    return {GREATEST: rounded(greatest), HALF: rounded(half), STEEPNESS: rounded(steepness)}


def table(held: Sequence[Point], figures: Mapping[str, float]) -> list[str]:
    """The points beside what the term gives."""
    lines = ["| target | rise, g/L | held back, published | held back, fitted |", "|---|---|---|---|"]
    for one in held:
        found = figures[GREATEST] * saturating(one.rise_g_per_l, figures[HALF], figures[STEEPNESS])
        lines.append(f"| {one.target} | {one.rise_g_per_l:.2f} | {one.held_back:.0%} | {found:.0%} |")
    return lines


def main(arguments: Sequence[str]) -> int:
    """Fits, prints, and writes unless told not to."""
    held = points(load())
    figures = fitted(held)
    print("\n".join([*table(held, figures), "", *(f"{name}: {value:g}" for name, value in figures.items())]))
    if "--print" not in arguments:
        write_figures(COMPLEMENT, figures)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
