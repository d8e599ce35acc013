"""Figures of claims computed again, and where every claim stands."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from tests.unit.evidence.made_up import PLACE, own

from ivigil.evidence.checks import check_claims, status_counts
from ivigil.evidence.recompute import recomputed
from ivigil.knowledge.recomputation_records import Recomputation, TwoByTwoStated


def figures(*values: str) -> tuple[Decimal, ...]:
    return tuple(Decimal(one) for one in values)


def of(kind: str, stated: tuple[Decimal, ...], **fields: object) -> Recomputation:
    made = Recomputation("x", "s01-cidp-improvement", "absolute from ratio", "text", stated, PLACE)
    return replace(made, kind=kind, **fields)  # type: ignore[arg-type] # as a file would give them


FURUSHO = TwoByTwoStated(6, 40, 19, 45)
QMG = {"ratio": figures("-3.40"), "interval": figures("-5.74", "-1.06"), "measure": "MD"}
MEANS = figures("12.0", "3.0", "20", "10.0", "3.0", "20")
CIDP = {"risk": Decimal("0.183"), "ratio": figures("2.40", "1.72", "3.36")}


@pytest.mark.parametrize(
    ("one", "agrees"),
    [
        (of("absolute from ratio", figures("44", "32", "62"), **CIDP), True),
        (of("absolute from ratio", figures("45", "32", "62"), **CIDP), False),
        (of("absolute from ratio", figures("44", "33", "62"), **CIDP), False),
        (of("symmetric interval", figures("2.40"), interval=figures("1.72", "3.36"), measure="RR"), True),
        (of("symmetric interval", figures("2.54"), interval=figures("1.72", "3.36"), measure="RR"), False),
        (of("symmetric interval", figures("-3.40"), interval=figures("-5.74", "-1.06"), measure="MD"), True),
        (of("p value", figures("0.006"), table=FURUSHO, test="chi-squared"), True),
        (of("p value", figures("0.006"), table=FURUSHO, test="Fisher"), False),
        (of("p value", figures("0.0084"), table=FURUSHO, test="Fisher"), True),
        (of("p value", figures("0.012"), table=FURUSHO, test="chi-squared with continuity correction"), True),
        (of("proportion", figures("15", "42"), table=FURUSHO), True),
        (of("proportion", figures("15", "43"), table=FURUSHO), False),
        (of("p from interval", figures("0.004"), **QMG), True),
        (of("p from interval", figures("0.04"), **QMG), False),
        (of("difference of means", figures("2"), means=figures("12", "3", "20", "10", "3", "20")), True),
        (of("difference of means", figures("2", "0.04"), means=MEANS), True),
        (of("difference of means", figures("2", "0.20"), means=MEANS), False),
    ],
)  # fmt: skip
def test_a_figure_agrees_where_the_rounding_of_its_inputs_allows_it(
    one: Recomputation,
    agrees: bool,  # noqa: FBT001 - what is expected
) -> None:
    assert recomputed(one).agrees is agrees


def test_the_range_holds_the_value() -> None:
    for one in own().evidence.recomputations.values():
        for figure in recomputed(one).figures:
            assert figure.low <= figure.value <= figure.high, one.id


def test_every_claim_is_walked_and_every_figure_comes_out_as_recorded() -> None:
    checked = check_claims(own())
    assert [one.claim.id for one in checked] == sorted(own().claims)
    assert len([one for one in checked if one.claim.id.startswith("s")]) >= 37
    assert sum(status_counts(checked).values()) == len(checked)
    for one in checked:
        assert all(each.as_recorded for each in one.figures), one.claim.id


def test_nothing_is_reproduced_while_data_are_missing() -> None:
    for one in check_claims(own()):
        for ran in one.analyses:
            assert not (ran.standing == "reproduced" and ran.analysis.missing), ran.analysis.id


def test_a_figure_recorded_the_other_way_shows() -> None:
    one = of("proportion", figures("15", "42"), table=FURUSHO, finds="differs")
    assert not recomputed(one).as_recorded
