"""``ivigil dose``, ``infuse`` and ``hazards``: a plan from options, from a case in a file, or from both."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from ivigil.cli.output import library, say, unknown_id
from ivigil.cli.review import day, gathered, read_file, write
from ivigil.cli.settings import settings
from ivigil.documents import BadInput, Fault, canonical_json
from ivigil.explain import Section, plan_page
from ivigil.explain.plan_json import dose_json, frequencies_json, plan_json
from ivigil.explain.plan_sections import dose_sections, hazard_sections, infusion_sections
from ivigil.facts import Case, Request, Settled, read_case
from ivigil.facts.merge import merged
from ivigil.knowledge import Library, Regimen
from ivigil.review import Judge
from ivigil.review.dose_plan import known_amount
from ivigil.review.infusion_plan import Settings
from ivigil.review.match import Matcher
from ivigil.review.plan import Plan, named_products, plan_course
from ivigil.units import shown

# Options that state a fact: the fact, and the unit of a number given alone.
_FACTS = {"weight": ("weight", "kg"), "height": ("height", "cm"), "sex": ("sex", None), "age": ("age", "a")}
_REQUEST = {
    "per_kg": ("request_total_dose_per_kg", "g/kg"),
    "daily_per_kg": ("request_daily_dose_per_kg", "g/kg/d"),
    "total": ("request_total_dose", "g"),
    "daily": ("request_daily_dose", "g/d"),
    "days": ("request_infusion_days", "d"),
    "route": ("request_route", None),
    "indication": ("indication", None),
}
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
    known, faults = library(given.knowledge), list[Fault]()
    today = gathered(faults, lambda: day(given.today))
    chosen = gathered(faults, lambda: settings(given, known))
    case = gathered(faults, lambda: _case(given, known))
    regimens = gathered(faults, lambda: _regimens(given, known))
    if today is None or chosen is None or case is None or regimens is None:
        raise BadInput(faults)
    plan = _plan(given, known, case, regimens, (today, chosen))
    name = f"{title} · {case.name}"
    sections = [one for one in laid_out(plan, known) if one.rows or one.table]
    if given.html is not None:
        write(Path(given.html), plan_page(name, sections))
    if given.json:
        head = {"format": "1", "case": case.name, "today": today.isoformat(), "knowledge_hash": known.hash}
        say(canonical_json({**head, **as_json(plan)}))
        return 0
    from ivigil.explain.terminal import print_sections  # noqa: PLC0415 - rich is not read for JSON

    print_sections(name, sections, everything=given.all)
    return 0


def _plan(
    given: Namespace, known: Library, case: Case, regimens: tuple[Regimen, ...], how: tuple[date, Settings]
) -> Plan:
    today, chosen = how
    request = case.requests[0] if case.requests else None
    settled = Judge(known).known(case, request, (), today)
    faults = [*_set_aside(given, settled), *_above_any(settled, known)]
    if faults:
        raise BadInput(faults)
    indication = given.indication or (_named_by(request, known) if request else None)
    regimens = regimens or _recommended(indication, given.rules, known)
    medication = request.medication if request else None
    named = chosen.products or tuple(one.id for one in named_products(medication, known))
    return plan_course(settled, regimens, known, today, settings=chosen, named=named, indication=indication)


def _case(given: Namespace, known: Library) -> Case:
    """The case of the file with the options added."""
    options = read_case(canonical_json(_document(given, known)).encode(), "the options", known.vocabulary)
    if given.file is None:
        return options
    return merged(read_file(given.file, known), options)


def _document(given: Namespace, known: Library) -> Json:
    """The options in the flat form, so that they are read and checked as any case is."""
    facts = dict(_stated(given, _FACTS))
    request = dict(_stated(given, _REQUEST))
    faults = []
    for text in given.fact:
        name, equals, value = text.partition("=")
        if not equals or name not in known.askable:
            faults.append(Fault("--fact", repr(text), "ID=VALUE, with the id of a fact: ivigil facts"))
        elif name in facts or name in request or [one.partition("=")[0] for one in given.fact].count(name) > 1:
            faults.append(Fault("--fact", repr(text), f"{name} once"))
        else:
            own = request if known.askable[name].group == "request" and name.startswith("request_") else facts
            own[name] = {"true": True, "false": False, "yes": True, "no": False}.get(value.lower(), value)
    if faults:
        raise BadInput(faults)
    return {"facts": facts, **({"request": request} if request else {})}


def _stated(given: Namespace, options: Mapping[str, tuple[str, str | None]]) -> Iterator[tuple[str, str]]:
    for option, (fact, unit) in options.items():
        value = getattr(given, option)
        if value is not None:
            alone = unit is not None and value.replace(".", "", 1).replace("-", "", 1).isdigit()
            yield fact, f"{value} {unit}" if alone else value


def _regimens(given: Namespace, known: Library) -> tuple[Regimen, ...]:
    """The recommended regimens of the indication, where one is named."""
    if given.rules not in known.rule_sets:
        raise unknown_id("rule set", given.rules, tuple(known.rule_sets))
    if given.indication is None:
        return ()
    if given.indication not in known.indications:
        raise unknown_id("indication", given.indication, tuple(known.indications))
    return _recommended(given.indication, given.rules, known)


def _recommended(indication: str | None, rules: str, known: Library) -> tuple[Regimen, ...]:
    appraisal = known.rule_sets[rules].appraisals.get(indication or "")
    return tuple(one for one in appraisal.regimens if one.role == "recommended") if appraisal else ()


def _named_by(request: Request, known: Library) -> str | None:
    """The one indication that the request of a file names without doubt."""
    found = {one.id for reason in request.reasons for one in Matcher(known).named(reason) if one.how == "named"}
    return next(iter(found)) if len(found) == 1 else None


def _set_aside(given: Namespace, settled: Mapping[str, Settled]) -> Iterator[Fault]:
    """Options whose value no patient has."""
    for text in given.fact:
        fact = text.partition("=")[0]
        for aside in settled[fact].set_aside if fact in settled else ():
            yield Fault("--fact", f"{fact}: {aside.statement.written}: {aside.why}", "a value that a patient can have")
    for options in (_FACTS, _REQUEST):
        for option, (fact, _) in options.items():
            if getattr(given, option, None) is None or fact not in settled:
                continue
            for aside in settled[fact].set_aside:
                found = f"{aside.statement.written}: {aside.why}"
                yield Fault(f"--{option.replace('_', '-')}", found, "a value that a patient can have")


def _above_any(settled: Mapping[str, Settled], known: Library) -> Iterator[Fault]:
    """A dose per kg above that of every regimen of every rule set."""
    for options, fact, grams, field in (
        (("--per-kg", "--total"), "request_total_dose_per_kg", "request_total_dose", "total_g_per_kg"),
        (("--daily-per-kg", "--daily"), "request_daily_dose_per_kg", "request_daily_dose", "daily_g_per_kg"),
    ):
        stated, in_grams = known_amount(settled, fact), _per_kg(settled, grams)
        asked, option = stated or in_grams, options[0 if stated else 1]
        highest = max(_held(known, field), default=None)
        if asked is not None and highest is not None and asked > highest[0]:
            most, where = highest
            expected = f"at most {most} g/kg, the highest of any regimen held ({where})"
            yield Fault(option, f"{shown(asked)} g/kg", expected, "Check the dose and its unit.")


def _per_kg(settled: Mapping[str, Settled], grams: str) -> Decimal | None:
    """A dose in grams by the recorded weight."""
    dose, weight = known_amount(settled, grams), known_amount(settled, "weight")
    return dose / weight if dose and weight else None


def _held(known: Library, field: str) -> Iterator[tuple[Any, str]]:
    for rules in known.rule_sets.values():
        for appraisal in rules.appraisals.values():
            for regimen in appraisal.regimens:
                span = getattr(regimen, field)
                if span is None and field == "total_g_per_kg" and regimen.daily_g_per_kg and regimen.days:
                    yield regimen.daily_g_per_kg.high * regimen.days.high, f"{appraisal.indication}, {rules.head.id}"
                elif span is not None:
                    yield span.high, f"{appraisal.indication}, {rules.head.id}"
