"""Products, caps and orders made up for tests; no figure here is a label's unless the test says so."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from fractions import Fraction

from ivigil.criteria import Truth, parse_rule
from ivigil.dosing.caps import AppliedCap, CapContext, LocalLimits, caps_for
from ivigil.dosing.infusion import InfusionOrder, Step, Timetable, timetable
from ivigil.dosing.rates import Answer, Conditions, RateBasis
from ivigil.facts import Catalogue, Exactly, Extent, Fact
from ivigil.facts.definition import Bounds
from ivigil.knowledge.dosing_records import RateProtocol
from ivigil.knowledge.product_records import (
    CapFigure,
    Product,
    RateCap,
    RateSchedule,
    RateUnit,
    SiteRule,
    Status,
    Words,
)
from ivigil.knowledge.records import Passage

SOURCE = "a-label"
MET, NOT_MET = Answer(Truth.MET), Answer(Truth.NOT_MET)
RISK_UNKNOWN = Answer(Truth.UNKNOWN, ("earlier_thrombosis",))
FIRST_UNKNOWN = Answer(Truth.UNKNOWN, ("previous_immunoglobulin",))
ANSWERS = {Truth.MET: MET, Truth.NOT_MET: NOT_MET, Truth.UNKNOWN: RISK_UNKNOWN}


def _number(fact: str, unit: str, highest: int) -> Fact:
    bounds = Bounds(Decimal(0), Decimal(highest), "made up")
    return Fact(fact, fact, "quantity", "example", "?", unit=unit, range=bounds)


CATALOGUE = Catalogue(
    {
        fact.id: fact
        for fact in (
            _number("age", "a", 120),
            _number("weight", "kg", 400),
            Fact("pregnant", "Pregnant", "truth", "example", "?"),
        )
    }
)
OVER_65, LIGHT, HEAVY, PREGNANT = "age > 65 'a'", "weight < 40 'kg'", "weight >= 40 'kg'", "pregnant"
TREES = {rule: parse_rule(rule, CATALOGUE) for rule in (OVER_65, LIGHT, HEAVY, PREGNANT)}


def known(**values: Decimal | int | bool) -> Conditions:
    extents: Mapping[str, Extent] = {
        name: Exactly(value if isinstance(value, bool) else Decimal(value)) for name, value in values.items()
    }
    return Conditions(TREES, CATALOGUE, extents)


NOTHING_KNOWN = known()


def schedule(
    *steps: str,
    unit: RateUnit = "mg/kg/min",
    minutes: str | None = "30",
    hold: str | None = None,
    increment: str | None = None,
    name: str = "all",
    indications: tuple[str, ...] = (),
    status: Status = "verified",
    later: bool = False,
    when: str | None = None,
    printed: bool = True,
) -> RateSchedule:
    """A schedule of ``steps``; the first and the last of them alone where they are not ``printed``."""
    return RateSchedule(
        name,
        f"Schedule {name}.",
        unit,
        Decimal(steps[0]),
        Decimal(steps[-1]),
        status,
        SOURCE,
        hold_minutes=None if hold is None else Decimal(hold),
        step_minutes=None if minutes is None else Decimal(minutes),
        steps=tuple(map(Decimal, steps)) if printed and increment is None else (),
        increment=None if increment is None else Decimal(increment),
        indications=indications,
        later=later,
        when=when,
    )


def figure(limit: str, unit: RateUnit = "mg/kg/min", *, below: bool = False) -> CapFigure:
    return CapFigure(Decimal(limit), unit, below=below)


def at_risk(*figures: CapFigure, status: Status = "verified", name: str = "at-risk") -> RateCap:
    return RateCap(name, "Patients at risk.", "at-risk", status, SOURCE, figures)


def product(
    *rates: RateSchedule,
    caps: Iterable[RateCap] = (),
    percent: str = "10",
    sites: tuple[SiteRule, ...] = (),
    name: str = "made-up",
) -> Product:
    concentration = Words("as given", "verified", SOURCE)
    route = "subcutaneous" if sites else "intravenous"
    return Product(
        name,
        "Made-up",
        "a maker",
        "US",
        route,  # type: ignore[arg-type] # one of the two literals
        Decimal(percent),
        concentration,
        rates=rates,
        caps=tuple(caps),
        sites=sites,
    )


def protocol(
    *steps: str,
    unit: RateUnit = "mL/kg/min",
    minutes: str | None = "30",
    first: str | None = None,
    weeks: str | None = None,
    products: tuple[str, ...] = ("made-up",),
    band: tuple[str, str, str] | None = None,
) -> RateProtocol:
    low, high, width = (Decimal(one) for one in band) if band else (None, None, None)
    return RateProtocol(
        "a-programme",
        "A programme's table",
        "A programme",
        products,
        unit,
        tuple(map(Decimal, steps)),
        Passage("a-programme", "page 1"),
        step_minutes=None if minutes is None else Decimal(minutes),
        first_infusion_maximum=None if first is None else Decimal(first),
        naive_after_weeks=None if weeks is None else Decimal(weeks),
        weight_from_kg=low,
        weight_to_kg=high,
        weight_band_kg=width,
    )


def context(
    weight: str = "70",
    *,
    risk: Answer = NOT_MET,
    first: Answer = NOT_MET,
    conditions: Conditions = NOTHING_KNOWN,
    indication: str | None = "a-disease",
    programme: RateProtocol | None = None,
    weeks: str | None = None,
    local: LocalLimits | None = None,
) -> CapContext:
    return CapContext(
        Decimal(weight),
        conditions,
        risk,
        first,
        indication,
        programme,
        None if weeks is None else Decimal(weeks),
        ("last_infusion_date",),
        local or LocalLimits(),
    )


def ordered(
    given: Product,
    *doses: str,
    why: CapContext | None = None,
    caps: tuple[AppliedCap, ...] | None = None,
    chosen: bool = False,
    later_from_day: int | None = None,
    start: datetime | None = None,
) -> InfusionOrder:
    """An order under the caps that ``why`` brings, or under ``caps`` alone."""
    because = why or context()
    return InfusionOrder(
        given,
        tuple(map(Decimal, doses)),
        because.weight_kg,
        because.conditions,
        caps_for(given, because) if caps is None else caps,
        because.indication,
        because.protocol,
        chosen,
        later_from_day,
        start,
        because.local,
    )


def timed(order: InfusionOrder) -> Timetable:
    found = timetable(order)
    assert isinstance(found, Timetable), found
    return found


def per_kg(steps: Iterable[Step]) -> list[tuple[Fraction, Fraction]]:
    """Each step as its minutes and its rate in mg/kg/min."""
    return [(one.end_minute - one.start_minute, one.rate.in_unit("mg/kg/min")) for one in steps]


def basis(weight: str = "70", percent: str = "10") -> RateBasis:
    return RateBasis(Decimal(percent), Decimal(weight))
