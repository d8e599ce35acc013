"""``ivigil simulate --population``: many people under one course, streamed, the same for any number of threads."""

from __future__ import annotations

import sys
from argparse import Namespace
from pathlib import Path
from typing import Any

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from ivigil.cli.kinetic_case import KineticCase, Model, held_steady, wanted
from ivigil.cli.numbers import Numbers
from ivigil.cli.output import say
from ivigil.cli.pictures import target_lines, write_pictures
from ivigil.cli.spread_options import Spread, spread_of
from ivigil.documents import BadInput, Fault, canonical_json, encode
from ivigil.explain.curve_content import CurveContent
from ivigil.explain.kinetic_sections import bands_of, doses_of, population_sections
from ivigil.explain.terminal import print_sections
from ivigil.kinetics.doses import Course
from ivigil.kinetics.population import Kinetics, Population, blocks_of
from ivigil.kinetics.population_fcrn import FcRnKinetics
from ivigil.kinetics.population_linear import ChangingKinetics, LinearKinetics
from ivigil.kinetics.population_people import Alike, WeightSpread
from ivigil.kinetics.population_summary import Summary, summarised
from ivigil.kinetics.simulation import with_own
from ivigil.kinetics.targets_search import Target
from ivigil.kinetics.variability import variability_of
from ivigil.kinetics.wanted import Wanted
from ivigil.knowledge.kinetic_records import LinearModel

_POINTS = 120  # days of the picture's bands


def simulate_population(given: Namespace, case: KineticCase, people: int, until_day: float) -> int:
    """Draw ``people``, follow them, and say what they come to."""
    numbers = Numbers(given)
    seed, workers = numbers.whole("seed", least=0), numbers.whole("workers")
    spread, differing = numbers.number("weight_cv"), spread_of(numbers)
    wishes = wanted(numbers)
    targets = tuple(Target(one.quantity, at_least=one.at_least) for one in wishes)
    faults = [*numbers.faults, *_faults(given, case)]
    if faults or seed is None or workers is None:
        raise BadInput(faults)
    model = case.models[0]
    population = Population(
        kinetics=_kinetics(model, case, differing),
        people=WeightSpread(case.first.weight_kg or 0.0, spread, case.first) if spread else Alike(case.first),
        course=_course(case),
        count=people,
        seed=seed,
        judged=_judged(case, until_day),
        days=_days(case.course, until_day),
        per_kg=case.per_kg_g is not None,
    )
    summary = _followed(population, targets, workers, given.parquet)
    return _answer(given, model, population, summary, wishes)


def _days(course: Course, until_day: float) -> tuple[float, ...]:
    first = min(0.0, course.doses[0].at_day)
    return tuple(first + (until_day - first) * point / _POINTS for point in range(_POINTS + 1))


def _kinetics(model: Model, case: KineticCase, differing: Spread) -> Kinetics:
    """How people differ: as a published model prints it, or as handed in; in the recycling model by weight alone."""
    if isinstance(model, LinearModel):
        held = model if case.own_g_per_l is None else with_own(model, case.own_g_per_l)
        variability = variability_of(held, differing.cv_percent, differing.correlations)
        if len(case.covariates.changes) > 1:
            return ChangingKinetics(held, variability, case.covariates)
        return LinearKinetics(held, variability)
    if differing.given:
        raise BadInput([Fault("--cv, --correlation", model.id, "a linear model: this one has no such parameters")])
    held_steady(case, f"the model {model.id}")
    return FcRnKinetics(model, own_g_per_l=case.own_g_per_l)


def _faults(given: Namespace, case: KineticCase) -> list[Fault]:
    changing = len(case.covariates.changes) > 1
    faults = [] if len(case.models) == 1 else [Fault("--model", f"{len(case.models)} models", "one model")]
    if not case.course.doses:
        faults.append(Fault("--count", "no dose", "at least one"))
    if changing and given.weight_cv is not None:
        faults.append(Fault("--weight-cv", "a table whose covariates change", "people who are alike in them"))
    if given.sbml:
        faults.append(Fault("--sbml", "a population", "one person"))
    if given.occupied:
        faults.append(Fault("--occupied", "a population", "one person"))
    return faults


def _course(case: KineticCase) -> Course:
    """The course of everybody; per kilogram where the dose is: each person's weight makes the grams."""
    if case.per_kg_g is None or case.first.weight_kg is None:
        return case.course
    weight = case.first.weight_kg
    doses = case.course.doses
    return Course(tuple(type(one)(one.at_day, one.grams / weight, one.route, one.hours) for one in doses))


def _judged(case: KineticCase, until_day: float) -> tuple[float, float]:
    """The last interval: from the last dose to the end, or to when the next would be."""
    last = case.course.doses[-1].at_day
    return last, last + case.interval_days if case.interval_days else until_day


def _followed(population: Population, targets: tuple[Target, ...], workers: int, out: str | None) -> Summary:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=None, disable=not sys.stderr.isatty(), transient=True) as bar:
        task = bar.add_task("people", total=population.count)

        def told(done: int, _: int) -> None:
            bar.update(task, completed=done)

        if out is None:
            return summarised(population, blocks_of(population, workers=workers, progress=told), targets)
        from ivigil.kinetics.parquet import write_population  # noqa: PLC0415 - an extra

        return write_population(population, Path(out), targets, workers=workers, progress=told)


def _answer(
    given: Namespace, model: Model, population: Population, summary: Summary, wishes: tuple[Wanted, ...]
) -> int:
    levels = summary.bands.tolist()
    curve = CurveContent(
        title=f"{model.title}: {summary.curves} of {summary.count} people",
        days=population.days,
        total=bands_of(summary.shares, levels),
        doses=() if population.per_kg else doses_of(population.course),
        targets=target_lines(wishes) if "trough" in summary.quantiles else (),
        notes=(_spread(model, spread_of(Numbers(given))),),
    )
    sections = list(population_sections(model, summary, population.judged))
    write_pictures(given, "A population", [curve], sections)
    if given.json:
        say(canonical_json(_values(model, population, summary), indent=2))
        return 0
    print_sections(f"{summary.count} people, seed {population.seed}", sections, everything=True)
    return 0


def _spread(model: Model, differing: Spread) -> str:
    if isinstance(model, LinearModel) and differing.given:
        return "Bands hold the variability between people that was handed in, else what the model prints."
    if isinstance(model, LinearModel):
        return "Bands hold the variability between people that the model prints; no correlations are printed."
    return "Bands hold the spread of weights alone: the recycling model knows nothing of how people differ."


def _values(model: Model, population: Population, summary: Summary) -> dict[str, Any]:
    return {
        "model": model.id,
        "seed": population.seed,
        "key": population.key,
        "people": summary.count,
        "judged": list(population.judged),
        "shares": list(summary.shares),
        "quantiles": {name: list(values) for name, values in summary.quantiles.items()},
        "means": dict(summary.means),
        "reached": [encode(one) for one in summary.reached],
        "outside": summary.outside,
        "day": list(population.days),
        "bands": summary.bands.tolist(),
    }
