"""``ivigil predictive-check``: whether a model foretells the levels of a table's people."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

from ivigil.cli.assay import assay_of
from ivigil.cli.files import content_of, output_faults, write
from ivigil.cli.kinetic_case import implausible, models_of
from ivigil.cli.numbers import Numbers
from ivigil.cli.output import library, say
from ivigil.cli.pictures import narrow_of
from ivigil.cli.spread_options import spread_of
from ivigil.documents import BadInput, Fault, canonical_json, encode
from ivigil.explain.predictive_sections import CheckedTable, check_content, predictive_sections
from ivigil.explain.terminal import print_sections
from ivigil.kinetics.event_table import EventTable, read_events
from ivigil.kinetics.outside import outside
from ivigil.kinetics.predictive_check import Grouping, PredictiveCheck, predictive_check
from ivigil.kinetics.replicated import FEWEST_REPLICATES, Replicates, replicated
from ivigil.knowledge import Library
from ivigil.knowledge.kinetic_records import LinearModel

_SINCE_DOSE = "since-dose"


def check(given: Namespace) -> int:
    """Simulate the table's people anew, and hold what was observed against it."""
    known = library(given.knowledge)
    numbers = Numbers(given)
    how, grouping = _replicates(numbers), _grouping(numbers)
    numbers.faults += output_faults([*_outputs(given)], [Path(given.events)])
    model, table = _model(given, known, numbers), _table(given, known, numbers)
    if numbers.faults or how is None or model is None or table is None:
        raise BadInput(numbers.faults)
    levels = replicated(model, table, how)
    found = predictive_check(levels, grouping, corrected=given.corrected)
    beyond = _outside(model, table, given.indication)
    of = CheckedTable(model, table.name, levels.people, levels.taken_as_own, how.count, how.seed, beyond)
    return _answer(given, found, of)


def _replicates(numbers: Numbers) -> Replicates | None:
    count = numbers.whole("replicates", least=FEWEST_REPLICATES)
    seed, workers = numbers.whole("seed", least=0), numbers.whole("workers")
    assay, spread = assay_of(numbers), spread_of(numbers)
    if count is None or seed is None or workers is None:
        return None
    try:
        return Replicates(count, seed, workers, assay, spread.cv_percent, spread.correlations)
    except BadInput as error:
        numbers.faults += error.faults
        return None


def _grouping(numbers: Numbers) -> Grouping:
    given = numbers.given
    count, edges = numbers.whole("groups"), numbers.several("edges", above=False)
    if count is not None and edges:
        numbers.faults.append(Fault("--groups, --edges", "both", "one of them"))
    if any(not one < other for one, other in pairwise(edges)):
        numbers.faults.append(Fault("--edges", given.edges, "rising days, such as 0,7,14,28"))
    return Grouping("time since dose" if given.by == _SINCE_DOSE else "day", count, edges)


def _model(given: Namespace, known: Library, numbers: Numbers) -> LinearModel | None:
    models = list(models_of(given, known, numbers.faults))
    linear = [one for one in models if isinstance(one, LinearModel)]
    if len(models) > 1:
        numbers.faults.append(Fault("--model", f"{len(models)} models", "one model"))
    elif models and not linear:
        expected = "a linear model: the other says nothing of how people differ"
        numbers.faults.append(Fault("--model", f"{models[0].id}, a recycling model", expected))
    return linear[0] if linear else None


def _table(given: Namespace, known: Library, numbers: Numbers) -> EventTable | None:
    try:
        table = read_events(content_of(Path(given.events)), given.events)
    except BadInput as error:
        numbers.faults += error.faults
        return None
    for one in table.subjects:
        numbers.faults += implausible(one.covariates, one.levels, f"{given.events}, {one.id}", known)
    return table


def _outside(model: LinearModel, table: EventTable, indication: str | None) -> dict[str, tuple[str, ...]]:
    """The ids of people who lie outside what the model was built on, by the reason."""
    found: dict[str, dict[str, None]] = {}
    for subject in table.subjects:
        for _, held in subject.covariates.changes:
            for reason in outside(model, held, subject.course, indication):
                found.setdefault(reason, {})[subject.id] = None
    return {reason: tuple(ids) for reason, ids in sorted(found.items())}


def _outputs(given: Namespace) -> Iterator[Path]:
    if given.svg:
        yield Path(given.svg)
        yield narrow_of(Path(given.svg))
    if given.html:
        yield Path(given.html)


def _answer(given: Namespace, found: PredictiveCheck, of: CheckedTable) -> int:
    sections = list(predictive_sections(found, of))
    if given.svg or given.html:
        _write(given, found, of)
    if given.json:
        say(canonical_json(_values(found, of), indent=2))
        return 0
    print_sections("Predictive check", sections, everything=True)
    return 0


def _write(given: Namespace, found: PredictiveCheck, of: CheckedTable) -> None:
    from ivigil.explain.evidence_report import evidence_report  # noqa: PLC0415 - read only for a picture
    from ivigil.explain.visual_check import (  # noqa: PLC0415
        visual_check_figure,
        visual_check_narrow_svg,
        visual_check_svg,
    )

    content = check_content(found, of)
    if given.svg:
        write(Path(given.svg), visual_check_svg(content))
        write(narrow_of(Path(given.svg)), visual_check_narrow_svg(content))
    if given.html:
        # The figure brings the table of quantiles with it.
        sections = [one for one in predictive_sections(found, of) if not one.title.startswith("Quantiles")]
        write(Path(given.html), evidence_report(content.title, sections, [visual_check_figure(content)]))


def _values(found: PredictiveCheck, of: CheckedTable) -> dict[str, Any]:
    return {
        "model": of.model.id,
        "people": of.people,
        "levels": int(found.times.size),
        "below_limit": found.below,
        "taken_as_own": of.taken_as_own,
        "left_out": found.left_out,
        "replicates": of.replicates,
        "seed": of.seed,
        "by": found.by,
        "corrected": found.corrected,
        "groups": [encode(one) for one in found.groups],
        "intervals": [encode(one) for one in found.intervals],
        "outside": [{"reason": reason, "people": list(ids)} for reason, ids in of.outside.items()],
    }
