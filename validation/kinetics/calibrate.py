"""Calibrates the recycling model, and writes its record of knowledge anew.

    python validation/kinetics/calibrate.py            fits, prints, writes the record
    python validation/kinetics/calibrate.py --volumes  fits under the volumes of each published model; writes nothing

Three figures are fitted: uptake, receptor and affinity. Volumes, exchange and absorption are held at the geometric
means of published models. What is fitted to are the targets that say so; all others are held out. Nothing is drawn at
random: the same data give the same record.
"""

from __future__ import annotations

import math
import sys
from collections import Counter
from collections.abc import Iterator, Sequence

import numpy as np
from record import FITTED, ID, PATH, SCRIPT, as_recorded, fitted_targets, model_of, record_text, with_fitted
from scipy.optimize import least_squares
from volumes import MODELS, Volumes, mean_volumes, volumes_of

from ivigil.documents import write_whole
from ivigil.kinetics.scenario_people import fcrn_person
from ivigil.kinetics.scenarios import answer, asked
from ivigil.knowledge import load
from ivigil.knowledge.kinetic_records import FcRnModel, KineticTarget
from ivigil.knowledge.library import Library

# L/day, g/L, g/L: the orders of magnitude, from which the search sets out.
START = (0.7, 15.0, 2.0)
# The step of the search's slopes, on logarithms: well above what the solver's error can blur.
SLOPE_STEP = 1e-4
# What the table of volumes shows: held out, and not all alike.
SHOWN = ("gbs-rise-day-14", "cidp-clearance-tortorici-2021", "privigen-trough", "volunteers-month-high")


def main(arguments: Sequence[str]) -> int:
    """Fits and writes, or shows what the volumes do."""
    if arguments and list(arguments) != ["--volumes"]:
        print(f"usage: {SCRIPT} [--volumes]", file=sys.stderr)
        return 2
    library = load()
    if arguments:
        print("\n".join(by_volumes(library)))
        return 0
    model = as_recorded(calibrated(library, mean_volumes(library)))
    PATH.parent.mkdir(exist_ok=True)
    write_whole(PATH, record_text(model))
    print("\n".join(table(library, model)))
    return 0


def calibrated(library: Library, volumes: Volumes) -> FcRnModel:
    """The model whose fitted figures meet the fitted targets best, in least squares of logarithms.

    A residual counts in units of half its target's range; targets that ask the same of the model share the weight of
    one.
    """
    targets = fitted_targets(library)
    alike = Counter(one.scenario for one in targets)
    base = model_of(library, volumes, START)

    def residuals(logs: np.ndarray) -> list[float]:
        model = with_fitted(base, np.exp(logs))
        found = {scenario: answered(model, scenario) for scenario in alike}
        return [residual(one, found[one.scenario]) / math.sqrt(alike[one.scenario]) for one in targets]

    best = least_squares(residuals, np.log(START), diff_step=SLOPE_STEP)
    return with_fitted(base, np.exp(best.x))


def answered(model: FcRnModel, scenario: str) -> float:
    """What a scenario makes of the model."""
    question = asked(scenario)
    return answer(question, fcrn_person(model, question.given), scenario)


def residual(target: KineticTarget, found: float) -> float:
    """How far the model lies from the published value, in halves of the target's range."""
    return math.log(found / float(target.published)) / (math.log(float(target.high) / float(target.low)) / 2)


def table(library: Library, model: FcRnModel) -> Iterator[str]:
    """The figures, and each target of the model beside what it gives: the fitted ones first."""
    for figure in model.figures:
        yield f"{figure.name:20} {figure.value:>8} {figure.unit}"
    yield f"\n{'target':38} {'published':>9} {'model':>8}  range"
    for one in sorted(library.kinetics.targets.values(), key=lambda one: (not one.used_in_fit, one.id)):
        if one.model == ID:
            yield _line(one, answered(model, one.scenario))


def _line(one: KineticTarget, found: float) -> str:
    told = ["fitted"] if one.used_in_fit else []
    told += [] if float(one.low) <= found <= float(one.high) else ["outside"]
    return f"{one.id:38} {one.published:>9} {found:8.3f}  {one.low} to {one.high}  {', '.join(told)}".rstrip()


def by_volumes(library: Library) -> Iterator[str]:
    """How the fit, and what was held out, change with the volumes taken."""
    targets = [library.kinetics.targets[name] for name in SHOWN]
    yield "| volumes | V1, V2 L; Q L/d | " + " | ".join((*FITTED, *SHOWN)) + " |"
    yield "|" + "---|" * (2 + len(FITTED) + len(SHOWN))
    sets = {"geometric means": mean_volumes(library)} | {name: volumes_of(library, name) for name in MODELS}
    for name, held in sets.items():
        model = calibrated(library, held)
        fit = [f"{float(one.value):.3g}" for one in model.figures if one.name in FITTED]
        values = [f"{answered(model, one.scenario):.3g}" for one in targets]
        taken = f"{held.central_l:.2f}, {held.peripheral_l:.2f}; {held.between_l_per_day:.2f}"
        yield "| " + " | ".join((name, taken, *fit, *values)) + " |"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
