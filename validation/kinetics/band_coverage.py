"""Do the bands of the posterior hold what they say? Patients with known parameters, and how often bands cover them.

Each patient is drawn from a published model, gets 0.4 g/kg every four weeks six times, and has three levels measured
with the model's residual error. From these levels alone the parameters are learnt again, and the next cycle is
forecast. A 90 % band should hold the truth in nine patients of ten.

Run it with ``python validation/kinetics/band_coverage.py``; it prints the table and writes ``coverage.md``. The
weights are drawn for this exercise and stand for no clinic.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.stats import binom

from ivigil.kinetics.doses import Course, every
from ivigil.kinetics.draws import FloatArray, normals, numbered
from ivigil.kinetics.event_table import Observed, Subject
from ivigil.kinetics.forecast import forecast
from ivigil.kinetics.individuals import population_of, tabled
from ivigil.kinetics.likelihood import Fitting
from ivigil.kinetics.linear import exogenous_many
from ivigil.kinetics.people import Covariates, steady
from ivigil.kinetics.population_people import WeightSpread
from ivigil.kinetics.posterior import Posterior, posterior
from ivigil.kinetics.residual import residual_of
from ivigil.kinetics.variability import drawn, variability_of
from ivigil.knowledge import load
from ivigil.knowledge.kinetic_records import LinearModel

PEOPLE, SEED = 200, 2026
# Before the third and the fourth dose, and a week after the fourth; forecast one week and four weeks after the sixth.
MEASURED, AHEAD = (56.0, 84.0, 91.0), (147.0, 168.0)
BAND = (0.05, 0.95)
WEIGHTS = WeightSpread(70.0, 20.0, Covariates(None, 50.0, 0.5, secondary_deficiency=False, age_years=40.0))
QUANTITIES = ("level a week after the sixth dose", "trough before the seventh", "that trough as measured", "clearance")


@dataclass(frozen=True)
class Scenario:
    """A model, the person's own level where the model asks for one, and a limit below which levels are not told."""

    model: str
    baseline_g_per_l: float | None = None
    limit_g_per_l: float | None = None
    note: str = ""


SCENARIOS = (
    Scenario("zhang-2020"),
    Scenario("tortorici-2019"),
    Scenario("navarro-mora-2022"),
    Scenario("cheng-2025", note="baseline estimated"),
    Scenario("tortorici-2021", 12.5, note="baseline of the person's own, known"),
    Scenario("lee-2021", 0.7, note="baseline taken away from the levels"),
    Scenario("zhang-2020", None, 7.0, "levels under 7 g/L told only as such"),
)


@dataclass(frozen=True)
class Truth:
    """A simulated patient: what was told of them, the true levels ahead, one measured, and the true clearance."""

    subject: Subject
    ahead: FloatArray
    measured: float
    clearance: float


def main() -> None:
    """Print the table and write it."""
    people = int(sys.argv[1]) if len(sys.argv) > 1 else PEOPLE
    text = "\n".join(report(people)) + "\n"
    print(text)
    if people == PEOPLE:
        Path(__file__).with_suffix(".md").write_text(text, encoding="utf-8")


def report(people: int) -> Iterator[str]:
    """The lines of the report."""
    low, high = (binom.ppf(share, people, 0.9) / people for share in (0.025, 0.975))
    yield "# Coverage of 90 % bands\n"
    yield f"{people} simulated patients a row, their own in each (seeds from {SEED} on), with three levels each."
    yield f"By chance alone, 95 % of such shares lie between {low:.1%} and {high:.1%}, and 5 % do not. The columns"
    yield "of a row are of the same patients and go together. Made by `band_coverage.py`.\n"
    yield "| model | " + " | ".join(QUANTITIES) + " | fewest draws in effect |"
    yield "|---|" + "---:|" * (len(QUANTITIES) + 1)
    models = load().kinetics.models
    rows = []
    for place, scenario in enumerate(SCENARIOS):
        inside, effective = covered(models[scenario.model], scenario, people, SEED + place)
        rows.append(inside)
        name = scenario.model + (f" ({scenario.note})" if scenario.note else "")
        yield f"| {name} | " + " | ".join(f"{share:.1%}" for share in inside) + f" | {effective:.0f} of 4000 |"
    yield "| all | " + " | ".join(f"{share:.1%}" for share in np.mean(rows, axis=0)) + " | |"


def covered(model: LinearModel, scenario: Scenario, people: int, seed: int) -> tuple[list[float], float]:
    """The share of patients whose truth lies in the band, a quantity each; and the worst patient's effective draws."""
    found = []
    fewest = float("inf")
    for number in range(people):
        truth = patient(model, scenario, number, seed)
        learnt = posterior(model, truth.subject, Fitting(seed=seed, baseline_g_per_l=scenario.baseline_g_per_l))
        found.append(_inside(learnt, truth, number))
        fewest = min(fewest, learnt.effective)
    return np.mean(found, axis=0).tolist(), fewest


def patient(model: LinearModel, scenario: Scenario, number: int, seed: int) -> Truth:
    """A patient by number: the same whatever else is drawn."""
    covariates = WEIGHTS.rows(seed, number, 1).person(0)
    variability = variability_of(model, own_baseline=scenario.baseline_g_per_l is not None)
    etas = drawn(variability, seed, numbered(number, 1))
    truth = population_of(model, tabled([covariates]), variability.named(etas))
    own = truth.baseline_g_per_l[0] if scenario.baseline_g_per_l is None else scenario.baseline_g_per_l
    course = every(0.4 * (covariates.weight_kg or 0.0), 28.0, 6)
    days = np.nextafter(np.array([*MEASURED, *AHEAD]), -np.inf)
    given = exogenous_many(truth, course, days)[0]
    error_of = given if model.baseline.kind == "subtracted" else given + own
    noise = normals(seed, numbered(number, 1), days.size, purpose="assay")[0]
    measured = given + own + residual_of(model).deviation(error_of) * noise
    levels = tuple(
        _told(day, level, scenario.limit_g_per_l)
        for day, level in zip(MEASURED, measured[: len(MEASURED)].tolist(), strict=True)
    )
    subject = Subject(str(number), course, steady(covariates), levels)
    return Truth(subject, given[-2:] + own, float(measured[-1]), float(truth.clearance_l_per_day[0]))


def _told(day: float, level: float, limit: float | None) -> Observed:
    return Observed(day, None if limit is not None and level < limit else level, limit)


def _inside(learnt: Posterior, truth: Truth, number: int) -> list[bool]:
    course: Course = truth.subject.course
    days = np.nextafter(np.array(AHEAD), -np.inf)
    ahead = forecast(learnt, course, days, shares=BAND).levels
    measured = forecast(learnt, course, days[1:], shares=BAND, measured_with=number).levels[:, 0]
    clearance = np.quantile(learnt.curves.population(learnt.etas).clearance_l_per_day, BAND)
    pairs = ((ahead[:, 0], truth.ahead[0]), (ahead[:, 1], truth.ahead[1]))
    return [
        bool(low <= value <= high)
        for (low, high), value in (*pairs, (measured, truth.measured), (clearance, truth.clearance))
    ]


if __name__ == "__main__":
    main()
