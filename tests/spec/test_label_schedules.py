"""Label schedules: the rates that labels print, in every unit and at every adult weight, and infusions worked by hand.

The tables are written from the labels. Where knowledge holds the product, its record is compared with them.
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from functools import cache

import pytest
from tests.spec.tables import head_of, rows_of

from ivigil.criteria import Truth
from ivigil.dosing.caps import AppliedCap, CapContext, caps_for, lower
from ivigil.dosing.infusion import InfusionOrder, Timetable, timetable
from ivigil.dosing.rates import (
    Answer,
    Conditions,
    Ladder,
    RateBasis,
    convert_rate,
    label_ladder,
    shown_down,
    to_ml_per_h,
)
from ivigil.facts import Catalogue
from ivigil.knowledge import Library, load
from ivigil.knowledge.product_records import CapFigure, Product, RateCap, RateSchedule, Words

USES = {
    "pid": "primary-immunodeficiency",
    "itp": "immune-thrombocytopenia",
    "cidp": "cidp",
    "mmn": "multifocal-motor-neuropathy",
    "dm": "dermatomyositis",
}

# Rates that labels print one by one. Minutes are those of each rate but the last, which is kept until the end.
PRINTED = """
| product         | percent | use | mg/kg/min                     | mL/kg/h                              | minutes |
|-----------------|---------|-----|-------------------------------|--------------------------------------|---------|
| octagam-5-us    | 5       | pid | 0.5 1 2 3.33                  | 0.6 1.2 2.4 3.996                    | 30 30   |
| octagam-10-us   | 10      | itp | 1 2 4 8 12                    | 0.6 1.2 2.4 4.8 7.2                  | 30 30   |
| octagam-10-us   | 10      | dm  | 1 2 4                         | 0.6 1.2 2.4                          | 30 30   |
| gammaplex-10-us | 10      | pid | 0.5 1 2 4 6 8                 | 0.3 0.6 1.2 2.4 3.6 4.8              | 15 15   |
| bivigam-us      | 10      | pid | 0.5 1.3 2.1 2.9 3.7 4.5 5.3 6 | 0.3 0.78 1.26 1.74 2.22 2.7 3.18 3.6 | 10 20   |
"""

# Labels that print a start and a maximum alone; there is no ladder.
ENDS = """
| product              | percent | use  | unit      | start | maximum | mL/kg/h from | to  |
|----------------------|---------|------|-----------|-------|---------|--------------|-----|
| privigen-us          | 10      | pid  | mg/kg/min | 0.5   | 8       | 0.3          | 4.8 |
| privigen-us          | 10      | cidp | mg/kg/min | 0.5   | 8       | 0.3          | 4.8 |
| privigen-us          | 10      | itp  | mg/kg/min | 0.5   | 4       | 0.3          | 2.4 |
| gamunex-c-us         | 10      | pid  | mg/kg/min | 1     | 8       | 0.6          | 4.8 |
| gamunex-c-us         | 10      | itp  | mg/kg/min | 1     | 8       | 0.6          | 4.8 |
| gamunex-c-us         | 10      | cidp | mg/kg/min | 2     | 8       | 1.2          | 4.8 |
| gammagard-liquid-us  | 10      | pid  | mL/kg/h   | 0.5   | 5       | 0.5          | 5   |
| gammagard-liquid-us  | 10      | mmn  | mL/kg/h   | 0.5   | 5.4     | 0.5          | 5.4 |
| panzyga-us           | 10      | pid  | mg/kg/min | 1     | 14      | 0.6          | 8.4 |
| panzyga-us           | 10      | cidp | mg/kg/min | 1     | 12      | 0.6          | 7.2 |
| flebogamma-dif-5-us  | 5       | pid  | mL/kg/min | 0.01  | 0.1     | 0.6          | 6   |
| asceniv-us           | 10      | pid  | mg/kg/min | 0.5   | 8       | 0.3          | 4.8 |
| flebogamma-dif-10-us | 10      | pid  | mL/kg/min | 0.01  | 0.08    | 0.6          | 4.8 |
| flebogamma-dif-10-us | 10      | itp  | mL/kg/min | 0.01  | 0.08    | 0.6          | 4.8 |
| flebogamma-dif-5-eu  | 5       | itp  | mL/kg/min | 0.01  | 0.1     | 0.6          | 6   |
| gammaplex-5-us       | 5       | itp  | mg/kg/min | 0.5   | 4       | 0.6          | 4.8 |
| iqymune-eu           | 10      | itp  | mL/kg/h   | 0.5   | 6       | 0.5          | 6   |
| iqymune-uk           | 10      | itp  | mL/kg/h   | 0.5   | 6       | 0.5          | 6   |
| octagam-10-ch        | 10      | itp  | mL/kg/h   | 0.6   | 7.2     | 0.6          | 7.2 |
| octagam-10-ch        | 10      | dm   | mL/kg/h   | 0.6   | 2.4     | 0.6          | 2.4 |
| privigen-eu          | 10      | itp  | mL/kg/h   | 0.3   | 4.8     | 0.3          | 4.8 |
| qivigy-us            | 10      | pid  | mg/kg/min | 1     | 8       | 0.6          | 4.8 |
"""

# Caps for patients at risk, as labels state them, and the figure that counts where two are not the same rate.
CAPS = """
| product       | percent | figures                                   | counts              |
|---------------|---------|-------------------------------------------|---------------------|
| octagam-5-us  | 5       | below 0.07 mL/kg/min, below 3.3 mg/kg/min | below 3.3 mg/kg/min |
| octagam-10-us | 10      | 3.3 mg/kg/min, 0.03 mL/kg/min             | 0.03 mL/kg/min      |
| panzyga-us    | 10      | 3.3 mg/kg/min, 0.033 mL/kg/min            | 3.3 mg/kg/min       |
| bivigam-us    | 10      | below 2 mg/kg/min                         | below 2 mg/kg/min   |
"""

# Whole infusions by hand: each rate in mL/h and the minute in which it ends (the last to whole minutes, rounded down).
INFUSIONS = """
| product         | use | kg  | g  | at risk | mL   | mL/h → minute                                          |
|-----------------|-----|-----|----|---------|------|--------------------------------------------------------|
| octagam-5-us    | pid | 40  | 16 | no      | 320  | 24→30, 48→60, 96→90, 159.8→178                         |
| octagam-5-us    | pid | 70  | 28 | no      | 560  | 42→30, 84→60, 168→90, 279.7→178                        |
| octagam-5-us    | pid | 130 | 52 | no      | 1040 | 78→30, 156→60, 312→90, 519.4→178                       |
| octagam-5-us    | pid | 70  | 28 | yes     | 560  | 42→30, 84→60, 168→237                                  |
| octagam-10-us   | itp | 70  | 70 | no      | 700  | 42→30, 84→60, 168→90, 336→120, 504→165                 |
| octagam-10-us   | itp | 70  | 70 | yes     | 700  | 42→30, 84→60, 126→363                                  |
| octagam-10-us   | dm  | 100 | 40 | no      | 400  | 60→30, 120→60, 240→137                                 |
| octagam-10-us   | dm  | 100 | 40 | yes     | 400  | 60→30, 120→60, 180→163                                 |
| gammaplex-10-us | pid | 40  | 16 | no      | 160  | 12→15, 24→30, 48→45, 96→60, 144→75, 192→99             |
| bivigam-us      | pid | 100 | 30 | no      | 300  | 30→10, 78→30, 126→50, 174→70, 222→90, 270→110, 318→110 |
| bivigam-us      | pid | 100 | 30 | yes     | 300  | 30→10, 78→236                                          |
"""

# The mL/h of a 10 % product at each mL/kg/min, as the standardised adult tables of Newfoundland and Labrador print it.
ADULTS = """
| kg  | 0.01 | 0.02 | 0.04 | 0.06 | 0.08 | 0.12 | 0.14 |
|-----|------|------|------|------|------|------|------|
| 40  | 24   | 48   | 96   | 144  | 192  | 288  | 336  |
| 45  | 27   | 54   | 108  | 162  | 216  | 324  | 378  |
| 50  | 30   | 60   | 120  | 180  | 240  | 360  | 420  |
| 55  | 33   | 66   | 132  | 198  | 264  | 396  | 462  |
| 60  | 36   | 72   | 144  | 216  | 288  | 432  | 504  |
| 65  | 39   | 78   | 156  | 234  | 312  | 468  | 546  |
| 70  | 42   | 84   | 168  | 252  | 336  | 504  | 588  |
| 75  | 45   | 90   | 180  | 270  | 360  | 540  | 630  |
| 80  | 48   | 96   | 192  | 288  | 384  | 576  | 672  |
| 85  | 51   | 102  | 204  | 306  | 408  | 612  | 714  |
| 90  | 54   | 108  | 216  | 324  | 432  | 648  | 756  |
| 95  | 57   | 114  | 228  | 342  | 456  | 684  | 798  |
| 100 | 60   | 120  | 240  | 360  | 480  | 720  | 840  |
| 105 | 63   | 126  | 252  | 378  | 504  | 756  | 882  |
| 110 | 66   | 132  | 264  | 396  | 528  | 792  | 924  |
| 115 | 69   | 138  | 276  | 414  | 552  | 828  | 966  |
| 120 | 72   | 144  | 288  | 432  | 576  | 864  | 1008 |
| 125 | 75   | 150  | 300  | 450  | 600  | 900  | 1050 |
| 130 | 78   | 156  | 312  | 468  | 624  | 936  | 1092 |
"""

WEIGHTS = [Decimal(kg) for kg in range(40, 131, 5)]
KNOWN = Conditions({}, Catalogue({}))


def listed(cell: str) -> list[str]:
    return [one.strip() for one in cell.split(",")]


def figures_in(cell: str) -> tuple[CapFigure, ...]:
    return tuple(_figure(one.split()) for one in listed(cell))


def _figure(words: list[str]) -> CapFigure:
    return CapFigure(Decimal(words[-2]), words[-1], below=words[0] == "below")  # type: ignore[arg-type] # a unit


@cache
def printed(name: str, use: str) -> tuple[RateSchedule, Decimal]:
    """The schedule that a row of the table of printed rates stands for, and the percentage of the product."""
    row = next(row for row in rows_of(PRINTED) if (row[0], row[2]) == (name, use))
    steps, (hold, each) = tuple(map(Decimal, row[3].split())), row[5].split()
    schedule = RateSchedule("table", "As in the table.", "mg/kg/min", steps[0], steps[-1], "verified", "a-label")
    return replace(schedule, hold_minutes=Decimal(hold), step_minutes=Decimal(each), steps=steps), Decimal(row[1])


def made(name: str, use: str) -> Product:
    schedule, percent = printed(name, use)
    caps = [
        RateCap("at-risk", "Patients at risk.", "at-risk", "verified", "a-label", figures_in(row[2]))
        for row in rows_of(CAPS)
        if row[0] == name
    ]
    words = Words("as printed", "verified", "a-label")
    return Product(name, name, "-", "US", "intravenous", percent, words, rates=(schedule,), caps=tuple(caps))


def timed(name: str, use: str, kg: Decimal, grams: Decimal, risk: Truth) -> Timetable:
    product = made(name, use)
    context = CapContext(kg, KNOWN, Answer(risk), Answer(Truth.NOT_MET), use)
    found = timetable(InfusionOrder(product, (grams,), kg, KNOWN, caps_for(product, context), use))
    assert isinstance(found, Timetable)
    return found


@pytest.mark.parametrize(("name", "percent", "use", "per_minute", "per_hour", "minutes"), rows_of(PRINTED))
def test_mg_per_kg_per_minute_and_ml_per_kg_per_hour_are_one_schedule(
    name: str, percent: str, use: str, per_minute: str, per_hour: str, minutes: str
) -> None:
    assert len(per_minute.split()) == len(per_hour.split()), minutes
    for kg in WEIGHTS:
        basis = RateBasis(Decimal(percent), kg)
        schedule, _ = printed(name, use)
        rates = tuple(map(Decimal, per_hour.split()))
        other = replace(schedule, unit="mL/kg/h", steps=rates, start=rates[0], maximum=rates[-1])
        assert label_ladder(schedule, basis) == label_ladder(other, basis)
        for one, another in zip(schedule.steps, rates, strict=True):
            assert convert_rate(one, "mg/kg/min", "mL/kg/h", basis) == Fraction(another)
            assert convert_rate(another, "mL/kg/h", "mg/kg/min", basis) == Fraction(one)


@pytest.mark.parametrize(
    ("name", "use", "kg", "grams", "at_risk", "volume", "steps"),
    [pytest.param(*row, id=f"{row[0]}-{row[1]}-{row[2]}-{row[4]}") for row in rows_of(INFUSIONS)],
)
def test_an_infusion_worked_by_hand(
    name: str, use: str, kg: str, grams: str, at_risk: str, volume: str, steps: str
) -> None:
    risk = Truth.MET if at_risk == "yes" else Truth.NOT_MET
    (day,) = timed(name, use, Decimal(kg), Decimal(grams), risk).days
    assert day.volume_ml == Fraction(volume) == day.steps[-1].volume_so_far_ml
    expected = [one.split("→") for one in listed(steps)]
    assert [(one.rate.shown_ml_per_h, int(one.end_minute)) for one in day.steps] == [
        (Decimal(rate), int(minute)) for rate, minute in expected
    ]


@pytest.mark.parametrize(("name", "use"), [(row[0], row[2]) for row in rows_of(PRINTED)])
def test_the_same_dose_per_kg_takes_as_long_at_every_weight(name: str, use: str) -> None:
    times = {timed(name, use, kg, kg * Decimal("0.4"), Truth.NOT_MET).minutes for kg in WEIGHTS}
    assert len(times) == 1


@pytest.mark.parametrize(("name", "percent", "figures", "counts"), rows_of(CAPS))
def test_of_two_figures_the_lower_counts(name: str, percent: str, figures: str, counts: str) -> None:
    (expected,) = figures_in(counts)
    for kg in WEIGHTS:
        assert lower(figures_in(figures), RateBasis(Decimal(percent), kg)) == expected, name


@pytest.mark.parametrize("row", rows_of(ADULTS), ids=lambda row: f"{row[0]} kg")
def test_a_programme_s_table_of_ml_per_hour(row: list[str]) -> None:
    basis = RateBasis(Decimal(10), Decimal(row[0]))
    for rate, expected in zip(head_of(ADULTS)[1:], row[1:], strict=True):
        assert to_ml_per_h(Decimal(rate), "mL/kg/min", basis) == Fraction(expected)
        assert to_ml_per_h(Decimal(rate) * 100, "mg/kg/min", basis) == Fraction(expected)
        assert shown_down(Fraction(expected)) == Decimal(expected)


# The records


@cache
def library() -> Library:
    return load()


def record(name: str, use: str) -> RateSchedule:
    first = [one for one in library().products[name].rates if not one.later]
    (found,) = [one for one in first if USES[use] in one.indications] or [one for one in first if not one.indications]
    return found


def test_every_product_whose_rates_were_read_stands_in_a_table() -> None:
    held = {
        key
        for key, one in library().products.items()
        if one.route == "intravenous" and any(rate.status == "verified" for rate in one.rates)
    }
    assert held == {row[0] for row in (*rows_of(PRINTED), *rows_of(ENDS))}


@pytest.mark.parametrize(("name", "use"), [(row[0], row[2]) for row in rows_of(PRINTED)])
def test_the_record_of_a_product_holds_the_printed_rates(name: str, use: str) -> None:
    schedule, percent = printed(name, use)
    assert library().products[name].g_per_100_ml == percent
    for kg in WEIGHTS:
        basis = RateBasis(percent, kg)
        assert _ladder(record(name, use), basis) == _ladder(schedule, basis)


def _ladder(schedule: RateSchedule, basis: RateBasis) -> Ladder:
    ladder = label_ladder(schedule, basis)
    assert ladder is not None
    return ladder


@pytest.mark.parametrize(("name", "percent", "use", "unit", "start", "maximum", "low", "high"), rows_of(ENDS))
def test_the_record_of_a_product_holds_the_printed_ends(
    name: str, percent: str, use: str, unit: str, start: str, maximum: str, low: str, high: str
) -> None:
    basis, found = RateBasis(Decimal(percent), Decimal(70)), record(name, use)
    assert (found.unit, found.start, found.maximum) == (unit, Decimal(start), Decimal(maximum))
    assert label_ladder(found, basis) is None
    per_hour = [convert_rate(one, found.unit, "mL/kg/h", basis) for one in (found.start, found.maximum)]
    assert per_hour == [Fraction(low), Fraction(high)]


@pytest.mark.parametrize(("name", "figures"), [(row[0], row[2]) for row in rows_of(CAPS)])
def test_the_record_of_a_product_holds_the_cap(name: str, figures: str) -> None:
    caps = [cap for cap in library().products[name].caps if cap.applies_to == "at-risk" and cap.figures]
    assert [set(cap.figures) for cap in caps] == [set(figures_in(figures))]


def test_the_record_of_the_programme_holds_its_table() -> None:
    found = library().rate_protocols["newfoundland"]
    assert [str(rate) for rate in found.steps] == head_of(ADULTS)[1:]
    bands = [found.weight_from_kg, found.weight_to_kg, found.weight_band_kg]
    assert bands == [WEIGHTS[0], WEIGHTS[-1], WEIGHTS[1] - WEIGHTS[0]]


@pytest.mark.parametrize("name", ["octagam-5-us", "octagam-10-us", "panzyga-us", "bivigam-us"])
def test_a_patient_at_risk_stays_under_the_label_s_figure(name: str) -> None:
    product = library().products[name]
    conditions = Conditions(library().trees, library().catalogue)
    for risk in (Answer(Truth.MET), Answer(Truth.UNKNOWN, ("venous_thromboembolism",))):
        context = CapContext(Decimal(70), conditions, risk, Answer(Truth.NOT_MET), None)
        caps = caps_for(product, context)
        found = timetable(InfusionOrder(product, (Decimal(28),), Decimal(70), conditions, caps))
        assert isinstance(found, Timetable)
        assert _fastest(found, caps) is None


def _fastest(found: Timetable, caps: tuple[AppliedCap, ...]) -> AppliedCap | None:
    """A cap that the highest rate of a timetable does not keep to."""
    highest = max(day.limits.maximum.ml_per_h for day in found.days)
    limited = [(cap, cap.limit.ml_per_h) for cap in caps if cap.limit]
    return next((cap for cap, limit in limited if highest > limit or (cap.below and highest == limit)), None)
