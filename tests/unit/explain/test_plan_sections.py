"""The plan in words: tables that are true to it, nothing dropped, nothing certain that is open."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from decimal import Decimal
from functools import cache
from xml.etree import ElementTree as ET

import pytest
from tests.unit.review.test_plan import (
    ITP,
    OCTAGAM,
    START,
    Patient,
    holding,
    infusion,
    library,
    of_the_place,
    planned,
    regimen,
    timetable,
    well,
    without,
)

from ivigil.criteria import Truth
from ivigil.dosing.infusion import Day
from ivigil.explain.infusion_sections import infusion_section
from ivigil.explain.layout import Row, Section, Table
from ivigil.explain.plan_sections import dose_sections, hazard_sections, infusion_sections, plan_sections
from ivigil.explain.plan_words import grams_words, listed_some
from ivigil.explain.step_chart import clock
from ivigil.knowledge import Span
from ivigil.knowledge.dosing_records import LadderStep
from ivigil.review.infusion_plan import InfusionPlan, Settings
from ivigil.review.plan import Plan
from ivigil.units import shown
from ivigil.units.amounts import as_decimal

MORE = re.compile(r" and (\d+) more$")
SMALL: Patient = {**well(), "request_total_dose": Decimal(100)}
OLD: Patient = {**well(), "age": Decimal(70)}
# By Ontario's rule 165 g on five days, which are 35, 35, 35, 30 and 30 g.
HEAVY: Patient = {
    **without(well(), "request_total_dose", "request_infusion_days"),
    "weight": Decimal(100),
    "pregnant": False,
}
FIVE = replace(regimen(), daily_g_per_kg=None, days=Span(Decimal(5), Decimal(5)))
UNSURE = without(well(), "diabetes", "heart_failure", "hyperprolinaemia")


def on_octagam(patient: Patient, settings: Settings | None = None) -> Plan:
    return planned(patient, OCTAGAM, indication=ITP, knowledge=holding(OCTAGAM), settings=settings)


# Plans of every kind: free, capped, open, out, under the skin, on more days than ordered, without a dose.
KINDS: Mapping[str, Callable[[], Plan]] = {
    "well": lambda: planned(well(), OCTAGAM, indication=ITP, regimens=(regimen(),)),
    "old": lambda: on_octagam(OLD, Settings(start=START)),
    "high dose": lambda: on_octagam({**OLD, "request_total_dose": Decimal(160)}),
    "unsure": lambda: planned(UNSURE, OCTAGAM, "privigen-us", indication=ITP),
    "out": lambda: on_octagam({**well(), "corn_allergy": True}),
    "anti-iga": lambda: planned({**well(), "anti_iga_antibodies": True}, OCTAGAM),
    "subcutaneous": lambda: planned(well(), "hizentra-us"),
    "days": lambda: on_octagam(SMALL, Settings(start=START, volume_ml_per_day=Decimal(200))),
    "stepped": lambda: planned(
        HEAVY, OCTAGAM, indication=ITP, regimens=(FIVE,), settings=Settings(weight_rule="ontario")
    ),
    "no dose": lambda: planned({}, OCTAGAM),
    "nothing": lambda: planned({}),
}


WITH_STEPS = ("days", "old", "stepped", "well")


@cache
def plan_of(name: str) -> Plan:
    return KINDS[name]()


def sections(name: str) -> list[Section]:
    """What the commands for the dose, the infusion and the hazards show, each section once."""
    plan, catalogue = plan_of(name), library().askable
    parts = (dose_sections, infusion_sections, hazard_sections)
    return list(dict.fromkeys(section for part in parts for section in part(plan, catalogue)))


def beside_a_decision(name: str) -> list[Section]:
    return list(plan_sections(plan_of(name), library().askable))


def titled(name: str, start: str) -> Section:
    (found,) = [one for one in sections(name) if one.title.startswith(start) and not one.folded]
    return found


def all_rows(name: str) -> list[Row]:
    return [row for section in (*sections(name), *beside_a_decision(name)) for row in section.rows]


def of(plan: InfusionPlan) -> Section:
    return infusion_section(plan, library().askable)


# Every section


@pytest.mark.parametrize("name", sorted(KINDS))
def test_a_table_has_a_cell_for_each_column(name: str) -> None:
    tables = [section.table for section in (*sections(name), *beside_a_decision(name)) if section.table]
    assert tables
    for table in tables:
        assert table.rows
        assert {len(row) for row in table.rows} == {len(table.columns)}


@pytest.mark.parametrize("name", sorted(KINDS))
def test_no_id_of_a_fact_is_left_in_the_words(name: str) -> None:
    words = [text for row in all_rows(name) for text in (row.text, *row.details)]
    assert words
    assert not [text for text in words for fact in library().askable.facts if "_" in fact and fact in text]
    assert not [text for text in words if "None" in text or "Fraction(" in text or "Decimal(" in text]


@pytest.mark.parametrize("name", sorted(KINDS))
def test_beside_a_decision_stands_what_the_commands_show_in_brief_and_folded_in_full(name: str) -> None:
    brief = {one.title: one for one in beside_a_decision(name)}
    assert len(brief) == len(beside_a_decision(name))
    for section in sections(name):
        if section.table or section.picture:
            assert (brief[section.title].table, brief[section.title].picture) == (section.table, section.picture)
    in_full = {row for section in brief.values() if section.folded for row in section.rows}
    for title in ("Products", "Hazards"):
        assert {*titled(name, title).rows} <= in_full


@pytest.mark.parametrize("name", sorted(KINDS))
def test_in_brief_every_hazard_has_its_state_and_what_is_withheld_its_reason(name: str) -> None:
    plan, brief = plan_of(name), {one.title: one for one in beside_a_decision(name)}
    assert [row.tag for row in brief["Hazards"].rows] == [row.tag for row in titled(name, "Hazards").rows]
    withheld = {(item.text, item.why) for item in plan.checklist if item.state == "withheld"}
    told = {(row.text, row.details[0]) for row in brief["Checklist"].rows if row.tag == "not advised"}
    assert told == withheld
    done = [text for row in brief["Checklist"].rows if row.tag != "not advised" for text in row.details]
    assert not [text for text in done for item, _ in withheld if text.startswith(item.rstrip("."))]
    settled = [one for one in plan.checklist if one.state == "advised" and one.called_for is Truth.MET]
    assert len(done) == len(settled)


# Dose by weight rule


@pytest.mark.parametrize("name", sorted(KINDS))
def test_the_table_of_weights_has_a_row_for_each_rule(name: str) -> None:
    table, dose = titled(name, "Dose by weight rule").table, plan_of(name).dose
    assert table is not None
    assert [row[0] for row in table.rows] == [line.weighed.rule.title for line in dose.weights]


def test_its_cells_are_the_weights_and_the_grams_of_the_plan() -> None:
    table, dose = titled("well", "Dose by weight rule").table, plan_of("well").dose
    assert table is not None
    assert table.columns[2] == regimen().text
    by_rule = {one.weighed.rule.id: one for one in dose.planned}
    for row, line in zip(table.rows, dose.weights, strict=True):
        found = by_rule[line.weighed.rule.id]
        assert row[2] == grams_words(found)
        if line.weighed.state == "certain":
            (outcome,) = line.weighed.outcomes
            assert row[1] == f"{outcome.basis} {shown(outcome.weight_kg)} kg"
            assert f"{shown(found.courses[0].total_g or Decimal(0))} g" in row[2]
        else:
            assert line.weighed.state == "unknown"
            assert row[1].startswith("unknown")


def test_the_place_s_own_rule_is_marked_and_no_other() -> None:
    plan = planned(well(), knowledge=of_the_place(weight_rule="ontario"))
    table = next(dose_sections(plan, library().askable)).table
    assert table is not None
    marked = [row[0] for row in table.rows if "this place's rule" in row[0]]
    assert len(marked) == 1
    assert marked[0].startswith(library().weight_rules["ontario"].title)


def test_every_open_rule_says_what_is_to_be_known() -> None:
    for rows in (titled("nothing", "Dose by weight rule").rows, beside_a_decision("nothing")[0].rows):
        words = [(row.text, *row.details) for row in rows]
        for line in plan_of("nothing").dose.weights:
            assert line.weighed.needs
            (said,) = [each for each in words if any(line.weighed.rule.title in text for text in each)]
            for need in line.weighed.needs:
                assert library().askable[need].label.casefold() in " ".join(said).casefold()


# The infusion


def table_of(plan: InfusionPlan) -> Table:
    table = of(plan).table
    assert table is not None
    return table


def kinds(plan: InfusionPlan) -> list[Day]:
    """Days that differ in volume or in steps."""
    found: dict[object, Day] = {}
    for day in timetable(plan).days:
        found.setdefault((day.volume_ml, tuple((step.rate, step.end_minute) for step in day.steps)), day)
    return list(found.values())


@pytest.mark.parametrize("name", WITH_STEPS)
def test_the_table_of_an_infusion_has_a_row_for_each_step(name: str) -> None:
    plan = infusion(plan_of(name))
    steps = [step for day in kinds(plan) for step in day.steps]
    table = table_of(plan)
    assert len(table.rows) == len(steps) > 0
    ml_per_h, so_far = table.columns.index("mL/h"), table.columns.index("mL so far")
    assert [row[ml_per_h] for row in table.rows] == [shown(step.rate.shown_ml_per_h) for step in steps]
    for row, step in zip(table.rows, steps, strict=True):
        assert row[so_far] == shown(as_decimal(step.volume_so_far_ml))


@pytest.mark.parametrize("name", WITH_STEPS)
def test_no_rate_is_shown_higher_than_it_is(name: str) -> None:
    plan = infusion(plan_of(name))
    steps = [step for day in kinds(plan) for step in day.steps]
    for unit in ("mL/kg/h", "mg/kg/min"):
        column = table_of(plan).columns.index(unit)
        for row, step in zip(table_of(plan).rows, steps, strict=True):
            assert 0 < Decimal(row[column]) <= step.rate.in_unit(unit)


def test_times_are_those_of_the_clock_where_a_start_is_known() -> None:
    dated, plain = infusion(plan_of("old")), infusion(plan_of("well"))
    assert table_of(dated).rows[0][1:3] == ("09:00", "09:30")
    assert table_of(plain).rows[0][1:3] == ("0:00", "0:30")


def test_the_end_on_the_clock_is_the_start_and_the_duration() -> None:
    plan = infusion(on_octagam({**OLD, "request_total_dose": Decimal("98.4")}, Settings(start=START)))
    (day,) = kinds(plan)
    assert day.minutes is not None
    assert day.minutes != int(day.minutes)
    hours, minutes = map(int, clock(day.minutes).split(":"))
    assert table_of(plan).rows[-1][2] == f"{9 + hours:02d}:{minutes:02d}"


@pytest.mark.parametrize("name", WITH_STEPS)
def test_there_is_a_picture_for_each_kind_of_day(name: str) -> None:
    plan = infusion(plan_of(name))
    picture = of(plan).picture
    assert picture
    root = ET.fromstring(f"<div>{picture}</div>")  # noqa: S314 - made here
    assert len(root) == len(kinds(plan))
    assert of(plan).picture == of(infusion(KINDS[name]())).picture


def test_days_that_differ_are_told_apart() -> None:
    days = [row[0] for row in table_of(infusion(plan_of("stepped"))).rows]
    assert len({*days}) == len(kinds(infusion(plan_of("stepped")))) == 2
    assert [day.volume_ml for day in timetable(infusion(plan_of("stepped"))).days] == [350, 350, 350, 300, 300]


def test_days_that_are_the_same_to_a_reader_are_shown_as_one() -> None:
    """100 g on three days: the last day makes up for what was cut off the 28th digit of the others."""
    plan = infusion(on_octagam(SMALL))
    assert len({shown(dose) for dose in plan.given.doses_g} if plan.given else ()) == 1
    assert len({row[0] for row in table_of(plan).rows}) == 1
    assert len([row for row in of(plan).rows if row.tag == "vials"]) == 1


@pytest.mark.parametrize("name", ["out", "anti-iga", "no dose", "subcutaneous"])
def test_without_steps_there_is_neither_table_nor_picture(name: str) -> None:
    section = of(infusion(plan_of(name)))
    assert (section.table, section.picture) == (None, None)
    assert section.rows


@pytest.mark.parametrize("name", ["out", "anti-iga", "no dose"])
def test_why_there_is_no_plan_is_said(name: str) -> None:
    (row,) = [row for row in of(infusion(plan_of(name))).rows if row.tag == "no plan"]
    assert row.text
    section = of(infusion(plan_of(name)))
    out = infusion(plan_of(name)).fit.reasons_that("out")
    words = " ".join(text for each in section.rows for text in (each.text, *each.details))
    assert all(reason.text in words for reason in out)


def test_every_cap_has_a_row_and_asks_while_it_is_unsure() -> None:
    for plan in (infusion(plan_of("old")), *plan_of("unsure").infusions):
        rows = {row.text: row for row in of(plan).rows}
        assert timetable(plan).caps
        for cap in timetable(plan).caps:
            unsure = cap.truth is Truth.UNKNOWN
            assert rows[cap.text].tag == ("cap, unsure" if unsure else "cap")
            assert (cap.question in rows[cap.text].details) is unsure


def test_every_cap_says_its_figure() -> None:
    plan = infusion(on_octagam(well(), Settings(pump_ml_per_h=Decimal(137))))
    (cap,) = timetable(plan).caps
    assert cap.limit is not None
    (row,) = [row for row in of(plan).rows if row.tag == "cap"]
    assert "137 mL/h" in " ".join((row.text, *row.details))


def test_what_could_loosen_the_plan_is_asked_for() -> None:
    asked = [row for row in of(plan_of("unsure").infusions[0]).rows if row.tag == "asks for"]
    assert len(asked) == 1
    for fact in timetable(plan_of("unsure").infusions[0]).needs:
        assert library().askable[fact].label.casefold() in asked[0].text.casefold()
    assert not [row for row in of(infusion(plan_of("old"))).rows if row.tag == "asks for"]


# Products


@pytest.mark.parametrize("name", sorted(KINDS))
def test_every_product_is_counted_once(name: str) -> None:
    """The names stand in lists of which the long ones end in how many more there are."""
    tags = {"fit": "fits", "unclear": "unclear", "out": "out"}
    counts = dict.fromkeys(tags.values(), 0)
    for row in titled(name, "Products").rows:
        if row.tag in tags:
            counts[tags[row.tag]] += number_in(row.text)
    states = [fit.state for fit in plan_of(name).products]
    assert counts == {state: sum(one == state for one in states) for state in counts}


def number_in(text: str) -> int:
    """How many products a list names or counts: each has its region, a part of which some list twice."""
    more = MORE.search(text)
    return len(re.findall(r"\([A-Z]{2}(?:, [a-z ]+)?\)", text)) + (int(more[1]) if more else 0)


@pytest.mark.parametrize("count", [1, 2, 12, 13, 40])
def test_a_long_list_says_how_many_more_there_are(count: int) -> None:
    names = [f"product {number}." for number in range(count)]
    said = listed_some(names)
    more = MORE.search(said)
    assert said.count(".") + (int(more[1]) if more else 0) == count
    assert bool(more) is (count > 12)


def test_where_nothing_fits_it_is_said() -> None:
    assert titled("anti-iga", "Products").rows[0].tag == "none fits"
    assert titled("well", "Products").rows[0].tag == "fit"


def test_what_only_a_specialist_may_choose_is_told_apart() -> None:
    rows = [row for row in titled("anti-iga", "Products").rows if row.tag == "override"]
    assert len(rows) == len(plan_of("anti-iga").overrides) > 0
    assert all("specialist" in " ".join(row.details) for row in rows)
    assert [number_in(row.text) for row in rows] == [len(rank.fits) for rank in plan_of("anti-iga").overrides]
    assert not [row for row in titled("well", "Products").rows if row.tag == "override"]


# Hazards and what to do


@pytest.mark.parametrize("name", sorted(KINDS))
def test_every_hazard_has_a_row_with_its_risk_factors(name: str) -> None:
    rows = titled(name, "Hazards").rows
    for row, found in zip(rows, plan_of(name).hazards, strict=True):
        present, unknown = found.factors_that_are("present"), found.factors_that_are("unknown")
        assert row.text.startswith(found.hazard.name)
        assert row.tag == ("risk present" if present else "unknown" if unknown else "no known risk")
        assert sum(one.startswith("Present: ") for one in row.details) == len(present)
        assert any(one.startswith("Not known: ") for one in row.details) is bool(unknown)


def test_a_risk_that_is_there_is_named_with_its_effect() -> None:
    (row,) = [row for row in titled("old", "Hazards").rows if row.text.startswith("Acute renal failure")]
    assert any("Age over 65 years." in one for one in row.details)


@pytest.mark.parametrize("name", sorted(KINDS))
def test_everything_on_the_checklist_stands_once(name: str) -> None:
    listed = [row.text for section in sections(name) if section.title.startswith("Checklist") for row in section.rows]
    assert sorted(listed) == sorted(item.text for item in plan_of(name).checklist)


@pytest.mark.parametrize("name", sorted(KINDS))
def test_the_open_checklist_holds_only_what_is_certainly_advised(name: str) -> None:
    certain = {
        item.text for item in plan_of(name).checklist if item.called_for is Truth.MET and item.state == "advised"
    }
    assert {row.text for row in titled(name, "Checklist").rows} <= certain
    rows = [row for section in sections(name) if section.title.startswith("Checklist") for row in section.rows]
    for item in plan_of(name).checklist:
        details = [one for row in rows if row.text == item.text for one in row.details]
        if item.state == "withheld":
            assert f"Not advised: {item.why}" in details
        elif item.called_for is Truth.UNKNOWN:
            assert any(item.question and item.question in one for one in details)


def test_what_to_do_comes_in_order_of_time() -> None:
    order = ["before", "during", "after", "in a reaction"]
    places = [order.index(row.tag or "") for row in titled("old", "Checklist").rows]
    assert places == sorted(places)
    assert {*places} == {0, 1, 2, 3}


def test_dates_stand_with_what_to_do_where_the_start_is_known() -> None:
    dated, undated = (
        [one for row in titled(name, "Checklist").rows for one in row.details if "2026-11-2" in one]
        for name in ("old", "well")
    )
    assert any("2026-11-23 to 2026-11-25" in one for one in dated)
    assert undated == []


def test_every_frequency_names_whom_it_was_seen_in_and_its_source() -> None:
    (section,) = [one for one in sections("old") if one.title.startswith("How often")]
    assert section.folded
    for row, found in zip(section.rows, plan_of("old").hazards, strict=True):
        assert len(row.details) == len(found.hazard.frequencies)
        for text, one in zip(row.details, found.hazard.frequencies, strict=True):
            assert one.population in text
            assert one.passage.source in text


def test_a_ladder_for_reactions_is_shown_only_where_a_place_wrote_one() -> None:
    ladder = (LadderStep("mild", "Halve the rate."), LadderStep("severe", "Stop, and call for help."))
    own = planned(well(), knowledge=of_the_place(reaction_ladder=ladder))
    for plan, steps in ((own, ladder), (plan_of("well"), ())):
        made = [one for one in hazard_sections(plan, library().askable) if "own protocol" in one.title]
        assert [(row.tag, row.text) for one in made for row in one.rows] == [(one.severity, one.text) for one in steps]


def test_a_source_of_every_part_of_an_item_is_named() -> None:
    """One thing to do may be asked for by several hazards, each on the word of its own source."""
    plan = plan_of("high dose")
    several = [
        item
        for item in plan.checklist
        if len({part.precaution.passage.source for part in item.parts}) > 1 and item.state == "advised"
    ]
    assert several
    rows = [row for section in sections("high dose") if section.title.startswith("Checklist") for row in section.rows]
    for item in several:
        details = " ".join(one for row in rows if row.text == item.text for one in row.details)
        assert all(part.precaution.passage.source in details for part in item.parts)


def test_a_caution_that_was_only_remembered_says_so() -> None:
    plan = plan_of("old")
    unsure = tuple(
        replace(
            found, factors=tuple(replace(one, factor=replace(one.factor, status="remembered")) for one in found.factors)
        )
        for found in plan.hazards
    )
    shown_rows = next(hazard_sections(replace(plan, hazards=unsure), library().askable)).rows
    present = [one for row in shown_rows for one in row.details if one.startswith("Present: ")]
    assert present
    assert all("not verified" in one for one in present)
