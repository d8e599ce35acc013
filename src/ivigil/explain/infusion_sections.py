"""The infusion of one product in words, figures and a picture: how it fits, its vials, its rates by the clock."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from ivigil.criteria import Truth
from ivigil.dosing import VialChoice
from ivigil.dosing.infusion import Day, Step, Timetable
from ivigil.dosing.rates import NotPlanned, shown_down
from ivigil.dosing.subcutaneous import SitePlan, Switch
from ivigil.explain.layout import Row, Section, Table
from ivigil.explain.plan_words import labels
from ivigil.explain.step_chart import clock, step_chart
from ivigil.facts import Catalogue
from ivigil.review.infusion_plan import InfusionPlan
from ivigil.units import shown
from ivigil.units.amounts import as_decimal

# Minutes are rounded up, as durations are.
_UP_TO_A_MINUTE = timedelta(seconds=59, microseconds=999_999)
_FITS = {"fits": "fits", "unclear": "unclear", "out": "out"}


def infusion_section(plan: InfusionPlan, catalogue: Catalogue) -> Section:
    """One product's section."""
    product = plan.fit.product
    title = f"Infusion of {product.brand}, label {product.region}"
    schedule = plan.schedule
    rows = [*_fit(plan, catalogue), *_vials(plan.vials), *_switch(plan)]
    if isinstance(schedule, NotPlanned):
        asked = (f"To be known: {labels(schedule.needs, catalogue)}.",) if schedule.needs else ()
        rows.append(Row(" ".join(schedule.words), "no plan", asked))
        return Section(title, tuple(rows))
    if isinstance(schedule, SitePlan):
        return Section(title, (*rows, *_sites(schedule, catalogue)))
    days = _kinds_of_day(schedule)
    rows += [*_rate_rows(plan, schedule, catalogue)]
    pictures = "".join(step_chart(day, _day_words(day, schedule)) for day in days)
    return Section(title, tuple(rows), table=_steps_table(days, schedule), picture=pictures or None)


def _fit(plan: InfusionPlan, catalogue: Catalogue) -> Iterator[Row]:
    fit = plan.fit
    details = [f"{one.text} {one.why}" for one in fit.reasons_that("out")]
    details += [f"Caution: {one.text}" for one in fit.reasons_that("caution") if not one.needs]
    details += [one.why for one in fit.reasons_that("unclear") if not one.needs and not one.verify]
    details += [f"To be known before it fits: {labels(fit.needs, catalogue)}."] if fit.needs else []
    details += [f"To be looked up on the label: {', '.join(fit.verify)}."] if fit.verify else []
    name = f"{fit.product.brand}, {shown(fit.product.g_per_100_ml)} g in 100 mL, {fit.product.maker}"
    yield Row(name, _FITS[fit.state], tuple(dict.fromkeys(details)))
    if plan.given:
        doses = ", ".join(shown(one) for one in plan.given.doses_g)
        yield Row(f"{doses} g, {plan.given.words}", "dose")


def _vials(choices: tuple[VialChoice, ...]) -> Iterator[Row]:
    for choice in {(round(one.dose_g, 6), one.picked): one for one in choices}.values():
        picked = ", ".join(f"{one.count} × {shown(one.size_g)} g" for one in choice.picked)
        waste = f"; {shown(choice.waste_g)} g left over" if choice.waste_g else ""
        yield Row(f"{shown(choice.dose_g)} g: {picked or choice.said}{waste}", "vials")


def _kinds_of_day(schedule: Timetable) -> tuple[Day, ...]:
    """The first of each run of days that are alike."""
    found: dict[tuple[object, ...], Day] = {}
    for day in schedule.days:
        found.setdefault(_kind(day), day)
    return tuple(found.values())


def _kind(day: Day) -> tuple[object, ...]:
    """What makes days alike: volume and rates, up to what a decimal dose leaves over."""
    return round(day.volume_ml, 6), tuple((one.rate, round(one.end_minute, 6)) for one in day.steps)


def _day_words(day: Day, schedule: Timetable) -> str:
    alike = [one.number for one in schedule.days if _kind(one) == _kind(day)]
    if len(alike) == 1:
        return f"Day {alike[0]}"
    run = alike == list(range(alike[0], alike[-1] + 1))
    return f"Days {alike[0]}–{alike[-1]}" if run else f"Days {', '.join(map(str, alike))}"


def _steps_table(days: tuple[Day, ...], schedule: Timetable) -> Table | None:
    rows = tuple(_step_row(step, _day_words(day, schedule)) for day in days for step in day.steps)
    clocks = any(step.starts for day in days for step in day.steps)
    start = ("from (clock)", "to (clock)") if clocks else ("from", "to")
    return Table(("Day", *start, "mL/h", "mL/kg/h", "mg/kg/min", "mL so far"), rows) if rows else None


def _step_row(step: Step, day: str) -> tuple[str, ...]:
    begins, ends = clock(step.start_minute), clock(step.end_minute)
    if step.starts and step.ends:
        begins, ends = ((moment + _UP_TO_A_MINUTE).strftime("%H:%M") for moment in (step.starts, step.ends))
    rates = (shown_down(step.rate.in_unit(unit), 2) for unit in ("mL/kg/h", "mg/kg/min"))
    volume = shown(as_decimal(step.volume_so_far_ml))
    return (day, begins, ends, shown(step.rate.shown_ml_per_h), *(shown(one) for one in rates), volume)


def _rate_rows(plan: InfusionPlan, schedule: Timetable, catalogue: Catalogue) -> Iterator[Row]:
    if plan.rate_weight_kg is not None:
        yield Row(
            f"Rates go by {shown(plan.rate_weight_kg)} kg, the lower of the recorded and the dosing weight.", "weight"
        )
    for day in _kinds_of_day(schedule):
        yield _day_row(day, schedule)
    for cap in schedule.caps:
        unsure = cap.truth is Truth.UNKNOWN
        details = [cap.reason, *([cap.question] if cap.question else [])]
        figure = f" {cap.words}." if cap.words and cap.source is None else ""
        yield Row(f"{cap.text}{figure}", "cap, unsure" if unsure else "cap", tuple(details))
    for note in schedule.notes:
        if not any(note.startswith((cap.text, f"Caution, not verified: {cap.text}")) for cap in schedule.caps):
            yield Row(note, "note")
    if schedule.needs:
        yield Row(f"To be known: {labels(schedule.needs, catalogue)}.", "asks for")


def _day_row(day: Day, schedule: Timetable) -> Row:
    words, volume = _day_words(day, schedule), shown(as_decimal(day.volume_ml))
    if day.minutes is not None:
        return Row(f"{words}: {volume} mL in {clock(day.minutes)} (hours:minutes)", "duration")
    limits = day.limits
    return Row(
        f"{words}: {volume} mL, from {limits.start.shown_ml_per_h} to at most {limits.maximum.shown_ml_per_h} mL/h",
        "limits",
        (f"At the first rate throughout it takes {clock(limits.longest_minutes)}; the label prints no steps between.",),
    )


def _switch(plan: InfusionPlan) -> Iterator[Row]:
    """By which factor the dose took the place of one by the other route, and the label's way up to it."""
    if plan.switch:
        dose, weeks = shown_down(plan.switch.dose_g, 2), shown(plan.switch.weeks)
        text = f"{shown(dose)} g every {'week' if weeks == '1' else f'{weeks} weeks'}"
        yield Row(text, "instead", tuple(_factor_words(plan.switch)))
    for row in plan.ramp_up:
        yield Row(f"Week {row.week}: {shown(shown_down(row.dose_g, 2))} g", "way up")


def _factor_words(switch: Switch) -> Iterator[str]:
    """The label's words, whether its factor was turned round, and what both doses come to a week."""
    dated = f", label of {switch.label_date.isoformat()}" if switch.label_date else ""
    yield f"{switch.factor.text} ({switch.factor.source}{dated})"
    if switch.is_inverse:
        factor = shown(switch.factor.value)
        yield f"The label gives no factor from the skin to the vein: its {factor} is turned round here."
    before, after = (shown(shown_down(one, 2)) for one in (switch.weekly_before_g, switch.weekly_g))
    routes = ("under the skin", "by vein") if switch.is_inverse else ("by vein", "under the skin")
    yield f"A week: {before} g {routes[0]} before, {after} g {routes[1]} now."


def _sites(plan: SitePlan, catalogue: Catalogue) -> Iterator[Row]:
    per_site = shown(as_decimal(plan.volume_ml_per_site))
    days = f" on each of {plan.days} days" if plan.days > 1 else ""
    yield Row(f"{shown(as_decimal(plan.volume_ml))} mL{days}: {plan.sites} sites of {per_site} mL", "sites")
    if plan.minutes is not None:
        steps = ", then ".join(f"{shown_down(rate)} mL/h" for rate, _ in plan.steps)
        yield Row(f"All sites together: {steps}; at least {clock(plan.minutes)} (hours:minutes)", "rate")
    for note in plan.notes:
        yield Row(note, "note")
    if plan.needs:
        yield Row(f"To be known: {labels(plan.needs, catalogue)}.", "asks for")
