"""One person's levels and course as a PEtab version 2 problem, for programs that estimate parameters.

The format is that of the PEtab specification 2.0.0 (petab.readthedocs.io, PEtab data format specification): a YAML
file that names an SBML model and tables of conditions, experiments, measurements, observables and parameters. The
doses are conditions of one experiment. What differs between people is estimated as ``eta``, the logarithm of the
person's factor on the typical value, under a normal prior with the spread that the model prints.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from ivigil.documents import BadInput, Fault
from ivigil.documents.writing import canonical_json
from ivigil.interop.about import APPARENT, MODEL_ONLY, About
from ivigil.interop.inputs import SHORT, Change, changes
from ivigil.interop.linear_system import CENTRAL, linear_system
from ivigil.interop.sbml import sbml_text
from ivigil.interop.system import Parameter, System
from ivigil.kinetics.doses import Course
from ivigil.kinetics.event_table import Observed
from ivigil.kinetics.linear_light import LinearParameters, parameters_of, with_baseline
from ivigil.kinetics.people import Covariates
from ivigil.kinetics.residual import Residual, residual_of
from ivigil.kinetics.variability import Variability, variability_of
from ivigil.knowledge.kinetic_records import LinearModel

_OBSERVABLE, _EXPERIMENT = "igg_level", "course"
# A normal prior is cut here, in standard deviations: programs want bounds, and beyond lies less than one in 10⁸.
_BOUNDS_SD = 6.0
# A level drawn at the very time of a dose was drawn before it; PEtab would read the model after it.
_BEFORE_DOSE_DAYS = 1e-6

Row = tuple[str, ...]


@dataclass(frozen=True)
class PetabProblem:
    """The files of a problem by name, the YAML file first, and in words what PEtab has no place for."""

    files: Mapping[str, str]
    left_out: tuple[str, ...] = ()


@dataclass(frozen=True)
class Person:
    """Whose problem it is: a model, the covariates it asks for, and a level of their own before treatment if known."""

    model: LinearModel
    covariates: Covariates
    own_g_per_l: float | None = None

    def parameters(self) -> LinearParameters:
        """The typical parameters at the covariates."""
        typical = parameters_of(self.model, self.covariates)
        return typical if self.own_g_per_l is None else with_baseline(typical, self.own_g_per_l)

    @property
    def by_rate(self) -> bool:
        """Whether the model states a rate of elimination instead of a clearance."""
        return any(one.name == "kel" for one in self.model.parameters)


def petab_problem(
    person: Person,
    course: Course,
    levels: Sequence[Observed],
    about: About,
    *,
    variability: Variability | None = None,
    assay: Residual | None = None,
) -> PetabProblem:
    """The problem of finding a person's etas from ``levels`` of all IgG, in g/L.

    ``variability`` and ``assay`` stand for what the model prints of variability and residual error. Raises
    :class:`BadInput` with everything it cannot be made from, or without the extra ``sbml``.
    """
    parameters, residual = person.parameters(), residual_of(person.model, assay)
    spread = variability or variability_of(person.model, own_baseline=person.own_g_per_l is not None)
    usable = [one for one in levels if one.g_per_l is not None]
    faults = list(_faults(parameters, usable, spread))
    if faults:
        raise BadInput(faults)
    typical = linear_system(parameters, course, events=False)
    system = _individual(typical, spread.names, by_rate=person.by_rate)
    start = min([0.0, *(dose.at_day for dose in course.doses), *(one.at_day for one in usable)])
    tables = _tables(changes(course), start)
    tables |= {"measurements": tuple(_measurements(usable, course))}
    tables |= {"parameters": tuple(_parameters(system, _spreads(spread), residual))}
    files = {f"{about.id}.yaml": _yaml(about, tables), "model.xml": _model(system, about)}
    files |= {f"{name}.tsv": _tsv(rows) for name, rows in tables.items() if len(rows) > 1}
    return PetabProblem(files, tuple(_left_out(levels, spread, system)))


def _tables(found: Sequence[Change], start: float) -> dict[str, tuple[Row, ...]]:
    """The tables that hold no measurement."""
    return {
        "conditions": _conditions(found, start),
        "experiments": _experiments(found, start),
        "observables": _observables(),
    }


def _faults(parameters: LinearParameters, usable: Sequence[Observed], spread: Variability) -> Iterator[Fault]:
    if not usable:
        yield Fault("levels", "none that has a value", "a measured level at least")
    if parameters.baseline_g_per_l is None:
        hint = "Measured levels are of all IgG: give the person's own level before treatment."
        yield Fault("baseline_g_per_l", "none in this model", "a level in g/L", hint)
    if not spread.names:
        yield Fault("variability", "nothing that differs between people", "a parameter to estimate at least")


def _model(system: System, about: About) -> str:
    doses = "Doses are not in this model: the conditions of the PEtab problem give them."
    own = "Every factor exp(eta) turns a typical value into this person's."
    return sbml_text(system, replace(about, notes=(APPARENT, doses, own, *about.notes)))


def _individual(system: System, names: Sequence[str], *, by_rate: bool) -> System:
    """The system with each of ``names`` a typical value times ``exp(eta)``; by a rate, the clearance is kel * Vc."""
    made: list[Parameter] = []
    for one in system.parameters:
        acting: tuple[str, ...] = ("kel", "Vc") if by_rate and one.id == "CL" else (one.id,)
        etas = [name for name in acting if name in names]
        made += _factored(one, etas) if etas else [one]
    return replace(system, parameters=tuple({one.id: one for one in made}.values()))


def _factored(one: Parameter, etas: Sequence[str]) -> list[Parameter]:
    typical = Parameter(f"{one.id}_typical", f"{one.name}, typical", one.unit, one.value)
    factors = [Parameter(f"eta_{name}", f"logarithm of the factor on {name}", "dimensionless", 0.0) for name in etas]
    formula = f"{one.id}_typical * exp({' + '.join(f'eta_{name}' for name in etas)})"
    return [typical, *factors, replace(one, value=None, formula=formula)]


def _conditions(found: Sequence[Change], start: float) -> tuple[Row, ...]:
    rows = [
        (name, target, value)
        for name, change in _named(found, start)
        for target, value in _targets(change, is_first=change.at_day == start)
    ]
    return (("conditionId", "targetId", "targetValue"), *dict.fromkeys(rows))


def _experiments(found: Sequence[Change], start: float) -> tuple[Row, ...]:
    rows = [(_EXPERIMENT, _number(change.at_day), name) for name, change in _named(found, start)]
    if not found or found[0].at_day > start:
        rows.insert(0, (_EXPERIMENT, _number(start), ""))
    return (("experimentId", "time", "conditionId"), *rows)


def _named(found: Sequence[Change], start: float) -> list[tuple[str, Change]]:
    """Each change with the name of its condition; changes that set the same things share one."""
    names: dict[tuple[tuple[str, str], ...], str] = {}
    made = []
    for change in found:
        key = tuple(_targets(change, is_first=change.at_day == start))
        made.append((names.setdefault(key, f"input_{len(names) + 1}"), change))
    return made


def _targets(change: Change, *, is_first: bool) -> Iterator[tuple[str, str]]:
    """What a change sets. In the first period a formula may not name what the model has not yet begun."""
    for route, rate in change.rates.items():
        yield f"{SHORT[route]}_rate", _number(rate)
    for route, grams in change.grams.items():
        to = CENTRAL if route == "intravenous" else f"depot_{SHORT[route]}"
        yield to, _number(grams) if is_first else f"{to} + {_number(grams)}"


def _measurements(usable: Sequence[Observed], course: Course) -> Iterator[Row]:
    at_once = {dose.at_day for dose in course.doses if dose.hours == 0}
    yield "observableId", "experimentId", "measurement", "time"
    for one in usable:
        day = one.at_day - _BEFORE_DOSE_DAYS if one.at_day in at_once else one.at_day
        yield _OBSERVABLE, _EXPERIMENT, _number(one.g_per_l or 0.0), _number(day)


def _observables() -> tuple[Row, ...]:
    noise = f"sqrt(sigma_additive^2 + (sigma_proportional * {_OBSERVABLE})^2)"
    return (
        ("observableId", "observableName", "observableFormula", "noiseFormula", "noiseDistribution"),
        (_OBSERVABLE, "level of all IgG in g/L", "igg_total", noise, "normal"),
    )


def _parameters(system: System, spreads: Mapping[str, float], residual: Residual) -> Iterator[Row]:
    """Etas are estimated; typical values and the residual error are fixed."""
    yield (
        *("parameterId", "parameterName", "lowerBound", "upperBound"),
        *("nominalValue", "estimate", "priorDistribution", "priorParameters"),
    )
    for one in system.parameters:
        if one.id.startswith("eta_"):
            spread = spreads[one.id.removeprefix("eta_")]
            bounds = _number(-_BOUNDS_SD * spread), _number(_BOUNDS_SD * spread)
            yield one.id, one.name, *bounds, "0.0", "true", "normal", f"0.0;{_number(spread)}"
        elif one.value is not None and not one.changes:
            yield one.id, one.name, "", "", _number(one.value), "false", "", ""
    for name, value in (("additive", residual.additive_g_per_l), ("proportional", residual.proportional)):
        yield f"sigma_{name}", f"residual error, {name}, standard deviation", "", "", _number(value), "false", "", ""


def _spreads(variability: Variability) -> dict[str, float]:
    """The standard deviation of each eta: a row of the factor of their covariance."""
    rows = zip(variability.names, variability.factor, strict=True)
    return {name: math.sqrt(math.fsum(float(one) ** 2 for one in row)) for name, row in rows}


def _left_out(levels: Sequence[Observed], variability: Variability, system: System) -> Iterator[str]:
    for one in levels:
        if one.g_per_l is None:
            yield f"The level on day {one.at_day:g}, below its limit: PEtab has no place for a limit."
    known = {one.id for one in system.parameters}
    for name in variability.names:
        if f"eta_{name}" not in known:
            yield f"The eta of {name}: nothing in this course depends on it."
    if any(float(variability.factor[row, column]) for row in range(variability.size) for column in range(row)):
        yield "Correlations between etas: a prior of PEtab is of one parameter alone."


def _yaml(about: About, tables: Mapping[str, tuple[Row, ...]]) -> str:
    """The file that names the others. Strings are written as JSON, which YAML reads alike."""
    kinds = {"parameters": "parameter", "measurements": "measurement", "observables": "observable"}
    kinds |= {"conditions": "condition", "experiments": "experiment"}
    lines = [f"# {sentence}" for sentence in (about.title, MODEL_ONLY, f"Source: {about.source}.")]
    lines += ["format_version: 2.0.0", f"id: {about.id}"]
    lines += ["model_files:", f"  {about.id}:", "    location: model.xml", "    language: sbml"]
    for name, kind in kinds.items():
        if len(tables[name]) > 1:
            lines += [f"{kind}_files:", f"  - {canonical_json(f'{name}.tsv')}"]
    return "".join(f"{' '.join(line.splitlines())}\n" for line in lines)


def _tsv(rows: Sequence[Row]) -> str:
    return "".join("\t".join(cell.replace("\t", " ") for cell in row) + "\n" for row in rows)


def _number(value: float) -> str:
    """Every digit of a number, in the notation of PEtab's formulas."""
    return repr(float(value))
