"""Mantel–Haenszel and Peto: the same sparse tables under the conventions of two programs.

Made-up tables that serve as numbers only. The pinned values are what metafor 3.8-1 prints (``rma.mh`` by default, and
with ``add`` and ``to`` set as in Review Manager; ``rma.peto``).
"""

from __future__ import annotations

import math
from typing import Literal

import pytest

from ivigil.documents import BadInput
from ivigil.synthesis import Options, Pooled, TwoByTwo, ZeroCells, effects_of, pool

PRINTED = 1e-11  # thirteen digits are printed
SPARSE = [TwoByTwo("one", 5, 5, 0, 5), TwoByTwo("two", 5, 6, 1, 6), TwoByTwo("three", 11, 16, 0, 16)]
MIXED = [
    TwoByTwo(label, *cells)
    for label, cells in {
        "one empty": (0, 10, 3, 12),
        "nobody": (0, 10, 0, 9),
        "everybody": (5, 5, 7, 7),
        "plain": (3, 10, 4, 11),
        "empty comparator": (4, 8, 0, 9),
        "opposite": (0, 7, 8, 8),
    }.items()
]
METHOD: Literal["mantel-haenszel"] = "mantel-haenszel"


def pooled(measure: str, rows: list[TwoByTwo], zero_cells: ZeroCells) -> Pooled:
    options = Options(model="common", method="peto" if measure == "PETO" else METHOD, zero_cells=zero_cells)
    return pool(effects_of(measure, rows, zero_cells), options)


@pytest.mark.parametrize(
    ("measure", "zero_cells", "value", "se", "q"),
    [
        ("RR", "metafor", 3.0445224377234, 0.9839989676082, 2.6067108675951),
        ("OR", "metafor", 4.795790545597, 1.342739966683, 1.171547331605),
        ("RD", "metafor", 0.74074074074074, 0.08700565642743, 1.05826738419331),
        ("RR", "revman", 2.3978952727984, 0.6865625191427, 0.9935712479984),
        ("OR", "revman", 4.0080553807381, 0.9635845493426, 0.4236426333470),
        ("RD", "revman", 0.68965517241379, 0.09088737218938, 0.94681489734997),
        ("PETO", "metafor", 2.9624981900671, 0.5442883601610, 0.5020022263132),
        ("PETO", "revman", 2.9624981900671, 0.5442883601610, 0.5020022263132),
        ("PETO", "none", 2.9624981900671, 0.5442883601610, 0.5020022263132),
    ],
)
def test_sparse_tables(measure: str, zero_cells: ZeroCells, value: float, se: float, q: float) -> None:
    found = pooled(measure, SPARSE, zero_cells)
    assert (found.effect.value, found.se, found.heterogeneity.q) == pytest.approx((value, se, q), rel=PRINTED)


def test_the_same_counts_give_11_and_21() -> None:
    revman, metafor = (pooled("RR", SPARSE, convention).effect for convention in ("revman", "metafor"))
    assert [round(math.exp(end), 3) for end in (revman.value, revman.low, revman.high)] == [11.0, 2.864, 42.247]
    assert math.exp(metafor.value) == pytest.approx(21, rel=1e-14)


@pytest.mark.parametrize(
    ("measure", "value", "se", "q", "df", "k"),
    [
        ("RR", -0.40645212763, 0.273643195666, 7.48880984196, 3, 5),
        ("OR", -0.723943095217, 0.475787365285, 11.6589881078, 3, 4),
        ("RD", -0.125885770649, 0.081284285672, 54.2461109055, 3, 6),
        ("PETO", -0.895208445216, 0.519845055481, 19.4270109223, 3, 4),
    ],
)
def test_tables_without_information(measure: str, value: float, se: float, q: float, df: int, *, k: int) -> None:
    found = pooled(measure, MIXED, "metafor")
    assert (found.effect.value, found.se, found.heterogeneity.q) == pytest.approx((value, se, q), rel=1e-10)
    assert (found.heterogeneity.df, found.k) == (df, k)


def test_silent_tables_are_named() -> None:
    assert pooled("RR", MIXED, "metafor").warnings[0].endswith("no information: nobody")
    assert pooled("OR", MIXED, "metafor").warnings[0].endswith("no information: nobody, everybody")
    assert not any("no information" in text for text in pooled("RD", MIXED, "metafor").warnings)


def test_what_filling_is_for_is_said() -> None:
    assert pooled("RR", SPARSE, "metafor").warnings[-1].endswith("(for its own effect; mantel-haenszel adds nothing)")
    assert pooled("RR", SPARSE, "revman").warnings == (
        "one half was added to each cell of one, three, which had an empty one",
    )


def test_without_filling_only_whole_tables_are_pooled() -> None:
    found = pooled("OR", MIXED, "none")
    assert found.k == 1
    assert math.exp(found.effect.value) == pytest.approx((3 / 7) / (4 / 7))


def test_a_ratio_without_events_in_an_arm_is_refused_with_what_to_do() -> None:
    rows = [TwoByTwo("one", 5, 10, 0, 10), TwoByTwo("two", 3, 10, 0, 10)]
    with pytest.raises(BadInput, match="revman"):
        pooled("RR", rows, "metafor")
    assert pooled("RR", rows, "revman").effect.value > 0
    assert pooled("PETO", rows, "none").effect.value > 0


def test_peto_without_any_event_is_refused() -> None:
    with pytest.raises(BadInput, match="nobody or everybody"):
        pooled("PETO", [TwoByTwo("one", 0, 10, 0, 10)], "metafor")


def test_one_table_is_its_own_risk_ratio() -> None:
    for measure in ("RR", "OR", "RD"):
        rows = [TwoByTwo("one", 5, 10, 3, 12)]
        alone = effects_of(measure, rows)
        found = pooled(measure, rows, "metafor")
        assert found.effect.value == pytest.approx(alone.estimates[0], rel=1e-13)
        assert found.heterogeneity.p is None
