"""``ivigil simulate``: the IgG of one person, or of many, under a course."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ivigil.cli.files import write
from ivigil.cli.kinetic_case import KineticCase, held_models, held_steady, kinetic_case, wanted
from ivigil.cli.numbers import Numbers
from ivigil.cli.output import library, say
from ivigil.cli.pictures import measured, target_lines, write_pictures, written_faults
from ivigil.cli.spread_options import spread_of
from ivigil.documents import BadInput, Fault, canonical_json, encode, write_whole
from ivigil.explain.curve_content import CurveContent
from ivigil.explain.kinetic_sections import (
    curve_of,
    model_rows,
    person_sections,
    recycled_curve,
    recycled_sections,
)
from ivigil.explain.layout import Section
from ivigil.explain.terminal import print_sections
from ivigil.kinetics.influences import NOT_OCCUPIED, OccupancyCourse, Occupied
from ivigil.kinetics.simulation import Simulated, simulated
from ivigil.kinetics.wanted import Wanted
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
    wishes, occupied = wanted(numbers), _occupied(given, numbers)
    numbers.faults += [*written_faults(given), *_of_people(given, numbers)]
    case = kinetic_case(given, known, numbers)
    until_day = until or _end(case)
    _refuse_earlier(case, until_day)
    _only_recycling(given, case)
    if given.events_out:
        write(Path(given.events_out), _events(case))
    if people is not None:
        from ivigil.cli.simulate_population import simulate_population  # noqa: PLC0415 - it needs numeric libraries

        return simulate_population(given, case, people, until_day)
    runs = [_run(model, case, until_day, occupied) for model in case.models]
    return _answer(given, runs, wishes, case)


def _of_people(given: Namespace, numbers: Numbers) -> Iterator[Fault]:
    """What is wrong with the options of a population, told with all others; and those that are left without one."""
    if given.population is None:
        named = {"--weight-cv": given.weight_cv, "--parquet": given.parquet}
        named |= {"--cv": given.cv, "--correlation": given.correlation}
        yield from (
            Fault("--population", "none", f"how many people, for {option}") for option, value in named.items() if value
        )
        return
    numbers.whole("seed", least=0)
    numbers.whole("workers")
    numbers.number("weight_cv")
    spread_of(numbers)


def _refuse_earlier(case: KineticCase, until_day: float) -> None:
    first = case.course.doses[0].at_day if case.course.doses else 0.0
    if until_day <= min(first, 0.0):
        raise BadInput([Fault("--until", f"day {until_day:g}", f"a day after the first dose, on day {first:g}")])


def _events(case: KineticCase) -> str:
    from ivigil.kinetics.event_table import EventTable, Subject  # noqa: PLC0415 - not needed without a table
    from ivigil.kinetics.event_writing import write_events  # noqa: PLC0415

    return write_events(EventTable("written", (Subject("1", case.course, case.covariates, case.levels),)))


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


def _run(
    model: LinearModel | FcRnModel, case: KineticCase, until_day: float, occupied: OccupancyCourse
) -> Simulated | Recycled:
    if isinstance(model, LinearModel):
        return simulated(
            model, case.covariates, case.course, until_day, own_g_per_l=case.own_g_per_l, indication=case.indication
        )
    from ivigil.kinetics.fcrn import parameters_of  # noqa: PLC0415 - it needs numeric libraries
    from ivigil.kinetics.recycling import recycled_run  # noqa: PLC0415

    weight = held_steady(case, f"the model {model.id}").weight_kg
    person = replace(parameters_of(model, weight, case.own_g_per_l), occupancy=occupied)
    return recycled_run(person, model, case.course, until_day)


def _occupied(given: Namespace, numbers: Numbers) -> OccupancyCourse:
    """What an inhibitor holds of FcRn from each day on."""
    try:
        pairs = [tuple(float(part) for part in text.split(":")) for text in given.occupied]
        return OccupancyCourse(tuple(Occupied(day, share) for day, share in pairs))
    except ValueError:
        found, expected = ", ".join(given.occupied), "a day and a share from 0 to 1, such as 7:0.6"
        numbers.faults.append(Fault("--occupied", found, expected))
    except BadInput as error:
        numbers.faults += [replace(one, where=f"--occupied, {one.where}") for one in error.faults]
    return NOT_OCCUPIED


def _only_recycling(given: Namespace, case: KineticCase) -> None:
    linear = [one.id for one in case.models if isinstance(one, LinearModel)]
    if given.occupied and linear:
        raise BadInput([Fault("--occupied", ", ".join(linear), "the recycling model: linear ones have no FcRn")])


def _answer(given: Namespace, runs: list[Simulated | Recycled], wishes: tuple[Wanted, ...], case: KineticCase) -> int:
    sections = [section for one in runs for section in _sections(one, wishes)]
    curves = [replace(_curve(one, wishes), measured=measured(case.levels)) for one in runs]
    write_pictures(given, "Expected IgG", curves, sections)
    if given.sbml:
        _sbml(Path(given.sbml), runs, case)
    if given.json:
        say(canonical_json([{**_values(one), "wanted": _judged(one, wishes)} for one in runs], indent=2))
        return 0
    print_sections("Expected IgG", sections, everything=True)
    return 0


def _sections(one: Simulated | Recycled, wishes: tuple[Wanted, ...]) -> list[Section]:
    return list(person_sections([one], wishes) if isinstance(one, Simulated) else recycled_sections(one, wishes))


def _curve(one: Simulated | Recycled, wishes: tuple[Wanted, ...]) -> CurveContent:
    if isinstance(one, Simulated):
        return curve_of(one, target_lines(wishes, one.own_g_per_l))
    return recycled_curve(one, target_lines(wishes, one.start_g_per_l))


def _judged(one: Simulated | Recycled, wishes: Sequence[Wanted]) -> list[dict[str, Any]]:
    """What is wanted of the last interval, what it comes to, and whether that is enough; ``None`` where unknown."""
    found = ((wish, one.last(wish.quantity)) for wish in wishes)
    return [
        {**encode(wish), "found": value, "reached": None if value is None else value >= wish.at_least}
        for wish, value in found
    ]


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
    parameters = parameters_of(model, held_steady(case, "--sbml"))
    if run.own_g_per_l is not None:
        parameters = with_baseline(parameters, run.own_g_per_l)
    write_whole(path, linear_sbml(parameters, case.course, about))
