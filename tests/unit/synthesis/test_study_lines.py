"""Studies as lines of a forest plot."""

from __future__ import annotations

import math

import pytest

from ivigil.synthesis import (
    OneCorrelation,
    OneProportion,
    Options,
    Reported,
    StudyData,
    TwoByTwo,
    TwoMeans,
    effects_of,
    lines_of,
    pool,
)

TABLES = [TwoByTwo("plain", 6, 40, 19, 45), TwoByTwo("nobody", 0, 10, 0, 9), TwoByTwo("other", 3, 10, 4, 11)]


@pytest.mark.parametrize(
    ("measure", "row", "arms"),
    [
        ("RR", TwoByTwo("x", 6, 40, 19, 45), ("6/40", "19/45")),
        ("MD", TwoMeans("x", 0.8, 1.3, 130, -0.25, 2, 128), ("0.8 (1.3), 130", "-0.25 (2), 128")),
        ("PR", OneProportion("x", 3, 12), ("3/12", "")),
        ("COR", OneCorrelation("x", 0.3, 10), ("0.3, 10", "")),
        ("HR", Reported("x", 0.5, 0.25, 1), ("", "")),
    ],
)
def test_the_data_of_a_study_as_printed(measure: str, row: StudyData, arms: tuple[str, str]) -> None:
    effects = effects_of(measure, [row])
    (line,) = lines_of(effects, pool(effects))
    assert (line.a, line.b, line.weight) == (*arms, 100)


def test_an_effect_carries_its_interval_at_the_level_asked_for() -> None:
    effects = effects_of("HR", [Reported("x", 0.5, 0.25, 1, level=0.9)])
    (line,) = lines_of(effects, pool(effects, Options(level=0.9)))
    assert line.effect is not None
    found = [math.exp(end) for end in (line.effect.value, line.effect.low, line.effect.high)]
    assert found == pytest.approx([0.5, 0.25, 1])


def test_studies_left_out_come_last_with_the_reason() -> None:
    effects = effects_of("RR", TABLES, "revman")
    lines = lines_of(effects, pool(effects), {"plain": "adults", "nobody": "children"})
    assert [(line.label, line.subgroup) for line in lines] == [
        ("plain", "adults"),
        ("other", None),
        ("nobody", "children"),
    ]
    assert lines[-1].effect is None
    assert lines[-1].left_out is not None


def test_a_table_that_tells_mantel_haenszel_nothing_has_no_effect() -> None:
    effects = effects_of("RR", TABLES)
    lines = lines_of(effects, pool(effects, Options(model="common", method="mantel-haenszel")))
    assert [line.label for line in lines if line.left_out] == ["nobody"]
    assert sum(line.weight or 0 for line in lines) == pytest.approx(100)
