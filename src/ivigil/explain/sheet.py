"""A bedside sheet: one infusion on one page of paper, as an accessible PDF; the same plan gives the same bytes.

Typst sets the page, in the fonts that come with it and without a network. Values reach it as JSON, and nothing of them
is read as markup. What does not fit is set smaller; then the least needed is left out, and the sheet says how much.
"""

from __future__ import annotations

import json
import unicodedata
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, date, datetime, time
from decimal import Decimal
from fractions import Fraction
from importlib.resources import files
from itertools import groupby

from ivigil.criteria import Truth
from ivigil.documents import BadInput, Fault
from ivigil.dosing.caps import AppliedCap
from ivigil.dosing.infusion import Day, Step, Timetable
from ivigil.dosing.rates import MINUTES_PER_HOUR, NotPlanned, shown_down
from ivigil.dosing.subcutaneous import SitePlan
from ivigil.explain.answer import answer
from ivigil.explain.layout import Table
from ivigil.explain.plan_words import labels
from ivigil.explain.step_chart import clock
from ivigil.explain.words import capitalised, listed, plain
from ivigil.facts import Catalogue
from ivigil.knowledge.product_records import Status
from ivigil.review import Decision
from ivigil.review.infusion_plan import InfusionPlan
from ivigil.review.plan import Plan
from ivigil.safety import ChecklistItem, HazardFound, ProductFit
from ivigil.units import shown
from ivigil.units.amounts import as_decimal

_SIZES_PT = ("11", "10", "9", "8.5", "8", "7.5")  # nothing smaller is read at a bedside
_CASE_LETTERS, _NAMED_LETTERS = 40, 75  # of the name of a case; of the facts that are named in one line
_PHASES = {"before": "Before", "during": "During", "after": "After", "reaction": "If a reaction comes"}
# What is chosen when the order is made: on the sheet of an order it can be left out first.
_CHOICES = frozenset({"product", "route", "split", "dose"})
_UNSURE = "Caution, not verified."
# What the fonts show: Latin, Greek and Cyrillic letters and their marks, punctuation, digits up and down, signs.
_SHOWN = ((0x20, 0x4FF), (0x1E00, 0x1FBC), (0x2010, 0x2027), (0x2030, 0x2040), (0x2080, 0x2089), (0x2190, 0x22FF))


@dataclass(frozen=True)
class Item:
    """One thing to do: on which days, and what to ask while it is not known whether it applies.

    ``rank`` is 0 for what always stays on the sheet; the higher, the sooner it is left out.
    """

    text: str
    lead: str = ""
    days: str = ""
    asks: str = ""
    ticked: bool = True
    rank: int = 0


@dataclass(frozen=True)
class Group:
    """The items of one phase; ``more`` says how many are left out."""

    title: str
    items: tuple[Item, ...]
    more: str = ""


@dataclass(frozen=True)
class DayShown:
    """Days that are alike and their rates. ``steps`` are drawn: shares of the time and of the highest rate."""

    title: str
    summary: str
    table: Table | None = None
    steps: tuple[tuple[float, float, float], ...] = ()
    steps_words: str = ""


@dataclass(frozen=True)
class Sheet:
    """All that stands on the page, in the order of the page."""

    case: str
    verdict: tuple[str, ...]
    product: str
    fit: tuple[str, ...]
    dose: str
    vials: tuple[str, ...]
    days: tuple[DayShown, ...]
    limits: tuple[str, ...]
    checklist: tuple[Group, ...]
    hazards: tuple[tuple[str, str, str], ...]
    footer: tuple[str, ...]
    size_pt: str = _SIZES_PT[0]
    with_chart: bool = True


def bedside_sheet(decision: Decision, plan: Plan, infusion: InfusionPlan, catalogue: Catalogue) -> bytes:
    """The PDF (A4, PDF/UA-1) of ``infusion``, one of those of ``plan``; ``catalogue`` names the facts to ask for.

    Raises :class:`BadInput` where the extra ``report`` is not installed, or the rates alone fill more than one page.
    """
    _require_typst()
    drafts = tuple(_drafts(sheet(decision, plan, infusion, catalogue)))
    place = bisect_left(drafts, 1, key=lambda draft: int(_pages(draft) == 1))
    if place == len(drafts):
        found = "a plan that fills more than one page even with all left out that can be"
        raise BadInput([Fault(decision.case, found, "one that fits on one page", "Show the full answer instead.")])
    return _pdf(drafts[place], decision.today)


def sheet(decision: Decision, plan: Plan, infusion: InfusionPlan, catalogue: Catalogue) -> Sheet:
    """All that a bedside sheet says, before anything is left out for want of room."""
    name = decision.case if len(decision.case) <= _CASE_LETTERS else f"{decision.case[: _CASE_LETTERS - 1]}…"
    shown_answer = answer(replace(decision, case=name))
    verdict = f"{shown_answer.subject}: {shown_answer.verdict_words}"
    product = infusion.fit.product
    return Sheet(
        case=name,
        verdict=(verdict, *([shown_answer.may_start] if shown_answer.may_start else [])),
        product=f"{product.brand}, {shown(product.g_per_100_ml * 10)} mg/mL ({product.maker}; label {product.region})",
        fit=tuple(_fit(infusion.fit, catalogue)),
        dose=_dose(infusion),
        vials=tuple(_vials(infusion)),
        days=tuple(_days(infusion, catalogue)),
        limits=tuple(_limits(infusion, catalogue)),
        checklist=(*_groups(plan.checklist, catalogue), *_ladder(plan)),
        hazards=tuple(_hazards(plan.hazards, catalogue)),
        footer=shown_answer.footer,
    )


def _fit(fit: ProductFit, catalogue: Catalogue) -> Iterator[str]:
    """Whether the product fits: what is open, what to be careful of."""
    unclear = fit.reasons_that("unclear")
    if unclear:
        yield "It is not settled whether this product fits the patient."
    if asked := tuple(dict.fromkeys(need for one in unclear for need in one.needs)):
        yield f"Ask first: {labels(asked, catalogue)}."
    if verify := tuple(dict.fromkeys(one for reason in unclear for one in reason.verify)):
        yield f"Look up on the label: {listed(verify)}."
    yield from dict.fromkeys(one.why for one in unclear if not one.needs and not one.verify)
    cautions = fit.reasons_that("caution")
    yield from dict.fromkeys(f"Caution: {one.text}" for one in cautions if not one.needs)
    if needs := tuple(dict.fromkeys(need for one in cautions for need in one.needs if need not in asked)):
        yield f"Cautions may apply; ask: {_some(needs, catalogue)}."


def _dose(infusion: InfusionPlan) -> str:
    given = infusion.given
    if given is None:
        return "Dose in grams not known"
    doses, total = given.doses_g, shown(sum(given.doses_g, Decimal(0)))
    if infusion.switch:
        weeks = shown(infusion.switch.weeks)
        return f"{total} g every {'week' if weeks == '1' else f'{weeks} weeks'} ({given.words})"
    if len(doses) == 1:
        return f"{total} g on one day ({given.words})"
    each = f"{shown(doses[0])} g a day" if len(set(doses)) == 1 else f"{listed([shown(one) for one in doses])} g"
    return f"{each} on {len(doses)} days, {total} g in all ({given.words})"


def _vials(infusion: InfusionPlan) -> Iterator[str]:
    weight = infusion.rate_weight_kg
    if infusion.given and not infusion.vials:
        yield "Vials: their sizes are not known from the label."
    for choice in dict.fromkeys(infusion.vials):
        picked = " + ".join(f"{one.count} × {shown(one.size_g)} g" for one in choice.picked)
        waste = f", {shown(choice.waste_g)} g left over" if choice.waste_g else ""
        yield f"Vials for {shown(choice.dose_g)} g: {picked or choice.said}{waste}."
    if weight is not None:
        yield f"Rates go by {shown(weight)} kg."
    if weeks := [f"{shown(shown_down(one.dose_g, 2))} g in week {one.week}" for one in infusion.ramp_up]:
        yield f"The label's way up to the full dose: {listed(weeks)}."


def _days(infusion: InfusionPlan, catalogue: Catalogue) -> Iterator[DayShown]:
    """Each kind of day with its rates; or why there are none."""
    match infusion.schedule:
        case NotPlanned(words, needs):
            asked = f"Ask: {_some(needs, catalogue)}." if needs else ""
            yield DayShown(f"No rates: {' '.join(words).rstrip('.')}", asked)
        case SitePlan() as sites:
            yield _of_sites(sites)
        case Timetable(days):
            kinds: dict[object, list[Day]] = {}
            for day in days:
                rates = tuple((one.rate, one.end_minute) for one in day.steps)
                kinds.setdefault((day.volume_ml, day.limits, rates), []).append(day)
            yield from (_of_days(alike) for alike in kinds.values())


def _of_days(alike: Sequence[Day]) -> DayShown:
    day, title = alike[0], _numbered([one.number for one in alike])
    volume = f"{shown(as_decimal(day.volume_ml))} mL{' a day' if len(alike) > 1 else ''}"
    if day.minutes is None:
        low, high = (shown(one.shown_ml_per_h) for one in (day.limits.start, day.limits.maximum))
        limits = f"from {low} to at most {high} mL/h; the label prints no steps between"
        return DayShown(title, f"{volume}, {limits}: {clock(day.limits.longest_minutes)} at the first rate.")
    starts = [one.steps[0].starts.date() for one in alike if one.steps[0].starts]
    dates = f" ({_from_to(starts[0], starts[-1])})" if starts else ""
    times = "by the clock" if starts else "hours:minutes from the start"
    table = Table(("From", "To", "mL/h", "mL/kg/h", "mL so far"), tuple(_row(step) for step in day.steps))
    said = "; ".join(f"{rate} mL/h from {begins} to {ends}" for begins, ends, rate, *_ in table.rows)
    summary = f"{volume} in {clock(day.minutes)} (hours:minutes). Times {times}."
    return DayShown(f"{title}{dates}", summary, table, tuple(_drawn(day)), f"Rate over time, in steps: {said}.")


def _numbered(days: Sequence[int]) -> str:
    if len(days) == 1:
        return f"Day {days[0]}"
    follow = days[-1] - days[0] == len(days) - 1
    return f"Days {days[0]} to {days[-1]}" if follow else f"Days {listed([str(one) for one in days])}"


def _row(step: Step) -> tuple[str, ...]:
    begins, ends = clock(step.start_minute), clock(step.end_minute)
    if step.starts and step.ends:
        late = " next day" if step.ends.date() > step.starts.date() else ""
        begins, ends = f"{step.starts:%H:%M}", f"{step.ends:%H:%M}{late}"
    rates = (shown(step.rate.shown_ml_per_h), shown(shown_down(step.rate.in_unit("mL/kg/h"), 2)))
    return begins, ends, *rates, shown(as_decimal(step.volume_so_far_ml))


def _drawn(day: Day) -> Iterator[tuple[float, float, float]]:
    end, top = day.steps[-1].end_minute, max(step.rate.ml_per_h for step in day.steps)
    for one in day.steps:
        yield float(one.start_minute / end), float(one.end_minute / end), float(one.rate.ml_per_h / top)


def _of_sites(plan: SitePlan) -> DayShown:
    title = "Each dose" if plan.days == 1 else f"Each dose, spread over {plan.days} days, on each of them"
    volume, each = (shown(as_decimal(one)) for one in (plan.volume_ml, plan.volume_ml_per_site))
    words = f"{volume} mL under the skin, {plan.sites} {'site' if plan.sites == 1 else 'sites'} of {each} mL"
    if plan.minutes is None:
        return DayShown(title, f"{words}. The label's rates, or how long each is kept, were not read.")
    minute, so_far, rows = Fraction(0), Fraction(0), list[tuple[str, ...]]()
    for rate, minutes in plan.steps:
        so_far += rate * minutes / MINUTES_PER_HOUR
        rates = (shown(shown_down(one)) for one in (rate, rate / plan.sites))
        rows.append((clock(minute), clock(minute + minutes), *rates, shown(as_decimal(so_far))))
        minute += minutes
    table = Table(("From", "To", "mL/h, all sites", "mL/h a site", "mL so far"), tuple(rows))
    return DayShown(title, f"{words}; at least {clock(minute)} (hours:minutes).", table)


def _limits(infusion: InfusionPlan, catalogue: Catalogue) -> Iterator[str]:
    """The caps that hold, with what to ask; then what else to know of the rates."""
    schedule = infusion.schedule
    if isinstance(schedule, NotPlanned):
        return
    caps = schedule.caps if isinstance(schedule, Timetable) else ()
    yield from (_cap(one, catalogue) for one in caps)
    yield from _notes(schedule.notes, [one.text for one in caps])
    in_caps = {need for one in caps for need in one.needs}
    if needs := tuple(one for one in schedule.needs if one not in in_caps):
        yield f"The rates may change with: {_some(needs, catalogue)}."


def _notes(notes: Iterable[str], said: Sequence[str]) -> Iterator[str]:
    """The notes without the words of the caps, which stand above them."""
    for note in notes:
        left = note
        for text in said:
            left = left.replace(text, "").strip()
        if left.rstrip(":.") != _UNSURE.rstrip("."):
            yield left


def _cap(cap: AppliedCap, catalogue: Catalogue) -> str:
    here = f"Here {'below' if cap.below else 'at most'} {shown(cap.limit.shown_ml_per_h)} mL/h." if cap.limit else ""
    asked = f"It turns on: {_some(cap.needs, catalogue)}." if cap.question and cap.needs else ""
    unsure = _UNSURE if cap.status == "remembered" and _UNSURE not in cap.reason else ""
    parts = ("Limit:", cap.text, here, cap.reason, unsure, cap.question, asked)
    return " ".join(one for one in parts if one)


def _groups(items: Iterable[ChecklistItem], catalogue: Catalogue) -> Iterator[Group]:
    for phase, found in groupby(items, key=lambda one: one.precaution.phase):
        done = [_item(one, catalogue) for one in found]
        days = {one.days for one in done}
        if len(days) == 1:  # said once, over all of them; what is certain comes first
            done = sorted((replace(one, days="") for one in done), key=lambda one: bool(one.asks))
        over = f" ({days.pop()})" if len(days) == 1 and days != {""} else ""
        yield Group(f"{_PHASES[phase]}{over}", tuple(done))


def _ladder(plan: Plan) -> Iterator[Group]:
    """What the place's own protocol does in a reaction, where it has one."""
    steps = tuple(Item(one.text, lead=f"{capitalised(one.severity)}:", ticked=False) for one in plan.ladder)
    if steps:
        yield Group("In a reaction, by this place's own protocol", steps)


def _item(item: ChecklistItem, catalogue: Catalogue) -> Item:
    phase, withheld = item.precaution.phase, item.state == "withheld"
    return Item(
        _marked(f"{item.text} {item.why}" if withheld else item.text, item.status),
        lead="Not advised:" if withheld else "",
        days=_from_to(item.from_date, item.to_date),
        asks="" if withheld or item.called_for is not Truth.UNKNOWN else _asks(item, catalogue),
        ticked=not withheld and phase != "reaction",
        rank=_rank(item),
    )


def _rank(item: ChecklistItem) -> int:
    """What is withheld stays, and what is certain to be done; first to go is what is open and chosen with the order."""
    chosen = item.precaution.phase == "before" and not _CHOICES.isdisjoint(item.levers)
    if item.state == "withheld":
        return 0
    if item.called_for is Truth.UNKNOWN:
        return 4 if chosen else 3
    return 2 if chosen else int(item.precaution.phase == "reaction")


def _asks(item: ChecklistItem, catalogue: Catalogue) -> str:
    """The question; of several facts only their names."""
    if not item.needs:
        return "If it applies."
    names = f"{listed([labels((one,), catalogue) for one in item.needs], 'or')}?"
    return f"If it applies: {item.question if len(item.needs) == 1 and item.question else names}"


def _from_to(first: date | None, last: date | None) -> str:
    if first and last and first != last:
        return f"{first.isoformat()} to {last.isoformat()}"
    if first and last:
        return first.isoformat()
    return f"from {first.isoformat()}" if first else f"by {last.isoformat()}" if last else ""


def _hazards(hazards: Iterable[HazardFound], catalogue: Catalogue) -> Iterator[tuple[str, str, str]]:
    """The hazards with a risk factor that is there or not known."""
    for one in hazards:
        there = (found.factor for found in one.factors_that_are("present"))
        present = " ".join(_marked(factor.text, factor.status) for factor in there)
        needs = dict.fromkeys(need for factor in one.factors_that_are("unknown") for need in factor.needs)
        if present or needs:
            yield one.hazard.name, present or "none known", _some(tuple(needs), catalogue)


def _marked(text: str, status: Status) -> str:
    return text if status == "verified" else f"{text} {_UNSURE}"


def _some(facts: Sequence[str], catalogue: Catalogue) -> str:
    """The names of as many facts as one line holds, and how many more there are."""
    names = [labels((one,), catalogue) for one in facts]
    held = max(1, sum(len(", ".join(names[:count])) <= _NAMED_LETTERS for count in range(1, len(names) + 1)))
    return f"{', '.join(names[:held])} {_more(len(names) - held)}" if held < len(names) else listed(names)


def _more(count: int) -> str:
    return f"and {count} more: see the full answer"


def _drafts(whole: Sheet) -> Iterator[Sheet]:
    """The sheet in ever less room: in smaller type, without the picture, with ever more items left out."""
    drafts = [replace(whole, size_pt=size) for size in _SIZES_PT]
    yield from drafts
    least = replace(drafts[-1], with_chart=False)
    yield least
    ranked = [(-one.rank, -place, one) for group in whole.checklist for place, one in enumerate(group.items)]
    order = [one for rank, _, one in sorted(ranked, key=lambda found: found[:2]) if rank]
    for count in range(1, len(order) + 1):
        out = {id(one) for one in order[:count]}
        yield replace(least, checklist=tuple(_without(group, out) for group in whole.checklist))


def _without(group: Group, out: set[int]) -> Group:
    kept = tuple(one for one in group.items if id(one) not in out)
    left = len(group.items) - len(kept)
    return replace(group, items=kept, more=_more(left) if left else "")


def _require_typst() -> None:
    try:
        import typst  # noqa: F401, PLC0415 - an extra: only a sheet needs it
    except ImportError:
        found, hint = "that the extra `report` is not installed", "The sheet is set by its package typst."
        raise BadInput([Fault("bedside sheet", found, "pip install 'ivigil[report]'", hint)]) from None


def _pages(draft: Sheet) -> int:
    import typst  # noqa: PLC0415 - an extra: only a sheet needs it

    inputs = _inputs(draft)
    return int(typst.query(_template(), "<pages>", "value", one=True, ignore_system_fonts=True, sys_inputs=inputs))


def _pdf(draft: Sheet, today: date) -> bytes:
    """``draft`` as PDF, dated at the start of ``today``: a clock would change the bytes."""
    import typst  # noqa: PLC0415 - an extra: only a sheet needs it

    pdf: bytes = typst.compile(
        _template(),
        format="pdf",
        ignore_system_fonts=True,
        sys_inputs=_inputs(draft),
        pdf_standards=["ua-1"],
        timestamp=datetime.combine(today, time(), UTC),
    )
    return pdf


def _template() -> bytes:
    return files("ivigil.explain").joinpath("sheet.typ").read_bytes()


def _inputs(draft: Sheet) -> dict[str, str]:
    return {"sheet": json.dumps(_spelled(asdict(draft)))}


def _spelled(value: object) -> object:
    """``value`` with each character that the fonts cannot show written by its number, as ``[U+4E2D]``."""
    if isinstance(value, dict):
        return {key: _spelled(one) for key, one in value.items()}
    if isinstance(value, tuple | list):
        return [_spelled(one) for one in value]
    if isinstance(value, str):
        return "".join(_letter(one) for one in unicodedata.normalize("NFC", plain(value)))
    return value


def _letter(character: str) -> str:
    code = ord(character)
    seen = any(first <= code <= last for first, last in _SHOWN) and unicodedata.category(character) not in {"Cf", "Cn"}
    return character if seen else f"[U+{code:04X}]"
