"""Caps: which hold, why, what to ask, and which of two figures counts."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest
from tests.unit.dosing_infusion.made import (
    FIRST_UNKNOWN,
    MET,
    NOT_MET,
    NOTHING_KNOWN,
    OVER_65,
    RISK_UNKNOWN,
    SOURCE,
    at_risk,
    basis,
    context,
    figure,
    known,
    product,
    protocol,
    schedule,
)

from ivigil.criteria import Truth
from ivigil.dosing.caps import AppliedCap, CapContext, LocalLimits, capped, caps_for, lower
from ivigil.dosing.rates import Answer, Conditions, Rung, to_ml_per_h
from ivigil.knowledge.product_records import CapFigure, RateCap

RATES = schedule("1", "2", "4")
FIRST = RateCap("first", "A first infusion.", "first-infusion", "verified", SOURCE, (figure("2"),))
ALWAYS = RateCap("always", "Everybody.", "always", "verified", SOURCE, (figure("4"),))
FOR_B = replace(ALWAYS, id="for-b", indications=("b-disease",))
OLD = RateCap("old", "The old.", "when", "verified", SOURCE, (figure("2"),), when=OVER_65)


def caps(*given: RateCap, why: CapContext | None = None) -> tuple[AppliedCap, ...]:
    return caps_for(product(RATES, caps=given), why or context())


@pytest.mark.parametrize("answer", [MET, RISK_UNKNOWN, NOT_MET, Answer(Truth.NOT_APPLICABLE)])
def test_a_cap_for_patients_at_risk_holds_while_the_risk_may(answer: Answer) -> None:
    found = caps(at_risk(figure("3")), why=context(risk=answer))
    assert [cap.truth for cap in found] == ([answer.truth] if answer in {MET, RISK_UNKNOWN} else [])


def test_a_cap_that_may_hold_asks() -> None:
    (cap,) = caps(at_risk(figure("3")), why=context(risk=RISK_UNKNOWN))
    assert cap.needs == ("earlier_thrombosis",)
    assert cap.question == "Is the patient at risk?"
    assert "not known" in cap.reason


def test_a_cap_that_holds_says_why_and_from_where() -> None:
    (cap,) = caps(at_risk(figure("3")), why=context(risk=MET))
    assert (cap.reason, cap.source, cap.status) == ("The patient is at risk.", SOURCE, "verified")
    assert (cap.question, cap.needs) == (None, ())
    assert cap.words == "at most 3 mg/kg/min"


def test_a_cap_that_is_only_remembered_still_holds() -> None:
    (cap,) = caps(at_risk(figure("3"), status="remembered"), why=context(risk=MET))
    assert (cap.status, cap.reason) == ("remembered", "The patient is at risk. Caution, not verified.")


@pytest.mark.parametrize(
    ("first", "weeks", "holds", "needs"),
    [
        (MET, None, True, ()),
        (NOT_MET, "9", True, ()),
        (NOT_MET, "8", False, None),
        (NOT_MET, "3", False, None),
        (NOT_MET, None, True, ("last_infusion_date",)),
        (FIRST_UNKNOWN, "3", True, ("previous_immunoglobulin",)),
        (FIRST_UNKNOWN, "9", True, ()),
        (FIRST_UNKNOWN, None, True, ("previous_immunoglobulin", "last_infusion_date")),
    ],
)
def test_after_a_long_gap_an_infusion_counts_as_a_first_one(
    first: Answer, weeks: str | None, *, holds: bool, needs: tuple[str, ...] | None
) -> None:
    programme = protocol("0.01", "0.08", weeks="8", first="0.06")
    found = caps(FIRST, why=context(first=first, programme=programme, weeks=weeks))
    assert [cap.id for cap in found] == (["first", "a-programme-first-infusion"] if holds else [])
    assert [cap.needs for cap in found] == ([needs] * 2 if holds else [])
    assert all(bool(cap.question) is bool(cap.needs) for cap in found)


def test_without_a_programme_the_gap_says_nothing() -> None:
    assert caps(FIRST, why=context(first=NOT_MET, weeks="200")) == ()


@pytest.mark.parametrize(
    ("conditions", "truth"), [(known(age=70), Truth.MET), (known(age=30), None), (NOTHING_KNOWN, Truth.UNKNOWN)]
)
def test_a_cap_under_a_condition(conditions: Conditions, truth: Truth | None) -> None:
    found = caps(OLD, why=context(conditions=conditions))
    assert [cap.truth for cap in found] == ([truth] if truth else [])
    if truth is Truth.UNKNOWN:
        assert (found[0].needs, found[0].question) == (("age",), "Does it hold that age > 65 'a'?")


@pytest.mark.parametrize(
    ("indication", "names"),
    [("a-disease", ["always"]), ("b-disease", ["always", "for-b"]), (None, ["always", "for-b"])],
)
def test_a_cap_for_an_indication(indication: str | None, names: list[str]) -> None:
    found = caps(ALWAYS, FOR_B, why=context(indication=indication))
    assert [cap.id for cap in found] == names
    assert [cap.needs for cap in found if cap.truth is Truth.UNKNOWN] == [("request_indication",)] * (not indication)


def test_each_doubt_is_asked_about() -> None:
    cap = replace(at_risk(figure("3")), indications=("b-disease",))
    (found,) = caps(cap, why=context(risk=RISK_UNKNOWN, indication=None))
    assert found.needs == ("earlier_thrombosis", "request_indication")
    assert found.question == "Is the patient at risk? For which indication is immunoglobulin asked?"


def test_the_pump_and_the_ward_have_limits_of_their_own() -> None:
    local = LocalLimits(pump_ml_per_h=Decimal(200), maximum=figure("3", "mL/kg/h"), origin="ward setting")
    found = caps(why=context("60", local=local))
    assert [(cap.id, cap.limit.ml_per_h if cap.limit else None, cap.reason) for cap in found] == [
        ("pump", 200, "It is a ward setting."),
        ("local", 180, "It is a ward setting."),
    ]


def test_a_programme_s_cap_goes_by_its_band() -> None:
    programme = protocol("0.01", "0.08", first="0.06", band=("40", "130", "5"))
    for weight, expected in (("72", 252), ("70", 252), ("38", Fraction(1368, 10))):
        (cap,) = caps(why=context(weight, first=MET, programme=programme))
        assert cap.limit is not None
        assert cap.limit.ml_per_h == expected


# Two figures for one cap


@pytest.mark.parametrize(
    ("percent", "figures", "counts"),
    [
        ("5", (figure("0.07", "mL/kg/min"), figure("3.3")), "3.3"),  # 0.07 mL/kg/min are 3.5 mg/kg/min
        ("10", (figure("3.3"), figure("0.03", "mL/kg/min")), "0.03"),  # 3 mg/kg/min
        ("10", (figure("3.3"), figure("0.033", "mL/kg/min")), "3.3"),
        ("10", (figure("2"), figure("1.2", "mL/kg/h", below=True)), "1.2"),  # equal, but itself too fast
    ],
)
def test_the_lower_of_two_figures_counts(percent: str, figures: tuple[CapFigure, ...], counts: str) -> None:
    at, expected = basis("70", percent), next(one for one in figures if one.limit == Decimal(counts))
    for given in (figures, figures[::-1]):
        found = lower(given, at)
        assert found is not None
        assert to_ml_per_h(found.limit, found.unit, at) == to_ml_per_h(expected.limit, expected.unit, at)
        assert found.below is expected.below


def test_a_cap_without_a_figure_has_no_limit() -> None:
    (cap,) = caps(at_risk(), why=context(risk=MET))
    assert (cap.figure, cap.limit, cap.words, cap.below) == (None, None, None, False)


# A ladder under caps

LADDER = tuple(Rung(Fraction(one), Fraction(30)) for one in (42, 84, 168))


def under(*given: RateCap) -> list[Fraction] | str:
    found = capped(LADDER, caps(*given, why=context(risk=MET)))
    return found.id if isinstance(found, AppliedCap) else [rung.ml_per_h for rung in found]


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ((), [42, 84, 168]),
        ((at_risk(figure("3")),), [42, 84, 126]),
        ((at_risk(figure("2")),), [42, 84, 84]),
        ((at_risk(figure("2", below=True)),), [42, 42, 42]),
        ((at_risk(figure("3", below=True)),), [42, 84, 84]),
        ((at_risk(figure("0.5")),), [21, 21, 21]),
        ((at_risk(),), [42, 84, 168]),  # no number changes no rate; there is then no timetable
        ((at_risk(), at_risk(figure("0.5"))), [21, 21, 21]),
        ((at_risk(figure("3", below=True)), at_risk(figure("1.5"))), [42, 63, 63]),
        ((at_risk(figure("1", below=True), name="too low"),), "too low"),
    ],
)
def test_a_ladder_under_caps(given: tuple[RateCap, ...], expected: list[int] | str) -> None:
    assert under(*given) == expected
    assert under(*reversed(given)) == expected
