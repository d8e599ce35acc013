"""What no single field shows of kinetics: complete models, targets that name them, and actions with data or off."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from ivigil.documents.yaml_text import Path
from ivigil.knowledge.findings import Finding, twice
from ivigil.knowledge.kinetic_records import (
    CovariateEffect,
    FcRnModel,
    Hypothesis,
    KineticParameter,
    KineticTarget,
    LinearModel,
    ModelFigure,
)
from ivigil.knowledge.library import Library
from ivigil.units import UnitError, parse_unit

_NEEDS = {1: {"Vc"}, 2: {"Vc", "Q", "Vp"}}


def _linear(model: LinearModel, _: Library) -> Iterator[Finding]:
    names = {one.name for one in model.parameters}
    yield from twice("parameters", (one.name for one in model.parameters), "name")
    if not names & {"CL", "kel"}:
        yield ("parameters",), "no elimination", "CL or kel"
    needed = _NEEDS[model.compartments]
    if not needed <= names:
        yield ("parameters",), f"no {', '.join(sorted(needed - names))}", f"{', '.join(sorted(needed))}"
    for index, one in enumerate(model.parameters):
        yield from _parameter(one, ("parameters", index))
    for index, effect in enumerate(model.baseline.covariates):
        yield from _effect(effect, ("baseline", "covariates", index))
    if (model.baseline.kind in {"fixed", "estimated"}) and model.baseline.g_per_l is None:
        yield ("baseline", "g_per_l"), "none", "the baseline that the model fixes or estimates, in g/L"


def _parameter(one: KineticParameter, path: Path) -> Iterator[Finding]:
    if one.value <= 0:
        yield (*path, "value"), str(one.value), "a value above 0"
    yield from _unit(one.unit, (*path, "unit"))
    for index, effect in enumerate(one.covariates):
        yield from _effect(effect, (*path, "covariates", index))


def _effect(one: CovariateEffect, path: Path) -> Iterator[Finding]:
    measured = one.reference is not None and one.exponent is not None
    if measured == (one.factor is not None) or (one.reference is None) != (one.exponent is None):
        yield path, "neither, or both", "a reference with an exponent, or a factor"
    elif one.reference is not None and one.reference <= 0:
        yield (*path, "reference"), str(one.reference), "a reference above 0"


def _fcrn(model: FcRnModel, library: Library) -> Iterator[Finding]:
    yield from _figures(model.figures)
    for index, target in enumerate(model.fitted_to):
        held = library.kinetics.targets.get(target)
        if held is None:
            yield ("fitted_to", index), repr(target), "the id of a target"
        elif not held.used_in_fit:
            yield ("fitted_to", index), f"{target!r}, which says it was held out", "a target that was used in the fit"


def _hypothesis(one: Hypothesis, library: Library) -> Iterator[Finding]:
    yield from _figures(one.figures)
    for index, rival in enumerate(one.rivals):
        if rival not in library.kinetics.hypotheses or rival == one.id:
            yield ("rivals", index), repr(rival), "the id of another hypothesis"
    if one.ships == "on" and not any(figure.passage or figure.script for figure in one.figures):
        yield ("ships",), "on, without a figure from data", "off"


def _target(one: KineticTarget, _: Library) -> Iterator[Finding]:
    if not one.low <= one.high:
        yield ("low",), f"{one.low} above {one.high}", "low no higher than high"
    if one.status in {"model", "derived"} and one.used_in_fit:
        yield ("used_in_fit",), f"a fit to a figure that is {one.status}", "a figure that was read"


def _figures(figures: tuple[ModelFigure, ...]) -> Iterator[Finding]:
    yield from twice("figures", (one.name for one in figures), "name")
    for index, one in enumerate(figures):
        yield from _unit(one.unit, ("figures", index, "unit"))
        if one.passage is None and one.script is None and one.status != "model":
            yield ("figures", index), "a figure from nowhere", "a passage, or the script that derives it"


def _unit(unit: str, path: Path) -> Iterator[Finding]:
    try:
        parse_unit(unit)
    except UnitError as error:
        yield path, str(error), "a UCUM unit that ivigil reads"


KINETIC_CHECKS: dict[type, Callable[[Any, Library], Iterator[Finding]]] = {
    LinearModel: _linear,
    FcRnModel: _fcrn,
    Hypothesis: _hypothesis,
    KineticTarget: _target,
}
