"""``ivigil individualise``: what measured levels say of one person, and which dose reaches a target."""

from __future__ import annotations

import sys
from argparse import Namespace
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from ivigil.cli.assay import assay_of
from ivigil.cli.files import content_of, write
from ivigil.cli.kinetic_case import KineticCase, held_steady, kinetic_case, wanted
from ivigil.cli.numbers import Numbers
from ivigil.cli.output import library, say
from ivigil.cli.pictures import measured, target_lines, write_pictures, written_faults
from ivigil.cli.spread_options import spread_of
from ivigil.documents import BadInput, Fault, canonical_json, encode
from ivigil.explain.curve_content import CurveContent
from ivigil.explain.individual_sections import individual_sections
from ivigil.explain.kinetic_sections import bands_of, doses_of
from ivigil.explain.terminal import print_sections
from ivigil.kinetics.averaging import Averaged, averaged
from ivigil.kinetics.doses import Course, Dose
from ivigil.kinetics.drawn_days import drawn_days
from ivigil.kinetics.event_table import Observed, Subject
from ivigil.kinetics.forecast import Forecast, forecast
from ivigil.kinetics.levels import read_levels
from ivigil.kinetics.likelihood import Fitting
from ivigil.kinetics.posterior import Posterior
from ivigil.kinetics.targets_search import Candidate, Plan, Target, search
from ivigil.knowledge import Library
from ivigil.knowledge.kinetic_records import LinearModel

_FOLLOWED = 28.0  # days after the last dose or level: how long it is drawn, no clinical figure


@dataclass(frozen=True)
class _Wish:
    """What may be given next, and what is wanted of it."""

    vials: tuple[float, ...]
    intervals: tuple[float, ...]
    from_day: float
    targets: tuple[Target, ...]
    enough: float | None

    def plan(self, course: Course) -> Plan:
        """The doses to search among; they are given as the last one of ``course`` was."""
        last = course.doses[-1] if course.doses else Dose(self.from_day, 0.0)
        return Plan(self.vials, self.intervals, self.from_day, route=last.route, hours=last.hours)


def individualise(given: Namespace) -> int:
    """Learn from the levels, forecast, and search among the doses that are handed in."""
    known = library(given.knowledge)
    numbers = Numbers(given)
    fitting, wish = _fitting(numbers), _wish(numbers)
    measurements = _levels(given, known, numbers)
    numbers.faults += written_faults(given)
    case = kinetic_case(given, known, numbers)
    levels = _either(measurements, case)
    models = [one for one in case.models if isinstance(one, LinearModel)]
    if len(models) != len(case.models):
        raise BadInput([Fault("--model", "a recycling model", "linear models: they can be learnt from levels")])
    subject = Subject("the person", case.course, case.covariates, levels)
    found = averaged(models, subject, fitting(case), indication=case.indication)
    candidates = _searched(found, wish, case) if wish else {}
    if given.petab:
        _petab(Path(given.petab), models, case, levels)
    return _answer(given, found, levels, candidates, numbers)


def _petab(folder: Path, models: list[LinearModel], case: KineticCase, levels: tuple[Observed, ...]) -> None:
    from ivigil.interop.about import About, identifier  # noqa: PLC0415 - an extra
    from ivigil.interop.petab import Person, petab_problem  # noqa: PLC0415

    if len(models) != 1:
        raise BadInput([Fault("--petab", f"{len(models)} models", "one model")])
    model, person = models[0], held_steady(case, "--petab")
    about = About(identifier(model.id), model.title, f"{model.passage.source}, {model.passage.place}")
    problem = petab_problem(Person(model, person, case.own_g_per_l), case.course, levels, about)
    _made(folder)
    for name, text in sorted(problem.files.items()):
        write(folder / name, text)
    for words in problem.left_out:
        sys.stderr.write(f"ivigil: left out of PEtab: {words}\n")


def _made(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        found = error.strerror or "cannot be made"
        raise BadInput([Fault(str(folder), found, "a folder that can be written to")]) from error


def _searched(found: Averaged, wish: _Wish, case: KineticCase) -> dict[Target, tuple[Candidate, ...]]:
    plan = wish.plan(case.course)
    return {
        target: search(found, plan, target, enough=wish.enough, indication=case.indication) for target in wish.targets
    }


def _either(measurements: tuple[Observed, ...] | None, case: KineticCase) -> tuple[Observed, ...]:
    """The levels, from their own table or from that of the events."""
    if measurements is None:
        if not case.levels:
            raise BadInput([Fault("LEVELS.csv", "no levels", "a table of levels, or levels among --events")])
        return case.levels
    if case.levels:
        raise BadInput([Fault("LEVELS.csv", "levels there and among --events", "one of them")])
    return measurements


def _levels(given: Namespace, known: Library, numbers: Numbers) -> tuple[Observed, ...] | None:
    """The levels of their own table; ``None`` where none is named."""
    if given.levels is None:
        return None
    bounds = known.catalogue["igg_level"].range
    plausible = (Decimal(bounds.min), Decimal(bounds.max)) if bounds else None
    try:
        day_0 = date.fromisoformat(given.day_0) if given.day_0 else None
    except ValueError:
        numbers.faults.append(Fault("--day-0", repr(given.day_0), "a date such as 2026-11-20"))
        return ()
    try:
        return read_levels(content_of(Path(given.levels)), given.levels, day_0=day_0, plausible=plausible)
    except BadInput as error:
        numbers.faults += error.faults
        return ()


def _fitting(numbers: Numbers) -> Any:  # noqa: ANN401 - a function of the case, once all options are read
    weight = numbers.number("prior_weight")
    assay, spread = assay_of(numbers), spread_of(numbers)
    seed, draws = numbers.whole("seed", least=0), numbers.whole("draws")

    def made(case: KineticCase) -> Fitting:
        return Fitting(
            seed=seed or 0,
            draws=draws or 1,
            prior_weight=1.0 if weight is None else weight,
            assay=assay,
            baseline_g_per_l=case.own_g_per_l,
            cv_percent=spread.cv_percent,
            correlations=spread.correlations,
        )

    return made


def _wish(numbers: Numbers) -> _Wish | None:
    """The search that is asked for; none where no dose is handed in."""
    vials, intervals = numbers.several("vials"), numbers.several("intervals")
    targets = tuple(Target(one.quantity, at_least=one.at_least) for one in wanted(numbers))
    enough, start = numbers.number("enough"), numbers.number("from_day", above=False)
    if enough is not None and enough > 1:
        numbers.faults.append(Fault("--enough", f"{enough:g}", "a probability above 0, up to 1"))
    if not vials and not intervals:
        return None
    if not (vials and intervals):
        numbers.faults.append(Fault("--vials, --intervals", "one of them", "both"))
    if not targets:
        numbers.faults.append(Fault("--trough, --rise, --exposure", "none", "what the dose should reach"))
    if start is None and numbers.given.from_day is None:
        numbers.faults.append(Fault("--from-day", "none", "the day of the first new dose"))
    return _Wish(vials, intervals, start, targets, enough) if start is not None else None


def _answer(
    given: Namespace,
    found: Averaged,
    levels: tuple[Observed, ...],
    candidates: dict[Target, tuple[Candidate, ...]],
    numbers: Numbers,
) -> int:
    seen = forecast(found, found.course, drawn_days(found.course, _end(found, levels)))
    sections = list(individual_sections(found, candidates))
    curve = CurveContent(
        title="The person's IgG",
        days=tuple(seen.days.tolist()),
        total=bands_of(seen.shares, seen.levels.tolist()),
        doses=doses_of(found.course),
        targets=target_lines(wanted(numbers), _own(found)),
        measured=measured(levels),
        notes=("Bands hold what the levels leave open of this person's parameters, by the models named.",),
    )
    write_pictures(given, "The person's IgG", [curve], sections)
    if given.json:
        say(canonical_json(_values(found, seen, candidates), indent=2))
        return 0
    print_sections("What the levels say", sections, everything=True)
    return 0


def _own(found: Averaged) -> float | None:
    """The own level that all models take, where they take one."""
    levels = {one.curves.baseline.g_per_l for one in found.members}
    return levels.pop() if len(levels) == 1 else None


def _end(found: Averaged, levels: tuple[Observed, ...]) -> float:
    last = max([0.0, *(one.at_day for one in found.course.doses), *(one.at_day for one in levels)])
    return last + _FOLLOWED


def _values(found: Averaged, seen: Forecast, candidates: dict[Target, tuple[Candidate, ...]]) -> dict[str, Any]:
    return {
        "models": [
            {"weight": weight, **_member(one)} for one, weight in zip(found.members, found.weights, strict=True)
        ],
        "forecast": {"day": seen.days.tolist(), "shares": list(seen.shares), "g_per_l": seen.levels.tolist()},
        "doses": [
            {"target": encode(target), "candidates": [encode(one) for one in several]}
            for target, several in candidates.items()
        ],
    }


def _member(one: Posterior) -> dict[str, Any]:
    return {
        "model": one.model_id,
        "method": one.method,
        "effective_draws": one.effective,
        "log_evidence": one.log_evidence,
        "most_likely_etas": dict(one.most_likely.etas),
        "own": {"g_per_l": one.curves.baseline.g_per_l, "origin": one.curves.baseline.origin},
        "outside": list(one.outside),
    }
