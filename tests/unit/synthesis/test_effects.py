"""Effects of single studies: pinned values, what cannot give one, and what is refused.

The pinned values are what metafor 3.8-1 (``escalc``) prints for these made-up data.
"""

from __future__ import annotations

import math

import numpy as np
import pytest

from ivigil.documents import BadInput
from ivigil.synthesis import (
    Effects,
    OneCorrelation,
    OneProportion,
    Reported,
    StudyData,
    TwoByTwo,
    TwoMeans,
    ZeroCells,
    effects_of,
)

PRINTED = 1e-11  # twelve digits are printed
MEANS = TwoMeans("means", 3, 1, 10, 2, 2, 12)


@pytest.mark.parametrize(
    ("measure", "row", "estimate", "variance"),
    [
        ("RR", TwoByTwo("t", 3, 10, 4, 11), -0.1923718926475, 0.3924242424242),
        ("RR", TwoByTwo("t", 0, 10, 3, 12), -1.7788560643921, 2.1178821178821),
        ("RR", TwoByTwo("t", 0, 10, 0, 9), -0.0953101798043, 3.8090909090909),
        ("OR", TwoByTwo("t", 4, 8, 0, 9), 2.944438979166, 2.549707602339),
        ("OR", TwoByTwo("t", 3, 10, 4, 11), -0.287682072452, 0.869047619048),
        ("RD", TwoByTwo("t", 0, 10, 3, 12), -0.22377622377622, 0.01907867671475),
        ("RD", TwoByTwo("t", 3, 10, 4, 11), -0.06363636363636, 0.04203681442524),
        ("PETO", TwoByTwo("t", 3, 10, 4, 11), -0.2727272727273, 0.818181818182),
        ("PETO", TwoByTwo("t", 4, 8, 0, 9), 2.1985714285714, 1.031428571429),
        ("MD", MEANS, 1.0, 0.1 + 4 / 12),
        ("SMD", MEANS, 0.590917829742, 0.191269330640),
        ("ROM", MEANS, 0.4054651081082, 0.0944444444444),
        ("PR", OneProportion("p", 0, 10), 0.0454545454545, 0.00394440270473),
        ("PLN", OneProportion("p", 10, 10), -0.0465200156349, 0.004329004329),
        ("PLO", OneProportion("p", 3, 12), -1.09861228867, 0.444444444444),
        ("PAS", OneProportion("p", 0, 10), 0.0, 0.025),
        ("PFT", OneProportion("p", 0, 10), 0.153138684585, 0.0238095238095),
        ("PFT", OneProportion("p", 3, 12), 0.544547808406, 0.02),
        ("COR", OneCorrelation("r", 0.3, 10), 0.3, 0.0920111111111),
        ("ZCOR", OneCorrelation("r", 0.3, 10), math.atanh(0.3), 1 / 7),
    ],
)
def test_an_effect_and_its_variance(measure: str, row: StudyData, estimate: float, variance: float) -> None:
    found = effects_of(measure, [row])
    assert found.estimates[0] == pytest.approx(estimate, rel=PRINTED, abs=PRINTED)
    assert found.variances[0] == pytest.approx(variance, rel=PRINTED, abs=PRINTED)


def test_a_reported_ratio_is_taken_on_the_logarithm() -> None:
    found = effects_of("HR", [Reported("one", 0.5, 0.25, 1.0), Reported("two", 2.0, se=0.1)])
    np.testing.assert_allclose(found.estimates, [math.log(0.5), math.log(2)], rtol=1e-15)
    # The normal quantile of 0.975; twice the logarithm of 2 is the width.
    np.testing.assert_allclose(np.sqrt(found.variances), [math.log(2) / 1.959963984540054, 0.1], rtol=1e-14)


def test_the_level_of_a_reported_interval_counts() -> None:
    narrow, wide = effects_of("MD", [Reported("90 %", 1, 0, 2, level=0.9), Reported("95 %", 1, 0, 2)]).variances
    assert math.sqrt(narrow / wide) == pytest.approx(1.959963984540054 / 1.6448536269514722, rel=1e-14)


def test_reported_effects_stand_beside_counts() -> None:
    found = effects_of("OR", [TwoByTwo("counted", 3, 10, 4, 11), Reported("reported", 0.8, 0.4, 1.6)])
    assert found.labels == ("counted", "reported")


@pytest.mark.parametrize(
    ("zero_cells", "kept", "corrected"),
    [
        ("none", ("plain",), ()),
        ("metafor", ("plain", "one empty", "nobody", "everybody"), ("one empty", "nobody", "everybody")),
        ("revman", ("plain", "one empty"), ("one empty",)),
    ],
)
def test_conventions_for_empty_cells(zero_cells: ZeroCells, kept: tuple[str, ...], corrected: tuple[str, ...]) -> None:
    rows = [
        TwoByTwo("plain", 3, 10, 4, 11),
        TwoByTwo("one empty", 0, 10, 3, 12),
        TwoByTwo("nobody", 0, 10, 0, 9),
        TwoByTwo("everybody", 5, 5, 7, 7),
    ]
    for measure in ("RR", "OR"):
        found = effects_of(measure, rows, zero_cells)
        assert (found.labels, found.corrected) == (kept, corrected)
        assert {one.label for one in found.left_out} == {row.label for row in rows} - set(kept)


def test_a_risk_difference_keeps_tables_without_events() -> None:
    assert effects_of("RD", [TwoByTwo("nobody", 0, 10, 0, 9)], "revman").corrected == ("nobody",)
    (left,) = effects_of("RD", [TwoByTwo("nobody", 0, 10, 0, 9)], "none").left_out
    assert "variance is 0" in left.reason


@pytest.mark.parametrize(
    ("measure", "row", "reason"),
    [
        ("SMD", TwoMeans("x", 1, 0, 5, 2, 0, 5), "cannot be standardised"),
        ("SMD", TwoMeans("x", 1, 1, 1, 2, 1, 2), "three participants"),
        ("MD", TwoMeans("x", 1, 0, 5, 2, 0, 5), "variance is 0"),
        ("ROM", TwoMeans("x", 1, 1, 5, -2, 1, 5), "differ in sign"),
        ("COR", OneCorrelation("x", 1, 5), "no standard error"),
        ("COR", OneCorrelation("x", 0.2, 1), "two pairs"),
        ("ZCOR", OneCorrelation("x", 0.2, 3), "three pairs"),
        ("PETO", TwoByTwo("x", 0, 5, 0, 5), "had the event"),
    ],
)
def test_a_study_without_an_effect_is_left_out_with_its_reason(measure: str, row: StudyData, reason: str) -> None:
    found = effects_of(measure, [row], "none")
    assert found.rows == ()
    assert reason in found.left_out[0].reason


def refused(measure: str, *rows: StudyData) -> list[str]:
    with pytest.raises(BadInput) as raised:
        effects_of(measure, rows)
    return [fault.where for fault in raised.value.faults]


def test_every_fault_of_every_table_is_listed_with_its_label() -> None:
    rows = (
        TwoByTwo("good", 1, 10, 2, 10),
        TwoByTwo("above", 11, 10, -1, 10),
        TwoByTwo("nobody", 0, 0, 1, 10),
        TwoByTwo("no number", math.nan, 10, 1, math.inf),
    )
    assert refused("RR", *rows) == [
        "row 2, above, events_a",
        "row 2, above, events_b",
        "row 3, nobody, n_a",
        "row 4, no number, events_a",
        "row 4, no number, n_b",
    ]


def test_impossible_means_proportions_and_correlations() -> None:
    assert refused("MD", TwoMeans("m", 1, -1, 10, 2, 1, 0)) == ["row 1, m, n_b", "row 1, m, sd_a"]
    assert refused("PR", OneProportion("p", 3, 2)) == ["row 1, p, events"]
    assert refused("COR", OneCorrelation("r", 1.2, 0)) == ["row 1, r, n", "row 1, r, r"]


@pytest.mark.parametrize(
    ("row", "where"),
    [
        (Reported("x", 0.5, 0.6, 0.9), "estimate"),
        (Reported("x", 0.5, 0.9, 0.2), "low"),
        (Reported("x", 0.5, 0.5, 0.5), "low"),
        (Reported("x", -0.5, 0.2, 0.9), "estimate"),
        (Reported("x", 0.5, 0.0, 0.9), "low"),
        (Reported("x", 0.5, 0.2, 0.9, level=95), "level"),
        (Reported("x", 0.5, se=0), "se"),
        (Reported("x", math.nan, se=1), "estimate"),
    ],
)
def test_impossible_reports(row: Reported, where: str) -> None:
    assert refused("HR", row) == [f"row 1, x, {where}"]


def test_half_an_interval_is_refused() -> None:
    assert refused("HR", Reported("x", 0.5, low=0.2)) == ["row 1, x"]


def test_data_of_another_kind_are_refused() -> None:
    assert refused("MD", TwoByTwo("t", 1, 10, 2, 10)) == ["row 1, t"]
    # A double arcsine needs the number of participants, which a report of a proportion does not carry.
    assert refused("PFT", Reported("t", 0.1, 0.05, 0.2)) == ["row 1, t"]


def test_an_unknown_measure_is_refused() -> None:
    with pytest.raises(BadInput, match="one of RR, OR"):
        effects_of("XX", [])


def test_no_rows_give_no_effects() -> None:
    found: Effects = effects_of("RR", [])
    assert found.estimates.shape == found.variances.shape == (0,)
