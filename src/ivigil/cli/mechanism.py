"""``ivigil mechanism``: the six actions of immunoglobulin as switches, and explanations side by side."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ivigil.cli.courses import Given, course_of
from ivigil.cli.kinetic_case import implausible
from ivigil.cli.numbers import Numbers
from ivigil.cli.output import library, say, unknown_id
from ivigil.cli.pictures import narrow_of, written_faults
from ivigil.documents import BadInput, Fault, canonical_json, encode, write_whole
from ivigil.explain.layout import Section
from ivigil.explain.mechanism_sections import hypothesis_rows, mechanism_sections, multiples_of
from ivigil.explain.terminal import print_sections
from ivigil.kinetics.doses import Course
from ivigil.kinetics.fcrn import FcRnParameters, parameters_of
from ivigil.kinetics.mechanism.compare import Case, actions_apart, compare, explanations
from ivigil.kinetics.mechanism.run import MechanismRun
from ivigil.kinetics.mechanism.states import Disease
from ivigil.kinetics.mechanism.switches import Switches, shipped, swapped
from ivigil.knowledge import Library

_STEPS_A_DAY = 4
_CHOSEN = "as switched"


@dataclass(frozen=True)
class _Asked:
    course: Course
    person: FcRnParameters
    disease: Disease
    until_day: float
    cases: Mapping[str, Case]


def mechanism(given: Namespace) -> int:
    """Run the hypotheses that are on, or several explanations side by side."""
    known = library(given.knowledge)
    if given.hypotheses:
        return _list(known, as_json=given.json)
    asked = _asked(given, known)
    days = [step / _STEPS_A_DAY for step in range(int(asked.until_day * _STEPS_A_DAY) + 1)]
    runs = compare(asked.cases, asked.person, days, known, start=asked.disease)
    return _answer(given, runs, asked)


def _list(known: Library, *, as_json: bool) -> int:
    held = [one for _, one in sorted(known.kinetics.hypotheses.items())]
    if as_json:
        say(canonical_json([encode(one) for one in held], indent=2))
        return 0
    print_sections("Hypotheses of how immunoglobulin acts", [Section("Held", hypothesis_rows(held))], everything=True)
    return 0


def _asked(given: Namespace, known: Library) -> _Asked:
    numbers = Numbers(given)
    weight = numbers.within("weight", known.catalogue["weight"])
    own = numbers.within("own", known.catalogue["igg_level"])
    platelets, grip = numbers.number("platelets"), numbers.number("grip")
    until = numbers.number("until") or 1.0
    held = course_of(given, numbers, weight)
    faults = [*numbers.faults, *_switch_faults(given, known), *written_faults(given)]
    if held is not None:
        faults += implausible(held.covariates, (), given.events, known)
        weight = _weight(held, weight, faults)
    if faults or held is None:
        raise BadInput(faults)
    model = next(iter(known.kinetics.fcrn.values()))
    return _Asked(
        course=held.course,
        person=parameters_of(model, weight, own),
        disease=Disease(platelets_10_9_per_l=platelets, grip_kg=grip),
        until_day=until,
        cases=_cases(given, held.course, known),
    )


def _weight(held: Given, weight_kg: float | None, faults: list[Fault]) -> float | None:
    """The one weight of the person, from the option or the table: the actions run on a weight that stays."""
    weights = {one.weight_kg for _, one in held.covariates.changes} - {None} if held.covariates else set()
    if weights and weight_kg is not None:
        faults.append(Fault("--weight", "an option, and a column of the table", "one of them"))
    if len(weights) > 1:
        faults.append(Fault("--events", f"{len(weights)} weights", "one: the actions run on a weight that stays"))
    return next(iter(weights), weight_kg)


def _switch_faults(given: Namespace, known: Library) -> Iterator[Fault]:
    for name in (*given.on, *given.off):
        if name not in known.kinetics.hypotheses:
            yield from unknown_id("hypothesis", name, tuple(known.kinetics.hypotheses)).faults
    if given.apart and given.explanations:
        yield Fault("--apart, --explanations", "both", "one of them")
    if (given.apart or given.explanations) and (given.on or given.off):
        yield Fault("--on, --off", "switches", "none with --apart or --explanations, which set their own")


def _cases(given: Namespace, course: Course, known: Library) -> Mapping[str, Case]:
    if any(name not in known.kinetics.hypotheses for name in (*given.on, *given.off)):
        return {}
    if given.apart:
        return actions_apart(course, known)
    if given.explanations:
        return explanations(course, known)
    switches = shipped(known)
    for name in given.on:
        switches = swapped(switches, known.kinetics.hypotheses[name], known)
    return {_CHOSEN: Case(course, Switches(switches.on - set(given.off)))}


def _answer(given: Namespace, runs: Mapping[str, MechanismRun], asked: _Asked) -> int:
    sections = list(mechanism_sections(runs))
    if given.svg or given.html:
        _write(given, runs, asked, sections)
    if given.json:
        say(canonical_json({name: _values(one) for name, one in runs.items()}, indent=2))
        return 0
    print_sections("What immunoglobulin does, by these hypotheses", sections, everything=True)
    return 0


def _write(given: Namespace, runs: Mapping[str, MechanismRun], asked: _Asked, sections: list[Section]) -> None:
    from ivigil.explain.small_multiples import (  # noqa: PLC0415 - read only for a picture
        small_multiples_figure,
        small_multiples_narrow_svg,
        small_multiples_svg,
    )

    content = multiples_of(runs, asked.course)
    if given.svg:
        path = Path(given.svg)
        write_whole(path, small_multiples_svg(content))
        write_whole(narrow_of(path), small_multiples_narrow_svg(content))
    if given.html:
        from ivigil.explain.evidence_report import evidence_report  # noqa: PLC0415

        page = evidence_report(content.title, sections, [small_multiples_figure(content)])
        write_whole(Path(given.html), page)


def _values(one: MechanismRun) -> dict[str, Any]:
    curves = {name: levels.tolist() for name, levels in one.curves.items()}
    return {"on": list(one.on), "says": list(one.says), "day": one.days.tolist(), "curves": curves}
