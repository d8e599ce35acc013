"""``ivigil simulate``: the IgG of one person, or of many, under a course."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ivigil.cli.kinetic_case import KineticCase, held_models, kinetic_case
from ivigil.cli.numbers import Numbers
from ivigil.cli.output import library, say
from ivigil.documents import BadInput, Fault, canonical_json, encode, write_whole
from ivigil.explain.curve_content import CurveContent, TargetLine
from ivigil.explain.kinetic_sections import (
    curve_of,
    model_rows,
    person_sections,
    recycled_curve,
    recycled_sections,
)
from ivigil.explain.layout import Section
from ivigil.explain.terminal import print_sections
from ivigil.kinetics.simulation import Simulated, simulated
from ivigil.knowledge import Library
from ivigil.knowledge.kinetic_records import FcRnModel, LinearModel

if TYPE_CHECKING:  # it loads numeric libraries
    from ivigil.kinetics.recycling import Recycled

_FOLLOWED = 28.0  # days after a single dose: how long it is drawn, no clinical figure


def simulate(given: Namespace) -> int:
    """Follow one person or a population."""
    known = library(given.knowledge)
    if given.models:
        return _list(known, as_json=given.json)
    numbers = Numbers(given)
    until, people = numbers.number("until"), numbers.whole("population")
    targets = targets_of(numbers)
    case = kinetic_case(given, known, numbers)
    until_day = until or _end(case)
    if people is not None:
        from ivigil.cli.simulate_population import simulate_population  # noqa: PLC0415 - it needs numeric libraries

        return simulate_population(given, case, people, until_day)
    runs = [_run(model, case, until_day) for model in case.models]
    return _answer(given, runs, targets, case)


def targets_of(numbers: Numbers) -> tuple[TargetLine, ...]:
    """The trough that is wanted, if any."""
    trough = numbers.number("trough")
    return () if trough is None else (TargetLine(trough, f"trough of {trough:g} g/L or more"),)


def _list(known: Library, *, as_json: bool) -> int:
    models = tuple(held_models(known).values())
    if as_json:
        say(canonical_json([encode(one) for one in models], indent=2))
        return 0
    print_sections("Models of IgG", [Section("Held", model_rows(models))])
    return 0


def _end(case: KineticCase) -> float:
    last = case.course.doses[-1].at_day if case.course.doses else 0.0
    return last + (case.interval_days or _FOLLOWED)


def _run(model: LinearModel | FcRnModel, case: KineticCase, until_day: float) -> Simulated | Recycled:
    if isinstance(model, LinearModel):
        return simulated(
            model, case.covariates, case.course, until_day, own_g_per_l=case.own_g_per_l, indication=case.indication
        )
    from ivigil.kinetics.recycling import recycled_run  # noqa: PLC0415 - it needs numeric libraries

    return recycled_run(model, case.covariates.weight_kg, case.course, until_day, case.own_g_per_l)


def _answer(
    given: Namespace, runs: list[Simulated | Recycled], targets: tuple[TargetLine, ...], case: KineticCase
) -> int:
    sections = [section for one in runs for section in _sections(one, targets)]
    write_pictures(given, "Expected IgG", [_curve(one, targets) for one in runs], sections)
    if given.sbml:
        _sbml(Path(given.sbml), runs, case)
    if given.json:
        say(canonical_json([_values(one) for one in runs], indent=2))
        return 0
    print_sections("Expected IgG", sections, everything=True)
    return 0


def _sections(one: Simulated | Recycled, targets: tuple[TargetLine, ...]) -> list[Section]:
    return list(person_sections([one], targets) if isinstance(one, Simulated) else recycled_sections(one, targets))


def _curve(one: Simulated | Recycled, targets: tuple[TargetLine, ...]) -> CurveContent:
    return curve_of(one, targets) if isinstance(one, Simulated) else recycled_curve(one, targets)


def write_pictures(given: Namespace, title: str, curves: list[CurveContent], sections: list[Section]) -> None:
    """The picture and the page that are asked for."""
    if not (given.svg or given.html):
        return
    from ivigil.explain.igg_curve import (  # noqa: PLC0415 - read only for a picture
        igg_curve_figure,
        igg_curve_narrow_svg,
        igg_curve_svg,
        igg_curves_figure,
        igg_curves_narrow_svg,
        igg_curves_svg,
    )

    alone = len(curves) == 1
    if given.svg:
        path = Path(given.svg)
        write_whole(path, igg_curve_svg(curves[0]) if alone else igg_curves_svg(title, curves))
        narrow = igg_curve_narrow_svg(curves[0]) if alone else igg_curves_narrow_svg(title, curves)
        write_whole(path.with_suffix(f".narrow{path.suffix}"), narrow)
    if given.html:
        from ivigil.explain.evidence_report import evidence_report  # noqa: PLC0415

        figure = igg_curve_figure(curves[0]) if alone else igg_curves_figure(title, curves)
        write_whole(Path(given.html), evidence_report(title, sections, [figure]))


def _values(one: Simulated | Recycled) -> dict[str, Any]:
    if not isinstance(one, Simulated):
        return {
            "model": one.model.id,
            "own_g_per_l": one.start_g_per_l,
            "doses": [encode(dose) for dose in one.course.doses],
            "day": list(one.days),
            "given_g_per_l": list(one.given),
            "endogenous_g_per_l": list(one.own),
            "intervals": [encode(each) for each in one.intervals],
            "engine": one.engine,
        }
    return {
        "model": one.model.id,
        "own_g_per_l": one.own_g_per_l,
        "doses": [encode(dose) for dose in one.course.doses],
        "day": list(one.days),
        "given_g_per_l": list(one.given),
        "intervals": [encode(each) for each in one.intervals],
        "half_lives": encode(one.half_lives),
        "taken_up_g": one.taken_up_g,
        "cleared_g": one.cleared_g,
        "outside": list(one.says),
    }


def _sbml(path: Path, runs: list[Simulated | Recycled], case: KineticCase) -> None:
    run = runs[0]
    if len(runs) != 1 or not isinstance(run, Simulated):
        raise BadInput([Fault("--sbml", f"{len(runs)} models", "one linear model")])
    from ivigil.interop.about import About, identifier  # noqa: PLC0415 - an extra
    from ivigil.interop.sbml import linear_sbml  # noqa: PLC0415
    from ivigil.kinetics.linear_light import parameters_of, with_baseline  # noqa: PLC0415

    model = run.model
    source = f"{model.passage.source}, {model.passage.place}"
    status = "; ".join(sorted({one.status for one in model.parameters}))
    about = About(identifier(model.id), model.title, source, status, run.says)
    parameters = parameters_of(model, case.covariates)
    if run.own_g_per_l is not None:
        parameters = with_baseline(parameters, run.own_g_per_l)
    write_whole(path, linear_sbml(parameters, case.course, about))
