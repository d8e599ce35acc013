"""What measured levels say of one person, and which doses reach a target, in words and tables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from math import exp

from ivigil.explain.kinetic_sections import APPARENT, MODEL, wanted_words
from ivigil.explain.layout import Row, Section, Table
from ivigil.explain.plot_figures import figure
from ivigil.kinetics.averaging import Averaged
from ivigil.kinetics.posterior import Posterior, moments
from ivigil.kinetics.targets_search import Candidate, Target
from ivigil.kinetics.wanted import UNITS

_MOST = 12  # candidates that are printed; JSON holds all


def individual_sections(found: Averaged, candidates: Mapping[Target, Sequence[Candidate]]) -> Iterator[Section]:
    """The person under each model, and the doses for each target."""
    yield Section("Models and the weight that the levels leave them", tuple(_models(found)))
    for one in found.members:
        yield Section(f"Parameters by {one.model_id}, against the typical person", (), table=_parameters(one))
    for target, several in candidates.items():
        table = _candidates(several[:_MOST], UNITS[target.quantity])
        yield Section(f"Doses to reach a target: {wanted_words(target)}", (Row("A person decides."),), table=table)


def _models(found: Averaged) -> Iterator[Row]:
    for one, weight in zip(found.members, found.weights, strict=True):
        baseline = one.curves.baseline
        own = "of the model" if baseline.g_per_l is None else f"{figure(baseline.g_per_l)} g/L"
        learnt = f"{one.method}, worth {figure(one.effective)} independent draws"
        details = (f"Own IgG: {own} ({baseline.origin})", learnt, *one.outside)
        yield Row(f"{one.model_id}: {100 * weight:.1f} %", "model", details)
    yield Row(f"{MODEL} {APPARENT}")


def _parameters(one: Posterior) -> Table:
    """How many times the typical value each parameter is: most likely, and where the draws lie."""
    spread = moments(one)
    rows = tuple(
        (name, f"× {figure(exp(eta))}", f"× {figure(exp(mean))}", figure(deviation))
        for name, eta in one.most_likely.etas.items()
        for mean, deviation in (spread[name],)
    )
    return Table(("parameter", "most likely", "middle of draws", "spread on the log scale"), rows)


def _candidates(several: Sequence[Candidate], unit: str) -> Table:
    rows = tuple(
        (
            f"{one.dose_g:g} g every {one.interval_days:g} d",
            f"{100 * one.probability:.0f} %",
            f"{figure(one.middle)} ({figure(one.low)} to {figure(one.high)})",
            f"{figure(one.grams_a_day)}",
        )
        for one in several
    )
    return Table(("dose", "probability", f"middle (5 to 95 %), {unit}", "g a day"), rows)
