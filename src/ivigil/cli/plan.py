"""``ivigil dose``, ``infuse`` and ``hazards``: a plan from options, from a case in a file, or from both."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from ivigil.cli.given import day, gathered
from ivigil.cli.options import case_of_options
from ivigil.cli.output import library, say, unknown_id
from ivigil.cli.plausible import above_every_regimen, no_patient_has
from ivigil.cli.review import read_file, write
from ivigil.cli.settings import settings
from ivigil.documents import BadInput, Fault, canonical_json
from ivigil.explain.layout import Row, Section
from ivigil.explain.page import plan_page
from ivigil.explain.plan_json import dose_json, frequencies_json, plan_json
from ivigil.explain.plan_sections import dose_sections, hazard_sections, infusion_sections
from ivigil.facts import Case, Request
from ivigil.facts.merge import merged
from ivigil.knowledge import Library, Regimen
from ivigil.review import Judge
from ivigil.review.dose_plan import Known
from ivigil.review.infusion_plan import Settings
from ivigil.review.match import Matcher
from ivigil.review.plan import Plan, named_products, plan_course
from ivigil.review.remarks import warnings

Sections = Callable[[Plan, Library], Iterator[Section]]
Json = dict[str, Any]


def dose(given: Namespace) -> int:
    """Work out a dose under every weight rule."""
    return _planned(given, "Dose", lambda plan, known: dose_sections(plan, known.askable), _dose_json)


def infuse(given: Namespace) -> int:
    """Work out the vials and the timetable of an infusion."""
    return _planned(given, "Infusion", lambda plan, known: infusion_sections(plan, known.askable), _infusion_json)


def hazards(given: Namespace) -> int:
    """List the hazards for one patient, and what to do."""
    return _planned(given, "Hazards", lambda plan, known: hazard_sections(plan, known.askable), _hazards_json)


def _dose_json(plan: Plan) -> Json:
    whole = plan_json(plan)
    return {"dose": dose_json(plan.dose), "infusion": whole["infusion"]}


def _infusion_json(plan: Plan) -> Json:
    whole = plan_json(plan)
    return {key: whole[key] for key in ("infusion", "at_risk", "products", "product_overrides")}


def _hazards_json(plan: Plan) -> Json:
    whole = plan_json(plan)
    named = ("hazards", "at_risk", "checklist", "reaction_ladder", "products", "product_overrides")
    return {**{key: whole[key] for key in named}, "frequencies": frequencies_json(plan)}


def _planned(given: Namespace, title: str, laid_out: Sections, as_json: Callable[[Plan], Json]) -> int:
    known = library(given.knowledge)
    asked = _asked(given, known)
    plan, told = _plan(given, known, asked), _warnings(known, asked)
    name = f"{title} · {asked.case.name}"
    warned = Section("Warnings", tuple(Row(text, "warning") for text in told))
    sections = [one for one in (warned, *laid_out(plan, known)) if one.rows or one.table]
    if given.html is not None:
        write(Path(given.html), plan_page(name, sections))
    if given.json:
        head = {"format": "1", "case": asked.case.name, "today": asked.today.isoformat(), "knowledge_hash": known.hash}
        say(canonical_json({**head, **as_json(plan), "warnings": list(told)}))
        return 0
    from ivigil.explain.terminal import print_sections  # noqa: PLC0415 - rich is not read for JSON

    print_sections(name, sections, everything=given.all)
    return 0


@dataclass(frozen=True)
class _Asked:
    """What a command asks for, with nothing left that is wrong."""

    case: Case
    settled: Known
    today: date
    settings: Settings

    @property
    def request(self) -> Request | None:
        """The request of the file; of several the first."""
        return self.case.requests[0] if self.case.requests else None


def _asked(given: Namespace, known: Library) -> _Asked:
    """What is asked for. Raises :class:`BadInput` with every fault of every option and of the file."""
    faults = [*_unknown_names(given, known)]
    today = gathered(faults, lambda: day(given.today))
    chosen = gathered(faults, lambda: settings(given, known))
    options = case_of_options(given, known.askable, faults)
    read = gathered(faults, lambda: read_file(given.file, known)) if given.file is not None else None
    case = merged(read, options) if read else options
    # No date lies after the last there is, so that while the day is not known none is taken for one to come.
    on = today or date.max
    asked = _Asked(case, _settled(case, known, on), on, chosen or Settings())
    faults += no_patient_has(options, asked.settled, dated=today is not None)
    faults += above_every_regimen(asked.settled, known)
    if faults:
        raise BadInput(faults)
    return asked


def _settled(case: Case, known: Library, today: date) -> Known:
    return Judge(known).known(case, case.requests[0] if case.requests else None, (), today)


def _unknown_names(given: Namespace, known: Library) -> Iterator[Fault]:
    for kind, name, held in (
        ("rule set", given.rules, known.rule_sets),
        ("indication", given.indication, known.indications),
    ):
        if name is not None and name not in held:
            yield from unknown_id(kind, name, tuple(held)).faults


def _plan(given: Namespace, known: Library, asked: _Asked) -> Plan:
    request, chosen = asked.request, asked.settings
    indication = given.indication or (_named_by(request, known) if request else None)
    regimens = _recommended(indication, given.rules, known)
    medication = request.medication if request else None
    named = chosen.products or tuple(one.id for one in named_products(medication, known))
    return plan_course(asked.settled, regimens, known, asked.today, settings=chosen, named=named, indication=indication)


def _warnings(known: Library, asked: _Asked) -> tuple[str, ...]:
    """What a reader has to know of the input, as ``ivigil review`` says it; and which of several requests counts."""
    case = asked.case
    first = (f"{case.name}: the first of several requests is planned, {one.origin}." for one in case.requests[:1])
    return warnings(known, case, asked.settled, first if len(case.requests) > 1 else ())


def _recommended(indication: str | None, rules: str, known: Library) -> tuple[Regimen, ...]:
    """The recommended regimens of the indication, where one is named."""
    appraisal = known.rule_sets[rules].appraisals.get(indication or "")
    return tuple(one for one in appraisal.regimens if one.role == "recommended") if appraisal else ()


def _named_by(request: Request, known: Library) -> str | None:
    """The one indication that the request of a file names without doubt."""
    found = {one.id for reason in request.reasons for one in Matcher(known).named(reason) if one.how == "named"}
    return next(iter(found)) if len(found) == 1 else None
